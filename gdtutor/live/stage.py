"""A live figure: scenery painted once, actors that the browser moves, controls that learners move.

    fig, ax = plots.figure()
    plots.curve(ax, parabola)
    (walk,) = ax.plot([], [], "o-")

    def sweep(lr):
        path = descend(parabola, 3.0, gd(lr=lr[:, None]), 20)
        points = np.concatenate([path.x, parabola(path.x)[..., None]], axis=-1)
        return {"walk": points.swapaxes(0, 1), "loss": path.f.T}

    Stage(
        fig,
        actors={"walk": trail(walk)},
        controls={"lr": slider(0.01, 1.1, 0.1, count=110), "step": scrubber(20)},
        sweeps=sweep,
        words="lr {lr:.2f}, step {step}: loss {loss:.2g}",
        alt="The larger lr, the longer the steps; beyond 1 they lead away.",
    )

`controls` says what can be moved, `actors` what artists can be live, `frames` how sweeps are
computed and kept, `wording` how numbers become words. The program in the browser is in browser/.
"""

import pickle

import numpy as np
from matplotlib.figure import Figure

from ..plots.notebook import close, png
from ..plots.style import relit
from .actors import actor
from .controls import STEP
from .frames import PROBLEM, Book, Sweep
from .layout import axes_of, tiles_of
from .widget import Live, pack
from .wording import names_in, say


class Stage(Live):
    """A figure whose frames are computed beforehand and drawn in the browser.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        With everything on it, actors too. It is drawn once, without them.
    actors : dict
        Artists that move, by name; see `gdtutor.live.actors`.
    controls : dict
        See `gdtutor.live.controls`.
    sweeps : function, or list of functions
        What computes the frames; see `gdtutor.live.frames`. Each depends on the controls that its
        parameters name.
    words : str
        What the live line says, with names of controls and numbers in braces.
    alt : str
        What the figure says, for those who don't see it.
    goal : (str, str), optional
        What to try, and the name of the number that is true where it is reached.
    presets : dict, optional
        Buttons: {"one step home": {"lr": 0.5}}.
    drag : dict, optional
        Which controls the pointer moves, by the actor it takes hold of: {"start": "start"} for a
        point, {"here": {"x": "lr", "y": "momentum"}} for sliders.
    table : dict, optional
        Results beside the figure: {"columns": {"loss": ".2g"}, "rows": [names], "cells": name of a
        number (frames, rows, columns)}; `title` says what they are.

    Raises
    ------
    TypeError, ValueError
        Where something doesn't fit; the message says what to do. What a learner's function raises
        inside a sweep isn't raised here: the live line says it.

    Examples
    --------
    >>> from gdtutor import plots
    >>> from gdtutor.live import slider
    >>> fig, ax = plots.figure()
    >>> (line,) = ax.plot([0, 1], [0, 1])
    >>> def tilt(a):
    ...     left, right = np.stack([0 * a, 0 * a], axis=1), np.stack([1 + 0 * a, a], axis=1)
    ...     return {"line": np.stack([left, right], axis=1)}
    >>> stage = Stage(fig, {"line": line}, {"a": slider(0, 1)}, tilt, "slope {a:.1f}",
    ...               alt="A line of slope a.")
    >>> stage.says(a=0.3), stage.look(a=0.5)["line"].tolist()
    ('slope 0.3', [[0.0, 0.0], [1.0, 0.5]])
    """

    def __init__(
        self, fig, actors, controls, sweeps, words, *, alt, goal=None, presets=None, drag=None,
        table=None,
    ):  # fmt: skip
        for name, given, kind, such in [
            ("fig", fig, Figure, "plots.figure()[0]"),
            ("actors", actors, dict, "{'walk': trail(line)}"),
            ("words", words, str, "'lr {lr:.2f}: loss {loss:.2g}'"),
            ("presets", presets or {}, dict, "{'too large': {'lr': 2}}"),
            ("drag", drag or {}, dict, "{'start': 'start'}"),
            ("table", table or {}, dict, "{'title': …, 'rows': …, 'columns': …, 'cells': …}"),
        ]:
            if not isinstance(given, kind):
                raise TypeError(
                    f"{name} must be a {kind.__name__}, such as {such}: got {given!r:.60}."
                )
        if goal is not None and (isinstance(goal, str) or len(goal) != 2):
            raise TypeError(
                f"goal is a text and the name of a number: ('reach 1', 'won'): got {goal!r}."
            )
        if table and set(table) != {"title", "rows", "columns", "cells"}:
            raise ValueError(f"a table has title, rows, columns and cells: got {', '.join(table)}.")
        super().__init__(fig, controls, alt)
        self.template = words
        for name, control in self.controls.items():
            if (name == STEP) != (control.kind == "scrubber"):
                raise ValueError(
                    f"control {name!r}: a scrubber, and nothing else, is called {STEP!r}: it moves "
                    "along the steps."
                )
        self.steps = len(self.controls[STEP].values) if STEP in self.controls else 1
        close(fig)  # pyplot would show it, too
        if fig.get_layout_engine() is not None:
            fig.get_layout_engine().execute(fig)  # where things are is decided once for all frames
            fig.set_layout_engine("none")
        for ax in fig.axes:
            ax.apply_aspect()
        self.actors = {name: actor(name, given, fig) for name, given in actors.items()}
        self.check_steps()
        sweeps = sweeps if isinstance(sweeps, list | tuple) else [sweeps]
        moved = {name: c for name, c in self.controls.items() if name != STEP}
        self.sweeps = [
            Sweep(i, function, moved, self.actors, self.steps) for i, function in enumerate(sweeps)
        ]
        self.book = Book(self.sweeps, self.controls, dict(self.values))
        self.given = given_by(self.book)
        self.goal, self.presets, self.table = goal, presets or {}, table
        self.drag = {
            name: moves if isinstance(moves, dict) else {"point": moves}
            for name, moves in (drag or {}).items()
        }
        self.check()
        self.kept = self.book.blocks
        self.frames, blocks = pack(self.kept)
        self.scenery = painted(fig, {name: a.artist for name, a in self.actors.items()})
        self.spec = self.described(blocks)

    def check_steps(self):
        """Say so if there is a scrubber without a follower, or a follower without a scrubber."""
        if STEP in self.controls and all(a.how == "all" for a in self.actors.values()):
            raise ValueError(
                "there is a scrubber, and no actor follows it: wrap one in trail(…) or at_step(…)."
            )
        for name, a in self.actors.items():
            if a.how != "all" and STEP not in self.controls:
                raise ValueError(
                    f"{name!r} follows the steps, and there is no scrubber: add step=scrubber(steps) to "
                    "the controls."
                )

    def check(self):
        """Say what is missing, unknown or left over."""
        names = {*self.controls, *self.given}
        twice = set(self.controls) & {*self.given, *self.actors, PROBLEM}
        if twice:
            raise ValueError(
                f"{', '.join(sorted(twice))} is a control, and what a sweep returns too: use another "
                "name."
            )
        lost = [name for name, a in self.actors.items() if a.source not in self.given]
        broken = any(PROBLEM in block.arrays for block in self.book.blocks)
        if lost and not broken:
            raise ValueError(
                f"no sweep returns anything for the actor{'s' * (len(lost) > 1)} {', '.join(lost)}; "
                f"they return {', '.join(self.given) or 'nothing'}."
            )
        idle = set(self.controls) - {STEP} - {n for sweep in self.sweeps for n in sweep.names}
        if idle:
            raise ValueError(
                f"nothing depends on {', '.join(sorted(idle))}: a sweep must have a parameter of that "
                "name."
            )
        if lost:
            return  # the live line says why
        wanted = {"words": names_in(self.template)}
        wanted |= {
            f"the text of {n!r}": names_in(a.template) for n, a in self.actors.items() if a.template
        }
        wanted |= {"goal": [self.goal[1]]} if self.goal else {}
        wanted |= {"table": [self.table["cells"]]} if self.table else {}
        for where, mentioned in wanted.items():
            for name in mentioned:
                if name not in names:
                    raise ValueError(
                        f"{where} mentions {name!r}, and there is no such control or number; there are "
                        f"{', '.join(sorted(names))}."
                    )
        for label, values in self.presets.items():
            for name, value in values.items():
                self.nearest(name, value, f"preset {label!r}: ")
        for name, moves in self.drag.items():
            for way, control in moves.items():
                kind = self.controls[control].kind if control in self.controls else None
                fits = kind == ("point" if way == "point" else "slider")
                if name not in self.actors or way not in ("x", "y", "point") or not fits:
                    raise ValueError(
                        f"drag={{{name!r}: {moves!r}}} needs an actor and a control: a point's name, or "
                        '{"x": a slider\'s, "y": another\'s}; there are '
                        f"{', '.join(self.actors)} and {', '.join(self.controls)}."
                    )

    def look(self, **values):
        """Return what a frame shows: the data of its actors as they are seen, and its numbers.

        Parameters
        ----------
        **values
            Of controls; the others are where they are.
        """
        values = self.at(values)
        step, found = values.get(STEP, 0), {}
        for sweep in self.sweeps:
            block, row = self.book.find(sweep.number, values)
            for name, data in block.arrays.items():
                shown = {n: a for n, a in self.actors.items() if a.source == name}
                for actor_name, a in shown.items():
                    found[actor_name] = a.seen(data[row], step, self.steps)
                if not shown:
                    value = data[row]
                    if value.ndim == 1 and len(value) == self.steps and self.steps > 1:
                        value = value[step]
                    if name in block.texts:
                        value = block.texts[name][int(value)]
                    if np.ndim(value) == 0 and not isinstance(value, str):
                        value = value.item()
                    found[name] = (name == PROBLEM and found.get(name)) or value
        return found | values

    def says(self, **values):
        """Return what the live line says."""
        seen = self.look(**values)
        return seen.get(PROBLEM) or say(self.template, seen)

    def reached(self, **values):
        """Return whether this frame reaches the goal."""
        return bool(self.look(**values)[self.goal[1]])

    def frame(self, **values):
        """Return a frame as a matplotlib figure of its own.

        Parameters
        ----------
        **values
            Of controls; the others are where they are.
        """
        seen = self.look(**values)
        fig, artists = self.copy()
        for name, artist in artists.items():
            if name in seen:
                self.actors[name].put(artist, seen[name])
                if self.actors[name].template:
                    artist.set_text(say(self.actors[name].template, seen))
            else:
                hide(artist)
        return fig

    def copy(self):
        """Return a copy of the figure, and of its live artists by name."""
        artists = {name: a.artist for name, a in self.actors.items()}
        try:
            return pickle.loads(pickle.dumps((self.figure, artists)))
        except (AttributeError, TypeError, pickle.PicklingError) as error:
            raise TypeError(
                f"this figure can't be copied ({error}). A formatter or locator made of a lambda is "
                "often why: use a function with a name, or a format string such as '{x:.1f}'."
            ) from error

    def described(self, blocks):
        """Return the spec: what the browser must know."""
        sweep_of = {n: b.sweep for b in self.book.blocks for n in b.arrays}
        drawn = sorted(self.actors.items(), key=lambda item: parts(item[1].artist)[0].get_zorder())
        return self.describe(
            tiles=tiles_of(self.figure),
            axes=[axes_of(ax) for ax in self.figure.axes],
            actors=[
                {
                    "name": name,
                    "kind": a.kind,
                    "axes": a.axes,
                    "how": a.how,
                    "fade": a.fade,
                    "template": a.template,
                    "source": a.source,
                    "sweep": sweep_of.get(a.source),
                    "style": a.style(a.artist),
                }
                for name, a in drawn
            ],
            presets=[
                [label, {n: self.nearest(n, v) for n, v in values.items()}]
                for label, values in self.presets.items()
            ],
            drag=list(self.drag.items()),
            words=self.template,
            goal=self.goal,
            table=self.table,
            sweeps=[sweep.names for sweep in self.sweeps],
            steps=self.steps,
            blocks=blocks,
        )

    def lacking(self, values):
        """Return the frames of this setting that aren't kept."""
        found = [self.book.find(sweep.number, values)[0] for sweep in self.sweeps]
        return [block for block in found if block not in self.kept]

    def blocks(self, sweeps, along, values):
        """Return the frames that the browser asks for."""
        values = dict(self.values) | values
        return [
            self.sweeps[number].block([n for n in along if n in self.sweeps[number].names], values)
            for number in sweeps
        ]

    def by_night(self):
        """Return the scenery of the dark theme, and the styles of the actors in it."""
        fig, artists = self.copy()
        relit(fig, "dark")
        styles = {name: self.actors[name].style(artist) for name, artist in artists.items()}
        return {"scenery": painted(fig, artists), "styles": styles}


def given_by(book):
    """Return the names of all actors and numbers that sweeps return, or say which is returned twice."""
    whose = {}
    for block in book.blocks:
        for name in block.arrays:
            if whose.setdefault(name, block.sweep) != block.sweep and name != PROBLEM:
                raise ValueError(f"two sweeps return {name!r}: one name, one sweep.")
    return whose


def painted(fig, artists):
    """Return the scenery, a PNG: the figure without its live artists."""
    visible = [part for a in artists.values() for part in parts(a) if part.get_visible()]
    for part in visible:
        part.set_visible(False)
    try:
        return png(fig)
    finally:
        for part in visible:
            part.set_visible(True)


def parts(artist):
    """Return the artist, or the bars of a container."""
    return artist.patches if isinstance(artist, tuple) else [artist]


def hide(artist):
    """Make an artist invisible."""
    for part in parts(artist):
        part.set_visible(False)
