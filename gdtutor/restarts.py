"""Random restarts: descend from many places and keep the best."""

import numpy as np

from .descent import descend, whole


def random_restarts(f, opt, steps, restarts=10, *, seed=0, domain=None, **tolerances):
    """Descend from `restarts` points drawn evenly from the domain, all at once.

    If one run finds the lowest valley with probability p, k runs do with 1 − (1 − p)ᵏ.

    Parameters
    ----------
    f : landscape
    opt : Optimizer
    steps : int
        For each start.
    restarts : int
    seed : int
    domain : array_like, shape (dim, 2), optional
        Lower and upper limit of each coordinate; the landscape's own, unless given.
    **tolerances
        gtol, xtol, ftol, every: as in `descend`.

    Returns
    -------
    Path
        Of all starts; `path.best` is the one that ended lowest.

    Examples
    --------
    >>> from gdtutor import gd
    >>> from gdtutor.landscapes import himmelblau
    >>> path = random_restarts(himmelblau, gd(lr=0.01), steps=200, restarts=5)
    >>> path.x.shape, float(path.best.f[-1]) < 1e-12
    ((201, 5, 2), True)
    """
    domain = getattr(f, "domain", None) if domain is None else domain
    if domain is None:
        raise ValueError("this objective has no domain: give one, domain=[(low, high), …].")
    domain = np.asarray(domain, dtype=float)
    if domain.ndim != 2 or domain.shape[1] != 2:
        raise ValueError(
            "the domain must hold a pair (low, high) for each coordinate, as in [(-2, 2), (-1, 3)]: "
            f"got an array of shape {domain.shape}."
        )
    low, high = domain.T
    rng = np.random.default_rng(seed)
    starts = rng.uniform(low, high, size=(whole("restarts", restarts), len(low)))
    return descend(f, starts, opt, steps, **tolerances)
