"""Functions of one variable: a walk on a curve."""

import numpy as np

from ... import plots
from ...descent import descend
from ...plots.geometry import formula, limits
from ...rules import gd
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
        As `slider(0.01, 1.2)`.
    steps : int
    within : int, optional
        In how many steps the loss shall come within 1e-6 of the lowest, as a goal; in all of them,
        unless given.

    Returns
    -------
    Stage

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
    controls = knob_controls(
        opt, {"lr": slider(0.01, 1.2, 0.1, count=120, format=".2f") if lr is None else lr}, 2
    )
    fig, (left, right) = plots.figure(columns=2)
    plots.curve(left, f)
    starts = np.round(np.linspace(*left.get_xlim(), 41), 3)
    start = start_on(f, start)
    _, bottom = lowest(f, limits(f, None, dim=1))
    within = steps if within is None else within
    record(right, steps, 1e-9, 1e3, y="loss" if bottom == 0 else "loss above the lowest")

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
        ", ".join(f"{name} {{{name}:.2f}}" for name in controls)
        + ": step {step}, x {x:+.2f}, slope {slope:+.2g}, loss {loss:.2g}, {verb}",
        alt="A walk down a curve, step by step, and its loss over the steps. A small lr creeps, a "
        "larger one settles, a still larger one jumps from side to side, and the largest leads away.",
        goal=(f"bring the loss down to 1e−6 in {within} step{'s' * (within > 1)}", "reached"),
        drag={"first": {"x": "start"}},
    )  # fmt: skip


def walks(x, above):
    """Return for every frame and step the verb for how it walks, (frames, steps + 1).

    Parameters
    ----------
    x, above : ndarray, shape (frames, steps + 1)
        Positions, and losses above the lowest.
    """
    first, last = above[:, :1], above[:, -1:]
    with np.errstate(all="ignore"):
        turns = np.sign(np.diff(x[:, :3], axis=1))
        jumps = turns[:, :1] * turns[:, 1:] < 0
    return verb(
        x,
        (first < 1e-12, "is there already"),
        (above[:, 1:2] < 1e-12 * first, "one step home"),
        (~(last < 10 * first), "explodes"),
        (np.abs(last - first) < 1e-6 * first, "bounces for ever"),
        (jumps, "zigzags in"),
        (last > 0.02 * first, "creeps"),
        otherwise="settles",
    )
