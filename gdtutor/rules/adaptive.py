"""Rules that give every coordinate a step size of its own, in the order in which they were found.

All divide the gradient by some record of its own size: AdaGrad by the sum of all squares, RMSProp by
a running mean of them, AdaDelta by that and with its own last steps as the unit, Adam with a running
mean of the gradient on top. `m` is a mean of gradients, `s` or `v` a mean (or sum) of their squares;
everything is elementwise. Where libraries differ (is eps inside the root? is the bias corrected?) the
other convention is a rule of its own. Defaults are PyTorch's unless said.
"""

from numpy import abs, clip, maximum, sign, sqrt, where

from ..optimizer import optimizer
from .pieces import nonzero


@optimizer
def adagrad(t, x, g, s=0, *, lr=1e-2, eps=1e-10):
    """AdaGrad: divide by the root of the sum of all squared gradients so far.

    s ← s + g²,  x ← x − lr · g / (√s + eps)

    The steps can only shrink. Duchi, Hazan & Singer (2011). Agrees with `torch.optim.Adagrad`;
    optax and Keras start s at 0.1 and put eps inside the root.

    Examples
    --------
    >>> print(adagrad(lr=0.5).step(1, 1.0, 8.0)[0].round(6))
    0.5
    """
    s = s + g**2
    return x - lr * g / (sqrt(s) + eps), s


@optimizer
def rmsprop(t, x, g, s=0, *, lr=1e-2, rho=0.99, eps=1e-8):
    """RMSProp: as AdaGrad, with a running mean of the squares, so that old ones are forgotten.

    s ← rho · s + (1 − rho) · g²,  x ← x − lr · g / (√s + eps)

    Hinton (2012, lecture 6e). Agrees with `torch.optim.RMSprop` (which calls rho alpha).

    Examples
    --------
    >>> print(rmsprop(lr=0.1, rho=0.75).step(1, 1.0, 8.0)[0].round(6))
    0.8
    """
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / (sqrt(s) + eps), s


@optimizer
def rmsprop_eps_inside(t, x, g, s=0, *, lr=1e-3, rho=0.9, eps=1e-7):
    """RMSProp with eps inside the root, where it counts from g² ~ eps on, not from |g| ~ eps.

    s ← rho · s + (1 − rho) · g²,  x ← x − lr · g / √(s + eps)

    Agrees with `keras.optimizers.RMSprop` (also its defaults) and `optax.rmsprop`.

    Examples
    --------
    >>> print(rmsprop_eps_inside(lr=0.1, rho=0.75, eps=9.0).step(1, 1.0, 8.0)[0].round(6))
    0.84
    """
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / sqrt(s + eps), s


@optimizer
def adadelta(t, x, g, s=0, u=0, *, lr=1.0, rho=0.9, eps=1e-6):
    """AdaDelta: as RMSProp, with the size of its own last steps in place of a learning rate.

    s ← rho · s + (1 − rho) · g²,  d = √(u + eps) / √(s + eps) · g,
    u ← rho · u + (1 − rho) · d²,  x ← x − lr · d

    It starts slowly: the first step has the size √(eps / (1 − rho)). Zeiler (2012). Agrees with
    `torch.optim.Adadelta` and `optax.adadelta`; Keras multiplies by lr = 0.001.

    Examples
    --------
    >>> print(adadelta().step(1, 1.0, 8.0)[0].round(6))
    0.996838
    """
    s = rho * s + (1 - rho) * g**2
    d = sqrt(u + eps) / sqrt(s + eps) * g
    u = rho * u + (1 - rho) * d**2
    return x - lr * d, s, u


@optimizer
def adam(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam: a running mean of the gradient over the root of a running mean of its square.

    m ← beta1 · m + (1 − beta1) · g,   m̂ = m / (1 − beta1ᵗ)
    v ← beta2 · v + (1 − beta2) · g²,  v̂ = v / (1 − beta2ᵗ)
    x ← x − lr · m̂ / (√v̂ + eps)

    Kingma & Ba (2015). Agrees with `torch.optim.Adam` and `optax.adam`: eps outside the root, after
    the correction of the bias. Keras and scikit-learn add eps to the √v that isn't corrected yet, so
    that it counts as eps / √(1 − beta2ᵗ).

    Examples
    --------
    >>> print(adam(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.9
    """
    m = beta1 * m + (1 - beta1) * g  # running mean of the gradient
    v = beta2 * v + (1 - beta2) * g**2  # running mean of its square
    m_hat = m / (1 - beta1**t)  # both start at 0: undo the bias
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v


@optimizer
def adam_uncorrected(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam without the correction of the bias, to see what the correction is for.

    m ← beta1 · m + (1 − beta1) · g,  v ← beta2 · v + (1 − beta2) · g²,  x ← x − lr · m / (√v + eps)

    The first step is (1 − beta1) / √(1 − beta2) = 3.16 times *longer* than Adam's, not shorter.

    Examples
    --------
    >>> print(adam_uncorrected(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.683772
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return x - lr * m / (sqrt(v) + eps), m, v


@optimizer
def adam_l2(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """Adam with L2: the decay joins the gradient, and is divided by √v̂ like the gradient.

    g ← g + weight_decay · x, then Adam

    So large gradients shrink the decay; `adamw` keeps the two apart. Agrees with
    `torch.optim.Adam(weight_decay=…)`, whose default is no decay.

    Examples
    --------
    >>> print(adam_l2(lr=0.1, weight_decay=0.5).step(1, 1.0, 0.0)[0].round(6))
    0.9
    """
    g = g + weight_decay * x
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v


@optimizer
def adamw(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """AdamW: Adam, and the weights decay by themselves, however large the gradient.

    m, v, m̂, v̂ as Adam;  x ← x − lr · (m̂ / (√v̂ + eps) + weight_decay · x)

    Loshchilov & Hutter (2019), whose decay isn't multiplied by lr; here it is, as in PyTorch and optax.
    Agrees with `torch.optim.AdamW` and `optax.adamw`.

    Examples
    --------
    >>> print(adamw(lr=0.1, weight_decay=0.5).step(1, 1.0, 0.0)[0].round(6))
    0.95
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * (m_hat / (sqrt(v_hat) + eps) + weight_decay * x), m, v


@optimizer
def amsgrad(t, x, g, m=0, v=0, v_max=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """AMSGrad: Adam that never forgets the largest mean square, so that its steps can't grow again.

    m, v as Adam;  v_max ← max(v_max, v),  x ← x − lr · m̂ / (√(v_max / (1 − beta2ᵗ)) + eps)

    Reddi, Kale & Kumar (2018). Agrees with `torch.optim.Adam(amsgrad=True)` and Keras; optax takes
    the maximum after the correction.

    Examples
    --------
    >>> print(amsgrad(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.9
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    v_max = maximum(v_max, v)
    m_hat = m / (1 - beta1**t)
    v_hat = v_max / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v, v_max


@optimizer
def nadam(
    t, x, g, m=0, v=0, product=1, *, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=4e-3
):
    """NAdam: Adam with Nesterov's momentum, which grows slowly towards beta1.

    μₜ = beta1 · (1 − ½ · 0.96^(t · momentum_decay)),  P = μ₁ · μ₂ ⋯ μₜ
    m, v as Adam;  m̂ = μₜ₊₁ · m / (1 − P · μₜ₊₁) + (1 − μₜ) · g / (1 − P)
    x ← x − lr · m̂ / (√v̂ + eps)

    Dozat (2016). Agrees with `torch.optim.NAdam`; optax has no schedule for μ.

    Examples
    --------
    >>> print(nadam(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.894355
    """
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
    product = product * mu
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v, product


@optimizer
def radam(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """RAdam: Adam that trusts its mean square only once enough squares are in it.

    R = 2 / (1 − beta2) − 1,  r = R − 2 · t · beta2ᵗ / (1 − beta2ᵗ)
    r ≤ 5:  x ← x − lr · m̂
    r > 5:  x ← x − lr · m̂ · √((r−4)(r−2)R / ((R−4)(R−2)r)) · √(1 − beta2ᵗ) / (√v + eps)

    Liu et al. (2020). Agrees with `torch.optim.RAdam`; optax puts eps after the correction.

    Examples
    --------
    >>> print(radam(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.2
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    R = 2 / (1 - beta2) - 1  # squares that the mean holds in the long run
    r = R - 2 * t * beta2**t / (1 - beta2**t)  # and holds now
    trust = sqrt(maximum((r - 4) * (r - 2) * R / nonzero((R - 4) * (R - 2) * r), 0))
    adaptive = trust * sqrt(1 - beta2**t) / (sqrt(v) + eps)
    return x - lr * m_hat * where(r > 5, adaptive, 1), m, v


@optimizer
def adamax(t, x, g, m=0, u=0, *, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adamax: Adam with the largest gradient, slowly fading, in place of the mean square.

    m as Adam;  u ← max(beta2 · u, |g| + eps),  x ← x − lr / (1 − beta1ᵗ) · m / u

    Kingma & Ba (2015, section 7.1). Agrees with `torch.optim.Adamax` and `optax.adamax`.

    Examples
    --------
    >>> print(adamax(lr=0.1).step(1, 1.0, 8.0)[0].round(6))
    0.9
    """
    m = beta1 * m + (1 - beta1) * g
    u = maximum(beta2 * u, abs(g) + eps)
    return x - lr / (1 - beta1**t) * m / u, m, u


@optimizer
def rprop(
    t, x, g, g_before=0, d=0, *, lr=1e-2, eta_minus=0.5, eta_plus=1.2, step_min=1e-6, step_max=50.0
):
    """Rprop: only the sign of the gradient counts; each coordinate learns its own step d.

    d ← d · eta_plus where the sign stayed, d · eta_minus where it turned (and g ← 0 there: wait
    one step), within step_min … step_max;  x ← x − d · sign(g).  d starts at lr.

    For full batches only: noise in the sign ruins it. Riedmiller & Braun (1993).
    Agrees with `torch.optim.Rprop`.

    Examples
    --------
    >>> print(rprop(lr=0.5).step(1, 1.0, 8.0)[0])
    0.5
    """
    d = lr if t == 1 else d
    same = sign(g) * sign(g_before)
    d = clip(d * where(same > 0, eta_plus, where(same < 0, eta_minus, 1)), step_min, step_max)
    g = where(same < 0, 0, g)
    return x - d * sign(g), g, d
