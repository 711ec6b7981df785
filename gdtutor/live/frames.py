"""Frames: what an author's sweep computes for many settings at once, and where to find one again.

A *sweep* is a function whose parameters are names of controls. Sliders and points come as arrays of
numbers, one for each frame; a choice or a switch as a single value. It returns, by name, arrays
with a row for each frame: the data of actors, and numbers that words can mention.

    def walk(lr, rule):                        # lr: (frames,)
        path = descend(f, start, rule(lr=lr[:, None]), 100)
        return {"walk": path.x.swapaxes(0, 1), "loss": path.f.T}

A *block* holds the frames along some of the controls, the others being fixed. Where all
combinations of a sweep fit the budget there is one block for all of them; where they don't, there
is one along each control, and the kernel makes more when another control is touched. A *book* finds
the block that has a frame. browser/book.js does the same.
"""

import inspect
import itertools
import math
import pathlib
import sysconfig
import traceback
from dataclasses import dataclass

import numpy as np

from .controls import STEP

BUDGET = 3_000_000  # bytes of frames in a figure; with pictures and program it stays below 4 MB
PROBLEM = "problem"  # the number that says which complaint, if any, a frame has
NAN = (
    "nan: nothing here is a number. Look for 0/0, for the root or log of something negative, and for "
    "inf − inf."
)


@dataclass(frozen=True, eq=False)
class Block:
    """Frames along some controls.

    Attributes
    ----------
    sweep : int
        Whose frames these are.
    axes : tuple of str
        Along which controls; the last varies fastest.
    fixed : dict
        The values of the sweep's other controls.
    arrays : dict
        By name, (frames, …).
    texts : dict
        By name of a number that stands for a text: the texts.
    """

    sweep: int
    axes: tuple
    fixed: dict
    arrays: dict
    texts: dict

    def row(self, controls, values):
        """Return the number of the frame with these values, or None if it isn't here."""
        if any(values[name] != value for name, value in self.fixed.items()):
            return None
        row = 0
        for name in self.axes:
            known = controls[name].values
            if values[name] not in known:
                return None
            row = row * len(known) + known.index(values[name])
        return row

    @property
    def size(self):
        """Bytes."""
        return sum(array.nbytes for array in self.arrays.values())


class Sweep:
    """An author's function, and what it gives.

    Parameters
    ----------
    number : int
    function : callable
    controls : dict of str to Control
    actors : dict of str to Actor
    steps : int
        Rows of the scrubber.
    """

    def __init__(self, number, function, controls, actors, steps):
        self.number, self.function, self.steps = number, function, steps
        self.name = getattr(function, "__name__", "sweep")
        parameters = inspect.signature(function).parameters.values()
        self.names = tuple(p.name for p in parameters if p.default is p.empty)
        for name in self.names:
            if name == STEP:
                raise ValueError(
                    f"{self.name} can't depend on the step: it returns all steps at once, and "
                    "trail(…) or at_step(…) picks out of them."
                )
            if name not in controls:
                raise ValueError(
                    f"{self.name} has a parameter {name!r}, and there is no such control; there are "
                    f"{', '.join(controls) or 'none'}."
                )
        # A choice is the outer loop, a slider the inner: arrays come out in this order.
        self.names = tuple(sorted(self.names, key=lambda name: controls[name].swept))
        self.controls = {name: controls[name] for name in self.names}
        self.actors = actors

    def block(self, axes, values):
        """Return the frames along these controls, with the others as in values."""
        axes = tuple(name for name in self.names if name in axes)
        fixed = {name: values[name] for name in self.names if name not in axes}
        along = {
            name: self.controls[name].values if name in axes else [values[name]]
            for name in self.names
        }
        singles = [name for name in self.names if not self.controls[name].swept]
        swept = [name for name in self.names if self.controls[name].swept]
        frames = math.prod(len(along[name]) for name in swept)
        rows = np.indices([len(along[name]) for name in swept]).reshape(len(swept), frames)
        parts = []
        for combination in itertools.product(*(along[name] for name in singles)):
            arguments = {
                name: self.controls[name].as_arguments([value])[0]
                for name, value in zip(singles, combination)
            }
            for name, row in zip(swept, rows):
                arguments[name] = self.controls[name].as_arguments(along[name])[row]
            parts.append(self.run(arguments, swept, frames))
        return Block(self.number, axes, fixed, *self.joined(parts, frames))

    def run(self, arguments, swept, frames):
        """Call the function for all frames; where it raises, frame by frame, so that some survive."""
        with np.errstate(all="ignore"):
            try:
                return self.told_if_nan(self.checked(self.function(**arguments), frames), frames)
            except Misfit:
                raise
            except Exception as error:
                if frames == 1:
                    return {PROBLEM: np.array([complaint(error)])}

        def single(k):
            one = {n: v[k : k + 1] if n in swept else v for n, v in arguments.items()}
            return self.run(one, swept, 1)

        # Where the ends and the middle complain alike, so do all, and nobody waits for it.
        probes = [single(k) for k in (0, frames // 2, frames - 1)]
        told = {str(probe[PROBLEM][0]) if set(probe) == {PROBLEM} else "" for probe in probes}
        if len(told) == 1 and "" not in told:
            return {PROBLEM: np.repeat(probes[0][PROBLEM], frames)}
        return merged([single(k) for k in range(frames)])

    def checked(self, given, frames):
        """Return what the function returned, as arrays of the right shapes, or say what is wrong."""
        if not isinstance(given, dict):
            raise Misfit(
                f"{self.name} must return a dict of arrays by name, such as {{'walk': path}}: it "
                f"returned {type(given).__name__}."
            )
        arrays = {}
        for name, data in given.items():
            data = np.asarray(data)
            if not data.ndim or len(data) != frames:
                raise Misfit(
                    f"{self.name} was called for {frames} frames at once, and its {name!r} has the "
                    f"shape {data.shape}: the first axis must have a row for each frame."
                )
            try:
                shown = [a.pack(data, self.steps) for a in self.actors.values() if a.source == name]
                arrays[name] = shown[0] if shown else numbers(data, self.steps)
            except (TypeError, ValueError) as error:
                raise Misfit(f"{self.name}: {error}") from None
        return arrays

    def told_if_nan(self, arrays, frames):
        """Add a complaint to the frames whose numbers are nan, all of them at all steps."""
        shown = {a.source for a in self.actors.values()}
        told = [d for name, d in arrays.items() if name not in shown and d.dtype.kind == "f"]
        lost = [np.isnan(data.reshape(frames, -1)).all(axis=1) for data in told]
        if lost and np.all(lost, axis=0).any():
            arrays[PROBLEM] = np.where(np.all(lost, axis=0), NAN, "")
        return arrays

    def joined(self, parts, frames):
        """Put the parts for each choice one behind the other; texts become numbers."""
        sizes = [frames] * len(parts)
        arrays = merged(parts, sizes)
        texts = {}
        for name, data in arrays.items():
            if data.dtype.kind in "US":
                found, codes = np.unique(data, return_inverse=True)
                texts[name] = found.tolist()
                arrays[name] = codes.reshape(data.shape).astype(np.float32)
        return arrays, texts


class Misfit(ValueError):
    """A mistake of a figure's author, told when the figure is made."""


def numbers(data, steps):
    """Return numbers as they are sent; texts stay texts until all of them are known."""
    if data.ndim > 3 or (data.ndim == 2 and data.shape[1] != steps):
        raise ValueError(
            f"a number for words has the shape (frames,) or (frames, {steps} steps), one for a table "
            f"(frames, rows, columns): got {data.shape}."
        )
    if data.dtype.kind in "US":
        return data
    if data.dtype.kind not in "biuf":
        raise TypeError(f"numbers for words must be numbers or texts: got {data.dtype}.")
    with np.errstate(over="ignore"):
        return data.astype(np.float32)


def merged(parts, sizes=None):
    """Return the arrays of several calls, one behind the other; what one lacks is nan, or no text."""
    sizes = [1] * len(parts) if sizes is None else sizes
    names = dict.fromkeys(name for part in parts for name in part)
    arrays = {}
    for name in names:
        known = next(part[name] for part in parts if name in part)
        width = np.max([part[name].shape[1:] for part in parts if name in part], axis=0, initial=0)
        width = tuple(int(w) for w in np.atleast_1d(width)) if known.ndim > 1 else ()
        blank = "" if known.dtype.kind in "US" else 0 if known.dtype == np.uint8 else np.nan
        rows = []
        for part, size in zip(parts, sizes):
            have = part.get(name, np.full((size, *width), blank, dtype=known.dtype))
            if len(have) != size:  # one complaint for all of them
                have = np.repeat(have, size, axis=0)
            room = [(0, 0)] + [(0, w - h) for w, h in zip(width, have.shape[1:])]
            rows.append(
                have if not any(r for _, r in room) else np.pad(have, room, constant_values=blank)
            )
        arrays[name] = np.concatenate(rows)
    return arrays


def complaint(error):
    """Return what a learner's code said when it failed, and where in that code."""
    frames = traceback.extract_tb(error.__traceback__)
    others = (str(pathlib.Path(__file__).parents[1]), sysconfig.get_paths()["purelib"])
    own = [
        f for f in frames if not f.filename.startswith((*others, sysconfig.get_paths()["stdlib"]))
    ]
    where = f" (in {own[-1].name}, line {own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {error}{where}"


class Book:
    """All blocks of a figure, as they are sent to the browser first.

    Parameters
    ----------
    sweeps : list of Sweep
    controls : dict of str to Control
    values : dict
        The values of the controls at first.
    """

    def __init__(self, sweeps, controls, values):
        self.sweeps, self.controls = sweeps, controls
        one = [sweep.block((), values) for sweep in sweeps]
        room = BUDGET
        self.blocks = []
        # The smallest first: where not all fit, it is the largest that is made on demand.
        for sweep, block in sorted(
            zip(sweeps, one), key=lambda pair: pair[1].size * combinations(pair[0], pair[0].names)
        ):
            points = [name for name in sweep.names if sweep.controls[name].kind == "point"]
            others = [name for name in sweep.names if name not in points]
            together = block.size * combinations(sweep, others) <= room
            along = [others] if together else [[name] for name in others]
            along += [[name] for name in points]
            blocks = [sweep.block(names, values) for names in along] or [block]
            room -= sum(block.size for block in blocks)
            self.blocks += blocks
        if room < 0:
            raise Misfit(
                f"the frames of this figure take {(BUDGET - room) / 1e6:.1f} MB, more than "
                f"{BUDGET / 1e6:g} MB, even along one control at a time: give the sliders a smaller "
                "count, or keep fewer steps."
            )

    def find(self, sweep, values):
        """Return (block, row) of a frame; it is computed if it isn't there."""
        for block in self.blocks:
            if block.sweep == sweep:
                row = block.row(self.controls, values)
                if row is not None:
                    return block, row
        return self.sweeps[sweep].block((), values), 0


def combinations(sweep, names):
    """Return how many frames a sweep has along these controls."""
    return math.prod(len(sweep.controls[name].values) for name in names)
