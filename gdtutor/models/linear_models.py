"""Models whose scores are Xw + b: linear, ridge and lasso regression, logistic, svm, softmax.

They differ in the loss and the penalty only. With A = [X 1], the table with a column of ones,

    scores = A w                          gradient = Aᵀ ∂loss/∂scores
    for mse:  2/n Aᵀ(Aw − y)              Hessian  = Aᵀ diag(loss″) A / n,  for mse 2/n AᵀA

Parameters: w₁ … w_d, then b. `intercept=False` leaves out the ones and b.
"""

import numpy as np

from ..losses import CLASSES, binary_cross_entropy, cross_entropy, hinge, mse
from .base import Model
from .penalties import L1, L2


class LinearModel(Model):
    """Scores Xw + b, compared with y by any loss with one score for each example.

    Made by `linear`, `ridge`, `lasso`, `logistic` and `svm`.
    """

    name = "linear model"

    def __init__(self, X, y, loss, *, intercept=True):
        if loss.targets is CLASSES:
            raise ValueError(f"{loss.name} needs a score for each class: use softmax(X, y).")
        self.intercept = intercept
        super().__init__(X, y, loss)

    def design(self, X):
        """Return A: X with a column of ones behind it, or X itself without an intercept."""
        return np.column_stack([X, np.ones(len(X))]) if self.intercept else X

    def blocks(self):
        """The weights w, shape (d,), then the number b."""
        return {"w": (self.columns,)} | ({"b": ()} if self.intercept else {})

    def forward(self, w, A):
        """Return Aw and g ↦ Aᵀg. A w is a row here, since a sweep is a table of them: w Aᵀ, g A."""
        return w @ A.T, lambda g: g @ A

    @property
    def hess(self):
        """`hess(w)`: Aᵀ diag(loss″) A / n plus the penalty's, shape (..., dim, dim).

        AttributeError for a loss or a penalty with kinks, so that `hasattr(f, "hess")` answers.
        """
        curvature, penalty = self.loss.curvature, self.penalty.hess

        def hess(w):
            scores, A = self.scores(w), self.A
            return (A.T * curvature(scores, self.y)[..., None, :]) @ A / self.n + penalty()

        return hess


class SoftmaxModel(Model):
    """Scores XW + b with a column for each class. Made by `softmax`."""

    name = "softmax model"

    def __init__(self, X, y):
        self.classes = count_classes(y, cross_entropy)
        super().__init__(X, y, cross_entropy)

    def design(self, X):
        """Return A = [X 1]."""
        return np.column_stack([X, np.ones(len(X))])

    def blocks(self):
        """W of shape (d, k), then b of shape (k,)."""
        return {"W": (self.columns, self.classes), "b": (self.classes,)}

    def forward(self, w, A):
        """Return AW and g ↦ AᵀG, both for the table W with b as its last row."""
        W = w.reshape(*w.shape[:-1], -1, self.classes)
        return A @ W, lambda g: (A.T @ g).reshape(*g.shape[:-2], self.dim)


def count_classes(y, loss):
    """Return the number of classes in y, numbered from 0; at least 2.

    Examples
    --------
    >>> count_classes([0, 2, 1], cross_entropy)
    3
    """
    return max(2, int(loss.labels(y).max(initial=0)) + 1)


def linear(X, y, loss=mse, *, intercept=True):
    """Linear regression: mean loss of Xw + b against y.

    Gradient for `mse`: 2/n Aᵀ(Aw − y) with A = [X 1].

    Parameters
    ----------
    X : array_like, shape (n, d)
        Features.
    y : array_like, shape (n,)
        Targets.
    loss : Loss
        `mse`, `mae`, `huber(delta=2)`, `quantile(tau=0.9)`, ...
    intercept : bool
        Whether there is a b. Without, the line goes through the origin.

    Returns
    -------
    LinearModel
        Parameters w₁ … w_d, b. Start: zeros.

    Raises
    ------
    ValueError
        If X and y do not fit.

    Examples
    --------
    >>> f = linear([[1.0], [2.0], [3.0]], [3.0, 5.0, 7.0])
    >>> float(f([2.0, 1.0])), f.grad([0.0, 0.0]).round(3).tolist()
    (0.0, [-22.667, -10.0])
    >>> f.unpack([2.0, 1.0])["w"].tolist(), f.predict([2.0, 1.0], [[10.0]]).tolist()
    ([2.0], [21.0])
    """
    return LinearModel(X, y, loss, intercept=intercept)


def ridge(X, y, strength, loss=mse, *, intercept=True):
    """Ridge regression: mean squared error + strength · ‖w‖², the intercept left alone.

    Gradient: 2/n Aᵀ(Aw − y) + 2 · strength · w. In scikit-learn, `Ridge(alpha=n * strength)`.

    Source: Hoerl & Kennard 1970.

    Parameters
    ----------
    X, y, loss, intercept
        As in `linear`.
    strength : float
        0 or more; shape (k, 1) for a path of k strengths.

    Returns
    -------
    LinearModel

    Examples
    --------
    >>> f = ridge([[1.0], [2.0]], [1.0, 2.0], strength=0.5, intercept=False)
    >>> float(f([1.0])), f.grad([1.0]).tolist(), f.hess([1.0]).tolist()
    (0.5, [1.0], [[6.0]])
    """
    return linear(X, y, loss, intercept=intercept).penalised(L2, strength)


def lasso(X, y, strength, loss=mse, *, intercept=True):
    """Lasso: mean squared error + strength · ‖w‖₁, the intercept left alone.

    `f.grad` is a subgradient (strength · sign(w), 0 at 0): descending along it comes near zero
    weights but not onto them. `w ← f.prox(w − lr · f.smooth.grad(w), lr)` (ISTA) does land on them.
    In scikit-learn, `Lasso(alpha=strength / 2)`.

    Source: Tibshirani 1996; ISTA: Daubechies, Defrise & De Mol 2004.

    Parameters
    ----------
    X, y, loss, intercept
        As in `linear`.
    strength : float
        0 or more; shape (k, 1) for a path of k strengths.

    Returns
    -------
    LinearModel

    Examples
    --------
    >>> f = lasso([[1.0, 0.0], [0.0, 1.0]], [4.0, 0.1], strength=1.0, intercept=False)
    >>> w = f.start
    >>> for _ in range(100):
    ...     w = f.prox(w - 0.5 * f.smooth.grad(w), lr=0.5)
    >>> w.round(6).tolist()
    [3.0, 0.0]
    """
    return linear(X, y, loss, intercept=intercept).penalised(L1, strength)


def logistic(X, y, strength=0, *, intercept=True):
    """Logistic regression: binary cross-entropy of the logits Xw + b, labels 0 and 1.

    Gradient: 1/n Aᵀ(σ(Aw) − y) + 2 · strength · w. On separable data without a penalty there is no
    minimiser: the loss goes to 0 while ‖w‖ grows for ever. In scikit-learn,
    `LogisticRegression(C=1 / (2 * n * strength))`.

    Source: Cox 1958.

    Parameters
    ----------
    X, intercept
        As in `linear`.
    y : array_like, shape (n,)
        Labels 0 and 1.
    strength : float
        Of strength · ‖w‖².

    Returns
    -------
    LinearModel
        `scores` are logits, `probability` is σ of them, `predict` gives 0 or 1.

    Examples
    --------
    >>> f = logistic([[-1.0], [1.0]], [0, 1])
    >>> f.grad(f.start).tolist(), f.probability([0.0, 0.0]).tolist(), f.predict([5.0, 0.0]).tolist()
    ([-0.5, 0.0], [0.5, 0.5], [0.0, 1.0])
    """
    return LinearModel(X, y, binary_cross_entropy, intercept=intercept).penalised(L2, strength)


def svm(X, y, strength, loss=hinge, *, intercept=True):
    """Linear support vector machine: hinge loss of Xw + b + strength · ‖w‖², labels ±1.

    Subgradient: −1/n Σ yᵢ[xᵢ 1] over the examples within the margin + 2 · strength · w. The margin
    is 1/‖w‖ wide on either side. In scikit-learn, `LinearSVC(loss="hinge", C=1/(2*n*strength))`,
    except that LIBLINEAR penalises the intercept too. Pegasos's λ is 2 · strength.

    Source: Cortes & Vapnik 1995; by subgradients: Shalev-Shwartz et al. 2007.

    Parameters
    ----------
    X, intercept
        As in `linear`.
    y : array_like, shape (n,)
        Labels -1 and 1.
    strength : float
        Of strength · ‖w‖². The smaller, the narrower the margin.
    loss : Loss
        `hinge` or `squared_hinge`.

    Returns
    -------
    LinearModel

    Examples
    --------
    >>> f = svm([[-2.0], [2.0]], [-1, 1], strength=0.5)
    >>> float(f([0.5, 0.0])), f.grad([0.0, 0.0]).tolist(), f.predict([0.5, 0.0]).tolist()
    (0.125, [-2.0, 0.0], [-1.0, 1.0])
    """
    return LinearModel(X, y, loss, intercept=intercept).penalised(L2, strength)


def softmax(X, y, strength=0):
    """Softmax regression: cross-entropy of the logits XW + b, classes 0 … k−1.

    Gradient in W: 1/n Xᵀ(P − Y), with the probabilities P and one-hot rows Y, + 2 · strength · W.

    Source: Bridle 1990.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Features.
    y : array_like, shape (n,)
        Class numbers.
    strength : float
        Of strength · ‖W‖².

    Returns
    -------
    SoftmaxModel
        Parameters W (d, k), b (k,). `probability` has shape (..., n, k).

    Examples
    --------
    >>> f = softmax([[-1.0], [0.0], [1.0]], [0, 1, 2])
    >>> f.dim, round(float(f(f.start)), 6), f.unpack(f.grad(f.start))["W"].round(3).tolist()
    (6, 1.098612, [[0.333, 0.0, -0.333]])
    """
    return SoftmaxModel(X, y).penalised(L2, strength)
