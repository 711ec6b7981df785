"""Landscapes made from a function: `landscape`, the decorator that makes all of ours, and yours.

    @landscape(domain=[(-2, 2), (-1, 3)], start=(-1.2, 1))
    def rosenbrock(x, y, *, a=1, b=100):
        return (a - x) ** 2 + b * (y - x**2) ** 2

    @rosenbrock.gradient
    def rosenbrock(x, y, *, a, b):
        return -2 * (a - x) - 4 * b * x * (y - x * x), 2 * b * (y - x * x)

The signature is the specification: coordinates first, parameters behind the star. A gradient
returns one array per coordinate. Without a formula, `landscape(lambda x, y: x**2 + 3 * y**2)`, it
is taken by complex step or by differences.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral

import numpy as np

from .calling import (
    frozen,
    gradients,
    hessians,
    is_number,
    one_by_one,
    signature,
    takes_arrays,
    values,
)
from .landscape import PLACES, Landscape
from .numeric import H_NOISY, H_SMOOTH, better_step, central_difference, complex_step


def landscape(function=None, *, grad=None, hess=None, dim=None, domain=(-5, 5), start=None,
              critical=None, name=None):  # fmt: skip
    """Make a landscape of a function.

    Parameters
    ----------
    function : callable
        Its positional parameters are the coordinates, `f(x, y)`; keyword-only ones with defaults
        are parameters of the landscape, `f(x, y, *, a=1)`. A single positional parameter is a
        coordinate in one dimension, or a whole vector (..., dim) if `dim` or `start` says that
        there are more.
    grad, hess : callable, optional
        Formulas of the derivatives, called like `function`: one array per coordinate, and rows of
        those; for a vector function arrays (..., dim) and (..., dim, dim). Without a formula the
        derivatives are by complex step if that proves right, or else by central differences.
    dim : int, optional
        How many coordinates, where the signature can't tell.
    domain : pair or (dim, 2) array_like
        What a picture should show, and where the function may be tried out.
    start : array_like, optional
        A good place to start a descent.
    critical : dict or callable, optional
        Points by kind: "minima", "maxima", "saddles", and any other name for points that
        derivatives don't find, such as "boundary minimum". A function of the parameters if it
        holds for all of them, a dict if only for the defaults. The entry "listed": "some" admits
        that there are more.
    name : str, optional
        For the repr, if not that of the function.

    Returns
    -------
    Landscape
        Without `function`, a decorator. A landscape is returned as it is.

    Raises
    ------
    TypeError, ValueError
        If the signature or the data can't be meant as they are; the message says what to do.

    Examples
    --------
    >>> valley = landscape(lambda x, y: x**2 + 3 * y**2, name="valley")
    >>> valley
    <landscape valley, 2-D, gradient by complex step>
    >>> valley.grad((1.0, 1.0)).tolist()
    [2.0, 6.0]
    >>> landscape(lambda x: abs(x - 1)).grad(3.0).round(9).item()  # slower, and rounded
    1.0
    """
    if function is None:
        return functools.partial(landscape, grad=grad, hess=hess, dim=dim, domain=domain,
                                 start=start, critical=critical, name=name)  # fmt: skip
    if isinstance(function, Landscape):
        return function
    if name is None:
        name = getattr(function, "__name__", "f")
        name = "f" if name == "<lambda>" else name
    coordinates, params = signature(function, name)
    sizes = {
        "dim": dim,
        "start": None if start is None else np.size(start),
        "domain": len(domain) if np.ndim(domain) == 2 else None,
    }
    sizes = {which: size for which, size in sizes.items() if size is not None}
    vector = len(coordinates) == 1 and any(size != 1 for size in sizes.values())
    if not vector:
        sizes[", ".join(coordinates)] = len(coordinates)
    if len(set(sizes.values())) > 1:
        told = "; ".join(f"{which}: {size}" for which, size in sizes.items())
        raise ValueError(f"How many coordinates has {name}? {told}. Make these agree.")
    spec = Spec(
        name=name,
        coordinates=coordinates,
        vector=vector,
        value=function,
        gradient=grad,
        hessian=hess,
        domain=domain,
        start=start,
        critical=critical,
        dim=next(iter(sizes.values())),
        params=params,
    )
    return Formula(spec, spec.dim, params)


@dataclass(frozen=True)
class Spec:
    """What a landscape's author wrote. Copies share it, and have their own dim and params."""

    name: str
    coordinates: tuple
    vector: bool
    value: Callable
    gradient: Callable | None
    hessian: Callable | None
    domain: Sequence
    start: Sequence | None
    critical: dict | Callable | None
    dim: int
    params: dict


class Formula(Landscape):
    """A landscape written as a function of its coordinates."""

    def __init__(self, spec, dim, params):
        functools.update_wrapper(self, spec.value)
        self.spec, self.dim, self.params = spec, dim, params
        self.name, self.coordinates, self.vector = spec.name, spec.coordinates, spec.vector
        if not isinstance(dim, Integral) or dim < 1:
            raise ValueError(f"{self.name} needs a dim of 1, 2, 3, …: got {dim!r}.")
        domain, start = np.array(spec.domain, dtype=float), spec.start
        low, high = domain.T if domain.shape[-1:] == (2,) else (0, 0)
        if not (np.isfinite(domain).all() and np.all(low < high)):
            raise ValueError(
                f"the domain of {self.name} must be finite pairs (low, high), one for all "
                f"coordinates or one for each: got {spec.domain!r}."
            )
        # With another dim than the author's, coordinates take turns.
        self.domain = frozen(np.resize(domain, (dim, 2)))
        self.start = frozen(np.resize(0.1 * low + 0.9 * high if start is None else start, dim))

    def gradient(self, formula):
        """Return this landscape with a formula for its gradient: use it as a decorator."""
        return Formula(replace(self.spec, gradient=formula), self.dim, self.params)

    def hessian(self, formula):
        """Return this landscape with a formula for its Hessian: use it as a decorator."""
        return Formula(replace(self.spec, hessian=formula), self.dim, self.params)

    def configured(self, **params):
        """Return a copy with other parameters; `f(**params)` for short."""
        has = [*self.params, *(["dim"] if self.vector else [])]
        for name, value in params.items():
            if name not in has:
                raise TypeError(
                    f"{self.name} has no parameter {name!r}; it has {', '.join(has) or 'none'}."
                )
            usual = self.params.get(name, 1)
            if is_number(usual) and not (is_number(value) and np.isfinite(value)):
                raise TypeError(f"{name} of {self.name} must be one finite number: got {value!r}.")
        dim = params.pop("dim") if self.vector and "dim" in params else self.dim
        return Formula(self.spec, dim, {**self.params, **params})

    # --- value, gradient and Hessian of points (..., dim): found out at first use, then kept ---

    @cached_property
    def pointwise(self):
        """Whether the function can only be called with one point at a time."""
        return not takes_arrays(self._of_points(values, self.spec.value), self._probes)

    @cached_property
    def gradient_by(self):
        """How the gradient is computed."""
        return "formula" if self.spec.gradient else better_step(self._value, self._probes)

    @cached_property
    def hessian_by(self):
        """How the Hessian is computed."""
        if self.spec.hessian:
            return "formula"
        exact = self.gradient_by == "formula"
        return better_step(self._gradient, self._probes) if exact else "central differences"

    @cached_property
    def _value(self):
        f = self._of_points(values, self.spec.value)
        return one_by_one(f) if self.pointwise else f

    @cached_property
    def _gradient(self):
        if self.gradient_by == "complex step":
            return functools.partial(complex_step, self._value)
        if self.gradient_by == "central differences":
            return functools.partial(central_difference, self._value)
        gradient = self._of_points(gradients, self.spec.gradient)
        g = gradient(self._probes[0])
        if np.shape(g) != (self.dim,):
            raise ValueError(
                f"the gradient of {self.name} must have one number per coordinate, {self.dim} in "
                f"all: at {self._probes[0].tolist()} it is {np.array(g).tolist()}."
            )
        return gradient if takes_arrays(gradient, self._probes) else one_by_one(gradient)

    @cached_property
    def _hessian(self):
        if self.hessian_by == "formula":
            return self._of_points(hessians, self.spec.hessian)
        if self.hessian_by == "complex step":
            return functools.partial(complex_step, self._gradient)
        # Differences of differences are noisy, and want a larger step.
        h = H_NOISY if self.gradient_by == "central differences" else H_SMOOTH
        return functools.partial(central_difference, self._gradient, h=h)

    def _of_points(self, how, function):
        """Return the author's function with its parameters, as a function of points (..., dim)."""
        if self.vector:
            return functools.partial(function, **self.params)
        return how(function, self.dim, self.params)

    @cached_property
    def _probes(self):
        """A few points of the domain where the function gives one finite number."""
        f, (low, high) = self._of_points(values, self.spec.value), self.domain.T
        good = []
        # Eight are enough, but a function may live in a small part of what is shown.
        for x in low + (high - low) * np.random.default_rng(0).random((200, self.dim)):
            if len(good) == 8:
                break
            try:
                with np.errstate(all="ignore"):
                    value = f(x)
                    if value is None:
                        raise TypeError(
                            f"{self.name} returned nothing (did you forget `return`?): it must give "
                            "a number."
                        )
                    fine = np.isfinite(value)
            except (ValueError, ArithmeticError) as problem:  # such as the log of −1
                error = problem
                continue
            if np.shape(value) != ():
                raise ValueError(
                    f"{self.name} must give one number per point: at {x.tolist()} it gave "
                    f"{np.array(value).tolist()}. Often a sum over the last axis is missing."
                )
            if fine:
                good.append(x)
            else:
                error = ValueError(f"it gave {value}")
        if not good:
            raise ValueError(
                f"{self.name} gives no finite number anywhere in its domain {self.domain.tolist()} "
                f"({type(error).__name__}: {error}). Where is it defined? Say so: "
                f"landscape({self.name}, domain=(low, high))."
            ) from error
        return np.array(good)

    # --- the map ---

    @cached_property
    def _known(self):
        """The critical points as written, and whether these are all of them."""
        known, params = self.spec.critical, self.params
        if callable(known):
            known = known(**params, dim=self.dim) if self.vector else known(**params)
        elif known and (self.dim, self.params) != (self.spec.dim, self.spec.params):
            known = None  # they were other points
        known = dict({"listed": "unknown"} if known is None else known)
        listed = known.pop("listed", "all")
        return known, listed

    @property
    def listed(self):
        """Whether "all" critical points of the domain are listed, "some", or they are "unknown"."""
        return self._known[1]

    @cached_property
    def critical(self):
        """Minima, maxima, saddles, and special places by name, as arrays (k, dim)."""
        known = dict.fromkeys(PLACES, ()) | self._known[0]
        points = {kind: np.reshape(x, (-1, self.dim)).astype(float) for kind, x in known.items()}
        return {
            kind: frozen(self._polished(x) if kind in PLACES else x) for kind, x in points.items()
        }

    def _polished(self, points):
        """Return critical points to machine precision, by Newton's method from those written."""
        if not len(points):
            return points
        x = points
        for _ in range(4):
            # The pseudo-inverse leaves flat directions alone: there the point stays as written.
            inverse = np.linalg.pinv(self._hessian(x), rcond=1e-6, hermitian=True)
            x = x - (inverse @ self._gradient(x)[..., None])[..., 0]
        moved = np.abs(x - points) / np.maximum(1, np.abs(points))
        # Farther than the digits left out: the point is wrong, and shouldn't look right.
        return np.where(moved.max(axis=-1, keepdims=True) < 1e-5, x, points)
