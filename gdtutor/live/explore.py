"""`explore`: a drawing function of your own becomes a live figure.

    def draw(ax, lr=0.1):
        path = descend(parabola, 3.0, gd(lr=lr), 20)
        plots.curve(ax, parabola)
        plots.steps_on_curve(ax, parabola, path)
        return f"after 20 steps: {path.f[-1]:.2g}"     # the live line says what it returns

    live.explore(draw, lr=(0.01, 1.1))

What it draws can be anything, so each frame is a picture, painted by the kernel onto one and the
same figure. The browser asks for pictures one at a time, for the latest setting first, then for
those next to it, and keeps them: after a moment the slider answers at once.
"""

import inspect
from dataclasses import replace

import numpy as np

from ..plots.notebook import close, png
from ..plots.style import figure, settings
from .controls import Control, control_from
from .frames import PROBLEM, Block, complaint
from .widget import Live, pack
from .wording import number


def explore(draw, *, columns=1, height=3.6, alt=None, prerender=False, **controls):
    """Return a live figure of a drawing function.

    Parameters
    ----------
    draw : callable
        `draw(ax, lr, …)`: draws on the axes (with several columns, on an array of axes). It begins
        with clean axes every time, and may return a text or a number, which the live line says.
    columns : int
    height : float
        In inches, as for `plots.figure`.
    alt : str, optional
        What the figure says, for those who don't see it; the function's docstring, unless given.
    prerender : bool
        Whether to paint the pictures along each control now, so that they can be seen without a
        kernel.
    **controls
        As for `Stage`, or in short: (0, 1), (1, 9), a list, True. Parameters of `draw` with a
        default value keep it as long as they have no control.

    Returns
    -------
    Pages

    Raises
    ------
    TypeError
        If a control isn't a parameter of `draw`, or a parameter has neither control nor default.

    Examples
    --------
    >>> def line(ax, slope):
    ...     "A line through 0."
    ...     ax.plot([0, 1], [0, slope])
    ...     return f"slope {slope}"
    >>> pages = explore(line, slope=(1, 3))
    >>> pages, pages.says(slope=3)
    (A line through 0., 'slope 3')
    """
    parameters = list(inspect.signature(draw).parameters.values())[1:]
    known = [p.name for p in parameters]
    lacking = [p.name for p in parameters if p.default is p.empty and p.name not in controls]
    unknown = [name for name in controls if name not in known]
    title = getattr(draw, "__name__", "draw")
    for name in set(known) & {"columns", "height", "alt", "prerender"}:
        raise TypeError(
            f"{title} has a parameter {name!r}, which means something else to explore: give it "
            "another name."
        )
    if unknown:
        raise TypeError(
            f"{title} has no parameter {unknown[0]!r}; behind the axes it has "
            f"{', '.join(known) or 'none'}."
        )
    if lacking:
        raise TypeError(
            f"{title} needs a value for {lacking[0]!r}: give it a control, such as "
            f"explore({title}, {lacking[0]}=(0.0, 1.0))."
        )
    begins = {p.name: p.default for p in parameters if p.default is not p.empty}
    controls = {name: begun(name, given, begins.get(name)) for name, given in controls.items()}
    fig, axes = figure(columns, height=height)
    alt = alt or inspect.getdoc(draw) or f"What {title} draws."
    return Pages(fig, axes, draw, controls, alt, prerender)


def begun(name, given, default):
    """Return a control; given in short form, it begins at the parameter's default value, if any."""
    control = control_from(name, given)
    if isinstance(given, Control) or default is None:
        return control
    try:
        return replace(control, value=control.nearest(default))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} begins at {default!r}, its default: {error}") from None


class Pages(Live):
    """A live figure whose frames are pictures. Made by `explore`."""

    def __init__(self, fig, axes, draw, controls, alt, prerender):
        super().__init__(fig, controls, alt)
        self.draw, self.axes, self.shown = draw, axes, None
        self.places = [ax.get_position() for ax in fig.axes]
        first = self.page(dict(self.values))
        pages = [first]
        if prerender:
            settings = [
                self.values | {name: v} for name, c in self.controls.items() for v in c.values
            ]
            pages += [self.page(values) for values in settings if values != self.values]
        self.kept = pages
        self.frames, blocks = pack(pages)
        width = round(96 * fig.get_size_inches()[0])
        page = {"name": "page", "kind": "page", "source": "page", "sweep": 0, "axes": None}
        self.spec = self.describe(
            tiles=[[0, width]], axes=[], actors=[page], presets=[], drag=[], words="{said}", goal=None,
            table=None, sweeps=[list(self.controls)], steps=1, blocks=blocks,
        )  # fmt: skip
        close(fig)

    def painted(self, values):
        """Draw with these values, once; return the figure, and what there is to say."""
        with settings("light"):
            if self.shown is None or self.shown[0] != values:
                self.shown = None
                said = self.draw(self.clean(), **self.arguments(values))
                if not any(ax.has_data() or ax.texts for ax in self.figure.axes):
                    raise ValueError(
                        "nothing was drawn on the axes: use the ax that is given, as in ax.plot(…), and "
                        "not plt.plot(…)."
                    )
                if self.figure.get_layout_engine() is not None:
                    # Once, by the first frame: nothing shall jump when a number gets longer.
                    self.figure.draw_without_rendering()
                    self.figure.set_layout_engine("none")
                    self.places = [ax.get_position() for ax in np.ravel(self.axes)]
                self.shown = values, "" if said is None else number(said)
            return self.figure, self.shown[1]

    def clean(self):
        """Return the axes as they were at first, without what earlier frames left on and beside them."""
        own = list(np.ravel(self.axes))
        title = self.figure.suptitle("")  # there is one, and it stays
        for extra in [*self.figure.axes, *self.figure.texts, *self.figure.legends]:
            if extra not in (*own, title):
                extra.remove()
        for ax, place in zip(own, self.places):
            ax.clear()
            if self.figure.get_layout_engine() is None:
                ax.set_position(place)  # earlier it would take the axes out of the layout
        return self.axes

    def arguments(self, values):
        """Return the values as the drawing function takes them."""
        return {
            name: c.as_arguments([values[name]])[0] if c.kind == "choice" else values[name]
            for name, c in self.controls.items()
        }

    def page(self, values):
        """Return the picture for these values, a block of one frame, or the complaint in its place."""
        with settings("light"):  # one at a time: a widget is answered in a thread of its own
            try:
                fig, said = self.painted(values)
                arrays = {"page": np.frombuffer(png(fig), dtype=np.uint8)[None]}
                texts = {"said": said}
            except Exception as error:  # the learner's own: the figure stays alive and says it
                arrays, texts = {}, {PROBLEM: complaint(error), "said": ""}
        arrays |= {name: np.zeros(1, dtype=np.float32) for name in texts}
        return Block(0, (), values, arrays, {name: [text] for name, text in texts.items()})

    def by_night(self):
        """Return no scenery and no styles: the pictures are whole, and light."""
        return {}

    def lacking(self, values):
        """Return the picture of this setting, if it isn't kept."""
        known = any(page.fixed == dict(values) for page in self.kept)
        return [] if known else [self.page(dict(values))]

    def blocks(self, sweeps, along, values):
        """Return the picture that the browser asks for."""
        return [self.page(dict(self.values) | values)]

    def says(self, **values):
        """Return what the live line says."""
        texts = self.page(self.at(values)).texts
        return texts.get(PROBLEM, texts["said"])[0]

    def frame(self, **values):
        """Return the figure, painted with these values; where that fails, as far as it came."""
        try:
            return self.painted(self.at(values))[0]
        except Exception:  # the live line says what it was
            return self.figure
