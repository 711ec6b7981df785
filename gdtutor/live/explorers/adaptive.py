"""Rules with a step size for every coordinate: how it changes, and what weight decay does to it."""

import numpy as np

from ... import plots
from ...descent import descend
from ...landscapes import bowl, landscape
from ...landscapes.landscape import Around
from ...landscapes.noise import Tilted
from ...rules import adagrad, adam, adam_l2, adam_uncorrected, adamw, gd, rmsprop
from ...transforms import l2
from ..actors import at_step, isolines, text, trail
from ..controls import choice, scrubber, slider
from ..stage import Stage
from .parts import by_frame, caption, grid, over_steps, ready, record, spot, swept, trace, verb

START, SIDE = (1.2, 0.8), 1.5  # where all walks begin, and half the width of the map
TURNED, NEAR = "the same, turned by 45°", 0.3  # the task of the goal, and how near is near

RULES = {
    "gradient descent": gd,
    "AdaGrad": adagrad,
    "RMSProp": rmsprop,
    "Adam": adam,
    "Adam, uncorrected": adam_uncorrected,
}
PLAIN = (gd.rule, adagrad.rule, rmsprop.rule)  # those without momentum

# What stands under the root: by rule, a function of the path, (rows, frames, 2).
SQUARES = {
    adagrad.rule: lambda path: path["s"],
    rmsprop.rule: lambda path: path["s"],
    adam.rule: lambda path: path["v"] / (1 - path.opt.knobs["beta2"] ** path.t[:, None, None]),
    adam_uncorrected.rule: lambda path: path["v"],
}


class RareFeature:
    """A bowl whose second coordinate is seen by every tenth gradient only."""

    dim, start = 2, START
    mean, seen, unseen = bowl(kappa=0.1), bowl(kappa=1), bowl(kappa=0)

    def __call__(self, x):
        """Return the mean loss."""
        return self.mean(x)

    def grad(self, x):
        """Return the mean gradient."""
        return self.mean.grad(x)

    def at(self, t):
        """Return the loss of step t = 1, 2, …"""
        return self.unseen if t % 10 else self.seen


plane = landscape(lambda x, y: x + y / 10, grad=lambda x, y: (1 + 0 * x, 0.1 + 0 * y), name="plane")

TASKS = {
    "steep and gentle": bowl(kappa=100),
    TURNED: bowl(kappa=100, angle=45),
    "rare feature": RareFeature(),
    "constant gradient": plane,
}


def effective_steps(mine=None, *, lr=None, steps=100):
    """Watch the effective lr that each coordinate gets: lr / (√v̂ + eps), step by step.

    Left a walk on one of four landscapes, right what its rule makes of lr for either coordinate.
    Find out which rules even out a valley along the axes, and what happens when the valley is
    turned (what helps Adam there is its momentum); why AdaGrad stalls (at a constant gradient it moves
    by about 2·lr·√t along each axis); and how long Adam's first step is without the correction of its
    bias.

    Parameters
    ----------
    mine : Optimizer, or a learner's own update rule, optional
        One rule more, with a knob lr. Its effective lr is measured: step / gradient.
    lr : Control, optional
        As `slider(0.01, 1, log=True)`.
    steps : int

    Returns
    -------
    Stage

    Examples
    --------
    >>> figure = effective_steps()
    >>> figure.says(rule="AdaGrad", task="steep and gentle", lr=0.3, step=1)
    'AdaGrad, lr 0.3, step 1: effective lr 0.25 for x₁, 0.0037 for x₂, ratio 66.7: x₁ gets more'
    >>> [round(figure.look(rule=rule)["leap"], 2) for rule in ("Adam", "Adam, uncorrected")]
    [1.0, 3.16]
    """
    rules = RULES | ({} if mine is None else {"yours": having(mine, "lr")})
    rates = slider(0.003, 1, 0.3, log=True, count=25, format=".2g") if lr is None else lr
    fig, (left, right) = plots.figure(columns=2, height=4.0)
    left.set(xlim=(-SIDE, SIDE), ylim=(-SIDE, SIDE), aspect="equal")
    plots.labels(left, x="x₁", y="x₂")
    record(right, steps, 1e-6, 1e3, y="effective lr, lr / (√v̂ + eps)")
    right.set_xlim(0, 1.16 * steps)  # room for names

    def ground(task):
        x = np.linspace(-SIDE, SIDE, 81)
        height = task(grid([(-SIDE, SIDE)] * 2, 81))
        levels = np.quantile(height, np.linspace(0.02, 0.95, 10))
        return {"ground": isolines(x, x, height[None], levels)}

    def walk(rule, task, lr):
        path = descend(task, START, swept(rule, lr=lr), steps)
        size = effective(path, lr[:, None])
        one, two = size[..., 0].T, size[..., 1].T
        away = np.linalg.norm(path.x, axis=-1).T
        first = np.abs(path.x[1] - path.x[0]).max(axis=-1)
        return {
            "walk": by_frame(path.x),
            "x₁": over_steps(size[..., 0]),
            "x₂": over_steps(size[..., 1]),
            "one": one,
            "two": two,
            "ratio": one / two,
            "note": np.full((len(lr), 2), -0.95 * SIDE),
            "leap": first / lr,
            "moved": np.linalg.norm(path.x - path.x[0], axis=-1).T,
            "reached": (task is TASKS[TURNED]) & (rule.rule in PLAIN) & (away[:, -1] < NEAR),
            "verb": verb(
                one,
                (~(away < 100), "lost"),
                (np.isnan(one), "not begun"),
                (np.isnan(two), "x₂ not seen yet"),
                (one > 1.5 * two, "x₁ gets more"),
                (two > 1.5 * one, "x₂ gets more"),
                otherwise="both alike",
            ),
        }

    look = plots.theme_of(left)
    note = caption(left, ha="left", va="baseline")
    name = {"textcoords": "offset points", "fontsize": 13, "va": "center", "annotation_clip": False}
    names = [
        right.annotate("", (0, 0), (8 + 20 * i, 0), color=look.lines[i], **name)  # side by side
        for i in range(2)
    ]
    # Where both lines are one, both shall be seen.
    sizes = [trace(right, i, marks=False, width=2.6, rim=i == 0) for i in range(2)]
    return Stage(
        fig,
        {
            "ground": left.plot([], [], color=look.muted, linewidth=0.9, alpha=0.6, zorder=1)[0],
            "walk": trail(trace(left, 3)),
            "here": at_step(spot(left, 3), "walk"),
            "note": text(note, "first step {leap:.3g} × lr, moved {moved:.3g}"),
            "x₁": trail(sizes[0]),
            "x₂": trail(sizes[1]),
            "name of x₁": at_step(names[0], "x₁", template="x₁"),
            "name of x₂": at_step(names[1], "x₂", template="x₂"),
        },
        {
            "rule": choice(rules, "AdaGrad" if mine is None else "yours"),
            "task": choice(TASKS),
            "lr": rates,
            "step": scrubber(steps),
        },
        [ground, walk],
        "{rule}, lr {lr:.2g}, step {step}: effective lr {one:.2g} for x₁, {two:.2g} for x₂, "
        "ratio {ratio:.3g}: {verb}",
        alt="A walk on the left, and on the right the effective lr of each coordinate. Adaptive rules "
        "give the gentle and the rare coordinate a larger one; where the valley is turned by 45° both "
        "get the same, and nothing is evened out.",
        goal=(
            f"in the turned valley, end within {NEAR} of the minimum without momentum (Adam has it)",
            "reached",
        ),
        presets={
            "turn the valley": {"task": TURNED},
            "uncorrected Adam": {"rule": "Adam, uncorrected"},
        },
    )  # fmt: skip


def having(opt, *knobs):
    """Return a rule ready to run, or say which knobs it needs."""
    opt = ready(opt)
    if not {*knobs} <= {*opt.knobs}:
        some = ", ".join(f"{knob}=0.1" for knob in knobs)
        raise ValueError(
            f"{opt.name} needs knobs for the sliders here: def {opt.name}(t, x, g, *, {some})."
        )
    return opt


def effective(path, lr):
    """Return the effective step of every coordinate along a path; nan where there is none yet."""
    rule, size = path.opt.rule, np.full(path.x.shape, np.nan)
    if rule in SQUARES:
        squares = SQUARES[rule](path)[1:]
        size[1:] = np.where(squares > 0, lr / (np.sqrt(squares) + path.opt.knobs["eps"]), np.nan)
    elif rule is gd.rule:
        size[1:] = lr
    else:
        g = path.g[:-1]
        size[1:] = np.where(g != 0, np.abs(np.diff(path.x, axis=0) / g), np.nan)
    return size


SMALL, LARGE = 0.01, 10.0  # sizes of data gradients, far below and above a usual decay


class Alternating(Around):
    """Level ground with a data gradient of mean 0: + and − in turns, a size for each weight."""

    def __init__(self, pushes):
        pushes = np.array(pushes)
        super().__init__(landscape(lambda x: 0 * x.sum(-1), grad=np.zeros_like, dim=len(pushes)))
        self.pushes = pushes

    def at(self, t):
        """Return the landscape of step t = 1, 2, …"""
        return Tilted(self.inner, lambda shape: (-1) ** t * self.pushes)


def decay_or_l2(mine=None, *, steps=100):
    """Compare weight decay with L2 in the gradient: in Adam they aren't the same.

    Left a weight that starts at 1 and has no data gradient: only decay acts on it. Right two weights
    whose data gradients are small and large, + and − in turns, so that they move nothing by
    themselves: how much of each is left. Find out whether Adam + L2 minds how strong the decay is,
    and which weights it spares.

    Parameters
    ----------
    mine : Optimizer, or a learner's own update rule, optional
        One rule more on the left, with the knobs lr and weight_decay.
    steps : int

    Returns
    -------
    Stage

    Notes
    -----
    After Loshchilov & Hutter, Decoupled weight decay regularization (2019).

    Examples
    --------
    >>> decay_or_l2().says(lr=0.01, weight_decay=0.1)[:76]
    'lr 0.01, decay 0.1, step 100: Adam + L2 leaves 0.224, AdamW 0.905: L2 takes '
    """
    mine = None if mine is None else having(mine, "lr", "weight_decay")
    # Of each size a pair with opposite signs, whose mean isn't moved by the first, unbalanced gradient.
    shaken = Alternating([0, SMALL, -SMALL, LARGE, -LARGE])

    def shrink(lr, weight_decay):
        both = {"lr": lr, "weight_decay": weight_decay}
        rules = {
            "Adam + L2": swept(adam_l2, **both),
            "AdamW": swept(adamw, **both),
            "gd + L2": swept(gd, lr=lr)(l2(strength=weight_decay[:, None])),
        } | ({} if mine is None else {"yours": swept(mine, **both)})
        left = {name: descend(shaken, np.ones(5), rule, steps).x for name, rule in rules.items()}
        bars = [
            (left[name][..., 1::2] + left[name][..., 2::2]) / 2 for name in ("Adam + L2", "AdamW")
        ]
        joined, apart = left["Adam + L2"][..., 0].T, left["AdamW"][..., 0].T
        same = np.abs(joined - apart) < 0.03
        return {name: over_steps(x[..., 0]) for name, x in left.items()} | {
            "bars": by_frame(np.concatenate(bars, axis=-1)),
            "joined": joined,
            "apart": apart,
            "reached": same[:, -1] & (apart[:, -1] > 0.1) & (apart[:, -1] < 0.5),
            "verb": verb(
                apart,
                (same, "the same here"),
                (np.abs(joined) < 0.05, "L2 has taken all of it"),
                (joined < apart, "L2 takes up to lr a step at any decay"),
                otherwise="AdamW takes more",
            ),
        }

    fig, (weights, kept) = plots.figure(columns=2)
    record(weights, steps, -0.35, 1.08, y="w, without a data gradient", log=False)
    names = ["Adam + L2", "AdamW", "gd + L2"] + ["yours"] * (mine is not None)
    lines = {  # gd + L2 lies on AdamW's line, which shall be seen
        name: trace(weights, i, marks=False, width=2.6, rim=name != "gd + L2", label=name)
        for i, name in enumerate(names)
    }
    plots.legend(weights, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(lines), borderaxespad=0.2,
                 columnspacing=1.2, handlelength=1.9)  # fmt: skip
    look = plots.theme_of(kept)
    bars = kept.bar([0, 1, 2.5, 3.5], np.ones(4), width=0.8,
                    color=[look.lines[0]] * 2 + [look.lines[1]] * 2)  # fmt: skip
    kept.set(xlim=(-0.6, 4.1), ylim=(-0.35, 1.16))
    kept.set_xticks([0, 1, 2.5, 3.5], ["small", "large"] * 2)
    kept.axhline(0, color=look.muted, linewidth=0.8)
    for x, name in ((0.5, "Adam + L2"), (3, "AdamW")):
        kept.text(x, 1.08, name, ha="center", color=look.ink, fontsize=13)
    plots.labels(kept, x="data gradient of the weight", y="what is left of it")
    return Stage(
        fig,
        {name: trail(line) for name, line in lines.items()} | {"bars": at_step(bars)},
        {
            "lr": slider(0.001, 0.1, 0.01, log=True, count=21, format=".2g"),
            "weight_decay": slider(
                0.001, 10, 0.1, log=True, count=21, label="weight decay", format=".2g"
            ),
            "step": scrubber(steps),
        },
        shrink,
        "lr {lr:.2g}, decay {weight_decay:.2g}, step {step}: Adam + L2 leaves {joined:.3f}, "
        "AdamW {apart:.3f}: {verb}",
        alt="Weights that shrink. Without a data gradient Adam + L2 takes up to lr off at every step, "
        "however strong the decay, and it spares weights with large gradients. AdamW takes the same "
        "share of every weight, as gradient descent with L2 does.",
        goal=("let both leave the same of w in the end, between a tenth and a half", "reached"),
        presets={"weak decay": {"weight_decay": 0.001}, "strong decay": {"weight_decay": 1}},
    )  # fmt: skip
