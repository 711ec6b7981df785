"""`Path`: what `descend` returns. Every position, the heights there, what the rule remembered, and why
the walk ended.
"""

from collections import namedtuple
from functools import cached_property

import numpy as np

State = namedtuple("State", ["t", "x", "memory", "pacing"])
"""Where a run stands: the steps taken, the position, the rule's memory (a tuple), and the memory of
the schedules that watch the loss (by knob). All that is needed to go on as if it had never stopped."""


class Path:
    """The record of a run, of one start or of many.

    Attributes
    ----------
    t : ndarray of int, shape (rows,)
        The steps that were kept: 0, 1, …, steps, unless `every` thinned them.
    x : ndarray, shape (rows, ..., dim)
        The positions. `path.start` and `path.end` are the first and the last.
    f : ndarray, shape (rows, ...)
        The loss at each x.
    g : ndarray, shape (rows, ..., dim)
        The gradient at each x; with mini-batches that of the batch which the next step uses.
    steps : int, or ndarray of int, shape (...)
        How many steps were taken.
    why : str, or ndarray of str, shape (...)
        Why it ended: "steps" (all were taken), "gradient", "step" or "loss" (that tolerance was
        met), "diverged" (the position or the loss is no longer a finite number).
    path["name"] : ndarray, shape (rows, ...)
        What the rule remembered, for instance `path["v"]`, or the values of a scheduled knob, for
        instance `path["lr"]` (row t holds the value that led there; row 0 repeats the first).

    Examples
    --------
    >>> from gdtutor import descend, momentum
    >>> from gdtutor.landscapes import parabola
    >>> path = descend(parabola, 1.0, momentum(lr=0.1), steps=2)
    >>> path
    <Path of momentum(lr=0.1): 2 steps, f 1 → 0.2116, why: steps>
    >>> path["v"][:, 0].tolist()
    [0.0, 2.0, 3.4000000000000004]
    """

    def __init__(self, objective, opt, t, x, memory, pacing, taken, ended, sign=1):
        self.objective, self.opt = objective, opt
        self.t, self.x, self.memory, self.pacing = t, x, memory, pacing
        self.taken, self.ended = taken, ended
        self.sign = sign  # −1 for a climb

    def but(self, **changes):
        """Return a copy with some of its fields changed."""
        names = ["objective", "opt", "t", "x", "memory", "pacing", "taken", "ended", "sign"]
        return Path(**({name: getattr(self, name) for name in names} | changes))

    @property
    def start(self):
        """The first position, (..., dim)."""
        return self.x[0]

    @property
    def end(self):
        """The last position, (..., dim)."""
        return self.x[-1]

    @property
    def state(self):
        """Where the run stands, to go on from."""
        memory = tuple(np.array(self.memory[name][-1]) for name in self.opt.memory)
        return State(int(self.t[-1]), np.array(self.end), memory, self.pacing)

    @cached_property
    def f(self):
        """The loss at each x, (rows, ...)."""
        with np.errstate(all="ignore"):
            return np.array([self.objective(x) for x in self.x])

    @cached_property
    def g(self):
        """The gradient at each x, (rows, ..., dim)."""
        at = getattr(self.objective, "at", lambda t: self.objective)
        with np.errstate(all="ignore"):
            return np.array([at(t + 1).grad(x) for t, x in zip(self.t.tolist(), self.x)])

    @property
    def steps(self):
        """The number of steps taken, an int for one start."""
        return self.taken if self.taken.ndim else int(self.taken)

    @cached_property
    def diverged(self):
        """Whether the position or the loss at the end is no longer finite: bool, or (...)."""
        with np.errstate(all="ignore"):
            finite = np.isfinite(self.end).all(axis=-1) & np.isfinite(self.objective(self.end))
        return ~finite if finite.ndim else not finite

    @cached_property
    def why(self):
        """Why the run ended: str, or (...)."""
        why = np.where(self.diverged, "diverged", self.ended)
        return why if why.ndim else str(why)

    def __getitem__(self, name):
        """Return what the rule remembered under this name, row by row."""
        if name not in self.memory:
            raise KeyError(
                f"{self.opt.name} remembers {', '.join(self.memory) or 'nothing'}, not {name!r}; "
                "positions, losses and gradients are path.x, path.f and path.g."
            )
        return self.memory[name]

    def select(self, index):
        """Return the path of one start, or of some, out of many.

        Parameters
        ----------
        index : int, tuple, slice or array
            As for indexing an array of the shape of the starts.

        Examples
        --------
        >>> from gdtutor import descend, gd
        >>> from gdtutor.landscapes import parabola
        >>> path = descend(parabola, [[1.0], [2.0]], gd(lr=0.25), steps=1)
        >>> path.select(1).x.tolist()
        [[2.0], [1.0]]
        """
        starts = self.taken.shape
        if not starts:
            raise IndexError("this path has one start only: there is nothing to select.")
        where = index if isinstance(index, tuple) else (index,)

        def pick(rows):
            """Pick out of rows that have an axis for the starts; a schedule's serve them all."""
            if rows.ndim == 1:
                return rows
            if rows.shape[1 : 1 + len(starts)] != starts:
                rows = np.broadcast_to(rows, (len(rows), *starts, rows.shape[-1]))
            return rows[(slice(None), *where)]

        def own(knob):
            """Pick the value of a sweep."""
            if np.ndim(knob) < 2:
                return knob
            value = np.broadcast_to(knob, (*starts, knob.shape[-1]))[where]
            return value.item() if value.size == 1 else value

        return self.but(
            opt=self.opt.with_knobs({name: own(knob) for name, knob in self.opt.knobs.items()}),
            x=pick(self.x),
            memory={name: pick(rows) for name, rows in self.memory.items()},
            # What a schedule remembers of the losses can't be told apart: no resuming then.
            pacing=None if self.pacing is None or any(self.pacing.values()) else self.pacing,
            taken=np.asarray(self.taken[index]),
            ended=np.asarray(self.ended[index]),
        )

    @property
    def best(self):
        """The path of the start that ended lowest; of a climb, highest.

        Examples
        --------
        >>> from gdtutor import descend, gd
        >>> from gdtutor.landscapes import parabola
        >>> descend(parabola, [[1.0], [-0.5], [2.0]], gd(lr=0.25), steps=1).best.start.tolist()
        [-0.5]
        """
        if not self.taken.ndim:
            return self
        with np.errstate(all="ignore"):
            heights = self.sign * np.asarray(self.objective(self.end))
        lowest = np.argmin(np.where(np.isfinite(heights), heights, np.inf))
        return self.select(tuple(int(i) for i in np.unravel_index(lowest, heights.shape)))

    def then(self, more):
        """Join the continuation of this run, as `descend(f, path, …)` does."""
        names = dict.fromkeys((*self.memory, *more.memory))

        def column(path, name):
            """A knob that is scheduled in one of the two may have been a number in the other."""
            if name in path.memory:
                return path.memory[name]
            return np.array([path.opt.knobs[name]] * len(path.t))

        def join(before, after):
            """One under the other, where a number may stand for a sweep."""
            wide = np.broadcast_shapes(before.shape[1:], after.shape[1:])
            missing = [(1,) * (1 + len(wide) - rows.ndim) for rows in (before, after)]
            before, after = (
                np.broadcast_to(rows.reshape(len(rows), *ones, *rows.shape[1:]), (len(rows), *wide))
                for rows, ones in zip((before, after), missing)
            )
            return np.concatenate([before, after[1:]])

        return more.but(
            t=np.concatenate([self.t, more.t[1:]]),
            x=np.concatenate([self.x, more.x[1:]]),
            memory={name: join(column(self, name), column(more, name)) for name in names},
            taken=self.taken + more.taken,
        )

    def __repr__(self):
        if self.taken.ndim:
            shape = " x ".join(map(str, self.taken.shape))
            reasons, counts = np.unique(self.why, return_counts=True)
            why = ", ".join(f"{n} {reason}" for reason, n in zip(reasons, counts))
            return f"<Path of {self.opt!r}: {shape} starts, {self.t[-1]} steps, why: {why}>"
        with np.errstate(all="ignore"):
            first, last = (float(self.objective(x)) for x in (self.start, self.end))
        return (
            f"<Path of {self.opt!r}: {self.steps} steps, f {first:.4g} → {last:.4g}, "
            f"why: {self.why}>"
        )
