"""Functions of one variable: a walk on a curve."""

import numpy as np

from ... import plots
from ...descent import descend
from ...plots.geometry import formula, limits
from ...rules import gd
from ...theory import CREEPING
from ..actors import at_step, trail
from ..controls import pick, scrubber, slider
from ..stage import Stage
from .parts import (
    arrows,
    dots,
    knob_controls,
    leaps,
    lowest,
    over_steps,
    ready,
    record,
    spot,
    start_on,
    swept,
    taking,
    trace,
    verb,
)


def descent_on_curve(f, opt=gd, start=None, *, lr=None, steps=30, within=None):
    """Walk down a curve: choose lr and the start, see every step, and how the loss falls.

    Parameters
    ----------
    f : landscape in one dimension, or a function of x
    opt : Optimizer, or a learner's own update rule
    start : float, optional
    lr : Control, optional
        Unless given, as far as the curve allows: `slider(0.01, 1.2)` on the parabola.
    steps : int
    within : int, optional
        In how many steps the loss shall come within 1e-6 of the lowest, as a goal; in all of them,
        unless given.

    Returns
    -------
    Stage

    Raises
    ------
    ValueError
        If `within` is more than the steps that there are.

    Examples
    --------
    >>> from gdtutor.landscapes import parabola
    >>> figure = descent_on_curve(parabola)
    >>> figure.says(lr=0.5, step=1)
    'lr 0.50: step 1, x +0.00, slope +0, loss 0, one step home'
    >>> figure.says(lr=1.1, step=30)
    'lr 1.10: step 30, x +712.13, slope +1.4e3, loss 5.1e5, explodes'
    """
    f, opt = formula(f, dim=1), ready(opt)
    within = steps if within is None else within
    if not 1 <= within <= steps:
        raise ValueError(f"within={within} must be one of the steps 1, …, {steps}.")
    start = start_on(f, start)
    (lowest_at,), bottom = lowest(f, limits(f, None, dim=1))
    lr = rates(opt, unit_of_lr(f, start, lowest_at)) if lr is None else lr
    controls = knob_controls(opt, {"lr": lr}, 2)
    fig, (left, right) = plots.figure(columns=2)
    plots.curve(left, f)
    starts = np.round(np.linspace(*left.get_xlim(), 41), 3)
    record(right, steps, 4e-10, 1e3, y="loss" if bottom == 0 else "loss above the lowest")

    def walk(start, **knobs):
        path = descend(f, start[:, None], swept(opt, **knobs), steps)
        x, loss = path.x[..., 0].T, path.f.T
        points = np.stack([x, loss], axis=-1)
        return {
            "walk": points,
            "steps": leaps(points),
            "first": points[:, 0],
            "losses": over_steps(path.f - bottom, floor=1e-9),
            "x": x,
            "slope": path.g[..., 0].T,
            "loss": loss,
            "reached": loss[:, within] - bottom < 1e-6,
            "verb": walks(x, loss - bottom),
        }

    return Stage(
        fig,
        {
            "steps": trail(arrows(left, 1)),
            "walk": trail(dots(left, size=4.5)),
            "first": spot(left, 0, full=False),
            "here": at_step(spot(left, 1), "walk"),
            "losses": trail(trace(right)),
            "loss now": at_step(spot(right, 1, size=9), "losses"),
        },
        {**controls, "start": pick([*starts, start], start, format="+.2f"), "step": scrubber(steps)},
        taking(["start", *controls], walk),
        ", ".join(f"{name} {{{name}:{control.format}}}" for name, control in controls.items())
        + ": step {step}, x {x:+.2f}, slope {slope:+.2g}, loss {loss:.2g}, {verb}",
        alt="A walk down a curve, step by step, and its loss over the steps. A small lr creeps, a "
        "larger one settles, a still larger one jumps from side to side, and the largest leads away.",
        goal=(f"bring the loss down to 1e−6 in {within} step{'s' * (within > 1)}", "reached"),
        drag={"first": {"x": "start"}},
    )  # fmt: skip


def unit_of_lr(f, start, bottom):
    """Return 2 / L, the largest lr on a parabola as curved as f is on the way to its bottom.

    Half of that leads from the start to the bottom in one step, if f is nowhere more curved.

    Examples
    --------
    >>> from gdtutor.landscapes import landscape
    >>> unit_of_lr(landscape(lambda x: x**2), 3.0, 0.0)
    1.0
    """
    ends = bottom + ((start - bottom) or 1.0) * np.array([0, 0.1, 1])
    with np.errstate(all="ignore"):
        slope = np.asarray(f.grad(ends[:, None]), dtype=float)[:, 0]
        curvature = np.abs((slope[1:] - slope[0]) / (ends[1:] - bottom))
    curvature = curvature[np.isfinite(curvature) & (curvature > 0)]
    return float(f"{2 / curvature.max():.3g}") if curvature.size else 1.0


def rates(opt, unit):
    """Return the slider for lr, in this unit if the rule's steps are as long as slopes are steep.

    With Adam and the like they are as long as lr, whatever the slope.
    """
    if opt.sees_landscape:
        unit = 1.0
    else:
        x, g = np.zeros(1), np.ones(1)
        once, twice = (opt(lr=1.0).step(1, x, scale * g)[0] for scale in (1, 2))
        unit = unit if np.allclose(twice, 2 * once) else 1.0
    values = [float(f"{unit * v:.6g}") for v in slider(0.01, 1.2, count=120).values]
    return pick(values, 0.1 * unit, format=".2f" if unit == 1 else ".3g")


def walks(x, above):
    """Return for every frame and step the verb for how it walks, (frames, steps + 1).

    It creeps where the mean step leaves more than 90 % of the way to go, as in `theory.regime`.

    Parameters
    ----------
    x, above : ndarray, shape (frames, steps + 1)
        Positions, and losses above the lowest.
    """
    first, last, steps = above[:, :1], above[:, -1:], x.shape[1] - 1
    with np.errstate(all="ignore"):
        turns = np.sign(np.diff(x[:, :3], axis=1))
        jumps = (turns[:, :1] * turns[:, 1:] < 0).any(axis=1, keepdims=True)
    slow = max((1 + 1e-9) * CREEPING ** (2 * steps), 1e-9)  # of a loss, which goes as the square
    return verb(
        x,
        (first < 1e-12, "is there already"),
        (above[:, 1:2] < 1e-12 * first, "one step home"),
        (x[:, 1:2] == x[:, :1], "stays"),
        (~(last < 10 * first), "explodes"),
        (jumps & (np.abs(last - first) < 1e-6 * first), "bounces for ever"),
        (last > first, np.where(jumps, "zigzags out", "leads away")),
        (jumps, "zigzags in"),
        (last > slow * first, "creeps"),
        otherwise="settles",
    )
