"""Rules that use chance to leave saddles and valleys.

All randomness comes from the knob `seed` and the number of the step, so that two runs are equal and a
run can be resumed. The starts of a batch draw numbers of their own: to see ten runs, start ten times.
Temperatures may be schedules, as in `annealing(temperature=exponential(1.0, 0.99))`.
"""

import numpy as np

from ..optimizer import optimizer
from .pieces import chance, nonzero, norm


@optimizer
def perturbed_gd(
    t, x, g, last=-np.inf, *, lr=1e-2, radius=0.1, threshold=1e-3, wait=10, seed=0
):  # fmt: skip
    """Gradient descent that, where the ground is flat, hops to a point near by, by chance.

    if ‖g‖ ≤ threshold and the last hop is over `wait` steps ago:
        x ← x + a point drawn evenly from the ball of that radius
    else: x ← x − lr · g

    Leaves strict saddles in few steps, with high probability. Jin et al. (2017).

    Examples
    --------
    >>> x, _ = perturbed_gd(radius=0.1).step(1, np.zeros(2), np.zeros(2))
    >>> bool(0 < np.hypot(*x) <= 0.1)
    True
    """
    rng = chance(seed, t, "perturbed_gd")
    direction = rng.standard_normal(np.shape(x))
    depth = rng.random((*np.shape(x)[:-1], 1)) ** (1 / np.shape(x)[-1])  # even in the volume
    hop = (norm(g) <= threshold) & (t - last > wait)
    ball = radius * depth * direction / nonzero(norm(direction))
    return x + np.where(hop, ball, -lr * g), np.where(hop, t, last)


@optimizer
def langevin(t, x, g, *, lr=1e-2, temperature=0.1, seed=0):
    """Langevin dynamics: gradient descent in a warm room, where everything trembles.

    x ← x − lr · g + √(2 · lr · temperature) · ξ,  ξ from the standard normal distribution

    For small lr the points end up spread as exp(−f / temperature). Gelfand & Mitter (1991);
    Welling & Teh (2011).

    Examples
    --------
    >>> langevin(lr=0.1, temperature=0.0).step(1, np.array([1.0]), np.array([2.0]))[0].tolist()
    [0.8]
    """
    noise = chance(seed, t, "langevin").standard_normal(np.shape(x))
    return x - lr * g + np.sqrt(2 * lr * temperature) * noise


@optimizer
def annealing(t, x, f, *, lr=1e-2, scale=0.5, temperature=1.0, seed=0):
    """Simulated annealing: propose a noisy step; take it if it goes down, and sometimes if not.

    proposal = x − lr · g + scale · ξ
    taken with probability min(1, exp(−(f(proposal) − f(x)) / temperature))

    Kirkpatrick, Gelatt & Vecchi (1983). Cool it by a schedule for the temperature.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> x, _ = annealing(temperature=0.0).step(1, np.array([1.0, 1.0]), bowl)
    >>> bool(bowl(x) <= bowl(np.array([1.0, 1.0])))
    True
    """
    rng = chance(seed, t, "annealing")
    proposal = x - lr * f.grad(x) + scale * rng.standard_normal(np.shape(x))
    return metropolis(rng, f, x, proposal, temperature)


@optimizer
def annealing_naive(t, x, f, *, lr=1e-2, temperature=1.0, seed=0):
    """Annealing as it is often printed, with the gradient step as the proposal: it can't escape.

    proposal = x − lr · g, taken as in `annealing`. A small gradient step nearly always goes down,
    so there is never anything uphill to accept.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> x, _ = annealing_naive(lr=0.1).step(1, np.array([1.0, 0.0]), bowl(kappa=1))
    >>> x.tolist()
    [0.9, 0.0]
    """
    rng = chance(seed, t, "annealing_naive")
    return metropolis(rng, f, x, x - lr * f.grad(x), temperature)


def metropolis(rng, f, x, proposal, temperature):
    """Return the proposal where it is accepted, else x.

    Accepted with probability min(1, exp(−rise / temperature)): Metropolis et al. (1953).

    Examples
    --------
    >>> rng, hill = np.random.default_rng(0), lambda x: x[..., 0]
    >>> metropolis(rng, hill, np.array([1.0]), np.array([2.0]), temperature=0.0).tolist()
    [1.0]
    """
    rise = np.asarray(f(proposal) - f(x))[..., None]
    # At temperature 0 the quotient is infinite, and only what doesn't rise is taken.
    chance = np.exp(-np.maximum(rise, 0) / np.maximum(temperature, np.finfo(float).tiny))
    return np.where(rng.random(rise.shape) < chance, proposal, x)
