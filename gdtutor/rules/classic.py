"""Gradient descent and its first helpers: momentum, Nesterov's momentum, averaging.

Every rule is one step: `t` counts from 1, `x` is the position, `g` the gradient there. Momentum is
written down in several ways that look alike and differ; each way is a rule of its own here, and its
docstring names the library that it equals.
"""

from ..optimizer import optimizer


@optimizer
def gd(t, x, g, *, lr=1e-3):
    """Gradient descent: a step downhill; the steeper the slope, the longer the step.

    x ← x − lr · g

    Cauchy (1847). Agrees with `torch.optim.SGD`.

    Examples
    --------
    >>> gd(lr=0.1).step(1, 3.0, 6.0)[0]
    2.4
    """
    return x - lr * g


@optimizer
def momentum(t, x, g, v=0, *, lr=1e-3, momentum=0.9):
    """Heavy ball: the velocity is the sum of all gradients, older ones fading.

    v ← momentum · v + g,  x ← x − lr · v

    lr multiplies the *whole* velocity, so a change of lr acts at once; the steps grow up to
    lr / (1 − momentum) times the gradient. Polyak (1964). Agrees with `torch.optim.SGD(momentum=…)`
    without dampening and with `optax.trace`.

    Examples
    --------
    >>> x, memory = momentum(lr=0.1).step(1, 1.0, 2.0)
    >>> x, memory
    (0.8, (2.0,))
    >>> momentum(lr=0.1).step(2, x, 2.0, memory)
    (0.42000000000000004, (3.8,))
    """
    v = momentum * v + g
    return x - lr * v, v


@optimizer
def momentum_ema(t, x, g, v=0, *, lr=1e-3, momentum=0.9):
    """Momentum as a running mean: the velocity is an average gradient, not a sum.

    v ← momentum · v + (1 − momentum) · g,  x ← x − lr · v

    The same path as `momentum` with lr · (1 − momentum). Agrees with
    `optax.ema(momentum, debias=False)`; PyTorch's dampening leaves the first gradient undamped.

    Examples
    --------
    >>> momentum_ema(lr=1.0, momentum=0.5).step(1, 1.0, 2.0)
    (0.0, (1.0,))
    """
    v = momentum * v + (1 - momentum) * g
    return x - lr * v, v


@optimizer
def momentum_keras(t, x, g, v=0, *, lr=1e-2, momentum=0.9):
    """Heavy ball with lr inside the velocity: what was gathered keeps its old lr.

    v ← momentum · v − lr · g,  x ← x + v

    The same path as `momentum` while lr is constant, another one under a schedule.
    Agrees with `keras.optimizers.SGD(momentum=…)`, and with scikit-learn's `MLPClassifier` without
    Nesterov's momentum.

    Examples
    --------
    >>> momentum_keras(lr=0.1).step(1, 1.0, 2.0)
    (0.8, (-0.2,))
    """
    v = momentum * v - lr * g
    return x + v, v


@optimizer
def nesterov(t, x, g, v=0, *, lr=1e-3, momentum=0.9):
    """Nesterov's momentum: the step already counts the gradient that the velocity will feel next.

    v ← momentum · v + g,  x ← x − lr · (g + momentum · v)

    This is the lookahead form (`nesterov_lookahead`) seen from the point that it looks ahead to.
    Nesterov (1983). Agrees with `torch.optim.SGD(nesterov=True)` and `optax.sgd(nesterov=True)`.

    Examples
    --------
    >>> nesterov(lr=0.1, momentum=0.5).step(1, 1.0, 2.0)
    (0.7, (2.0,))
    """
    v = momentum * v + g
    return x - lr * (g + momentum * v), v


@optimizer
def nesterov_keras(t, x, g, v=0, *, lr=1e-2, momentum=0.9):
    """Nesterov's momentum with lr inside the velocity.

    v ← momentum · v − lr · g,  x ← x + momentum · v − lr · g

    The same path as `nesterov` while lr is constant. Agrees with
    `keras.optimizers.SGD(nesterov=True)` and scikit-learn's `MLPClassifier`.

    Examples
    --------
    >>> nesterov_keras(lr=0.1, momentum=0.5).step(1, 1.0, 2.0)
    (0.7, (-0.2,))
    """
    v = momentum * v - lr * g
    return x + momentum * v - lr * g, v


@optimizer
def averaging(t, x, g, mean=0, *, lr=1e-3):
    """Gradient descent that also keeps the mean of all points it has visited.

    x ← x − lr · g,  mean ← mean + (x − mean) / t

    x goes on jumping about under noise; the answer to use is `path["mean"]`. Polyak & Juditsky
    (1992), Ruppert (1988). The mean agrees with `torch.optim.swa_utils.AveragedModel`.

    Examples
    --------
    >>> x, memory = averaging(lr=1.0).step(1, 4.0, 2.0)
    >>> averaging(lr=1.0).step(2, x, -2.0, memory)
    (4.0, (3.0,))
    """
    x = x - lr * g
    return x, mean + (x - mean) / t
