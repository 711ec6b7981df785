"""From the way an author writes a function to the way landscapes call it.

An author writes `f(x, y, *, a=1)`, with a gradient that returns one array per coordinate. A
landscape needs functions of points, arrays x of shape (..., dim). `values`, `gradients` and
`hessians` turn the one into the other; `signature` reads how many coordinates there are;
`takes_arrays` finds out whether a function can be given many points at once, and `one_by_one`
helps if it can't.

Two facts about NumPy's speed shape this page, since a descent calls a gradient at every step.
Taking items out of an array by index is several times faster than unpacking it. And x.T has the
coordinates first whatever the leading axes are, without copying anything.
"""

import inspect
from numbers import Real
from operator import itemgetter

import numpy as np
from numpy import array, empty_like


def signature(function, name):
    """Return the names of the coordinates, and the parameters with their defaults.

    Raises
    ------
    TypeError
        If there are no coordinates, or it isn't clear what is one.

    >>> signature(lambda x, y, *, a=1: a * x * y, "f")
    (('x', 'y'), {'a': 1})
    """
    if not callable(function):
        raise TypeError(f"a landscape is made of a function: got {function!r}.")
    if isinstance(function, np.ufunc):  # np.sin and the like have options, and no parameters
        return tuple("xyzuvw"[: function.nin]), {}
    try:
        arguments = inspect.signature(function).parameters.values()
    except ValueError:
        raise TypeError(
            f"the signature of {name} can't be read: wrap it, landscape(lambda x: {name}(x))."
        ) from None
    coordinates = tuple(
        p.name for p in arguments if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    )
    for p in arguments:
        if p.kind == p.VAR_POSITIONAL:
            raise TypeError(
                f"{name}(*{p.name}) doesn't tell how many coordinates there are: name them, "
                f"{name}(x, y), or take one vector, landscape({name}, dim=2)."
            )
        if p.name in coordinates and p.default is not p.empty:
            raise TypeError(
                f"{p.name} of {name} has a default: parameters come behind a star, as in "
                f"{name}(x, y, *, {p.name}={p.default!r}), and coordinates have no defaults."
            )
        if p.kind == p.KEYWORD_ONLY and p.default is p.empty:
            raise TypeError(f"the parameter {p.name} of {name} needs a default: {p.name}=1, say.")
    if not coordinates:
        raise TypeError(f"{name} has no coordinates: write it as {name}(x) or {name}(x, y).")
    return coordinates, {p.name: p.default for p in arguments if p.kind == p.KEYWORD_ONLY}


def splitter(dim):
    """Return a function that gives the dim coordinates of a point, or of points x.T."""
    return itemgetter(*range(dim)) if dim > 1 else lambda x: (x[0],)


def values(function, dim, params):
    """Return function(x, y, ..., **params) as a function of points: (..., dim) to (...).

    >>> values(lambda x, y, a: a * x * y, 2, {"a": 10})(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [20.0, 120.0]
    """
    split = splitter(dim)

    def f(x):
        if x.ndim == 1:
            return function(*split(x), **params)
        return np.transpose(function(*split(x.T), **params))

    return f


def gradients(function, dim, params):
    """Return function(x, y, ..., **params), one array per coordinate, as (..., dim) to (..., dim).

    The result has the memory layout of x.

    >>> gradients(lambda x, y: (y, x), 2, {})(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[2.0, 1.0], [4.0, 3.0]]
    """
    split = splitter(dim)
    parts = function if dim > 1 else lambda x, **params: (function(x, **params),)

    def gradient(x):
        if x.ndim == 1:
            return array(parts(*split(x), **params), x.dtype)
        g = empty_like(x)
        for column, part in zip(g.T, parts(*split(x.T), **params)):
            column[...] = part
        return g

    return gradient


def hessians(function, dim, params):
    """Return function(x, y, ..., **params), rows of arrays, as (..., dim) to (..., dim, dim).

    >>> hessians(lambda x, y: ((2, y), (y, 0)), 2, {})(np.array([1.0, 5.0])).tolist()
    [[2.0, 5.0], [5.0, 0.0]]
    """
    split = splitter(dim)
    rows = function if dim > 1 else lambda x, **params: ((function(x, **params),),)

    def hessian(x):
        H = np.empty((*x.shape, dim), x.dtype)
        for i, row in enumerate(rows(*split(x.T), **params)):
            for j, part in enumerate(row):
                H.T[j, i] = part
        return H

    return hessian


def takes_arrays(f, points):
    """Return whether f gives for many points at once what it gives for one after the other.

    >>> import math
    >>> takes_arrays(lambda x: np.sin(x[..., 0]), np.array([[1.0], [2.0]]))
    True
    >>> takes_arrays(lambda x: math.sin(x[..., 0]), np.array([[1.0], [2.0]]))
    False
    """
    singles = np.array([f(point) for point in points])
    try:
        together = np.asarray(f(points))
    except Exception:  # `if x > 0` and `math.sin` fail in many ways
        return False
    return together.shape == singles.shape and np.allclose(together, singles, equal_nan=True)


def one_by_one(f):
    """Return f for many points, evaluated point after point.

    >>> import math
    >>> one_by_one(lambda x: math.sin(x[0]))(np.array([[0.0], [math.pi / 2]])).tolist()
    [0.0, 1.0]
    """

    def for_each(x):
        # The dtype is that of x, or the first result, perhaps the 0 of an `if`, would decide it.
        return np.apply_along_axis(lambda point: np.asarray(value(point), dtype=x.dtype), -1, x)[()]

    def value(point):
        try:
            return f(point)
        except (
            ArithmeticError,
            ValueError,
        ):  # math.exp(1000), math.sqrt(-1): NumPy says inf or nan
            return np.nan

    return for_each


def numbers(x):
    """Return x as an array of float64, or of complex numbers as they are."""
    x = np.asarray(x)
    if x.dtype.kind not in "biufc":
        raise TypeError(f"a point is made of numbers: got {x.tolist()!r}.")
    return x if x.dtype.kind == "c" else x.astype(float, copy=False)


def is_number(value):
    """Return whether value is one real number."""
    return isinstance(value, Real)


def frozen(x):
    """Return a copy of x that nobody can change by accident."""
    x = np.array(x, dtype=float)
    x.flags.writeable = False
    return x
