"""Which valley does each start end in? A map of the basins."""

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb, to_rgba
from matplotlib.ticker import PercentFormatter

from ... import plots, theory
from ...descent import descend
from ...landscapes import himmelblau
from ...plots.geometry import formula, limits
from ...plots.style import halo, labels, theme_of
from ...rules import backtracking, gd, newton
from ..actors import text
from ..controls import pick, point, slider
from ..stage import Stage
from .parts import by_frame, grid, ready, spot, swept, taking, trace, verb

LETTERS = "ABCDEFGHIJ"
LAST = 5  # steps that tell who has arrived
NONE = -1  # the number of the valley of those who end in none


def basin_map(f=himmelblau, opt=gd, start=None, *, lr=None, steps=100, domain=None):
    """Drag a start and see which valley it ends in; the map shows it for all starts at once.

    With a small lr each valley has one basin with a smooth border, as a river has. A large one throws
    walkers over the borders: basins get islands and fringes, and two starts side by side end far
    apart. Which minimum is the nearest doesn't decide it. A still larger one empties the steep valleys:
    where lr is above 2 / curvature, nobody comes to rest.

    Parameters
    ----------
    f : landscape in two dimensions, or a function of (x, y)
        Minima that it doesn't know are searched for; ten at most get a colour, the lowest.
    opt : Optimizer, or a learner's own update rule
        Of its knobs lr and momentum become sliders.
    start : pair of float, optional
    lr : Control, optional
        As `slider(0.001, 0.02, log=True)`.
    steps : int
    domain : array_like, shape (2, 2), optional

    Returns
    -------
    Stage

    Raises
    ------
    ValueError
        If there is no minimum in the domain.

    Examples
    --------
    >>> basin_map().says(lr=0.00498)
    'lr 0.00498, from (0.00, 0.00) you end in A, the nearest valley; 25% of all starts do'
    """
    f, opt = formula(f, dim=2, domain=domain), ready(opt)
    domain = limits(f, domain, dim=2)
    minima = minima_of(f, domain)
    minima = minima[np.sort(np.argsort(f(minima), kind="stable")[: len(LETTERS)])]
    start = tuple(np.clip(f.start, *domain.T)) if start is None else start
    controls = knobs(f, opt, minima, domain, lr)
    frames = int(np.prod([len(control.values) for control in controls.values()]))
    basins = Basins(f, opt, minima, domain, steps, side_of(f, opt, frames, steps))
    letters = list(LETTERS[: len(minima)])

    fig, (left, right) = plots.figure(columns=2, height=4.2)
    left.get_gridspec().set_width_ratios([1.2, 1])
    drawn = plots.contours(left, f, domain)
    drawn["fill"].remove()  # the colours are for the valleys
    colours = palette(left, len(minima))
    bars = right.bar([*letters, "none"], 0.0, width=0.7, color=[*colours, theme_of(right).paper],
                     edgecolor=theme_of(right).muted)  # fmt: skip
    right.set_ylim(0, 1)
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    labels(right, x=f"valley reached in {steps} steps", y="share of all starts")
    line = trace(left, 5)
    line.set_marker("o")
    nowhere = f"reach none in {steps} steps"
    flags = {f"flag {letter}": flag(left, letter) for letter in letters}

    def seen_from_above(**knobs):
        valleys, shares = basins(**knobs)
        here = np.tile(minima, (len(valleys), 1, 1))
        return {
            "basins": np.where(valleys == NONE, np.nan, valleys),
            "shares": shares,
            "minima": here,
            **{name: here[:, i] for i, name in enumerate(flags)},
        }

    def walk(start, **knobs):
        path = descend(f, start, swept(opt, **knobs), steps)
        end, nearest = basins.reached(path), np.argmin(distances(start, minima), axis=-1)
        shares = basins(**knobs)[1]
        return {
            "walk": by_frame(path.x),
            "first": start,
            "last": path.end,
            "end": np.array([*(f"end in {letter}" for letter in letters), nowhere])[end],
            "judged": verb(
                end,
                (end == NONE, ""),
                (end == nearest, ", the nearest valley"),
                otherwise=np.array([f", though {letter} is nearer" for letter in letters])[nearest],
            ),
            "share": np.take_along_axis(shares, end[:, None], axis=-1)[:, 0],
            "elsewhere": (end != NONE) & (end != nearest),
        }

    return Stage(
        fig,
        {
            "basins": picture(left, colours, domain),
            "minima": spot(left, 5, marker="+", size=9, full=False),
            "walk": line,
            "first": spot(left, 5, full=False),
            "last": spot(left, 5, size=9),
            "shares": bars,
            **{name: text(label, label.get_text()) for name, label in flags.items()},
        },
        {**controls, "start": point(left, start)},
        [taking(list(controls), seen_from_above), taking(["start", *controls], walk)],
        "".join(f"{name} {{{name}:.3g}}, " for name in controls)
        + "from {start} you {end}{judged}; {share:.0%} of all starts do",
        alt=f"Each start on the map of {getattr(f, 'name', 'a landscape')} has the colour of the "
        "valley that it ends in. With a small lr basins have smooth borders, with a large one they "
        "fray, neighbours end far apart, and steep valleys hold nobody any more.",
        presets=presets(controls),
        goal=("end in a valley that isn't the nearest one", "elsewhere"),
        drag={"first": "start"},
    )


class Basins:
    """Which valley each start of a grid ends in, for any setting of the knobs; each is computed once.

    Parameters
    ----------
    f, opt, steps
        As for `basin_map`.
    minima : ndarray, shape (valleys, 2)
    domain : ndarray, shape (2, 2)
    side : int
        Rows and columns of the grid; its points are the middles of the map's pixels.
    """

    def __init__(self, f, opt, minima, domain, steps, side):
        self.f, self.opt, self.minima, self.steps, self.known = f, opt, minima, steps, {}
        middles = (np.arange(side) + 0.5) / side
        self.starts = np.stack(
            np.meshgrid(*(low + (high - low) * middles for low, high in domain)), axis=-1
        )
        apart = distances(minima, minima)
        self.near = (
            apart[apart > 0].min() / 10 if len(minima) > 1 else np.ptp(domain, axis=1).min() / 20
        )

    def __call__(self, **knobs):
        """Return the valleys, (frames, rows, columns), and the shares of them and of none."""
        settings = list(zip(*(values.tolist() for values in knobs.values()))) or [()]
        new = [setting for setting in dict.fromkeys(settings) if setting not in self.known]
        if new:
            values = dict(zip(knobs, np.array(new, dtype=float).T[..., None, None, None]))
            starts = np.tile(self.starts, (len(new), 1, 1, 1))
            opt, early = self.opt(**values), max(self.steps - LAST, 1)
            path = descend(self.f, starts, opt, early, every=early)  # only the last steps are kept
            path = descend(self.f, path, opt, self.steps - early)
            self.known |= zip(new, self.reached(path))
        valleys = np.array([self.known[setting] for setting in settings])
        all_valleys = [*range(len(self.minima)), NONE]
        return valleys, np.stack([(valleys == k).mean(axis=(1, 2)) for k in all_valleys], axis=-1)

    def reached(self, path):
        """Return the valleys that walks have reached, or NONE.

        Who is about to arrive is there: in the last five steps it must be nearer to the minimum than a
        tenth of the way between the two closest minima. Who keeps bouncing farther around it isn't.
        """
        away = distances(path.x[-LAST:], self.minima).max(axis=0)
        there = away < self.near  # false for nan, too
        return np.where(there.any(axis=-1), np.argmax(there, axis=-1), NONE)


def distances(x, minima):
    """Return how far points (..., 2) are from each of the minima, (..., minima).

    Examples
    --------
    >>> distances(np.array([3.0, 4.0]), np.array([[0.0, 0.0], [3.0, 0.0]])).tolist()
    [5.0, 4.0]
    """
    return np.stack([np.hypot(*np.moveaxis(x - low, -1, 0)) for low in minima], axis=-1)


def minima_of(f, domain):
    """Return the minima of f in the domain: those that it knows, or else those that a search finds.

    The search descends from a grid of starts, takes some steps of Newton's method, and keeps what
    is flat and curves upwards; the lowest come first.

    Examples
    --------
    >>> wells = formula(lambda x, y: (x**2 - 1) ** 2 + x / 9 + y**2, dim=2)
    >>> (minima_of(wells, np.array([(-2, 2), (-1, 1)])).round(4) + 0.0).tolist()
    [[-1.0136, 0.0], [0.9858, 0.0]]
    """
    known = [
        x for kind, x in getattr(f, "critical", {}).items() if kind == "minima" or "minimum" in kind
    ]
    if getattr(f, "listed", "unknown") == "all":
        found = np.concatenate(known)
    else:
        found = np.concatenate([*known, searched(f, domain)])
    found = distinct(
        found[((found >= domain[:, 0]) & (found <= domain[:, 1])).all(axis=-1)], domain
    )
    if not len(found):
        raise ValueError(
            f"{getattr(f, 'name', 'this function')} has no minimum in the domain {domain.tolist()}: "
            "give a function with valleys, or another domain."
        )
    return found


def searched(f, domain):
    """Return where descents from a grid of starts end, if these are minima; the lowest first."""
    side = 5 if getattr(f, "pointwise", False) else 15  # point by point everything takes its time
    starts = grid(domain, side).reshape(-1, 2)
    with np.errstate(all="ignore"):
        end = descend(f, starts, backtracking, 100, every=100).end
        end = descend(f, end[np.isfinite(end).all(axis=-1)], newton, 5, every=5).end
        end = end[np.isfinite(end).all(axis=-1)]
        flat = np.linalg.norm(f.grad(end), axis=-1) < 1e-6 * np.median(
            np.linalg.norm(f.grad(starts), axis=-1)
        )
        end = end[flat]
        end = end[(np.linalg.eigvalsh(f.hess(end)) > 0).all(axis=-1)]
    return end[np.argsort(np.round(f(end), 9), kind="stable")]


def distinct(points, domain):
    """Return the points without those that are where an earlier one is."""
    kept = []
    for x in points:
        if all(np.hypot(*(x - other)) > 1e-3 * np.ptp(domain) for other in kept):
            kept.append(x)
    return np.array(kept)


def knobs(f, opt, minima, domain, lr):
    """Return sliders for lr, over the range where something happens, and for momentum."""
    controls = {}
    if "lr" in opt.knobs:
        controls["lr"] = lr or slider(*lr_range(f, opt, minima, domain), count=24, log=True)
    if isinstance(opt.knobs.get("momentum"), float):
        controls["momentum"] = pick(
            [0, 0.3, 0.6, 0.8, 0.9, opt.knobs["momentum"]], opt.knobs["momentum"]
        )
    return controls


def presets(controls):
    """Return two settings of lr that show what it does to the borders."""
    if "lr" not in controls:
        return {}
    values = controls["lr"].values
    return {"small steps": {"lr": values[0]}, "large steps": {"lr": values[2 * len(values) // 3]}}


def lr_range(f, opt, minima, domain):
    """Return the smallest and the largest lr to try.

    Where steps are as long as the gradient, the steepest of the valleys says how large lr may be; where
    they are as long as lr whatever the gradient, as with Adam, the size of the map says it.
    """
    if opt.sees_landscape:
        return opt.knobs["lr"] / 20, opt.knobs["lr"]
    x, g = np.zeros((1, 2)), np.ones((1, 2))
    once, twice = (opt(lr=1.0).step(1, x, scale * g)[0] for scale in (1, 2))
    if np.allclose(once, twice):
        size = np.ptp(domain, axis=1).mean()
        return size / 200, size / 5
    limit = theory.gd_limit(np.linalg.eigvalsh(f.hess(minima)).max())
    return limit / 3, 2 * limit


def side_of(f, opt, frames, steps):
    """Return how many rows and columns of starts can be walked in a moment."""
    million_steps = 16
    if getattr(f, "gradient_by", "formula") != "formula":
        million_steps = 4
    if opt.sees_landscape:
        million_steps = 0.4
    if getattr(f, "pointwise", False):
        million_steps = 0.1
    return int(np.clip(np.sqrt(1e6 * million_steps / frames / steps), 7, 101))


def palette(ax, count):
    """Return a colour for each valley that lets the map shine through: five, five lighter ones.

    Pastel isn't exchanged in the dark: map and bars keep one colour.
    """
    pastel = [0.25 + 0.75 * np.array(to_rgb(colour)) for colour in theme_of(ax).lines[:5]]
    return [to_rgba(colour, alpha) for alpha in (0.7, 0.35) for colour in pastel][:count]


def picture(ax, colours, domain):
    """Return an image of valleys over the map; who ends in none has no colour."""
    view, aspect = (*ax.get_xlim(), *ax.get_ylim()), ax.get_aspect()
    image = ax.imshow([[0.0]], cmap=ListedColormap(colours), vmin=-0.5, vmax=len(colours) - 0.5,
                      extent=domain.ravel(), origin="lower", interpolation="nearest",
                      aspect=aspect, zorder=0.5)  # fmt: skip
    ax.axis(view)
    return image


def flag(ax, letter):
    """Return the letter of a valley, to be put above its minimum."""
    return ax.annotate(letter, (0, 0), xytext=(0, 7), textcoords="offset points", ha="center",
                       va="bottom", fontsize=15, fontweight="bold", color=theme_of(ax).ink, zorder=5,
                       path_effects=halo(ax, 4))  # fmt: skip
