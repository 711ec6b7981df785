"""What all live figures are: a widget with controls, an alt text, and a program in the browser.

A subclass says what the figure's `spec` is, which frames are `kept`, which are `lacking` for a
setting, how more are made (`blocks`), what a frame looks like as a matplotlib figure (`frame`), and how
it looks by night (`by_night`).
"""

import json
import pathlib

import anywidget
import numpy as np
import traitlets

from ..plots.notebook import picture, show_in_notebook
from ..plots.style import DPI
from .controls import control_from
from .page import page

BROWSER = pathlib.Path(__file__).parent / "browser"
PROGRAM = "\n".join(
    (BROWSER / f"{name}.js").read_text(encoding="utf-8")
    for name in ("wording", "book", "draw", "element", "controls", "pointer", "table", "stage")
)
LOOK = (BROWSER / "stage.css").read_text(encoding="utf-8")
VIEW = "application/vnd.jupyter.widget-view+json"


class Live(anywidget.AnyWidget):
    """A live figure.

    Attributes
    ----------
    alt : str
        What it says, for those who don't see it; also its text in a notebook's output.
    controls : dict of str to Control
    values : dict
        Where the controls are. It follows the browser when a control has come to rest.
    """

    _esm = PROGRAM
    _css = LOOK
    spec = traitlets.Dict().tag(sync=True)
    scenery = traitlets.Bytes().tag(sync=True)
    night = traitlets.Dict().tag(sync=True)  # what the dark theme needs, once it is asked for
    frames = traitlets.Bytes().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, figure, controls, alt):
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(
                "a live figure needs an alt text, one or two sentences that say what it shows: got "
                f"{alt!r}."
            )
        self.alt, self.figure = " ".join(alt.split()), figure
        if not isinstance(controls, dict):
            raise TypeError(
                "controls are a dict by name, such as {'lr': slider(0.01, 1)}: got "
                f"{type(controls).__name__}."
            )
        self.controls = {name: control_from(name, given) for name, given in controls.items()}
        if not self.controls:
            raise ValueError("a live figure needs a control: controls={'lr': slider(0.01, 1)}.")
        values = {name: control.value for name, control in self.controls.items()}
        super().__init__(values=values)
        self.on_msg(answer)

    def nearest(self, name, value, where=""):
        """Return the value of a control nearest to this one."""
        if name not in self.controls:
            raise ValueError(
                f"{where}there is no control {name!r}; there are {', '.join(self.controls)}."
            )
        try:
            return self.controls[name].nearest(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{where}{name}: {error}") from None

    def at(self, values):
        """Return the values of all controls, these among them."""
        return dict(self.values) | {name: self.nearest(name, v) for name, v in values.items()}

    def set(self, **values):
        """Move controls from Python, such as `figure.set(lr=0.5, step=3)`."""
        self.values = self.at(values)

    def describe(self, **more):
        """Return what the browser must know, but for the numbers."""
        return {
            "alt": self.alt,
            "size": [round(DPI * inches) for inches in self.figure.get_size_inches()],
            "controls": [
                {
                    "name": name,
                    "kind": c.kind,
                    "label": c.label or name,
                    "values": c.values,
                    "value": c.value,
                    "format": c.format,
                    "area": None if c.area is None else c.area.tolist(),
                }
                for name, c in self.controls.items()
            ],
            **more,
        }

    @property
    def size(self):
        """Bytes of all that is sent when the figure opens."""
        return (
            len(json.dumps(self.spec)) + len(self.scenery) + len(self.frames) + len(PROGRAM + LOOK)
        )

    def html(self):
        """Return the figure as a web page of its own: it needs no kernel, no server and no network."""
        frames, blocks = pack([*self.kept, *self.lacking(self.values)])
        state = {
            "spec": self.spec | {"blocks": blocks},
            "values": self.values,
            "frames": frames,
            "scenery": self.scenery,
            "night": self.by_night(),
        }
        return page(state, picture(self.frame()), self.alt, PROGRAM, LOOK)

    def save(self, path):
        """Write the figure as a web page: `figure.save("walk.html")`."""
        path = pathlib.Path(path)
        path.write_text(self.html(), encoding="utf-8")
        return path

    def _ipython_display_(self, **_):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        show_in_notebook(picture(self.frame()), self.figure, self.alt, {VIEW: view})

    def __repr__(self):
        return self.alt


def answer(figure, message, _):
    """Answer the browser: is there a kernel, the scenery of the dark theme, frames that it lacks."""
    if message.get("hello"):
        figure.send({"hello": True})
    elif message.get("night"):
        figure.night = figure.by_night()
    else:
        try:
            packed, told = pack(
                figure.blocks(message["sweeps"], message["along"], message["values"])
            )
            figure.send({"answer": message["ask"], "blocks": told}, [packed])
        except Exception as error:  # whatever it is: the browser waits for an answer
            figure.send({"answer": message["ask"], "blocks": [], "problem": str(error)})


def pack(blocks):
    """Return the arrays of blocks as one row of bytes, and where in it each of them is."""
    parts, told, position = [], [], 0
    for block in blocks:
        arrays = {}
        for name, data in block.arrays.items():
            room = -position % 4  # float32 begins at a multiple of 4
            parts += [b"\0" * room, np.ascontiguousarray(data).tobytes()]
            position += room
            arrays[name] = [position, list(data.shape), data.dtype.name, block.texts.get(name)]
            position += data.nbytes
        told.append(
            {"sweep": block.sweep, "axes": block.axes, "fixed": block.fixed, "arrays": arrays}
        )
    return b"".join(parts), told
