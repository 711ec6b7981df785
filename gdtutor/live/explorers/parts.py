"""What the live figures share: lines in the house's look, records over steps, sliders for knobs."""

import inspect

import numpy as np

from ...descent import check_optimizer
from ...optimizer import LIMITS, optimizer
from ...plots.style import DPI, halo, labels, line_style, theme_of
from ..controls import pick, slider


def trace(ax, i=0, *, marks=True, width=2.1):
    """Return a line of style i without points yet, on a rim of paper: a path, a record."""
    look = line_style(ax, i)
    look |= {} if marks else {"marker": ""}
    (line,) = ax.plot([], [], **look, linewidth=width, markersize=4.5,
                      markeredgecolor=theme_of(ax).paper, markeredgewidth=0.6, zorder=4 + 0.01 * i,
                      path_effects=halo(ax, width + 2.4) if width else None, scalex=False, scaley=False)  # fmt: skip
    return line


def spot(ax, i=1, *, marker="o", size=11, full=True):
    """Return a point of style i: where the walker is (full), or where it began (open)."""
    colour, paper = theme_of(ax).lines[i % 6], theme_of(ax).paper
    (mark,) = ax.plot([], [], marker, color=colour if full else paper, markersize=size, linestyle="",
                      markeredgecolor=paper if full else colour, markeredgewidth=1.6 if full else 2.2,
                      zorder=6 + full, scalex=False, scaley=False)  # fmt: skip
    return mark


def arrows(ax, i=1, *, width=2.4):
    """Return arrows of style i, measured in units of the axes."""
    return ax.quiver([], [], [], [], angles="xy", scale_units="xy", scale=1, units="inches",
                     width=width / DPI, headwidth=5, headlength=6, headaxislength=5.4, minlength=0,
                     color=theme_of(ax).lines[i % 6], zorder=5.5)  # fmt: skip


def record(ax, steps, low, high, *, y="loss", log=True):
    """Set axes up for what is recorded over the steps 0, 1, …, steps, from low to high."""
    ax.set_xlim(0, 1.02 * steps)  # room for the point at the last step
    ax.set_yscale("log" if log else "linear")
    ax.set_ylim(low, high)
    ax.set_yticks([], minor=True)  # they would cost a tenth of a second
    labels(ax, x="step", y=y)


def over_steps(values, floor=-np.inf):
    """Return values (steps + 1, frames) as points (frames, steps + 1, 2) over the steps.

    What lies below the floor is drawn at the floor: on a logarithmic axis 0 would be nowhere.
    """
    values = np.maximum(np.asarray(values, dtype=float).T, floor)
    return np.stack(np.broadcast_arrays(np.arange(values.shape[-1]), values), axis=-1)


def by_frame(rows):
    """Return an array (steps + 1, frames, …) with the frames in front."""
    return np.swapaxes(rows, 0, 1)


def one_knob(name, default):
    """Return the slider for a knob: what its name and its default value suggest."""
    low, high = LIMITS.get(name, (-np.inf, np.inf))
    if name == "lr":
        return slider(1e-4, 1, default, log=True, count=61)
    if high == 1:
        if default < 0.99:
            return slider(0, 0.99, default, count=34, format=".2f")
        near_one = np.round(1 - np.geomspace(1, 1e-4, 33), 5).tolist()
        return pick([*near_one, default], default, format=".4g")
    if default > 0:
        return slider(default / 30, default * 30, default, log=True, count=41)
    return slider(max(low, -1), 1, default, count=41)


def knob_controls(opt, given=None, most=3):
    """Return sliders for the numeric knobs of an optimizer, a learner's own too.

    Parameters
    ----------
    opt : Optimizer or update rule
    given : dict, optional
        Controls for some of the knobs, in place of those that their names suggest.
    most : int
        How many at most; the first ones count.
    """
    given = given or {}
    numeric = {
        name: value
        for name, value in opt.knobs.items()
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and name not in ("seed", "eps")
    }
    names = [*given, *(name for name in numeric if name not in given)][:most]
    return {name: given[name] if name in given else one_knob(name, numeric[name]) for name in names}


def ready(opt):
    """Return an optimizer: ours, or a learner's own function turned into one."""
    opt = optimizer(opt) if not hasattr(opt, "knobs") else opt
    check_optimizer(opt)
    return opt


def swept(opt, **knobs):
    """Return the optimizer with knobs that are arrays (frames,), each frame by itself."""
    return opt(**{name: np.asarray(value, dtype=float)[:, None] for name, value in knobs.items()})


def taking(names, function):
    """Return the function of keyword arguments as a sweep with parameters of these names."""

    def sweep(**values):
        return function(**values)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    sweep.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])
    sweep.__name__ = function.__name__
    return sweep


def verb(values, *pairs, otherwise):
    """Return for each value the word of the first condition that holds.

    Examples
    --------
    >>> x = np.array([0.1, 5.0])
    >>> verb(x, (x < 1, "creeps"), otherwise="runs").tolist()
    ['creeps', 'runs']
    """
    conditions, words = zip(*pairs)
    return np.select([np.broadcast_to(c, np.shape(values)) for c in conditions],
                     [np.broadcast_to(w, np.shape(values)) for w in words], otherwise)  # fmt: skip
