"""Asking a learner's code: a probe goes in, a reply of plain data comes out, nothing else changes.

    answer(Call("step", (3.0, 6.0, 0.1)), namespace)  →  Reply(value=2.4, …)

A probe says what to do: call a function, read a variable, walk with an update rule, let something be
drawn. The code may do what it likes: raise, loop for ever, print, draw random numbers, change its
arguments. The reply says so, and the rest of the notebook is as it was.
"""

import contextlib
import io
import random
import sys
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np

from ..optimizer import Optimizer, optimizer
from .limit import OutOfTime, limited
from .plain import plain, shown
from .tools import TOOLS

SECONDS = 2.0  # for one probe


@dataclass(frozen=True)
class Tool:
    """A function of `gdtutor.check.tools` among the arguments of a call, by its name."""

    name: str


def written(arg):
    """Return an argument as a learner would type it."""
    return arg.name if isinstance(arg, Tool) else shown(arg)


def given(args):
    """Return arguments as the code gets them: functions for their names, and copies of the rest."""
    return [TOOLS[arg.name] if isinstance(arg, Tool) else plain(arg) for arg in args]


@dataclass(frozen=True)
class Call:
    """Call the learner's function with these arguments."""

    name: str
    args: tuple

    def __str__(self):
        return f"{self.name}({', '.join(map(written, self.args))})"

    def run(self, found):
        """Return what comes back, and the arguments as they are afterwards."""
        args = given(self.args)
        value = found(*args)
        return value, tuple(None if isinstance(a, Tool) else b for a, b in zip(self.args, args))


@dataclass(frozen=True)
class Read:
    """Read the learner's variable."""

    name: str

    def __str__(self):
        return self.name

    def run(self, found):
        """Return its value."""
        return found, ()


@dataclass(frozen=True)
class Walk:
    """Walk with the learner's update rule, feeding it these gradients, one a step."""

    name: str
    start: tuple
    gradients: tuple
    knobs: dict = field(default_factory=dict)

    def __str__(self):
        knobs = ", ".join(f"{name}={shown(value)}" for name, value in self.knobs.items())
        return f"{self.name}({knobs}) from {shown(list(self.start))}"

    def run(self, found):
        """Return the positions and the memory at the end."""
        rule = found if isinstance(found, Optimizer) else optimizer(found)
        rule = rule(**self.knobs)
        x = np.array(self.start, dtype=float)
        memory, positions = rule.start(x), []
        for t, gradient in enumerate(self.gradients, start=1):
            x, memory = rule.step(t, x, np.array(gradient, dtype=float), memory)
            positions.append(x)
        return {"x": positions, "memory": dict(zip(rule.memory, memory))}, ()


@dataclass(frozen=True)
class Draw:
    """Call the learner's function with a pen in the place of axes, and these arguments."""

    name: str
    args: tuple

    def __str__(self):
        return f"{self.name}({', '.join(['ax', *map(written, self.args)])})"

    def run(self, found):
        """Return what was drawn: the curves as (x, y), and which axes are logarithmic."""
        pen = Pen()
        if found(pen, *given(self.args)) is ...:
            return ..., ()
        return {"curves": pen.curves, "logarithmic": "".join(sorted(pen.logarithmic))}, ()


class Pen:
    """Takes the calls that a matplotlib axes takes, and keeps the data; how it looks is left open.

    Examples
    --------
    >>> pen = Pen()
    >>> pen.set_title("loss")
    >>> _ = pen.semilogy([4, 2, 1], "o-", label="gd")
    >>> pen.curves, pen.logarithmic
    ([([0, 1, 2], [4, 2, 1])], {'y'})
    """

    def __init__(self):
        self.curves, self.logarithmic = [], set()

    def plot(self, *args, **_):
        """Keep a curve: (y), (x, y), each perhaps with a format."""
        data = [arg for arg in args if type(arg) is not str]
        x, y = data if len(data) == 2 else (list(range(len(data[0]))), data[0])
        self.curves.append(tuple(list(part) if type(part) is range else part for part in (x, y)))
        return [self]

    scatter = plot

    def semilogy(self, *args, **_):
        """Keep a curve over a logarithmic axis."""
        self.logarithmic.add("y")
        return self.plot(*args)

    def semilogx(self, *args, **_):
        """Keep a curve over a logarithmic axis."""
        self.logarithmic.add("x")
        return self.plot(*args)

    def loglog(self, *args, **_):
        """Keep a curve over two logarithmic axes."""
        self.logarithmic |= {"x", "y"}
        return self.plot(*args)

    def set_yscale(self, scale, **_):
        """Note what kind of axis it is."""
        (self.logarithmic.add if scale == "log" else self.logarithmic.discard)("y")

    def set_xscale(self, scale, **_):
        """Note what kind of axis it is."""
        (self.logarithmic.add if scale == "log" else self.logarithmic.discard)("x")

    def __getattr__(self, name):
        return lambda *_, **__: None  # titles, legends, limits


@dataclass(frozen=True)
class Trouble:
    """What went wrong in the learner's code.

    Attributes
    ----------
    kind : str
        The exception's name; "undefined" where there is no such name, "time" where it took too long.
    message : str
    line : int or None
        The line in the learner's own code, counted from the beginning of its cell.
    code : str
        That line.
    """

    kind: str
    message: str = ""
    line: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Reply:
    """What came of a probe: a value and the arguments after the call, or a trouble."""

    value: object = None
    after: tuple = ()
    trouble: Trouble | None = None


def answer(probe, namespace, seconds=SECONDS):
    """Return the reply to a probe by the code in a namespace.

    Examples
    --------
    >>> answer(Call("half", (3,)), {"half": lambda x: x / 2}).value
    1.5
    >>> answer(Call("half", (3,)), {"half": lambda x: x / nothing}).trouble.kind
    'NameError'
    """
    if probe.name not in namespace:
        return Reply(trouble=Trouble("undefined"))
    try:
        with undisturbed(), limited(seconds):
            value, after = probe.run(namespace[probe.name])
            return Reply(plain(value), tuple(plain(arg) for arg in after))
    except OutOfTime:
        return Reply(trouble=Trouble("time", f"{seconds:g}"))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, too: it is the learner's
        return Reply(trouble=trouble(error))


def trouble(error):
    """Return what an exception says, and where in the learner's own code it came from."""
    here = __file__.rpartition("check")[0]
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        f for f in frames if not f.filename.startswith(here) and "site-packages" not in f.filename
    ]
    line, code = (own[-1].lineno, (own[-1].line or "").strip()) if own else (None, "")
    try:
        message = str(error)
    except Exception:  # an exception of the learner's own, which can't even be told
        message = ""
    return Trouble(type(error).__name__, message[:200], line, code[:100])


@contextlib.contextmanager
def undisturbed():
    """Leave random numbers, printed text, warnings and open figures as they were."""
    numbers, pythons = np.random.get_state(), random.getstate()  # noqa: NPY002
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = set(pyplot.get_fignums()) if pyplot else set()
    quiet = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(quiet),
            contextlib.redirect_stderr(quiet),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(numbers)  # noqa: NPY002
        random.setstate(pythons)
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in set(pyplot.get_fignums()) - figures if pyplot else ():
            pyplot.close(number)
