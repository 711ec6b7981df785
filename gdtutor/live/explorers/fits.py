"""Lines through points: fitted step by step, and pulled aside by an outlier."""

import numpy as np
from matplotlib.colors import to_rgba

from ... import plots, theory
from ...data import five_points, line_with_outlier, standardise
from ...descent import descend
from ...losses import huber, mae, mse
from ...models import linear
from ...plots.style import halo, line_style, theme_of
from ...rules import gd
from ..actors import at_step, text, trail
from ..controls import pick, point, scrubber, slider
from ..stage import Stage
from .parts import by_frame, caption, over, record, spot, trace, verb

SQUARES = 5  # more of them hide each other, and the line


def line_fit(X=None, y=None, *, start=(0.0, 0.0), steps=1000):
    """Fit a line by gradient descent: the line among its points, (w, b) on the map, the loss.

    Drag the start over the map, choose lr, move along the path. To find out: each point of the map is a
    line; the first steps fall across the valley and the others creep along it, since the two curvatures
    differ; beyond 2 / λmax the path zigzags away.

    Gradient descent hurries at first, so pictures do: every step has one in the beginning, and later
    ever fewer have.

    Parameters
    ----------
    X : array_like, shape (n,) or (n, 1), optional
        `gdtutor.data.five_points`, unless given.
    y : array_like, shape (n,)
    start : pair of float
        Slope w and intercept b.
    steps : int

    Returns
    -------
    Stage

    Examples
    --------
    >>> line_fit().says(lr=0.01)
    'lr 0.01, step 1000: loss 0.481 (least squares 0.48), there'
    """
    X, y = five_points() if X is None else (column(X), np.asarray(y, dtype=float))
    f, x = linear(X, y), X[:, 0]
    if not np.ptp(x) > 0:
        raise ValueError("a line needs points at two different x at least: all x are the same.")
    solution = np.linalg.lstsq(f.A, f.y)[0]
    curvatures = np.linalg.eigvalsh(f.hess(solution))
    best = float(f(solution))
    near = 0.01 * max(best, 0.01 * np.var(y))  # points on a line leave nothing to take 1 % of
    soon = max(steps // 10, 1)
    rows = thinned(steps)
    few = np.unique(np.linspace(0, len(x) - 1, min(len(x), SQUARES)).round().astype(int))
    few = np.argsort(x)[few]

    fig, (left, middle, right) = plots.figure(columns=3, height=3.6)
    fig.set_size_inches(10, 3.6)  # three abreast in a notebook that has its files beside it
    examples = among_points(left, f, x, y, start)
    valley(middle, f, solution, start)
    above = float(f(np.array(start))) - best
    record(right, steps, near / 100, 10 * max(above, near), y="loss above least squares")
    gate(right, soon, near)
    for ax in (left, middle, right):
        ax.set_box_aspect(1)
    orange = theme_of(left).lines[1]
    squares = left.fill_between([], [], color=to_rgba(orange, 0.25), linewidth=0, zorder=2)
    (sticks,) = left.plot([], [], "-", color=orange, linewidth=2, scalex=False, scaley=False)
    corner = left.transLimits.inverted().transform((0.97, 0.03))
    said = caption(left, 1, ha="right", va="bottom")
    first = np.array(start, dtype=float)

    def walk(start, lr):
        path = descend(f, start, gd(lr=lr[:, None]), steps)
        above = path.f - best
        here = by_frame(path.x[rows])
        lost = ~(path.f[rows] < 1e3 * (1 + path.f[0])).T
        close = np.minimum.accumulate(np.where(np.arange(steps + 1)[:, None] > soon, np.inf, above))
        excess = above[rows].T
        return {
            "walk": here,
            "first": start,
            "line": line_between(here, *left.get_xlim()),
            "line told": np.where(lost[..., None], np.nan, corner),
            "examples": np.broadcast_to(np.stack([x, y], axis=1)[few], (len(lr), len(few), 2)),
            "squares": residual_squares(left, here, x[few], y[few]),
            "sticks": residual_sticks(here, x[few], y[few]),
            "losses": over(rows, excess),
            "count": np.broadcast_to(rows, excess.shape),
            "slope": here[..., 0],
            "intercept": here[..., 1],
            "loss": np.where(lost, np.inf, excess + best),
            "reached": (close[rows] <= near).T & (start == first).all(axis=1)[:, None],
            "verb": verb(
                excess,
                (lost, "lost: lr is too large"),
                (excess <= near, "there"),
                (rows == 0, "about to start"),
                *((happens[rows].T, word) for happens, word in ways(path)),
                otherwise="creeping along the valley",
            ),
        }

    lr = rates(curvatures)
    return Stage(
        fig,
        {
            "squares": at_step(squares),
            "sticks": at_step(sticks),
            "line": at_step(solid(left, width=2.8)),
            "line told": at_step(said, template="y = {slope:.2f}·x {intercept:+.2f}"),
            "examples": examples,
            "walk": trail(solid(middle)),
            "first": spot(middle, 1, full=False),
            "here": at_step(spot(middle, 1), "walk"),
            "losses": trail(solid(right)),
            "loss now": at_step(spot(right, 1, size=9), "losses"),
        },
        {
            "lr": lr,
            "start": point(middle, start, grid=(6, 6), label="start (w, b)"),
            "step": scrubber(len(rows) - 1, label="picture"),
        },
        walk,
        f"lr {{lr:.3g}}, step {{count}}: loss {{loss:.3g}} (least squares {best:.3g}), {{verb}}",
        alt="A line among points, the map of its slope and intercept, and its loss over the steps. Each "
        "point of the map is a line: the path first falls across a narrow valley, then creeps along it.",
        goal=(
            "without moving the start, get within 1 % of least squares, "
            f"loss {best + near:.3g}, in {soon} steps",
            "reached",
        ),
        presets={
            "largest stable lr": {"lr": max(v for v in lr.values if v < theory.gd_limit(curvatures))},
            "too large": {"lr": lr.values[-1]},
        },
        drag={"first": "start"},
    )  # fmt: skip


def solid(ax, width=2.1):
    """Return a line without points yet: there is one only, so it needs no dashes.

    Nor a rim, which would be stripes where a path crosses the valley again and again.
    """
    line = trace(ax, 1, marks=False, width=width, rim=False)
    line.set_linestyle("-")
    return line


def column(X):
    """Return X as a table with one column, or say that it is none."""
    X = np.asarray(X, dtype=float)
    X = X[:, None] if X.ndim == 1 else X
    if X.ndim != 2 or X.shape[1] != 1:
        raise ValueError(f"a line has one feature, X of shape (n,) or (n, 1): got {X.shape}.")
    return X


def thinned(steps, most=100):
    """Return the steps that have a picture: each of the first ones, then ever fewer.

    Examples
    --------
    >>> thinned(1000, 8).tolist()
    [0, 2, 6, 18, 51, 138, 372, 1000]
    """
    return np.unique(np.geomspace(1, steps + 1, most).round().astype(int)) - 1


def rates(curvatures):
    """Return the slider for lr: round steps to beyond the largest stable, and that one."""
    limit = theory.gd_limit(curvatures)
    default = float(f"{limit / 8:.0e}")
    unit = default / 4
    values = [*(unit * np.arange(1, 1.15 * limit / unit)), 0.999 * limit]
    return pick([float(f"{v:.4g}") for v in values], default)


def among_points(ax, f, x, y, start):
    """Draw the points, with the line of the start in view; return a line for those on top of it."""
    points = plots.fit(ax, x, y)["points"]
    (examples,) = ax.plot([], [], "o", zorder=5)
    examples.update_from(points)
    heights = np.concatenate([y, f.predict(np.array(start, dtype=float))])
    room = 0.14 * (np.ptp(heights) or 1.0)
    ax.set_ylim(heights.min() - room, heights.max() + room)
    plots.labels(ax, "A line among points")
    return examples


def valley(ax, f, solution, start):
    """Draw the map of all lines around the best one, with the start in view.

    The ellipse of lines as good as the start is 2√(2 · excess · (H⁻¹)ᵢᵢ) wide along coordinate i; the
    view is a third of it. Where slope and intercept are of like size both have one scale, so that the
    gradient is seen at right angles to the contours.
    """
    excess = max(float(f(np.array(start)) - f(solution)), 1e-3 * float(np.var(f.y)))
    ellipse = np.sqrt(2 * excess * np.diag(np.linalg.inv(f.hess(solution))))
    half = np.maximum(ellipse / 3, 1.4 * np.abs(solution - start))
    if half.max() < 3.5 * half.min():
        half[:] = half.max()
    plots.contours(ax, f, domain=np.stack([solution - half, solution + half], axis=1))
    ax.set_aspect("auto")
    look = theme_of(ax)
    ax.plot(*solution, "X", color=look.ink, markersize=11, markeredgecolor=look.paper, zorder=5)
    ax.annotate("least squares", solution, (0, 10), textcoords="offset points", ha="center",
                color=look.ink, fontsize=12, path_effects=halo(ax), zorder=5)  # fmt: skip
    plots.labels(ax, "Each point is a line", x="slope w", y="intercept b")


def gate(ax, soon, near):
    """Draw the goal on the record: to get below this height before this step."""
    look = theme_of(ax)
    ax.plot([0, soon, soon], [near, near, ax.get_ylim()[0]], color=look.ink, linewidth=1.6)
    ax.annotate("goal", (soon, near), (6, -4), textcoords="offset points", va="top", color=look.ink,
                fontsize=12)  # fmt: skip
    plots.labels(ax, "Its loss, step by step")


def line_between(coefficients, low, high):
    """Return the ends of lines (…, 2: slope, intercept) over an interval, as points (…, 2, 2)."""
    ends = np.array([low, high])
    heights = coefficients[..., :1] * ends + coefficients[..., 1:]
    return over(ends, heights)


def residual_squares(ax, coefficients, x, y):
    """Return the squares between points and lines as one band, (…, 4 for each point, 3).

    A square stands on its residual r = w·x + b − y and is |r| wide, measured in pixels: to the left of a
    point above the line and to the right of one below, where a rising line leaves it alone. Between two
    squares the band has no height.
    """
    origin, one = ax.transData.transform([(0, 0), (1, 1)])
    upright = (one - origin)[1] / (one - origin)[0]
    there = coefficients[..., :1] * x + coefficients[..., 1:]
    far = x + (there - y) * upright
    x, y = np.broadcast_arrays(x, y, there)[:2]
    corners = [(x, there, there), (x, there, y), (far, there, y), (far, there, there)]
    rows = np.stack([np.stack(corner, axis=-1) for corner in corners], axis=-2)
    return rows.reshape(*rows.shape[:-3], -1, 3)


def residual_sticks(coefficients, x, y):
    """Return the residuals as upright lines from points to lines, (…, 3 for each point, 2)."""
    there = coefficients[..., :1] * x + coefficients[..., 1:]
    x, y = np.broadcast_arrays(x, y, there)[:2]
    ends = [np.stack(end, axis=-1) for end in ((x, y), (x, there), (np.nan * x, y))]
    rows = np.stack(ends, axis=-2)
    return rows.reshape(*rows.shape[:-3], -1, 2)


def ways(path):
    """Return how each step may go, as pairs of where it does, (steps + 1, frames), and a word for it."""
    f, g = path.f, path.g
    before = np.concatenate([f[:1], f[:-1]])
    against = np.concatenate([np.zeros_like(f[:1]), (g[1:] * g[:-1]).sum(axis=-1)]) < 0
    return [
        (f > before * (1 + 1e-12), "climbing"),
        (against, "zigzagging across the valley"),
        (f < 0.98 * before, "falling into the valley"),
    ]


class Lines:
    """Lines through points of common z, one for each row of y: the mean loss of w·z + b against y.

    Parameters
    ----------
    loss : Loss
    z : ndarray, shape (n,)
    y : ndarray, shape (frames, n)
    """

    dim = 2

    def __init__(self, loss, z, y):
        self.loss, self.A, self.y = loss, np.stack([z, np.ones_like(z)]), y

    def __call__(self, w):
        """Return the mean loss of each line."""
        return self.loss(w @ self.A, self.y)

    def grad(self, w):
        """Return the gradient with respect to slope and intercept."""
        return self.loss.grad(w @ self.A, self.y) @ self.A.T


def by_descent(loss, x, y, steps=400):
    """Return slopes and intercepts, (frames, 2), fitted by gradient descent.

    With standardised x the curvature is that of the loss, at most 2, and lr = ½ fits all of them.
    """
    lines = Lines(loss, standardise(x[:, None])[:, 0], y)
    path = descend(lines, np.zeros((len(y), 2)), gd(lr=0.5), steps, every=steps)
    slope = path.end[:, 0] / x.std()
    return np.stack([slope, path.end[:, 1] - slope * x.mean()], axis=1)


def by_pairs(x, y):
    """Return slopes and intercepts of least mean absolute error, (frames, 2).

    The MAE is made of flat faces, and its lowest place is a corner: a line through two of the points. So
    the best of those is the best of all, exactly; descending would need an lr that goes to 0.

    Examples
    --------
    >>> by_pairs(np.arange(4.0), np.array([[1.0, 2.0, 3.0, 90.0]])).tolist()
    [[1.0, 1.0]]
    """
    i, j = np.triu_indices(len(x), 1)
    slopes = (y[:, j] - y[:, i]) / (x[j] - x[i])
    lines = np.stack([slopes, y[:, i] - slopes * x[i]], axis=-1)
    errors = mae(lines[..., :1] * x + lines[..., 1:], y[:, None])
    return np.take_along_axis(lines, errors.argmin(axis=1)[:, None, None], axis=1)[:, 0]


def losses_and_outlier(robust=huber):
    """Drag an outlier: the MSE's line follows it, the others hardly do, and their gradients say why.

    To find out: a squared error pulls the harder the farther away its point is, an absolute one always
    alike, and Huber's like the first up to δ and like the second beyond. A large δ makes the line of the
    MSE, with half its pull since Huber's loss begins as ½r²; a small one nearly makes that of the MAE.

    Parameters
    ----------
    robust : Loss
        With a parameter `delta`: Huber's, or a learner's own.

    Returns
    -------
    Stage

    Examples
    --------
    >>> losses_and_outlier().says(outlier=15)[:68]
    'outlier at +15.0 turns the MSE line by +1.27, MAE by +0.13, Huber by'
    """
    if "delta" not in getattr(robust, "parameters", ()):
        raise ValueError(f"the third loss needs a parameter delta, as huber has: got {robust!r}.")
    x, clean = line_with_outlier(outlier=0, n=10)
    x, last = x[:, 0], np.arange(len(x)) == len(x) - 1
    r = np.linspace(-14, 14, 281)
    fig, left, upper, lower = one_beside_two()
    name = robust.name.replace("_", " ").capitalize()
    scenery(left, upper, lower, r, name)
    look = theme_of(left)
    (points,) = left.plot([], [], "o", color=look.ink, markersize=7, markeredgecolor=look.paper)
    points.set_zorder(5)
    told = caption(left, shift=(11, 0), ha="left")
    others = np.stack([x, clean], axis=1)[~last]

    def shown(key, loss, fit, outlier):
        """Return what is seen of one loss: its line, and how the outlier pulls on it."""
        lines = fit(np.where(last, outlier[:, None], clean))
        usual = fit(np.broadcast_to(clean, (len(outlier), len(x))))
        residual = lines @ [x[-1], 1] - outlier
        height, pull = loss.each(residual, 0.0), loss.slope(residual, 0.0)
        return {
            f"{key} line": line_between(lines, -0.2, 4.2),
            f"{key} loss": np.stack([residual, height], axis=1),
            f"{key} gradient": np.stack([residual, pull], axis=1),
            f"{key}_turn": lines[:, 0] - usual[:, 0],
            f"{key}_pull": np.abs(pull),
        }

    def two(outlier):
        found = shown("mse", mse, lambda y: by_descent(mse, x, y), outlier)
        found |= shown("mae", mae, lambda y: by_pairs(x, y), outlier)
        ends = found["mse line"][:, :, 1]
        here = np.stack([np.full_like(outlier, x[-1]), outlier], axis=1)
        return found | {
            "outlier here": here,
            "outlier told": here,
            "points": np.broadcast_to(others, (len(outlier), *others.shape)),
            "reached": ends[:, 1] < ends[:, 0],
        }

    def third(outlier, delta):
        many = robust(delta=delta[:, None])
        return shown("robust", robust(delta=delta), lambda y: by_descent(many, x, y), outlier)

    def curves(delta):
        many = robust(delta=delta[:, None])
        residuals = np.broadcast_to(r, (len(delta), len(r)))
        loss, gradient = many.each(residuals, 0.0), many.slope(residuals, 0.0)
        return {
            "robust curve": np.stack([residuals, loss], axis=-1),
            "robust slope": np.stack([residuals, gradient], axis=-1),
        }

    actors = {
        "robust curve": trace(upper, 2, marks=False, rim=False),
        "robust slope": trace(lower, 2, marks=False, rim=False),
        "points": points,
        "outlier here": spot(left, 5, marker="D", size=12),
        "outlier told": text(told, "outlier"),
    }
    for i, key in enumerate(("mse", "mae", "robust")):
        actors[f"{key} line"] = trace(left, i, marks=False, width=2.6, rim=False)
        for panel, ax in {"loss": upper, "gradient": lower}.items():
            actors[f"{key} {panel}"] = spot(ax, i, marker=line_style(ax, i)["marker"], size=10)
    return Stage(
        fig,
        actors,
        {
            "outlier": pick(
                [*np.linspace(-8, 18, 53), clean[-1]], 15, format="+.1f", label="outlier at y ="
            ),
            "delta": slider(0.2, 20, 2, log=True, count=25, label="δ", format=".2g"),
        },
        [two, third, curves],
        "outlier at {outlier:+.1f} turns the MSE line by {mse_turn:+.2f}, MAE by {mae_turn:+.2f}, "
        f"{name} by {{robust_turn:+.2f}}; "
        "it pulls with {mse_pull:.1f}, {mae_pull:.1f}, {robust_pull:.1f}",
        alt="An outlier turns the line of the mean squared error, whose gradient grows with the "
        "residual, and hardly those of the absolute error and Huber's, whose gradients are bounded.",
        goal=("drag the outlier until the MSE line points downhill", "reached"),
        presets={
            "no outlier": {"outlier": float(clean[-1])},
            "large δ: the MSE's line": {"delta": 20},
            "small δ: nearly the MAE's": {"delta": 0.2},
        },
        drag={"outlier here": {"y": "outlier"}},
    )


def one_beside_two():
    """Return a figure with a tall panel on the left, and two on the right, one above the other."""
    fig, axes = plots.figure(columns=2, rows=2, height=2.2)
    grid = axes[0, 0].get_gridspec()
    for ax in axes[:, 0]:
        ax.remove()
    with plots.theme("light"):
        return fig, fig.add_subplot(grid[:, 0]), *axes[:, 1]


def scenery(left, upper, lower, r, name):
    """Draw what doesn't move: the curves of MSE and MAE over residuals r, and what is what."""
    left.set(xlim=(-0.2, 5.2), ylim=(-9, 19))  # room for a word beside the last point
    plots.labels(left, x="x", y="y")
    for i, label in enumerate(("MSE", "MAE", name)):
        left.plot([], [], **line_style(left, i), linewidth=2.6, markersize=8, label=label)
    plots.legend(left, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.3)
    for i, loss in enumerate((mse, mae)):
        trace(upper, i, marks=False, rim=False).set_data(r, loss.each(r, 0.0))
        trace(lower, i, marks=False, rim=False).set_data(r, loss.slope(r, 0.0))
    upper.set(xlim=(r[0], r[-1]), ylim=(-3, 80))
    lower.set(xlim=(r[0], r[-1]), ylim=(-20, 20))
    upper.tick_params(labelbottom=False)
    plots.labels(upper, y="loss")
    plots.labels(lower, x="residual of the outlier: line − y", y="gradient")
