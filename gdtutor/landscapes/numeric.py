"""Derivatives for functions that come without a formula, and how far each way may be trusted.

    complex_step         exact to round-off, for functions that take complex numbers as they are
    central_difference   good to 10 digits or so, for all smooth functions

`better_step` tries both on a few points and says which to use. Points are arrays x of shape (...,
dim) with dim at least 1; f maps them to values (...) or to gradients (..., dim), whose derivatives
are gradients (..., dim) or Hessians (..., dim, dim).
"""

import warnings

import numpy as np

# Truncation grows with h², round-off with ε/h: they meet at the cube root of ε. For a function that
# is itself a difference the noise is larger, and so must h be.
H_SMOOTH = np.finfo(float).eps ** (1 / 3)
H_NOISY = 1e-4


def complex_step(f, x, h=1e-20):
    """Return ∂f/∂xⱼ = Im f(x + ihej)/h, with j behind the leading axes of x.

    Nothing is subtracted, so h can be tiny and the result is exact to round-off. It needs an f that
    is analytic: no `abs`, no rounding, no comparison on the way.

    Source: Squire & Trapp, SIAM Review 40 (1998) 110.

    >>> complex_step(lambda x: np.sum(x**3, axis=-1), np.array([1.0, 2.0])).tolist()
    [3.0, 12.0]
    """
    return f(x[..., None, :] + 1j * h * np.eye(x.shape[-1])).imag / h


def central_difference(f, x, h=H_SMOOTH):
    """Return ∂f/∂xⱼ = (f(x + hej) − f(x − hej))/2h, with j behind the leading axes of x.

    >>> central_difference(lambda x: np.sum(x**3, axis=-1), np.array([1.0, 2.0])).round(8).tolist()
    [3.0, 12.0]
    """
    steps = h * np.maximum(1, np.abs(x))[..., None] * np.eye(x.shape[-1])
    up, down = x[..., None, :] + steps, x[..., None, :] - steps
    rise = f(up) - f(down)
    run = np.diagonal(up - down, axis1=-2, axis2=-1)  # not 2h: x + h was rounded
    return rise / run.reshape(run.shape + (1,) * (rise.ndim - run.ndim))


def better_step(f, points):
    """Return "complex step" if that works for f and agrees with differences, or else the latter.

    >>> points = np.array([[-1.0, 2.0], [3.0, 0.5]])
    >>> better_step(lambda x: np.sum(np.exp(x), axis=-1), points)
    'complex step'
    >>> better_step(lambda x: np.sum(np.abs(x), axis=-1), points)
    'central differences'
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # such as "casting complex values to real": a no, not news
        differences = central_difference(f, points)
        try:
            steps = complex_step(f, points)
        except Exception:  # whatever a learner's function raises when it meets a complex number
            return "central differences"
    known = np.isfinite(differences)
    if not known.any():
        return "central differences"
    scale = np.abs(differences[known]).max()
    agree = np.allclose(steps[known], differences[known], rtol=1e-6, atol=1e-6 * scale)
    return "complex step" if agree else "central differences"
