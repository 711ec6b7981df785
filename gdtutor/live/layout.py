"""Where a figure's axes are, in pixels of a page, and where it may be cut to fit a narrow one."""

from itertools import pairwise

from ..plots.style import DPI

NARROW = 150  # pixels; what is narrower, such as a colour bar, stays with its neighbour


def axes_of(ax):
    """Return where axes are, from the figure's upper left corner, and how they turn data into places.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> fig, ax = figure()
    >>> ax.set_xscale("log"); _ = ax.set_xlim(1, 100)
    >>> axes_of(ax)["x"]
    [1.0, 100.0, True]
    """
    for axis in (ax.xaxis, ax.yaxis):
        if axis.get_scale() not in ("linear", "log"):
            raise ValueError(
                f"a live figure has linear or logarithmic axes: this one is {axis.get_scale()!r}."
            )
    width, height = (DPI * inches for inches in ax.figure.get_size_inches())
    box = ax.get_position()
    return {
        "box": [box.x0 * width, (1 - box.y1) * height, box.width * width, box.height * height],
        "x": [*map(float, ax.get_xlim()), ax.get_xscale() == "log"],
        "y": [*map(float, ax.get_ylim()), ax.get_yscale() == "log"],
    }


def tiles_of(fig):
    """Return the ends of the tiles that stand side by side, or one below the other on a phone.

    A tile is a column of axes with their labels. It is cut in the middle between two columns.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> fig, _ = figure(columns=2)
    >>> fig.draw_without_rendering()
    >>> [round(end / 922, 1) for tile in tiles_of(fig) for end in tile]
    [0.0, 0.5, 0.5, 1.0]
    """
    width, scale = round(DPI * fig.get_size_inches()[0]), DPI / fig.dpi
    columns = []
    shown = [ax for ax in fig.axes if ax.get_visible()]
    for box in sorted((ax.get_tightbbox() or ax.bbox for ax in shown), key=lambda b: b.x0):
        left, right = float(box.x0 * scale), float(box.x1 * scale)
        if columns and (left < columns[-1][1] or right - left < NARROW):
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    cuts = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    return [[a, b] for a, b in pairwise([0, *cuts, width])]
