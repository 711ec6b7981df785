"""Functions of one variable: the curve, its slope, a walk along it, and the fog over it."""

import numpy as np
from matplotlib.colors import to_rgb

from .geometry import formula, interval, one_path, seen, view, walk_in_view
from .style import DPI, halo, labels, readable, theme_of


def curve(ax, f, low=None, high=None, label=None):
    """Draw f over [low, high] and set the view to it.

    Parameters
    ----------
    ax : Axes
    f : landscape in one dimension, or a function of x
    low, high : float, optional
        The landscape's own domain, unless given.
    label : str, optional
        Written at the right end of the curve.

    Returns
    -------
    dict
        "curve": Line2D, "label": Text or None.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> line = curve(figure()[1], lambda x: x**2, -2, 2)["curve"]
    >>> line.get_xdata()[[0, -1]].tolist(), line.get_ydata().max().item()
    ([-2.0, 2.0], 4.0)
    """
    f = formula(f, dim=1, domain=None if low is None or high is None else (low, high))
    low, high = interval(f, low, high)
    look, x = theme_of(ax), np.linspace(low, high, 801)
    y = heights(f, x)
    shown = np.isfinite(y)
    (line,) = ax.plot(x[shown], y[shown], color=look.muted, linewidth=2.4, zorder=2)
    bottom, top = y[shown].min(), y[shown].max()
    room = 0.07 * ((top - bottom) or 1.0)
    ax.set_xlim(low, high)
    ax.set_ylim(bottom - room, top + room)
    labels(ax, x=ax.get_xlabel() or "x", y=ax.get_ylabel() or "f(x)")
    text = None
    if label is not None:
        text = ax.annotate(label, (x[shown][-1], y[shown][-1]), (8, 0), textcoords="offset points",
                           va="center", color=look.ink, fontsize=12, annotation_clip=False)  # fmt: skip
    return {"curve": line, "label": text}


def heights(f, x):
    """Return f at the numbers x, shape (n,), as an array (n,)."""
    with np.errstate(all="ignore"):
        return np.asarray(f(np.asarray(x, dtype=float)[:, None]), dtype=float)


def at(f, x):
    """Return height and slope of f at the number x, or say where it has none."""
    point = np.array([float(x)])
    with np.errstate(all="ignore"):
        height, slope = float(f(point)), float(f.grad(point)[0])
    if not np.isfinite([height, slope]).all():
        raise ValueError(f"at x = {float(x):g} the height is {height} and the slope {slope}.")
    return height, slope


def tangent(ax, f, x, half_width=1.0):
    """Draw the tangent of f at x: y = f(x) + f′(x) · (· − x), over x ± half_width.

    Returns
    -------
    dict
        "line": Line2D, "point": Line2D.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> tangent(figure()[1], lambda x: x**2, 3.0, 0.5)["line"].get_ydata().round(6).tolist()
    [6.0, 12.0]
    """
    f, colour = formula(f, dim=1), theme_of(ax).lines[1]
    height, slope = at(f, x)
    ends = np.array([-half_width, half_width])
    (line,) = ax.plot(x + ends, height + slope * ends, "-", color=colour, linewidth=2.4, zorder=4,
                      scalex=False, scaley=False)  # fmt: skip
    return {"line": line, "point": dot(ax, x, height, colour)}


def dot(ax, x, y, colour):
    """Draw a point that is seen at once, and return it."""
    (point,) = ax.plot([x], [y], "o", color=colour, markersize=10, markeredgewidth=1.6, zorder=6,
                       markeredgecolor=theme_of(ax).paper, scalex=False, scaley=False)  # fmt: skip
    return point


def secant(ax, f, x, h):
    """Draw the line through (x, f(x)) and (x + h, f(x + h)), with its run h and its rise.

    Its slope (f(x + h) − f(x)) / h is the forward difference. For a central one, start at x − h and
    go 2h.

    Returns
    -------
    dict
        "line", "points", "run", "rise": Line2D; "run label", "rise label": Text.

    Raises
    ------
    ValueError
        If h is 0: one point makes no line.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> secant(figure()[1], lambda x: x**2, 1.0, 1.0)["points"].get_ydata().tolist()
    [1.0, 4.0]
    """
    if h == 0:
        raise ValueError(
            "h = 0 makes the two points one, and one point makes no line: see tangent."
        )
    f, look = formula(f, dim=1), theme_of(ax)
    x = np.array([x, x + h], dtype=float)
    y = heights(f, x)
    fixed = {"scalex": False, "scaley": False}
    ends = x + np.array([-0.6, 0.6]) * h
    slope = (y[1] - y[0]) / h
    (line,) = ax.plot(
        ends, y[0] + slope * (ends - x[0]), "-", color=look.lines[0], zorder=4, **fixed
    )
    (points,) = ax.plot(x, y, "o", color=look.lines[0], markersize=9, markeredgewidth=1.6,
                        markeredgecolor=look.paper, zorder=6, **fixed)  # fmt: skip
    legs = {"color": look.lines[3], "linewidth": 1.6, "linestyle": (0, (4, 2)), "zorder": 3} | fixed
    (run,) = ax.plot(x, [y[0], y[0]], **legs)
    (rise,) = ax.plot([x[1], x[1]], y, **legs)
    text = {"textcoords": "offset points", "color": readable(look.lines[3], ax), "fontsize": 12,
            "path_effects": halo(ax), "zorder": 7}  # fmt: skip
    below, right = (y[1] - y[0]) >= 0, h > 0
    return {
        "line": line,
        "points": points,
        "run": run,
        "rise": rise,
        "run label": ax.annotate(
            f"h = {h:.3g}".replace("-", "−"), (x.mean(), y[0]), (0, -7 if below else 7),
            ha="center", va="top" if below else "bottom", **text,
        ),
        "rise label": ax.annotate(
            f"{y[1] - y[0]:+.3g}".replace("-", "−"), (x[1], y.mean()), (7 if right else -7, 0),
            ha="left" if right else "right", va="center", **text,
        ),
    }  # fmt: skip


def steps_on_curve(ax, f, path, label=None):
    """Draw a walk on the curve: a point for every position, an arrow for every step.

    Draw the curve first: it sets the view. Beyond 30 steps there are no arrows and the points are
    small. A walk that leaves the view for good is marked where it does.

    Parameters
    ----------
    ax : Axes
    f : landscape in one dimension, or a function of x
    path : Path of one start, or array of positions, shape (rows, 1) or (rows,)
    label : str, optional
        Written at the start.

    Returns
    -------
    dict
        "points": Line2D, "start": Line2D, "arrows": Quiver or None, "exit": Line2D or None,
        "label": Text or None.

    Raises
    ------
    ValueError
        If the path is one of many starts, or not in the view.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> _, ax = figure()
    >>> _ = curve(ax, lambda x: x**2, -2, 2)
    >>> steps_on_curve(ax, lambda x: x**2, [2.0, 1.0, 0.5])["points"].get_ydata().tolist()
    [4.0, 1.0, 0.25]
    """
    f, look = formula(f, dim=1), theme_of(ax)
    x = one_path(path, dim=1)
    points, leaves = walk_in_view(np.column_stack([x[:, 0], heights(f, x[:, 0])]), *view(ax))
    seen(points, ax)
    few = len(points) <= 31
    fixed = {"scalex": False, "scaley": False}
    (marks,) = ax.plot(*points.T, "o", color=look.lines[0], markersize=7.5 if few else 4,
                       markeredgecolor=look.paper, markeredgewidth=1 if few else 0.3, zorder=6,
                       **fixed)  # fmt: skip
    (start,) = ax.plot(*points[:1].T, "o", color=look.paper, markersize=10, markeredgewidth=2.4,
                       markeredgecolor=look.lines[0], zorder=7, **fixed)  # fmt: skip
    arrows = None
    if few and len(points) > 1:
        arrows = ax.quiver(*points[:-1].T, *np.diff(points, axis=0).T, angles="xy", zorder=5,
                           scale_units="xy", scale=1, color=look.lines[1],
                           width=2.2 / DPI, units="inches",
                           headwidth=5, headlength=6, headaxislength=5.4, minlength=0)  # fmt: skip
    text = None
    if label is not None:
        text = ax.annotate(label, points[0], (0, 12), textcoords="offset points", ha="center",
                           color=look.ink, fontsize=12, path_effects=halo(ax), zorder=8)  # fmt: skip
    return {
        "points": marks,
        "start": start,
        "arrows": arrows,
        "exit": None if leaves is None else exit_mark(ax, leaves, look.lines[1]),
        "label": text,
    }


def exit_mark(ax, point, colour):
    """Mark the place on the border of the view where a walk leaves it."""
    (mark,) = ax.plot(*np.reshape(point, (2, 1)), "X", color=colour, markersize=11, zorder=8,
                      markeredgecolor=theme_of(ax).paper, clip_on=False, scalex=False,
                      scaley=False)  # fmt: skip
    return mark


def walker(ax, f, x, stride=None):
    """Draw someone on the hill: a point at (x, f(x)) and, if a stride is given, the ground underfoot.

    Returns
    -------
    dict
        "body": Line2D, "ground": Line2D or None, the tangent over x ± stride.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> walker(figure()[1], lambda x: x**2, 2.0)["body"].get_ydata().tolist()
    [4.0]
    """
    f, colour = formula(f, dim=1), theme_of(ax).lines[1]
    height, slope = at(f, x)
    ground = None
    if stride is not None:
        ends = np.array([-stride, stride])
        (ground,) = ax.plot(x + ends, height + slope * ends, "-", color=colour, linewidth=3.2, zorder=9,
                            scalex=False, scaley=False)  # fmt: skip
    body = dot(ax, x, height, colour)
    body.set_markersize(13)
    body.set_zorder(10)
    return {"body": body, "ground": ground}


def fog(ax, x, width):
    """Cover the view with fog, but for a window around x: fully clear within x ± width / 2.

    It thickens over another half width on either side. Draw it after the curve and before the walker.

    Returns
    -------
    dict
        "fog": AxesImage.

    Raises
    ------
    ValueError
        If the width isn't positive.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> _, ax = figure()
    >>> _ = curve(ax, lambda x: x**2, -2, 2)
    >>> alpha = fog(ax, 0.0, 1.0)["fog"].get_array()[0, :, 3]
    >>> alpha[0].item(), alpha[len(alpha) // 2].item()
    (1.0, 0.0)
    """
    if not width > 0:
        raise ValueError(f"the width of the window in the fog must be positive: got {width!r}.")
    (low, bottom), (high, top) = view(ax)
    across = np.linspace(low, high, 601)
    far = np.clip(np.abs(across - x) / (width / 2) - 1, 0, 1)
    look = theme_of(ax)
    colour = np.array(to_rgb(look.faint)) * 0.7 + np.array(to_rgb(look.paper)) * 0.3
    grey = np.empty((1, len(across), 4))
    grey[..., :3] = colour
    grey[..., 3] = far**2 * (3 - 2 * far)  # smooth at both ends
    image = ax.imshow(grey, extent=(low, high, bottom, top), aspect="auto", zorder=8,
                      interpolation="bilinear")  # fmt: skip
    ax.set_xlim(low, high)
    ax.set_ylim(bottom, top)
    return {"fog": image}
