"""Learning rates over time: schedules against a constant, and the test that finds a rate."""

import functools
from dataclasses import replace

import numpy as np

from ... import plots, schedules
from ...data import diabetes, standardise
from ...descent import descend
from ...landscapes import landscape
from ...landscapes.noise import Noisy, Tilted, noisy, normal
from ...models import linear, minibatch
from ...rules import gd
from ..actors import text
from ..controls import choice, pick, slider, switch
from ..stage import Stage
from .parts import caption, over, ready, record, spot, swept, trace, verb

RUNS = 8  # one run of a noisy descent is luck: losses are means over so many


@landscape(domain=[(-10, 10), (-2.5, 2.5)], start=(10, 2), critical={"minima": [(0, 0)]})
def canyon(x, y, *, steep=1, gentle=0.02):
    """A valley whose walls get steeper the higher one stands, f = ½·gentle·x² + steep·(½y² + ¼y⁴).

    At the start, y = 2, the curvature is 13 times that at the bottom, so that the first steps must
    be short and later ones needn't: what warm-up is for.

    Source: after Gilmer et al., A loss curvature perspective on training instability in deep
    learning (2021), who see the curvature of nets fall during warm-up.
    """
    return gentle * x**2 / 2 + steep * (y**2 / 2 + y**4 / 4)


@canyon.gradient
def canyon(x, y, *, steep, gentle):
    return gentle * x, steep * (y + y**3)


class SharedNoise(Noisy):
    """A noisy landscape with the same noise in every frame, so that only the schedules differ."""

    def at(self, t):
        """Return the landscape of step t; points are (frames, runs, dim), and noise (runs, dim)."""
        return Tilted(self.inner, lambda shape: self.spread * normal((self.seed, t), shape[-2:]))


def shared(f):
    """Return a landscape or model whose noise doesn't depend on the frame."""
    f = f if hasattr(f, "start") else landscape(f)
    return SharedNoise(f.inner, f.sigma, f.batch_size, f.seed) if isinstance(f, Noisy) else f


def shapes(steps):
    """Return schedules by name: functions of the share of the peak that is left at the end.

    Examples
    --------
    >>> [round(shape(0.1)(99), 2) for shape in shapes(100).values()]
    [1.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15]
    """
    return {
        "constant": lambda end: schedules.constant(1.0),
        "inverse time": lambda end: schedules.inverse_time(1.0, decay=(1 / end - 1) / steps),
        "step": lambda end: schedules.step(1.0, every=steps // 4, factor=end ** (1 / 3)),
        "exponential": lambda end: schedules.exponential(1.0, factor=end ** (1 / steps)),
        "cosine": lambda end: schedules.cosine(1.0, steps, end=end),
        "one-cycle": lambda end: schedules.one_cycle(
            1.0, steps, start_factor=25, end_factor=1 / (25 * end)
        ),
        "stable, then decay": lambda end: schedules.warmup_stable_decay(
            1.0, steps, warmup=0, decay=0.2, shape=lambda u: 1 - (1 - end) * u
        ),
    }


def shares(shape, warmup, end, steps):
    """Return lr as a share of its peak, (frames, steps): a schedule behind a warm-up.

    `warmup` and `end` are arrays (frames,); a warm-up of 0 steps is none.
    """
    rise = schedules.warmup(np.maximum(warmup, 1)[:, None])
    found = (rise * shape(end[:, None]))(np.arange(steps))
    return np.broadcast_to(found, (len(warmup), steps))


def own_shape(function, steps):
    """Return a learner's schedule, a function of the step, in the form of the others."""
    try:
        values = np.array([float(function(t)) for t in range(steps)])
        if not np.isfinite(values).all():
            raise ValueError(f"own({np.isfinite(values).argmin()}) is no finite number")
    except (TypeError, ValueError) as error:
        raise TypeError(
            "own must be a function of the step t = 0, 1, … that returns a number, such as "
            f"lambda t: 0.99**t; here {error}."
        ) from error
    return lambda end: schedules.constant(1.0) * (lambda t: values[t])


@np.errstate(all="ignore")
def check_one_arrives(ends, f, opt, rates, steps):
    """Say what to do if the losses at the end are infinite for all of these constant rates."""
    if np.isfinite(ends).any():
        return
    x = descend(f, f.start, opt(lr=rates[0]), steps).x
    missing = np.isnan(x).any(axis=-1)
    t = int(missing.argmax())
    if missing.any() and np.isfinite([x[t - 1], f.grad(x[t - 1])]).all():
        raise ValueError(
            f"{opt.name} returned nan at step {t}, where position and gradient were finite: look for "
            "0/0, and for the root or log of something negative."
        )
    raise ValueError(
        f"every constant lr from {rates[0]:g} to {rates[-1]:g} is lost here: give smaller ones to "
        "choose from, lr=slider(1e-5, 1e-2, log=True)."
    )


def schedule_designer(f=None, opt=gd, own=None, *, lr=None, steps=200):
    """Design a schedule on a noisy landscape: shape, peak, warm-up, and where lr ends.

    Left the schedule, as a share of its peak; right the loss, the mean of eight noisy runs, beside
    that of a constant lr of the same size. Find out why the best constant lr isn't good: how large
    may the first steps be, and what keeps the last ones from settling? Then try decay without
    warm-up, warm-up without decay, and both with a larger peak.

    Parameters
    ----------
    f : landscape, optional
        Usually a noisy one, `noisy(rosenbrock, sigma=1)`; `canyon` with noise, unless given.
    opt : Optimizer, or a learner's own update rule
    own : callable, optional
        A schedule of your own, a function of t = 0, 1, … with a peak of 1; the first to be seen.
    lr : Control, optional
        The peaks to choose from, as `slider(0.01, 1, log=True)`.
    steps : int

    Returns
    -------
    Stage

    Raises
    ------
    TypeError, ValueError
        If every constant lr diverges, the rule returns nan, or your schedule is none.

    Examples
    --------
    >>> schedule_designer().says(schedule="cosine", lr=0.2, warmup=0, end=0.01)[-22:]
    'above this constant lr'
    """
    f, opt = shared(noisy(canyon, sigma=0.2) if f is None else f), ready(opt)
    peaks = slider(0.02, 2, 0.2, log=True, count=17, format=".2g") if lr is None else lr
    peaks = replace(peaks, label=peaks.label or "peak lr")
    mine = {} if own is None else {"yours": own_shape(own, steps)}
    lowest = f.minimum[1] if getattr(f, "minimum", None) else 0.0

    def train(lrs):
        """Return the mean loss at the times kept, (frames, kept), under rates (frames, steps)."""
        starts = np.broadcast_to(f.start, (1, RUNS if isinstance(f, Noisy) else 1, f.dim))
        rates = opt(lr=lambda t: lrs[:, t, None, None])
        loss = descend(f, starts, rates, steps, every=thin).f.mean(axis=-1).T - lowest
        return np.where(np.isfinite(loss), loss, np.inf)

    thin = max(steps // 40, 1)
    kept = np.unique(np.append(np.arange(0, steps, thin), steps))
    with np.errstate(all="ignore"):
        constant = train(np.repeat(np.array(peaks.values)[:, None], steps, axis=1))
    check_one_arrives(constant[:, -1], f, opt, peaks.values, steps)
    begin, best = constant[0, 0], constant[:, -1].min()
    best_lr, goal = peaks.values[int(constant[:, -1].argmin())], float(f"{best / 3:.2g}")
    beyond = 1e6 * begin  # what is lost leaves the view upwards, and isn't left out

    def plan(schedule, warmup, end):
        share = shares(schedule, warmup, end, steps)
        some = np.linspace(0, steps - 1, min(steps, 67)).round().astype(int)
        return {"plan": over(some, share[:, some])}

    def constants(lr):
        loss = constant[np.searchsorted(peaks.values, lr)]
        return {"flat": over(kept, np.fmin(loss, beyond)), "level": loss[:, -1]}

    def trained(schedule, lr, warmup, end):
        loss = train(lr[:, None] * shares(schedule, warmup, end, steps))
        final, flat = loss[:, -1], constant[np.searchsorted(peaks.values, lr), -1]
        return {
            "losses": over(kept, np.fmin(loss, beyond)),
            "final": final,
            "reached": final < goal,
            "verb": verb(
                final,
                (~(final < 10 * begin), "lost: steps too long"),
                (final < goal, "far below every constant lr"),
                (final < best * (1 - 1e-6), "below every constant lr"),
                (np.isclose(final, flat), "as a constant lr"),
                (final < flat, "below this constant lr"),
                otherwise="above this constant lr",
            ),
        }

    fig, (left, right) = plots.figure(columns=2)
    left.set_xlim(0, steps)
    left.set_ylim(0, 1.06)
    plots.labels(left, x="step", y="lr, as a share of its peak")
    floor = max(goal / 20, 1e-9 * begin)  # without noise it may end at 0
    record(right, steps, floor, 5 * begin, y="loss" if lowest == 0 else "loss above the lowest")
    right.axhline(
        best,
        color=plots.theme_of(right).muted,
        linewidth=1.2,
        label=f"end of the best constant lr, {best_lr:.2g}",
    )
    actors = {
        "plan": trace(left, 0, marks=False, width=2.6),
        "flat": trace(right, 1, marks=False, label="constant lr, the same peak"),
        "losses": trace(right, 0, marks=False, width=2.6, label="this schedule"),
    }
    plots.legend(right, loc="upper right", bbox_to_anchor=(1, 1.04))
    return Stage(
        fig,
        actors,
        {
            "schedule": choice(shapes(steps) | mine, "yours" if mine else "cosine"),
            "lr": peaks,
            "warmup": pick(np.unique(steps * np.array([0, 5, 10, 20, 40]) // 100), 0, label="warm-up",
                           format="d"),
            "end": pick([0.01, 0.03, 0.1, 0.3, 1], 0.01, label="falls to, if it falls", format=".2g"),
        },
        [plan, constants, trained],
        "{schedule}, peak lr {lr:.2g}, warm-up {warmup}: ends at {final:.3g} "
        "(constant: {level:.3g}), {verb}",
        alt="A learning rate schedule on the left, the loss under it on the right, beside that of a "
        "constant lr. A short warm-up allows a larger lr, and decay at the end lets the noise settle: "
        "together they end far below every constant lr; decay alone, too early, ends above.",
        goal=(f"end below {goal:.2g}, about a third of what the best constant lr reaches", "reached"),
        presets={
            "decay alone": {"schedule": "cosine", "lr": best_lr, "warmup": 0, "end": 0.01},
            "warm-up alone": {"schedule": "constant", "lr": 2 * best_lr, "warmup": steps // 10},
        },
    )  # fmt: skip


def range_test(model=None, opt=gd, *, lr=None, steps=100):
    """Find a learning rate by one short run: raise lr as you go, and watch where the loss turns.

    Left the range test: the loss of each batch (dots) and its running mean, against an lr that
    grows by a factor at every step. Right a training with the constant lr that you pick. Find out
    how far below the turn a good lr lies, what a hasty ramp does to the turn, and what small batches
    do. Then show the results of all lrs: how wide is the range of good ones?

    Parameters
    ----------
    model : Model, optional
        A model of `gdtutor.models`; linear regression on the diabetes data, standardised, unless given.
    opt : Optimizer, or a learner's own update rule
    lr : Control, optional
        The rates to pick from, as `slider(1e-4, 1, log=True)`.
    steps : int
        Of the training with a constant lr.

    Returns
    -------
    Stage

    Raises
    ------
    TypeError, ValueError
        If the model has no examples, every constant lr diverges, or the rule returns nan.

    Notes
    -----
    The test is that of Smith, Cyclical learning rates for training neural networks (2017).

    Examples
    --------
    >>> range_test().says(lr=0.01)[:51]
    'the loss turns at lr 0.27, a tenth is 0.027; yours,'
    """
    opt = ready(opt)
    model = patients() if model is None else model
    if not hasattr(model, "rows"):
        raise TypeError(
            f"a range test trains on batches of examples, and {model!r:.60} has none: give a model of "
            "gdtutor.models."
        )
    rates = slider(1e-3, 1, 0.002, log=True, count=41, format=".2g") if lr is None else lr
    low, high = rates.values[0] / 10, 10 * rates.values[-1]  # of the ramp
    batches = {str(size): minibatch(model, size) for size in (8, 32, 128) if size < model.n}
    batches[f"all {model.n}"] = minibatch(model, model.n)
    begin, thin = float(model(model.start)), max(steps // 25, 1)

    @functools.cache
    def trainings(batch):
        """Return the steps kept, and the loss there for every lr, (rates, kept)."""
        path = descend(batch, model.start, swept(opt, lr=rates.values), steps, every=thin)
        return path.t, np.where(np.isfinite(path.f), path.f, np.inf).T

    def upright(lr):
        """Return lines upright at these rates, (frames, 2, 2)."""
        return over(np.reshape(lr, (-1, 1)), (bottom, top))

    def test(batch, ramp):
        rising = schedules.exponential(low, (high / low) ** (1 / (ramp - 1)))
        path = descend(batch, model.start, opt(lr=rising), ramp)
        loss = np.array([batch.at(t + 1)(x) for t, x in enumerate(path.x[:-1])])
        loss = np.fmin(loss, 100 * begin)  # what is lost must not make all means infinite
        tried, mean = rising(np.arange(ramp)), running_mean(loss)
        turn, level = tried[mean.argmin()], mean.min()
        return {
            "dots": over(tried, loss[None]),
            "mean": over(tried, mean[None]),
            "turn": np.array([[turn, level]]),
            "turn's name": np.array([[turn, level]]),
            "tenth": upright(turn / 10),
            "tenth's name": upright(turn / 10)[:, 1],
            "found": np.array([turn]),
            "advice": np.array([turn / 10]),
        }

    def all_rates(batch, every):
        final = trainings(batch)[1][:, -1]
        shown = 1.0 if every else np.nan
        return {"results": over(rates.values, shown * final[None])}

    def training(batch, lr):
        t, every_loss = trainings(batch)
        loss, results = every_loss[np.searchsorted(rates.values, lr)], every_loss[:, -1]
        final, best = loss[:, -1], results.min()
        line = np.array([[0, best], [steps, best]])
        return {
            "training": over(t, loss),
            "yours": upright(lr),
            "handle": over(lr, bottom + 0.05 * (top - bottom)),
            "best": np.broadcast_to(line, (len(lr), 2, 2)),
            "best's name": np.broadcast_to(line[1], (len(lr), 2)),
            "final": final,
            "lowest": best + 0 * lr,
            "reached": final <= 1.05 * best,
            "verb": verb(
                final,
                (~(final < 10 * begin), "lost"),
                (final <= 1.05 * best, "as good as any"),
                (lr < rates.values[results.argmin()], "too slow"),
                otherwise="too large",
            ),
        }

    ends = np.array([trainings(batch)[1][:, -1] for batch in batches.values()])
    check_one_arrives(ends, model, opt, rates.values, steps)
    floor = ends.min()
    bottom, top = floor - 0.2 * (begin - floor), begin + 0.4 * (begin - floor)
    fig, (left, right) = plots.figure(columns=2)
    left.set_xscale("log")
    left.set_xlim(low / 1.3, 1.3 * high)  # with room for the first mark
    left.set_ylim(bottom, top)
    plots.labels(left, "Range test: lr grows", x="lr", y="loss")
    record(right, steps, bottom, top, log=False)
    plots.labels(right, "Training with your lr")
    ink = plots.theme_of(left).ink
    return Stage(
        fig,
        {
            "dots": left.scatter([], [], s=12, color=plots.theme_of(left).muted, alpha=0.5, zorder=2),
            "mean": trace(left, 0, marks=False, width=2.6),
            "tenth": left.plot([], [], ":", color=ink, linewidth=1.8, zorder=3)[0],
            "yours": trace(left, 1, marks=False),
            "results": trace(left, 2),
            "turn": spot(left, 0),
            "handle": spot(left, 1),
            "turn's name": text(caption(left, shift=(0, -8), va="top"), "turns"),
            "tenth's name": text(caption(left, shift=(5, -2), ha="left", va="top"), "a tenth"),
            "best": right.plot([], [], ":", color=ink, linewidth=1.8, zorder=3)[0],
            "best's name": text(
                caption(right, shift=(0, -5), ha="right", va="top"),
                "best of all lrs: {lowest:.3g}",
            ),
            "training": trace(right, 1, marks=False, width=2.6),
        },
        {
            "lr": rates,
            "batch": choice(batches, "32" if "32" in batches else None, label="batch size"),
            "ramp": choice({"30 steps": 30, "100 steps": 100, "300 steps": 300}, "100 steps"),
            "every": switch(label="▲ show where every lr ends"),
        },
        [test, all_rates, training],
        "the loss turns at lr {found:.2g}, a tenth is {advice:.2g}; yours, {lr:.2g}, trains to "
        "{final:.3g}: {verb}",
        alt="A learning rate range test on the left: the loss falls while lr grows, until it turns. On "
        "the right a training with the lr that was picked. A tenth of the lr at the turn usually "
        "trains as well as any; there is a wide range of good ones, and an edge.",
        goal=("pick an lr that trains to within 5 % of the best", "reached"),
        drag={"handle": {"x": "lr"}},
    )  # fmt: skip


def patients():
    """Return linear regression on the diabetes data, everything standardised."""
    data = diabetes()
    return linear(standardise(data.X), standardise(data.y[:, None])[:, 0])


def running_mean(values, keep=0.9):
    """Return the mean of all values so far, older ones counting less: keep, keep², …

    Examples
    --------
    >>> running_mean(np.array([1.0, 2.0]), keep=0.5).round(3).tolist()
    [1.0, 1.667]
    """
    n = len(values)
    weights = np.tril(keep ** np.maximum(np.subtract.outer(np.arange(n), np.arange(n)), 0))
    return weights @ values / weights.sum(axis=1)
