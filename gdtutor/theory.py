"""What can be known beforehand: limits, rates and whole paths in closed form, mostly on quadratics.

On f = ½ xᵀHx every eigenvector of H goes its own way, at the pace that its eigenvalue, the *curvature*
λ, decides. One step multiplies it by a number (gradient descent) or by a 2 × 2 matrix (with momentum).

    gd_…            gradient descent:  x ← x − lr · λ · x
    heavy_ball_…    momentum:          v ← β · v + λ · x,  x ← x − lr · v
    nesterov_…      its lookahead form
    noisy_…         gradient descent with noise in the gradient
    regime, steps_to, escape_steps, early_stopping_filter, ridge_filter

Everything takes arrays and broadcasts, so that a phase diagram is one call.
"""

import numpy as np

__all__ = [
    "REGIMES",
    "early_stopping_filter",
    "escape_steps",
    "gd_best",
    "gd_factor",
    "gd_limit",
    "gd_path",
    "gd_rate",
    "heavy_ball_best",
    "heavy_ball_limit",
    "heavy_ball_path",
    "heavy_ball_rate",
    "nesterov_best",
    "nesterov_limit",
    "nesterov_rate",
    "noisy_floor",
    "noisy_mean",
    "noisy_variance",
    "regime",
    "ridge_filter",
    "steps_to",
]

REGIMES = ("stays", "creeps", "settles", "one step", "zigzag", "bounces for ever", "diverges")
CREEPING = 0.9  # a step that leaves more of the way than this is a creep


def gd_limit(curvature):
    """Return the largest lr for gradient descent: 2 / λmax. Below it converges, above it diverges.

    Parameters
    ----------
    curvature : array_like
        Eigenvalues of the Hessian; the largest counts.

    Source: Nesterov, Lectures on Convex Optimization (2018), section 2.1.5.

    Examples
    --------
    >>> gd_limit([1.0, 100.0])
    0.02
    """
    return float(2 / np.max(positive(curvature)))


def gd_factor(lr, curvature):
    """Return 1 − lr · λ, by which a step of gradient descent multiplies the error along an eigenvector.

    Examples
    --------
    >>> gd_factor(0.5, np.array([1.0, 2.0, 4.0])).tolist()
    [0.5, 0.0, -1.0]
    """
    return 1 - np.multiply(lr, curvature)


def gd_best(low, high):
    """Return the best constant lr for curvatures from low to high, and its rate.

    lr = 2 / (low + high) makes both ends shrink alike, by (κ − 1) / (κ + 1) each step, κ = high / low.

    Source: Polyak, Introduction to Optimization (1987), section 1.4.

    Examples
    --------
    >>> lr, rate = gd_best(1.0, 100.0)
    >>> round(lr, 6), round(rate, 6)
    (0.019802, 0.980198)
    """
    low, high = ends(low, high)
    return 2 / (low + high), (high - low) / (high + low)


def heavy_ball_limit(curvature, beta):
    """Return the largest lr for momentum: 2 (1 + β) / λmax, for 0 ≤ β < 1.

    Source: Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1.

    Examples
    --------
    >>> heavy_ball_limit(100.0, beta=0.5)
    0.03
    """
    return float(2 * (1 + beta) / np.max(positive(curvature)))


def nesterov_limit(curvature, beta):
    """Return the largest lr for Nesterov's momentum: 2 (1 + β) / ((1 + 2β) λmax), for 0 ≤ β < 1.

    Where z² − (1 − lr·λ)(1 + β) z + (1 − lr·λ) β has its first root of size 1.

    Source: as `nesterov_rate`.

    Examples
    --------
    >>> nesterov_limit(100.0, beta=0.5)
    0.015
    """
    return float(2 * (1 + beta) / ((1 + 2 * beta) * np.max(positive(curvature))))


def heavy_ball_best(low, high):
    """Return the best constant lr and β of momentum for curvatures from low to high, and their rate.

    lr = (2 / (√low + √high))²,  β = ((√κ − 1) / (√κ + 1))²,  rate √β,  κ = high / low

    Source: Polyak (1964). At the best point the two roots of each end coincide, so the error goes
    like t · √βᵗ rather than √βᵗ.

    Examples
    --------
    >>> lr, beta, rate = heavy_ball_best(1.0, 100.0)
    >>> round(lr, 6), round(beta, 6), round(rate, 6)
    (0.033058, 0.669421, 0.818182)
    """
    low, high = ends(low, high)
    rate = (high**0.5 - low**0.5) / (high**0.5 + low**0.5)
    return (2 / (low**0.5 + high**0.5)) ** 2, rate**2, rate


def nesterov_best(low, high):
    """Return the best constant lr and β of Nesterov's momentum for such curvatures, and the rate.

    lr = 4 / (3·high + low),  β = (√(3κ + 1) − 2) / (√(3κ + 1) + 2),  rate 1 − 2 / √(3κ + 1),
    κ = high / low

    Parameters
    ----------
    low, high : float
        The smallest and the largest eigenvalue of the Hessian.

    Returns
    -------
    lr, beta, rate : float

    Raises
    ------
    ValueError
        If they aren't positive, or in disorder.

    Source: Lessard, Recht & Packard, SIAM J. Optim. 26 (2016) 57, proposition 1. At the best point
    the two roots of the low end coincide, so the error goes like t · rateᵗ.

    Examples
    --------
    >>> lr, beta, rate = nesterov_best(1.0, 100.0)
    >>> round(lr, 6), round(beta, 6), round(rate, 6)
    (0.013289, 0.793275, 0.884722)
    """
    low, high = ends(low, high)
    root = (3 * high / low + 1) ** 0.5
    return 4 / (3 * high + low), (root - 2) / (root + 2), 1 - 2 / root


def gd_rate(lr, curvature):
    """Return |1 − lr · λ|, the rate of gradient descent: the part of the error that is left by a step.

    Examples
    --------
    >>> gd_rate([0.5, 1.0, 1.5, 2.0, 2.5], 1.0).tolist()
    [0.5, 0.0, 0.5, 1.0, 1.5]
    """
    return np.abs(gd_factor(lr, curvature))


def heavy_ball_rate(lr, beta, curvature):
    """Return the rate of momentum: the spectral radius of its matrix for one eigenvector.

    (xₜ₊₁, xₜ) = [[1 + β − lr·λ, −β], [1, 0]] (xₜ, xₜ₋₁)

    Below 1 it converges. In the complex region, (1 − √β)² < lr·λ < (1 + √β)², it is √β.

    Source: Goh, Why Momentum Really Works, Distill (2017).

    Examples
    --------
    >>> heavy_ball_rate(0.01, [0.0, 0.25, 0.81], 100.0).round(12).tolist()
    [0.0, 0.5, 0.9]
    """
    lr, beta, curvature = (np.asarray(value, dtype=float) for value in (lr, beta, curvature))
    return larger_root(1 + beta - lr * curvature, beta)


def nesterov_rate(lr, beta, curvature):
    """Return the rate of Nesterov's momentum: the spectral radius of its matrix for one eigenvector.

    (xₜ₊₁, xₜ) = [[(1 − lr·λ)(1 + β), −(1 − lr·λ) β], [1, 0]] (xₜ, xₜ₋₁)

    Source: O'Donoghue & Candès, Found. Comput. Math. 15 (2015) 715.

    Examples
    --------
    >>> nesterov_rate(0.0075, [0.0, 0.5], 100.0).round(12).tolist()
    [0.25, 0.353553390593]
    """
    lr, beta, curvature = (np.asarray(value, dtype=float) for value in (lr, beta, curvature))
    shrink = 1 - lr * curvature
    return larger_root(shrink * (1 + beta), shrink * beta)


def larger_root(b, c):
    """Return the size of the larger root of z² − bz + c.

    Examples
    --------
    >>> larger_root(np.array([3.0, 0.0]), np.array([2.0, 4.0])).tolist()
    [2.0, 2.0]
    """
    root = np.sqrt(b * b - 4 * c + 0j)
    return np.maximum(np.abs(b + root), np.abs(b - root)) / 2


def gd_path(H, x0, lr, steps):
    """Return the path of gradient descent on ½ xᵀHx: xₜ = (I − lr·H)ᵗ x₀.

    Parameters
    ----------
    H : array_like, shape (dim, dim)
        Symmetric.
    x0 : array_like, shape (..., dim)
    lr : float
    steps : int

    Returns
    -------
    ndarray, shape (steps + 1, ..., dim)

    Raises
    ------
    ValueError
        If H isn't a symmetric matrix.

    Examples
    --------
    >>> gd_path([[1.0, 0.0], [0.0, 4.0]], [1.0, 1.0], lr=0.5, steps=2).round(12).tolist()
    [[1.0, 1.0], [0.5, -1.0], [0.25, 1.0]]
    """
    curvature, Q = eigenvectors(H)
    along = np.asarray(x0, dtype=float) @ Q
    t = np.arange(steps + 1).reshape(-1, *(1,) * along.ndim)
    return gd_factor(lr, curvature) ** t * along @ Q.T


def heavy_ball_path(H, x0, lr, beta, steps):
    """Return the path of momentum on ½ xᵀHx, from rest: powers of the matrix of `heavy_ball_rate`.

    Parameters and return value are those of `gd_path`.

    Examples
    --------
    >>> heavy_ball_path([[1.0]], [1.0], lr=1.0, beta=0.5, steps=3).round(12).tolist()
    [[1.0], [0.0], [-0.5], [-0.25]]
    """
    curvature, Q = eigenvectors(H)
    along = np.asarray(x0, dtype=float) @ Q
    M = np.zeros((len(curvature), 2, 2))
    M[:, 0, 0], M[:, 0, 1], M[:, 1, 0] = 1 + beta - lr * curvature, -beta, 1
    # The row sums of Mᵗ: at the start both entries, x₀ and the x before it, are the same.
    grown = [np.linalg.matrix_power(M, t)[:, 0].sum(axis=-1) for t in range(steps + 1)]
    return np.array([growth * along for growth in grown]) @ Q.T


def regime(lr, curvature):
    """Name what gradient descent does on ½λx² with this lr.

    lr·λ = 0 "stays", below 1 "settles" (every step on the same side), or "creeps" where a step leaves
    more than 90 % of the way, 1 "one step", below 2 "zigzag" (from side to side, and still closer),
    2 "bounces for ever", above 2 "diverges". It also diverges from a hilltop, λ < 0.

    Returns
    -------
    str, or array of str

    Examples
    --------
    >>> regime(np.array([0.05, 0.5, 1.0, 1.5, 2.0, 2.1]), 1.0).tolist()
    ['creeps', 'settles', 'one step', 'zigzag', 'bounces for ever', 'diverges']
    """
    a = np.multiply(lr, curvature)
    at = [np.isclose(a, value, rtol=1e-12, atol=0) for value in (1, 2)]
    slow = 1 - a > CREEPING * (1 + 1e-12)
    cases = [a == 0, at[0], at[1], (a < 0) | (a > 2), slow, a < 1, a < 2]
    names = [REGIMES[i] for i in (0, 3, 5, 6, 1, 2, 4)]
    named = np.select(cases, names, default="diverges")
    return named if named.ndim else str(named)


def steps_to(tolerance, rate, start=1.0):
    """Return how many steps make start · rateᵗ ≤ tolerance: ⌈log(tolerance / start) / log rate⌉.

    Parameters
    ----------
    tolerance, rate, start : array_like
        All positive, but for a rate of 0.

    Returns
    -------
    float, or array of float
        Whole numbers; inf where the rate is 1 or more.

    Examples
    --------
    >>> float(steps_to(1e-6, gd_best(1.0, 100.0)[1])), steps_to(1e-6, [0.0, 0.99, 1.0]).tolist()
    (691.0, [1.0, 1375.0, inf])
    """
    rate = np.asarray(rate, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        way = np.log(np.divide(tolerance, start))
        steps = way / np.log(rate)
    # What lies a rounding above a whole number is that number.
    whole = np.maximum(np.ceil(steps * (1 - 1e-14)), 1.0)
    return np.where(way >= 0, 0.0, np.where(rate < 1, whole, np.inf))[()]


def escape_steps(lr, curvature, start, distance=1.0):
    """Return how many steps gradient descent needs to get from `start` to beyond `distance` of a saddle.

    Along a direction of negative curvature λ the way grows as (1 + lr·|λ|)ᵗ, so it takes
    log(distance / start) / log(1 + lr·|λ|) steps: only the logarithm of how near it began.

    Raises
    ------
    ValueError
        If the curvature isn't negative: from there nothing leaves.

    Examples
    --------
    >>> float(escape_steps(lr=0.1, curvature=-2.0, start=1e-6))
    76.0
    """
    if np.any(np.asarray(curvature) >= 0):
        raise ValueError(f"a saddle is left along a negative curvature: got {curvature!r}.")
    steps = np.log(np.divide(distance, start)) / np.log(gd_factor(lr, curvature))
    return np.maximum(np.floor(steps) + 1, 0.0)[()]


def noisy_mean(t, lr, curvature, x0):
    """Return the mean of xₜ under gradient noise: (1 − lr·λ)ᵗ x₀, as without noise.

    Examples
    --------
    >>> noisy_mean([0, 1, 2], lr=0.5, curvature=1.0, x0=8.0).tolist()
    [8.0, 4.0, 2.0]
    """
    return gd_factor(lr, curvature) ** np.asarray(t) * x0


def noisy_variance(t, lr, curvature, sigma=1.0):
    """Return the variance of xₜ where x ← x − lr · (λ·x + ξ), with noise ξ of standard deviation sigma.

    lr²·sigma² · (1 − ρ²ᵗ) / (1 − ρ²),  ρ = 1 − lr·λ;  t · lr²·sigma² where ρ² = 1

    Source: Zhang et al., Which Algorithmic Choices Matter at Which Batch Sizes? (NeurIPS 2019).

    Examples
    --------
    >>> noisy_variance([0, 1, 2], lr=0.5, curvature=1.0).tolist()
    [0.0, 0.25, 0.3125]
    """
    kept, t = gd_factor(lr, curvature) ** 2, np.asarray(t, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        summed = np.where(kept == 1, t, (1 - kept**t) / (1 - kept))
    return (np.multiply(lr, sigma) ** 2 * summed)[()]


def noisy_floor(lr, curvature, sigma=1.0):
    """Return the variance at which noisy gradient descent settles: lr·sigma² / (λ (2 − lr·λ)).

    With the loss ½(x − ξ)² of one example, var ξ = 1, this is lr / (2 − lr): halve lr, and about half of
    the variance is left. A batch of B examples divides sigma² by B. inf where lr·λ ≥ 2.

    Source: as `noisy_variance`.

    Examples
    --------
    >>> noisy_floor([1.0, 0.1], 1.0).round(6).tolist()
    [1.0, 0.052632]
    """
    a, curvature = np.multiply(lr, curvature), positive(curvature)
    with np.errstate(divide="ignore"):
        floor = np.multiply(lr, np.square(sigma)) / (curvature * (2 - a))
    return np.where(a < 2, floor, np.inf)[()]


def early_stopping_filter(lr, curvature, steps):
    """Return how much of the least-squares solution `steps` steps from 0 find: 1 − (1 − lr·λ)ᵗ.

    For each eigenvector of the Hessian: steep directions first, flat ones late or never.

    Source: Ali, Kolter & Tibshirani, A Continuous-Time View of Early Stopping (AISTATS 2019).

    Examples
    --------
    >>> early_stopping_filter(0.5, np.array([1.0, 0.01]), steps=10).round(3).tolist()
    [0.999, 0.049]
    """
    return 1 - gd_factor(lr, curvature) ** np.asarray(steps)


def ridge_filter(curvature, strength):
    """Return how much of the least-squares solution ridge regression keeps: λ / (λ + 2·strength).

    λ is an eigenvalue of the Hessian of the loss alone, and the penalty strength · ‖w‖² adds 2·strength
    to it.

    Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 3.4.1.

    Examples
    --------
    >>> ridge_filter(np.array([1.0, 0.01]), strength=0.05).round(3).tolist()
    [0.909, 0.091]
    """
    curvature = np.asarray(curvature, dtype=float)
    return curvature / (curvature + 2 * np.asarray(strength))


def positive(curvature):
    """Return the curvature as an array, or say that it must be positive."""
    curvature = np.asarray(curvature, dtype=float)
    if not (curvature.size and np.isfinite(curvature).all() and (curvature > 0).all()):
        raise ValueError(
            f"a curvature must be positive and finite: got {curvature.tolist()}. Where the ground "
            "curves downwards no step size makes gradient descent settle."
        )
    return curvature


def ends(low, high):
    """Return the smallest and the largest curvature as floats, or say that they are in disorder."""
    positive([low, high])
    if low > high:
        raise ValueError(f"the smallest curvature comes first: got {low} and {high}.")
    return float(low), float(high)


def eigenvectors(H):
    """Return eigenvalues and eigenvectors of H, or say that it isn't symmetric."""
    H = np.asarray(H, dtype=float)
    if H.ndim != 2 or H.shape[0] != H.shape[1] or not np.allclose(H, H.T):
        raise ValueError(f"H must be a symmetric matrix, as Hessians are: got {H.tolist()}.")
    return np.linalg.eigh(H)
