"""The loop: feed the rule, keep the record, watch when to stop.

`walk` takes the steps; `Record` holds the rows of the path; `Watch` knows which starts still move.
A step of gradient descent in two dimensions costs about two microseconds, and the loop must not add
much to that: so what can be looked up is looked up before it begins. NumPy's warnings are off here (see
`blocks.run`): a run that overflows is reported by its path.
"""

import numpy as np

from .optimizer import brief, check_number
from .rules.pieces import norm


def walk(f, opt, state, steps, tolerances, every):
    """Take the steps. Return the fields of a Path behind `objective` and `opt`."""
    begin, x, memory, pacing = state.t, state.x, state.memory, dict(state.pacing)
    rule, unpack, transforms, sees = opt.rule, opt.unpack, opt.transforms, opt.sees_landscape
    knobs, paced = dict(opt.knobs), [(name, k) for name, k in opt.knobs.items() if callable(k)]
    here, changing, shape, starts = f, hasattr(f, "at"), x.shape, x.shape[:-1]
    gradient = getattr(f, "raw_grad", None) or getattr(f, "grad", None)
    for name, schedule in paced:
        knobs[name], _ = pace(name, schedule, begin, f, x, pacing.get(name, ()))
    record = Record(opt, state, knobs, rows=2 + (steps - 1) // every)
    keep = record.keep
    watch = Watch(f, x, begin, steps, tolerances)
    due = begin + every
    # A rule that changes x in place mixes up before and after: its first step shall say so.
    x.flags.writeable = False
    for t in range(begin + 1, begin + steps + 1):
        if changing:
            here = f.at(t)
            gradient = here.grad
        try:
            signal = here if sees else gradient(x)
            if tolerances and not watch.slope(t, gradient(x) if sees else signal):
                t -= 1
                break
            if paced:
                for name, schedule in paced:
                    remembered = pacing.get(name, ())
                    knobs[name], pacing[name] = pace(name, schedule, t - 1, f, x, remembered)
            for transform in transforms:
                signal = transform(t, x, signal)
            x_new, memory_new = unpack(rule(t, x, signal, *memory, **knobs))
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            if t == begin + 1 and isinstance(error, ZeroDivisionError):
                raise  # no divergence: nothing was large yet
            # Python's and LAPACK's own way to say that numbers have run away.
            x_new = np.full(shape, np.nan)
            memory_new = tuple(m if np.ndim(m) else np.full(shape, np.nan) for m in memory)
        except ValueError as error:
            if "read-only" in str(error):
                raise in_place(opt) from error
            raise
        except AttributeError as error:
            if sees and error.obj is here:
                raise lacking(opt, here, error.name) from error
            raise
        if getattr(x_new, "shape", None) != shape:
            raise wrong_position(opt, x_new, x)
        if starts:
            memory_new = tuple(
                m if np.shape(m)[: len(starts)] == starts else per_start(opt, name, m, starts)
                for name, m in zip(opt.memory, memory_new)
            )
        if tolerances:
            x_new, memory_new = watch.step(t, x, x_new, memory, memory_new)
        x, memory = x_new, memory_new
        if t == due:
            due += every
            keep(t, x, memory, knobs)
        if tolerances and not watch.moving.any():
            break
    if t > record.t[-1]:
        keep(t, x, memory, knobs)
    return *record.rows(), pacing, watch.taken, watch.ended


class Record:
    """The rows of a path: the step, the position, the memory by name, and the paced knobs by name.

    In a batch, memory has a row for each start: (rows, *starts, …).
    """

    def __init__(self, opt, state, knobs, rows):
        self.opt, self.starts = opt, state.x.shape[:-1]
        self.paced = tuple(name for name, k in opt.knobs.items() if callable(k))
        # The first row: the memory before the first step, and the first value of a paced knob.
        self.first = (*state.memory, *(knobs[name] for name in self.paced))
        self.t = [state.t]
        self.x = np.empty((rows, *state.x.shape))
        self.x[0] = state.x
        self.columns = ()

    def keep(self, t, x, memory, knobs):
        """Write a row."""
        row = len(self.t)
        self.t.append(t)
        self.x[row] = x
        if self.paced:
            memory = (*memory, *[knobs[name] for name in self.paced])
        if memory:
            for column, value in zip(self.columns or self.open(memory), memory):
                column[row] = value

    def open(self, values):
        """Make the columns, in the shapes of these values, and write the first row."""
        self.columns = [
            np.empty((len(self.x), *np.shape(value)), bool if is_bool(value) else float)
            for value in values
        ]
        for column, value in zip(self.columns, self.first):
            column[0] = value
        return self.columns

    def rows(self):
        """Return the steps, the positions, and the rest by name."""
        n = len(self.t)
        if n == 1:  # no step was taken
            remembered = [
                per_start(self.opt, name, m, self.starts) if self.starts else m
                for name, m in zip(self.opt.memory, self.first)
            ]
            self.open((*remembered, *self.first[len(remembered) :]))
        named = zip((*self.opt.memory, *self.paced), self.columns)
        return np.array(self.t), self.x[:n], {name: column[:n] for name, column in named}


class Watch:
    """Which starts still move, and why the others stopped. A start that has stopped stays put."""

    def __init__(self, f, x, t, steps, tolerances):
        self.f, self.t, self.tolerances = f, t, tolerances
        self.moving = np.ones(x.shape[:-1], dtype=bool)
        self.taken = np.full(x.shape[:-1], steps)
        self.ended = np.full(x.shape[:-1], "steps", dtype="<U8")
        self.height = f(x) if "loss" in tolerances else None

    def slope(self, t, g):
        """Stop where the gradient is small, before step t; return whether any start goes on."""
        if "gradient" in self.tolerances:
            self.stop("gradient", norm(g)[..., 0], t - 1)
        return self.moving.any()

    def step(self, t, x, x_new, memory, memory_new):
        """Hold the starts that have stopped, then stop those whose step or change was small."""
        if not self.moving.all():
            x_new = self.held(x_new, x)
            memory_new = tuple(self.held(new, old) for new, old in zip(memory_new, memory))
        if "loss" in self.tolerances:
            height, self.height = self.height, self.f(x_new)
            self.stop("loss", np.abs(self.height - height), t)
        if "step" in self.tolerances:
            self.stop("step", norm(x_new - x)[..., 0], t)
        return x_new, memory_new

    def held(self, new, old):
        """Return the new values of the starts that move, the old ones of the others."""
        axes = (1,) * (np.ndim(new) - self.moving.ndim)
        return np.where(self.moving.reshape(*self.moving.shape, *axes), new, old)

    def stop(self, reason, value, t):
        """Note which of the moving starts stop here."""
        now = self.moving & (value <= self.tolerances[reason])
        self.taken = np.where(now, t - self.t, self.taken)
        self.ended = np.where(now, reason, self.ended)
        self.moving = self.moving & ~now


def pace(name, schedule, t, f, x, memory):
    """Return the value of a paced knob at step t (from 0), and what its schedule remembers."""
    if getattr(schedule, "needs_loss", False):
        value, memory = schedule.next(t, f(x), memory or schedule.memory)
    else:
        value = schedule(t)
    if type(value) in (float, np.float64) and 0 <= value < 1:  # the usual case, at once
        return value, memory
    try:
        return check_number(brief(schedule), name, value), memory
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"the schedule of {name} gave {value!r} at t = {t}. A schedule is a function of the step "
            f"t = 0, 1, 2, … that returns a number. {error}"
        ) from None


def per_start(opt, name, value, starts):
    """Return memory that serves all starts, such as a counter, with a row for each of them."""
    try:
        return np.broadcast_to(value, (*starts, *(np.shape(value) or (1,))[-1:]))
    except ValueError:
        raise TypeError(
            f"{opt.name} remembers {name} of shape {np.shape(value)} for starts of shape {starts}: it "
            "needs a row for each start. Often keepdims is missing, as in "
            "np.sum(g**2, axis=-1, keepdims=True)."
        ) from None


def is_bool(value):
    """Return whether memory is a flag, or flags, and not numbers."""
    return np.asarray(value).dtype == bool


def in_place(opt):
    """Return the error for a rule that tried to write into x."""
    return TypeError(
        f"{opt.name} changes an array in place, as x -= … does; that would rewrite the path so far. "
        "Make a new array: x = x - …"
    )


def lacking(opt, f, name):
    """Return the error for a rule that asks a landscape for what it doesn't have."""
    return TypeError(
        f"{opt.name} needs .{name}, and {getattr(f, 'name', type(f).__name__)} has none. Landscapes "
        "have .grad and .hess; models.lasso has .smooth and .prox; the smooth linear models have .hess."
    )


def wrong_position(opt, x_new, x):
    """Return the error for a rule that returned something other than a position."""
    what = f"shape {x_new.shape}" if isinstance(x_new, np.ndarray) else f"{x_new!r:.60}"
    return TypeError(
        f"{opt.name} must return the new x first, an array of shape {x.shape} like the old one; it "
        f"returned {what}."
    )
