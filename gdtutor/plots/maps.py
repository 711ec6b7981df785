"""Landscapes seen from above: contours, walks across them, gradients, and the flat places."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm

from .geometry import formula, limits, rows_of, seen, view, walk_in_view
from .style import labels, legend, line_style, theme_of

KINDS = {
    "minima": ("minimum", "v", 0),
    "saddles": ("saddle", "X", 1),
    "maxima": ("maximum", "^", 3),
}


def contours(ax, f, domain=None, levels=14, points=221):
    """Draw f from above: the deeper, the darker. Set the view to the domain.

    Levels are dense near the bottom, so that valleys show: evenly spaced in log(1 + h / s), with h the
    height above the lowest point, and s such that the lowest third of them is for a fifth of the domain.
    Where the domain isn't much longer than wide both axes have one scale, so that gradients are at
    right angles to contours.

    Parameters
    ----------
    ax : Axes
    f : landscape in two dimensions, or a function of (x, y)
    domain : array_like, shape (2, 2), optional
        Lower and upper end of each coordinate; the landscape's own, unless given.
    levels : int or array_like
        How many steps of colour, or the heights that part them.
    points : int
        Of the grid, along each axis.

    Returns
    -------
    dict
        "fill", "lines": QuadContourSet; "levels": ndarray.

    Examples
    --------
    >>> from gdtutor.landscapes import rosenbrock
    >>> from gdtutor.plots import figure
    >>> drawn = contours(figure()[1], rosenbrock, levels=4)
    >>> drawn["levels"].round(1).tolist()
    [0.0, 12.6, 76.0, 396.2, 2013.5]
    """
    f, look = formula(f, dim=2, domain=domain), theme_of(ax)
    domain = limits(f, domain, dim=2)
    x, y = (np.linspace(*ends, points) for ends in domain)
    with np.errstate(all="ignore"):
        height = np.asarray(f(np.stack(np.meshgrid(x, y), axis=-1)), dtype=float)
    height = np.ma.masked_invalid(height)
    if height.count() == 0:
        raise ValueError(f"the function is finite nowhere in the domain {domain.tolist()}.")
    levels = spaced(height.compressed(), levels)
    colour = {"cmap": look.cmap, "norm": BoundaryNorm(levels, 256)}
    fill = ax.contourf(x, y, height, levels, extend="max", zorder=0, **colour)
    lines = ax.contour(x, y, height, levels, colors=look.ink, linewidths=0.7, alpha=0.22,
                       linestyles="solid", zorder=1)  # fmt: skip
    ax.set_xlim(*domain[0])
    ax.set_ylim(*domain[1])
    wide, tall = np.ptp(domain, axis=1)
    ax.set_aspect("equal" if 1 / 3 <= wide / tall <= 3 else "auto")
    names = (*getattr(f, "coordinates", ()), "x", "y")
    if len(getattr(f, "coordinates", ())) != 2:
        names = ("x₁", "x₂")
    labels(ax, x=ax.get_xlabel() or names[0], y=ax.get_ylabel() or names[1])
    return {"fill": fill, "lines": lines, "levels": levels}


def spaced(heights, levels):
    """Return the levels for these heights: as given, or so many of them, dense near the bottom.

    Examples
    --------
    >>> spaced(np.linspace(0.0, 10.0, 101) ** 2, 4).round(1).tolist()
    [0.0, 2.4, 9.7, 31.8, 99.0]
    """
    if np.ndim(levels):
        return np.sort(np.asarray(levels, dtype=float))
    if levels < 2:
        raise ValueError(f"a map needs at least 2 levels: got {levels}.")
    lowest = heights.min()
    above = heights - lowest
    top = np.quantile(above, 0.995)
    if not top > 0:  # level ground
        return lowest + np.linspace(-0.5, 0.5, levels + 1)
    fifth = max(np.quantile(above, 0.2), 1e-6 * top)
    room = top - 3 * fifth
    if room <= 0.05 * top:  # evenly spaced levels do it
        return np.linspace(lowest, lowest + top, levels + 1)
    # The root of (1 + fifth / s)³ = 1 + top / s.
    s = (3 * fifth**2 + np.sqrt(9 * fifth**4 + 4 * fifth**3 * room)) / (2 * room)
    return lowest + s * np.expm1(np.linspace(0, np.log1p(top / s), levels + 1))


def path(ax, path, label=None, style=None):
    """Draw a walk over the map: an open circle where it starts, a full one where it ends.

    Each path on the same axes gets the next colour, dash and marker. Up to 60 steps have a mark each.
    A walk that leaves the map for good gets a cross at the border. Draw the contours first.

    Parameters
    ----------
    ax : Axes
    path : Path, or array of positions, shape (rows, ..., 2)
        Of many starts all are drawn, in thin lines of one colour.
    label : str, optional
        For the legend, which is then written beside the axes.
    style : int, optional
        Number of the colour, dash and marker, as for `line_style`.

    Returns
    -------
    dict
        "line": Line2D (LineCollection for many starts), "rim": Line2D around it (None for many),
        "start", "end": Line2D, "exit": Line2D or None, "legend": Legend or None.

    Raises
    ------
    ValueError
        If the path isn't one in two dimensions, or not in the view.

    Examples
    --------
    >>> from gdtutor import descend, gd
    >>> from gdtutor.landscapes import bowl
    >>> from gdtutor.plots import figure
    >>> _, ax = figure()
    >>> _ = contours(ax, bowl)
    >>> path(ax, descend(bowl, (1.0, 2.0), gd(lr=0.5), 2))["line"].get_ydata().tolist()
    [2.0, 1.0, 0.5]
    """
    x = rows_of(path, dim=2)
    many = x.ndim > 2
    x = x.reshape(len(x), -1, 2)
    look = line_style(ax, paths_on(ax) if style is None else style)
    cut = [walk_in_view(x[:, i], *view(ax)) for i in range(x.shape[1])]
    walks = [walk for walk, _ in cut if len(walk)]
    seen(walks, ax)
    if many:
        rim = None
        line = LineCollection(walks, colors=look["color"], linewidths=1.0, alpha=0.55, zorder=3,
                              label=label, gid="path")  # fmt: skip
        ax.add_collection(line, autolim=False)
    else:
        line, rim = one_walk(ax, walks[0], look, label)
    ends = [walk[-1] for walk, leaves in cut if len(walk) and leaves is None]
    size = 5 if many else 9
    return {
        "line": line,
        "rim": rim,
        "start": spots(ax, [walk[0] for walk in walks], look, size, full=False),
        "end": spots(ax, ends, look, size, full=True),
        "exit": left_the_map(ax, [leaves for _, leaves in cut if leaves is not None], look),
        "legend": None if label is None else legend(ax),
    }


def paths_on(ax):
    """Return how many paths are on these axes."""
    return sum(artist.get_gid() == "path" for artist in ax.get_children())


def one_walk(ax, walk, look, label):
    """Draw one path as a line on a rim of paper, and with marks where there are few steps."""
    few, paper = len(walk) <= 61, theme_of(ax).paper
    fixed = {"scalex": False, "scaley": False, "solid_capstyle": "round"}
    (rim,) = ax.plot(*walk.T, "-", color=paper, linewidth=4.5, alpha=0.7, zorder=3.9, **fixed)
    (line,) = ax.plot(*walk.T, color=look["color"], linestyle=look["linestyle"], linewidth=2.1,
                      marker=look["marker"] if few else "", markersize=5, markeredgewidth=0.7,
                      markeredgecolor=paper, zorder=4, label=label, gid="path", **fixed)  # fmt: skip
    return line, rim


def spots(ax, points, look, size, full):
    """Draw the starts (open) or the ends (full) of paths."""
    x, y = np.reshape(points, (-1, 2)).T
    paper = theme_of(ax).paper
    (marks,) = ax.plot(x, y, "o", markersize=size, markeredgewidth=1.8 if not full else 1.2,
                       color=look["color"] if full else paper, zorder=6 + full,
                       markeredgecolor=paper if full else look["color"], scalex=False,
                       scaley=False)  # fmt: skip
    return marks


def left_the_map(ax, points, look):
    """Mark where walks leave the map for good."""
    if not points:
        return None
    x, y = np.reshape(points, (-1, 2)).T
    (marks,) = ax.plot(x, y, "X", color=look["color"], markersize=11, clip_on=False, zorder=8,
                       markeredgecolor=theme_of(ax).paper, scalex=False, scaley=False)  # fmt: skip
    return marks


def gradient_field(ax, f, domain=None, n=15, downhill=False):
    """Draw the gradient of f as arrows: uphill, or −∇f if `downhill`.

    Directions are exact. Lengths are the fourth root of the gradient's, so that small ones show.

    Parameters
    ----------
    ax : Axes
    f : landscape in two dimensions, or a function of (x, y)
    domain : array_like, shape (2, 2), optional
    n : int
        Arrows along each axis.
    downhill : bool

    Returns
    -------
    dict
        "arrows": Quiver.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> from gdtutor.plots import figure
    >>> arrows = gradient_field(figure()[1], bowl, n=2)["arrows"]
    >>> arrows.U.round(3).tolist(), arrows.V.round(3).tolist()
    ([-0.707, 0.707, -0.707, 0.707], [-0.707, -0.707, 0.707, 0.707])
    """
    f, look = formula(f, dim=2, domain=domain), theme_of(ax)
    domain = limits(f, domain, dim=2)
    x, y = (low + (high - low) * (np.arange(n) + 0.5) / n for low, high in domain)
    at = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):
        g = (-1 if downhill else 1) * np.asarray(f.grad(at), dtype=float)
        size = np.hypot(*g.T)
    here = np.isfinite(size)
    at, g, size = at[here], g[here], size[here][:, None]
    g = g / np.where(size == 0, 1, size) * (size / (size.max(initial=0) or 1)) ** 0.25
    arrows = ax.quiver(*at.T, *g.T, angles="xy", scale_units="width", scale=n / 0.92, units="width",
                       width=0.06 / n, headwidth=4.6, headlength=5, headaxislength=4.4,
                       pivot="middle", color=look.ink, alpha=0.8, zorder=2)  # fmt: skip
    return {"arrows": arrows}


def critical_points(ax, f, beside=True):
    """Mark the minima, saddles and maxima of a landscape, each kind by its own sign, with a legend.

    In one dimension they sit on the curve, in two on the map. Other special places that the landscape
    knows, such as a kink, are marked too.

    Parameters
    ----------
    ax : Axes
    f : landscape in one or two dimensions
    beside : bool
        Whether the legend is written beside the axes.

    Returns
    -------
    dict
        Line2D by kind: "minima", "saddles", "maxima" and what else there is.

    Raises
    ------
    ValueError
        If f doesn't know its critical points.

    Examples
    --------
    >>> from gdtutor.landscapes import himmelblau
    >>> from gdtutor.plots import figure
    >>> marks = critical_points(figure()[1], himmelblau)
    >>> {kind: len(mark.get_xdata()) for kind, mark in marks.items()}
    {'minima': 4, 'saddles': 4, 'maxima': 1}
    """
    known = {kind: x for kind, x in getattr(f, "critical", {}).items() if len(x)}
    if not known:
        raise ValueError(
            f"{getattr(f, 'name', 'this function')} has no list of critical points: give one, "
            "landscape(f, critical={'minima': [(0, 0)]})."
        )
    look, marks = theme_of(ax), {}
    for kind in sorted(known, key=lambda kind: list(KINDS).index(kind) if kind in KINDS else 3):
        name, sign, colour = KINDS.get(kind, (kind, "*", 4))
        at = known[kind] if f.dim == 2 else np.column_stack([known[kind][:, 0], f(known[kind])])
        (marks[kind],) = ax.plot(*at.T, sign, color=look.lines[colour], markersize=11, zorder=7,
                                 markeredgecolor=look.paper, markeredgewidth=1.4, linestyle="",
                                 label=name, scalex=False, scaley=False)  # fmt: skip
    if beside:
        legend(ax)
    return marks
