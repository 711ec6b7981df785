"""Momentum: which lr and β it wants, and the ways of writing it that look alike and differ."""

import numpy as np

from ... import plots, theory
from ...descent import descend
from ...landscapes import bowl, parabola
from ...plots.geometry import formula, interval
from ...rules import momentum as heavy_ball
from ...rules import momentum_ema, momentum_keras, nesterov
from ...schedules import multistep
from ..actors import at_step, text, trail
from ..controls import choice, pick, scrubber, slider, switch
from ..stage import Stage
from ..wording import number
from .parts import (
    by_frame,
    first_where,
    over,
    over_steps,
    record,
    spot,
    start_on,
    swept,
    trace,
    verb,
)

RULES = {
    "heavy ball": (heavy_ball, theory.heavy_ball_rate, theory.heavy_ball_limit),
    "Nesterov": (nesterov, theory.nesterov_rate, theory.nesterov_limit),
}
CUT = 0.1  # what a scheduled lr is multiplied by


def phase_diagram(curvatures=(1, 100), *, tolerance=1e-6, steps=None):
    """Choose lr and momentum on the map of how fast they are, and see the run that they make.

    The darker, the fewer steps; beyond the line it diverges. Drag the ring. Find out how many steps the
    best pair saves, and why still more momentum isn't better.

    Parameters
    ----------
    curvatures : pair of float
        The smallest and the largest eigenvalue of the Hessian. The run starts at 1 along both.
    tolerance : float
        It is there when no error is larger.
    steps : int, optional
        How many are shown: as many as the goal allows, unless given.

    Returns
    -------
    Stage

    Source: Goh, Why Momentum Really Works, Distill (2017).

    Examples
    --------
    >>> figure = phase_diagram()
    >>> lr, beta, _ = theory.heavy_ball_best(1, 100)
    >>> figure.says(lr=lr, momentum=beta)
    'lr 0.0331, momentum 0.67: rate 0.818 per step, 95 steps to 1e−6, as fast as it gets'
    """
    low, high = min(curvatures), max(curvatures)
    plain, plain_rate = theory.gd_best(low, high)
    best = {
        "heavy ball": theory.heavy_ball_best(low, high),
        "Nesterov": theory.nesterov_best(low, high),
    }
    goal = int(2.1 * steps_of_best(low, high, tolerance)) + 1
    steps = goal if steps is None else steps
    every = -(-steps // 60)  # a run is drawn by so many of its steps
    fig, (left, right) = plots.figure(columns=2, height=4.2)
    actors = phases(left, 4.3 / high, theory.steps_to(tolerance, best["heavy ball"][2]))
    record(right, steps, tolerance / 10, 1e3, y="largest error")
    plain_text = f"without momentum: {theory.steps_to(tolerance, plain_rate):.0f} steps"
    reference(right, steps, plain_rate, plain_text)
    actors |= {
        # Without rims, so that the line below is seen.
        "run": trace(right, 0, marks=False, width=4.5, rim=False, label="this run"),
        "slope": trace(right, 1, marks=False, rim=False, label="its rate alone"),
    }
    plots.legend(right, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.3)

    def phase(rule):
        _, rate, limit = RULES[rule]
        middles = (np.arange(120) + 0.5) / 120
        lr, beta = np.meshgrid(middles * 4.3 / high, middles)
        rates = np.maximum(rate(lr, beta, low), rate(lr, beta, high))
        return {
            "phase": np.log10(theory.steps_to(tolerance, rates))[None],
            "border": np.array([[(limit(high, b), b) for b in np.linspace(0, 0.999, 41)]]),
            "best": np.array([best[rule][:2]]),
        }

    def ring(lr, momentum):
        return {"ring": np.stack([lr, momentum], axis=1)}

    def runs(rule, lr, momentum):
        opt, rate_of, _ = RULES[rule]
        opt = swept(opt, lr=low * lr, momentum=momentum)  # bowl's smallest curvature is 1
        path = descend(bowl(kappa=high / low), (1, 1), opt, steps)
        errors = np.abs(path.x).max(axis=-1)
        flat, steep = rate_of(lr, momentum, low), rate_of(lr, momentum, high)
        rate = np.maximum(flat, steep)
        counted = first_where(errors <= tolerance)
        needed = np.where(counted <= steps, counted, theory.steps_to(tolerance, rate))
        return {
            "run": over_steps(errors)[:, ::every],
            "slope": straight(rate, steps),
            "rate": rate,
            "needed": needed,
            "about": np.where((counted > steps) & np.isfinite(needed), "about ", ""),
            "reached": (needed < goal) & (lr * high < 1 + 1e-9),
            "verb": verb(
                rate,
                (rate > 1 + 1e-9, "diverges"),
                (rate > 1 - 1e-9, "never settles"),
                (rate < 1.001 * best[rule][2], "as fast as it gets"),
                (steep > flat * (1 + 1e-6), "zigzags across the valley"),
                ((path.x[..., 0] < -tolerance).any(axis=0), "swings past the bottom"),
                otherwise="creeps along the valley",
            ),
        }

    lrs = [*np.linspace(0.1, 4.2, 36) / high, plain, *(found[0] for found in best.values())]
    betas = [*np.linspace(0, 0.99, 34), *(found[1] for found in best.values())]
    pairs = {rule: {"lr": found[0], "momentum": found[1]} for rule, found in best.items()}
    return Stage(
        fig,
        actors,
        {"rule": choice(list(RULES)), "lr": pick(lrs, plain),
         "momentum": pick(betas, 0, format=".2f")},
        [phase, ring, runs],
        "lr {lr:.3g}, momentum {momentum:.2f}: rate {rate:.3f} per step, {about}{needed:d} steps to "
        + number(tolerance, "g") + ", {verb}",
        alt="A map of how fast lr and momentum converge. Only a small place is dark, where both are "
        "large: there heavy ball needs a fraction of the steps of gradient descent. With less momentum "
        "it creeps, with more it swings.",
        goal=(f"with lr at most {1 / high:.3g}, get there in fewer than {goal} steps", "reached"),
        presets={
            "best": {"rule": "heavy ball", **pairs["heavy ball"]},
            "no momentum": {"lr": plain, "momentum": 0},
            "too much": {"rule": "heavy ball", "lr": best["heavy ball"][0], "momentum": 0.99},
            "best Nesterov": {"rule": "Nesterov", **pairs["Nesterov"]},
        },
        drag={"ring": {"x": "lr", "y": "momentum"}},
    )  # fmt: skip


def phases(ax, widest, fewest):
    """Set axes up for the map of lr, up to the widest, and momentum; return its actors."""
    look = plots.theme_of(ax)
    ax.set_xlim(0, widest)
    ax.set_ylim(-0.05, 1.05)
    ax.locator_params(axis="x", nbins=5)
    plots.labels(ax, "The darker, the fewer steps", x="lr", y="momentum β")
    image = ax.imshow([[0.0]], origin="lower", extent=(0, widest, 0, 1), aspect="auto", cmap=look.cmap,
                      vmin=np.log10(fewest), vmax=np.log10(60 * fewest))  # fmt: skip
    (border,) = ax.plot([], [], color=look.lines[1], linestyle=(0, (5, 1.6)), linewidth=2.2)
    ax.annotate("diverges", (0.8, 0.12), xycoords="axes fraction", ha="center", color=look.ink,
                fontsize=12)  # fmt: skip
    (star,) = ax.plot(
        [], [], "*", color=look.ink, markersize=15, markeredgecolor=look.paper, zorder=7
    )
    ring = spot(ax, 1, size=17, full=False)
    ring.set_clip_on(False)  # it is seen whole at the ends of lr
    return {
        "phase": image,
        "border": border,
        "best": star,
        "ring": ring,
    }


def reference(ax, steps, rate, says):
    """Draw the errors of a run with this rate, for comparison, and say whose they are."""
    look = plots.theme_of(ax)
    ax.plot([0, steps], [1, rate**steps], color=look.muted, linestyle=(0, (2, 2)), linewidth=1.6)
    ax.annotate(says, (steps, rate**steps), (0, -6), textcoords="offset points", ha="right", va="top",
                color=look.muted, fontsize=12)  # fmt: skip


def straight(rate, steps):
    """Return rateᵗ as two points (frames, 2, 2), not farther than a number of single precision."""
    last = np.minimum(steps, np.log(1e9) / np.abs(np.log(rate)))
    ends = np.stack([0 * last, last], axis=1)
    return over(ends, rate[:, None] ** ends)


def steps_of_best(low, high, tolerance):
    """Return how many steps heavy ball at its best needs from (1, 1) until no error is larger."""
    lr, beta, rate = theory.heavy_ball_best(low, high)
    most = int(10 * theory.steps_to(tolerance, rate))
    path = descend(bowl(kappa=high / low), (1, 1), heavy_ball(lr=low * lr, momentum=beta), most)
    return first_where(np.abs(path.x).max(axis=-1) <= tolerance)


def momentum_conventions(f=parabola, start=None, *, lr=None, steps=60):
    """Compare three ways of writing momentum: PyTorch's, Keras's, and as a running mean (EMA).

    On the left where they are, on the right the step that each of them takes. Find out which of them
    are the same, what makes EMA join them, and what a cut of lr does to the others: PyTorch multiplies
    the whole velocity by lr, so that it brakes at once; Keras's velocity has the old lr in it.

    Parameters
    ----------
    f : landscape in one dimension, or a function of x
    start : float, optional
    lr : Control, optional
        As `slider(0.005, 0.1)`.
    steps : int
        lr is cut after half of them.

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = momentum_conventions()
    >>> figure.says(convert=True)
    'lr 0.03, momentum 0.90, effective lr 0.3: Keras is 0 off PyTorch, EMA 0: one path'
    >>> figure.says(convert=True, schedule="cut to a tenth halfway")[42:]
    'Keras is 0.73 off PyTorch, EMA 0: Keras coasts on after the cut'
    """
    f = formula(f, dim=1)
    start, cut = start_on(f, start), steps // 2
    lr_control = slider(0.005, 0.1, 0.03, count=20) if lr is None else lr
    beta_control = slider(0.5, 0.95, 0.9, count=10, format=".2f")
    fig, (left, right) = plots.figure(columns=2, height=3.8)
    liveliest = heavy_ball(lr=max(lr_control.values), momentum=max(beta_control.values))
    moves = np.abs(np.diff(descend(f, start, liveliest, steps).x, axis=0))
    low, high = interval(f, None, None)
    widest = min(1.1 * np.nanmax(moves), high - low)
    near = float(f"{(high - low) / 800:.1g}")
    actors = {}
    for ax, what, y, ends in (
        (left, "x", "x", (low, high)),
        (right, "step", "the step it takes", (-widest, widest)),
    ):
        record(ax, steps, *ends, y=y, log=False)
        for i, (name, width) in enumerate({"PyTorch": 7, "Keras": 3, "EMA": 2.4}.items()):
            line = trace(ax, i, marks=False, width=width, rim=False, label=name)
            actors[f"{what} {name}"] = trail(line)
            mark = spot(ax, i, marker=plots.line_style(ax, i)["marker"], size=14 - 3 * i)
            mark.set_zorder(7 + 0.1 * i)
            actors[f"{what} {name} now"] = at_step(mark, f"{what} {name}")
        look = plots.theme_of(ax)
        (line,) = ax.plot([], [], color=look.muted, linestyle=(0, (2, 2)), linewidth=1.4, zorder=3)
        actors[f"cut of {what}"] = line
    plots.legend(left, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.3)
    label = left.annotate("lr ÷ 10", (cut, low), (6, 6), textcoords="offset points",
                          color=plots.theme_of(left).muted, fontsize=12)  # fmt: skip
    actors["cut label"] = text(label, "lr ÷ 10")

    def path(rule, lr, momentum, factor):
        lr = multistep(lr[:, None], [cut], factor)
        return by_frame(descend(f, start, rule(lr=lr, momentum=momentum[:, None]), steps).x)[..., 0]

    def drawn(name, x):
        moved = np.diff(x, axis=1, prepend=np.nan)
        return {f"x {name}": over_steps(x.T), f"step {name}": over_steps(moved.T)}

    def sums(lr, momentum, schedule):
        return {
            **drawn("PyTorch", path(heavy_ball, lr, momentum, schedule)),
            **drawn("Keras", path(momentum_keras, lr, momentum, schedule)),
            "effective": lr / (1 - momentum),
        }

    def mean(lr, momentum, schedule, convert):
        torch, keras = (path(rule, lr, momentum, schedule) for rule in (heavy_ball, momentum_keras))
        ema = path(momentum_ema, lr / (1 - momentum) if convert else lr, momentum, schedule)
        gaps = [np.abs(x - torch).max(axis=1).round(9) for x in (keras, ema)]
        same_keras, same_ema = (gap == 0 for gap in gaps)
        return {
            **drawn("EMA", ema),
            "gap_keras": gaps[0],
            "gap_ema": gaps[1],
            "reached": (gaps[0] < near) & (schedule < 1),
            "verb": verb(
                lr,
                (same_keras & same_ema, "one path"),
                (same_ema, "Keras coasts on after the cut"),
                (same_keras, "EMA lags behind"),
                otherwise="three paths",
            ),
        }

    def cuts(schedule):
        at = cut if schedule < 1 else np.nan
        tall = np.array([[(at, -1e3 * (high - low)), (at, 1e3 * (high - low))]])
        return {"cut of x": tall, "cut of step": tall, "cut label": np.array([[at, low]])}

    return Stage(
        fig,
        actors,
        {
            "lr": lr_control,
            "momentum": beta_control,
            "schedule": choice({"constant": 1.0, "cut to a tenth halfway": CUT}, label="lr is"),
            "convert": switch(label="convert lr for EMA: lr / (1 − β)"),
            "step": scrubber(steps),
        },
        [sums, mean, cuts],
        "lr {lr:.3g}, momentum {momentum:.2f}, effective lr {effective:.3g}: Keras is {gap_keras:.2g} "
        "off PyTorch, EMA {gap_ema:.2g}: {verb}",
        alt="Three ways of writing momentum. PyTorch's and Keras's are one path while lr is constant, "
        "and EMA joins them with lr / (1 − β). When lr is cut, PyTorch brakes at once and Keras coasts "
        "on.",
        goal=(f"with lr cut halfway, keep Keras within {near:g} of PyTorch", "reached"),
    )  # fmt: skip
