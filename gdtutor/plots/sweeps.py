"""What the learning rate decides: how long it takes, by what each step shrinks the error."""

import numpy as np

from .records import ROOF, label_ends
from .style import halo, labels, line_style, readable, theme_of


def steps_until(path, below):
    """Return the first step at which the loss is at most `below`; inf where it never is.

    Parameters
    ----------
    path : Path
        Of one start or of many.
    below : float

    Returns
    -------
    ndarray of float, shape (...)

    Examples
    --------
    >>> from gdtutor import descend, gd
    >>> from gdtutor.landscapes import parabola
    >>> path = descend(parabola, 3.0, gd(lr=np.array([[0.25], [0.5], [1.1]])), steps=20)
    >>> steps_until(path, below=1e-6).tolist()
    [12.0, 1.0, inf]
    """
    there = path.f <= below
    return np.where(there.any(axis=0), path.t[np.argmax(there, axis=0)], np.inf)


def steps_needed(ax, lrs, path, below):
    """Draw how many steps each learning rate needs until the loss is at most `below`.

    Parameters
    ----------
    ax : Axes
    lrs : array_like, shape (n,) or (n, 1)
    path : Path of n starts, from one sweep: `descend(f, x0, gd(lr=lrs[:, None]), steps)`
    below : float

    Returns
    -------
    dict
        "line": Line2D, "best": Line2D or None, "late": Line2D (not there after all steps), "diverged":
        Line2D, "wall": patch or None, "labels": list of Text.

    Raises
    ------
    ValueError
        If the path has another number of starts than there are learning rates.

    Examples
    --------
    >>> from gdtutor import descend, gd
    >>> from gdtutor.landscapes import parabola
    >>> from gdtutor.plots import figure
    >>> lrs = np.array([0.25, 0.5, 1.1])
    >>> path = descend(parabola, 3.0, gd(lr=lrs[:, None]), steps=20)
    >>> drawn = steps_needed(figure()[1], lrs, path, below=1e-6)
    >>> drawn["line"].get_ydata().tolist(), drawn["diverged"].get_xdata().tolist()
    ([12.0, 1.0], [1.1])
    """
    lrs, look = np.ravel(np.asarray(lrs, dtype=float)), theme_of(ax)
    if path.f.ndim != 2 or path.f.shape[1] != len(lrs):
        raise ValueError(
            f"there are {len(lrs)} learning rates, and the path has shape {path.f.shape[1:]}: make it "
            "by one sweep, descend(f, x0, gd(lr=lrs[:, None]), steps)."
        )
    order = np.argsort(lrs)
    lrs, steps = lrs[order], steps_until(path, below)[order]
    there = np.isfinite(steps)
    away = growing(path)[order] & ~there
    last = int(path.t[-1])
    top = 2.2 * max(steps[there].max(initial=10), last)
    fixed = {"linestyle": "", "zorder": 4, "clip_on": False}
    style = line_style(ax, 0) | {"marker": ""}
    (line,) = ax.plot(lrs[there], steps[there], **style, linewidth=2.4, zorder=3)
    late = ~there & ~away
    (missed,) = ax.plot(lrs[late], np.full(late.sum(), last), "^", color=look.muted, markersize=6,
                        **fixed)  # fmt: skip
    (diverged,) = ax.plot(lrs[away], np.full(away.sum(), top), "X", color=look.lines[1],
                          markersize=6, markeredgewidth=0, **fixed)  # fmt: skip
    ax.set_yscale("log")
    ax.set_ylim(max(steps[there].min(initial=last), 1) / 3, top)
    ax.set_xscale("log" if geometric(lrs) else "linear")
    ax.set_xlim(lrs[0], lrs[-1])
    labels(ax, x=ax.get_xlabel() or "learning rate", y=ax.get_ylabel() or f"steps to {below:g}")
    texts, best, wall = [], None, None
    say = {"textcoords": "offset points", "fontsize": 12, "path_effects": halo(ax), "zorder": 7}
    if there.any():
        k = np.flatnonzero(there)[np.argmin(steps[there])]
        (best,) = ax.plot(lrs[[k]], steps[[k]], "o", color=look.lines[2], markersize=11, zorder=6,
                          markeredgecolor=look.paper, clip_on=False)  # fmt: skip
        along = ax.transLimits.transform(ax.transScale.transform((lrs[k], steps[k])))[0]
        side = "left" if along < 0.2 else "right" if along > 0.8 else "center"
        counted = f"{steps[k]:g} step" + ("s" if steps[k] > 1 else "")
        texts.append(ax.annotate(
            f"lr = {lrs[k]:.3g}: {counted}", (lrs[k], steps[k]), (0, -9), ha=side, va="top",
            color=readable(look.lines[2], ax), **say,
        ))  # fmt: skip
    if away.any() and away[-1]:
        first = len(away) - np.argmin(away[::-1]) if not away.all() else 0
        edge = (lrs[first - 1] + lrs[first]) / 2 if first else lrs[0]
        wall = ax.axvspan(edge, lrs[-1], color=look.lines[1], alpha=0.13, linewidth=0, zorder=0)
        texts.append(ax.annotate(
            "diverges", (edge, ax.get_ylim()[0]), (-5, 8), rotation=90, ha="right", va="bottom",
            color=readable(look.lines[1], ax), **say,
        ))  # fmt: skip
    if late.any():
        # Beside the mark, on the side where there is room.
        along = ax.transLimits.transform(ax.transScale.transform((lrs[late][0], last)))[0]
        side, shift = ("right", -8) if along > 0.5 else ("left", 8)
        texts.append(ax.annotate(
            f"not there after {last} steps", (lrs[late][0], last), (shift, 0), va="center", ha=side,
            color=look.muted, **say,
        ))  # fmt: skip
    return {"line": line, "best": best, "late": missed, "diverged": diverged, "wall": wall,
            "labels": texts}  # fmt: skip


def growing(path):
    """Return which runs go up and away: no longer finite, or far above where they began."""
    with np.errstate(all="ignore"):
        return ~np.isfinite(path.f[-1]) | (path.f[-1] > ROOF * np.abs(path.f[0]))


def geometric(values):
    """Return whether the values grow by a factor rather than by a difference.

    Examples
    --------
    >>> geometric(np.logspace(-3, 0, 9)), geometric(np.linspace(0.005, 1, 9))
    (True, False)
    """
    if len(values) < 3 or values[0] <= 0:
        return False
    differences, factors = np.diff(values), np.diff(np.log(values))
    return bool(np.ptp(factors) / factors.mean() < np.ptp(differences) / differences.mean())


def factor_lines(ax, curvatures, lrs=None):
    """Draw by what |1 − lr · λ| a step of gradient descent multiplies the error, for every curvature λ.

    The largest of them is the rate. It is drawn bold, with the lr where it is smallest,
    2 / (λ₁ + λₙ), and the limit 2 / λₙ, beyond which it is above 1.

    Parameters
    ----------
    ax : Axes
    curvatures : array_like, shape (n,)
        Eigenvalues of the Hessian, all positive.
    lrs : array_like, optional
        From 0 to a little beyond the limit, unless given.

    Returns
    -------
    dict
        "lines": list of Line2D, "rate", "best", "limit": Line2D; "labels": list of Text.

    Raises
    ------
    ValueError
        If a curvature isn't positive.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> drawn = factor_lines(figure()[1], [1.0, 4.0])
    >>> [round(float(value[0]), 6) for value in drawn["best"].get_data()]
    [0.4, 0.6]
    """
    curvatures = np.sort(np.ravel(np.asarray(curvatures, dtype=float)))
    if not (len(curvatures) and np.isfinite(curvatures).all() and (curvatures > 0).all()):
        raise ValueError(f"curvatures must be positive numbers: got {curvatures.tolist()}.")
    look, smallest, largest = theme_of(ax), curvatures[0], curvatures[-1]
    lrs = np.linspace(0, 2.3 / largest, 301) if lrs is None else np.asarray(lrs, dtype=float)
    factors = np.abs(1 - lrs * curvatures[:, None])
    lines = []
    for i, factor in enumerate(factors):
        style = line_style(ax, i) | {"marker": ""}
        lines += ax.plot(lrs, factor, **style, linewidth=1.6, zorder=3)
    (rate,) = ax.plot(
        lrs, factors.max(axis=0), "-", color=look.ink, linewidth=7, alpha=0.22, zorder=2
    )
    lr, least = 2 / (smallest + largest), (largest - smallest) / (largest + smallest)
    (best,) = ax.plot([lr], [least], "o", color=look.lines[2], markersize=11, zorder=6,
                      markeredgecolor=look.paper)  # fmt: skip
    limit = ax.axvline(2 / largest, color=look.lines[1], linewidth=1.4, linestyle=(0, (2, 2)))
    ax.axhline(1, color=look.muted, linewidth=0.9, zorder=1)
    ax.set_xlim(lrs.min(), lrs.max())
    ax.set_ylim(0, 1.45)
    labels(ax, x=ax.get_xlabel() or "learning rate",
           y=ax.get_ylabel() or "error × this, each step")  # fmt: skip
    say = {"textcoords": "offset points", "fontsize": 12, "path_effects": halo(ax), "zorder": 7}
    texts = [
        ax.annotate("rate", (0, 1), (10, 12), color=look.ink, **say),
        ax.annotate(f"best: lr = {lr:.3g}, × {least:.3g}", (lr, 1), (-6, 8), ha="right",
                    va="bottom", color=readable(look.lines[2], ax), **say),
        ax.annotate("2 / λmax", (2 / largest, 1.42), (-6, 0), ha="right", va="top",
                    color=readable(look.lines[1], ax), **say),
    ]  # fmt: skip
    names = {f"λ = {value:.3g}": line for value, line in zip(curvatures, lines)}
    if len(curvatures) <= 6:
        texts += label_ends(ax, names).values()
    return {"lines": lines, "rate": rate, "best": best, "limit": limit, "labels": texts}
