"""Schedules: a knob as a function of the step, mostly the learning rate.

    gd(lr=cosine(0.1, 500))                      falls to 0 over 500 steps
    gd(lr=warmup(20) * cosine(0.1, 500))         schedules multiply, with numbers too
    gd(lr=constant(0.1).then(step(0.1, 30), 90)) and follow one another

Here t counts from 0, so that `schedule(0)` is the value for the first step; it takes arrays, so that
`schedule(np.arange(500))` can be drawn. Any function of t of your own is a schedule as well.
`reduce_on_plateau` watches the loss instead of the clock.
"""

import numpy as np

from .configured import Configured
from .optimizer import brief

__all__ = [
    "constant",
    "cosine",
    "exponential",
    "inverse_time",
    "linear",
    "multistep",
    "one_cycle",
    "one_cycle_momentum",
    "polynomial",
    "power",
    "reduce_on_plateau",
    "step",
    "warm_restarts",
    "warmup",
    "warmup_stable_decay",
]


class Combined:
    """How schedules are put together; the base of every schedule here."""

    needs_loss = False
    memory = ()
    __array_ufunc__ = None  # an array times a schedule is a schedule, not an array of schedules

    def next(self, t, loss, memory):
        """Return the value at step t, and what the schedule remembers for the next one."""
        return self(t), memory

    def __mul__(self, other):
        return Product(self, other if callable(other) else constant(other))

    __rmul__ = __mul__

    def then(self, other, after):
        """Return this schedule for `after` steps, and then `other`, which begins at its own t = 0.

        Examples
        --------
        >>> [constant(1.0).then(constant(0.5), after=2)(t) for t in range(4)]
        [1.0, 1.0, 0.5, 0.5]
        """
        return Chain(self, other, after)


class Schedule(Combined, Configured):
    """A schedule, its parameters set. Made by the functions of this module."""

    def __call__(self, t):
        value = super().__call__(t)
        return value if np.ndim(value) else float(value)


class Product(Combined):
    """Two schedules multiplied."""

    def __init__(self, one, other):
        self.pair = (one, other)
        self.needs_loss = any(getattr(s, "needs_loss", False) for s in self.pair)
        self.memory = tuple(getattr(s, "memory", ()) for s in self.pair)

    def __call__(self, t):
        one, other = self.pair
        return one(t) * other(t)

    def next(self, t, loss, memory):
        """Return the product at step t, and what both factors remember."""
        values, memories = zip(
            *(
                s.next(t, loss, m) if isinstance(s, Combined) else (s(t), m)
                for s, m in zip(self.pair, memory)
            )
        )
        return values[0] * values[1], memories

    def __repr__(self):
        return " * ".join(map(repr, self.pair))


class Chain(Combined):
    """One schedule for a while, then another."""

    def __init__(self, first, second, after):
        for part in (first, second):
            if getattr(part, "needs_loss", False):
                raise TypeError(
                    f"{part!r} goes by the loss and not by the step, so it can't follow or precede "
                    "another schedule; multiply it with one instead."
                )
        self.first, self.second, self.after = first, second, after

    def __call__(self, t):
        early = np.asarray(t) < self.after
        later = np.maximum(np.asarray(t) - self.after, 0)
        value = np.where(early, self.first(t), self.second(later))
        return value if value.ndim else float(value)

    def __repr__(self):
        return f"{self.first!r}.then({self.second!r}, after={self.after})"


@Schedule.factory
def constant(t, lr):
    """lr at every step.

    Examples
    --------
    >>> constant(0.1)(7)
    0.1
    """
    return lr + 0.0 * t


@Schedule.factory
def linear(t, start, end, steps):
    """From start to end in a straight line over `steps` steps, then end.

    start + (end − start) · min(t, steps) / steps. Agrees with `torch.optim.lr_scheduler.LinearLR`.

    Examples
    --------
    >>> [linear(0.0, 1.0, 4)(t) for t in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return start + (end - start) * np.minimum(t, steps) / steps


@Schedule.factory
def warmup(t, steps):
    """A factor that rises to 1 in the first `steps` steps: min(1, (t + 1) / steps).

    Its first value is 1 / steps and not 0, so that the first step does something (with optax's
    linear warm-up from 0 it doesn't). For multiplying: `warmup(20) * cosine(0.1, 500)`.

    Examples
    --------
    >>> [warmup(4)(t) for t in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return np.minimum((t + 1) / steps, 1.0)


@Schedule.factory
def inverse_time(t, lr, decay):
    """lr / (1 + decay · t).

    Robbins & Monro (1951): such steps add up to infinity while their squares don't.

    Examples
    --------
    >>> [inverse_time(1.0, decay=1.0)(t) for t in range(3)]
    [1.0, 0.5, 0.3333333333333333]
    """
    return lr / (1 + decay * t)


@Schedule.factory
def power(t, lr, p=0.5):
    """lr / (1 + t)ᵖ; with p = ½ scikit-learn's "invscaling".

    Examples
    --------
    >>> power(1.0)(3)
    0.5
    """
    return lr / (1.0 + t) ** p


@Schedule.factory
def step(t, lr, every, factor=0.1):
    """lr · factor^⌊t / every⌋. Agrees with `torch.optim.lr_scheduler.StepLR`.

    Examples
    --------
    >>> [step(8.0, every=2, factor=0.5)(t) for t in range(5)]
    [8.0, 8.0, 4.0, 4.0, 2.0]
    """
    return lr * factor ** (t // every)


@Schedule.factory
def multistep(t, lr, milestones, factor=0.1):
    """lr · factor^(number of milestones ≤ t). Agrees with `torch.optim.lr_scheduler.MultiStepLR`.

    Examples
    --------
    >>> [multistep(8.0, [2, 3], factor=0.5)(t) for t in range(5)]
    [8.0, 8.0, 4.0, 2.0, 2.0]
    """
    return lr * float(factor) ** np.searchsorted(np.sort(milestones), t, side="right")


@Schedule.factory
def exponential(t, lr, factor):
    """lr · factorᵗ. Agrees with `torch.optim.lr_scheduler.ExponentialLR`.

    Examples
    --------
    >>> exponential(8.0, factor=0.5)(2)
    2.0
    """
    return lr * factor**t


@Schedule.factory
def polynomial(t, lr, steps, end=0.0, power=1.0):
    """(lr − end) · (1 − min(t, steps) / steps)^power + end.

    Agrees with `torch.optim.lr_scheduler.PolynomialLR`.

    Examples
    --------
    >>> polynomial(8.0, steps=4, power=2.0)(2)
    2.0
    """
    return (lr - end) * (1 - np.minimum(t, steps) / steps) ** power + end


@Schedule.factory
def cosine(t, lr, steps, end=0.0):
    """end + (lr − end) · (1 + cos(π · min(t, steps) / steps)) / 2.

    After `steps` it stays at the end, as in optax; PyTorch's `CosineAnnealingLR`, with which it
    agrees up to there, climbs again. Loshchilov & Hutter (2017).

    Examples
    --------
    >>> [round(cosine(1.0, 4)(t), 3) for t in (0, 2, 4, 9)]
    [1.0, 0.5, 0.0, 0.0]
    """
    return end + (lr - end) * half_cosine(np.minimum(t, steps) / steps)


@Schedule.factory
def warm_restarts(t, lr, steps, mult=1, end=0.0):
    """SGDR: a cosine that begins again, in cycles of steps, steps · mult, steps · mult², …

    Loshchilov & Hutter (2017). Agrees with `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.

    Examples
    --------
    >>> [round(warm_restarts(1.0, 2, mult=2)(t), 3) for t in range(7)]
    [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
    """
    t = np.asarray(t)
    if mult == 1:
        begin, length = t // steps * steps, steps
    else:
        ends = steps * (mult ** np.arange(1, 64.0) - 1) / (mult - 1)
        cycle = np.searchsorted(ends, t, side="right")
        begin = np.append(0, ends)[cycle]
        length = steps * float(mult) ** cycle
    return end + (lr - end) * half_cosine((t - begin) / length)


@Schedule.factory
def one_cycle(t, lr, steps, up=0.3, start_factor=25.0, end_factor=1e4):
    """Up to lr along a cosine in the first part of the steps, and down along another to almost 0.

    From lr / start_factor up to lr at t = up · steps − 1, down to lr / start_factor / end_factor at
    t = steps − 1. Smith & Topin (2018). Agrees with `torch.optim.lr_scheduler.OneCycleLR`; pair it
    with `one_cycle_momentum`.

    Examples
    --------
    >>> [round(one_cycle(1.0, 10)(t), 4) for t in (0, 2, 9)]
    [0.04, 1.0, 0.0]
    """
    low = lr / start_factor
    return up_and_down(t, steps, up, low, lr, low / end_factor)


@Schedule.factory
def one_cycle_momentum(t, steps, up=0.3, high=0.95, low=0.85):
    """The momentum for `one_cycle`: from high down to low while lr rises, and back.

    Examples
    --------
    >>> [round(one_cycle_momentum(10)(t), 4) for t in (0, 2, 9)]
    [0.95, 0.85, 0.95]
    """
    return up_and_down(t, steps, up, high, low, high)


@Schedule.factory
def warmup_stable_decay(t, lr, steps, warmup=0.05, decay=0.2, shape=lambda u: 1 - u):
    """Rise, stay, fall: lr · (t + 1) / W at first, then lr, then lr · shape(u) in the last part.

    `warmup` and `decay` are parts of the steps; u runs from 0 to 1 over the decay, and `shape` says
    how it falls: 1 − u, 1 − √u, or ½^(steps · u / T). Hu et al. (2024).

    Examples
    --------
    >>> schedule = warmup_stable_decay(1.0, steps=10, warmup=0.2, decay=0.5)
    >>> [round(schedule(t), 2) for t in range(11)]
    [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2, 0.0]
    """
    rise = np.minimum((t + 1) / max(warmup * steps, 1), 1.0)
    u = np.clip((t - (1 - decay) * steps) / max(decay * steps, 1), 0.0, 1.0)
    return lr * rise * shape(u)


class ReduceOnPlateau(Combined):
    """A schedule that goes by the loss; see `reduce_on_plateau`."""

    needs_loss = True

    def __init__(self, lr, factor, patience, threshold, cooldown, min_lr):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.threshold, self.cooldown, self.min_lr = threshold, cooldown, min_lr
        self.memory = (np.inf, 0, 0, lr)

    def next(self, t, loss, memory):
        """Return lr for this step after seeing the loss before it, and (best, bad, rest, lr)."""
        best, bad, rest, lr = memory
        loss = np.asarray(loss)[..., None] if np.ndim(loss) or np.ndim(lr) else loss
        better = loss < best * (1 - self.threshold)
        best = np.where(better, loss, best)
        bad = np.where(better | (rest > 0), 0, bad + 1)
        rest = np.maximum(rest - 1, 0)
        cut = bad > self.patience
        lower = np.maximum(lr * self.factor, self.min_lr)
        lr = np.where(cut & (lr - lower > 1e-8), lower, lr)
        value = lr if lr.ndim else float(lr)
        return value, (best, np.where(cut, 0, bad), np.where(cut, self.cooldown, rest), value)

    def __call__(self, t):
        raise TypeError(
            f"{self!r} can't be known from the step alone: it needs the losses. Give it to an "
            "optimizer; after the run path['lr'] holds its values."
        )

    def __repr__(self):
        return (
            f"reduce_on_plateau({brief(self.lr)}, factor={self.factor:g}, patience={self.patience})"
        )


def reduce_on_plateau(lr, factor=0.1, patience=10, threshold=1e-4, cooldown=0, min_lr=0.0):
    """Multiply lr by factor whenever the loss hasn't improved for more than `patience` steps.

    A loss is an improvement if it is below best · (1 − threshold). After a cut the next `cooldown`
    steps don't count; lr never falls below min_lr, and a change under 1e-8 is left out. It sees the
    loss at the start of every step, for each start of a batch by itself. Agrees with
    `torch.optim.lr_scheduler.ReduceLROnPlateau`; optax fires one loss earlier.

    Examples
    --------
    >>> schedule = reduce_on_plateau(1.0, factor=0.5, patience=1)
    >>> memory = schedule.memory
    >>> for t, loss in enumerate([3.0, 2.0, 2.0, 2.0]):
    ...     lr, memory = schedule.next(t, loss, memory)
    ...     print(loss, lr)
    3.0 1.0
    2.0 1.0
    2.0 1.0
    2.0 0.5
    """
    return ReduceOnPlateau(lr, factor, patience, threshold, cooldown, min_lr)


def half_cosine(u):
    """Return (1 + cos πu) / 2: 1 at u = 0, 0 at u = 1, flat at both ends.

    Examples
    --------
    >>> float(half_cosine(0.0)), round(float(half_cosine(1.0)), 12)
    (1.0, 0.0)
    """
    return (1 + np.cos(np.pi * u)) / 2


def up_and_down(t, steps, up, start, middle, end):
    """From start to middle along a cosine until t = up · steps − 1, then to end at steps − 1."""
    turn = max(up * steps - 1, 1e-9)
    first = middle + (start - middle) * half_cosine(np.minimum(t / turn, 1.0))
    u = np.clip((t - turn) / (steps - 1 - turn), 0.0, 1.0)
    return np.where(np.asarray(t) <= turn, first, end + (middle - end) * half_cosine(u))
