"""Rules that see more of the landscape than one gradient: heights, curvature, a look ahead.

Their third parameter is `f`, the landscape itself: `f(x)` is the height, `f.grad(x)` the gradient and
`f.hess(x)` the Hessian. (Barzilai-Borwein is here for company: it reads the curvature off two
gradients.) Each start of a batch gets its own step size.
"""

import numpy as np

from ..optimizer import optimizer
from .pieces import nonzero, norm


@optimizer
def newton(t, x, f, *, lr=1.0):
    """Newton's method: jump to the flat point of the parabola that fits the landscape here.

    x ← x − lr · H⁻¹ g

    On a quadratic one step arrives. It goes to *any* flat point: saddles and maxima too.
    Where H is singular its pseudo-inverse serves. Nocedal & Wright (2006, chapter 3).

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> newton.step(1, np.array([3.0, 4.0]), bowl)[0].round(12).tolist()
    [0.0, 0.0]
    """
    H = f.hess(x)
    finite = np.isfinite(H).all(axis=(-1, -2), keepdims=True)  # one start's end isn't another's
    step = np.where(finite, np.linalg.pinv(np.where(finite, H, 0)), np.nan) @ f.grad(x)[..., None]
    return x - lr * step[..., 0]


@optimizer
def nesterov_lookahead(t, x, f, v=0, *, lr=1e-3, momentum=0.9):
    """Nesterov's momentum as he told it: feel the slope where the velocity is about to carry you.

    v ← momentum · v − lr · ∇f(x + momentum · v),  x ← x + v

    Sutskever et al. (2013, equations 3-4). `nesterov_keras` is the same walk seen from the point
    x + momentum · v.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> x, _ = nesterov_lookahead(lr=0.1).step(1, np.array([1.0, 0.0]), bowl(kappa=1))
    >>> x.tolist()
    [0.9, 0.0]
    """
    v = momentum * v - lr * f.grad(x + momentum * v)
    return x + v, v


@optimizer
def backtracking(t, x, f, *, lr=1.0, c=1e-4, shrink=0.5):
    """Gradient descent that tries lr and shrinks the step until the descent is worth it.

    x ← x − η g  with the first η of lr, lr · shrink, lr · shrink², … for which
    f(x − η g) ≤ f(x) − c · η · ‖g‖²

    Armijo (1966). It gives up, and stays, after a hundred trials.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> backtracking(lr=8.0).step(1, np.array([1.0, 0.0]), bowl(kappa=1))[0].tolist()
    [0.0, 0.0]
    """
    g, height = f.grad(x), f(x)
    worth = np.sum(c * g * g, axis=-1)
    step = lr + np.zeros_like(height)[..., None]
    for _ in range(100):
        enough = f(x - step * g) <= height - step[..., 0] * worth
        if np.all(enough):
            break
        step = np.where(enough[..., None], step, shrink * step)
    return x - np.where(enough[..., None], step, 0) * g


@optimizer
def polyak(t, x, f, *, f_min=0.0):
    """Polyak's step: of the length that leads to the tip of a cone whose lowest height is f_min.

    x ← x − (f(x) − f_min) / ‖g‖² · g

    An f_min above f(x) sends it uphill. Polyak (1969). Agrees with `optax.polyak_sgd` without its
    upper limit of 1.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> polyak.step(1, np.array([1.0, 0.0]), bowl(kappa=1))[0].tolist()
    [0.5, 0.0]
    """
    g = f.grad(x)
    return x - (np.asarray(f(x))[..., None] - f_min) / nonzero(norm(g) ** 2) * g


@optimizer
def barzilai_borwein(t, x, g, x_before=0, g_before=0, *, lr=1e-3):
    """Barzilai-Borwein: the step that would have been right for the curvature just met.

    s = x − x_before,  y = g − g_before,  x ← x − (sᵀs / sᵀy) · g;  the first step takes lr,
    and so does one along which the curvature sᵀy isn't positive.

    Barzilai & Borwein (1988).

    Examples
    --------
    >>> x, memory = barzilai_borwein(lr=0.1).step(1, np.array([1.0]), np.array([4.0]))
    >>> barzilai_borwein(lr=0.1).step(2, x, 4 * x, memory)[0].round(12).tolist()
    [0.0]
    """
    s, y = x - x_before, g - g_before
    curvature = np.sum(s * y, axis=-1, keepdims=True)
    trusted = (curvature > 0) & (t > 1)
    step = np.where(trusted, np.sum(s * s, axis=-1, keepdims=True) / nonzero(curvature), lr)
    return x - step * g, x, g


@optimizer
def barzilai_borwein_short(t, x, g, x_before=0, g_before=0, *, lr=1e-3):
    """Barzilai-Borwein's other quotient, never longer than the first.

    s = x − x_before,  y = g − g_before,  x ← x − (sᵀy / yᵀy) · g;  else as `barzilai_borwein`.

    Barzilai & Borwein (1988).

    Examples
    --------
    >>> x, memory = barzilai_borwein_short(lr=0.1).step(1, np.array([1.0]), np.array([4.0]))
    >>> barzilai_borwein_short(lr=0.1).step(2, x, 4 * x, memory)[0].round(12).tolist()
    [0.0]
    """
    s, y = x - x_before, g - g_before
    curvature = np.sum(s * y, axis=-1, keepdims=True)
    trusted = (curvature > 0) & (t > 1)
    step = np.where(trusted, curvature / nonzero(np.sum(y * y, axis=-1, keepdims=True)), lr)
    return x - step * g, x, g


@optimizer
def exact_line_search(t, x, f):
    """Steepest descent: walk along −g to the lowest point of the parabola that lies on the way.

    x ← x − (gᵀg / gᵀHg) · g

    Exact on quadratics, where successive steps are at right angles. Where the way doesn't curve
    upwards it has no lowest point, and x stays. Cauchy (1847).

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> exact_line_search.step(1, np.array([1.0, 0.0]), bowl)[0].tolist()
    [0.0, 0.0]
    """
    g = f.grad(x)
    curvature = np.einsum("...i,...ij,...j->...", g, f.hess(x), g)[..., None]
    return x - np.where(curvature > 0, norm(g) ** 2 / nonzero(curvature), 0) * g


@optimizer
def sam(t, x, f, *, lr=1e-3, radius=0.05):
    """Sharpness-aware minimisation: step along the gradient of the worst point nearby.

    x ← x − lr · ∇f(x + radius · g / ‖g‖)

    Foret et al. (2021), over plain gradient descent, as `optax.contrib.sam`.

    Examples
    --------
    >>> from gdtutor.landscapes import bowl
    >>> x, _ = sam(lr=0.1, radius=1.0).step(1, np.array([1.0, 0.0]), bowl(kappa=1))
    >>> x.tolist()
    [0.8, 0.0]
    """
    g = f.grad(x)
    return x - lr * f.grad(x + radius * g / nonzero(norm(g)))


@optimizer
def proximal(t, x, f, *, lr=1e-3):
    """Proximal gradient (ISTA): descend on the smooth part, then let the penalty pull exactly.

    x ← prox(x − lr · ∇smooth(x), lr)

    For objectives that have `.smooth` and `.prox`, such as `models.lasso`, where prox is the soft
    threshold and weights land on exact zeros. Beck & Teboulle (2009).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> half_square = SimpleNamespace(grad=lambda x: x - 3.0)
    >>> positive = SimpleNamespace(smooth=half_square, prox=lambda x, lr: np.maximum(x, 0))
    >>> proximal(lr=0.5).step(1, np.array([-5.0]), positive)[0].tolist()
    [0.0]
    """
    return f.prox(x - lr * f.smooth.grad(x), lr)
