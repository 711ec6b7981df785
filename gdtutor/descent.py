"""`descend`: the one loop of the package. A landscape and a rule go in, a `Path` comes out.

    path = descend(rosenbrock, (-1.2, 1), adam(lr=0.1), steps=500)

The loop counts steps, feeds the rule, keeps the record and watches when to stop. `ascend` climbs.
Everything works for thousands of starts at once: x has the shape (..., dim), and a knob that is an
array, such as `lr=np.logspace(-4, 0, 500)[:, None]`, turns one start into a sweep.
"""

import inspect

import numpy as np

from .blocks import run
from .optimizer import Optimizer
from .path import Path, State
from .walk import pace


def descend(f, x0, opt, steps, *, gtol=None, xtol=None, ftol=None, every=1):
    """Walk down `f` from `x0` by the rule `opt`.

    Parameters
    ----------
    f : landscape, model or function
        Something with `f(x)` and `f.grad(x)`, for x of shape (..., dim). If it also has `f.at(t)`,
        the loss for one step (mini-batches), step t uses that. A plain function of the coordinates
        gets a numerical gradient.
    x0 : array_like, shape (..., dim), or Path
        One start, or many. A number is a start in one dimension. A Path is taken up at its end, with
        all that the rule remembers, and returned with the new steps behind it. Starts that had stopped
        go on together with the others, at the same t.
    opt : Optimizer
        For instance `gd(lr=0.1)`.
    steps : int
        How many steps. Exactly so many are taken, unless a tolerance is given and met.
    gtol, xtol, ftol : float, optional
        Stop when the length of the gradient, the length of a step, or the change of the loss over a
        step is at most this. Each start stops by itself.
    every : int, optional
        Keep only every so many steps; `every=steps` keeps the start and the end.

    Returns
    -------
    Path
        A run that leaves the finite numbers is no error: its `why` is "diverged".

    Raises
    ------
    TypeError, ValueError
        If an argument can't be meant as it is; the message says what to do.

    Examples
    --------
    >>> from gdtutor import gd
    >>> from gdtutor.landscapes import parabola
    >>> path = descend(parabola, 4.0, gd(lr=0.25), steps=3)
    >>> path.x[:, 0].tolist()
    [4.0, 2.0, 1.0, 0.5]
    >>> path = descend(parabola, path, gd(lr=0.25), steps=1000, gtol=1e-6)
    >>> path.why, path.steps
    ('gradient', 23)
    """
    steps, every = whole("steps", steps), whole("every", every)
    given = {"gradient": ("gtol", gtol), "step": ("xtol", xtol), "loss": ("ftol", ftol)}
    tolerances = {why: tolerance(*pair) for why, pair in given.items() if pair[1] is not None}
    check_optimizer(opt)
    if isinstance(x0, Path):
        f = objective(f, x0.end)
        return x0.then(run(f, opt, resumed(x0, opt), steps, tolerances, every))
    x = start_point(x0)
    f = objective(f, x)
    return run(f, opt, first_state(f, x, opt), steps, tolerances, every)


def ascend(f, x0, opt, steps, *, gtol=None, xtol=None, ftol=None, every=1):
    """Walk *up* `f`: the same as `descend` on the landscape turned upside down.

    Parameters and return value are those of `descend`; the heights and gradients in the path are
    those of `f` itself.

    Examples
    --------
    >>> from gdtutor import gd
    >>> path = ascend(lambda x: 1 - x**2, 0.5, gd(lr=0.25), steps=2)
    >>> path.x[:, 0].tolist()
    [0.5, 0.25, 0.125]
    >>> path.f.tolist()
    [0.75, 0.9375, 0.984375]
    """
    x = x0.end if isinstance(x0, Path) else start_point(x0)
    f = objective(f, x)
    path = descend(
        UpsideDown(f, x.shape[-1]), x0, opt, steps, gtol=gtol, xtol=xtol, ftol=ftol, every=every
    )
    return path.but(objective=f, sign=-1)


class UpsideDown:
    """A landscape seen from below: whoever descends it climbs the landscape."""

    def __init__(self, f, dim):
        self.f, self.dim = f, dim
        if hasattr(f, "at"):
            self.at = lambda t: UpsideDown(f.at(t), dim)

    def __call__(self, x):
        """Return −f(x)."""
        return -self.f(x)

    def grad(self, x):
        """Return −∇f(x)."""
        return -self.f.grad(x)

    def hess(self, x):
        """Return the Hessian of −f."""
        return -self.f.hess(x)


def objective(f, x):
    """Return f if it has a gradient, else the plain function as a landscape."""
    if not callable(f):
        raise TypeError(
            f"the first argument must be a landscape, a model or a function: got {f!r}."
        )
    if not hasattr(f, "grad") and not hasattr(f, "at"):
        from .landscapes import landscape

        f = landscape(f, dim=x.shape[-1])
    elif not hasattr(f, "dim"):
        check_objective(f, x)
    dim = getattr(f, "dim", x.shape[-1])
    if dim != x.shape[-1]:
        raise ValueError(
            f"{getattr(f, 'name', 'this objective')} has {dim} coordinates, and the start has "
            f"{x.shape[-1]}: give a start of shape ({dim},), or (many, {dim})."
        )
    return f


def check_objective(f, x):
    """Say what is wrong if an objective of the learner's own doesn't give what it should."""
    name = type(f).__name__
    with np.errstate(all="ignore"):
        given = {"value": f(x)}
        wanted = {"value": x.shape[:-1]}
        if hasattr(f, "grad"):
            given["gradient"], wanted["gradient"] = f.grad(x), x.shape
    for what, shape in wanted.items():
        if np.shape(given[what]) != shape or not (
            shape == () or isinstance(given[what], np.ndarray)
        ):
            advice = (
                "sum over the last axis: np.sum(…, axis=-1)"
                if what == "value"
                else ("make an array with x[..., 0], x[..., 1], …: np.stack([…], axis=-1)")
            )
            raise ValueError(
                f"the {what} of {name} at points of shape {x.shape} must be an array of shape {shape}; "
                f"it is {' '.join(repr(given[what]).split()):.80}. Perhaps: {advice}."
            )


def start_point(x0):
    """Return x0 as an array (..., dim) of finite floats."""
    try:
        x = np.array(x0, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"the start must be numbers, such as 3.0 or (-1.2, 1): got {x0!r}."
        ) from None
    x = x if x.ndim else x[None]
    if not x.size:
        raise ValueError("the start is empty: give at least one number, such as 3.0 or (-1.2, 1).")
    if not np.isfinite(x).all():
        bad = tuple(np.argwhere(~np.isfinite(x))[0].tolist())
        raise ValueError(f"the start must be finite numbers: at index {bad} it is {x[bad]}.")
    return x


def first_state(f, x, opt):
    """Return the state before step 1: the start, repeated for every value of the array knobs."""
    shape = x.shape
    for name, k in opt.knobs.items():
        value = pace(name, k, 0, f, x, ())[0] if callable(k) else k
        if not isinstance(value, np.ndarray):
            continue
        wider = common(shape, value.shape) if value.shape[-1] in (1, x.shape[-1]) else None
        if wider is None:
            raise ValueError(
                f"{name} has the shape {value.shape}, which doesn't fit points of shape {shape}. To "
                f"sweep over its values give them an axis of their own: {name}=values[:, None]."
            )
        shape = wider
    x = np.array(np.broadcast_to(x, shape))
    return State(0, x, opt.start(x), {})


def resumed(path, opt):
    """Return the state at the end of a path, if this optimizer can go on from it."""
    if (opt.memory and opt.name != path.opt.name) or list(opt.memory) != list(path.opt.memory):
        raise ValueError(
            f"this path was made by {path.opt!r}, which remembers "
            f"{', '.join(path.opt.memory) or 'nothing'}; {opt!r} remembers "
            f"{', '.join(opt.memory) or 'nothing'}. To go on with another rule, start it afresh from "
            "path.end."
        )
    if path.pacing is None:
        raise ValueError(
            "this path was picked out of many whose schedule watched the losses, and can't be resumed: "
            "resume them all, or start one afresh."
        )
    state = path.state
    for name, k in opt.knobs.items():
        if isinstance(k, np.ndarray) and common(k.shape, state.x.shape) != state.x.shape:
            raise ValueError(
                f"{name} has the shape {k.shape}, and this path has points of shape {state.x.shape}: to "
                "begin a sweep here, start it from path.end."
            )
    # Another schedule begins with no memory of the losses.
    same = {n: m for n, m in state.pacing.items() if repr(opt.knobs[n]) == repr(path.opt.knobs[n])}
    return state._replace(pacing=same)


def common(shape, other):
    """Return the shape to which both broadcast, or None."""
    try:
        return np.broadcast_shapes(shape, other)
    except ValueError:
        return None


def check_optimizer(opt):
    """Say what is wrong if this is no optimizer ready to run."""
    if inspect.isfunction(opt):
        raise TypeError(f"{opt.__name__} is a plain function: put @optimizer on the line above it.")
    if not isinstance(opt, Optimizer):
        raise TypeError(
            f"the third argument must be an optimizer, such as gd(lr=0.1): got {opt!r}."
        )
    missing = [name for name, value in opt.knobs.items() if value is inspect.Parameter.empty]
    if missing:
        raise ValueError(
            f"{opt.name} needs a value for {' and '.join(missing)}: {opt.name}({missing[0]}=…)."
        )


def whole(name, value):
    """Return value as an int of at least 1, or say that it must be one."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, such as 100: got {value!r}.")
    if value < 1:
        raise ValueError(f"{name} must be at least 1: got {value}.")
    return int(value)


def tolerance(name, value):
    """Return value as a float of at least 0, or say that it must be one."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value >= 0:
        raise ValueError(f"{name} must be a number of at least 0, such as 1e-6: got {value!r}.")
    return float(value)
