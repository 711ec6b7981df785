"""Landscapes seen from above: any rule on any landscape, with what it remembers as arrows."""

import numpy as np

from ... import plots
from ...descent import descend
from ...plots.geometry import formula, limits
from ...rules import gd
from ..actors import at_step, trail
from ..controls import point, scrubber
from ..stage import Stage
from .parts import (
    arrows,
    by_frame,
    knob_controls,
    lowest,
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
        left.plot([], [], **colour, label=f"−{name}, its memory")
        actors[f"−{name}"] = at_step(arrows(left, 2 + i))
    if remembered:
        plots.legend(left, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.3)
    first = max(steps // 5, 1) if remembered else steps  # while memory is long enough to be seen
    _, bottom = lowest(f, limits(f, domain, dim=2))
    high = max(float(f(np.asarray(start, dtype=float))) - bottom, 1e-3)
    record(right, steps, 1e-9 * high, 30 * high, y="loss above the lowest")

    def walk(start, **knobs):
        path = descend(f, start, swept(opt, **knobs), steps)
        loss = np.where(np.isnan(path.f), np.inf, path.f)
        above = loss - bottom
        found = {
            "walk": by_frame(path.x),
            "first": start,
            "losses": over_steps(above, floor=1e-9 * high),
            "loss": loss.T,
            "arrived": (above < 1e-3 * above[0]).T,
            "verb": goes(loss.T, bottom),
        }
        longest = 0.22 * size.min()
        return found | {f"−{name}": as_arrows(path.x, path[name], longest) for name in remembered}

    return Stage(
        fig,
        actors,
        {**controls, "start": point(left, start), "step": scrubber(steps, first)},
        taking(["start", *controls], walk),
        ", ".join(f"{name} {{{name}:.3g}}" for name in controls)
        + ": " * bool(controls)
        + "step {step}, loss {loss:.3g}, {verb}",
        alt=says_where(f, opt, start, steps),
        goal=("bring the loss down to a thousandth of where it began", "arrived"),
        drag={"first": "start"},
    )


def says_where(f, opt, start, steps):
    """Return in words where the first walk leads."""
    told = f"{opt!r} on {getattr(f, 'name', 'a landscape')}, seen from above, from {place(start)}"
    try:
        end = descend(f, np.asarray(start, dtype=float), opt, steps)
    except Exception:  # a learner's rule; the sweep says what is wrong with it
        return f"{told}: the rule fails."
    if end.diverged:
        return f"{told}: it is lost within {steps} steps."
    return f"{told}: {steps} steps lead to {place(end.end)}, where the loss is {end.f[-1]:.3g}."


def place(x):
    """Return a position in words."""
    return "(" + ", ".join(f"{v:.1f}" for v in x).replace("-", "−") + ")"


def goes(loss, bottom):
    """Return for every frame and step how it goes, (frames, steps + 1)."""
    with np.errstate(all="ignore"):
        rises = np.diff(loss, axis=1, prepend=np.inf) > 1e-12 * np.abs(loss)
    return verb(
        loss,
        (~(loss < 1e3 * (1 + np.abs(loss[:, :1]))), "lost"),
        (np.abs(loss - bottom) < 1e-6, "there"),
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
