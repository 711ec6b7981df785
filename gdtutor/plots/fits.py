"""Models among their data: lines with residuals, regions with their classes."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap

from .geometry import limits
from .style import MARKERS, labels, legend, theme_of


def fit(ax, X, y, predict=None, residuals=True, label=None):
    """Draw points (X, y) and what a model predicts over X, with the residuals between.

    Parameters
    ----------
    ax : Axes
    X : array_like, shape (n,) or (n, 1)
    y : array_like, shape (n,)
    predict : callable, optional
        Of an X of the same kind as the one given: `lambda x: w * x + b` for (n,),
        `lambda X: model.predict(w, X)` for (n, 1).
    residuals : bool
        Whether to draw them.
    label : str, optional
        Written at the right end of the line.

    Returns
    -------
    dict
        "points": Line2D, "line": Line2D or None, "residuals": LineCollection or None, "label": Text
        or None.

    Raises
    ------
    ValueError
        If X has several columns, or y doesn't fit X.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> drawn = fit(figure()[1], [0.0, 1.0], [0.0, 3.0], lambda x: 2 * x)
    >>> [segment.tolist() for segment in drawn["residuals"].get_segments()]
    [[[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [1.0, 2.0]]]
    """
    X, y, look = np.asarray(X, dtype=float), np.asarray(y, dtype=float), theme_of(ax)
    if X.ndim > 2 or (X.ndim == 2 and X.shape[1] != 1):
        raise ValueError(f"a line fit shows one feature, X of shape (n,) or (n, 1): got {X.shape}.")
    if y.shape != X.shape[:1]:
        raise ValueError(
            f"y must have one number for each of {len(X)} points: got shape {y.shape}."
        )
    x, line, sticks, text = X.reshape(-1), None, None, None
    (points,) = ax.plot(x, y, "o", color=look.lines[0], markersize=8, markeredgecolor=look.paper,
                        markeredgewidth=1, linestyle="", zorder=4)  # fmt: skip
    room = 0.04 * (np.ptp(x) or 1.0)
    across = np.linspace(x.min() - room, x.max() + room, 201)
    if predict is not None:
        drawn = np.asarray(predict(across.reshape(-1, *X.shape[1:])), dtype=float).reshape(-1)
        (line,) = ax.plot(across, drawn, "-", color=look.lines[1], linewidth=2.6, zorder=3)
        if residuals:
            there = np.asarray(predict(X), dtype=float).reshape(-1)
            ends = np.stack([np.column_stack([x, y]), np.column_stack([x, there])], axis=1)
            sticks = LineCollection(ends, colors=look.muted, linewidths=1.3, zorder=2)
            ax.add_collection(sticks)
        if label is not None:
            text = ax.annotate(label, (across[-1], drawn[-1]), (8, 0), textcoords="offset points",
                               va="center", color=look.ink, fontsize=12,
                               annotation_clip=False)  # fmt: skip
    ax.set_xlim(across[0], across[-1])
    labels(ax, x=ax.get_xlabel() or "x", y=ax.get_ylabel() or "y")
    return {"points": points, "line": line, "residuals": sticks, "label": text}


def boundary(ax, X, y, predict, domain=None, points=161):
    """Draw where a classifier says what, and the examples of each class on top.

    Parameters
    ----------
    ax : Axes
    X : array_like, shape (n, 2)
    y : array_like, shape (n,)
        Labels, such as 0 and 1, or −1 and 1.
    predict : callable
        Labels for points (m, 2): `lambda X: model.predict(w, X)`.
    domain : array_like, shape (2, 2), optional
        A little more than the points need, unless given.
    points : int
        Of the grid, along each axis.

    Returns
    -------
    dict
        "regions": QuadMesh, "classes": {label: Line2D}.

    Raises
    ------
    ValueError
        If the points don't lie in a plane.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> X, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
    >>> drawn = boundary(figure()[1], X, y, lambda X: (X.sum(axis=1) > 1).astype(int))
    >>> list(drawn["classes"]), drawn["regions"].get_array().shape
    ([0, 1], (161, 161))
    """
    X, y, look = np.asarray(X, dtype=float), np.asarray(y), theme_of(ax)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"this picture shows two features, X of shape (n, 2): got {X.shape}.")
    if domain is None:
        room = 0.08 * np.ptp(X, axis=0)
        domain = np.stack([X.min(axis=0) - room, X.max(axis=0) + room], axis=1)
    domain = limits(None, domain, dim=2)
    across, up = (np.linspace(*ends, points) for ends in domain)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    said = np.asarray(predict(grid.reshape(-1, 2))).reshape(points, points)
    known = np.unique(y)
    colours = [look.lines[i % len(look.lines)] for i in range(len(known))]
    number = np.searchsorted(known, said)
    regions = ax.pcolormesh(across, up, number, cmap=ListedColormap(colours), vmin=-0.5,
                            vmax=len(known) - 0.5, alpha=0.22, shading="nearest", linewidth=0,
                            rasterized=True, zorder=0)  # fmt: skip
    classes = {}
    for i, value in enumerate(known.tolist()):
        (classes[value],) = ax.plot(*X[y == value].T, MARKERS[i % len(MARKERS)], color=colours[i],
                                    markersize=7.5, markeredgecolor=look.paper, linestyle="",
                                    label=f"{value:g}", zorder=3)  # fmt: skip
    ax.set_xlim(*domain[0])
    ax.set_ylim(*domain[1])
    labels(ax, x=ax.get_xlabel() or "x₁", y=ax.get_ylabel() or "x₂")
    legend(ax)
    return {"regions": regions, "classes": classes}
