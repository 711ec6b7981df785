"""What the live figures share, in four groups.

lines and marks   trace, dots, spot, arrows: in the house's look, without points yet; record
data              over, over_steps, by_frame, leaps, grid, first_where: arrays as actors take them;
                  start_on, lowest: what there is to know of a function; apart: places for names
controls          ready, swept, taking: optimizers and sweeps; one_knob, knob_controls: sliders
words             caption, verb
"""

import inspect

import numpy as np

from ...descent import check_optimizer, descend
from ...optimizer import LIMITS, optimizer
from ...plots.style import DPI, halo, labels, line_style, readable, theme_of
from ...rules import rprop
from ..controls import pick, slider

# --------------------------------------------------------------------------------- lines and marks


def trace(ax, i=0, *, marks=True, width=2.1, rim=True, label=None):
    """Return a line of style i without points yet: a path, a record.

    It has a rim of paper, which sets it off from a map and from lines below it. Without the rim,
    lines below it are seen between its dashes.
    """
    look = line_style(ax, i)
    look |= {} if marks else {"marker": ""}
    (line,) = ax.plot([], [], **look, linewidth=width, markersize=4.5,
                      markeredgecolor=theme_of(ax).paper, markeredgewidth=0.6, zorder=4 + 0.01 * i,
                      path_effects=halo(ax, width + 2.4) if rim else None, label=label,
                      scalex=False, scaley=False)  # fmt: skip
    return line


def dots(ax, i=0, *, marker="o", size=6):
    """Return markers of style i without a line: where a walk has been."""
    colour, paper = theme_of(ax).lines[i % 6], theme_of(ax).paper
    (marks,) = ax.plot([], [], marker, color=colour, markersize=size, markeredgecolor=paper,
                       markeredgewidth=0.8, linestyle="", zorder=4.5, scalex=False,
                       scaley=False)  # fmt: skip
    return marks


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
    ax.set_xlim(-0.03 * steps, 1.03 * steps)  # room for whole marks at both ends
    ax.set_yscale("log" if log else "linear")
    ax.set_ylim(low, high)
    ax.set_yticks([], minor=True)  # they would cost a tenth of a second
    labels(ax, x="step", y=y)


# -------------------------------------------------------------------------------------------- data


def over(x, *values):
    """Return values over x as points: arrays that broadcast, side by side in a new last axis.

    Examples
    --------
    >>> over([0, 1], np.array([[5, 6], [7, 8]])).tolist()
    [[[0, 5], [1, 6]], [[0, 7], [1, 8]]]
    """
    return np.stack(np.broadcast_arrays(x, *values), axis=-1)


def over_steps(values, floor=-np.inf):
    """Return values (steps + 1, frames) as points (frames, steps + 1, 2) over the steps.

    What lies below the floor is drawn at the floor: on a logarithmic axis 0 would be nowhere.
    """
    values = np.maximum(np.asarray(values, dtype=float).T, floor)
    return over(np.arange(values.shape[-1]), values)


def by_frame(rows):
    """Return an array (steps + 1, frames, …) with the frames in front."""
    return np.swapaxes(rows, 0, 1)


def leaps(points):
    """Return the steps between points (frames, steps + 1, 2) as arrows (frames, steps, 4)."""
    return np.concatenate([points[:, :-1], np.diff(points, axis=1)], axis=-1)


def grid(domain, count):
    """Return a grid of so many points along each coordinate of a domain (dim, 2), (…, dim)."""
    return np.stack(np.meshgrid(*(np.linspace(*ends, count) for ends in domain)), axis=-1)


def first_where(there, never=np.inf):
    """Return the first row in which something is so, for an array of bool (rows, …).

    Examples
    --------
    >>> first_where(np.array([[False, False], [True, False]])).tolist()
    [1.0, inf]
    """
    return np.where(there.any(axis=0), there.argmax(axis=0), never)


def start_on(f, start=None):
    """Return where a walk on a curve begins: at this number, or else where f says."""
    return float(np.ravel(f.start)[0] if start is None else start)


def lowest(f, domain):
    """Return where f is lowest, and how low it is there: as f says itself, or as a search finds.

    The search takes the lowest points of a grid, descends from them, and keeps the lowest place that
    it has seen within the domain and where f is finite. Of several valleys it may miss a narrow one,
    and where f has no minimum it finds a place at the border.

    Parameters
    ----------
    f : landscape, or anything with values and gradients, in one or two dimensions
    domain : array_like, shape (dim, 2)

    Returns
    -------
    x : ndarray, shape (dim,)
    height : float

    Examples
    --------
    >>> from gdtutor.landscapes import landscape
    >>> x, height = lowest(landscape(lambda x, y: (x - 1) ** 2 + y**2 + 3), [(-5, 5), (-1, 2)])
    >>> x.round(6).tolist(), round(height, 6)
    ([1.0, 0.0], 3.0)
    """
    if getattr(f, "minimum", None):
        return f.minimum
    domain = np.asarray(domain, dtype=float)
    low, high = domain.T
    count = 401 if len(domain) == 1 else 21 if getattr(f, "pointwise", False) else 101

    def heights(x):
        tall = np.asarray(f(x), dtype=float)
        seen = np.isfinite(tall) & ((low <= x) & (x <= high)).all(axis=-1)
        return np.where(seen, tall, np.inf)

    with np.errstate(all="ignore"):
        points = grid(domain, count).reshape(-1, len(domain))
        begin = points[np.argsort(heights(points), kind="stable")[:8]]
        size = high - low
        opt = rprop(lr=size / (2 * count), step_min=1e-12 * size, step_max=size)
        x = descend(f, begin, opt, 200).x.reshape(-1, len(domain))
        tall = heights(x)
    best = tall.argmin()
    return x[best], float(tall[best])


def apart(values, bottom, top, *, gap=0.08, ceiling=1.0):
    """Return heights for names beside values: beside them, but not over each other.

    Where names would cover each other they move upwards, and down again below the ceiling.

    Parameters
    ----------
    values : ndarray, shape (names, …)
        Those beyond the axis count as its ends, in their own order; nan has no name.
    bottom, top : float
        Of a logarithmic axis.
    gap, ceiling : float
        Between two names at least, and for the highest at most, as shares of the axis.

    Examples
    --------
    >>> apart(np.array([1.0, 1.0, 0.0, np.nan]), 0.01, 100).round(3).tolist()
    [1.0, 2.089, 0.01, nan]
    """
    low, high = np.log10([bottom, top])
    height = (np.log10(np.clip(values, bottom, top)) - low) / (high - low)
    order = np.argsort(values, axis=0, kind="stable")
    rows = np.take_along_axis(height, order, axis=0)  # from the lowest up; nan is behind them
    gap = min(gap, 1 / len(rows))
    for k in range(1, len(rows)):
        rows[k] = np.maximum(rows[k], rows[k - 1] + gap)
    most = ceiling
    for k in reversed(range(len(rows))):
        rows[k] = np.minimum(rows[k], most)
        most = np.where(np.isnan(rows[k]), ceiling, rows[k] - gap)
    np.put_along_axis(height, order, rows, axis=0)
    return 10 ** (low + (high - low) * height)


# ---------------------------------------------------------------------------------------- controls


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
    taken = {"start", "step"} & set(numeric)
    if taken:
        raise ValueError(
            f"{opt.name} has a knob {taken.pop()!r}, and so is another control of this figure called: "
            "give the knob another name."
        )
    names = [*given, *(name for name in numeric if name not in given)][:most]
    return {name: given[name] if name in given else one_knob(name, numeric[name]) for name in names}


# ------------------------------------------------------------------------------------------- words


def caption(ax, i=None, *, shift=None, **look):
    """Return a text without words or a place yet, in ink or in the colour of style i.

    It stands centred on its place, unless `ha` and `va` say otherwise; a shift, in points, puts it
    beside it.
    """
    colour = theme_of(ax).ink if i is None else readable(theme_of(ax).lines[i % 6], ax)
    look = {"ha": "center", "va": "center", "color": colour, "fontsize": 12, "zorder": 7} | look
    look["path_effects"] = halo(ax)
    if shift is None:
        return ax.text(0, 0, "", **look)
    return ax.annotate("", (0, 0), shift, textcoords="offset points", **look)


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
