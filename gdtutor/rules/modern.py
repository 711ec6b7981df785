"""Newer rules: a step from signs, from matrices, from averages, or with no learning rate to set.

Lion takes the sign of a momentum; Adan adds the change of the gradient to Adam; Muon makes the
momentum of a *matrix* orthogonal; Schedule-Free replaces the decay of lr by an average; Prodigy and
DoG find lr from how far they have come. Defaults are the authors'.
"""

from numpy import abs, maximum, sign, sqrt, swapaxes
from numpy import sum as total

from ..optimizer import START, optimizer
from .pieces import nonzero, norm


@optimizer
def lion(t, x, g, m=0, *, lr=1e-4, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Lion: the sign of a momentum; every coordinate moves by lr.

    c = beta1 · m + (1 − beta1) · g,  x ← x − lr · (sign(c) + weight_decay · x)
    m ← beta2 · m + (1 − beta2) · g

    Chen et al. (2023). Agrees with `lion-pytorch` and `optax.lion` (which decays by 0.001).

    Examples
    --------
    >>> print(lion(lr=0.1).step(1, 1.0, 8.0)[0])
    0.9
    """
    c = beta1 * m + (1 - beta1) * g
    m = beta2 * m + (1 - beta2) * g
    return x - lr * (sign(c) + weight_decay * x), m


@optimizer
def adan(
    t, x, g, m=0, v=0, n=0, g_before=0,
    *, lr=1e-3, beta1=0.98, beta2=0.92, beta3=0.99, eps=1e-8, weight_decay=0.0,
):  # fmt: skip
    """Adan: Adam with Nesterov's momentum, estimated from the change of the gradient.

    d = g − g_before (0 at first)
    m ← beta1 · m + (1 − beta1) · g,  v ← beta2 · v + (1 − beta2) · d
    n ← beta3 · n + (1 − beta3) · (g + beta2 · d)²
    x ← (x − lr · (m̂ + beta2 · v̂) / (√n̂ + eps)) / (1 + lr · weight_decay),  ^ as in Adam

    Xie et al. (2022), whose β are 1 − these. Agrees with the authors' code.

    Examples
    --------
    >>> print(adan(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.9
    """
    d = 0 * g if t == 1 else g - g_before
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * d
    n = beta3 * n + (1 - beta3) * (g + beta2 * d) ** 2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    n_hat = n / (1 - beta3**t)
    step = lr * (m_hat + beta2 * v_hat) / (sqrt(n_hat) + eps)
    return (x - step) / (1 + lr * weight_decay), m, v, n, g


def newton_schulz(G, steps=5):
    """Push all singular values of the matrix G (..., rows, columns) towards 1.

    X ← a·X + b·(XXᵀ)X + c·(XXᵀ)²X from X = G / ‖G‖, a polynomial of the singular values alone;
    (a, b, c) make it quick rather than exact: values above 1/50 of the largest end between 0.68 and
    1.14, smaller ones grow up to 500-fold.

    Jordan et al. (2024).

    Examples
    --------
    >>> import numpy as np
    >>> values = np.linalg.svd(newton_schulz(np.diag([3.0, 0.5])), compute_uv=False)
    >>> bool(np.all((0.68 < values) & (values < 1.14)))
    True
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = G.shape[-2] > G.shape[-1]
    X = swapaxes(G, -1, -2) if tall else G  # the smaller of XXᵀ and XᵀX
    X = X / maximum(sqrt(total(X * X, axis=(-1, -2), keepdims=True)), 1e-7)
    for _ in range(steps):
        A = X @ swapaxes(X, -1, -2)
        X = a * X + (b * A + c * A @ A) @ X
    return swapaxes(X, -1, -2) if tall else X


@optimizer
def muon(t, x, g, m=0, *, lr=1e-3, momentum=0.95, weight_decay=0.1, shape=None):
    """Muon: the momentum of a matrix, made orthogonal, so that every direction moves alike.

    m ← momentum · m + (1 − momentum) · g,  G = momentum · m + (1 − momentum) · g, as a matrix
    x ← x − lr · (√max(1, rows / columns) · newton_schulz(G) + weight_decay · x)

    `shape` = (rows, columns): x is the matrix written as one row of numbers, (..., rows · columns).
    Jordan et al. (2024). Agrees with `torch.optim.Muon`, computed in float64 instead of bfloat16.

    Examples
    --------
    >>> import numpy as np
    >>> x, _ = muon(lr=1.0, weight_decay=0.0, shape=(1, 2)).step(1, np.zeros(2), np.array([3.0, 4.0]))
    >>> x.round(3).tolist()
    [-0.418, -0.557]
    """
    rows, columns = matrix_shape(shape, g)
    m = momentum * m + (1 - momentum) * g
    G = momentum * m + (1 - momentum) * g
    X = newton_schulz(G.reshape(*G.shape[:-1], rows, columns)).reshape(G.shape)
    return x - lr * (max(1, rows / columns) ** 0.5 * X + weight_decay * x), m


@optimizer
def schedule_free_sgd(
    t, x, g, z=START, mean=START, weights=0, lr_max=0, *, lr=1.0, beta=0.9, r=0.0
):
    """Schedule-Free SGD: an average takes the place of a decaying lr.

    z ← z − lr · g
    mean ← (1 − c) · mean + c · z,  c = wₜ / (w₁ + … + wₜ),  wₜ = tʳ · lr_max²
    x ← (1 − beta) · z + beta · mean

    The gradient is taken at x, but the answer is `path["mean"]`. A warm-up is a schedule for lr.
    Defazio et al. (2024). Agrees with `schedulefree.SGDScheduleFree`.

    Examples
    --------
    >>> x, (z, mean, *_) = schedule_free_sgd(lr=0.5).step(1, 1.0, 1.0)
    >>> print(x, z, mean)
    0.5 0.5 0.5
    """
    z = z - lr * g
    lr_max = maximum(lr_max, lr)
    w = t**r * lr_max**2
    weights = weights + w
    mean = mean + w / nonzero(weights) * (z - mean)
    return (1 - beta) * z + beta * mean, z, mean, weights, lr_max


@optimizer
def schedule_free_adamw(
    t, x, g, z=START, mean=START, v=0, weights=0, lr_max=0,
    *, lr=2.5e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, r=0.0,
):  # fmt: skip
    """Schedule-Free AdamW: as `schedule_free_sgd`, with AdamW's division by √v̂.

    v ← beta2 · v + (1 − beta2) · g²,  z ← z − lr · (g / (√v̂ + eps) + weight_decay · x)
    mean and x as in `schedule_free_sgd`, with beta1 for beta

    The gradient is taken at x, but the answer is `path["mean"]`. Defazio et al. (2024). Agrees with
    `schedulefree.AdamWScheduleFree`.

    Examples
    --------
    >>> x, (z, mean, *_) = schedule_free_adamw(lr=0.5).step(1, 1.0, 8.0)
    >>> print(mean.round(6))
    0.5
    """
    v = beta2 * v + (1 - beta2) * g**2
    v_hat = v / (1 - beta2**t)
    z = z - lr * (g / (sqrt(v_hat) + eps) + weight_decay * x)
    lr_max = maximum(lr_max, lr)
    w = t**r * lr_max**2
    weights = weights + w
    mean = mean + w / nonzero(weights) * (z - mean)
    return (1 - beta1) * z + beta1 * mean, z, mean, v, weights, lr_max


@optimizer
def prodigy(
    t, x, g, x0=START, d=0, r=0, s=0, m=0, v=0,
    *, lr=1.0, beta1=0.9, beta2=0.999, eps=1e-8, d0=1e-6,
):  # fmt: skip
    """Prodigy: Adam whose lr is an estimate d of the distance to the minimum.

    r ← √beta2 · r + d/d0 · lr · d · ⟨g, x0 − x⟩,  s ← √beta2 · s + d/d0 · lr · d · g
    m, v: Adam's means of d · g and (d · g)²
    d' = max(d, r / Σ|s|),  x ← x − lr · d · m / (√v + d' · eps),  d ← d'

    d starts at d0 and only grows; leave lr at 1. Mishchenko & Defazio (2024). Agrees with
    `prodigyopt.Prodigy`, whose correction of the bias is off by default.

    Examples
    --------
    >>> import numpy as np
    >>> x, _ = prodigy(d0=0.1).step(1, np.array([1.0]), np.array([8.0]))
    >>> x.round(6).tolist()
    [0.683772]
    """
    d = d0 if t == 1 else d
    beta3 = beta2**0.5
    r = beta3 * r + d / d0 * lr * d * total(g * (x0 - x), axis=-1, keepdims=True)
    s = beta3 * s + d / d0 * lr * d * g
    m = beta1 * m + (1 - beta1) * d * g
    v = beta2 * v + (1 - beta2) * (d * g) ** 2
    d_next = maximum(d, r / nonzero(total(abs(s), axis=-1, keepdims=True)))
    return x - lr * d * m / (sqrt(v) + d_next * eps), x0, d_next, r, s, m, v


@optimizer
def dog(t, x, g, x0=START, distance=0, G=0, *, lr=1.0, reps=1e-6, eps=1e-8):
    """DoG, distance over gradients: lr is the farthest it has been over the root of all it has felt.

    distance ← max(distance, ‖x − x0‖),  G ← G + ‖g‖²,  x ← x − lr · distance / √(G + eps) · g

    distance starts at reps · (1 + ‖x0‖); leave lr at 1. Ivgi, Hinder & Carmon (2023). Agrees with
    `dog.DoG`. The authors use it together with an average of the points.

    Examples
    --------
    >>> import numpy as np
    >>> x, _ = dog(reps=0.1).step(1, np.array([1.0]), np.array([8.0]))
    >>> x.round(6).tolist()
    [0.8]
    """
    distance = reps * (1 + norm(x0)) if t == 1 else maximum(distance, norm(x - x0))
    G = G + norm(g) ** 2
    return x - lr * distance / sqrt(G + eps) * g, x0, distance, G


def matrix_shape(shape, g):
    """Return (rows, columns), or say what muon needs."""
    if not isinstance(shape, tuple) or len(shape) != 2 or shape[0] * shape[1] != g.shape[-1]:
        raise ValueError(
            f"muon works on matrices and needs to know which: muon(shape=(rows, columns)) with "
            f"rows × columns = {g.shape[-1]}, the length of x; shape is {shape}."
        )
    return shape
