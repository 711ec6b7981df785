"""One step after another: a hill in fog, rules for stopping, and the five regimes of lr · L."""

from itertools import pairwise

import numpy as np
from matplotlib.colors import to_rgb

from ... import plots
from ...descent import descend
from ...landscapes import landscape, parabola
from ...plots.curves import heights
from ...plots.geometry import formula, limits
from ...rules import gd
from ...rules.pieces import norm
from ...theory import gd_factor, regime
from ..actors import at_step, text, trail
from ..controls import choice, pick, scrubber, slider, switch
from ..stage import Stage
from ..wording import say
from .parts import (
    arrows,
    caption,
    dots,
    first_where,
    leaps,
    lowest,
    over,
    over_steps,
    record,
    spot,
    start_on,
    trace,
    verb,
)


@landscape(domain=(-4, 4), start=-3, critical={"minima": [3 / 7]})
def hillside(x):
    """The hill of lesson 3: steep outside, round at the bottom, where x = 3/7."""
    return np.cosh(0.7 * x - 0.3)


@landscape(domain=(-6, 6), start=5, critical={"minima": [0]})
def plain(x):
    """A narrow valley in a wide plain: at x = 5 the slope is 0.00002, and the bottom far away."""
    return 1 - np.exp(-(x**2) / 2)


# ---------------------------------------------------------------------------------------- the fog


FOG = 8  # sheets of fog, one on the other: the outer ones begin farther away


def fog_sheets(ax):
    """Return sheets of fog for the axes: together they thicken as `plots.fog` does."""
    far = np.linspace(0, 1, FOG + 1)[1:]
    thick = far**2 * (3 - 2 * far)
    # Seen through all sheets so far, this much is left; a sheet takes its part of that.
    left = 1 - np.concatenate([[0], thick])
    colour = to_rgb(plots.theme_of(ax).faint)
    return [
        ax.fill_between([], [], [], color=(*colour, 1 - after / before), linewidth=0, zorder=3)
        for before, after in pairwise(left)
    ]


def fog_around(ax, x, half_width):
    """Return the outlines of the sheets around the walker at x, (…, 6, 3) for each of them.

    A sheet is as tall as the axes to the left and to the right of its window, and has no height in it.
    """
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    x = np.where(np.isfinite(x), x, np.inf)  # who is lost sees nothing
    corners = np.array([top, top, bottom, bottom, top, top])
    sheets = []
    for far in 1 + np.arange(FOG) / FOG:
        a, b = np.clip(x - far * half_width, low, high), np.clip(x + far * half_width, low, high)
        ends = np.full_like(a, low), np.full_like(a, high)
        across = np.stack([ends[0], a, a, b, b, ends[1]], axis=-1)
        sheets.append(over(across, bottom, corners))
    return sheets


def underfoot(ax, x, height, slope):
    """Return the ground underfoot, (…, 2, 2): a piece of the tangent, about as long on every slope."""
    wide, tall = np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())
    half = 0.07 * wide / np.hypot(1, slope * wide / tall)
    ends = half[..., None] * np.array([-1, 1])
    return np.stack([x[..., None] + ends, height[..., None] + slope[..., None] * ends], axis=-1)


SEEN = "slope {slope:+.2g}, {way}; height {height:.2f}"


def spoken(template, **values):
    """Return the template for every entry of arrays of one shape, as an array.

    Examples
    --------
    >>> spoken("slope {slope:+.1f}", slope=np.array([[0.5, -2]])).tolist()
    [['slope +0.5', 'slope −2.0']]
    """
    columns = np.broadcast_arrays(*values.values())
    rows = zip(*(column.ravel() for column in columns))
    texts = [say(template, dict(zip(values, row))) for row in rows]
    return np.reshape(texts, columns[0].shape)


def foggy_hill(f=hillside, start=None, *, lr=None, steps=12, within=0.01, domain=None):
    """Walk down a hill in fog: you see the ground around you, and choose how far you step for its slope.

    Go on step by step, and find an lr that brings you to the bottom in time: too small a one is out of
    steps on the way, too large a one throws you out of the valley. Then lift the fog: the steps get
    shorter, though lr stays the same.

    Parameters
    ----------
    f : landscape in one dimension, or a function of x
    start : float, optional
        The landscape's own, unless given.
    lr : Control, optional
        As `slider(0.05, 2)`.
    steps : int
    within : float
        How near to the bottom is there.
    domain : pair of float, optional
        What lies under the fog; the landscape's own, unless given.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = foggy_hill()
    >>> figure.says()
    'step 0: slope −3.8, so you go right; height 5.56'
    >>> figure.says(lr=0.8, step=12)
    'step 12: slope −0.00075, at the bottom; height 1.00'
    >>> figure.says(lr=2, step=12)
    'step 12: you have left the valley'
    """
    f = formula(f, dim=1, domain=domain)
    start = start_on(f, start)
    fig, ax = plots.figure()
    ends = limits(f, domain, 1)
    plots.curve(ax, f, *ends[0])
    ax.set_xlim(ends[0] + 0.005 * np.ptp(ends) * np.array([-1, 1]))  # both its ends are in the fog
    low, high = ax.get_xlim()
    (bottom,), _ = lowest(f, ends)
    sheets = {f"fog {i}": sheet for i, sheet in enumerate(fog_sheets(ax))}
    ground = trace(ax, 1, marks=False, width=4)
    ground.set_linestyle("-")

    def walk(lr):
        path = descend(f, start, gd(lr=lr[:, None]), steps)
        x, height, slope = path.x[..., 0].T, path.f.T, path.g[..., 0].T
        points = np.stack([x, height], axis=-1)
        lost = ~(np.abs(x - (low + high) / 2) < high - low)  # a whole view away from its middle
        there = np.abs(x - bottom) < within
        way = verb(
            x,
            (there, "at the bottom"),
            (np.arange(steps + 1) == steps, "no steps left"),
            (slope > 0, "so you go left"),
            (slope < 0, "so you go right"),
            otherwise="so you stay",
        )
        return {
            "walk": points,
            "ground": underfoot(ax, x, height, slope),
            "there": there,
            "said": np.where(
                lost, "you have left the valley", spoken(SEEN, slope=slope, way=way, height=height)
            ),
        }

    def weather(lr, lift):
        x = descend(f, start, gd(lr=lr[:, None]), steps).x[..., 0].T
        points = np.stack([x, heights(f, x.ravel()).reshape(x.shape)], axis=-1)
        clear = np.inf if lift else 0.09 * (high - low)
        leapt = leaps(points if lift else np.full_like(points, np.nan))
        return {"all steps": leapt} | dict(zip(sheets, fog_around(ax, x, clear)))

    return Stage(
        fig,
        {
            **{name: at_step(sheet) for name, sheet in sheets.items()},
            "all steps": arrows(ax, 1),
            "walk": trail(dots(ax, 0)),
            "ground": at_step(ground),
            "here": at_step(spot(ax, 1, size=13), "walk"),
        },
        {
            "lr": slider(0.05, 2, 0.1, count=40, format=".2f") if lr is None else lr,
            "lift": switch(label="lift the fog"),
            "step": scrubber(steps, 0),
        },
        [walk, weather],
        "step {step}: {said}",
        alt="A hill in fog. Only the ground around the walker is seen, and its slope decides about the "
        "next step. A small lr is out of steps on the way down, a large one leaves the valley.",
        goal=(f"be within {within:g} of the bottom in {steps} steps", "there"),
    )


# ------------------------------------------------------------------------------- rules for stopping

# What each rule watches, in the order of `watched`.
RULES = {"loss": "loss |Δf|", "step": "step ‖Δx‖", "gradient": "gradient ‖g‖"}
LIMIT = "step limit"


def watched(path):
    """Return what each rule watches, (steps + 1, frames), with nan where it isn't asked.

    Where two stop at the same step, the first in this order does it, as in `descend`. Before the first
    step there is no change yet, and after the last one nobody asks for the gradient.
    """
    never = np.full((1, *path.f.shape[1:]), np.nan)
    return {
        "loss": np.concatenate([never, np.abs(np.diff(path.f, axis=0))]),
        "step": np.concatenate([never, norm(np.diff(path.x, axis=0))[..., 0]]),
        "gradient": np.concatenate([norm(path.g[:-1])[..., 0], never]),
    }


class Ground:
    """A function to walk on: where the walk starts, where it should end, and its heights.

    The heights go from 0 at the bottom to 1 at the start, so that all functions fit one picture.
    """

    def __init__(self, f, start=None):
        self.f, self.ends = f, limits(f, None, 1)[0]
        self.start = start_on(f, start)
        (self.bottom,), self.deepest = lowest(f, [self.ends])

    def height(self, x):
        """Return the heights at numbers x of any shape."""
        tall = heights(self.f, np.ravel([*np.ravel(x), self.start])) - self.deepest
        return (tall[:-1] / (tall[-1] or 1)).reshape(np.shape(x))

    def points(self, x):
        """Return the points of the curve at the numbers x, (…, 2)."""
        return np.stack([x, self.height(x)], axis=-1)


def stopping_rules(f=parabola, start=None, *, steps=200):
    """Watch three rules for stopping at once, and fool them.

    Each stops the walk where what it watches, the gradient, the step or the change of the loss, is no
    larger than the tolerance; a fourth counts steps. Find out which one stops first, and how far from
    the bottom: *small change* says that a walk is slow, not that it is there. With a tiny lr, on a
    plain, or where the walk bounces from side to side at one height, it stops far away.

    Parameters
    ----------
    f : landscape in one dimension, or a function of x
        There is a wide plain to choose in its place.
    start : float, optional
        On f; its own, unless given.
    steps : int
        The limit.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = stopping_rules()
    >>> figure.says(lr=0.1, tolerance=1e-4)
    'lr 0.1, tolerance 0.0001: loss fires first, at step 25, 0.011 from the bottom: close enough'
    >>> figure.says(hill="a wide plain")
    'lr 0.1, tolerance 0.0001: gradient fires first, at step 0, 5 from the bottom: fooled!'
    """
    f = formula(f, dim=1)
    grounds = {getattr(f, "name", "yours"): Ground(f, start), "a wide plain": Ground(plain)}
    ends = np.array([ground.ends for ground in grounds.values()])
    low, high = ends[:, 0].min(), ends[:, 1].max()
    fig, (left, right) = plots.figure(columns=2, height=4.2)
    left.set_xlim(low, high)
    left.set_ylim(-0.07, 1.85)
    left.set_yticks([0, 0.5, 1])
    plots.labels(left, x="x", y="height, 1 at the start")
    record(right, steps, 1e-12, 1e2, y="what the rules watch")
    right.set_yticks(10.0 ** np.arange(-12, 3, 2))
    right.set_yticks([], minor=True)
    look = plots.theme_of(left)
    right.axvline(steps, **plots.line_style(right, 3) | {"marker": ""}, linewidth=2)
    caption(right, ha="right").set(text=LIMIT, x=0.985 * steps, y=2e1)
    # Heights of the flags: where rules stop at the same place, their names stand in a column.
    rows = dict(zip([*RULES, LIMIT], 1.72 - 0.15 * np.arange(4)))
    actors = {
        "curve": left.plot([], [], color=look.muted, linewidth=2.4, zorder=2)[0],
        "walk": dots(left, 5, size=5),
        "tolerance line": right.plot([], [], color=look.ink, linewidth=1.6, zorder=3)[0],
        "tolerance name": text(caption(right, ha="right", va="bottom"), "tolerance"),
    }
    for i, name in enumerate(rows):
        actors[f"{name} stop"] = trace(left, i, width=1.6)
        actors[f"{name} stop"].set_markersize(7)
        actors[f"{name} flag"] = text(caption(left, ha="right"), name)
    for i, (name, said) in enumerate(RULES.items()):
        style = plots.line_style(right, i)
        right.plot([], [], **style, linewidth=2.1, markersize=7, label=said)
        actors[f"{name} record"] = trace(right, i, marks=False)
        actors[f"{name} fires"] = spot(right, i, marker=style["marker"])
    plots.legend(right, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, borderaxespad=0.3,
                 columnspacing=1, handlelength=1.8, handletextpad=0.5)  # fmt: skip

    def curve(hill):
        return {"curve": hill.points(np.linspace(low, high, 401))[None]}

    def line(tolerance):
        ends = over([0, 2 * steps], tolerance[:, None])
        return {"tolerance line": ends, "tolerance name": ends[:, 1] * [0.49, 1.9]}

    def walk(hill, lr):
        path = descend(hill.f, hill.start, gd(lr=lr[:, None]), steps)
        records = {f"{name} record": over_steps(v) for name, v in watched(path).items()}
        return records | {"walk": hill.points(path.x[..., 0].T)}

    def stops(hill, lr, tolerance):
        path = descend(hill.f, hill.start, gd(lr=lr[:, None]), steps)
        at = {  # after how many steps a rule stops the walk; nan for never
            name: first_where(values <= tolerance, never=np.nan)
            for name, values in watched(path).items()
        }
        at[LIMIT] = np.full_like(lr, steps)
        when = np.stack(list(at.values()))
        first, after = np.array(list(at))[np.nanargmin(when, axis=0)], np.nanmin(when, axis=0)
        x = position(path, after)
        # Who is as low as can be is there, wherever that is: the ground may be level.
        off = np.where(hill.height(x) == 0, 0, np.abs(x - hill.bottom))
        to_go = np.where(off == 0, 0, off / np.abs(hill.start - hill.bottom))
        found = {
            "first": first,
            "after": after,
            "off": np.where(np.isfinite(off), off, np.inf),
            "step fooled": (first == "step") & (to_go > 0.5),
            "verdict": verb(
                off,
                (~(to_go < 1e3), "lost"),
                (to_go <= 0.01, "close enough"),
                (first == LIMIT, "out of steps"),
                (to_go > 0.5, "fooled!"),
                otherwise="too early",
            ),
        }
        for name, t in at.items():
            x = position(path, t)
            top = over(x, rows[name])
            found[f"{name} stop"] = np.stack([hill.points(x), top], axis=1)
            # The name stands to the left of its flag, unless there is no room.
            left_of = np.maximum(x - 0.02 * (high - low), low + 0.24 * (high - low))
            found[f"{name} flag"] = np.stack([left_of, top[:, 1]], axis=-1)
        for name in RULES:
            found[f"{name} fires"] = np.stack([at[name], tolerance], axis=-1)
        return found

    return Stage(
        fig,
        actors,
        {
            "hill": choice(grounds),
            "lr": slider(1e-4, 1, 0.1, log=True, count=41),
            "tolerance": slider(1e-8, 1e-1, 1e-4, log=True, count=36),
        },
        [curve, line, walk, stops],
        "lr {lr:.3g}, tolerance {tolerance:.3g}: {first} fires first, at step {after:d}, "
        "{off:.2g} from the bottom: {verdict}",
        alt="Three rules for stopping, and a limit of steps. On the left, where each of them stops the "
        "walk; on the right, what they watch, and where it meets the tolerance. With a tiny lr, and on "
        "a plain, they stop far from the bottom.",
        goal=(
            "fool the step rule: it fires first, with more than half of the way to go",
            "step fooled",
        ),
    )


def position(path, t):
    """Return where the walks of a path are after t steps, (frames,); nan where t is."""
    row = np.nan_to_num(t).astype(int)[None]
    return np.where(np.isnan(t), np.nan, np.take_along_axis(path.x[..., 0], row, axis=0)[0])


# ---------------------------------------------------------------------------------- the five regimes


class Curved:
    """½Lx², for many curvatures L at once, one for each walk."""

    def __init__(self, L):
        self.L = L

    def __call__(self, x):
        """Return the heights at points x, (…, 1)."""
        return self.L * x[..., 0] ** 2 / 2

    def grad(self, x):
        """Return the gradients at points x."""
        return self.L[..., None] * x


def five_regimes(*, steps=20):
    """Walk down ½Lx² with any lr · L: a step multiplies x by 1 − lr·L, and that number says it all.

    At lr · L = ½ each step halves the way, at 1 a single step is enough, at 1.5 it alternates and still
    halves, at 2 it bounces between two points for ever, at 2.1 it diverges. Find out what L changes: the
    heights, and the lr that it takes, but not the walk in x.

    Parameters
    ----------
    steps : int

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = five_regimes()
    >>> figure.says(product=1.5, curvature=4)
    'lr 0.375 · L 4 = 1.50: every step multiplies x by 1 − 1.50 = −0.50: zigzag. Step 20: x = +1.9e−6'

    Source: 1 − lr·L is `gdtutor.theory.gd_factor`; the words are those of `gdtutor.theory.regime`.
    """
    start, reach, steep, begin, floor = 2.0, 3.0, [0.5, 1.0, 2.0, 4.0], 0.3, 1e-6
    fig, (left, right) = plots.figure(columns=2)
    left.set_xlim(-reach, reach)
    tall = max(steep) * start**2 / 2
    left.set_ylim(-0.1 * tall, 1.3 * tall)
    plots.labels(left, x="x (▲ after each step)", y="½ L x²")
    record(right, steps, 0.4 * floor, 3e2, y="|x| (10⁻⁶ if it is less)")
    right.set_yticks(10.0 ** np.arange(-6, 3, 2))
    right.set_yticks([], minor=True)
    right.xaxis.get_major_locator().set_params(integer=True)
    (line,) = left.plot([], [], color=plots.theme_of(left).muted, linewidth=2.4, zorder=2)

    def curve(curvature):
        x = np.linspace(-reach, reach, 201)
        y = Curved(curvature[:, None])(x[:, None])
        return {"curve": over(x, y)}

    def walk(product, curvature):
        lr = product / curvature
        f = Curved(curvature)
        path = descend(f, np.full((len(lr), 1), start), gd(lr=lr[:, None]), steps)
        x = path.x[..., 0].T
        points = np.stack([x, path.f.T], axis=-1)
        return {
            "walk": points,
            "jumps": leaps(points),
            "shadow": over(x, -0.05 * tall),
            "sizes": over_steps(np.abs(path.x[..., 0]), floor),
            "lr": lr,
            "factor": gd_factor(lr, curvature),
            "verb": regime(lr, curvature),
            "x": x,
            "mirrored": np.isclose(gd_factor(product, 1), -gd_factor(begin, 1)),
        }

    return Stage(
        fig,
        {
            "curve": line,
            "jumps": trail(arrows(left, 1)),
            "walk": trail(dots(left, 0)),
            "here": at_step(spot(left, 1), "walk"),
            "shadow": trail(dots(left, 3, marker="^", size=7)),
            "sizes": trail(trace(right)),
            "size now": at_step(spot(right, 1, size=9), "sizes"),
        },
        {
            "product": slider(0.02, 2.2, begin, count=110, label="lr · L", format=".2f"),
            "curvature": pick(steep, 1.0, label="L, how curved"),
            "step": scrubber(steps),
        },
        [curve, walk],
        "lr {lr:.3g} · L {curvature:.3g} = {product:.2f}: every step multiplies x by "
        "1 − {product:.2f} = {factor:+.2f}: {verb}. Step {step}: x = {x:+.2g}",
        alt="A walk down ½Lx², and |x| over the steps on a logarithmic axis, where it is a straight "
        "line. Below lr · L = 1 it settles, at 1 one step is enough, up to 2 it zigzags, at 2 it "
        "bounces for ever, beyond it diverges. L changes the heights and the lr, not the walk in x.",
        goal=(
            f"let |x| shrink exactly as fast as at lr · L = {begin:g}, but from side to side",
            "mirrored",
        ),
        presets={
            "halves": {"product": 0.5},
            "one step": {"product": 1},
            "alternates": {"product": 1.5},
            "bounces for ever": {"product": 2},
            "diverges": {"product": 2.1},
        },
    )
