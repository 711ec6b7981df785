"""Quadratics: what holds gradient descent up, and what scaling does about it."""

import numpy as np

from ... import plots, theory
from ...data import Data, diabetes, standardise
from ...descent import descend
from ...models import linear
from ...plots.sweeps import factor_lines, steps_until
from ...rules import gd
from ..actors import at_step, trail
from ..controls import pick, scrubber, slider
from ..stage import Stage
from ..wording import number
from .parts import by_frame, over, spot, trace, verb


def error_by_eigenvector(curvatures=(1, 10, 100), *, tolerance=1e-6, steps=None):
    """See what is left of the error along each eigenvector, and which of them holds all up.

    On a quadratic every eigenvector goes its own way: each step multiplies the error along it by
    |1 − lr · λ|. The bars are the errors at this step, the marks on the right what multiplies them.
    Find out why neither a small lr nor the one that suits the steepest direction is the best.

    Parameters
    ----------
    curvatures : sequence of float
        Eigenvalues of the Hessian, all positive; of your own model `np.linalg.eigvalsh(f.hess(x))`.
    tolerance : float
        When an error counts as gone.
    steps : int, optional
        Enough for the best lr, unless given, and at most 1000.

    Returns
    -------
    Stage

    Source: Goh, Why Momentum Really Works, Distill (2017).

    Examples
    --------
    >>> figure = error_by_eigenvector()
    >>> figure.says(lr=0.01)[:76]
    'lr 0.01, step 60: 0.55 of the error left; × 0.990 a step, 1375 steps to 1e−6'
    >>> figure.look(lr=2 / 101)["needed"], figure.look(lr=0.0201)["needed"]
    (691.0, inf)
    """
    curvatures = np.unique(theory.positive(curvatures))
    largest = curvatures[-1]
    best, rate = theory.gd_best(curvatures[0], largest)
    fewest = theory.steps_to(tolerance, rate)
    steps = int(np.clip(np.ceil(fewest / 10) * 10, 10, 1000)) if steps is None else steps
    safe, limit, gone = 0.8 * theory.gd_limit(largest), int(1.3 * fewest), number(tolerance, "g")
    lrs = [*np.linspace(0.05, 2.25, 45) / largest, best, 2.01 / largest]
    fig, (left, right) = plots.figure(columns=2, height=3.9)
    bars = error_bars(left, curvatures, tolerance)
    factor_lines(right, curvatures, np.linspace(0, 2.4 / largest, 301))
    right.set_ylim(-0.07, 1.5)  # a mark at 0 is seen whole
    marks = {
        f"mark {i}": spot(right, i, marker=plots.line_style(right, i)["marker"], size=10)
        for i in range(len(curvatures))
    }

    def errors(lr):
        rates = theory.gd_rate(lr[:, None], curvatures)
        worst, slowest = rates.max(axis=1), rates.argmax(axis=1)
        left_over = rates[:, None] ** np.arange(steps + 1)[:, None]
        needed = theory.steps_to(tolerance, worst)
        places = over(lr[:, None], rates)
        return {
            "errors": left_over,
            **{name: places[:, i] for i, name in enumerate(marks)},
            "slowest": np.stack([lr, worst], axis=1),
            "left": left_over.max(axis=2),
            "rate": worst,
            "needed": needed,
            "reached": (needed <= limit) & (lr <= safe * (1 + 1e-9)),
            "verb": verb(
                lr,
                (worst > 1 + 1e-9, f"diverges along λ = {largest:.3g}"),
                (worst > 1 - 1e-9, "bounces for ever"),
                (np.abs(lr / best - 1) < 1e-3, "both ends shrink alike"),
                (slowest == 0, f"waits for λ = {curvatures[0]:.3g}"),
                otherwise=f"zigzags along λ = {largest:.3g}",
            ),
        }

    return Stage(
        fig,
        {"errors": at_step(bars), **marks, "slowest": spot(right, 5, size=17, full=False)},
        {"lr": pick(lrs, 1 / largest), "step": scrubber(steps, min(60, steps))},
        errors,
        "lr {lr:.3g}, step {step}: {left:.2g} of the error left; × {rate:.3f} a step, {needed:d} steps "
        f"to {gone}: {{verb}}",
        alt="Bars of the error left along each eigenvector: the steep one is gone at once, the flat one "
        "hardly shrinks. The best learning rate is a compromise that makes both shrink alike.",
        goal=(
            f"stay a fifth below 2/L, and still bring every error below {gone} within {limit} steps",
            "reached",
        ),
        presets={
            "optimal": {"lr": best},
            "1/L": {"lr": 1 / largest},
            "beyond 2/L": {"lr": 2.01 / largest},
        },
        drag={"slowest": {"x": "lr"}},
    )  # fmt: skip


def error_bars(ax, curvatures, tolerance):
    """Set axes up for the errors along the eigenvectors, and return their bars."""
    names, theme = [f"{value:.3g}" for value in curvatures], plots.theme_of(ax)
    colours = [theme.lines[i % 6] for i in range(len(names))]
    bars = ax.bar(np.arange(len(names)), 1.0, 0.62, bottom=0.0, color=colours, zorder=3)
    ax.set_xticks(np.arange(len(names)), names)
    ax.set_xlim(-0.7, len(names) - 0.3)
    ax.set_yscale("log")
    ax.set_ylim(tolerance, 1e2)
    ax.axhline(1, color=theme.muted, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    plots.labels(ax, x="curvature λ of the eigenvector", y="error left, 1 at the start")
    return bars


def before_and_after_scaling(data=None, *, steps=250):
    """Fit one model to the same data twice: to two features as they were measured, and standardised.

    Both walks start from no weights at all, with lr the same part of the limit 2/L of their own map.
    Find out which lr the long valley wants, and whether scaling changes the best fit. (It doesn't: the
    loss there, and what is predicted, are the same on both maps.) Features and target are measured from
    their means, so that two weights are all there is.

    Parameters
    ----------
    data : Data, or pair of arrays X (n, 2) and y (n,), optional
        Diabetes patients by body mass index and s5, the logarithm of a blood fat, unless given.
    steps : int

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = before_and_after_scaling()
    >>> figure.says(share=0.95)[:61]
    'step 30: as measured it zigzags, excess loss 7% (1% after 75)'
    """
    data = two_features() if data is None else data if isinstance(data, Data) else Data(*data)
    if data.X.shape[1] != 2:
        raise ValueError(
            f"a map has two axes, for two weights; these data have {data.X.shape[1]} features: give two "
            "of them, Data(X[:, [2, 8]], y)."
        )
    y = data.y - data.y.mean()
    models = {
        "before": linear(data.X - data.X.mean(axis=0), y, intercept=False),
        "after": linear(standardise(data.X), y, intercept=False),
    }
    fig, axes = plots.figure(columns=2, height=3.7)
    limits, actors, goal = {}, {}, 1
    for (when, model), ax in zip(models.items(), axes):
        curvatures = np.linalg.eigvalsh(model.hess(model.start))
        limits[when] = theory.gd_limit(curvatures)
        goal = theory.steps_to(0.01, theory.gd_best(*curvatures)[1] ** 2)
        valley(ax, model, data)
        kappa = curvatures[1] / curvatures[0]
        title = {"before": "As measured", "after": "Standardised"}[when]
        plots.labels(ax, f"{title}: κ = {kappa:.3g}, 2/L = {limits[when]:.3g}")
        actors[f"walk {when}"] = trail(trace(ax), fade=True)
        actors[f"here {when}"] = at_step(spot(ax, 1), f"walk {when}")

    def walks(share):
        found = {}
        for when, model in models.items():
            lr = share * limits[when]
            path = descend(model, model.start, gd(lr=lr[:, None]), steps)
            lowest, first = model(best_weights(model)), model(model.start)
            left = np.maximum((path.f - lowest) / (first - lowest), 0).T
            needed = steps_until(path, lowest + 0.01 * (first - lowest))
            counted = np.where(
                needed <= steps, np.char.mod(" (1%% after %.0f)", needed), f" (1% after > {steps})"
            )
            stays = np.isclose(share, 1)
            found |= {
                # What has exploded isn't drawn: it would cross the map again and again.
                f"walk {when}": np.where(left[..., None] < 100, by_frame(path.x), np.nan),
                f"left_{when}": np.where(left < 100, left, np.inf),
                f"needed_{when}": np.where((share > 1) | stays, "", counted),
                f"verb_{when}": verb(
                    left,
                    (left < 0.01, "is home"),
                    (stays[:, None], "bounces for ever"),
                    ((share > 1)[:, None], "explodes"),
                    ((share > 0.5)[:, None], "zigzags"),
                    otherwise="creeps",
                ),
            }
        return found | {"reached": needed <= goal}

    return Stage(
        fig,
        actors,
        {"share": slider(0.05, 1.05, 0.95, count=41, label="lr, as part of 2/L", format=".3f"),
         "step": scrubber(steps, 30)},
        walks,
        "step {step}: as measured it {verb_before}, excess loss {left_before:.0%}{needed_before}; "
        "standardised it {verb_after}, {left_after:.0%}{needed_after}",
        alt="The same data and model before and after standardising. Before, the loss is a long valley "
        "in which gradient descent zigzags; after, it is nearly round and a few steps do. The best fit "
        "is the same.",
        goal=(
            f"standardised, leave less than 1% of the excess loss within {goal:.0f} steps",
            "reached",
        ),
    )  # fmt: skip


def two_features():
    """Return the diabetes data with two features of very different scales."""
    data = diabetes()
    columns = [data.features.index(name) for name in ("s5", "bmi")]
    return Data(data.X[:, columns], data.y, ("s5", "bmi"), data.target)


def best_weights(model):
    """Return the least-squares solution: on a quadratic one step of Newton leads there."""
    w = model.start
    return w - np.linalg.solve(model.hess(w), model.grad(w))


def valley(ax, model, data):
    """Draw the loss of a model with two weights around its minimum, and say what is known there.

    Both axes have one scale, or the valley would look rounder than it is.
    """
    best, inverse = best_weights(model), np.linalg.inv(model.hess(model.start))
    lowest = model(best)
    # Half the sides of the box around the ellipse where the loss is that of the start, and of the view.
    box = np.sqrt(2 * (model(model.start) - lowest) * np.diag(inverse))
    half = 0.75 * max(box[0] / 1.6, box[1]) * np.array([1.6, 1.0])
    names = [f"weight of {name}" for name in data.features]
    plots.labels(ax, x=names[0], y=names[1])
    plots.contours(ax, model, domain=np.stack([best - half, best + half], axis=1), points=91)
    look = plots.theme_of(ax)
    ax.plot(*best, "*", color=look.ink, markersize=15, markeredgecolor=look.paper, zorder=3.5)
    first = data.y.mean() + model.scores(best)[0]
    ax.annotate(f"best fit: loss {lowest:.4g}\npredicts {first:.4g} for the first row",
                (0.97, 0.03), xycoords="axes fraction", ha="right", va="bottom", color=look.ink,
                fontsize=12)  # fmt: skip
