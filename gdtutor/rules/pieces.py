"""Three small pieces that several rules need: a length, a divisor, and a source of chance."""

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


def chance(seed, t, user):
    """Return the random numbers of step t, a function of nothing but seed, t and the user's name.

    The name keeps those apart that are given the same seed: two sources that drew the same numbers
    would add up, or cancel.

    Examples
    --------
    >>> one, same, other = (chance(0, 1, name).random() for name in ("noise", "noise", "langevin"))
    >>> one == same, one == other
    (True, False)
    """
    return np.random.default_rng((seed, t, *user.encode()))
