"""Examining a notebook: its cells are run in a sandbox, the code is asked there, and judged here.

    examine(cells, find("03_update_rule")).verdicts["step"].status  →  "correct"

Mostly all cells are run in one go. Where that isn't quick and without accident, they are run anew, one
by one: a cell that crashes, ends Python or takes too long is left out, and the others count. Where a
whole sandbox is lost, a new one runs the cells that had come to their end, and goes on.
"""

import functools
import hashlib
import hmac
import re
import signal
import time
from dataclasses import dataclass, field, replace

from ..check.calls import SECONDS, Reply, Trouble
from ..check.judge import NOT_STARTED, judge_all
from ..check.wire import Garbled, honest, pack, unpack
from .sandbox import Sandbox, tier

QUICK = 3.0  # seconds for all cells in one go
CELL = 10.0  # seconds for a cell, where they are run one by one
TOTAL = 60.0  # seconds for a notebook
GRACE = 1.0  # seconds by which each ring of defence is slower than the one within
LOSSES = 20  # sandboxes that one notebook may cost
PATH = re.compile(r"(?<![\w.])/(?:[^\s/'\"()]+/)+")
MAGIC = re.compile(r"^\s*[%!?]|=\s*[%!]|\?\s*$", re.MULTILINE)


class Infrastructure(RuntimeError):
    """Grading failed for a reason of ours: it says nothing about the student."""


@dataclass(frozen=True)
class Examination:
    """What came of examining a notebook.

    Attributes
    ----------
    verdicts : dict of str to Verdict
        By question.
    notes : list of str
        What happened while the cells were run: "Cell 5 stopped with NameError: …".
    """

    verdicts: dict
    notes: list


def examine(cells, exercise, secret=b"", trust=False):
    """Return the verdicts on a notebook's answers.

    Parameters
    ----------
    cells : list of str
        The sources of its code cells.
    exercise : Exercise
    secret : bytes
        Of the seed from which cases are drawn. Without one they are those of the notebook's own checks.
    trust : bool
        Whether to do without a sandbox.

    Returns
    -------
    Examination

    Raises
    ------
    NoSandbox
        Where there is no sandbox on this machine.
    Infrastructure
        Where the sandbox failed for a reason of ours.
    """
    with Session(tier(trust)) as session:
        session.run([Cell(number, source) for number, source in enumerate(cells, start=1)])
        verdicts = judge_all(exercise.questions, session.answer, functools.partial(seed, secret))
    for name, verdict in verdicts.items():
        makes = re.compile(rf"^\s*(def|class)\s+{name}\b|^\s*{name}\s*=", re.MULTILINE)
        for cell, words in session.stopped:
            if verdict.status == NOT_STARTED and makes.search(cell.source):
                verdicts[name] = replace(verdict, words=f"There is no `{name}`: {words}")
    return Examination(verdicts, session.notes)


def seed(secret, question):
    """Return the seed of a question's drawn cases: 0 without a secret, as in the notebook.

    Examples
    --------
    >>> from .exercise import find
    >>> step = find("update_rule").questions["step"]
    >>> seed(b"", step), seed(b"a secret", step)
    (0, 5634757491265403998)
    """
    if not secret:
        return 0
    digest = hmac.new(secret, question.name.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


@dataclass(frozen=True)
class Cell:
    """A code cell: its number, counted from 1, and its source."""

    number: int
    source: str

    @property
    def name(self):
        """What Python calls it in its messages."""
        return f"<cell {self.number}>"


def command(cells, seconds):
    """Return what the runner is told: to run cells within some seconds."""
    told = [[as_python(cell.source), cell.name] for cell in cells]
    return {"cells": told, "about": cells[0].name, "seconds": seconds}


def as_python(source):
    r"""Return a cell's source with IPython's magics as the calls that they stand for.

    Examples
    --------
    >>> as_python("%matplotlib inline")
    "get_ipython().run_line_magic('matplotlib', 'inline')\n"
    """
    if not MAGIC.search(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(source)
    except Exception:  # not even IPython can make sense of it: Python will say what is wrong
        return source


@dataclass
class Session:
    """A notebook that is being run: its sandbox, and what has become of its cells."""

    walls: object
    done: list = field(default_factory=list)  # cells that came to their end
    stopped: list = field(default_factory=list)  # (cell, words) of those that didn't
    notes: list = field(default_factory=list)
    losses: int = 0
    sandbox: object = None

    def __enter__(self):
        self.ends = time.monotonic() + TOTAL
        self.start()
        return self

    def __exit__(self, *_):
        self.sandbox.close()

    def start(self):
        """Start a sandbox, and see that it answers."""
        try:
            self.sandbox = Sandbox(self.walls)
        except OSError as error:
            raise Infrastructure(f"a sandbox didn't start: {error}") from error
        if not self.sandbox.ask(command([Cell(0, "")], TOTAL), TOTAL):
            why = self.sandbox.complaint()
            self.sandbox.close()
            raise Infrastructure(f"a sandbox didn't start: {why or 'it gave no answer'}")

    def over(self):
        """Return whether this notebook has had its time, and its sandboxes."""
        return self.losses > LOSSES or time.monotonic() > self.ends

    def restore(self):
        """Start a new sandbox, with the cells that had come to their end."""
        self.losses += 1
        self.sandbox.close()
        self.start()
        for cell in self.done:
            if self.over() or not self.sandbox.ask(command([cell], CELL), CELL + GRACE):
                break  # what it makes is missing from here on, and questions will say so

    def run(self, cells):
        """Run the cells in one go; where that isn't quick and without accident, anew, one by one."""
        said = self.listen(command(cells, QUICK), QUICK + GRACE) if cells else {"ran": []}
        if said is not None and "ran" in said:
            self.ran(cells, said["ran"])
            return
        if said is not None:
            self.restore()
        for cell in cells:
            self.run_one(cell)

    def run_one(self, cell):
        """Run a cell that may do anything."""
        if self.over():
            self.stop(cell, "wasn't run: the notebook had taken too long already.")
            return
        said = self.listen(command([cell], CELL), CELL + GRACE)
        if said is None:
            self.stop(cell, "brought down all that ran: it was left out.")
        elif "late" in said:
            self.stop(cell, f"took longer than {CELL:g} seconds, and was left out.")
        elif "died" in said:
            self.stop(cell, f"ended Python itself ({manner(said)}), and was left out.")
        else:
            self.ran([cell], said["ran"])

    def ran(self, cells, ends):
        """Note cells that came to their end, and what they stopped with, if they did."""
        for cell, end in zip(cells, ends):
            self.done.append(cell)
            error = end["stopped"]
            if error:
                line = f" in line {error.line}, `{error.code}`" if error.line and error.code else ""
                self.stop(cell, f"stopped{line} with {error.kind}: {error.message}")
            for name in end["vain"][:5]:
                words = f"asked for {name}, which isn't there when graded."
                self.notes.append(f"Cell {cell.number} {words}")

    def stop(self, cell, words):
        """Note that a cell didn't come to its end."""
        self.stopped.append((cell, f"Cell {cell.number} {words}"))
        self.notes.append(f"Cell {cell.number} {words}")

    def answer(self, probe):
        """Return the reply to a probe."""
        if self.over():
            return Reply(trouble=Trouble("time", f"{TOTAL:g}"))
        command = {"probe": pack(probe), "about": probe.name, "soft": SECONDS}
        command["seconds"] = SECONDS + GRACE
        said = self.listen(command, SECONDS + 2 * GRACE)
        if said is None:
            return Reply(trouble=Trouble("died", "it brought down all that ran"))
        if isinstance(said, Reply):
            return said
        if "late" in said:
            return Reply(trouble=Trouble("time", f"{SECONDS:g}"))
        return Reply(trouble=Trouble("died", manner(said)))

    def listen(self, command, seconds):
        """Return what a command leads to; None, and a new sandbox, where the old one is lost."""
        text = self.sandbox.ask(command, seconds)
        try:
            return understood(unpack(text), command)
        except Garbled:
            self.restore()
            return None


def understood(said, command):
    """Return a runner's words, having checked each: they come from where a stranger's code runs.

    Raises
    ------
    Garbled
        Where they aren't words that a runner says to such a command.
    """
    if type(said) is dict and said.keys() == {"late"}:
        return said
    if type(said) is dict and said.keys() == {"died"} and type(said["died"]) is int:
        return said
    if "probe" in command:
        reply = honest(said)
        return replace(reply, trouble=without_paths(reply.trouble))
    if type(said) is not dict or said.keys() != {"ran"} or type(said["ran"]) is not list:
        raise Garbled("the end of cells was expected")
    if len(said["ran"]) != len(command["cells"]):
        raise Garbled("an end for each cell was expected")
    return {"ran": [ending(end) for end in said["ran"]]}


def ending(said):
    """Return what is said of a cell's end, having checked it.

    Raises
    ------
    Garbled
        Where it isn't what a runner says.
    """
    if type(said) is not dict or said.keys() != {"stopped", "vain"}:
        raise Garbled("the end of a cell was expected")
    vain = said["vain"]
    if type(vain) is not list or not all(type(name) is str for name in vain):
        raise Garbled("names were expected")
    stopped = without_paths(honest(Reply(trouble=said["stopped"])).trouble)
    return {"stopped": stopped, "vain": [name[:60] for name in vain]}


def without_paths(trouble):
    """Return a trouble whose message names files without where they lie: that is nobody's business.

    Examples
    --------
    >>> without_paths(Trouble("ImportError", "no 'x' in 'random' (/usr/lib/python3/random.py)")).message
    "no 'x' in 'random' (random.py)"
    """
    return trouble and replace(trouble, message=PATH.sub("", trouble.message))


def manner(said):
    """Return in words how a process died, by its exit code.

    Examples
    --------
    >>> manner({"died": -11}), manner({"died": 0})
    ('SIGSEGV', 'exit code 0')
    """
    code = said["died"]
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"
