"""A loss is one formula per example; the mean over the examples is what gets minimised.

    @loss
    def mse(prediction, y):
        return (prediction - y) ** 2

    @mse.derivative
    def _(prediction, y):
        return 2 * (prediction - y)

`mse(prediction, y)` is the mean, `mse.grad(prediction, y)` the derivative of that mean with respect
to the predictions. Keyword-only parameters are the loss's own: `huber(delta=0.5)` is a configured
copy. Means have no ½; only `huber` and `log_cosh` have one *inside* their published formula. At a
kink the derivative is the subgradient of smallest size, which is 0 for every loss in this file.
"""

import functools
import inspect
from typing import NamedTuple

import numpy as np
from numpy import exp, log, log1p, sinh, tanh, where

__all__ = [
    "LOSSES",
    "binary_cross_entropy",
    "cross_entropy",
    "hinge",
    "huber",
    "log_cosh",
    "log_sum_exp",
    "loss",
    "mae",
    "mse",
    "probabilities",
    "quantile",
    "sigmoid",
    "softplus",
    "squared_hinge",
]

# --------------------------------------------------- functions that never overflow


def magnitude(r):
    """Return |r|, and for complex r its analytic continuation, so that complex steps work.

    Examples
    --------
    >>> magnitude(np.array([-2.0, 3.0])).tolist()
    [2.0, 3.0]
    """
    return where(r.real < 0, -r, r)


def positive_part(r):
    """Return max(r, 0); for complex r the real part decides.

    Examples
    --------
    >>> positive_part(np.array([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    return where(r.real > 0, r, 0.0)


def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^−z), the probability that belongs to the logit z.

    Parameters
    ----------
    z : array_like, any shape
        Logits.

    Returns
    -------
    numpy.ndarray
        Between 0 and 1, same shape. Only e^−|z| is computed, which cannot overflow.

    Examples
    --------
    >>> sigmoid([-1000, 0, 1000]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = np.asarray(z) + 0.0
    e = exp(-magnitude(z))
    return where(z.real < 0, e, 1.0) / (1 + e)


def softplus(z):
    """Return log(1 + e^z), the loss −log σ(−z).

    Parameters
    ----------
    z : array_like, any shape
        Logits.

    Returns
    -------
    numpy.ndarray
        Same shape; z itself for large z, e^z for very negative z.

    Examples
    --------
    >>> softplus([-1000, 1000]).tolist(), round(float(softplus(0)), 6)
    ([0.0, 1000.0], 0.693147)
    """
    z = np.asarray(z) + 0.0
    return positive_part(z) + log1p(exp(-magnitude(z)))


def log_sum_exp(z):
    """Return log Σⱼ e^zⱼ over the last axis.

    The largest term e^top is pulled out: top + log(1 + Σ e^(zⱼ − top)) over the others. Nothing
    overflows, and where top = 0 even a tiny rest survives.

    Parameters
    ----------
    z : array_like, shape (..., k)
        Logits, or any numbers.

    Returns
    -------
    numpy.ndarray, shape (...)

    Examples
    --------
    >>> float(log_sum_exp([1000.0, -1000.0])), float(log_sum_exp([0.0, -50.0]))
    (1000.0, 1.9287498479639178e-22)
    """
    z = np.asarray(z) + 0.0
    largest = np.arange(z.shape[-1]) == z.real.argmax(-1)[..., None]
    top = where(largest, z, 0).sum(-1)
    others = where(largest, 0, exp(z - top[..., None])).sum(-1)
    return top + log1p(others)


def probabilities(z):
    """Return the softmax e^zⱼ / Σₖ e^zₖ over the last axis: one probability for each class.

    Parameters
    ----------
    z : array_like, shape (..., k)
        Logits.

    Returns
    -------
    numpy.ndarray, shape (..., k)
        They sum to 1.

    Examples
    --------
    >>> probabilities([1000, 1000, -1000]).tolist()
    [0.5, 0.5, 0.0]
    """
    z = np.asarray(z) + 0.0
    e = exp(z - z.real.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# ------------------------------------------------------------- what y may be, and say


class Targets(NamedTuple):
    """The kind of y that a loss compares with, and how a score is turned back into a y.

    Attributes
    ----------
    expects : str
        In words, for error messages.
    fits : callable
        `fits(y)`: which entries are of this kind.
    answer : callable
        `answer(scores)`: the predicted y.
    probability : callable or None
        `probability(scores)`, where the loss is a likelihood.
    dtype : type
    """

    expects: str
    fits: object
    answer: object
    probability: object = None
    dtype: type = float


NUMBERS = Targets("finite numbers", np.isfinite, lambda scores: scores)
ZERO_ONE = Targets(
    "the labels 0 and 1",
    lambda y: (y == 0) | (y == 1),
    lambda scores: where(scores > 0, 1.0, 0.0),
    sigmoid,
)
PLUS_MINUS = Targets(
    "the labels -1 and 1", lambda y: abs(y) == 1, lambda scores: where(scores > 0, 1.0, -1.0)
)
CLASSES = Targets(
    "class numbers 0, 1, 2, ...",
    lambda y: (y >= 0) & (y == np.floor(y)) & (y < np.inf),
    lambda scores: scores.argmax(-1),
    probabilities,
    int,
)

# What to do about labels of another kind, by (what the loss expects, what was found).
ADVICE = {
    (ZERO_ONE, PLUS_MINUS): "For labels -1 and 1 use (y + 1) / 2.",
    (PLUS_MINUS, ZERO_ONE): "For labels 0 and 1 use 2 * y - 1.",
    (ZERO_ONE, CLASSES): "For more than two classes use cross_entropy.",
    (CLASSES, PLUS_MINUS): "For labels -1 and 1 use (y + 1) // 2.",
}


def same_length(y, n, those):
    """Raise ValueError unless y has one entry for each of `n` examples on its last axis.

    `those` says what the n examples are, in words.

    Examples
    --------
    >>> same_length(np.zeros((3, 1)), 3, "predictions")
    Traceback (most recent call last):
    ...
    ValueError: y is a column of shape (3, 1) beside 3 predictions. NumPy would broadcast the
    difference to a 3 x 3 table without a word; use y.ravel(), of shape (3,).
    """
    if y.shape == (n, 1) and n > 1:
        raise ValueError(
            f"y is a column of shape ({n}, 1) beside {n} {those}. NumPy would broadcast the\n"
            f"difference to a {n} x {n} table without a word; use y.ravel(), of shape ({n},)."
        )
    if y.shape[-1:] != (n,):
        raise ValueError(
            f"y has shape {y.shape} beside {n} {those}. There must be one y for each example: "
            "was one of them filtered, sorted or split without the other?"
        )


# ---------------------------------------------------------------------- the idiom

# What a parameter of this name may be, strictly between.
LIMITS = {"delta": (0, np.inf), "tau": (0, 1)}


class Loss:
    """A formula per example with its parameters set. Made by `loss`, configured by calling it.

    Attributes
    ----------
    name : str
        The function's name.
    parameters : dict
        Names and present values: numbers, or arrays for a sweep, such as `tau` of shape (k, 1).
    targets : Targets
        The kind of y that it takes.
    """

    def __init__(self, formula, parameters, targets, slope=None, curvature=None):
        functools.update_wrapper(self, formula)
        self.name = formula.__name__
        self.formula = formula
        self.parameters = parameters
        self.targets = targets
        self._slope = slope
        self._curvature = curvature

    def __call__(self, *data, **parameters):
        """Return the mean loss of (prediction, y); without data, a copy with these parameters.

        Parameters
        ----------
        *data : array_like
            None, or two. The prediction, shape (..., n), or (..., n, k) for `cross_entropy`:
            leading axes are independent models. And the true y, shape (n,) or (..., n).
        **parameters
            The loss's own, by name.

        Returns
        -------
        numpy.ndarray, shape (...), or Loss

        Raises
        ------
        TypeError
            For an unknown parameter.
        ValueError
            If shapes or labels do not fit.
        """
        if parameters:
            return self._configured(parameters)(*data)
        if not data:
            return self
        prediction, y = self._read(*self._pair(data))
        return self.each(prediction, y).mean(-1)

    def grad(self, prediction, y):
        """Return the derivative of the mean loss with respect to the predictions.

        Returns
        -------
        numpy.ndarray, shape of `prediction`
            Already divided by n: this is where the 1/n of every gradient comes from.
        """
        prediction, y = self._read(prediction, y)
        return self.slope(prediction, y) / y.shape[-1]

    def each(self, prediction, y):
        """Return the loss of each example, not averaged and not checked; shapes broadcast."""
        return self.formula(np.asarray(prediction) + 0.0, np.asarray(y), **self.parameters)

    def slope(self, prediction, y):
        """Return the derivative of each example's loss, not averaged and not checked."""
        if self._slope is None:
            raise AttributeError(
                f"{self.name} has no derivative yet. Put one under its formula: "
                f"@{self.name}.derivative, then def _(prediction, y): return ..."
            )
        return self._slope(np.asarray(prediction) + 0.0, np.asarray(y), **self.parameters)

    @property
    def curvature(self):
        """`curvature(prediction, y)`: the second derivative of each example's loss.

        AttributeError where none is defined, so that `hasattr(loss, "curvature")` answers.
        """
        if self._curvature is None:
            raise AttributeError(f"{self.name} has no second derivative here.")
        return lambda prediction, y: self._curvature(
            np.asarray(prediction) + 0.0, np.asarray(y), **self.parameters
        )

    def derivative(self, function):
        """Decorator: this function is the derivative per example."""
        self._slope = function
        return function

    def second_derivative(self, function):
        """Decorator: this function is the second derivative per example."""
        self._curvature = function
        return function

    def labels(self, y):
        """Return y as an array of the kind that this loss takes, or say what is wrong with it."""
        y = np.asarray(y)
        if y.dtype.kind not in "biuf":
            raise ValueError(
                f"{self.name} expects {self.targets.expects}, and y holds {y.dtype} values. "
                "Turn names into numbers first, as in y = (names == 'spam') * 1.0."
            )
        y = y.astype(float)
        odd = y[~self.targets.fits(y)]
        if odd.size:
            kinds = [kind for kind in (ZERO_ONE, PLUS_MINUS, CLASSES) if np.all(kind.fits(y))]
            advice = [
                ADVICE[self.targets, kind] for kind in kinds if (self.targets, kind) in ADVICE
            ]
            raise ValueError(
                f"{self.name} expects {self.targets.expects}, and y holds {odd[0]:g}"
                f"{' (a missing value?)' if np.isnan(odd[0]) else ''}. {' '.join(advice[:1])}".rstrip()
            )
        return y.astype(self.targets.dtype)

    def _configured(self, parameters):
        for name, value in parameters.items():
            if name not in self.parameters:
                raise TypeError(
                    f"{self.name} has no parameter {name!r}; it has "
                    f"{', '.join(self.parameters) or 'none'}. Prediction and y go without names: "
                    f"{self.name}(prediction, y)."
                )
            low, high = LIMITS.get(name, (-np.inf, np.inf))
            if not np.all((np.asarray(value) > low) & (np.asarray(value) < high)):
                raise ValueError(
                    f"{self.name}({name}={value!r}): {name} must be "
                    + (f"between {low:g} and {high:g}." if high < np.inf else f"above {low:g}.")
                )
        return Loss(
            self.formula, self.parameters | parameters, self.targets, self._slope, self._curvature
        )

    def _pair(self, data):
        if len(data) != 2:
            raise TypeError(
                f"{self.name} takes two arrays, {self.name}(prediction, y); it was given "
                f"{len(data)}. Its parameters go by name: {', '.join(self.parameters) or 'none'}."
            )
        return data

    def _read(self, prediction, y):
        prediction, y = np.asarray(prediction), self.labels(y)
        of_classes = self.targets is CLASSES
        if prediction.ndim < 1 + of_classes:
            raise ValueError(
                f"{self.name} takes a mean over examples, so predictions must have shape "
                f"{'(..., n, k): k logits for each example' if of_classes else '(..., n)'}; "
                f"this one has shape {prediction.shape}."
            )
        same_length(y, prediction.shape[-1 - of_classes], "predictions")
        if of_classes and y.max() >= prediction.shape[-1]:
            raise ValueError(
                f"y names class {y.max()}, and there are logits for {prediction.shape[-1]} classes "
                f"only, numbered from 0 to {prediction.shape[-1] - 1}."
            )
        return prediction, y

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{self.name}({settings})" if settings else self.name


def loss(formula=None, *, targets=NUMBERS):
    """Turn a formula per example into a loss. Use it as a decorator.

    Parameters
    ----------
    formula : callable
        `formula(prediction, y, *, parameters)`, in whole-array arithmetic.
    targets : Targets
        What y may be: NUMBERS, ZERO_ONE, PLUS_MINUS or CLASSES.

    Returns
    -------
    Loss

    Raises
    ------
    TypeError
        If the function does not begin with (prediction, y), or a parameter has no default.

    Examples
    --------
    >>> @loss
    ... def fourth_power(prediction, y, *, scale=1.0):
    ...     return ((prediction - y) / scale) ** 4
    >>> @fourth_power.derivative
    ... def _(prediction, y, *, scale):
    ...     return 4 * ((prediction - y) / scale) ** 3 / scale
    >>> float(fourth_power([2.0, 0.0], [0.0, 0.0])), fourth_power(scale=2)
    (8.0, fourth_power(scale=2))
    >>> fourth_power.grad([2.0, 0.0], [0.0, 0.0]).tolist()
    [16.0, 0.0]
    """
    if formula is None:
        return functools.partial(loss, targets=targets)
    first, *rest = inspect.signature(formula).parameters.values()
    if not rest or any(p.kind is not p.KEYWORD_ONLY or p.default is p.empty for p in rest[1:]):
        raise TypeError(
            f"{formula.__name__}({', '.join(map(str, (first, *rest)))}) is no loss: it takes "
            "(prediction, y), then * and its parameters with defaults, as in "
            "def huber(prediction, y, *, delta=1.0)."
        )
    return Loss(formula, {p.name: p.default for p in rest[1:]}, targets)


# ------------------------------------------------------------------- for numbers


@loss
def mse(prediction, y):
    """Squared error: (p − y)². Its mean is the MSE.

    The minimiser is the mean of y. One outlier at distance r pulls with a force 2r.

    Source: Gauss 1809. Same as `torch.nn.MSELoss`.

    Examples
    --------
    >>> float(mse([1.0, 2.0], [0.0, 0.0])), mse.grad([1.0, 2.0], [0.0, 0.0]).tolist()
    (2.5, [1.0, 2.0])
    """
    return (prediction - y) ** 2


@mse.derivative
def _(prediction, y):
    return 2 * (prediction - y)


@mse.second_derivative
def _(prediction, y):
    return 2.0 + 0 * prediction


@loss
def mae(prediction, y):
    """Absolute error: |p − y|.

    The minimiser is the median of y. The slope is ±1 however close the prediction is, so a fixed lr
    circles the minimum; at the kink p = y it is 0.

    Source: Boscovich 1757. Same as `torch.nn.L1Loss`.

    Examples
    --------
    >>> float(mae([3.0, 0.0], [0.0, 0.0])), mae.grad([3.0, 0.0], [0.0, 0.0]).tolist()
    (1.5, [0.5, 0.0])
    """
    return magnitude(prediction - y)


@mae.derivative
def _(prediction, y):
    return np.sign(prediction - y)


@loss
def huber(prediction, y, *, delta=1.0):
    """Huber: ½r² for |r| ≤ δ, and δ(|r| − ½δ) beyond, with r = p − y.

    A parabola that goes on as a straight line: no outlier pulls harder than δ. The slope has no
    jump. δ is in the units of y. The ½ is Huber's own: near 0 it is half of `mse`.

    Source: Huber 1964. Same as `torch.nn.HuberLoss`.

    Examples
    --------
    >>> float(huber([0.5], [0.0])), float(huber([10.0], [0.0]))
    (0.125, 9.5)
    >>> huber(delta=2).grad([0.5, 10.0], [0.0, 0.0]).tolist()
    [0.25, 1.0]
    """
    r = magnitude(prediction - y)
    capped = where(r.real < delta, r, delta)  # both branches in one, so that r² can't overflow
    return capped * (r - capped / 2)


@huber.derivative
def _(prediction, y, *, delta):
    return np.clip(prediction - y, -delta, delta)


@huber.second_derivative
def _(prediction, y, *, delta):
    return where(abs(prediction - y) <= delta, 1.0, 0.0)


@loss
def log_cosh(prediction, y):
    """Log-cosh: log cosh(p − y), which is ≈ ½r² near 0 and ≈ |r| − log 2 far away.

    Like `huber`, and smooth everywhere: the slope is tanh(r).

    Source: Green 1990, the hyperbolic prior of image reconstruction. Same as Keras's `LogCosh`.

    Examples
    --------
    >>> float(log_cosh([1e-10], [0.0])), float(log_cosh([1000.0], [0.0]))
    (5.0000000000000005e-21, 999.3068528194401)
    """
    r = magnitude(prediction - y)
    small = where(r.real < 1, r, 1.0)
    near = log1p(2 * sinh(small / 2) ** 2)  # cosh r = 1 + 2 sinh²(r/2): exact for tiny r
    far = r + log1p(exp(-2 * r)) - log(2)  # cosh r = e^r (1 + e^−2r) / 2: no overflow
    return where(r.real < 1, near, far)


@log_cosh.derivative
def _(prediction, y):
    return tanh(prediction - y)


@log_cosh.second_derivative
def _(prediction, y):
    return 1 - tanh(prediction - y) ** 2


@loss
def quantile(prediction, y, *, tau=0.5):
    """Quantile ("pinball") loss: τ(y − p) where p is too low, (1 − τ)(p − y) where it is too high.

    The minimiser is the τ-quantile of y; τ = 0.5 is half of `mae`. At the kink p = y the slope is
    0.

    Source: Koenker & Bassett 1978. Same as scikit-learn's `mean_pinball_loss(alpha=tau)`.

    Examples
    --------
    >>> float(quantile(tau=0.75)([0.0], [10.0])), float(quantile(tau=0.75)([10.0], [0.0]))
    (7.5, 2.5)
    """
    r = y - prediction
    return where(r.real > 0, tau * r, (tau - 1) * r)


@quantile.derivative
def _(prediction, y, *, tau):
    return where(prediction < y, -tau, 1 - tau) * (prediction != y)


# -------------------------------------------------------------------- for labels


@loss(targets=ZERO_ONE)
def binary_cross_entropy(prediction, y):
    """Binary cross-entropy −y log σ(z) − (1 − y) log(1 − σ(z)), from the logit z, for y in {0, 1}.

    `prediction` is the logit, not the probability: log σ(z) = −softplus(−z) is exact where σ(z)
    itself would round to 0 or 1. The slope is σ(z) − y: a confident wrong answer is pulled with
    full strength, whereas the slope of (σ(z) − y)² dies.

    Source: Good 1952; Cox 1958. Same as `torch.nn.BCEWithLogitsLoss`.

    Examples
    --------
    >>> binary_cross_entropy.each([-1000, 0, 50], [1, 1, 1]).round(6).tolist()
    [1000.0, 0.693147, 0.0]
    >>> binary_cross_entropy([1.0, 2.0], [-1, 1])
    Traceback (most recent call last):
    ...
    ValueError: binary_cross_entropy expects the labels 0 and 1, and y holds -1. For labels -1 and \
1 use (y + 1) / 2.
    """
    return y * softplus(-prediction) + (1 - y) * softplus(prediction)


@binary_cross_entropy.derivative
def _(prediction, y):
    # σ(z) − y, without the cancellation for y = 1, where it is −σ(−z)
    return (1 - y) * sigmoid(prediction) - y * sigmoid(-prediction)


@binary_cross_entropy.second_derivative
def _(prediction, y):
    return sigmoid(prediction) * sigmoid(-prediction)


@loss(targets=CLASSES)
def cross_entropy(prediction, y):
    """Cross-entropy −log softmax(z)[y] = log Σⱼ e^(zⱼ − z_y), from logits z, for classes 0 … k−1.

    `prediction` has shape (..., n, k), y has shape (n,). The slope is softmax(z) − onehot(y), which
    sums to 0 over the classes. Before any training the loss should be near log k.

    Source: Bridle 1990. Same as `torch.nn.CrossEntropyLoss`.

    Examples
    --------
    >>> float(cross_entropy([[1000.0, -1000.0]], [1])), float(cross_entropy([[50.0, 0.0]], [0]))
    (2000.0, 1.9287498479639178e-22)
    >>> cross_entropy.grad([[0.0, 0.0], [0.0, 0.0]], [0, 1]).tolist()
    [[-0.25, 0.25], [0.25, -0.25]]
    """
    own = where(_onehot(prediction, y), prediction, 0).sum(-1, keepdims=True)
    return log_sum_exp(prediction - own)


@cross_entropy.derivative
def _(prediction, y):
    onehot = _onehot(prediction, y)
    others = where(onehot, 0, probabilities(prediction))
    # p_y − 1 = −(sum of the others), which keeps its digits when p_y is nearly 1
    return where(onehot, -others.sum(-1, keepdims=True), others)


def _onehot(logits, y):
    return np.arange(logits.shape[-1]) == np.asarray(y)[..., None]


@loss(targets=PLUS_MINUS)
def hinge(prediction, y):
    """Hinge: max(0, 1 − y p), for labels y = ±1.

    Zero once an example is on its side with a margin of 1. The slope is −y inside the margin, and 0
    beyond it and at the kink y p = 1.

    Source: Cortes & Vapnik 1995. Same as scikit-learn's `hinge_loss`.

    Examples
    --------
    >>> float(hinge([0.5, 2.0], [1, 1])), hinge.grad([0.5, 2.0], [1, 1]).tolist()
    (0.25, [-0.5, 0.0])
    """
    return positive_part(1 - y * prediction)


@hinge.derivative
def _(prediction, y):
    return where(y * prediction < 1, -y, 0.0)


@loss(targets=PLUS_MINUS)
def squared_hinge(prediction, y):
    """Squared hinge: max(0, 1 − y p)², for labels y = ±1. Smooth: the slope has no jump.

    Source: Lee & Mangasarian 2001. Same as the default loss of scikit-learn's `LinearSVC`.

    Examples
    --------
    >>> float(squared_hinge([0.5, -1.0], [1, 1])), squared_hinge.grad([0.5, 2.0], [1, 1]).tolist()
    (2.125, [-0.5, -0.0])
    """
    return positive_part(1 - y * prediction) ** 2


@squared_hinge.derivative
def _(prediction, y):
    return -2 * y * positive_part(1 - y * prediction)


@squared_hinge.second_derivative
def _(prediction, y):
    return where(y * prediction < 1, 2.0, 0.0)


LOSSES = (
    mse, mae, huber, log_cosh, quantile,
    binary_cross_entropy, cross_entropy, hinge, squared_hinge,
)  # fmt: skip
