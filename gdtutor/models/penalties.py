"""Penalties: what is added to the loss so that weights stay small, and never touches an intercept.

A penalty has a strength λ for each coordinate of w: the same λ for every weight, 0 for every
intercept. It is a function of w with a gradient, and with a proximal step `prox(w, lr)`, the
minimiser over v of  lr · penalty(v) + ½‖v − w‖².

The convention, here and in the models:  objective = mean loss + strength · ‖w‖²,  without a ½, so
its gradient is 2 · strength · w. Elsewhere the same objective is written with other constants:

    scikit-learn Ridge(alpha)                        alpha = n · strength
    scikit-learn Lasso(alpha)                        alpha = strength / 2
    scikit-learn LogisticRegression(C), LinearSVC    C = 1 / (2 n · strength)
    scikit-learn SGDClassifier(alpha), SGDRegressor  alpha = 2 · strength   (SGDRegressor: strength)
    PyTorch's weight_decay, Pegasos's λ              2 · strength
"""

from typing import NamedTuple

import numpy as np


class Free(NamedTuple):
    """No penalty.

    Examples
    --------
    >>> Free()(np.array([3.0, 4.0])), Free().prox(np.array([3.0, 4.0]), lr=0.1).tolist()
    (0.0, [3.0, 4.0])
    """

    def __call__(self, w):
        """Return 0."""
        return 0.0

    def grad(self, w):
        """Return 0, which broadcasts."""
        return 0.0

    def hess(self):
        """Return 0, which broadcasts."""
        return 0.0

    def prox(self, w, lr):
        """Return w unchanged."""
        return w


class L2(NamedTuple):
    """The squared length Σ λᵢ wᵢ², for `ridge`, `svm` and most others.

    Source: Hoerl & Kennard 1970.

    Attributes
    ----------
    strength : numpy.ndarray, shape (dim,)
        λ of each coordinate.

    Examples
    --------
    >>> penalty = L2(np.array([0.5, 0.0]))                        # a weight, and an intercept
    >>> float(penalty(np.array([2.0, 9.0]))), penalty.grad(np.array([2.0, 9.0])).tolist()
    (2.0, [2.0, 0.0])
    """

    strength: np.ndarray

    def __call__(self, w):
        """Return Σ λᵢ wᵢ², shape (...)."""
        return (self.strength * w**2).sum(-1)

    def grad(self, w):
        """Return 2λw."""
        return 2 * self.strength * w

    def hess(self):
        """Return the diagonal matrix of 2λ."""
        return 2 * self.strength[..., None] * np.eye(self.strength.shape[-1])

    def prox(self, w, lr):
        """Return w / (1 + 2 lr λ): every weight is shortened by the same factor."""
        return w / (1 + 2 * lr * self.strength)


class L1(NamedTuple):
    """The sum of sizes Σ λᵢ |wᵢ|, for `lasso`.

    Source: Tibshirani 1996; the proximal step is the soft threshold of Donoho 1995.

    Attributes
    ----------
    strength : numpy.ndarray, shape (dim,)
        λ of each coordinate.

    Examples
    --------
    >>> penalty = L1(np.array([1.0, 1.0, 0.0]))
    >>> penalty.prox(np.array([3.0, -0.2, 5.0]), lr=0.5).tolist()
    [2.5, -0.0, 5.0]
    """

    strength: np.ndarray

    def __call__(self, w):
        """Return Σ λᵢ |wᵢ|, shape (...)."""
        return (self.strength * abs(w)).sum(-1)

    def grad(self, w):
        """Return λ sign(w), the subgradient that is 0 at the kink wᵢ = 0."""
        return self.strength * np.sign(w)

    def prox(self, w, lr):
        """Return the soft threshold: every weight lr·λ closer to 0, and exactly 0 once there."""
        return np.sign(w) * np.maximum(abs(w) - lr * self.strength, 0)
