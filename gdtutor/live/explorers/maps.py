"""Landscapes seen from above: any rule on any landscape, with what it remembers as arrows."""

import numpy as np

from ... import plots
from ...descent import descend
from ...plots.geometry import formula
from ...rules import gd
from ..actors import at_step, trail
from ..controls import point, scrubber
from ..stage import Stage
from .parts import (
    arrows,
    by_frame,
    knob_controls,
    over_steps,
    ready,
    record,
    spot,
    swept,
    taking,
    trace,
    verb,
)


def descent_on_map(f, opt=gd, start=None, *, steps=100, knobs=None, domain=None):
    """Walk down a landscape by any rule: drag the start, turn its knobs, watch what it remembers.

    Parameters
    ----------
    f : landscape in two dimensions, or a function of (x, y)
    opt : Optimizer, or a learner's own update rule
        Its numeric knobs become sliders; memory that is a direction becomes arrows.
    start : pair of float, optional
        The landscape's own, unless given.
    steps : int
    knobs : dict, optional
        Controls for some of the knobs: {"lr": slider(0.001, 0.1, log=True)}.
    domain : array_like, shape (2, 2), optional

    Returns
    -------
    Stage

    Examples
    --------
    >>> from gdtutor import momentum
    >>> from gdtutor.landscapes import rosenbrock
    >>> figure = descent_on_map(rosenbrock, momentum(lr=1e-3), steps=200)
    >>> figure.says(step=0)
    'lr 0.001, momentum 0.9: step 0, loss 24.2, on its way'
    """
    f, opt = formula(f, dim=2, domain=domain), ready(opt)
    start = tuple(f.start) if start is None else start
    controls = knob_controls(opt, knobs)
    fig, (left, right) = plots.figure(columns=2, height=4.0)
    plots.contours(left, f, domain=domain)
    size = np.ptp([left.get_xlim(), left.get_ylim()], axis=1)
    remembered = directions(f, opt, start)
    actors = {
        "walk": trail(trace(left), fade=True),
        "first": spot(left, 0, full=False),
        "here": at_step(spot(left, 1), "walk"),
        "losses": trail(trace(right, marks=False)),
        "loss now": at_step(spot(right, 1, size=9), "losses"),
    }
    for i, name in enumerate(remembered):
        colour = {"color": plots.theme_of(left).lines[2 + i], "linewidth": 3}
        left.plot([], [], **colour, label=f"−{name}, remembered")
        actors[f"−{name}"] = at_step(arrows(left, 2 + i))
    if remembered:
        plots.legend(left, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.3)
    lowest = f.minimum[1] if getattr(f, "minimum", None) else None
    if lowest is None:
        floor, top = heights(f, left)
        record(right, steps, floor, top, log=False)
    else:
        high = max(float(f(np.asarray(start, dtype=float))) - lowest, 1e-3)
        floor = 1e-9 * high
        record(right, steps, floor, 30 * high, y="loss above the lowest")

    def walk(start, **knobs):
        path = descend(f, start, swept(opt, **knobs), steps)
        loss = np.where(np.isnan(path.f), np.inf, path.f)
        found = {
            "walk": by_frame(path.x),
            "first": start,
            "losses": over_steps(loss - (lowest or 0), floor),
            "loss": loss.T,
            "arrived": loss.T - (lowest or 0) < 1e-3 * (loss.T[:, :1] - (lowest or 0)),
            "verb": goes(loss.T, np.min(loss) if lowest is None else lowest),
        }
        longest = 0.22 * size.min()
        return found | {f"−{name}": as_arrows(path.x, path[name], longest) for name in remembered}

    return Stage(
        fig,
        actors,
        {**controls, "start": point(left, start), "step": scrubber(steps)},
        taking(["start", *controls], walk),
        ", ".join(f"{name} {{{name}:.3g}}" for name in controls)
        + ": step {step}, loss {loss:.3g}, {verb}",
        alt=f"{opt.name} on {getattr(f, 'name', 'a landscape')}: its path over the map on the left, "
        "and the loss over the steps on the right.",
        goal=("bring the loss down to a thousandth of where it began", "arrived")
        if lowest is not None
        else None,
        drag={"first": "start"},
    )


def goes(loss, lowest):
    """Return for every frame and step how it goes, (frames, steps + 1)."""
    with np.errstate(all="ignore"):
        rises = np.diff(loss, axis=1, prepend=np.inf) > 1e-12 * np.abs(loss)
    return verb(
        loss,
        (~(loss < 1e3 * (1 + np.abs(loss[:, :1]))), "lost: lr is too large"),
        (loss - lowest < 1e-6, "there"),
        (rises, "going up for now"),
        otherwise="on its way",
    )


def directions(f, opt, start):
    """Return the names of memory that is a direction: turn the landscape over, and it turns round."""
    start = np.asarray(start, dtype=float)
    try:
        down, up = (descend(g, start, opt, 1) for g in (f, -f))
    except Exception:  # a learner's rule; the sweep says what is wrong with it
        return []
    return [
        name
        for name in opt.memory
        if down[name].shape == down.x.shape and np.allclose(down[name][1], -up[name][1])
    ][:2]


def as_arrows(x, memory, longest):
    """Return memory as arrows downhill from x, (frames, steps + 1, 1, 4); lengths are square roots."""
    size = np.linalg.norm(memory, axis=-1, keepdims=True)
    most = np.nanmax(
        np.where(np.isfinite(size), size, np.nan), axis=0, keepdims=True, initial=1e-300
    )
    unit = -memory / np.where(size > 0, size, 1) * longest * np.sqrt(size / most)
    return by_frame(np.concatenate([x, unit], axis=-1))[:, :, None]


def heights(f, ax):
    """Return the limits of the heights in the view of a map."""
    x, y = (np.linspace(*ends, 41) for ends in (ax.get_xlim(), ax.get_ylim()))
    with np.errstate(all="ignore"):
        tall = np.asarray(f(np.stack(np.meshgrid(x, y), axis=-1)))
    tall = tall[np.isfinite(tall)]
    low, high = tall.min(), np.quantile(tall, 0.9)
    return low - 0.05 * (high - low), high
