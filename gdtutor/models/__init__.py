"""Models: objectives whose parameters are one flat array w.

Every model `f` has `f(w)`, `f.grad(w)`, `f.dim`, `f.start`, `f.n`, `f.predict(w, X)`,
`f.scores(w, X)`, `f.unpack(w)`, `f.rows(indices)`, `f.on(X, y)`, and where simple `f.hess(w)`.
One class (`base.Model`) does the work; a model adds its `forward` pass and the way back.
"""

from .base import Model
from .batching import minibatch
from .linear_models import lasso, linear, logistic, ridge, softmax, svm
from .networks import ACTIVATIONS, INITIALISERS, Activation, mlp, normal
from .recommender import factorisation, observed

__all__ = [
    "ACTIVATIONS",
    "INITIALISERS",
    "Activation",
    "Model",
    "factorisation",
    "lasso",
    "linear",
    "logistic",
    "minibatch",
    "mlp",
    "normal",
    "observed",
    "ridge",
    "softmax",
    "svm",
]
