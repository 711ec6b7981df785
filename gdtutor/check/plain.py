"""Plain data: what may pass from a learner's code to the judge.

Numbers, texts, and lists, tuples, dicts and arrays of them, of exactly these types and not too large.
Everything else becomes a `Strange`, which says what it was and equals nothing: an object that calls
itself equal to everything never reaches the judge. Whatever passes is a copy.
"""

import math
from dataclasses import dataclass

import numpy as np

NUMBERS = (bool, int, float, complex)
SCALARS = tuple({np.dtype(code).type for code in np.typecodes["AllInteger"] + "?efdFD"})
ENTRIES = 1_000_000  # of one array
PARTS = 20_000  # of one value, all lists in lists counted
LETTERS = 2_000
DEPTH = 12


@dataclass(frozen=True)
class Strange:
    """Something that isn't plain data.

    Attributes
    ----------
    kind : str
        The name of its type.
    why : str
        What is wrong with it, where the type alone doesn't say.
    """

    kind: str
    why: str = ""


DOTS = Strange("ellipsis")  # the three dots that a learner is to replace


def plain(value):
    """Return a copy of a value as plain data; what isn't plain becomes `Strange`.

    Examples
    --------
    >>> plain([1, np.float64(2.5), (True, None)])
    [1, 2.5, (True, None)]
    >>> plain(...), plain({1, 2})
    (Strange(kind='ellipsis', why=''), Strange(kind='set', why=''))
    """
    return _plain(value, 0, [PARTS])


def _plain(value, depth, left):
    """Return value as plain data; `left` counts down how many parts it may still have."""
    kind = type(value)
    left[0] -= 1
    if left[0] < 0 or depth > DEPTH:
        return Strange(kind.__name__, "too large")
    if kind is int:
        return value if value.bit_length() < 1000 else Strange("int", "too large")
    if value is None or kind in NUMBERS:
        return value
    if kind is Strange and type(value.kind) is type(value.why) is str:
        return Strange(value.kind[:80], value.why[:80])
    if kind is str:
        return value if len(value) <= LETTERS else Strange("str", "too long")
    if kind in SCALARS:
        return value.item()
    if kind is np.ndarray:
        return _plain_array(value)
    if kind in (list, tuple):
        return kind(_plain(part, depth + 1, left) for part in value)
    if kind is dict:
        if not all(type(key) in (str, int, float) for key in value):
            return Strange("dict", "its keys should be texts or numbers")
        return {key: _plain(part, depth + 1, left) for key, part in value.items()}
    return DOTS if value is ... else Strange(kind.__name__)


def _plain_array(array):
    """Return a copy of an array of numbers."""
    if array.dtype.kind not in "biufc" or array.dtype.itemsize > 16:
        return Strange("ndarray", f"its entries are of type {array.dtype}, not numbers")
    if array.size > ENTRIES:
        return Strange("ndarray", f"too large: its shape is {array.shape}")
    return np.array(array, copy=True, order="C", subok=False)


def same(one, other, rtol=1e-6):
    """Return whether two plain values are the same, up to round-off.

    A list may stand for an array of its shape, an int for a float, a list for a tuple; (n,) and (n, 1)
    differ. nan is nan, and a `Strange` is the same as nothing.

    Examples
    --------
    >>> same([1, 2], np.array([1.0, 2.0])), same(np.ones(3), np.ones((3, 1)))
    (True, False)
    >>> same({"lr": 0.1, "why": "too large"}, {"lr": 0.1 + 1e-12, "why": "too large"})
    True
    """
    if isinstance(one, Strange) or isinstance(other, Strange):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k], rtol) for k in one)
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    a, b = as_array(one), as_array(other)
    if a is not None and b is not None:
        if a.shape != b.shape or (a.dtype.kind == "b") != (b.dtype.kind == "b"):
            return False
        scale = np.max(np.abs(b), initial=0, where=np.isfinite(b))
        floor = max(rtol * 1e-3 * float(scale), 1e-14)  # an exact 0 may come with round-off
        return bool(np.allclose(a, b, rtol=rtol, atol=floor, equal_nan=True))
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b, rtol) for a, b in zip(one, other))
    return False


def as_array(value):
    """Return numbers, or lists of them, as an array; None for anything else.

    Examples
    --------
    >>> as_array([[1, 2], [3, 4]]).shape, as_array(["a"]) is None, as_array([[1], [2, 3]]) is None
    ((2, 2), True, True)
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, NUMBERS):
        return np.array(value)
    if not isinstance(value, list | tuple):
        return None
    parts = [as_array(part) for part in value]
    if any(part is None for part in parts) or len({part.shape for part in parts}) > 1:
        return None
    return np.array(parts) if parts else np.zeros(0)


def kind_of(value):
    """Return in words what a value is.

    Examples
    --------
    >>> kind_of(3.0), kind_of(np.ones((3, 1))), kind_of([1, 2]), kind_of(None)
    ('a number', 'an array of shape (3, 1)', 'a list of 2', 'None')
    """
    if value is None:
        return "None"
    if isinstance(value, Strange):
        return f"{article(value.kind)}" + (f" ({value.why})" if value.why else "")
    if isinstance(value, bool):
        return "True or False"
    if isinstance(value, NUMBERS):
        return "a number"
    if isinstance(value, np.ndarray):
        return "a number" if value.ndim == 0 else f"an array of shape {value.shape}"
    if isinstance(value, str):
        return "a text"
    return f"{article(type(value).__name__)} of {len(value)}"


def article(name):
    """Return a name with its article.

    Examples
    --------
    >>> article("list"), article("int"), article("ndarray")
    ('a list', 'an int', 'an ndarray')
    """
    return f"{'an' if name[:1].lower() in 'aeiou' or name == 'ndarray' else 'a'} {name}"


def shown(value, digits=6):
    """Return a plain value as a learner would type it: copyable where it is small, else described.

    Examples
    --------
    >>> shown(0.1 + 0.2), shown(np.array([1.0, 2.5])), shown(np.ones((20, 3)))
    ('0.3', 'np.array([1.0, 2.5])', '<array of shape (20, 3)>')
    """
    if isinstance(value, Strange):
        return "..." if value == DOTS else f"<{value.kind}>"
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return "-np.inf" if value == -math.inf else f"np.{value}"
        text = f"{value:.{digits}g}"
        return text if any(c in text for c in ".e") else f"{text}.0"
    if isinstance(value, complex):
        return f"{value:.{digits}g}"
    if isinstance(value, np.ndarray):
        if value.size > 12 or value.ndim > 2:
            return f"<array of shape {value.shape}>"
        if value.ndim == 0:
            return shown(value.item(), digits)
        return f"np.array({shown(value.tolist(), digits)})"
    if isinstance(value, list | tuple):
        if len(value) > 12:
            return f"<{kind_of(value)}>".replace("<a ", "<")
        inside = ", ".join(shown(part, digits) for part in value)
        if isinstance(value, tuple):
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        return f"[{inside}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {shown(v, digits)}" for k, v in value.items()) + "}"
    return repr(value)
