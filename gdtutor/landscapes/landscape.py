"""What all landscapes can do: be evaluated, differentiated, turned upside down, read like a map.

    f(-1.2, 1), f((-1.2, 1)), f(points)     values: of coordinates, a point, points (..., dim)
    f.grad(points), f.hess(points)          gradient (..., dim), Hessian (..., dim, dim)
    f(b=20)                                 a configured copy
    -f                                      upside down, to climb
    f.minima, f.maxima, f.saddles, f.special, f.minimum, f.domain, f.start

Landscapes are made in formula.py, from a function. A subclass provides `_value`, `_gradient` and
`_hessian` for points of shape (..., dim), and the attributes listed below.
"""

import re
from functools import cached_property

import numpy as np
from numpy import ndarray

from .calling import is_number, numbers

FLOAT = np.dtype(float)
PLACES = ("minima", "maxima", "saddles")


class Landscape:
    """What all landscapes can do. Made by `landscape`, by `-f` and by `noisy`.

    Attributes
    ----------
    name, dim, params : str, int, dict
    domain : (dim, 2) array
        What a picture should show.
    start : (dim,) array
        A good place to start.
    minima, maxima, saddles : (k, dim) arrays
        Where the gradient is zero, to machine precision.
    special : dict of (k, dim) arrays
        Other places of interest by name: cones, kinks, minima on the boundary.
    listed : "all", "some" or "unknown"
        Whether the former are all of the points in the domain. Where they hold for other parameters
        only, none are shown and `listed` is "unknown".
    minimum : (x, f) or None
        The lowest point of the domain and its height, as far as known.
    gradient_by, hessian_by : "formula", "complex step" or "central differences"
    pointwise : bool
        True for functions that can't take arrays: these are evaluated point by point, and slow.

    Examples
    --------
    >>> from gdtutor.landscapes import rosenbrock
    >>> rosenbrock
    <landscape rosenbrock(a=1, b=100), 2-D, gradient by formula>
    >>> float(rosenbrock(0, 0)), rosenbrock([[0, 0], [1, 1]]).tolist(), rosenbrock(b=20).params
    (1.0, [1.0, 0.0], {'a': 1, 'b': 20})
    >>> rosenbrock.grad([0, 0]).tolist(), rosenbrock.hess([1, 1]).tolist()
    ([-2.0, 0.0], [[802.0, -400.0], [-400.0, 200.0]])
    """

    def __call__(self, *x, **params):
        """Return f at points (..., dim), or at one array per coordinate; or a configured copy."""
        if params or not x:
            f = self.configured(**params)
            return f(*x) if x else f
        return self._value(self._points(*x)[0])

    def grad(self, x, *more):
        """Return the gradient (..., dim) at points, or at one array per coordinate."""
        # Loops come here at every step, with points that need no more checks than these.
        if not more and type(x) is ndarray and x.dtype is FLOAT and x.shape[-1:] == (self.dim,):
            return self._gradient(x)
        x, bare = self._points(x, *more)
        g = self._gradient(x)
        return g[..., 0] if bare else g

    @property
    def raw_grad(self):
        """The gradient as a function of float points (..., dim), without any checks: for loops."""
        return self._gradient

    def hess(self, *x):
        """Return the Hessian (..., dim, dim) at points, or at one array per coordinate."""
        x, bare = self._points(*x)
        H = self._hessian(x)
        return H[..., 0, 0] if bare else H

    def __neg__(self):
        """Return the landscape upside down: its hills are valleys."""
        return UpsideDown(self)

    def _points(self, *x):
        """Return points (..., dim), and whether they came as bare numbers in one dimension."""
        if len(x) == self.dim > 1:
            # Coordinates stay contiguous, each for itself: that is how formulas go through them.
            x = np.moveaxis(numbers(np.stack(np.broadcast_arrays(*x))), 0, -1)
            return x, False
        if len(x) == 1:
            x = numbers(x[0])
            if x.shape[-1:] == (self.dim,):
                return x, False
            if self.dim == 1:
                return x[..., None], True
            got = f"shape {x.shape}"
        else:
            got = f"{len(x)} coordinates"
        names = ", ".join(self.coordinates) if len(self.coordinates) == self.dim else "x1, x2, …"
        other = (
            f"; for another number of dimensions write {self.name}(dim=…)" if self.vector else ""
        )
        raise ValueError(
            f"{self.name} lives in {self.dim} dimension{'s' * (self.dim > 1)}: give a point of "
            f"shape (..., {self.dim}) or {self.dim} coordinates {names}; I got {got}{other}."
        )

    minima = property(lambda self: self.critical["minima"])
    maxima = property(lambda self: self.critical["maxima"])
    saddles = property(lambda self: self.critical["saddles"])

    @property
    def special(self):
        """Places of interest that are neither minima nor maxima nor saddles, by name."""
        return {kind: x for kind, x in self.critical.items() if kind not in PLACES}

    @property
    def minimum(self):
        """The lowest of the known minima, special ones too, and its height; None without any."""
        low = [x for kind, x in self.critical.items() if kind == "minima" or "minimum" in kind]
        x = np.concatenate(low)
        return (x[np.argmin(self(x))], float(self(x).min())) if len(x) else None

    def __repr__(self):
        params = ", ".join(
            f"{k}={v:g}" if is_number(v) else f"{k}=…" for k, v in self.params.items()
        )
        slow = ", point by point" if self.pointwise else ""
        return (
            f"<landscape {self.name}{f'({params})' if params else ''}, {self.dim}-D, "
            f"gradient by {self.gradient_by}{slow}>"
        )


class Around(Landscape):
    """A landscape around another one: what isn't said here is the inner one's."""

    def __init__(self, inner):
        self.inner, self.dim = inner, inner.dim

    def __getattr__(self, name):
        if name.startswith("__") or name == "inner":  # not there yet, while it is being copied
            raise AttributeError(name)
        return getattr(self.inner, name)


class UpsideDown(Around):
    """−f: what was a hill is a valley. Climbing f is descending −f.

    >>> from gdtutor.landscapes import himmelblau
    >>> (-himmelblau).minima.round(3).tolist(), float((-himmelblau)(0, 0))
    ([[-0.271, -0.923]], -170.0)
    """

    minimum = None  # the highest of the hilltops needn't be the highest place

    def __init__(self, inner):
        super().__init__(inner)
        self.name = f"-{inner.name}"
        self._value = lambda x: -inner._value(x)
        self._gradient = lambda x: -inner._gradient(x)
        self._hessian = lambda x: -inner._hessian(x)

    def __neg__(self):
        return self.inner

    def configured(self, **params):
        """Return the inner landscape with other parameters, upside down."""
        return -self.inner(**params)

    @cached_property
    def critical(self):
        """The places of the inner landscape, under the names they have upside down."""
        turned = {"minim": "maxim", "maxim": "minim"}
        return {
            re.sub("minim|maxim", lambda part: turned[part[0]], kind): x
            for kind, x in self.inner.critical.items()
        }
