"""Batches: what fewer examples for each update cost, and what they buy."""

import functools

import numpy as np
from matplotlib.colors import to_rgba

from ... import plots, theory
from ...data import diabetes, standardise
from ...descent import descend
from ...models import linear, minibatch
from ...plots.geometry import formula
from ...plots.style import halo
from ...rules import gd, newton
from ...schedules import constant, inverse_time
from ..actors import at_step, text, trail
from ..controls import choice, pick, scrubber, slider
from ..stage import Stage
from .parts import arrows, by_frame, over, over_steps, record, spot, trace, verb

SEED = 0
WALKERS_SEEN = 4
NEAR, QUIET = 0.1, 0.05  # the mean, and the variance, to get below


def batch_paths(model=None, *, lr=None, epochs=10, cost=(10.0, 0.5)):
    """Race a batch of one, a mini-batch and all examples, and choose what is counted.

    Counted in updates the full batch looks best, counted in examples it looks hopeless, and the runs are
    the same. Find out with which lr a batch of one is ahead, and with which it falls behind.

    Parameters
    ----------
    model : Model with two parameters, optional
        A line through the body mass index and the progression of 100 patients, unless given.
    lr : Control, optional
        Up to the limit of the full batch, unless given.
    epochs : int
        How often all examples are looked at: epochs · n is the budget, of updates and of time too.
    cost : (float, float)
        Time isn't measured, it is a model: microseconds for an update, and for each of its examples.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = batch_paths()
    >>> figure.says(lr=0.1, against="updates")[:35]
    'lr 0.1, updates 1000: all lead B 16'
    """
    f = two_parameters(patients(100) if model is None else model)
    best = bottom(f)
    lowest, n, top = f(best), f.n, epochs * f.n
    if lr is None:
        limit = theory.gd_limit(np.linalg.eigvalsh(f.hess(best)))
        lr = slider(limit / 250, limit, limit / 20, log=True, count=25)
    rates = np.array(lr.values)
    places = np.unique(np.geomspace(1, top, 49).round())
    fixed, each = cost
    counted = {  # what the axis says, and what updates on batches of these sizes cost
        "updates": ("updates", np.ones_like),
        "examples seen": (f"examples seen ({n} are one epoch)", lambda sizes: sizes),
        "microseconds": (
            f"µs: {fixed:g} for an update, {each:g} for an example",
            lambda sizes: fixed + each * sizes,
        ),
    }
    fig, (left, right) = plots.figure(columns=2, height=4.2)
    race_track(left, right, f, best, top)

    @functools.cache  # whatever is counted, the runs are the same
    def run(size, seed):
        g = f if size == n else minibatch(f, size, seed)
        return descend(g, f.start, gd(lr=rates[:, None]), top).x

    def runs(size, seed, lr, against):
        """Return where the runs are when so much was spent, and their height above the lowest."""
        last = [n % size] * (n % size > 0)  # the ragged batch of an epoch
        sizes = np.resize([size] * (n // size) + last, top)
        spent = np.cumsum(counted[against][1](sizes))
        updates = np.searchsorted(spent, places, side="right")
        x = run(size, seed if size < n else 0)[updates][:, np.searchsorted(rates, lr)]
        above = np.maximum(f(x) - lowest, 1e-9 * (f(f.start) - lowest)).T  # no ratios of roundings
        return by_frame(x), np.where(np.isfinite(above), above, np.inf)

    def drawn(name, x, above):
        return {f"{name} path": x, f"{name} losses": over(places, above)}

    def extremes(lr, seed, against):
        (x, one), (y, every) = (runs(size, seed, lr, against) for size in (1, n))
        told = {
            "unit": np.full(len(lr), counted[against][0]),
            "place": np.repeat(below(right), len(lr), axis=0),
            "spent": np.tile(places, (len(lr), 1)),
            "beaten": (every < np.minimum(one, 0.1 * (f(f.start) - lowest)))
            & (places == top)
            & (against == "examples seen"),
        }
        return drawn("one", x, one) | drawn("all", y, every) | told

    def middle(lr, batch, seed, against):
        x, mini = np.empty((len(lr), len(places), 2)), np.empty((len(lr), len(places)))
        for size in np.unique(batch):
            mine = batch == size
            x[mine], mini[mine] = runs(int(size), seed, lr[mine], against)
        one, every = (runs(size, seed, lr, against)[1] for size in (1, n))
        return drawn("mini", x, mini) | standing(batch, np.stack([one, mini, every]))

    actors = {"place": text(axis_text(right), "{unit}")}
    for name, i, label in (("one", 1, "B 1"), ("mini", 2, "mini-batch"), ("all", 0, f"all {n}")):
        line = trace(right, i, marks=False, label=label)
        actors[f"{name} path"] = trail(trace(left, i, marks=False, width=1.8))
        actors[f"{name} here"] = at_step(spot(left, i), f"{name} path")
        actors[f"{name} losses"] = trail(line)
        actors[f"{name} now"] = at_step(spot(right, i, size=9), f"{name} losses")
    plots.legend(right, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, columnspacing=1.2)
    sizes = (2, 16, 32, 64, 128) if n > 32 else (2, 4, 8, 16)
    return Stage(
        fig,
        actors,
        {
            "against": choice(list(counted), "examples seen", label="counted in"),
            "lr": lr,
            "batch": pick([size for size in sizes if size < n], 16, label="mini-batch", format="d"),
            "seed": choice([0, 1, 2]),
            "step": scrubber(len(places) - 1, label="budget"),
        },
        [extremes, middle],
        "lr {lr:.2g}, {against} {spent:d}: {order}, loss above the lowest {gap:.3g}{than}",
        alt="Three runs down the same loss, with batches of one, of some and of all examples. Counted "
        "in updates all at once lead; counted in examples or in time small batches arrive first, and "
        "then rattle about the minimum.",
        goal=(
            "counted in examples, let all end ahead of B 1, with less than a tenth of the loss at first",
            "beaten",
        ),
    )  # fmt: skip


def race_track(left, right, f, best, top):
    """Draw the map around start and minimum on the left, axes for the losses on the right."""
    centre, half = (f.start + best) / 2, 0.8 * np.abs(f.start - best).max()
    plots.labels(left, **dict(zip("xy", names_of(f))))
    plots.contours(left, f, domain=np.stack([centre - half, centre + half], axis=1), points=121)
    for place, marker, full in ((f.start, "o", False), (best, "X", True)):
        spot(left, 5, marker=marker, size=9, full=full).set_data(*place[:, None])
    height = f(f.start) - f(best)
    record(right, 1, 1e-4 * height, 5 * height, y="loss above the lowest")
    right.set_xscale("log")
    right.set_xlim(0.85, 1.15 * top)  # points at either end are seen whole
    plots.labels(right, x=" ")  # the room for a label that changes


def axis_text(ax):
    """Return a text that is live, for the place of the x axis's label."""
    return ax.text(1, 1, "", ha="center", va="center", fontsize=12.5, color=plots.theme_of(ax).ink)


def below(ax):
    """Return where the label of a logarithmic x axis stands, below a logarithmic y axis, (1, 2)."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    return np.array([[np.sqrt(left * right), low * (low / high) ** 0.165]])


def standing(batch, heights):
    """Return who leads whom, the ratio of their heights, and the words that it is followed by.

    Parameters
    ----------
    batch : ndarray, shape (frames,)
    heights : ndarray, shape (3, frames, steps + 1)
        Of B 1, of the batch, of all.

    Examples
    --------
    >>> standing(np.array([16]), np.array([[[4.0]], [[1.0]], [[2.0]]]))["order"].tolist()
    [['B 16 leads all']]
    """
    order = np.argsort(heights, axis=0, kind="stable")
    lead, second, _ = np.take_along_axis(heights, order, axis=0)
    verbs = {"one": ("is level with", "leads"), "all": ("are level with", "lead")}
    said = np.array([
        [[[f"{one} {verb} {other}" for verb in verbs["all" if one == "all" else "one"]]
          for other in names] for one in names]
        for names in (("B 1", f"B {size}", "all") for size in batch)
    ])  # fmt: skip
    frame, better = np.arange(len(batch))[:, None], (second > lead).astype(int)
    words = said[frame, order[0], order[1], better]
    gap = np.where(second > lead, second / lead, 1)
    lost = ~np.isfinite(lead)
    return {
        "order": np.where(lost, "all three are lost", words),
        "gap": np.where(lost, np.inf, gap),
        "than": verb(gap, (lost, ""), (gap > 1, " times lower"), otherwise=" to 1"),
    }


def gradient_cloud(model=None, *, draws=200):
    """Estimate a gradient from a few examples, again and again: a cloud that shrinks as 1/√B.

    Near the minimum the gradient shrinks and the cloud doesn't: there even large batches don't know the
    way. Find out how many examples it takes to know roughly where downhill is.

    Parameters
    ----------
    model : Model with two parameters, optional
        A line through the body mass index and the progression of 442 patients, unless given.
    draws : int
        How many batches are drawn.

    Returns
    -------
    Stage

    Source: Cochran, Sampling Techniques (1977), section 2.3: without replacement a mean of B out of n
    is off by σ/√B · √((n − B) / (n − 1)).

    Examples
    --------
    >>> figure = gradient_cloud()
    >>> figure.says(way=0, batch=442)
    'B 442, 0% of the way: all examples, so every estimate is the gradient itself'
    """
    f = two_parameters(patients() if model is None else model)
    best, n = bottom(f), f.n
    ways = np.linspace(0, 1, 21).round(2)
    batches = np.unique([*2 ** np.arange(int(np.log2(n)) + 1), n])
    places = f.start + ways[:, None] * (best - f.start)
    each = np.stack([f.rows([i]).grad(places) for i in range(n)], axis=1)  # (ways, n, 2)
    full = f.grad(places)
    full[-1] = 0  # but for rounding
    spread = np.sqrt(((each - full[:, None]) ** 2).sum(-1).mean(-1))
    # The first B of a shuffle are a batch of B: from B to 2B each estimate keeps its examples.
    ranks = np.random.default_rng(SEED).permuted(np.tile(np.arange(n), (draws, 1)), axis=1)
    shares = (ranks < batches[:, None, None]) / batches[:, None, None]
    estimates = shares[:, None] @ each  # (batches, ways, draws, 2)
    off = np.sqrt(((estimates - full[:, None]) ** 2).sum(-1).mean(-1))
    downhill = (estimates * full[:, None]).sum(-1) > 0
    right_way = downhill.mean(-1)
    fig, (left, right) = plots.figure(columns=2, height=4.2)
    far = gradient_space(left, f, full[0], each.reshape(-1, 2))

    def cloud(way, batch):
        w, b = np.searchsorted(ways, way), np.searchsorted(batches, batch)
        here, good = estimates[b, w], downhill[b, w][..., None]
        four = np.minimum(np.searchsorted(batches, 4 * batch), len(batches) - 1)
        fourfold = np.where(batches[four] == 4 * batch, off[four, w], np.nan)
        g = full[w]
        size = np.linalg.norm(g, axis=-1, keepdims=True)
        across = np.stack([-g[:, 1], g[:, 0]], axis=-1) / size * far  # nan where there is no way
        enough = right_way >= 0.95
        least = enough & ~np.vstack([np.zeros_like(enough[:1]), enough[:-1]])
        return {
            "downhill": np.where(good, here, np.nan),
            "uphill": np.where(good, np.nan, here),
            "gradient": np.concatenate([0 * g, g], axis=-1)[:, None],
            "border": np.stack([-across, across], axis=1),
            "ellipse": g[:, None] + ellipse(each[w] - g[:, None], without_replacement(batch, n)),
            "now": np.stack([batch, drawable(off[b, w])], axis=-1),
            "verdict": verdict(off[b, w], fourfold, size[:, 0], right_way[b, w]),
            "found": least[b, w] & np.isclose(way, 0.75),
        }

    sizes = np.geomspace(1, n, 90)

    def law(way):
        w = np.searchsorted(ways, way)
        sigma = spread[w, None]
        return {
            "root": over(sizes, sigma / np.sqrt(sizes)),
            "finite": over(sizes, drawable(sigma * without_replacement(sizes, n))),
            "measured": over(batches, drawable(off.T[w])),
            "length": over(np.array([0.5, 2 * n]), np.linalg.norm(full[w], axis=-1)[:, None]),
        }

    return Stage(
        fig,
        cloud_actors(left) | law_actors(right, n, spread),
        {
            "batch": pick(batches, 4, label="batch size B", format="d"),
            "way": slider(0, 1, 0.75, count=21, label="way to the minimum", format=".0%"),
        },
        [cloud, law],
        "B {batch:d}, {way:.0%} of the way: {verdict}",
        alt="Estimates of a gradient from B examples are a cloud around the full gradient. Four times "
        "the batch halves it. On the way to the minimum the gradient shrinks to nothing, and the cloud "
        "doesn't.",
        goal=("75% of the way, find the smallest B that leads downhill in 95% of the draws", "found"),
        presets={
            "at the start": {"way": 0, "batch": 4},
            "halfway": {"way": 0.5, "batch": 4},
            "at the minimum": {"way": 1, "batch": 4},
        },
    )  # fmt: skip


def gradient_space(ax, f, first, gradients):
    """Set axes up for gradients, with 0 and most of these in view; return a length beyond the view."""
    half = np.quantile(np.abs(gradients - first / 2), 0.97)
    for limits, middle in ((ax.set_xlim, first[0] / 2), (ax.set_ylim, first[1] / 2)):
        limits(middle - 1.1 * half, middle + 1.1 * half)
    ax.set_aspect("equal")
    faint = {"color": plots.theme_of(ax).faint, "linewidth": 1.2, "zorder": 0}
    ax.axhline(0, **faint)
    ax.axvline(0, **faint)
    x, y = names_of(f)
    plots.labels(ax, x=f"gradient along {x}", y=f"gradient along {y}")
    return 4 * half


def cloud_actors(ax):
    """Return the actors of gradient space: estimates, gradient, border, deviation."""
    look = plots.theme_of(ax)
    still = {"scalex": False, "scaley": False}
    dots = still | {"linestyle": "", "markeredgewidth": 0, "zorder": 3}
    thin = still | {"color": look.ink, "zorder": 4}
    blue, orange = ({"color": colour, "alpha": 0.7} for colour in look.lines[:2])
    (good,) = ax.plot([], [], "o", markersize=5, label="leads downhill", **blue, **dots)
    (bad,) = ax.plot([], [], "X", markersize=7, label="leads uphill", **orange, **dots)
    (border,) = ax.plot([], [], linewidth=1.2, linestyle=(0, (6, 3)), **thin)
    (ring,) = ax.plot([], [], linewidth=1.8, **thin)
    ax.plot([], [], color=look.lines[3], linewidth=3, label="full gradient")
    plots.legend(ax, loc="lower left", bbox_to_anchor=(-0.15, 1.0), ncols=3, columnspacing=1.0,
                 handlelength=1.2, handletextpad=0.5)  # fmt: skip
    return {
        "uphill": bad,
        "downhill": good,
        "border": border,
        "ellipse": ring,
        "gradient": arrows(ax, 3, width=3.4),
    }


def law_actors(ax, n, spread):
    """Return the actors of the spread over B, on axes that have room for all of them."""
    low, high = spread.min() / np.sqrt(n) / 6, 2 * spread.max()
    record(ax, 1, low, high, y="how far off the estimates are")
    ax.set_xscale("log")
    ax.set_xlim(0.8, 1.4 * n)
    plots.labels(ax, x="batch size B")
    named = {
        "root": (4, "σ/√B"),
        "finite": (0, "no example twice"),
        "length": (3, "length of the gradient"),
    }
    actors = {
        name: trace(ax, i, marks=False, width=1.8, label=label)
        for name, (i, label) in named.items()
    }
    ink = plots.theme_of(ax).ink
    (dots,) = ax.plot([], [], "s", color=ink, markersize=5, zorder=5, label="measured", scalex=False,
                      scaley=False)  # fmt: skip
    plots.legend(ax, loc="lower left", bbox_to_anchor=None)
    return actors | {"measured": dots, "now": spot(ax, 1)}


def without_replacement(batch, n):
    """Return what is left of the deviation in the mean of a batch drawn without replacement."""
    return np.sqrt((n - batch) / (n - 1) / batch)


def ellipse(away, factor):
    """Return the ellipse of one standard deviation, (frames, points, 2), of (frames, n, 2) around 0."""
    angle = np.linspace(0, 2 * np.pi, 61)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    size, axes = np.linalg.eigh(np.swapaxes(away, 1, 2) @ away / away.shape[1])
    root = axes * np.sqrt(np.maximum(size, 0))[:, None]
    return factor[:, None, None] * (circle @ np.swapaxes(root, 1, 2))


def drawable(values):
    """Return values for a logarithmic axis: what is 0, but for rounding, isn't drawn."""
    return np.where(values > 1e-9, values, np.nan)


def verdict(*numbers):
    """Return in words how good the estimates are, for every frame."""

    def one(off, fourfold, size, share):
        if off < 1e-9:
            return "all examples, so every estimate is the gradient itself"
        if size == 0:
            return f"off by {off:.0f}, and the gradient is 0: only noise is left"
        more = f" (4 × B: {fourfold / size:.0%})" if fourfold > 0 else ""
        return f"off by {off / size:.0%} of the gradient{more}, {share:.0%} lead downhill"

    return np.array([one(*values) for values in zip(*numbers)])


def noise_floor(*, steps=150, walkers=400, start=3.0, decay=0.1):
    """Let noise keep a constant lr from arriving: many walkers on ½(x − ξ)², ξ new at each step.

    Each walker sees one example a step, and x = 0 is best on average. With a constant lr the walkers
    don't settle: their variance ends at lr/(2 − lr). Find an lr that arrives and is quiet; then let it
    fall.

    Parameters
    ----------
    steps, walkers : int
    start : float
    decay : float
        Of the falling lr: lr / (1 + decay · t).

    Returns
    -------
    Stage

    Source: `theory.noisy_floor`, `theory.noisy_variance`.

    Examples
    --------
    >>> figure = noise_floor()
    >>> figure.says(lr=0.2)
    'lr 0.2, constant, step 150: variance 0.1, theory 0.11, rattles for ever'
    """
    paces = {
        "constant": constant,
        "falling as 1/t": functools.partial(inverse_time, decay=decay),
    }
    fig, (left, right) = plots.figure(columns=2, height=3.9)
    actors = swarm_actors(left, steps, start) | variance_actors(right, steps)

    def walk(lr, pace):
        origin = np.full((walkers, 1, 1), start)
        path = descend(Draws(walkers, SEED), origin, gd(lr=pace(lr[:, None])), steps)
        x = path.x[..., 0]  # (steps + 1, walkers, frames)
        mean, deviation = x.mean(axis=1), x.std(axis=1)
        rates = path["lr"][1:, :, 0]
        floor = theory.noisy_floor(lr, 1.0) if pace is constant else np.full(len(lr), np.nan)
        variance, expected = deviation.T**2, variances(rates).T
        # Not the walkers' own mean: while they rattle, that is anywhere.
        away = np.abs(start * np.cumprod(1 - np.vstack([0 * lr, rates]), axis=0)).T
        band = (np.arange(steps + 1), (mean - deviation).T, (mean + deviation).T)
        found = {f"walker {i}": over_steps(x[:, i]) for i in range(WALKERS_SEEN)}
        return found | {
            "band": over(*band),
            "floor low": level(-np.sqrt(floor), steps),
            "floor high": level(np.sqrt(floor), steps),
            "measured": over_steps(deviation**2),
            "theory": over_steps(expected.T),
            "floor": level(floor, steps),
            "floor text": over(steps, floor),
            "deviation text": over(steps, np.sqrt(floor)),
            "variance": variance,
            "expected": expected,
            "quiet": (away < NEAR) & (variance < QUIET),
            "verb": verb(
                variance,
                ((lr[:, None] >= 2) & (pace is constant), "runs away"),
                (away >= NEAR, "on its way"),
                (variance < QUIET, "quiet"),
                (pace is not constant, "calms down"),
                otherwise="rattles for ever",
            ),
        }

    return Stage(
        fig,
        actors,
        {
            "lr": slider(0.01, 2.24, 0.2, log=True, count=48),
            "pace": choice(paces, label="lr is"),
            "step": scrubber(steps),
        },
        walk,
        "lr {lr:.2g}, {pace}, step {step}: variance {variance:.2g}, theory {expected:.2g}, {verb}",
        alt="Walkers that see one noisy example a step come down and then rattle about the minimum. The "
        "smaller lr, the quieter and the later: their variance ends at lr/(2 − lr), unless lr falls.",
        goal=(f"get the mean within {NEAR:g} of the minimum and the variance below {QUIET:g}", "quiet"),
        presets={"noisy": {"lr": 1.5}, "late": {"lr": 0.01}},
    )  # fmt: skip


class Draws:
    """½(x − ξ)², ½x² + ½ on average. Every walker has a ξ ~ N(0, 1) of its own at each step.

    They are the same for every lr, so that a figure's frames differ by nothing but lr.
    """

    dim = 1

    def __init__(self, walkers, seed, xi=0.0):
        self.walkers, self.seed, self.xi = walkers, seed, xi

    def __call__(self, x):
        """Return the loss of the walkers' examples, x of shape (walkers, ..., 1)."""
        return ((x - self.xi) ** 2).sum(axis=-1) / 2

    def grad(self, x):
        """Return x − ξ."""
        return x - self.xi

    def at(self, t):
        """Return the loss of step t: one draw for each walker."""
        xi = np.random.default_rng((self.seed, t)).standard_normal((self.walkers, 1, 1))
        return Draws(self.walkers, self.seed, xi)


def variances(rates):
    """Return the variance on ½(x − ξ)² of walkers that take these lr, (steps, frames), from one point.

    One step of `theory.noisy_variance`, for an lr that changes: v ← (1 − lr)² v + lr².

    Examples
    --------
    >>> variances(np.array([[0.5], [0.5]]))[:, 0].tolist()
    [0.0, 0.25, 0.3125]
    """
    found = [np.zeros(rates.shape[1:])]
    for lr in rates:
        found.append((1 - lr) ** 2 * found[-1] + lr**2)
    return np.array(found)


def level(heights, steps):
    """Return a horizontal line for each frame, (frames, 2, 2)."""
    return over([0, 1.02 * steps], heights[:, None])


def swarm_actors(ax, steps, start):
    """Return the actors that show the walkers over the steps, on axes made for them."""
    record(ax, steps, -1.4 * start, 1.4 * start, y="x", log=False)
    look = plots.theme_of(ax)
    ax.axhline(0, color=look.muted, linewidth=1.2, zorder=1)
    shade = to_rgba(look.lines[0], 0.25)
    band = ax.fill_between([0, 1], [0, 0], [1, 1], color=shade, linewidth=0, zorder=2)
    band.set_label("mean ± deviation")
    actors = {"band": trail(band)}
    for i in range(WALKERS_SEEN):
        (line,) = ax.plot([], [], "-", color=look.lines[0], linewidth=0.9, alpha=0.75, zorder=3,
                          scalex=False, scaley=False)  # fmt: skip
        actors[f"walker {i}"] = trail(line)
    line.set_label("four walkers")
    for side in ("low", "high"):
        actors[f"floor {side}"] = trace(ax, 1, marks=False, width=1.8)
    plots.legend(ax, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, columnspacing=1.2)
    return actors | {"deviation text": text(floor_label(ax), "√(lr/(2 − lr))")}


def floor_label(ax):
    """Return a text that stands on a line's right end."""
    return ax.annotate("", (0, 1), (-4, 5), textcoords="offset points", ha="right", va="bottom",
                       color=plots.theme_of(ax).ink, fontsize=12, path_effects=halo(ax))  # fmt: skip


def variance_actors(ax, steps):
    """Return the actors that show the variance over the steps, on axes made for them."""
    record(ax, steps, 1e-3, 30, y="variance of the walkers")
    look = plots.theme_of(ax)
    ax.axhline(QUIET, color=look.muted, linewidth=1.2, linestyle=(0, (1, 2)), zorder=1)
    ax.annotate("goal", (1, QUIET), (4, 0), xycoords=("axes fraction", "data"), va="center",
                textcoords="offset points", color=look.muted, fontsize=12)  # fmt: skip
    measured = trace(ax, 0, marks=False, label="measured")
    floor = trace(ax, 1, marks=False, width=1.8)
    (expected,) = ax.plot([], [], color=look.ink, linewidth=1.2, zorder=4.5, label="theory",
                          scalex=False, scaley=False)  # fmt: skip
    plots.legend(ax, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)
    return {
        "measured": trail(measured),
        "theory": trail(expected),
        "floor": floor,
        "here": at_step(spot(ax, 0), "measured"),
        "floor text": text(floor_label(ax), "lr/(2 − lr)"),
    }


def patients(n=None):
    """Return the loss of a line through the patients' body mass index and progression, the first n."""
    data = diabetes()
    bmi = data.X[:n, [data.features.index("bmi")]]
    return linear(standardise(bmi), data.y[:n])


def two_parameters(model):
    """Return the model, or say why it can't be seen through batches on a map."""
    f = formula(model, dim=2)
    if not hasattr(f, "rows"):
        raise TypeError(
            f"batches are made of examples, and {f!r:.60} has none: give a model of gdtutor.models."
        )
    return f


def bottom(f):
    """Return where a model's loss is lowest."""
    return descend(f, f.start, newton(), 30).end


def names_of(f):
    """Return the names of both parameters."""
    return list(f.layout) if len(f.layout) == 2 else ["w₁", "w₂"]
