"""The house style: one palette, two themes, and figures that belong to nobody but you.

Colours are those of Okabe and Ito, which people with any kind of colour vision tell apart, shaded until
they stand out on the paper; a colour never comes alone but with a dash and a marker of its own. Drawing
functions don't need to be told the theme: they read it off the paper that they draw on. Figures are
made without pyplot, so that none is left open and no global setting changes.
"""

import threading
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib import colormaps
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_hex, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke

# matplotlib's settings are global, and widgets may be drawn in another thread: one at a time, or the
# settings of one would be put back by the other.
SETTINGS = threading.RLock()
DPI = 96  # pixels of a page for one inch of figure; pictures are stored at twice as many
WIDTHS = {1: 6.4, 2: 9.6, 3: 12.0}
DASHES = ("-", (0, (5, 1.6)), (0, (1.3, 1.3)), (0, (7, 1.6, 1.3, 1.6)), (0, (2.6, 1.3)), "-")
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True)
class Theme:
    """Colours by their job.

    Attributes
    ----------
    name : str
    paper, ink, muted, faint : str
        Background, text, axes and less important text, hair lines.
    lines : tuple of str
        For things to compare, in this order.
    ground : tuple of float
        How much paper is mixed into the colours of a map, at the bottom and at the top, so that paths
        stand out on it.
    """

    name: str
    paper: str
    ink: str
    muted: str
    faint: str
    lines: tuple
    ground: tuple

    @property
    def cmap(self):
        """The colours of maps: viridis but for its yellow end, with paper in it. Deeper is darker."""
        faded = np.linspace(*self.ground, 64)[:, None]
        colours = colormaps["viridis"](np.linspace(0.1, 0.75, 64))[:, :3]
        colours = (1 - faded) * colours + faded * np.array(to_rgb(self.paper))
        return LinearSegmentedColormap.from_list(f"{self.name} viridis", colours)

    @property
    def settings(self):
        """The theme as matplotlib's rcParams."""
        return {
            "figure.facecolor": self.paper,
            "figure.dpi": DPI,
            "savefig.facecolor": self.paper,
            "savefig.dpi": 2 * DPI,
            "font.family": "sans-serif",
            "font.sans-serif": ["DejaVu Sans"],
            "font.size": 12,
            "text.color": self.ink,
            "axes.facecolor": self.paper,
            "axes.edgecolor": self.muted,
            "axes.linewidth": 0.8,
            "axes.labelcolor": self.ink,
            "axes.labelsize": 12.5,
            "axes.titlesize": 14,
            "axes.titlelocation": "left",
            "axes.titlecolor": self.ink,
            "axes.titlepad": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.formatter.useoffset": False,
            "axes.prop_cycle": matplotlib.cycler(color=self.lines, linestyle=DASHES),
            "xtick.color": self.muted,
            "ytick.color": self.muted,
            "xtick.labelcolor": self.ink,
            "ytick.labelcolor": self.ink,
            "xtick.labelsize": 12,
            "ytick.labelsize": 12,
            "xtick.major.width": 0.8,
            "ytick.major.width": 0.8,
            "xtick.minor.size": 0,
            "ytick.minor.size": 0,
            "grid.color": self.faint,
            "grid.linewidth": 0.8,
            "lines.linewidth": 2.2,
            "lines.solid_capstyle": "round",
            "legend.fontsize": 12,
            "legend.frameon": False,
            "legend.labelcolor": self.ink,
            "image.cmap": "viridis",
        }


THEMES = {
    "light": Theme(
        name="light",
        paper="#ffffff",
        ink="#1f2933",
        muted="#5b6770",
        faint="#dfe4e8",
        lines=("#0072b2", "#d55e00", "#008a63", "#b5488a", "#b87400", "#1f2933"),
        ground=(0.45, 0.92),
    ),
    "dark": Theme(
        name="dark",
        paper="#15191d",
        ink="#eceff1",
        muted="#a0abb3",
        faint="#343c43",
        lines=("#56b4e9", "#f09a37", "#2bc597", "#e39ac7", "#f0e442", "#eceff1"),
        ground=(0.6, 0.5),
    ),
}


def theme_named(name):
    """Return the theme of this name, or say which there are."""
    if name not in THEMES:
        raise ValueError(
            f"there is no theme {name!r}; there are {' and '.join(map(repr, THEMES))}."
        )
    return THEMES[name]


def theme_of(ax):
    """Return the theme that suits the paper of these axes, however they were made.

    Examples
    --------
    >>> theme_of(figure(theme="dark")[1]).name
    'dark'
    """
    return THEMES["dark" if luminance(ax.get_facecolor()) < 0.2 else "light"]


@contextmanager
def theme(name="light"):
    """Make everything drawn inside a `with` look like the house, pyplot's figures too.

    Examples
    --------
    >>> with theme("dark"):
    ...     matplotlib.rcParams["axes.facecolor"]
    '#15191d'
    """
    look = theme_named(name)
    with SETTINGS, matplotlib.rc_context(look.settings):
        yield


settings = theme  # the same, where a parameter is called theme


def relit(fig, theme):
    """Give a figure the light of another theme: the house's colours are exchanged, others stay.

    Examples
    --------
    >>> fig, ax = figure()
    >>> _ = ax.plot([1, 2], color="#0072b2")
    >>> _ = relit(fig, "dark")
    >>> to_hex(fig.get_facecolor()), to_hex(ax.lines[0].get_color())
    ('#15191d', '#56b4e9')
    """
    new, old = theme_named(theme), THEMES["light" if theme == "dark" else "dark"]
    jobs = ("paper", "ink", "muted", "faint")
    pairs = [(getattr(old, job), getattr(new, job)) for job in jobs] + list(
        zip(old.lines, new.lines)
    )
    pairs += [(text_colour(old, then), text_colour(new, now)) for then, now in pairs]
    swap = dict(reversed(pairs))  # where a colour has two jobs, the first counts

    def other(colour):
        """Return a colour, or a row of them, in the new light."""
        if isinstance(colour, str) and colour in ("none", "auto"):
            return colour
        if np.ndim(colour) == 2:
            return [other(one) for one in colour]
        *_, alpha = to_rgba(colour)
        exchanged = swap.get(to_hex(colour))
        return colour if exchanged is None else to_rgba(exchanged, alpha)

    for artist in fig.findobj():
        if artist.get_path_effects():
            for effect in artist.get_path_effects():
                stroke = getattr(effect, "_gc", {})
                if stroke.get("foreground") in swap:
                    stroke["foreground"] = swap[stroke["foreground"]]
        if getattr(artist, "cmap", None) is not None:
            if artist.cmap.name == old.cmap.name:
                artist.set_cmap(new.cmap)
            elif isinstance(artist.cmap, ListedColormap):  # such as that of contour lines in ink
                artist.set_cmap(ListedColormap([other(colour) for colour in artist.cmap.colors]))
            if artist.get_array() is not None:
                continue  # its colours come from its values
        for name in ("facecolor", "edgecolor", "markerfacecolor", "markeredgecolor", "color"):
            read, write = (getattr(artist, f"{verb}_{name}", None) for verb in ("get", "set"))
            if read and write and (name != "color" or not hasattr(artist, "get_facecolor")):
                write(other(read()))
    return fig


def figure(columns=1, rows=1, height=3.6, theme="light"):
    """Return a new figure and its axes, outside pyplot.

    Parameters
    ----------
    columns, rows : int
        How many axes. One column is 6.4 inches wide, two are 9.6, three or more 12.
    height : float
        Of one row, in inches.
    theme : "light" or "dark"

    Returns
    -------
    fig : matplotlib.figure.Figure
    ax : Axes, or an array of Axes, shape (columns,), (rows,) or (rows, columns)

    Raises
    ------
    ValueError
        If there is no such theme, or nothing to draw on.

    Examples
    --------
    >>> fig, (left, right) = figure(columns=2)
    >>> fig.get_size_inches().tolist()
    [9.6, 3.6]
    """
    for name, value in {"columns": columns, "rows": rows}.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"a figure needs 1 or more {name}, a whole number: got {value!r}.")
    if not height > 0:
        raise ValueError(f"the height of a row is in inches, such as 3.6: got {height!r}.")
    with settings(theme):
        fig = Figure(figsize=(WIDTHS.get(columns, 12.0), height * rows), layout="constrained")
        fig.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
        return fig, fig.subplots(rows, columns)


def labels(ax, title=None, x=None, y=None):
    """Write a title and the names of the axes, in the house's type; None leaves one as it is.

    Examples
    --------
    >>> _, ax = figure()
    >>> labels(ax, "One step home", x="step", y="loss")
    >>> ax.get_title(loc="left"), ax.get_xlabel()
    ('One step home', 'step')
    """
    if title is not None:
        ax.set_title(title, loc="left", fontsize=14, color=theme_of(ax).ink, pad=10)
    for text, axis in ((x, ax.xaxis), (y, ax.yaxis)):
        if text is not None:
            axis.set_label_text(text, fontsize=12.5, color=theme_of(ax).ink)


def legend(ax, **where):
    """Write the legend beside the axes, where it covers nothing, and return it.

    Parameters
    ----------
    ax : Axes
    **where
        Passed to `ax.legend`, such as `loc="upper right"` with `bbox_to_anchor=None` for inside.

    Examples
    --------
    >>> _, ax = figure()
    >>> _ = ax.plot([1, 2], label="a line")
    >>> [text.get_text() for text in legend(ax).get_texts()]
    ['a line']
    """
    look = theme_of(ax)
    beside = {"loc": "upper left", "bbox_to_anchor": (1.02, 1), "borderaxespad": 0}
    plain = {"frameon": False, "labelcolor": look.ink, "fontsize": 12, "handlelength": 2.6}
    return ax.legend(**beside | plain | where)


def line_style(ax, i):
    """Return colour, dash and marker number i: what tells one line from another.

    Examples
    --------
    >>> sorted(line_style(figure()[1], 1)), line_style(figure()[1], 1)["color"]
    (['color', 'linestyle', 'marker'], '#d55e00')
    """
    colours = theme_of(ax).lines
    return {
        "color": colours[i % len(colours)],
        "linestyle": DASHES[(i + i // len(DASHES)) % len(DASHES)],
        "marker": MARKERS[(i + i // len(MARKERS)) % len(MARKERS)],
    }


def halo(ax, width=3.4):
    """Return path effects that put a rim of paper around a line or a text."""
    return [Stroke(linewidth=width, foreground=theme_of(ax).paper, alpha=0.85), Normal()]


def luminance(colour):
    """Return the relative luminance of a colour, from 0 (black) to 1 (white), as WCAG 2 defines it.

    Examples
    --------
    >>> luminance("white"), luminance("black")
    (1.0, 0.0)
    """
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(np.round(linear @ (0.2126, 0.7152, 0.0722), 12))


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it.

    (L₁ + 0.05) / (L₂ + 0.05) with the lighter luminance on top. Text needs 4.5, lines need 3.

    Examples
    --------
    >>> round(contrast("white", "black"), 3)
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour, ax):
    """Return the colour, mixed with ink until text in it can be read on the axes' paper.

    Examples
    --------
    >>> _, ax = figure()
    >>> contrast(readable("#d55e00", ax), "white") >= 4.5
    True
    """
    return mixed(colour, ax.get_facecolor(), theme_of(ax).ink)


def text_colour(look, colour):
    """Return what `readable` makes of a colour on the paper of a theme."""
    return mixed(colour, look.paper, look.ink)


def mixed(colour, paper, ink):
    """Return the colour with as much ink in it as text on this paper needs."""
    for share in np.linspace(0, 1, 21):
        mix = to_hex((1 - share) * np.array(to_rgb(colour)) + share * np.array(to_rgb(ink)))
        if contrast(mix, paper) >= 4.5:
            break
    return mix
