"""What moves in a live figure: matplotlib artists, and what a frame has to say about each of them.

| artist | kind | a frame holds |
|---|---|---|
| Line2D (`ax.plot`) | line | its points, (n, 2); nan lifts the pen |
| PathCollection (`ax.scatter`) | points | the points, (n, 2) |
| Quiver | arrows | from where and how far, (n, 4): x, y, u, v in units of the axes |
| BarContainer (`ax.bar`) | bars | heights, (n,) |
| FillBetweenPolyCollection (`ax.fill_between`) | band | x, low and high, (n, 3) |
| AxesImage (`ax.imshow`) | image | values for its colour map, (rows, columns) |
| Text, Annotation | text | where, (2,); what it says is a template |

Contour lines are a line whose data come from `isolines`.
How an actor follows the scrubber is said by a wrapper: `trail(line)` shows the rows up to the step,
`at_step(point)` has a picture for every step, (steps + 1, …).
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.container import BarContainer
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Text

POINT = 96 / 72  # of a typographer, in pixels of a page


@dataclass(frozen=True)
class Follow:
    """An artist, and how it follows the scrubber."""

    artist: object
    how: str  # "all", "trail" or "step"
    fade: bool = False
    template: str | None = None
    of: str | None = None


def trail(artist, of=None, *, fade=False):
    """Let a path be drawn up to the step: one row of its data for every step.

    Of a Quiver, one row fewer: arrow k leads from step k to the next.

    Parameters
    ----------
    artist : Line2D, PathCollection or Quiver
    of : str, optional
        The actor whose data it shows too: the point at the end of a line needs no data of its own.
    fade : bool
        Whether older parts fade.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> (line,) = figure()[1].plot([], [])
    >>> trail(line).how, trail(line, fade=True).fade
    ('trail', True)
    """
    return Follow(artist, "trail", fade, of=of)


def at_step(artist, of=None, *, template=None):
    """Let the data have a picture for every step: an axis for the steps in front.

    Parameters
    ----------
    artist : any
    of : str, optional
        As for `trail`.
    template : str, optional
        What a text says.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> (dot,) = figure()[1].plot([], [], "o")
    >>> at_step(dot, "walk").how, at_step(dot, "walk").of
    ('step', 'walk')
    """
    return Follow(artist, "step", template=template, of=of)


def text(artist, template):
    """Let a text say something new in every frame.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> label = figure()[1].annotate("", (0, 0))
    >>> text(label, "h = {h:.2g}").template
    'h = {h:.2g}'
    """
    return Follow(artist, "all", template=template)


class Actor:
    """A live artist: its place, its style, and the shape of what it needs.

    Subclasses say `kind`, which `shape` a frame has (None: any number), how it looks (`style`), and
    how matplotlib shows a frame (`put`).
    """

    shape = (None, 2)

    def __init__(self, name, follow):
        self.name, self.artist = name, follow.artist
        self.how, self.fade, self.template = follow.how, follow.fade, follow.template
        if isinstance(self.artist, Text) and self.template is None:
            said = self.artist.get_text()
            self.template = said.replace("{", "{{").replace("}", "}}")  # it says what it says
        self.source = follow.of or name  # whose data it shows

    @property
    def ax(self):
        """The axes it is drawn on."""
        return self.artist.axes

    @property
    def axes(self):
        """The number of its axes in the figure."""
        return self.ax.figure.axes.index(self.ax)

    def pack(self, data, steps):
        """Return data of many frames, (frames, …), as the browser gets them, or say what doesn't fit.

        Parameters
        ----------
        data : ndarray
        steps : int or None
            The rows of the scrubber.
        """
        data = np.asarray(data, dtype=float)
        lead = ("frames", "steps") if self.how == "step" else ("frames",)
        if data.ndim == len(lead) + len(self.shape) - 1 and self.shape[0] is None:
            data = np.expand_dims(data, len(lead))  # a single point
        want = (*lead, *self.shape)
        fits = data.ndim == len(want) and all(
            not isinstance(w, int) or w == have for w, have in zip(want, data.shape)
        )
        if fits and self.how == "step":
            fits = data.shape[1] == steps
        if fits and self.how == "trail":
            fits = data.shape[1] in (steps, steps - 1)
        if not fits:
            words = {None: "n", "steps": f"{steps} steps"}
            told = ", ".join(str(words.get(w, w)) for w in want)
            rows = f" with a row for each of the {steps} steps" if self.how == "trail" else ""
            raise ValueError(
                f"{self.name!r} is drawn as {self.kind}: its data need the shape ({told}){rows}; they "
                f"have the shape {data.shape}."
            )
        return self.stored(data)

    def stored(self, data):
        """Return data as they are sent: single precision does for pixels."""
        with np.errstate(over="ignore"):
            return data.astype(np.float32)

    def seen(self, frame, step, steps):
        """Return the part of a frame, as packed, that is seen at this step."""
        if self.how == "step":
            one = frame[step]
            return one[None] if one.ndim < len(self.shape) else one
        if self.how == "trail":
            return frame[: len(frame) - (steps - 1 - step)]
        return frame

    def common(self, a):
        """Return what all styles have."""
        alpha = a.get_alpha()
        return {
            "alpha": 1.0 if alpha is None else float(alpha),
            "clip": bool(a.get_clip_on()),
            "halo": halo_of(a),
        }


class Line(Actor):
    """A line, with dashes, markers, or both."""

    kind = "line"

    def style(self, a):
        """Return its colours and widths in pixels."""
        return self.common(a) | {
            "color": to_hex(a.get_color()),
            "width": a.get_linewidth() * POINT if drawn(a) else 0,
            "dashes": dashes_of(a),
            "marker": marker_of(a),
            "size": a.get_markersize() * POINT,
            "fill": colour(a.get_markerfacecolor()),
            "edge": colour(a.get_markeredgecolor()),
            "rim": a.get_markeredgewidth() * POINT,
            "steps": a.get_drawstyle() == "steps-post",
        }

    def put(self, artist, seen):
        """Show this in matplotlib."""
        artist.set_data(seen[:, 0], seen[:, 1])


class Points(Actor):
    """A cloud of points of one style each."""

    kind = "points"

    def style(self, a):
        """Return its colours and sizes in pixels."""
        widths = a.get_linewidths()
        return self.common(a) | {
            "alpha": 1.0,  # it is in the colours already
            "sizes": (np.sqrt(a.get_sizes()) * POINT).tolist(),
            "fills": [colour(c) for c in a.get_facecolors()] or [None],
            "edges": [colour(c) for c in a.get_edgecolors()] or [None],
            "rim": float(widths[0] if len(widths) else 0) * POINT,
        }

    def put(self, artist, seen):
        """Show this in matplotlib."""
        artist.set_offsets(seen)


class Arrows(Actor):
    """Arrows from a place, of a length in units of the axes."""

    kind = "arrows"
    shape = (None, 4)

    def style(self, a):
        """Return its colours and widths in pixels."""
        colours = [to_hex(c) for c in np.atleast_2d(a.get_facecolor())]
        width = (a.width or 0.03) * 96 if a.units == "inches" else 3.0
        return self.common(a) | {
            "colors": colours,
            "width": width,
            "head": [a.headwidth, a.headlength, a.headaxislength],
        }

    def put(self, artist, seen):
        """Show this in matplotlib: a Quiver's arrows can't be more or fewer, so a new one it is."""
        seen = seen[np.isfinite(seen).all(axis=1)]
        new = artist.axes.quiver(*seen.T, angles="xy", scale_units="xy", scale=1, units=artist.units,
                                 width=artist.width, headwidth=artist.headwidth,
                                 headlength=artist.headlength, zorder=artist.get_zorder(),
                                 headaxislength=artist.headaxislength, minlength=0)  # fmt: skip
        colours = artist.get_facecolor()
        new.set_facecolor(np.resize(colours, (max(len(seen), 1), 4)))
        new.set_alpha(artist.get_alpha())
        artist.remove()


class Bars(Actor):
    """Upright bars from their own bottoms."""

    kind = "bars"
    shape = (None,)

    @property
    def ax(self):
        """The axes it is drawn on."""
        return self.artist.patches[0].axes

    def style(self, a):
        """Return places, colours and hatches."""
        bars = a.patches
        return {
            "alpha": 1.0,  # it is in the colours already
            "clip": True,
            "halo": None,
            "bars": [[*map(float, (b.get_x(), b.get_width(), b.get_y()))] for b in bars],
            "fills": [colour(bar.get_facecolor()) for bar in bars],
            "edges": [colour(bar.get_edgecolor()) for bar in bars],
            "hatched": [bool(bar.get_hatch()) for bar in bars],
            "rim": bars[0].get_linewidth() * POINT,
        }

    def stored(self, data):
        """Return the heights, one for each bar."""
        bars = len(self.artist.patches)
        if data.shape[-1] != bars:
            raise ValueError(f"{self.name!r} has {bars} bars, and its data {data.shape[-1]}.")
        return super().stored(data)

    def put(self, artist, seen):
        """Show this in matplotlib."""
        for bar, height in zip(artist.patches, seen):
            bar.set_height(height)


class Band(Actor):
    """What lies between two lines."""

    kind = "band"
    shape = (None, 3)

    def style(self, a):
        """Return its colour."""
        # The alpha is in the colour already.
        return self.common(a) | {"alpha": 1.0, "fill": colour(a.get_facecolor()[0])}

    def put(self, artist, seen):
        """Show this in matplotlib."""
        x, low, high = seen[np.isfinite(seen).all(axis=1)].T
        artist.set_verts([np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])])


class Picture(Actor):
    """A small image with a colour map: one byte for each of its pixels."""

    kind = "image"
    shape = (None, None)

    def style(self, a):
        """Return place and colours."""
        scales = (a.axes.get_xscale(), a.axes.get_yscale())
        if scales != ("linear", "linear"):
            raise ValueError(
                f"{self.name!r}: a live image needs linear axes: these are {' and '.join(scales)}. "
                "Draw the logarithm instead."
            )
        shades = a.cmap((np.arange(255) + 0.5) / 255, bytes=True).tolist()
        return self.common(a) | {
            "extent": [float(v) for v in a.get_extent()],
            "upside_down": a.origin == "upper",
            "palette": [[0, 0, 0, 0], *shades],
            "smooth": a.get_interpolation() not in ("nearest", "none"),
        }

    def stored(self, data):
        """Return each value as the number of its colour, 1 to 255; 0 is nothing."""
        shade = np.ma.masked_invalid(self.artist.norm(data.reshape(-1)))  # some take no more axes
        shade = np.ma.filled(shade.astype(float), np.nan).reshape(data.shape)
        known = np.isfinite(shade)
        number = 1 + np.floor(np.clip(np.where(known, shade, 0), 0, 1 - 1e-9) * 255)
        return np.where(known, number, 0).astype(np.uint8)

    def put(self, artist, seen):
        """Show this in matplotlib."""
        artist.set_data(np.array(self.style(artist)["palette"], dtype=np.uint8)[seen])


class Words(Actor):
    """A text that moves, or says something new."""

    kind = "text"
    shape = (2,)

    def style(self, a):
        """Return colour, size, and how it stands to its place."""
        moved = getattr(a, "xyann", None) if hasattr(a, "anncoords") else None
        return self.common(a) | {
            "color": to_hex(a.get_color()),
            "size": a.get_fontsize() * POINT,
            "weight": str(a.get_fontweight()),
            "across": a.get_horizontalalignment(),
            "up": a.get_verticalalignment(),
            "offset": [v * POINT for v in moved] if moved is not None else [0, 0],
        }

    def put(self, artist, seen):
        """Show this in matplotlib."""
        if hasattr(artist, "anncoords"):
            artist.xy = tuple(seen)
        else:
            artist.set_position(tuple(seen))
        artist.set_visible(bool(np.isfinite(seen).all()))


KINDS = {
    Line2D: Line,
    PathCollection: Points,
    Quiver: Arrows,
    BarContainer: Bars,
    PolyCollection: Band,
    AxesImage: Picture,
    Text: Words,
}


def actor(name, given, figure):
    """Return the actor for an artist of this figure, or say why it can't be one."""
    follow = given if isinstance(given, Follow) else Follow(given, "all")
    artist = follow.artist
    cls = next((KINDS[base] for base in type(artist).__mro__ if base in KINDS), None)
    if cls is None:
        what = f"{artist!r:.60}"
        hint = " `ax.plot` returns a list: take the line out, line, = ax.plot(…)." * (
            isinstance(artist, list)
        )
        raise TypeError(
            f"{name!r} is {what}, which can't be live.{hint} It can be what ax.plot, scatter, quiver, "
            "bar, fill_between, imshow, text or annotate return."
        )
    made = cls(name, follow)
    if made.ax not in figure.axes:
        raise ValueError(f"{name!r} isn't on this figure: draw it on one of the figure's axes.")
    if isinstance(artist, Quiver) and (artist.angles != "xy" or artist.scale_units != "xy"):
        raise ValueError(
            f"{name!r}: live arrows are measured in units of the axes: "
            'ax.quiver(x, y, u, v, angles="xy", scale_units="xy", scale=1, units="inches", width=0.03).'
        )
    checked(name, artist, made.ax)
    made.style(artist)  # says what the browser can't draw
    return made


def checked(name, artist, ax):
    """Say what of this artist the browser can't draw."""
    for wrong, what in [
        (ax.name != "rectilinear", f"live axes are rectangular, and these are {ax.name}"),
        (
            isinstance(artist, Line2D) and artist.get_transform() != ax.transData,
            "a live line is in units of the axes; for one across the axes (axvline, axhline) use "
            "ax.plot and both of its ends",
        ),
        (
            isinstance(artist, Line2D) and artist.get_drawstyle() not in ("default", "steps-post"),
            "of the drawing styles there are 'default' and 'steps-post'",
        ),
        (
            isinstance(artist, BarContainer) and artist.orientation == "horizontal",
            "live bars stand upright: use ax.bar",
        ),
    ]:
        if wrong:
            raise ValueError(f"{name!r}: {what}.")


def isolines(x, y, heights, levels):
    """Return the contour lines of one grid, or of many, as points parted by nan, for a line to draw.

    Parameters
    ----------
    x, y : array_like, shape (columns,), (rows,)
    heights : ndarray, shape (..., rows, columns)
    levels : sequence of float

    Returns
    -------
    ndarray, shape (..., n, 2)

    Examples
    --------
    >>> isolines([0, 1], [0, 1], np.array([[0.0, 1.0], [0.0, 1.0]]), [0.5]).tolist()
    [[0.5, 1.0], [0.5, 0.0], [nan, nan]]
    """
    from contourpy import LineType, contour_generator

    def lines(z):
        finder = contour_generator(x, y, np.ma.masked_invalid(z), line_type=LineType.Separate)
        found = [part for level in levels for line in finder.lines(level) for part in (line, gap)]
        return np.vstack(found) if found else gap

    gap = np.full((1, 2), np.nan)
    heights = np.asarray(heights, dtype=float)
    found = [lines(z) for z in heights.reshape(-1, *heights.shape[-2:])]
    rows = np.full((len(found), max(map(len, found)), 2), np.nan)
    for row, line in zip(rows, found):
        row[: len(line)] = line
    return rows.reshape(*heights.shape[:-2], *rows.shape[1:])


def colour(value):
    """Return a colour as the browser writes it; None for none."""
    if isinstance(value, str) and value == "none":
        return None
    r, g, b, a = to_rgba(value)
    return None if a == 0 else to_hex((r, g, b, a), keep_alpha=a < 1)


def drawn(line):
    """Whether a line has more than markers."""
    return line.get_linestyle() not in ("None", "", " ", None) and line.get_linewidth() > 0


def dashes_of(line):
    """Return the dashes of a line in pixels."""
    _, dashes = line._dash_pattern  # matplotlib tells them nowhere else
    return [] if dashes is None else [float(d) * POINT for d in dashes]


MARKERS = "os^vDPX*+x.d|_"


def marker_of(line):
    """Return the marker's letter; none is empty."""
    marker = line.get_marker()
    if marker in ("None", "", " ", None):
        return ""
    if marker not in MARKERS:
        raise ValueError(f"a live line can have the markers {' '.join(MARKERS)}: got {marker!r}.")
    return marker


def halo_of(artist):
    """Return the rim of paper around an artist, as plots.style.halo makes it: its width and colour."""
    for effect in artist.get_path_effects() or ():
        strokes = getattr(effect, "_gc", {})  # matplotlib tells it nowhere else
        if "foreground" in strokes:
            return [float(strokes.get("linewidth", 3)) * POINT, to_hex(strokes["foreground"])]
    return None
