"""The one class under all models: predictions, then a loss, then the chain rule back.

A model is an objective over ONE flat array w of parameters, shape (..., dim):

    f(w)       mean loss of the scores against y, plus the penalty
    f.grad(w)  Jᵀ ∂loss/∂scores + ∂penalty/∂w,  with J = ∂scores/∂w

A subclass writes one method, `forward(w, A)`: it returns the scores and `pull`, the function that
multiplies by Jᵀ. Leading axes of w are independent models (500 learning rates of a sweep, say).
"""

import copy
import math

import numpy as np

from ..losses import same_length
from .penalties import Free


class Model:
    """An objective that compares a model's scores with y.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One row for each example.
    y : array_like, shape (n,)
        What the model should answer.
    loss : gdtutor.losses.Loss
        Compares scores and y.

    Attributes
    ----------
    name : str
        For legends and messages.
    A : numpy.ndarray, shape (n, ...)
        What the model sees of X: `design(X)`.
    y : numpy.ndarray, shape (n,)
    layout : dict
        Names and shapes of the blocks of w, in order. Blocks named b, b1, b2, ... are intercepts.
    start : numpy.ndarray, shape (dim,)
        A good start.

    Raises
    ------
    ValueError
        If X and y do not fit each other, or y does not fit the loss.

    Examples
    --------
    >>> from gdtutor.models import linear
    >>> f = linear([[1.0], [2.0], [3.0]], [3.0, 5.0, 7.0])
    >>> isinstance(f, Model), f.n, f.dim, list(f.layout)
    (True, 3, 2, ['w', 'b'])
    """

    name = "model"

    def __init__(self, X, y, loss):
        X, y = read(X, y, loss)
        self.loss = loss
        self.columns = X.shape[-1]
        self.A, self.y = self.design(X), y
        self.penalty = Free()
        self.layout = self.blocks()
        self.dim = sum(math.prod(shape) for shape in self.layout.values())
        self.start = np.zeros(self.dim)

    # ------------------------------------------------------- what a subclass says

    def design(self, X):
        """Return what the model sees of X; the rows stay the examples."""
        return X

    def blocks(self):
        """Return the layout of w: a dict of names and shapes."""
        raise NotImplementedError

    def forward(self, w, A):
        """Return the scores for the rows of A, and `pull(g) = Jᵀg`, back to the shape of w."""
        raise NotImplementedError

    # -------------------------------------------------------------- the objective

    def __call__(self, w):
        """Return the mean loss plus the penalty.

        Parameters
        ----------
        w : array_like, shape (..., dim)
            Parameters; leading axes are independent models.

        Returns
        -------
        numpy.ndarray, shape (...)
        """
        w = self._read(w)
        scores, _ = self.forward(w, self.A)
        return self.loss.each(scores, self.y).mean(-1) + self.penalty(w)

    def grad(self, w):
        """Return the gradient, shape (..., dim), by the chain rule."""
        w = self._read(w)
        scores, pull = self.forward(w, self.A)
        return pull(self.loss.slope(scores, self.y) / self.n) + self.penalty.grad(w)

    @property
    def n(self):
        """Number of examples."""
        return len(self.y)

    # ------------------------------------------------------------------- answers

    def scores(self, w, X=None):
        """Return what the loss sees: numbers, logits or margins.

        Parameters
        ----------
        w : array_like, shape (..., dim)
            Parameters.
        X : array_like, shape (m, d), optional
            New examples; left out, the model's own.

        Returns
        -------
        numpy.ndarray, shape (..., m), or (..., m, k) for k classes
        """
        A = self.A if X is None else self.design(self._read_rows(X))
        return self.forward(self._read(w), A)[0]

    def predict(self, w, X=None):
        """Return the answers in the units of y: numbers, or labels (argument as in `scores`)."""
        return self.loss.targets.answer(self.scores(w, X))

    def probability(self, w, X=None):
        """Return the probability of label 1, or of each class, where the loss is a likelihood."""
        if self.loss.targets.probability is None:
            raise AttributeError(
                f"{self.loss.name} gives no probabilities; binary_cross_entropy (as in logistic) "
                "and cross_entropy (as in softmax) do."
            )
        return self.loss.targets.probability(self.scores(w, X))

    def accuracy(self, w, X=None, y=None):
        """Return the share of right labels, shape (...), on (X, y) or on the model's own data."""
        return (self.predict(w, X) == (self.y if y is None else np.asarray(y))).mean(-1)

    # ------------------------------------------------- the same model, other data

    def rows(self, indices):
        """Return the same objective on these examples only: what a mini-batch is.

        The mean of `f.rows(i).grad(w)` over equally large batches is `f.grad(w)`: the penalty is in
        each of them in full.

        Parameters
        ----------
        indices : array_like of int, slice or mask
            Which examples.
        """
        return self.changed(A=self.A[indices], y=self.y[indices])

    def on(self, X, y):
        """Return the same objective on other data, such as the validation set.

        Layout, classes and penalty stay, so that the same w fits. For the loss without the penalty:
        `f.smooth.on(X, y)`.
        """
        y = read(X, y, self.loss)[1]
        return self.changed(A=self.design(self._read_rows(X)), y=y)

    @property
    def smooth(self):
        """The same objective without its penalty.

        Proximal gradient descent takes its gradient steps on this part and leaves the penalty to
        `prox`:  w ← f.prox(w − lr · f.smooth.grad(w), lr).
        """
        return self.changed(penalty=Free())

    def prox(self, w, lr):
        """Return the proximal step of the penalty: the soft threshold for `lasso`."""
        return self.penalty.prox(self._read(w), lr)

    def penalised(self, penalty, strength):
        """Return the same objective with `strength` times this penalty on all weights.

        Intercepts (the blocks named b, b1, b2, ...) are left alone.

        Parameters
        ----------
        penalty : L1 or L2
            From `gdtutor.models.penalties`.
        strength : float
            0 or more; an array of shape (k, 1) for k strengths at once.

        Raises
        ------
        ValueError
            If the strength is negative.
        """
        strength = np.asarray(strength, dtype=float)
        if not np.all(np.isfinite(strength) & (strength >= 0)):
            raise ValueError(
                f"strength={strength} would reward large weights. It must be 0 (no penalty) or "
                "positive; try 0.01, and go up or down by factors of 10."
            )
        weight = [
            np.full(math.prod(shape), not name.startswith("b"))
            for name, shape in self.layout.items()
        ]
        return self.changed(penalty=penalty(strength * np.concatenate(weight)))

    def changed(self, **attributes):
        """Return a copy with these attributes; arrays are shared, nothing is changed in place."""
        other = copy.copy(self)
        vars(other).update(attributes)
        return other

    # ---------------------------------------------------------- the parts of w

    def unpack(self, w):
        """Return the parts of w by name; works for gradients as well.

        Parameters
        ----------
        w : array_like, shape (..., dim)
            Parameters, or anything of their shape.

        Returns
        -------
        dict of str to numpy.ndarray
            Each of shape (..., *its own shape), as in `layout`.
        """
        w, parts, end = self._read(w), {}, 0
        for name, shape in self.layout.items():
            begin, end = end, end + math.prod(shape)
            parts[name] = w[..., begin:end].reshape((*w.shape[:-1], *shape))
        return parts

    def pack(self, **parts):
        """Return the flat w of these parts: the inverse of `unpack`."""
        flat = [
            np.reshape(
                parts[name], (*np.shape(parts[name])[: np.ndim(parts[name]) - len(shape)], -1)
            )
            for name, shape in self.layout.items()
        ]
        return np.concatenate(flat, axis=-1)

    # ------------------------------------------------------------------- reading

    def _read(self, w):
        w = np.asarray(w)
        if w.shape[-1:] != (self.dim,):
            raise ValueError(
                f"w has shape {w.shape}, and this model has {self.dim} parameters, "
                f"{self._parts()}: the last axis must have length {self.dim}."
            )
        return w

    def _read_rows(self, X):
        X = table(X)
        if X.shape[-1] != self.columns:
            raise ValueError(
                f"The model was made for {self.columns} features, and this X has {X.shape[-1]}. "
                "New data must go through the same preparation as the training data."
            )
        return X

    def _parts(self):
        sizes = (" x ".join(map(str, shape)) or "1" for shape in self.layout.values())
        return ", ".join(f"{name} ({size})" for name, size in zip(self.layout, sizes))

    def __repr__(self):
        return f"<{type(self).__name__}: {self.loss} on {self.n} examples; w holds {self._parts()}>"


def table(X):
    """Return X as a float table (n, d), or say what is wrong with it.

    Examples
    --------
    >>> table([1, 2, 3])
    Traceback (most recent call last):
    ...
    ValueError: X has shape (3,), expected is a table (n, d), one row for each example. For a \
single feature write X[:, None], of shape (3, 1).
    """
    X = np.asarray(X)
    if X.ndim != 2:
        advice = (
            f" For a single feature write X[:, None], of shape ({X.size}, 1)."
            if X.ndim == 1
            else ""
        )
        raise ValueError(
            f"X has shape {X.shape}, expected is a table (n, d), one row for each example.{advice}"
        )
    if X.dtype.kind not in "biuf":
        raise ValueError(f"X holds {X.dtype} values, expected are numbers.")
    X = X.astype(float)
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(
            f"X holds {X[row, column]} in row {row}, column {column}. One such entry makes every "
            "gradient nan: drop the row, or fill in the column's mean."
        )
    if not len(X):
        raise ValueError(f"X has shape {X.shape}: there is no example to learn from.")
    return X


def read(X, y, loss):
    """Return X (n, d) and y (n,), both checked, y of the kind that the loss takes."""
    X, y = table(X), np.asarray(y)
    same_length(y, len(X), "rows of X")
    if y.ndim != 1:
        raise ValueError(
            f"y has shape {y.shape}, expected is one number for each row: ({len(X)},)."
        )
    return X, loss.labels(y)
