"""A million starts: work through them in blocks that fit a core's own cache.

A block, and what a rule computes from it, stays in the cache; that is several times faster than going
out to memory at every operation. The starts don't know of each other, so the result is the same (to
the last bit, unless a rule sums over many coordinates, whose order in memory differs).
"""

import numpy as np

from .path import Path, State
from .walk import walk

# How many numbers of x make a block: 128 kB in each of the ten or so arrays that a rule handles.
BLOCK = 16_384


@np.errstate(all="ignore")  # a run that overflows is reported by its path
def run(f, opt, state, steps, tolerances, every):
    """Walk from a state, in blocks of starts if there are very many, and make the Path."""
    shape, size = state.x.shape, state.x.size
    if size <= 2 * BLOCK or size == shape[-1] or not divisible(f, opt, state.t):
        return Path(f, opt, *walk(f, opt, state, steps, tolerances, every))
    starts, dim = size // shape[-1], shape[-1]
    width = max(BLOCK // dim, 1)

    def flat(knob):
        """Give a sweep one row for each start; a number serves them all."""
        if np.ndim(knob) < 2 or isinstance(knob, tuple):
            return knob
        return np.broadcast_to(knob, (*shape[:-1], knob.shape[-1])).reshape(starts, -1)

    def block(value, rows, numbers=1):
        """Take rows, coordinate by coordinate in memory: that is how formulas go through them."""
        if np.ndim(value) < numbers or isinstance(value, tuple):
            return value
        return np.array(value[rows], order="F")

    x = state.x.reshape(starts, dim)
    memory = [
        np.reshape(m, (starts, *np.shape(m)[len(shape) - 1 :])) if np.ndim(m) else m
        for m in state.memory
    ]
    knobs = {name: flat(k) for name, k in opt.knobs.items()}
    parts = []
    for begin in range(0, starts, width):
        rows = slice(begin, begin + width)
        part = State(state.t, block(x, rows), tuple(block(m, rows) for m in memory), {})
        some = opt.with_knobs({name: block(k, rows, numbers=2) for name, k in knobs.items()})
        parts.append(walk(f, some, part, steps, tolerances, every))
    return Path(f, opt, *joined(parts, shape))


def divisible(f, opt, t):
    """Whether each start's path is its own affair, so that starts can be walked in separate blocks."""
    # Random numbers drawn for one block would be drawn again for the next.
    if opt.random or hasattr(f, "at"):
        return False
    paced = [k for k in opt.knobs.values() if callable(k)]
    return not any(getattr(k, "needs_loss", False) or np.ndim(k(t)) for k in paced)


def joined(parts, shape):
    """Put the records of blocks together again, rows of the same step side by side."""
    longest = max((part[0] for part in parts), key=lambda t: t[-1])
    times = np.unique(np.concatenate([*(part[0][:-1] for part in parts), longest]))

    def rows(columns):
        """Join arrays (rows, starts, k) of the blocks; what serves all starts is the same in all."""
        # A block that stopped earlier stays where it was.
        held = [
            column[np.searchsorted(part[0], times, side="right") - 1]
            for part, column in zip(parts, columns)
        ]
        if held[0].ndim == 1:  # a schedule
            return max(zip(parts, held), key=lambda pair: pair[0][0][-1])[1]
        # Memory that never took a step is one number wide.
        tail = np.broadcast_shapes(*(column.shape[2:] for column in held))
        held = [np.broadcast_to(column, (*column.shape[:2], *tail)) for column in held]
        return np.concatenate(held, axis=1).reshape(len(times), *shape[:-1], *tail)

    return (
        times,
        rows([part[1] for part in parts]),
        {name: rows([part[2][name] for part in parts]) for name in parts[0][2]},
        {},
        np.concatenate([part[4] for part in parts]).reshape(shape[:-1]),
        np.concatenate([part[5] for part in parts]).reshape(shape[:-1]),
    )
