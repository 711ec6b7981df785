"""What is there to draw: which function, over which domain, and what part of a path is seen."""

import numpy as np

from ..path import Path

FAR = 1e4  # no point is drawn more views than this away from the view


def formula(f, dim, domain=None):
    """Return f with a gradient: a landscape or model as it is, a plain function made into one."""
    if not callable(f):
        raise TypeError(f"there is nothing to draw: expected a landscape or a function, got {f!r}.")
    if not hasattr(f, "grad"):
        from ..landscapes import landscape

        where = {} if domain is None else {"domain": limits(f, domain, dim)}
        f = landscape(f, dim=dim, **where)
    has = getattr(f, "dim", dim)
    if has != dim:
        raise ValueError(
            f"{getattr(f, 'name', 'this objective')} lives in {has} dimension{'s' * (has > 1)}, and "
            f"this picture shows {dim}."
        )
    return f


def limits(f, domain, dim):
    """Return the domain as an array (dim, 2): the given one, or that of f."""
    domain = getattr(f, "domain", None) if domain is None else domain
    if domain is None:
        raise ValueError(
            "this objective doesn't say where it is interesting: give a domain, such as "
            + ("domain=(-2, 2)." if dim == 1 else "domain=[(-2, 2), (-1, 3)].")
        )
    try:
        domain = np.broadcast_to(np.array(domain, dtype=float), (dim, 2))
    except ValueError:
        domain = np.full((dim, 2), np.nan)
    if not (np.isfinite(domain).all() and (domain[:, 0] < domain[:, 1]).all()):
        raise ValueError(
            f"a domain is made of pairs (low, high), one for each of {dim} coordinates, low below high."
        )
    return domain


def interval(f, low, high):
    """Return the ends of the interval to draw: the given ones, or those of f's domain."""
    own = None
    if low is None or high is None:
        own = limits(f, None, 1)[0]
    low, high = own[0] if low is None else low, own[1] if high is None else high
    return limits(f, (low, high), 1)[0]


def rows_of(path, dim=None):
    """Return the positions of a path, shape (rows, ..., dim), from a Path or from an array."""
    x = np.asarray(path.x if isinstance(path, Path) else path, dtype=float)
    if dim == 1 and x.ndim == 1:
        x = x[:, None]
    if x.ndim < 2 or not len(x):
        raise ValueError(
            f"a path has one row for each step, shape (rows, {dim or 'dim'}): got shape {x.shape}."
        )
    if dim is not None and x.shape[-1] != dim:
        raise ValueError(f"this picture has {dim} coordinates, and the path has {x.shape[-1]}.")
    return x


def one_path(path, dim):
    """Return the positions of one start, (rows, dim), or say that there are many."""
    x = rows_of(path, dim)
    if x.ndim > 2:
        raise ValueError(
            f"this picture shows one walk, and the path has {' x '.join(map(str, x.shape[1:-1]))} of "
            "them: pick one with path.select(0), or the best with path.best."
        )
    return x


def finite(points):
    """Return the rows up to the first that isn't finite."""
    bad = ~np.isfinite(points).all(axis=-1)
    return points[: np.argmax(bad)] if bad.any() else points


def view(ax):
    """Return the lower left and the upper right corner of the axes' view."""
    (left, right), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    return np.array([left, bottom]), np.array([right, top])


def walk_in_view(points, low, high):
    """Cut a walk where it is lost, and find out where it leaves the view for good.

    Parameters
    ----------
    points : ndarray, shape (rows, 2)
    low, high : ndarray, shape (2,)
        The corners of the view.

    Returns
    -------
    points : ndarray, shape (k, 2)
        To the end, or to the border where the walk leaves and doesn't come back; none if it is never
        in the view.
    leaves : ndarray, shape (2,), or None
        That place on the border.

    Examples
    --------
    >>> walk = np.array([[0.5, 0.5], [0.5, 2.0], [0.5, np.inf]])
    >>> points, leaves = walk_in_view(walk, np.zeros(2), np.ones(2))
    >>> points.tolist(), leaves.tolist()
    ([[0.5, 0.5], [0.5, 1.0]], [0.5, 1.0])
    """
    lost = not np.isfinite(points).all()
    points = finite(points)
    inside = ((points >= low) & (points <= high)).all(axis=-1)
    if not inside.any():
        return points[:0], None
    last = int(np.flatnonzero(inside)[-1])
    # An excursion may go far, and must not go farther than pixels can be counted.
    points = np.clip(points, low - FAR * (high - low), high + FAR * (high - low))
    if last + 1 < len(points):
        edge = crossing(points[last], points[last + 1], low, high)
        return np.vstack([points[: last + 1], edge]), edge
    return points, points[last] if lost else None


def seen(points, ax):
    """Say so if none of a walk is in the view."""
    if not len(points):
        (left, bottom), (right, top) = view(ax)
        raise ValueError(
            f"no point of this path lies in the picture, {left:g} to {right:g} by {bottom:g} to "
            f"{top:g}: draw the curve or the map first, with a domain around the path."
        )


def crossing(inner, outer, low, high):
    """Return where the line from a point inside a box to one outside meets the box."""
    way = outer - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(way > 0, (high - inner) / way, np.where(way < 0, (low - inner) / way, 1.0))
    return np.clip(inner + way * min(share.min(), 1.0), low, high)
