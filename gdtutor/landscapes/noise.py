"""Landscapes whose gradient is noisy, as the gradient of a mini-batch is.

    f = noisy(rosenbrock, sigma=5, batch_size=16, seed=1)
    descend(f, f.start, gd(lr=1e-3), steps=500)       # step t uses f.at(t)

The noise of step t is a function of (seed, t) and of the shape of the points, and of nothing else:
two runs are equal, and a run can be resumed.
"""

import functools

import numpy as np

from .calling import is_number
from .formula import landscape
from .landscape import Around


class Noisy(Around):
    """A landscape with noise in its gradient; made by `noisy`. The noise is that of f.at(t)."""

    def __init__(self, inner, sigma, batch_size, seed):
        super().__init__(inner)
        functools.update_wrapper(self, inner, updated=())  # its docstring and signature
        self.sigma, self.batch_size, self.seed = sigma, batch_size, seed
        if not (is_number(batch_size) and batch_size > 0):
            raise ValueError(f"batch_size must be a number above 0: got {batch_size!r}.")
        spread = np.array(sigma(inner) if callable(sigma) else sigma, dtype=float)
        if not (spread >= 0).all() or spread.shape not in ((), (1,), (self.dim,)):
            raise ValueError(
                f"sigma must be one number, or {self.dim} for the coordinates, 0 or more: "
                f"got {sigma!r}."
            )
        self.spread = spread / np.sqrt(batch_size)

    def at(self, t):
        """Return the landscape of step t = 1, 2, …: the same, tilted by the noise."""
        return Tilted(self.inner, lambda shape: self.spread * normal((self.seed, t), shape))

    def configured(self, **params):
        """Return a copy with other sigma, batch_size, seed, or parameters of the landscape."""
        own = {k: params.pop(k, getattr(self, k)) for k in ("sigma", "batch_size", "seed")}
        return Noisy(self.inner(**params), **own)

    def __neg__(self):
        return Noisy(-self.inner, self.sigma, self.batch_size, self.seed)

    def __repr__(self):
        return f"<noisy {repr(self.inner)[1:-1]}, batch_size={self.batch_size}, seed={self.seed}>"


class Tilted(Around):
    """f(x) + ξ·x, whose gradient is ∇f(x) + ξ: one draw of a noisy landscape."""

    def __init__(self, inner, noise):
        super().__init__(inner)
        self._value = lambda x: inner._value(x) + np.sum(noise(x.shape) * x, axis=-1)
        self._gradient = lambda x: inner._gradient(x) + noise(x.shape)


def normal(seed, shape):
    """Return independent standard normal numbers, a pure function of the arguments."""
    return np.random.default_rng(seed).standard_normal(shape)


def noisy(f, sigma=1.0, *, batch_size=1, seed=0):
    """Return the landscape f with noise ξ in its gradient, a new one at each step.

    ξ = sigma/√batch_size · N(0, 1), independent for each coordinate, point and step. Four times the
    batch size halves it.

    Parameters
    ----------
    f : Landscape or callable
        A function is made into a landscape first.
    sigma : float, (dim,) array_like, or callable
        Standard deviation for a batch of one; a function gets the landscape.
    batch_size : float
    seed : int

    Returns
    -------
    Landscape
        f(x), f.grad(x) and f.hess(x) are without noise. f.at(t) is the landscape of step t = 1, 2,
        …, tilted by ξ: f(x) + ξ·x. All of its options can be set anew: `f(batch_size=4)`.

    Raises
    ------
    ValueError
        If sigma or batch_size isn't meaningful.

    Examples
    --------
    >>> from gdtutor.landscapes import parabola
    >>> f = noisy(parabola, sigma=0.1, seed=1)
    >>> [round(float(g), 3) for g in (f.grad(3.0), f.at(1).grad(3.0), f.at(2).grad(3.0))]
    [6.0, 6.053, 5.88]
    """
    return Noisy(landscape(f), sigma, batch_size, seed)
