"""Closed forms against runs of the engine, and the numbers that the lessons quote."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdtutor import (
    adagrad,
    adam,
    adam_l2,
    adam_uncorrected,
    adamw,
    descend,
    gd,
    momentum,
    nesterov,
    theory,
)
from gdtutor.landscapes import bowl, landscape, noisy, noisy_quadratic, saddle
from gdtutor.models import linear, ridge

H = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.3], [0.1, -0.3, 0.5]])
CURVATURE = np.linalg.eigvalsh(H)
X0 = np.array([[1.0, -2.0, 0.5], [0.3, 0.1, 4.0]])


@landscape(dim=3)
def quadratic(x):
    """½ xᵀHx."""
    return np.einsum("...i,ij,...j->...", x, H, x) / 2


@quadratic.gradient
def quadratic(x):
    return x @ H


def half(curvature):
    """Return ½ · curvature · x²."""
    return landscape(
        lambda x: curvature * x**2 / 2, grad=lambda x: curvature * x, hess=lambda x: curvature
    )


def until(path, below):
    """Return the first step at which all coordinates are at most `below` in size."""
    return int(np.argmax(np.abs(path.x).max(axis=-1) <= below))


# --- paths -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lr", [0.01, 0.3, 0.8, 1.1])
def test_path_of_gd(lr):
    path = descend(quadratic, X0, gd(lr=lr), 40)
    known = theory.gd_path(H, X0, lr, 40)
    np.testing.assert_allclose(path.x, known, rtol=1e-10, atol=1e-13 * np.abs(known).max())


@pytest.mark.parametrize(("lr", "beta"), [(0.1, 0.0), (0.3, 0.5), (0.2, 0.9), (1.4, 0.9)])
def test_path_of_heavy_ball(lr, beta):
    path = descend(quadratic, X0, momentum(lr=lr, momentum=beta), 60)
    known = theory.heavy_ball_path(H, X0, lr, beta, 60)
    np.testing.assert_allclose(path.x, known, rtol=1e-10, atol=1e-12 * np.abs(known).max())


def test_heavy_ball_without_momentum_is_gd():
    one, other = theory.heavy_ball_path(H, X0, 0.3, 0.0, 20), theory.gd_path(H, X0, 0.3, 20)
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


def test_path_needs_a_symmetric_matrix():
    with pytest.raises(ValueError, match="symmetric"):
        theory.gd_path([[1.0, 2.0], [0.0, 1.0]], [1.0, 1.0], 0.1, 3)
    with pytest.raises(ValueError, match="symmetric"):
        theory.heavy_ball_path([1.0, 2.0], [1.0, 1.0], 0.1, 0.5, 3)


# --- limits ----------------------------------------------------------------------------------------


def grows(opt, curvature):
    """Return whether a run on ½λx² gets larger in the long run."""
    x = np.abs(descend(half(curvature), 1.0, opt, 4000).x[:, 0])
    return x[-500:].max() > x[:500].max()


@pytest.mark.parametrize("curvature", [0.3, 7.0])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9])
@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("gd", lambda curvature, beta: theory.gd_limit(curvature)),
        ("momentum", theory.heavy_ball_limit),
        ("nesterov", theory.nesterov_limit),
    ],
)
def test_limit_is_where_runs_begin_to_grow(rule, limit, beta, curvature):
    knobs = {} if rule == "gd" else {"momentum": beta}
    opt = {"gd": gd, "momentum": momentum, "nesterov": nesterov}[rule]
    lr = limit(curvature, beta)
    assert not grows(opt(lr=0.99 * lr, **knobs), curvature)
    assert grows(opt(lr=1.01 * lr, **knobs), curvature)


def test_the_largest_curvature_decides():
    assert theory.gd_limit([1.0, 100.0]) == 0.02
    assert theory.heavy_ball_limit([1.0, 100.0], 0.5) == theory.heavy_ball_limit(100.0, 0.5)
    assert theory.nesterov_limit([1.0, 100.0], 0.5) == theory.nesterov_limit(100.0, 0.5)


@pytest.mark.parametrize("curvature", [0.0, -1.0, [1.0, -1.0], [], np.nan])
def test_limits_need_positive_curvature(curvature):
    for limit in (
        theory.gd_limit,
        lambda c: theory.heavy_ball_limit(c, 0.5),
        lambda c: theory.nesterov_limit(c, 0.5),
        lambda c: theory.noisy_floor(0.1, c),
    ):
        with pytest.raises(ValueError, match="positive"):
            limit(curvature)


# --- rates -----------------------------------------------------------------------------------------


def matrix_radius(rule, lr, beta, curvature):
    """Return the spectral radius of the step on ½λx², its matrix read off the engine itself."""
    opt = {"momentum": momentum, "nesterov": nesterov}[rule](lr=lr, momentum=beta)
    columns = []
    for x, v in ((1.0, 0.0), (0.0, 1.0)):
        x_new, (v_new,) = opt.step(1, x, curvature * x, (v,))
        columns.append((x_new, v_new))
    return np.abs(np.linalg.eigvals(np.transpose(columns))).max()


@given(
    lr=st.floats(1e-3, 3.0),
    beta=st.floats(0.0, 0.99),
    curvature=st.floats(0.05, 3.0),
)
@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_rate_is_the_spectral_radius_of_the_engines_step(rule, lr, beta, curvature):
    rate = {"momentum": theory.heavy_ball_rate, "nesterov": theory.nesterov_rate}[rule]
    expected = matrix_radius(rule, lr, beta, curvature)
    # Where two roots meet, they are known to half of the digits only.
    np.testing.assert_allclose(rate(lr, beta, curvature), expected, rtol=1e-7, atol=1e-7)


def test_rates_broadcast_to_a_phase_diagram():
    lr, beta = np.linspace(0.01, 0.04, 5), np.linspace(0, 0.9, 4)[:, None]
    for rate in (theory.heavy_ball_rate, theory.nesterov_rate):
        assert rate(lr, beta, 100.0).shape == (4, 5)
        assert rate(lr, beta, 100.0)[2, 3] == rate(lr[3], beta[2, 0], 100.0)
    np.testing.assert_array_equal(theory.gd_rate(lr, 100.0), np.abs(1 - lr * 100.0))


def test_momentum_in_the_complex_region_has_rate_root_beta():
    beta = 0.7
    inside = np.linspace((1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2, 52)[1:-1]
    np.testing.assert_allclose(theory.heavy_ball_rate(inside, beta, 1.0), beta**0.5, rtol=1e-12)


@given(low=st.floats(0.01, 1.0), kappa=st.floats(1.0, 1e4), away=st.floats(1e-3, 0.2))
def test_best_lr_of_gd_is_best(low, kappa, away):
    curvature = np.array([low, low * kappa])
    lr, rate = theory.gd_best(*curvature)
    assert theory.gd_rate(lr, curvature).max() == pytest.approx(rate, abs=1e-12)
    for other in (lr * (1 - away), lr * (1 + away)):
        assert theory.gd_rate(other, curvature).max() > rate


@given(
    kappa=st.floats(1.5, 1e4),
    lr_away=st.floats(-0.2, 0.2),
    beta_away=st.floats(-0.2, 0.2),
)
def test_best_lr_and_beta_of_heavy_ball_are_best(kappa, lr_away, beta_away):
    curvature = np.array([1.0, kappa])
    lr, beta, rate = theory.heavy_ball_best(*curvature)
    # Double roots: an error of ε in the coefficients is one of √ε in the roots.
    assert theory.heavy_ball_rate(lr, beta, curvature).max() == pytest.approx(rate, abs=1e-6)
    assume(abs(lr_away) + abs(beta_away) > 1e-3)
    other = theory.heavy_ball_rate(lr * (1 + lr_away), min(beta * (1 + beta_away), 1.0), curvature)
    assert other.max() > rate - 1e-9


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.5), (2.0, 50.0), (0.1, 100.0)])
def test_best_lr_and_beta_of_nesterov_are_what_a_search_finds(low, high):
    best = theory.nesterov_best(low, high)

    def worst(lr, beta):
        return np.maximum(*(theory.nesterov_rate(lr, beta, c) for c in (low, high)))

    assert worst(*best[:2]) == pytest.approx(best[2], abs=1e-6)  # a double root
    lr, beta, half_lr, half_beta = 1 / high, 0.5, 1 / high, 0.5
    for _ in range(40):  # ever smaller grids around the best pair so far
        lrs, betas = np.meshgrid(
            np.linspace(max(lr - half_lr, 0), lr + half_lr, 41),
            np.linspace(max(beta - half_beta, 0), min(beta + half_beta, 1), 41),
        )
        rates = worst(lrs, betas)
        i = np.unravel_index(rates.argmin(), rates.shape)
        lr, beta, half_lr, half_beta = lrs[i], betas[i], 0.7 * half_lr, 0.7 * half_beta
        assert rates.min() > best[2] - 1e-9
    np.testing.assert_allclose((lr, beta, rates.min()), best, rtol=1e-3)


def test_equal_curvatures_need_one_step():
    assert theory.gd_best(4.0, 4.0) == (0.25, 0.0)
    assert theory.heavy_ball_best(4.0, 4.0) == (0.25, 0.0, 0.0)
    assert theory.nesterov_best(4.0, 4.0) == (0.25, 0.0, 0.0)


@pytest.mark.parametrize("best", [theory.gd_best, theory.heavy_ball_best, theory.nesterov_best])
def test_best_needs_curvatures_in_order(best):
    with pytest.raises(ValueError, match="smallest curvature comes first"):
        best(2.0, 1.0)
    with pytest.raises(ValueError, match="positive"):
        best(0.0, 1.0)


# --- regimes and counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "name", "x"),
    [
        (0.05, "creeps", [1, 0.95, 0.9025, 0.857375]),
        (0.1, "settles", [1, 0.9, 0.81, 0.729]),
        (0.5, "settles", [1, 0.5, 0.25, 0.125]),
        (1.0, "one step", [1, 0, 0, 0]),
        (1.5, "zigzag", [1, -0.5, 0.25, -0.125]),
        (2.0, "bounces for ever", [1, -1, 1, -1]),
        (2.1, "diverges", [1, -1.1, 1.21, -1.331]),
        (0.0, "stays", [1, 1, 1, 1]),
        (-0.5, "diverges", [1, 1.5, 2.25, 3.375]),
    ],
)
def test_the_regimes_of_lr_times_curvature(a, name, x):
    curvature = np.copysign(4.0, a)
    lr = a / curvature
    assert theory.regime(lr, curvature) == name
    path = descend(half(curvature), 1.0, gd(lr=lr), 3)
    np.testing.assert_allclose(path.x[:, 0], x, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(theory.gd_factor(lr, curvature) ** np.arange(4), x, atol=1e-15)


def test_regime_forgives_rounding():
    assert theory.regime(0.1 + 0.2, 1 / 0.3) == "one step"
    assert theory.regime(2 * (0.1 + 0.2), 1 / 0.3) == "bounces for ever"
    assert theory.regime(0.9999999, 1.0) == "settles"
    assert tuple(theory.regime([0, 0.09, 0.1, 1, 1.1, 2, 2.1], 1.0)) == theory.REGIMES


@pytest.mark.parametrize(("lr", "steps"), [(2 / 101, 691), (1 / 100, 1375)])
def test_steps_of_gd_at_condition_number_100(lr, steps):
    path = descend(bowl(kappa=100), (1.0, 1.0), gd(lr=lr), 1500)
    assert until(path, 1e-6) == steps
    assert theory.steps_to(1e-6, theory.gd_rate(lr, [1.0, 100.0]).max()) == steps


def test_steps_of_heavy_ball_at_condition_number_100():
    lr, beta, rate = theory.heavy_ball_best(1.0, 100.0)
    path = descend(bowl(kappa=100), (1.0, 1.0), momentum(lr=lr, momentum=beta), 200)
    assert until(path, 1e-6) == 95
    # The rate alone promises fewer: the double root costs a factor t.
    assert theory.steps_to(1e-6, rate) == 69


def test_a_little_beyond_the_limit_diverges():
    lr = 2.01 / 100
    assert theory.regime(lr, 100.0) == "diverges"
    path = descend(bowl(kappa=100), (1.0, 1.0), gd(lr=lr), 1500)
    assert abs(path.end[1]) > 1e6


def test_steps_to():
    assert theory.steps_to([0.25, 0.26, 0.24], 0.5).tolist() == [2.0, 2.0, 3.0]
    assert theory.steps_to(1.0, 0.5) == theory.steps_to(2.0, 0.5) == 0.0
    assert theory.steps_to(1e-3, 0.0) == 1.0
    assert theory.steps_to(1e-3, [1.0, 1.5]).tolist() == [np.inf, np.inf]
    assert theory.steps_to(1e-3, 0.1, start=100.0) == 5.0


def test_leaving_a_saddle_takes_the_logarithm_of_how_near_one_began():
    assert theory.escape_steps(0.1, -2.0, 1e-6) == 76
    path = descend(saddle, (1.0, 1e-6), gd(lr=0.1), 100)  # x² − y²
    assert int(np.argmax(np.abs(path.x[:, 1]) > 1)) == 76
    assert theory.escape_steps(0.1, -2.0, 1e-12) in (151, 152)
    assert theory.escape_steps(0.1, -2.0, 5.0) == 0
    with pytest.raises(ValueError, match="negative curvature"):
        theory.escape_steps(0.1, 2.0, 1e-6)


# --- noise -----------------------------------------------------------------------------------------

RUNS = 20_000
# An estimate of a variance from n normal numbers has the relative error √(2/n): five of them.
SPREAD = 5 * np.sqrt(2 / RUNS)


@pytest.mark.parametrize(("lr", "curvature", "sigma"), [(0.1, 1.0, 1.0), (0.4, 3.0, 0.5)])
def test_mean_and_variance_under_noise(lr, curvature, sigma):
    f = noisy(half(curvature), sigma=sigma, seed=3)
    path = descend(f, np.full((RUNS, 1), 2.0), gd(lr=lr), 12)
    variance = theory.noisy_variance(np.arange(13), lr, curvature, sigma)
    np.testing.assert_allclose(path.x[1:, :, 0].var(axis=1), variance[1:], rtol=SPREAD)
    mean = theory.noisy_mean(np.arange(13), lr, curvature, 2.0)
    error = np.abs(path.x[:, :, 0].mean(axis=1) - mean)
    assert (error <= 5 * np.sqrt(variance / RUNS) + 1e-12).all()


def test_variance_is_the_sum_of_what_the_steps_leave():
    lr, curvature, sigma = 0.3, 2.0, 0.7
    x = 0.0
    for t in range(20):
        assert theory.noisy_variance(t, lr, curvature, sigma) == pytest.approx(x, rel=1e-12)
        x = (1 - lr * curvature) ** 2 * x + lr**2 * sigma**2


def test_variance_on_the_edge_grows_with_the_steps():
    # lr·λ = 2, and lr·λ = 0: nothing is forgotten.
    assert theory.noisy_variance(7, 1.0, 2.0, sigma=3.0) == 63.0
    assert theory.noisy_variance([1, 7], 1.0, 0.0).tolist() == [1.0, 7.0]


@given(lr=st.floats(0.01, 1.9), curvature=st.floats(0.1, 1.0), sigma=st.floats(0.1, 9.0))
def test_the_floor_is_where_the_variance_goes(lr, curvature, sigma):
    t = 40 / min(lr * curvature, 2 - lr * curvature)
    late = theory.noisy_variance(t, lr, curvature, sigma)
    np.testing.assert_allclose(theory.noisy_floor(lr, curvature, sigma), late, rtol=1e-9)


@given(lr=st.floats(0.01, 1.9))
def test_floor_of_sgd_on_one_example_at_a_time(lr):
    assert theory.noisy_floor(lr, 1.0) == pytest.approx(lr / (2 - lr), rel=1e-12)


def test_floor_of_sgd_in_the_engine():
    lr, f = 0.3, noisy(half(1.0), sigma=1.0, seed=1)
    path = descend(f, np.zeros((RUNS, 1)), gd(lr=lr), 40)
    assert path.end.var() == pytest.approx(lr / (2 - lr), rel=SPREAD)


def test_floor_of_the_noisy_quadratic():
    lr, batch, h = 0.5, 4, 1 / np.arange(1, 4)
    f = noisy_quadratic(dim=3, batch_size=batch, seed=2)
    path = descend(f, np.zeros((RUNS, 3)), gd(lr=lr), 60)
    floor = theory.noisy_floor(lr, h, np.sqrt(h / batch))
    np.testing.assert_allclose(floor, lr / (batch * (2 - lr * h)), rtol=1e-12)
    np.testing.assert_allclose(path.end.var(axis=0), floor, rtol=SPREAD)


def test_no_floor_beyond_the_limit():
    assert theory.noisy_floor([0.5, 2.0, 2.5], 1.0).tolist() == [1 / 3, np.inf, np.inf]


# --- filters ---------------------------------------------------------------------------------------


@pytest.fixture
def data():
    rng = np.random.default_rng(5)
    X = rng.standard_normal((30, 4)) * (3.0, 1.0, 0.5, 0.1)
    return X, X @ (1.0, -2.0, 3.0, 4.0) + 0.1 * rng.standard_normal(30)


def kept(w, X, y):
    """Return what part of the least-squares solution w is, by eigenvector, and the curvatures."""
    curvature, Q = np.linalg.eigh(2 * X.T @ X / len(X))
    return (Q.T @ w) / (Q.T @ np.linalg.lstsq(X, y)[0]), curvature


def test_early_stopping_is_a_filter(data):
    X, y = data
    f = linear(X, y, intercept=False)
    w = descend(f, f.start, gd(lr=0.05), 25).end
    share, curvature = kept(w, X, y)
    np.testing.assert_allclose(share, theory.early_stopping_filter(0.05, curvature, 25), rtol=1e-9)


def test_ridge_is_a_filter(data):
    X, y = data
    f = ridge(X, y, strength=0.3, intercept=False)
    w = np.linalg.solve(f.hess(f.start), -f.grad(f.start))  # Newton's step arrives
    share, curvature = kept(w, X, y)
    np.testing.assert_allclose(share, theory.ridge_filter(curvature, 0.3), rtol=1e-9)


# --- numbers that the lessons quote ----------------------------------------------------------------


def test_best_step_of_a_difference_quotient():
    """Truncation against cancellation: √ε for forward differences of sin, ε^⅓ for central ones."""
    h, x = np.logspace(-15, -1, 1401), np.linspace(0.3, 1.2, 50)[:, None]
    forward = np.median(np.abs((np.sin(x + h) - np.sin(x)) / h - np.cos(x)), axis=0)
    central = np.median(np.abs((np.sin(x + h) - np.sin(x - h)) / (2 * h) - np.cos(x)), axis=0)
    assert 6e-10 < h[np.argmin(forward)] < 6e-8
    assert 6e-7 < h[np.argmin(central)] < 6e-5
    assert central.min() < forward.min() / 100
    # Smaller isn't better.
    assert forward[0] > 1e4 * forward.min()


@pytest.mark.parametrize(("n", "share"), [(1, 0.5), (2, 0.147), (3, 0.025), (4, 0.0026)])
def test_share_of_random_symmetric_matrices_that_curve_up_everywhere(n, share):
    runs = 200_000
    A = np.random.default_rng(n).standard_normal((runs, n, n))
    found = np.mean(np.linalg.eigvalsh((A + np.swapaxes(A, 1, 2)) / 2**0.5)[:, 0] > 0)
    # Five standard errors of a share, and half a unit of the last digit quoted.
    assert abs(found - share) < 5 * np.sqrt(share / runs) + {1: 0.0, 4: 5e-5}.get(n, 5e-4)


def test_share_of_five_by_five_is_one_in_ten_thousand():
    A = np.random.default_rng(5).standard_normal((400_000, 5, 5))
    found = np.mean(np.linalg.eigvalsh(A + np.swapaxes(A, 1, 2))[:, 0] > 0)
    assert 0.5e-4 < found < 2.5e-4


@pytest.mark.parametrize("g", [1e-3, -200.0])
def test_first_step_of_adam_is_lr_whatever_the_gradient(g):
    step = adam(lr=0.01).step(1, 0.0, g)[0]
    assert step == pytest.approx(-0.01 * np.sign(g), rel=1e-4)
    uncorrected = adam_uncorrected(lr=0.01).step(1, 0.0, g)[0]
    assert uncorrected / step == pytest.approx(3.16, rel=1e-3)


@pytest.mark.parametrize(
    ("rule", "opt", "left"), [("adam_l2", adam_l2, 0.224), ("adamw", adamw, 0.905)]
)
def test_decay_where_data_say_nothing(rule, opt, left):
    flat = landscape(lambda x: 0 * x, grad=lambda x: 0 * x)
    w = descend(flat, 1.0, opt(lr=0.01, weight_decay=0.1), 100).end[0]
    assert w == pytest.approx(left, abs=5e-4)


def test_adagrad_goes_like_the_root_of_time():
    slope = landscape(lambda x: 5 * x, grad=lambda x: 5 + 0 * x)
    for t in (100, 10_000):
        gone = -descend(slope, 0.0, adagrad(lr=0.1), t, every=t).end[0]
        assert gone == pytest.approx(2 * 0.1 * t**0.5, rel=1 / t**0.5)


def test_ten_sigmoids_leave_next_to_nothing_of_a_gradient():
    def chain(x):
        for _ in range(10):
            x = 1 / (1 + np.exp(-x))
        return x

    x = np.linspace(-9, 9, 2001)
    slopes = chain(x + 1e-20j).imag / 1e-20  # complex step
    bound = 0.25**10
    assert bound == pytest.approx(9.5e-7, rel=0.01)
    assert 0 < slopes.max() <= bound
