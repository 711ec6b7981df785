"""Slopes: from the secant to the tangent, and the gradient as a compass."""

import numpy as np

from ... import plots
from ...landscapes import bowl, landscape
from ...landscapes.numeric import H_SMOOTH
from ...plots.geometry import formula
from ..actors import text
from ..controls import choice, pick, point, slider
from ..stage import Stage
from ..wording import say
from .parts import arrows, caption, grid, over, spot, trace, verb

SINE = landscape(np.sin, domain=(-1, 4), name="sin")
TILTED = bowl(kappa=4, angle=30)  # its steepest way down doesn't lead to its minimum
EPS = np.finfo(float).eps
BEHIND = {"forward": 0, "central": 1}  # a secant to x + h begins so many h before x
CLOSE = 3  # errors this many times the smallest are as good
LEVEL = 0.02  # a slope smaller than this part of the steepest is none
STEEPEST = np.cos(np.radians(3))  # a direction this near to the gradient's is as steep
DIAL = 0.22  # the radius of the compass, as a part of the map


def secant_to_tangent(f=SINE, x=1.0):
    """Let a secant become the tangent, and find the h that gives the best slope.

    The smaller h, the less the curve bends between the two points. Below some h the slope gets worse
    again: two nearly equal heights are subtracted, and few of their digits are left. The best h is near
    √ε for forward differences and near ∛ε for central ones, where ε = 2.2e-16.

    Source: Press et al., Numerical Recipes, 3rd ed. (2007), section 5.7.

    Parameters
    ----------
    f : landscape in one dimension, or a function of x
    x : float
        Where the slope is wanted.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = secant_to_tangent()
    >>> figure.says(h=0.1)
    'forward, h 0.1: slope +0.49736, error 0.043, still bends'
    >>> figure.says(h=1e-8)
    'forward, h 1e−8: slope +0.54030, error 3e−9, good'
    """
    f = formula(f, dim=1)
    fig, (left, right) = plots.figure(columns=2, height=4.0)
    plots.curve(left, f)
    low, high = left.get_xlim()
    room = min(1, (high - low) / 4)  # for the secant
    controls = {
        "h": slider(1e-15, 1, 1, log=True, count=61),
        "x": pick([*np.linspace(low + room, high - room, 61).round(10), x], x, format="+.2f"),
        "method": choice(BEHIND),
    }
    steps, places = (np.array(controls[name].values) for name in ("h", "x"))
    with np.errstate(all="ignore"):
        height, true = value(f, places), gradient(f, places[:, None])[:, 0]
        found = np.stack([difference(f, places, steps, behind) for behind in BEHIND.values()])
        error = np.abs(found - true[:, None])  # (methods, places, steps)
    least = least_error(f, true)
    drawn = np.maximum(error, least)
    good, best = good_steps(drawn)
    error_axes(right, steps, drawn)

    def lines(x):
        at = np.searchsorted(places, x)
        forward, central = drawn[:, at]
        return {
            "tangent": through(low, high, x, height[at], true[at]),
            "place": np.stack([x, height[at]], axis=-1),
            "forward errors": over(steps, forward),
            "central errors": over(steps, central),
            "forward label": over(steps, forward * 6)[:, 46],
            "central label": over(steps, central / 6)[:, 50],
        }

    def marks(h, x):
        at, j = np.searchsorted(places, x), np.searchsorted(steps, h)
        forward, central = drawn[:, at, j]
        return {
            "forward mark": np.stack([h, forward], axis=-1),
            "central mark": np.stack([h, central], axis=-1),
        }

    def secants(h, x, method):
        at, j = np.searchsorted(places, x), np.searchsorted(steps, h)
        begin, end = x - method * h, x + h
        bottom, top = value(f, begin), value(f, end)
        slope, off, fine = found[method, at, j], error[method, at, j], good[method, at, j]
        legs = np.stack([[begin, bottom], [end, bottom], [end, top]]).transpose(2, 0, 1)
        return {
            "secant": through(low, high, begin, bottom, slope),
            "legs": legs,
            "ends": legs[:, ::2],
            **leg_labels(left, legs),
            "here": np.stack([h, drawn[method, at, j]], axis=-1),
            "run": end - begin,
            "rise": top - bottom,
            "slope": slope,
            "error": off,
            "good": fine,
            "verdict": verb(
                off,
                (~np.isfinite(off), "no slope here"),
                (fine & (x == 0) & (height[at] == 0), "good: at f(0) = 0 no digits are lost"),
                (fine, "good"),
                (j < best[method, at], "round-off: cancellation eats the digits"),
                otherwise="still bends",
            ),
        }

    actors = {
        "tangent": trace(left, 1, marks=False, rim=False, label="tangent"),
        "secant": trace(left, 0, marks=False, label="secant"),
        "legs": trace(left, 3, marks=False),
        "ends": spot(left, 0, size=9),
        "place": spot(left, 1),
        "run label": text(caption(left, 3), "run {run:.2g}"),
        "rise label": text(caption(left, 3, ha="left"), "rise {rise:+.2g}"),
        "forward errors": trace(right, 0, marks=False),
        "central errors": trace(right, 2, marks=False, rim=False),
        "forward label": text(caption(right, 0, ha="right"), "forward"),
        "central label": text(caption(right, 2, ha="left"), "central"),
        "forward mark": spot(right, 0, size=8, full=False),
        "central mark": spot(right, 2, size=8, full=False),
        "here": spot(right, 1),
    }
    plots.legend(left, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.3)
    return Stage(
        fig,
        actors,
        controls,
        [lines, marks, secants],
        "{method}, h {h:.3g}: slope {slope:+.5f}, error {error:.2g}, {verdict}",
        alt="A secant turns into the tangent as h shrinks. The error of its slope falls with h, and "
        "below some h it rises again, for round-off: a smaller h isn't always better.",
        goal=(
            f"find an h whose error is within a factor {CLOSE} of the smallest that this method reaches",
            "good",
        ),
        presets={"far apart": {"h": 1}, "too close": {"h": 1e-14}},
        drag={"place": {"x": "x"}, "here": {"x": "h"}},
    )


def value(f, x):
    """Return f at numbers of any shape."""
    return np.asarray(f(np.asarray(x, dtype=float)[..., None]), dtype=float)


def gradient(f, x):
    """Return the gradient at points (…, dim); nan where f has none, whatever a complex step finds."""
    return np.where(np.isfinite(f(x))[..., None], f.grad(x), np.nan)


def difference(f, x, h, behind):
    """Return the slopes of the secants to x + h for all x and all h, shape (places, steps)."""
    x = x[:, None]
    return (value(f, x + h) - value(f, x - behind * h)) / ((1 + behind) * h)


def least_error(f, slopes):
    """Return how exactly the slopes themselves are known: smaller errors say nothing."""
    rough = getattr(f, "gradient_by", "formula") == "central differences"
    return (H_SMOOTH**2 if rough else EPS) * np.nanmax(np.abs(slopes), initial=EPS)


def good_steps(errors):
    """Return which h are good, for errors (…, steps), and the number of the best one.

    Round-off is a matter of luck: at one h it happens to be small, and at the next it isn't. What counts
    is how large the error is at h and the two neighbours on either side: the geometric mean of these,
    but for the smallest and the largest.

    Examples
    --------
    >>> h = np.geomspace(1e-15, 1, 61)
    >>> good, best = good_steps(h + 1e-16 / h)
    >>> [f"{v:.1e}" for v in (h[good].min(), h[good].max())]
    ['1.8e-09', '5.6e-08']
    """
    sides = [(0, 0)] * (errors.ndim - 1) + [(2, 2)]
    padded = np.pad(np.log(errors), sides, mode="edge")
    five = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=-1)
    typical = np.sort(five, axis=-1)[..., 1:4].mean(axis=-1)
    typical = np.where(np.isfinite(typical), typical, np.inf)
    best = typical.min(axis=-1, keepdims=True)
    return np.isfinite(typical) & (typical <= best + np.log(CLOSE)), typical.argmin(axis=-1)


def error_axes(ax, h, errors):
    """Set the axes up for errors over h, both as powers of ten."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(h[0] / 2, h[-1] * 2)
    ax.set_xticks(h[::12])
    known = errors[np.isfinite(errors)]
    ax.set_ylim(known.min(initial=1) / 3, known.max(initial=1) * 10)
    plots.labels(ax, x="h", y="error of the slope")
    say = {"transform": ax.transAxes, "fontsize": 12, "color": plots.theme_of(ax).muted}
    ax.text(0.02, 0.04, "too small: round-off", ha="left", **say)
    ax.text(0.98, 0.04, "too large: bends", ha="right", **say)


def through(low, high, x, y, slope):
    """Return lines across the view through (x, y), (frames, 2, 2)."""
    ends = np.array([low, high])
    return over(ends, y[:, None] + slope[:, None] * (ends - x[:, None]))


def leg_labels(ax, legs):
    """Return places for the words on run and rise; none where there is no room."""
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    wide, tall = high - low, top - bottom
    (begin, level), (end, up) = legs[:, 0].T, legs[:, 2].T
    small, flat = end - begin < 0.12 * wide, np.abs(up - level) < 0.15 * tall
    beside = level + 0.055 * tall * np.where(up >= level, -1, 1)
    run = np.stack([(begin + end) / 2, beside], axis=-1)
    rise = np.stack([end + 0.03 * wide, np.where(flat, beside, (level + up) / 2)], axis=-1)
    run[small | (end > high) | (begin < low)] = np.nan
    rise[small | (end > high - 0.25 * wide)] = np.nan
    return {"run label": run, "rise label": rise}


def gradient_compass(f=TILTED, at=None, *, domain=None):
    """Turn a direction like the needle of a compass, and read the slope off a cosine.

    The gradient is an arrow on the map, not on the hill. The slope in the direction θ is ∇f · u(θ),
    the length of the gradient times the cosine of the angle to it: steepest along the gradient, none at
    right angles to it. And steepest downhill isn't where the minimum is, unless contours are circles.

    Parameters
    ----------
    f : landscape in two dimensions, or a function of (x, y)
    at : pair of float, optional
        Where the compass is; halfway from the landscape's start to the middle of the map, unless given.
    domain : array_like, shape (2, 2), optional

    Returns
    -------
    Stage

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> figure = gradient_compass(bowl, at=(1, 1))
    >>> figure.says(theta=0)
    'θ 0°: slope +1, uphill; steepest is +1.41 at 45°; the minimum is 0° off −∇f'
    >>> figure.says(theta=136)
    'θ 136°: slope −0.0247, along the contour; steepest is +1.41 at 45°; the minimum is 0° off −∇f'
    """
    f = formula(f, dim=2, domain=domain)
    fig, (left, right) = plots.figure(columns=2, height=4.0)
    plots.contours(left, f, domain=domain)
    view = np.array([left.get_xlim(), left.get_ylim()])
    size = np.ptp(view, axis=1).min()
    at = tuple((f.start + view.mean(axis=1)) / 2) if at is None else at
    minima = np.reshape(getattr(f, "minima", ()), (-1, 2))
    usual = usual_slope(f, left)
    slope_axes(right, 2.2 * usual)
    circle = np.linspace(0, 360, 91)
    ring = needle(circle)

    def compass(at):
        g = gradient(f, at)
        norm, angle, unit = compassed(g, usual)
        home = nearest(at, minima)
        tip = unit * (size * np.minimum(0.25 * np.sqrt(norm / usual), 0.4))[:, None]
        edge = np.stack([368 + 0 * norm, np.where(norm > 0.15 * usual, norm, np.nan)], axis=-1)
        return {
            "here": at,
            "uphill": arrow(at, tip),
            "downhill": arrow(at, -tip),
            "ring": at[:, None] + DIAL * size * ring,
            "uphill label": beyond(at, tip, view),
            "downhill label": beyond(at, -tip, view),
            "way home": np.stack([at, home], axis=1),
            "cosine": over(circle, g @ ring.T),
            "levels": over([0, 360, np.nan, 0, 360], norm[:, None] * [1, 1, np.nan, -1, -1]),
            "steepest up": np.stack([angle, norm], axis=-1),
            "steepest down": np.stack([(angle + 180) % 360, -norm], axis=-1),
            "plus label": edge,
            "minus label": edge * [1, -1],
            "ways": ways(norm, np.round(angle) % 360, between(-g, home - at)),
        }

    def turned(at, theta):
        g, u = gradient(f, at), needle(theta)
        slope, norm = np.sum(g * u, axis=-1), compassed(g, usual)[0]
        part = slope / norm
        level = np.abs(part) < LEVEL  # and on flat ground, 0/0, it isn't
        return {
            "dial": arrow(at, DIAL * size * u),
            "dial label": at + 0.85 * DIAL * size * needle(theta + 25),
            "now": np.stack([theta, slope], axis=-1),
            "slope": slope,
            "level": level,
            "verdict": verb(
                part,
                (np.isnan(slope), "no slope here"),
                (norm == 0, "flat ground: no direction is steepest"),
                (level, "along the contour"),
                (part > STEEPEST, "straight uphill"),
                (part < -STEEPEST, "straight downhill"),
                (part > 0, "uphill"),
                otherwise="downhill",
            ),
        }

    actors = {
        "ring": thin(left, "-"),
        "way home": thin(left, (0, (1, 2)), width=2.4, label="straight to the minimum"),
        "dial": arrows(left, 0, width=4),
        "uphill": arrows(left, 1),
        "downhill": arrows(left, 2),
        "here": spot(left, 0),
        "uphill label": text(caption(left, 1), "∇f"),
        "downhill label": text(caption(left, 2), "−∇f"),
        "dial label": text(caption(left, 0), "u"),
        "levels": thin(right, (0, (4, 2))),
        "cosine": trace(right, 0, marks=False),
        "steepest up": spot(right, 1, marker="^", size=10),
        "steepest down": spot(right, 2, marker="v", size=10),
        "now": spot(right, 0),
        "plus label": text(caption(right, 1, ha="left"), "‖∇f‖"),
        "minus label": text(caption(right, 2, ha="left"), "−‖∇f‖"),
    }
    if len(minima):
        mark_minima(left, minima)
    return Stage(
        fig,
        actors,
        {
            "theta": slider(0, 360, 70, count=181, format=".0f", label="θ (degrees)"),
            "at": point(left, at, label="compass at"),
        },
        [compass, turned],
        "θ {theta:.0f}°: slope {slope:+.3g}, {verdict}{ways}",
        alt="A compass on a map: the slope is a cosine of the direction. It is steepest along the "
        "gradient and zero along the contour, and the steepest way down isn't the way to the minimum.",
        goal=("find a direction that leads neither up nor down", "level"),
        drag={"here": "at", "now": {"x": "theta"}},
    )


def ways(norm, angle, off):
    """Return in words which ways lead up steepest and to the minimum; nothing on flat ground.

    Examples
    --------
    >>> ways(np.array([1.5, 0]), np.array([45.0, np.nan]), np.array([np.nan, np.nan])).tolist()
    ['; steepest is +1.5 at 45°', '']
    """
    steepest = "; steepest is {norm:+.3g} at {angle:.0f}°"
    home = "; the minimum is {off:.0f}° off −∇f"
    return np.array([
        say((steepest + home * bool(o >= 0)) * bool(n > 0), {"norm": n, "angle": a, "off": o})
        for n, a, o in zip(norm, angle, off)
    ])  # fmt: skip


def compassed(g, usual):
    """Return length, direction in degrees, and unit vectors of gradients; on flat ground 0 and nan."""
    norm = np.hypot(*g.T)
    norm = np.where(norm <= 1e-9 * usual, 0, norm)
    unit = g / np.where(norm > 0, norm, np.nan)[:, None]
    return norm, np.degrees(np.arctan2(*unit.T[::-1])) % 360, unit


def needle(theta):
    """Return the unit vectors in the directions theta, in degrees."""
    return np.stack([np.cos(np.radians(theta)), np.sin(np.radians(theta))], axis=-1)


def between(a, b):
    """Return the angles between vectors, in degrees."""
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    angle = np.degrees(np.abs(np.arctan2(cross, np.sum(a * b, axis=-1))))
    return np.where(np.any(a != 0, axis=-1) & np.any(b != 0, axis=-1), angle, np.nan)


def nearest(x, places):
    """Return for each point the nearest of these places; nan if there are none."""
    if not len(places):
        return np.full_like(x, np.nan)
    return places[np.linalg.norm(x[:, None] - places, axis=-1).argmin(axis=1)]


def usual_slope(f, ax):
    """Return the length of the gradient that half of the map exceeds; 1 on level ground."""
    with np.errstate(all="ignore"):
        norm = np.linalg.norm(gradient(f, grid((ax.get_xlim(), ax.get_ylim()), 41)), axis=-1)
    return np.median(norm[np.isfinite(norm)]) or 1.0


def slope_axes(ax, most):
    """Set the axes up for slopes over the directions of the compass."""
    ax.set_xlim(0, 430)  # with room for words on the right
    ax.set_xticks(range(0, 361, 90))
    ax.set_ylim(-most, most)
    ax.axhline(0, color=plots.theme_of(ax).muted, linewidth=0.8)
    plots.labels(ax, x="direction θ (degrees)", y="slope ∇f · u")


def arrow(at, way):
    """Return one arrow for each frame, (frames, 1, 4)."""
    return np.concatenate([at, way], axis=-1)[:, None]


def beyond(at, way, view):
    """Return places for words a little beyond the tips of arrows; none outside the view."""
    ahead = 0.05 * np.ptp(view, axis=1).min() * way / np.linalg.norm(way, axis=-1, keepdims=True)
    place = at + way + ahead
    seen = np.all((view[:, 0] < place) & (place < view[:, 1]), axis=-1)
    return np.where(seen[:, None], place, np.nan)


def thin(ax, dashes, *, width=1.3, label=None):
    """Return a line in ink that isn't the main thing."""
    (line,) = ax.plot([], [], color=plots.theme_of(ax).ink, linestyle=dashes, linewidth=width,
                      label=label, zorder=3.5, scalex=False, scaley=False)  # fmt: skip
    return line


def mark_minima(ax, minima):
    """Draw the minima that a landscape knows, and the legend for the way to them."""
    ink = plots.theme_of(ax).ink
    ax.plot(*minima.T, "v", color=ink, markersize=9, scalex=False, scaley=False)
    plots.legend(ax, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.3)
