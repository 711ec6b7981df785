"""Ways off a saddle, and ways out of a valley."""

from collections import namedtuple

import numpy as np
from matplotlib.colors import to_rgba

from ... import plots, theory
from ...descent import descend
from ...landscapes import rastrigin, saddle
from ...optimizer import optimizer
from ...plots.geometry import formula, limits
from ...plots.style import labels, line_style, theme_of
from ...rules import adam, annealing, gd, langevin, momentum, nesterov
from ...rules.pieces import chance
from ...schedules import exponential
from ..actors import at_step, text, trail
from ..controls import choice, pick, scrubber, slider
from ..stage import Stage
from .basins import distances, minima_of
from .parts import (
    apart,
    by_frame,
    caption,
    first_where,
    grid,
    over,
    over_steps,
    ready,
    record,
    spot,
    swept,
    trace,
    verb,
)

NUDGES = [0.0, *(float(f"1e-{k}") for k in range(12, 0, -1))]


def saddle_escape(f=saddle, opt=None, *, at=None, approach=-1.5, distance=1.0, lr=None, steps=160):
    """Walk onto a saddle, a nudge beside its ridge, and count the steps until the walker gets away.

    Only a start exactly on the ridge ends at the saddle. All others leave, and each factor of ten
    that they begin nearer costs the same number of steps again: the distance grows by a factor in
    every step, 1 + lr·|λ| for gradient descent, so what counts is its logarithm. Momentum makes the
    factor larger, and Adam hardly cares how small a gradient is.

    Parameters
    ----------
    f : landscape in two dimensions, or a function of (x, y)
    opt : Optimizer, or a learner's own update rule, optional
        One more rule to choose, and the first.
    at : pair of float, optional
        The saddle; the first that f knows, or else (0, 0).
    approach : float
        How far from the saddle the walk begins, along the way that leads down to it.
    distance : float
        How far the walker must get along the way out.
    lr : Control, optional
    steps : int

    Returns
    -------
    Stage

    Raises
    ------
    ValueError
        If there is no saddle.

    Examples
    --------
    >>> figure = saddle_escape()
    >>> figure.says(nudge=1e-6)
    'gradient descent, nudge 1e−6, lr 0.1: |y| > 1 at step 76; ten times nearer costs 12.6 steps more'
    >>> figure.says(nudge=0)
    'gradient descent, nudge 0, lr 0.1: at the saddle for ever'

    Notes
    -----
    `gdtutor.theory.escape_steps` is the closed form for gradient descent. The pale line grows by the
    factor that theory knows for the long run; momentum must get going first.
    """
    f = formula(f, dim=2)
    known = [*getattr(f, "saddles", ()), (0, 0)]
    at = np.asarray(known[0] if at is None else at, dtype=float)
    curvature, (out, into) = ways(f, at)
    unit = 2 / np.abs(curvature).max()  # lr as on x² − y², however steep this saddle is
    lr = slider(0.02 * unit, 0.3 * unit, 0.1 * unit, count=15, format=".2f") if lr is None else lr
    rules = {
        "gradient descent": gd,
        "momentum 0.9": momentum,
        "Nesterov 0.9": nesterov,
        "Adam": adam,
    }
    rules = rules if opt is None else {f"{ready(opt).name}, given": ready(opt)} | rules
    along = name_of(f, out)
    floor, top = 0.1 * NUDGES[1], 30 * distance  # a nudge of 0 is shown at the floor

    fig, (left, right) = plots.figure(columns=2, height=4.0)
    plots.contours(left, f)
    record(right, steps, floor, top, y=along)
    right.axhline(distance, color=theme_of(right).muted, linewidth=1)
    right.text(1.01, distance, "away", transform=right.get_yaxis_transform(), va="center",
               color=theme_of(right).ink, fontsize=12)  # fmt: skip
    (expected,) = right.plot(
        [], [], color=theme_of(right).lines[1], alpha=0.35, linewidth=11, zorder=3
    )

    def walk(nudge, lr, rule):
        path = descend(f, at + approach * into + nudge[:, None] * out, swept(rule, lr=lr), steps)
        away = np.abs((path.x - at) @ out)
        gone = away > distance
        escaped = gone.any(axis=0)
        count = first_where(gone, never=np.nan)
        astray = ~escaped & ~(np.linalg.norm(path.end - at, axis=-1) <= distance)
        rate = np.where((nudge > 0) & ~astray, growth(rule, lr, curvature[0]), np.nan)
        when = np.where(escaped, count, steps).astype(int)
        return {
            "walk": by_frame(path.x),
            "start": path.start,
            "ways": over_steps(away, floor),
            "expected": straight(nudge, rate, steps, 10 * top),
            "key": over(np.where(np.isfinite(rate), steps, np.nan), 1.5 * floor),
            "first": np.stack([0 * nudge, np.maximum(nudge, floor)], axis=-1),
            "escape": np.stack([count, away[when, np.arange(len(when))]], axis=-1),
            "count": count,
            "judged": verb(
                nudge,
                (escaped, np.char.mod(f"{along} > {distance:g} at step %d", when)),
                (astray, "gone astray on the way there"),
                (away[-1] == 0, "at the saddle for ever"),
                otherwise=f"still there after {steps} steps",
            ),
            "price": np.where(
                np.isfinite(rate),
                np.char.mod("; ten times nearer costs %.1f steps more", 1 / np.log10(rate)),
                "",
            ),
            "soon": (count <= 30) & (nudge <= 1e-6),
        }

    nudge = pick(NUDGES, 1e-6)
    away_at = walk(np.array([nudge.value]), np.array([lr.value]), next(iter(rules.values())))[
        "count"
    ]
    return Stage(
        fig,
        {
            "walk": trail(trace(left)),
            "start": spot(left, 0, full=False),
            "here": at_step(spot(left, 1), "walk"),
            "expected": expected,
            "key": text(caption(right, ha="right", va="bottom"), "pale: the slope of theory"),
            "ways": trail(trace(right, marks=False)),
            "way now": at_step(spot(right, 1, size=9), "ways"),
            "first": spot(right, 0, full=False),
            "escape": spot(right, 2, marker="D", size=9),
        },
        {
            "nudge": nudge,
            "lr": lr,
            "rule": choice(rules),
            "step": scrubber(steps, float(np.nan_to_num(away_at[0], nan=steps))),
        },
        walk,
        "{rule}, nudge {nudge:.3g}, lr {lr:.2g}: {judged}{price}",
        alt="A walk down to a saddle that begins a nudge beside the ridge. Its distance grows by "
        "the same factor in every step, a straight line on the logarithmic axis: each factor ten "
        "nearer costs as many steps again, and only a start exactly on the ridge stays.",
        goal=("escape within 30 steps from a nudge of 1e−6 or less", "soon"),
        presets={"no nudge": {"nudge": 0}, "a trillionth": {"nudge": 1e-12}},
        drag={"first": {"y": "nudge"}},
    )  # fmt: skip


def ways(f, at):
    """Return the curvatures at a saddle, the negative one first, and the ways out and in.

    Examples
    --------
    >>> ways(saddle, np.zeros(2))[1].tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    curvature, directions = np.linalg.eigh(f.hess(at))
    if not (
        np.linalg.norm(f.grad(at)) < 1e-4 * np.abs(curvature).max()
        and curvature[0] < 0 < curvature[1]
    ):
        raise ValueError(
            f"{getattr(f, 'name', 'this function')} has no saddle at {at.tolist()} that curves down "
            f"one way and up the other: its gradient there is {f.grad(at).round(3).tolist()}, its "
            f"curvatures are {curvature.round(3).tolist()}. Say where there is one: at=(x, y)."
        )
    signs = np.sign(directions[np.argmax(np.abs(directions), axis=0), [0, 1]])
    return curvature, (signs * directions).T + 0.0


def name_of(f, direction):
    """Return what the distance along a direction is called: |y|, or just the distance."""
    names = getattr(f, "coordinates", ("x", "y"))
    along = np.isclose(np.abs(direction), 1)
    return f"|{names[int(np.argmax(along))]}|" if along.any() else "distance"


def growth(rule, lr, curvature):
    """Return by which factor a rule gets away from a saddle in a step, or nan if it isn't known."""
    if rule.rule is gd.rule:
        return theory.gd_rate(lr, curvature)
    if rule.rule is momentum.rule:
        return theory.heavy_ball_rate(lr, rule.knobs["momentum"], curvature)
    if rule.rule is nesterov.rule:
        return theory.nesterov_rate(lr, rule.knobs["momentum"], curvature)
    return np.full(np.shape(lr), np.nan)


def straight(first, rate, steps, top):
    """Return first · rateᵗ as two points (frames, 2, 2), not farther than to the top.

    Examples
    --------
    >>> straight(np.array([1.0, 1.0]), np.array([2.0, 10.0]), 3, 100.0).round(9).tolist()
    [[[0.0, 1.0], [3.0, 8.0]], [[0.0, 1.0], [2.0, 100.0]]]
    """
    last = np.minimum(steps, np.log(top / first) / np.log(rate))
    ends = np.stack([0 * last, last], axis=1)
    return over(ends, first[:, None] * rate[:, None] ** ends)


@optimizer
def restarting(t, x, g, *, lr=1e-2, every=50, low=-1.0, high=1.0, seed=0):
    """Gradient descent that begins again somewhere else, by chance, at every so many steps.

    `random_restarts` walks from all starts at once; here one walker does so one after the other, so
    that it can be seen what each of its steps has brought.

    Examples
    --------
    >>> restarting(every=1, low=2.0, high=2.0).step(1, np.zeros(2), np.ones(2))[0].tolist()
    [2.0, 2.0]
    """
    elsewhere = low + (high - low) * chance(seed, t, "restarting").random(np.shape(x))
    return np.where(t % every == 0, elsewhere, x - lr * g)


def ways_out(f=rastrigin, *, steps=200, seeds=30, domain=None):
    """Race five ways out of a valley, at equal cost: from timid to bold.

    Gradient descent stays in the valley that it starts in. Restarting jumps to a new place every so
    many steps, noise (Langevin dynamics) shakes the walker, momentum rolls on, and annealing
    proposes places around and takes worse ones, too, while it is hot. How far they dare to go is
    one number, the boldness: the timid never leave the valley, the bold never look closely at any.

    All methods may look at the landscape equally often: a value, or a gradient, is one evaluation.
    A step of gradient descent, momentum or noise costs two, the gradient to go along and the value
    of the new place, without which nobody knows which place was the best; so does a new start. A
    step of annealing costs one, the value of what is proposed: this one asks for no gradient. The
    value of the first place is free.

    Parameters
    ----------
    f : landscape in two dimensions, or a function of (x, y)
    steps : int
        Of the methods that use gradients; evaluations are twice as many.
    seeds : int
        How many runs of each method. Their starts are drawn evenly from the domain, and are the
        same for all methods; the map shows the first.
    domain : array_like, shape (2, 2), optional

    Returns
    -------
    Stage

    Examples
    --------
    >>> ways_out().says(boldness=0.5, step=200)[:71]
    'boldness 0.50: after 400 evaluations annealing leads, median loss 0.87;'
    """
    f = formula(f, dim=2, domain=domain)
    domain = limits(f, domain, dim=2)
    minima = minima_of(f, domain)
    lowest = f(minima).min()
    bold = slider(0.05, 1, 0.3, count=20, format=".2f")
    starts = np.random.default_rng(0).uniform(*domain.T, size=(seeds, 2))
    everywhere = np.broadcast_to(starts, (len(bold.values), seeds, 2))
    methods = contestants(f, minima, domain, np.array(bold.values)[:, None, None], steps)
    runs = {name: raced(f, opt, cost, everywhere, steps) for name, (opt, cost) in methods.items()}

    fig, (left, right) = plots.figure(columns=2, height=4.2)
    plots.contours(left, f, domain)
    left.plot(*minima[deepest(f, minima)].T, "*", color=theme_of(left).paper, markersize=14,
              markeredgecolor=theme_of(left).ink)  # fmt: skip
    top = 1.5 * (np.quantile(f(starts), 0.75) - lowest)
    floor = top / 1000
    spot(left, 5, full=False).set_data(*starts[:1].T)
    record(right, 2 * steps, floor, top, y="best loss so far, above the lowest")
    labels(right, x="evaluations")
    right.set_xlim(-0.05 * steps, 3.55 * steps)  # with room for names behind the lines
    right.set_xticks(np.linspace(0, 2 * steps, 5))
    band = right.fill_between([], [], [], color=to_rgba(theme_of(right).muted, 0.3), linewidth=0)
    actors = {
        "walk": trail(trace(left, 5, marks=False, width=1.4), fade=True),
        "walker": at_step(spot(left, 5, size=8), "walk"),
        "band": trail(band),
    }
    for i, name in enumerate(runs):
        marker = line_style(left, i)["marker"]
        label = right.annotate(name, (0, 0), xytext=(8, 0), textcoords="offset points", va="center",
                               fontsize=12, color=theme_of(right).ink)  # fmt: skip
        actors |= {
            f"{name} place": at_step(spot(left, i, marker=marker, size=10)),
            f"{name} line": trail(trace(right, i, marks=False)),
            f"{name} now": at_step(spot(right, i, marker=marker, size=8), f"{name} line"),
            f"{name} key": spot(right, i, marker=marker, size=8),
            f"{name} name": text(label, name),
        }

    def race(boldness):
        now = [bold.values.index(b) for b in boldness.tolist()]
        medians = np.stack([np.median(run.best[:, now], axis=-1) for run in runs.values()]) - lowest
        shares = [
            np.mean(in_deepest(f, run.places[-1, now], minima), axis=-1) for run in runs.values()
        ]
        found = {f"{name} line": evaluations(loss, floor) for name, loss in zip(runs, medians)}
        found |= {f"{name} place": by_frame(run.places[:, now, 0]) for name, run in runs.items()}
        beside = over(2.12 * steps, apart(medians[:, -1], floor, top, gap=1 / 15, ceiling=29 / 30))
        for i, name in enumerate(runs):
            found |= {f"{name} key": beside[i], f"{name} name": beside[i]}
        return found | {
            "evaluations": np.tile(2 * np.arange(steps + 1), (len(now), 1)),
            "leader": np.where(
                np.ptp(medians, axis=0) == 0,
                "all are level",
                np.array([f"{name} leads" for name in runs])[np.argmin(medians, axis=0)],
            ).T,
            "lead": medians.min(axis=0).T,
            "plain": medians[0].T,
            "stuck": np.where(medians[0] < 1.01 * medians[0, -1], "is stuck", "is still").T,
            "cells": np.stack([medians[:, -1].T, np.transpose(shares)], axis=-1),
            "half": np.max(shares, axis=0) >= 0.5,
        }

    def spotlight(boldness, method):
        now = [bold.values.index(b) for b in boldness.tolist()]
        run = runs[method]
        low, high = np.quantile(run.best[:, now] - lowest, [0.25, 0.75], axis=-1)
        return {
            "walk": by_frame(run.x[:, now, 0]),
            "band": np.concatenate(
                [evaluations(low, floor), evaluations(high, floor)[..., 1:]], axis=-1
            ),
        }

    return Stage(
        fig,
        actors,
        {"boldness": bold, "method": choice(list(runs), "annealing"), "step": scrubber(steps)},
        [race, spotlight],
        "boldness {boldness:.2f}: after {evaluations} evaluations {leader}, median loss "
        "{lead:.2g}; gradient descent {stuck} at {plain:.2g}",
        alt="Five ways out of a valley raced at an equal number of evaluations, over many seeds. "
        "Gradient descent stays where it began; the others get out if they are bold, and lose again "
        "if they are too bold.",
        goal=("bring half of the seeds into the deepest valley, by any method", "half"),
        presets={
            "timid": {"boldness": 0.1},
            "bold": {"boldness": 0.55},
            "wild": {"boldness": 1.0},
        },
        table={
            "title": f"after {2 * steps} evaluations, {seeds} seeds",
            "columns": {"median loss": ".2f", "in the deepest valley": ".0%"},
            "rows": list(runs),
            "cells": "cells",
        },
    )  # fmt: skip


Run = namedtuple("Run", ["x", "best", "places"])
"""What a method went through, (steps + 1, frames, seeds, …): where it was, the lowest loss so far,
and where that was."""


def contestants(f, minima, domain, bold, steps):
    """Return the methods and what a step of them costs in evaluations.

    They are fitted to the landscape: steps to its steepest valley, jumps to its size, temperatures
    to how much its heights differ.
    """
    lr = 1 / np.linalg.eigvalsh(f.hess(minima)).max()
    size = np.ptp(domain, axis=1).mean()
    relief = np.std(f(grid(domain, 41)))
    cooling = exponential(0.3 * relief, 0.01 ** (1 / (2 * steps)))
    low, high = domain.T
    return {
        "gradient descent": (gd(lr=lr), 2),
        "restarting": (restarting(lr=lr, every=np.round(100 ** (1 - bold)), low=low, high=high), 2),
        "noise": (langevin(lr=lr, temperature=3 * relief * bold**2), 2),
        "momentum": (momentum(lr=lr, momentum=1 - 0.005**bold), 2),
        # With lr 0 what is proposed doesn't depend on the gradient, so that it need not be paid for.
        "annealing": (annealing(lr=0.0, scale=0.15 * size * bold, temperature=cooling), 1),
    }


def raced(f, opt, cost, starts, steps):
    """Return the Run of a method whose steps cost so many evaluations, of 2 · steps that it has."""
    path = descend(f, starts, opt, 2 * steps // cost)
    losses = np.where(np.isfinite(path.f), path.f, np.inf)
    best = np.minimum.accumulate(losses)
    row = np.arange(len(best))[:, None, None]
    better = np.diff(best, axis=0, prepend=np.inf) < 0
    found = np.maximum.accumulate(np.where(better, row, 0))
    places = np.take_along_axis(path.x, found[..., None], axis=0)
    return Run(*(rows[:: 2 // cost] for rows in (path.x, best, places)))


def evaluations(values, floor):
    """Return values (steps + 1, frames) as points (frames, steps + 1, 2) over evaluations."""
    return over_steps(values, floor) * [2, 1]


def in_deepest(f, x, minima):
    """Return whether points (..., 2) are in a valley of the lowest minimum: that one is the nearest.

    Examples
    --------
    >>> in_deepest(rastrigin, np.array([[0.4, -0.4], [0.6, 0.0]]), rastrigin.minima).tolist()
    [True, False]
    """
    return deepest(f, minima)[np.argmin(distances(x, minima), axis=-1)]


def deepest(f, minima):
    """Return which of the minima are the lowest."""
    depth = f(minima)
    return np.isclose(depth, depth.min(), rtol=1e-6, atol=1e-6)
