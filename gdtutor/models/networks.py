"""Multilayer perceptrons of any depth, with backpropagation written out.

    forward:   h₀ = X,   hₗ = σ(hₗ₋₁ Wₗ + bₗ),   scores = h_L₋₁ W_L + b_L     (the output is linear)
    backward:  δ_L = ∂loss/∂scores,   δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) ⊙ σ′,   ∂/∂Wₗ = hₗ₋₁ᵀ δₗ,   ∂/∂bₗ = Σ δₗ

Activations and initialisers are small functions in two tables; your own may stand in their place.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..losses import CLASSES, mse, positive_part, sigmoid
from .base import Model
from .linear_models import count_classes
from .penalties import L2

# -------------------------------------------------------------------- activations


class Activation(NamedTuple):
    """A function σ(z), and its derivative *in terms of its value* a = σ(z), which is at hand.

    Examples
    --------
    >>> a = ACTIVATIONS["tanh"].function(np.array([0.0, 1.0]))
    >>> ACTIVATIONS["tanh"].slope(a).round(4).tolist()
    [1.0, 0.42]
    """

    function: object
    slope: object


def is_activation(choice):
    """Say whether this is an Activation, not the name of one."""
    return isinstance(choice, Activation)


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda a: a * (1 - a)),  # at most ¼
    "tanh": Activation(np.tanh, lambda a: 1 - a**2),  # at most 1
    "relu": Activation(positive_part, lambda a: 1.0 * (a > 0)),  # 0 at the kink
    "identity": Activation(lambda z: z, lambda a: 1.0),  # a deep *linear* network
}

# ------------------------------------------------------------------- initialisers


def xavier(rng, fan_in, fan_out):
    """Return W uniform in ±√(6 / (fan_in + fan_out)): keeps the scale through tanh layers.

    Source: Glorot & Bengio 2010, equation 16. Same as `torch.nn.init.xavier_uniform_`.

    Examples
    --------
    >>> bool(abs(xavier(np.random.default_rng(0), 3, 3)).max() <= 1)
    True
    """
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def he(rng, fan_in, fan_out):
    """Return W normal with variance 2 / fan_in: the 2 makes up for the half that ReLU cuts off.

    Source: He et al. 2015. Same as `torch.nn.init.kaiming_normal_`.

    Examples
    --------
    >>> round(float(he(np.random.default_rng(0), 50, 4000).var()), 3)
    0.04
    """
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def normal(std=1.0):
    """Return an initialiser: W normal with this standard deviation, whatever the width.

    Examples
    --------
    >>> normal(0.1)(np.random.default_rng(0), 2, 3).shape
    (2, 3)
    """
    return lambda rng, fan_in, fan_out: rng.normal(0, std, (fan_in, fan_out))


def zero(rng, fan_in, fan_out):
    """Return W = 0, for which all units of a layer stay equal, as their gradients are equal.

    In floating point they stay equal to round-off (a matrix product may sum its columns in
    different orders); where equality is a saddle, thousands of steps can amplify that.

    Examples
    --------
    >>> zero(None, 2, 1).tolist()
    [[0.0], [0.0]]
    """
    return np.zeros((fan_in, fan_out))


INITIALISERS = {"xavier": xavier, "he": he, "normal": normal(), "zero": zero}

# ------------------------------------------------------------------------ network


class MLP(Model):
    """Fully connected layers. Made by `mlp`, whose parameters it takes."""

    name = "network"

    def __init__(self, X, y, loss, hidden, activation, init, seed):
        self.classes = count_classes(y, loss) if loss.targets is CLASSES else None
        self.hidden = widths(hidden)
        self.activation = choose(ACTIVATIONS, activation, "activation", is_activation)
        self.init = choose(INITIALISERS, init, "init", callable)
        super().__init__(X, y, loss)
        self.start = self.initial(seed)

    def blocks(self):
        """W1 (d, h₁), b1 (h₁,), W2 (h₁, h₂), ... up to the outputs, one or one for each class."""
        sizes = (self.columns, *self.hidden, self.classes or 1)
        return {
            name: shape
            for layer, (inputs, outputs) in enumerate(pairwise(sizes), start=1)
            for name, shape in ((f"W{layer}", (inputs, outputs)), (f"b{layer}", (outputs,)))
        }

    @property
    def depth(self):
        """Number of weight matrices."""
        return len(self.hidden) + 1

    def initial(self, seed):
        """Return starting parameters for a seed, shape (dim,): weights by `init`, intercepts 0.

        `np.stack([f.initial(seed) for seed in range(10)])` is ten starts at once.
        """
        rng = np.random.default_rng(seed)
        parts = {
            name: np.zeros(shape) if name.startswith("b") else self.init(rng, *shape)
            for name, shape in self.layout.items()
        }
        return self.pack(**parts)

    def layers(self, w, X=None):
        """Return what each layer hands on: X, the hidden activations, the output (..., n, k)."""
        A = self.A if X is None else self._read_rows(X)
        return self._layers(self.unpack(w), A)[0]

    def mask(self, layer, shape):
        """Return what the activations of a hidden layer are multiplied by; 1: nothing dropped."""
        return 1.0

    def _layers(self, parts, A):
        """Return the layers' values, and the slope of each hidden layer at them."""
        h, slopes = [A], []
        for layer in range(1, self.depth + 1):
            z = h[-1] @ parts[f"W{layer}"] + parts[f"b{layer}"][..., None, :]
            if layer == self.depth:
                h.append(z)
            else:
                a, mask = self.activation.function(z), self.mask(layer, z.shape[-2:])
                h.append(a * mask)
                slopes.append(self.activation.slope(a) * mask)
        return h, slopes

    def forward(self, w, A):
        """Return the scores, and backpropagation from them to w."""
        parts = self.unpack(w)
        h, slopes = self._layers(parts, A)

        def pull(g):
            delta = g if self.classes else g[..., None]
            grads = {}
            for layer in range(self.depth, 0, -1):
                grads[f"W{layer}"] = transpose(h[layer - 1]) @ delta
                grads[f"b{layer}"] = delta.sum(-2)
                if layer > 1:
                    delta = (delta @ transpose(parts[f"W{layer}"])) * slopes[layer - 2]
            return self.pack(**grads)

        return h[-1] if self.classes else h[-1][..., 0], pull


class DropoutMLP(MLP):
    """An MLP whose hidden units are dropped at random while training. Made by `mlp(dropout=p)`.

    The objective itself, its gradient and its answers are without dropout. `f.at(t)` is the
    objective of step t: a pure function of (seed, t), the same mask for all leading axes of w.
    Activations that stay are divided by 1 − p, so that their expectation is unchanged.

    Source: Srivastava et al. 2014, in the inverted form that PyTorch has too.
    """

    def __init__(self, X, y, loss, hidden, activation, init, seed, dropout):
        super().__init__(X, y, loss, hidden, activation, init, seed)
        self.dropout, self.seed, self.t = dropout, seed, None

    def at(self, t):
        """Return the objective of step t = 1, 2, ..., with its own units dropped."""
        return self.changed(t=t)

    def mask(self, layer, shape):
        """Return 0 where a unit is dropped for an example in step t, else 1/(1 − p)."""
        if self.t is None:
            return 1.0
        # `layer` is never 0: a seed sequence doesn't tell (seed, t) from (seed, t, 0)
        kept = np.random.default_rng((self.seed, self.t, layer)).random(shape) >= self.dropout
        return kept / (1 - self.dropout)

    def scores(self, w, X=None):
        """Return the scores without dropout, whatever the step."""
        return MLP.scores(self.changed(t=None), w, X)

    def layers(self, w, X=None):
        """Return the layers without dropout, whatever the step."""
        return MLP.layers(self.changed(t=None), w, X)


def transpose(M):
    """Return Mᵀ of the last two axes."""
    return np.swapaxes(M, -1, -2)


def widths(hidden):
    """Return the hidden layers' widths as a tuple, or say what is wrong with them.

    Examples
    --------
    >>> widths(8)
    Traceback (most recent call last):
    ...
    TypeError: hidden=8: give one width for each hidden layer, (8,) for one layer of 8 units and \
(8, 4) for two.
    """
    try:
        hidden = tuple(hidden)
    except TypeError:
        raise TypeError(
            f"hidden={hidden!r}: give one width for each hidden layer, (8,) for one layer of 8 "
            "units and (8, 4) for two."
        ) from None
    if not all(isinstance(width, int | np.integer) and width > 0 for width in hidden):
        raise ValueError(f"hidden={hidden}: every layer needs a whole number of units, at least 1.")
    return hidden


def choose(table, choice, what, own):
    """Return the entry of a table by its name, or the reader's own if `own(choice)` is true.

    Raises ValueError that says which names there are.

    Examples
    --------
    >>> choose(ACTIVATIONS, "softsign", "activation", is_activation)
    Traceback (most recent call last):
    ...
    ValueError: activation='softsign' is unknown; there are 'sigmoid', 'tanh', 'relu', 'identity'. \
Your own goes in directly, see the documentation of mlp.
    """
    if own(choice):
        return choice
    if choice not in table:
        raise ValueError(
            f"{what}={choice!r} is unknown; there are {', '.join(map(repr, table))}. "
            "Your own goes in directly, see the documentation of mlp."
        )
    return table[choice]


def mlp(
    X, y, hidden=(8,), activation="tanh", loss=mse, init="xavier", dropout=0, weight_decay=0, seed=0
):
    """Multilayer perceptron: mean loss of the network's scores + ½ · weight_decay · Σ‖Wₗ‖².

    Backpropagation, see the head of this module. `f.unpack(f.grad(w))` is the gradient by layer.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Features.
    y : array_like, shape (n,)
        As the loss takes them.
    hidden : tuple of int
        Width of each hidden layer; () is a linear model.
    activation : str or Activation
        "tanh", "sigmoid", "relu" or "identity", for the hidden layers.
    loss : Loss
        `mse`, `binary_cross_entropy`, `cross_entropy` (one output for each class), ...
    init : str or callable
        "xavier" (uniform), "he" (normal), "normal" (standard deviation 1), "zero", or
        `f(rng, fan_in, fan_out)` such as `normal(0.1)`. Intercepts start at 0.
    dropout : float
        Probability that a hidden unit is dropped, below 1. If positive, `f.at(t)` is the objective
        of step t.
    weight_decay : float
        As in PyTorch's SGD: adds weight_decay · W to the gradient, so `strength` is half of it.
        Intercepts are left alone.
    seed : int
        Of the start, and of dropout.

    Returns
    -------
    MLP
        Parameters W1, b1, W2, b2, ..., flattened in this order. Vectorised over leading axes of w.

    Raises
    ------
    TypeError, ValueError
        For data, names, widths or rates that do not fit.

    Examples
    --------
    >>> from gdtutor.losses import binary_cross_entropy
    >>> X, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]
    >>> f = mlp(X, y, hidden=(4,), loss=binary_cross_entropy, seed=1)
    >>> w = f.start
    >>> for _ in range(2000):
    ...     w = w - 0.5 * f.grad(w)
    >>> f.predict(w).tolist(), {name: part.shape for name, part in f.unpack(w).items()}
    ([0.0, 1.0, 1.0, 0.0], {'W1': (2, 4), 'b1': (4,), 'W2': (4, 1), 'b2': (1,)})
    """
    if not 0 <= dropout < 1:
        raise ValueError(
            f"dropout={dropout} is the probability that a unit is dropped: 0 or more and below 1."
        )
    if not weight_decay >= 0:
        raise ValueError(f"weight_decay={weight_decay} would make weights grow: 0 or more.")
    settings = (X, y, loss, hidden, activation, init, seed)
    model = DropoutMLP(*settings, dropout) if dropout else MLP(*settings)
    return model.penalised(L2, weight_decay / 2)
