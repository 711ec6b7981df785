"""Two small pieces that several rules need: a length, and a divisor that is never zero."""

import numpy as np


def norm(x):
    """Return the lengths of the vectors along the last axis, as (..., 1).

    Examples
    --------
    >>> norm(np.array([3.0, 4.0])).tolist()
    [5.0]
    """
    return np.sqrt(np.sum(x * x, axis=-1, keepdims=True))


def nonzero(x):
    """Return x with 1 in place of 0, for quotients whose numerator is then 0 as well.

    Examples
    --------
    >>> nonzero(np.array([0.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    return x + (x == 0)
