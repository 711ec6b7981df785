"""Every loss against a second formula, its derivatives, extreme inputs and its error messages."""

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest

from gdtutor.losses import (
    CLASSES,
    LOSSES,
    NUMBERS,
    ZERO_ONE,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    huber,
    log_cosh,
    log_sum_exp,
    loss,
    mae,
    mse,
    probabilities,
    quantile,
    sigmoid,
    softplus,
    squared_hinge,
)

getcontext().prec = 60

VARIANTS = [*LOSSES, huber(delta=0.3), quantile(tau=0.9)]
SMOOTH = [a for a in VARIANTS if hasattr(a, "curvature")]
SCALES = [1e-3, 1.0, 30.0]


def examples(a, scale=1.0, n=12):
    """Predictions away from kinks, and a y of the right kind."""
    rng = np.random.default_rng(n)
    if a.targets is CLASSES:
        return scale * rng.standard_normal((n, 4)), rng.integers(4, size=n)
    y = rng.standard_normal(n) if a.targets is NUMBERS else rng.integers(2, size=n) * 1.0
    if a.targets not in (NUMBERS, ZERO_ONE):
        y = 2 * y - 1
    return y * (a.targets is NUMBERS) + scale * rng.standard_normal(n), y


# One example each, in plain Python, written differently from the package where that is possible.
def dec_bce(p, y):
    z = Decimal(float(p))
    s = 1 / (1 + (-z).exp())
    return float(-(s if y == 1 else 1 - s).ln())


def dec_ce(z, y):
    e = [Decimal(float(v)).exp() for v in z]
    return float(-(e[y] / sum(e)).ln())


REFERENCE = {
    "mse": lambda p, y: (y - p) ** 2,
    "mae": lambda p, y: max(y - p, p - y),
    "huber": lambda p, y, delta: (
        0.5 * (y - p) ** 2 if abs(y - p) <= delta else delta * (abs(y - p) - 0.5 * delta)
    ),
    "log_cosh": lambda p, y: float(
        ((Decimal(float(p - y)).exp() + Decimal(float(y - p)).exp()) / 2).ln()
    ),
    "quantile": lambda p, y, tau: max(tau * (y - p), (tau - 1) * (y - p)),
    "binary_cross_entropy": dec_bce,
    "cross_entropy": dec_ce,
    "hinge": lambda p, y: max(0.0, 1 - y * p),
    "squared_hinge": lambda p, y: max(0.0, 1 - y * p) ** 2,
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("a", VARIANTS, ids=repr)
def test_equals_its_formula(a, scale):
    p, y = examples(a, scale)
    expected = [REFERENCE[a.name](*pair, **a.parameters) for pair in zip(p, y)]
    np.testing.assert_allclose(a.each(p, y), expected, rtol=1e-12)
    assert a(p, y) == pytest.approx(math.fsum(expected) / len(expected), rel=1e-12)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("a", VARIANTS, ids=repr)
def test_slope_by_complex_step(a, scale):
    p, y = examples(a, scale)
    slope = a.slope(p, y)
    assert slope.shape == p.shape
    step = 1e-30j
    if a.targets is CLASSES:  # one logit at a time
        columns = [a.each(p + step * np.eye(4)[j], y).imag / 1e-30 for j in range(4)]
        expected = np.stack(columns, axis=-1)
    else:
        expected = a.each(p + step, y).imag / 1e-30
    np.testing.assert_allclose(slope, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("a", VARIANTS, ids=repr)
def test_grad_is_the_derivative_of_the_mean(a):
    p, y = examples(a)
    grad = a.grad(p, y)
    for place in np.ndindex(p.shape):
        h = np.zeros_like(p)
        h[place] = 1e-6
        assert grad[place] == pytest.approx((a(p + h, y) - a(p - h, y)) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("a", SMOOTH, ids=repr)
def test_curvature_is_the_derivative_of_the_slope(a):
    p, y = examples(a)
    expected = (a.slope(p + 1e-6, y) - a.slope(p - 1e-6, y)) / 2e-6
    np.testing.assert_allclose(a.curvature(p, y), expected, atol=1e-8)
    assert a.curvature(p, y).shape == p.shape


@pytest.mark.parametrize("a", VARIANTS, ids=repr)
def test_leading_axes_are_independent_models(a):
    p, y = examples(a)
    stack = np.stack([p, 2 * p, -p])
    assert a(stack, y).shape == (3,)
    np.testing.assert_allclose(a(stack, y), [a(one, y) for one in stack], rtol=1e-14)
    np.testing.assert_allclose(a.grad(stack, y), [a.grad(one, y) for one in stack], rtol=1e-14)
    before = p.copy(), np.copy(y)
    a(p, y), a.grad(p, y)
    np.testing.assert_array_equal(p, before[0])
    np.testing.assert_array_equal(y, before[1])


def test_leading_axes_of_y_and_swept_parameters():
    y = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert mse([0.0, 0.0], y).tolist() == [2.5, 12.5]
    taus = np.array([0.1, 0.5])[:, None]
    assert quantile(tau=taus)([[0.0], [0.0]], [10.0]).tolist() == [1.0, 5.0]


# ------------------------------------------------------------------ extreme inputs


@pytest.mark.parametrize("z", [0.0, 1.0, 40.0, 700.0, 1000.0])
def test_binary_cross_entropy_at_any_logit(z):
    right, wrong = binary_cross_entropy.each([z, -z], [1, 1])
    assert right == pytest.approx(math.log1p(math.exp(-z)), rel=1e-15)
    assert wrong == z + right
    slopes = binary_cross_entropy.slope(np.array([z, -z, z, -z]), np.array([1.0, 1, 0, 0]))
    tail = math.exp(-z) / (1 + math.exp(-z))
    np.testing.assert_allclose(slopes, [-tail, tail - 1, 1 - tail, tail], rtol=1e-15)


@pytest.mark.parametrize("z", [1.0, 50.0, 700.0, 1000.0])
def test_cross_entropy_at_any_logit(z):
    logits = np.array([[z, -z, -z], [z, -z, -z]])
    right, wrong = cross_entropy.each(logits, [0, 1])
    assert right == pytest.approx(math.log1p(2 * math.exp(-2 * z)), rel=1e-15)
    assert wrong == pytest.approx(2 * z + right, rel=1e-15)
    slope = cross_entropy.slope(logits, [0, 1])
    tail = math.exp(-2 * z) / (1 + 2 * math.exp(-2 * z))
    np.testing.assert_allclose(slope[0], [-2 * tail, tail, tail], rtol=1e-14)
    np.testing.assert_allclose(slope[1], [1 - 2 * tail, tail - 1, tail], rtol=1e-14)


def test_two_classes_are_the_binary_case():
    z, y = np.linspace(-60, 60, 25), np.arange(25) % 2
    both = cross_entropy.each(np.stack([np.zeros(25), z], axis=-1), y)
    np.testing.assert_allclose(both, binary_cross_entropy.each(z, y), rtol=1e-14)


@pytest.mark.parametrize("a", [a for a in VARIANTS if a.targets is not CLASSES], ids=repr)
@pytest.mark.parametrize("p", [0.0, 1000.0, -1000.0, 1e150, -1e150])
def test_nothing_overflows(a, p):
    y = np.array([1.0])  # warnings are errors in this suite
    value, slope = a([p], y), a.grad([p], y)
    assert math.isfinite(value)
    assert value >= 0
    assert np.isfinite(slope).all()


def test_log_cosh_keeps_tiny_and_huge_residuals():
    np.testing.assert_allclose(log_cosh.each([1e-10, 1e-3], 0), [5e-21, 5e-7 - 1e-12 / 12], 1e-12)
    assert log_cosh.each(1e6, 0) == 1e6 - math.log(2)
    assert log_cosh.each(1 - 1e-12, 0) == pytest.approx(log_cosh.each(1 + 1e-12, 0), rel=1e-11)


def test_helpers():
    z = np.array([-800.0, -20, -1, 0, 1, 20, 800])
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
    np.testing.assert_allclose(softplus(z) - softplus(-z), z, rtol=1e-15)
    assert sigmoid(-700) == pytest.approx(math.exp(-700), rel=1e-14)
    table = np.random.default_rng(0).normal(0, 300, (50, 6))
    np.testing.assert_allclose(probabilities(table).sum(-1), 1, rtol=1e-15)
    np.testing.assert_allclose(log_sum_exp(table + 5), log_sum_exp(table) + 5, rtol=1e-15)
    assert log_sum_exp([0.0, 0.0]) == math.log(2)


# -------------------------------------------------------------------- conventions


def test_subgradients_at_kinks_are_zero():
    assert mae.slope([1.0], [1.0]) == 0
    assert quantile(tau=0.9).slope([1.0], [1.0]) == 0
    assert hinge.slope([1.0, -1.0], [1.0, -1.0]).tolist() == [0, 0]
    assert squared_hinge.slope([1.0], [1.0]) == 0
    assert huber(delta=2).slope([2.0, -2.0], [0.0, 0.0]).tolist() == [2, -2]


def test_minimisers():
    y = np.array([1.0, 2.0, 4.0, 8.0, 30.0])
    grid = np.linspace(0, 31, 3101)
    constant = np.repeat(grid[:, None], 5, axis=1)

    def best(a):
        return grid[a(constant, y).argmin()]

    assert best(mse) == pytest.approx(y.mean())
    assert best(mae) == pytest.approx(4)
    assert best(quantile(tau=0.7)) == pytest.approx(8)
    assert best(huber(delta=5)) == pytest.approx(5)  # clipped residuals: −4 − 3 − 1 + 3 + 5 = 0


def test_against_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    p, y = examples(mse)
    tau = metrics.mean_pinball_loss(y, p, alpha=0.9)
    assert quantile(tau=0.9)(p, y) == pytest.approx(tau, rel=1e-13)
    z, y = examples(binary_cross_entropy)
    assert binary_cross_entropy(z, y) == pytest.approx(metrics.log_loss(y, sigmoid(z)), rel=1e-12)
    assert hinge(z, 2 * y - 1) == pytest.approx(metrics.hinge_loss(2 * y - 1, z), rel=1e-13)
    z, y = examples(cross_entropy)
    expected = metrics.log_loss(y, probabilities(z), labels=range(4))
    assert cross_entropy(z, y) == pytest.approx(expected, rel=1e-12)


def test_mean_not_sum_and_no_half():
    assert mse([2.0, 0.0], [0.0, 0.0]) == 2
    assert mse.grad([2.0, 0.0], [0.0, 0.0]).tolist() == [2, 0]


def test_integers_booleans_and_lists_are_welcome():
    assert mse([1, 2], np.array([0, 0], dtype=np.uint8)) == 2.5
    assert binary_cross_entropy([0, 0], [True, False]) == pytest.approx(math.log(2))
    assert cross_entropy(np.zeros((2, 3)), [0.0, 2.0]) == pytest.approx(math.log(3))


# ---------------------------------------------------------------------- the idiom


def test_configured_copies():
    narrow = huber(delta=0.5)
    assert narrow.parameters == {"delta": 0.5}
    assert huber.parameters == {"delta": 1.0}
    assert repr(narrow) == "huber(delta=0.5)"
    assert repr(mse) == "mse"
    assert narrow([10.0], [0.0]) == huber([10.0], [0.0], delta=0.5) == 0.5 * 9.75
    assert huber() is huber
    assert huber.__doc__.startswith("Huber")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: huber(detla=1), "no parameter 'detla'; it has delta"),
        (lambda: mse(prediction=[1.0], y=[1.0]), "mse(prediction, y)"),
        (lambda: huber(0.5), "it was given 1"),
        (lambda: loss(lambda y: y), "is no loss"),
        (lambda: loss(lambda prediction, y, delta=1: y), "is no loss"),
    ],
)
def test_type_errors(call, words):
    with pytest.raises(TypeError) as error:
        call()
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: huber(delta=0), "above 0"),
        (lambda: huber(delta=float("nan")), "above 0"),
        (lambda: quantile(tau=1.0), "between 0 and 1"),
        (lambda: quantile(tau=[0.1, 1.2]), "between 0 and 1"),
        (lambda: mse(np.zeros(3), np.zeros((3, 1))), "use y.ravel(), of shape (3,)"),
        (lambda: mse(np.zeros(3), np.zeros(4)), "one y for each example"),
        (lambda: mse(np.zeros((5, 3)), np.zeros(5)), "one y for each example"),
        (lambda: mse(3.0, 2.0), "mean over examples"),
        (lambda: mse([1.0], [np.nan]), "a missing value?"),
        (lambda: mse([1.0], ["spam"]), "Turn names into numbers"),
        (lambda: binary_cross_entropy([1.0, 1.0], [-1, 1]), "use (y + 1) / 2"),
        (lambda: binary_cross_entropy([1.0, 1.0], [1, 2]), "use cross_entropy"),
        (lambda: hinge([1.0, 1.0], [0, 1]), "use 2 * y - 1"),
        (lambda: squared_hinge.grad([1.0, 1.0], [0, 1]), "use 2 * y - 1"),
        (lambda: cross_entropy(np.zeros((2, 3)), [-1, 1]), "(y + 1) // 2"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0, 3]), "numbered from 0 to 2"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0, 0.5]), "class numbers"),
        (lambda: cross_entropy(np.zeros(3), [0, 1, 2]), "(..., n, k)"),
        (lambda: cross_entropy(np.zeros((3, 2)), [0, 1]), "beside 3 predictions"),
    ],
)
def test_value_errors(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert words in str(error.value)


def test_a_loss_of_ones_own():
    @loss
    def cubic(prediction, y, *, scale=1.0):
        """Cube."""
        return scale * (prediction - y) ** 3

    with pytest.raises(AttributeError, match=r"@cubic\.derivative"):
        cubic.grad([1.0], [0.0])
    assert not hasattr(cubic, "curvature")

    @cubic.derivative
    def _(prediction, y, *, scale):
        return 3 * scale * (prediction - y) ** 2

    assert cubic(scale=2).grad([2.0, 0.0], [0.0, 0.0]).tolist() == [12, 0]
