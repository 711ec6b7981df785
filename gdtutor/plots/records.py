"""What happened, step by step: losses, distances, and schedules."""

import numpy as np

from ..path import Path
from .style import halo, labels, line_style, readable

ROOF = 100.0  # what climbs to so many times the largest start has diverged
ZERO = 1e-17  # what falls below this part of it is zero, but for round-off
MARKS = {"diverged": "^", "zero": "v"}


def losses(ax, paths, best=None, log=None):
    """Draw the loss over the steps, for one path or for several by name.

    Parameters
    ----------
    ax : Axes
    paths : dict of str to Path
        Names and paths. Of many starts the median is drawn, in a band from the first to the ninth
        tenth. Runs that diverge leave through the top of the picture, those that reach 0 for good
        through the bottom of a logarithmic one, with marks.
    best : float, optional
        The lowest possible loss; what is drawn is then how far above it the loss is.
    log : bool, optional
        Whether the axis is logarithmic; it is where no loss is negative, unless told.

    Returns
    -------
    dict
        "lines": {name: Line2D}, "bands": {name: PolyCollection}, "labels": {name: Text}; "diverged"
        and "zero": {name: Line2D}, the marks.

    Raises
    ------
    ValueError
        If a loss lies below `best`.

    Examples
    --------
    >>> from gdtutor import descend, gd
    >>> from gdtutor.landscapes import parabola
    >>> from gdtutor.plots import figure
    >>> path = descend(parabola, 4.0, gd(lr=0.25), steps=3)
    >>> losses(figure()[1], {"lr = ¼": path})["lines"]["lr = ¼"].get_ydata().tolist()
    [16.0, 4.0, 1.0, 0.25]
    """
    paths = named(paths)
    height = {name: path.f - (0 if best is None else best) for name, path in paths.items()}
    for name, h in height.items():
        lowest = np.min(h[np.isfinite(h)], initial=np.inf)
        if best is not None and lowest < -1e-9 * max(1, abs(best)):
            raise ValueError(
                f"{name} has a loss of {lowest + best:g}, below best = {best:g}: best must be the "
                "lowest loss there is."
            )
    if log is None:
        seen = np.concatenate([h[np.isfinite(h)] for h in height.values()])
        log = best is not None or bool((seen >= 0).all())
    text = "loss" if best is None else "loss above the best"
    series = {name: (path.t, height[name]) for name, path in paths.items()}
    return against_steps(ax, series, y=text, log=log)


def distances(ax, paths, to=0.0, log=True):
    """Draw ‖x − to‖ over the steps; as `losses` in all else.

    Parameters
    ----------
    ax : Axes
    paths : dict of str to Path
    to : array_like, shape (dim,)
        Where the paths should go, for instance `f.minima[0]`.
    log : bool

    Returns
    -------
    dict
        As `losses`.

    Examples
    --------
    >>> from gdtutor import descend, gd
    >>> from gdtutor.landscapes import parabola
    >>> from gdtutor.plots import figure
    >>> path = descend(parabola, 4.0, gd(lr=0.25), steps=3)
    >>> distances(figure()[1], {"lr = ¼": path})["lines"]["lr = ¼"].get_ydata().tolist()
    [4.0, 2.0, 1.0, 0.5]
    """
    with np.errstate(all="ignore"):
        series = {
            name: (path.t, np.linalg.norm(path.x - to, axis=-1))
            for name, path in named(paths).items()
        }
    return against_steps(ax, series, y="distance to the minimum", log=log)


def named(paths):
    """Return paths as a dict; a single one has no name."""
    if isinstance(paths, Path):
        return {"": paths}
    if isinstance(paths, dict) and paths and all(isinstance(p, Path) for p in paths.values()):
        return paths
    raise TypeError(
        f"expected paths by name, such as {{'Adam': path}}, from descend: got {type(paths).__name__}."
    )


def against_steps(ax, series, y="", log=True):
    """Draw any record over the steps: the gradient's length, an lr, a distance, |x|.

    Parameters
    ----------
    ax : Axes
    series : dict
        By name: values of shape (rows,), or (rows, n) for n runs, or a pair (steps, values).
    y : str
        What the values are.
    log : bool
        Whether the axis is logarithmic.

    Returns
    -------
    dict
        As `losses`.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> _, ax = figure()
    >>> lines = against_steps(ax, {"halves": [4, 2, 1], "explodes": [4, 40, np.inf]})["lines"]
    >>> lines["explodes"].get_xdata().tolist(), ax.get_yscale()
    ([0.0, 1.0, 2.0], 'log')
    """
    records = {name: record(values) for name, values in series.items()}
    bands = {name: spread_of(v) for name, (_, v) in records.items() if v.ndim > 1}
    middle = {name: bands[name][1] if name in bands else v for name, (_, v) in records.items()}
    low, high = frame(middle.values(), log)
    drawn = {"lines": {}, "bands": {}, "diverged": {}, "zero": {}}
    for i, (name, (t, _)) in enumerate(records.items()):
        style, z = line_style(ax, i), 3 + 0.01 * i
        if name in bands:
            drawn["bands"][name] = ax.fill_between(
                t, *np.clip(bands[name][::2], low, high), color=style["color"], alpha=0.18,
                linewidth=0, zorder=2,
            )  # fmt: skip
        t, values, fate = between(t, middle[name], low, high, log)
        every = 1 if len(t) <= 41 else (i * len(t) // 40 + len(t) // 16, max(len(t) // 8, 1))
        (drawn["lines"][name],) = ax.plot(
            t, values, **style, linewidth=2.2, markersize=6, markevery=every, zorder=z, label=name,
            markeredgecolor=ax.get_facecolor(), markeredgewidth=0.8,
        )  # fmt: skip
        if fate:
            (drawn[fate][name],) = ax.plot(
                t[-1:], values[-1:], MARKS[fate], color=style["color"], markersize=11, zorder=6,
                markeredgecolor=ax.get_facecolor(), clip_on=False,
            )  # fmt: skip
    ax.set_yscale("log" if log else "linear")
    ends = np.concatenate([line.get_xdata()[[0, -1]] for line in drawn["lines"].values()])
    ax.set_xlim(ends.min(), max(ends.max(), ends.min() + 1))
    ax.set_ylim(low, high)
    labels(ax, x=ax.get_xlabel() or "step", y=ax.get_ylabel() or y)
    drawn["labels"] = label_ends(ax, drawn["lines"], drawn)
    return drawn


def record(values):
    """Return steps and values as arrays, (rows,) and (rows,) or (rows, n)."""
    t, values = values if isinstance(values, tuple) else (None, values)
    values = np.asarray(values, dtype=float)
    if not values.ndim or not len(values):
        raise ValueError(f"a record needs one value for each step: got {values!r}.")
    t = np.arange(len(values)) if t is None else np.asarray(t)
    if len(t) != len(values):
        raise ValueError(f"a record of {len(values)} values needs as many steps: got {len(t)}.")
    return t.astype(float), values if values.ndim == 1 else values.reshape(len(values), -1)


def spread_of(values):
    """Return the first tenth, the median and the ninth tenth of each row; a lost run counts as high."""
    values = np.where(np.isfinite(values), values, np.inf)
    return np.quantile(values, (0.1, 0.5, 0.9), axis=1, method="nearest")


def frame(records, log):
    """Return lower and upper end of the view for these records: all of them, as far as they are sane."""
    starts = np.array([np.abs(values[0]) for values in records])
    scale = np.max(starts[np.isfinite(starts)], initial=0) or 1.0
    values = np.concatenate([v[np.isfinite(v) & (np.abs(v) <= ROOF * scale)] for v in records])
    away = any((~np.isfinite(v) | (np.abs(v) > ROOF * scale)).any() for v in records)
    if log:
        values = values[values > ZERO * scale]
        low, high = np.min(values, initial=scale), np.max(values, initial=scale)
        return low / 3, ROOF * scale if away else 2 * high
    low, high = np.min(values, initial=0), np.max(values, initial=0)
    room = 0.07 * ((high - low) or 1.0)
    return low - room, high + room


def between(t, values, low, high, log):
    """Cut a record where it leaves the view for good: return steps, values and where it went."""
    lost = ~np.isfinite(values) | (values > high) | ((values < low) & (not log))
    if lost.any():
        k = int(np.argmax(lost))
        border = low if values[k] < low else high
        return t[: k + 1], np.append(np.maximum(values[:k], low), border), "diverged"
    there = values < low
    if there[-1]:
        k = len(there) - int(np.argmin(there[::-1])) if not there.all() else 0
        return t[: k + 1], np.append(np.maximum(values[:k], low), low), "zero"
    return t, np.maximum(values, low), None


def label_ends(ax, lines, fates=None):
    """Write the name of each line at its end, without one covering another; return the texts."""
    fates = {"diverged": {}, "zero": {}} | (fates or {})
    ends = {name: (line.get_xdata()[-1], line.get_ydata()[-1]) for name, line in lines.items()}
    says = {name: name for name in lines}
    says |= {name: f"{name} diverges".strip() for name in fates["diverged"]}
    says |= {name: f"{name}: 0".strip(": ") for name in fates["zero"]}
    texts = {}

    def write(name, lift, **where):
        texts[name] = ax.annotate(
            says[name], color=readable(lines[name].get_color(), ax), fontsize=12, zorder=7,
            textcoords="offset points", xytext=(10, lift), annotation_clip=False,
            path_effects=halo(ax), **where,
        )  # fmt: skip

    for marked in (fates["diverged"], fates["zero"]):
        for name, row in stacked(
            ax, {name: (ends[name][0], says[name]) for name in marked}
        ).items():
            write(name, 3 + 17 * row, xy=ends[name], va="bottom")
    right = {name: end[1] for name, end in ends.items() if name and name not in texts}
    for name, lift in spread(ax, right).items():
        write(name, lift, xy=(1, right[name]), xycoords=("axes fraction", "data"), va="center")
    return texts


def stacked(ax, texts):
    """Return in which row to write each text, which begins at its x, so that they don't overlap."""
    rows, ends = {}, []
    for name, (x, text) in sorted(texts.items(), key=lambda item: item[1][0]):
        begin = ax.transData.transform((x, 1))[0] * 72 / ax.figure.dpi
        free = [row for row, end in enumerate(ends) if end < begin]
        row = free[0] if free else len(ends)
        ends[row : row + 1] = [begin + 8 * len(text) + 10]  # a letter is less than 8 points wide
        rows[name] = row
    return rows


def spread(ax, ends, gap=17.0):
    """Return by how many points to lift each label so that they keep a gap."""
    if not ends:
        return {}
    to_points = 72 / ax.figure.dpi
    where = {name: ax.transData.transform((0.5, y))[1] * to_points for name, y in ends.items()}
    names = sorted(where, key=where.get)
    y = np.array([where[name] for name in names])
    placed = y.copy()
    for _ in range(200):
        overlap = gap - np.diff(placed)
        if (overlap <= 1e-6).all():
            break
        push = np.maximum(overlap, 0) / 2
        placed[:-1] -= push
        placed[1:] += push
    return dict(zip(names, (placed - y).tolist()))


def schedule(ax, schedules, steps, y="lr"):
    """Draw schedules over the steps 0, 1, …, steps − 1.

    Parameters
    ----------
    ax : Axes
    schedules : dict of str to schedule
        A schedule is a function of the step t = 0, 1, 2, …
    steps : int
    y : str
        What is scheduled.

    Returns
    -------
    dict
        "lines": {name: Line2D}, "labels": {name: Text}.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> from gdtutor.schedules import inverse_time
    >>> drawn = schedule(figure()[1], {"1/t": inverse_time(1.0, decay=1.0)}, steps=3)
    >>> drawn["lines"]["1/t"].get_ydata().round(3).tolist()
    [1.0, 0.5, 0.333]
    """
    if callable(schedules):
        schedules = {"": schedules}
    t, lines = np.arange(steps), {}
    for i, (name, lr) in enumerate(schedules.items()):
        style = line_style(ax, i) | {"marker": line_style(ax, i)["marker"] if steps <= 25 else ""}
        values = np.array([float(lr(int(step))) for step in t])
        (lines[name],) = ax.plot(t, values, **style, linewidth=2.4, markersize=6, label=name,
                                 zorder=3 + 0.01 * i)  # fmt: skip
    top = max(line.get_ydata().max() for line in lines.values())
    ax.set_xlim(0, max(steps - 1, 1))
    ax.set_ylim(0, 1.06 * top)
    labels(ax, x=ax.get_xlabel() or "step", y=ax.get_ylabel() or y)
    return {"lines": lines, "labels": label_ends(ax, lines)}
