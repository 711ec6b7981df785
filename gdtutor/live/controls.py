"""What a learner can move: sliders, choices, switches, a step scrubber, a point on a map.

    controls = {
        "lr": slider(0.001, 1, 0.1, log=True),
        "rule": choice({"Adam": adam, "momentum": momentum}),
        "start": point(ax, (-1.2, 1)),
        "step": scrubber(200),
    }

A control is a list of values and the one that it begins with. Short forms do, too: (0.0, 1.0) is a
slider, (0.0, 1.0, 0.1) one with steps of 0.1, (1, 9) of whole numbers one of whole numbers, a list a
choice, True or False a switch.
"""

from dataclasses import dataclass, replace

import numpy as np

from .wording import FORMAT

STEP = "step"  # the name of the one control that moves along the steps of a path


@dataclass(frozen=True, eq=False)
class Control:
    """A control: what it can be, and what it is at first.

    Attributes
    ----------
    kind : "slider", "choice", "switch", "scrubber" or "point"
    values : list
        All that it can be, as the browser knows them: numbers, texts, booleans, or pairs.
    value : one of them
    given : list or None
        What a sweep is given in their place, for a choice between objects.
    label : str or None
        What the learner reads; the control's own name, unless given.
    format : str
        How a number is written, as in Python's format strings.
    area : ndarray (2, 2) or None
        Of a point: lower left and upper right corner; `values` then are a grid of starts that also
        a page without a kernel can show.
    """

    kind: str
    values: list
    value: object
    given: list | None = None
    label: str | None = None
    format: str = ""
    area: object = None

    def __post_init__(self):
        if not FORMAT.fullmatch(self.format):
            raise ValueError(
                f"a format is such as .2f, .3g, d or %, as in Python's format strings: got "
                f"{self.format!r}."
            )

    def nearest(self, value):
        """Return the value of this control that is nearest to the given one, or say what there is."""
        if self.kind == "point":
            x = np.array(value, dtype=float)
            if x.shape != (2,) or not np.isfinite(x).all():
                raise ValueError(f"a point is a pair of numbers: got {value!r}.")
            return np.clip(x, *self.area).tolist()
        if self.kind in ("choice", "switch"):
            for known in (self.values, self.given or []):
                for i, one in enumerate(known):
                    if one is value or (type(one) is not np.ndarray and one == value):
                        return self.values[i]
            raise ValueError(f"there is no {value!r}; there are {self.values}.")
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            raise ValueError(f"it takes a number: got {value!r}.")
        return self.values[int(np.argmin(np.abs(np.array(self.values) - value)))]

    def as_arguments(self, values):
        """Return these values as a sweep takes them: an array of them, or what they stand for."""
        if self.kind == "choice":
            given = self.values if self.given is None else self.given
            return [given[self.values.index(value)] for value in values]
        return values if self.kind == "switch" else np.array(values)

    @property
    def swept(self):
        """Whether a sweep is given all values at once, in an array, and not one by one."""
        return self.kind in ("slider", "point")


def slider(low, high, value=None, *, count=61, log=False, label=None, format=".3g"):
    """Return a slider for numbers from low to high.

    Parameters
    ----------
    low, high : float
    value : float, optional
        Where it begins: the nearest of its values; the middle, unless given.
    count : int
        How many values it has. With 61 of them, and 101 of another slider, there are 6161 pictures.
    log : bool
        Whether the values grow by a factor; they are then round numbers of three digits.
    label : str, optional
    format : str
        How its value is written: ".3g", ".2f".

    Raises
    ------
    ValueError
        If there are fewer than two values to choose from.

    Examples
    --------
    >>> slider(0, 1, 0.3, count=11).value, slider(0.001, 1, 0.1, count=4, log=True).values
    (0.3, [0.001, 0.01, 0.1, 1.0])
    """
    if not (np.isfinite([low, high]).all() and low < high) or count < 2:
        raise ValueError(
            f"a slider needs two values or more, from low up to high: got slider({low}, {high}, "
            f"count={count})."
        )
    if log and low <= 0:
        raise ValueError(f"a logarithmic slider starts above 0: got low = {low}.")
    if log:
        values = [float(f"{v:.3g}") for v in np.geomspace(low, high, count)]
    else:
        digits = 10 - int(np.floor(np.log10(high - low)))
        values = np.round(np.linspace(low, high, count), digits).tolist()
    values = several(list(dict.fromkeys(values)), f"slider({low}, {high}, log={log})")
    return at(Control("slider", values, None, label=label, format=format), value)


def whole(low, high, value=None, *, by=1, label=None):
    """Return a slider for whole numbers from low to high.

    Examples
    --------
    >>> whole(1, 4).values, whole(0, 100, 50, by=25).value
    ([1, 2, 3, 4], 50)
    """
    values = list(range(int(low), int(high) + 1, int(by)))
    return at(Control("slider", several(values, f"whole({low}, {high}, by={by})"), None, label=label,
                      format="d"), value)  # fmt: skip


def pick(values, value=None, *, label=None, format=".3g"):
    """Return a slider over a list of numbers of your own.

    Examples
    --------
    >>> pick([1, 16, 64, 442], 16).value
    16
    """
    if not np.isfinite(np.asarray(values, dtype=float)).all():
        raise ValueError(f"pick({values!r}): a slider's values are finite numbers.")
    values = several(np.unique(np.asarray(values)).tolist(), f"pick({values!r})")
    return at(Control("slider", values, None, label=label, format=format), value)


def choice(options, value=None, *, label=None):
    """Return a dropdown: a list of texts, or a dict of texts and what they stand for.

    Examples
    --------
    >>> choice({"a half": 0.5, "a third": 1 / 3}, "a third").value
    'a third'
    """
    texts = several([str(text) for text in options], f"choice({list(options)})")
    given = list(options.values()) if isinstance(options, dict) else list(options)
    control = Control("choice", texts, texts[0], given=given, label=label)
    return control if value is None else replace(control, value=control.nearest(str(value)))


def switch(value=False, *, label=None):
    """Return a check box.

    Examples
    --------
    >>> switch(True).values
    [False, True]
    """
    return Control("switch", [False, True], bool(value), label=label)


def scrubber(steps, value=None, *, label=None):
    """Return the scrubber, for the steps 0, 1, …, steps: a slider with play, pause, back, speed, loop.

    It goes by the name "step" and costs no pictures: it shows the first part of each path. It
    begins at the last step, unless told.

    Examples
    --------
    >>> scrubber(40).value, scrubber(40, 0).value
    (40, 0)
    """
    values = several(list(range(int(steps) + 1)), f"scrubber({steps})")
    return at(Control("scrubber", values, None, label=label, format="d"),
              steps if value is None else value)  # fmt: skip


def point(ax, value, *, grid=(11, 9), label=None):
    """Return a point that is dragged over these axes.

    With a kernel it may be anywhere in the view; without one it snaps to the nearest of a grid.

    Parameters
    ----------
    ax : Axes
        Its limits are those of the point.
    value : pair of float
    grid : pair of int
        How many columns and rows of points are computed beforehand.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> _, ax = figure()
    >>> point(ax, (0.5, 0.5), grid=(3, 3)).values[:2]
    [[0.5, 0.5], [0.1, 0.1]]
    """
    area = np.array([sorted(ax.get_xlim()), sorted(ax.get_ylim())])
    room = 0.1 * np.ptp(area, axis=1)
    ends = zip(area[:, 0] + room, area[:, 1] - room, grid)
    x, y = np.meshgrid(*(np.round(np.linspace(*e), 6) for e in ends))
    if np.shape(value) != (2,):
        raise ValueError(f"a point begins at a pair of numbers, such as (1, 2): got {value!r}.")
    start = np.clip(np.array(value, dtype=float), *area.T).tolist()
    values = [start, *np.stack([x, y], axis=-1).reshape(-1, 2).tolist()]
    return Control("point", values, start, label=label, format=".2f", area=area.T)


def several(values, said):
    """Return the values, if there are two or more."""
    if len(set(values)) < 2:
        raise ValueError(f"{said} has one value: a control needs two or more to choose from.")
    return values


def at(control, value):
    """Return the control with its first value set, the middle unless told."""
    middle = control.values[len(control.values) // 2]
    return replace(control, value=middle if value is None else control.nearest(value))


def control_from(name, given):
    """Return the control that the short form stands for, with its name in every complaint."""
    if isinstance(given, Control):
        return given
    try:
        if isinstance(given, bool):
            return switch(given)
        if isinstance(given, tuple) and len(given) in (2, 3):
            low, high, *by = given
            if any(isinstance(v, str | bool) for v in given) or not low < high:
                raise ValueError(
                    f"a pair says (low, high), two numbers, low below high: got {given}."
                )
            if all(isinstance(v, int | np.integer) for v in given):
                return whole(low, high, by=by[0] if by else 1)
            return slider(low, high, count=round((high - low) / by[0]) + 1 if by else 61)
        if isinstance(given, list | dict):
            return choice(given)
    except (TypeError, ValueError) as error:
        raise ValueError(f"control {name!r}: {error}") from None
    raise TypeError(
        f"control {name!r}: {given!r} is no control. It can be slider(0, 1), (0.0, 1.0) for short, a "
        "list to choose from, True or False, or scrubber(steps)."
    )
