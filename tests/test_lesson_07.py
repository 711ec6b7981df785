"""Lesson 7: its oracles, and the numbers in its text and questions."""

import numpy as np
import pytest

from gdtutor import (
    annealing_naive,
    descend,
    gd,
    momentum,
    newton,
    perturbed_gd,
    random_restarts,
    theory,
)
from gdtutor.course import local_minima_and_saddles as lesson
from gdtutor.data import breast_cancer, standardise, two_moons
from gdtutor.landscapes import (
    bowl,
    double_well,
    flat_vs_sharp,
    high_dim_saddle,
    himmelblau,
    inflection,
    monkey_saddle,
    noisy,
    quartic,
    rastrigin,
    saddle,
    styblinski_tang,
    wavy,
)
from gdtutor.losses import binary_cross_entropy
from gdtutor.models import mlp


def hessian(grad, x, h=1e-5):
    """The Hessian from differences of the gradient, as in the notebook."""
    steps = h * np.eye(len(x))
    H = (grad(x + steps) - grad(x - steps)) / (2 * h)
    return (H + H.T) / 2


def curvatures(grad, x):
    """Its eigenvalues, the lowest first."""
    return np.linalg.eigvalsh(hessian(grad, x))


@pytest.fixture(scope="module")
def net():
    """The network on the tumours."""
    data = breast_cancer()
    return mlp(standardise(data.X), data.y, hidden=(3,), loss=binary_cross_entropy)


@pytest.fixture(scope="module")
def flat(net):
    """Where training from zero ends."""
    return descend(net, np.zeros(net.dim), gd(lr=0.1), 1200, every=1200).end


# ------------------------------------------------------------------------------- basins and level ground


def test_a_start_may_end_in_another_minimum_than_the_nearest():
    grid = np.linspace(-6, 6, 101)
    starts = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)

    def nearest(x):
        return np.linalg.norm(x[:, None] - himmelblau.minima, axis=-1).argmin(axis=1)

    end = descend(himmelblau, starts, gd(lr=0.001), 1000, every=1000).end
    assert round(100 * np.mean(nearest(starts) != nearest(end))) == 2


def test_himmelblau_is_level_at_nine_places():
    grid = np.linspace(-5, 5, 21)
    starts = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    level = np.unique(descend(himmelblau, starts, newton(), 60).end.round(6), axis=0)
    assert len(level) == 9
    down = [int((curvatures(himmelblau.grad, x) < 0).sum()) for x in level]
    assert sorted(down) == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    for x in level:
        np.testing.assert_allclose(hessian(himmelblau.grad, x), himmelblau.hess(x), rtol=1e-6)


@pytest.mark.parametrize("f", [quartic, monkey_saddle, inflection])
def test_where_the_hessian_is_zero_it_cannot_tell(f):
    assert np.abs(hessian(f.grad, np.zeros(f.dim))).max() < 1e-6  # the notebook's zero
    assert not np.any(f.hess(np.zeros(f.dim)))


# ------------------------------------------------------------------------------- saddles


@pytest.mark.parametrize(("nudge", "steps"), [(1e-3, 38), (1e-6, 76), (1e-9, 114), (1e-12, 152)])
def test_steps_from_a_nudge_until_y_is_above_one(nudge, steps):
    path = descend(saddle, (-1.5, nudge), gd(lr=0.1), 160)
    assert np.argmax(np.abs(path.x[:, 1]) > 1) == steps
    assert theory.escape_steps(0.1, -2.0, nudge) == steps
    if nudge == 1e-12:
        assert lesson.find("trillionth").value == steps


def test_a_shallow_way_down_takes_long_and_a_minimum_for_ever():
    for curvature, steps in ((-2.0, 76), (-0.2, 698), (-0.01, 13_823)):
        path = descend(bowl(kappa=curvature), (0.0, 1e-6), gd(lr=0.1), steps)
        assert [abs(y) > 1 for y in path.x[-2:, 1]] == [False, True]
    assert np.log(1e6) / np.log(1.001) == pytest.approx(13_822, abs=0.5)
    assert round(13_823 / 76, -1) == 180
    assert descend(bowl(kappa=2.0), (0.0, 1e-6), gd(lr=0.1), 200).end[1] < 1e-20


def test_no_random_start_ends_at_a_saddle():
    starts = np.random.default_rng(0).uniform(-6, 6, size=(10_000, 2))
    path = descend(himmelblau, starts, gd(lr=0.01), 1000, gtol=1e-6, every=1000)
    apart = np.linalg.norm(path.end[:, None] - himmelblau.minima, axis=-1).min(axis=1)
    assert apart.max() < 1e-6
    assert (np.median(path.steps), path.steps.max()) == (41, 115)


def test_training_from_zero_ends_at_a_saddle(net, flat):
    share = net.y.mean()
    assert net.dim == 97
    assert net(flat) == pytest.approx(-(share * np.log(share) + (1 - share) * np.log(1 - share)))
    assert net(flat) == pytest.approx(0.6603, abs=5e-5)
    assert net.accuracy(flat) == pytest.approx(0.627, abs=5e-4)
    assert np.linalg.norm(net.grad(flat)) < 1e-12
    found = curvatures(net.grad, flat)
    assert [(found < -1e-6).sum(), (found > 1e-6).sum()] == [3, 4]
    assert found[[0, -1]] == pytest.approx([-1.412, 1.412], abs=5e-4)
    assert np.log(1000) / np.log(1 - 0.1 * found[0]) == pytest.approx(52, abs=0.5)


def test_a_thousand_times_nearer_costs_52_steps_of_training(net, flat):
    starts = flat + np.array([[1e-3], [1e-6], [1e-9], [1e-12]]) * net.initial(0)
    steps = np.argmax(descend(net, starts, gd(lr=0.1), 220).f < 0.5, axis=0)
    assert steps.tolist() == [51, 103, 155, 208]


def test_a_hop_is_enough_to_leave_the_saddle_of_the_network(net, flat):
    rule = perturbed_gd(lr=0.1, radius=1e-3, threshold=1e-3)
    assert net.accuracy(descend(net, flat, rule, 400, every=400).end) == pytest.approx(
        0.986, abs=5e-4
    )


# ------------------------------------------------------------------------------- ways out


def escaped(lr, batch_size):
    """The share of 400 walkers that leave the shallow valley."""
    f = noisy(double_well, sigma=10, batch_size=batch_size)
    starts = np.tile(double_well.minima[1], (400, 1))
    path = descend(f, starts, gd(lr=lr), round(25 / lr), every=5)
    return (path.x[:, :, 0] < -0.5).any(axis=0).mean()


def test_escapes_depend_on_lr_over_batch_size():
    shares = np.array([[escaped(0.0125, B), escaped(0.05, 4 * B)] for B in (2, 4, 8)])
    error = np.sqrt(0.25 / 400)
    np.testing.assert_allclose(shares[:, 0], shares[:, 1], atol=3 * error)
    assert shares[0].min() > 0.75
    assert shares[1].max() < 0.25
    assert shares[2].max() == 0


def test_noise_that_does_not_cool_leaves_the_deep_valley_too():
    deep, shallow = double_well.minima
    top = double_well.maxima[0]
    assert double_well(top) == pytest.approx(1.01, abs=0.005)
    assert double_well(top) - double_well(shallow) == pytest.approx(0.72, abs=0.005)
    assert round(0.0125 * 10**2 / (2 * 4), 2) == 0.16
    stay = {}
    for B in (1, 64):
        f = noisy(double_well, sigma=10, batch_size=B)
        end = descend(f, np.tile(deep, (400, 1)), gd(lr=0.05), 500, every=500).end
        stay[B] = (end < top).mean()
    assert stay[1] == pytest.approx(0.6, abs=0.05)
    assert stay[64] == 1


def test_momentum_gets_across_from_above_the_hilltop_only():
    starts = np.linspace(1, 2, 1001)[:, None]
    needed = []
    for beta in (0, 0.5, 0.9, 0.95, 0.99):
        path = descend(double_well, starts, momentum(lr=0.01, momentum=beta), 1500, every=10)
        heights = double_well(starts[path.x[:, :, 0].min(axis=0) < -0.3, 0])
        needed.append(heights.min(initial=np.inf))
    assert needed == pytest.approx([np.inf, np.inf, 2.93, 1.68, 1.10], abs=0.005)
    assert min(needed) > double_well(double_well.maxima[0, 0])


def test_more_momentum_rolls_past_the_global_minimum():
    betas = np.array([0, 0.95, 0.97])
    end = descend(wavy, 7.0, momentum(lr=0.02, momentum=betas[:, None]), 5000, every=5000).end
    assert end[:, 0] == pytest.approx([5.22, -0.75, -3.74], abs=0.005)
    assert wavy.minimum[0] == pytest.approx(-0.75, abs=0.005)


@pytest.mark.parametrize("temperature", [0.1, 10.0])
def test_annealing_with_the_gradient_step_is_gradient_descent(temperature):
    starts = np.random.default_rng(0).uniform(-5.12, 5.12, size=(40, 2))
    naive = descend(rastrigin, starts, annealing_naive(lr=1e-3, temperature=temperature), 300)
    plain = descend(rastrigin, starts, gd(lr=1e-3), 300)
    np.testing.assert_array_equal(naive.x, plain.x)
    assert np.diff(naive.f, axis=0).max() < 1e-9


def test_restarts_find_it_with_one_minus_all_that_miss():
    path = random_restarts(styblinski_tang, gd(lr=0.01), 300, 20_000, every=300)
    found = path.f[-1] < styblinski_tang.minimum[1] + 0.01
    p = found.mean()
    assert p == pytest.approx(0.26, abs=0.005)
    for k in (2, 5, 10, 20):
        measured = found.reshape(-1, k).any(axis=1).mean()
        expected = 1 - (1 - p) ** k
        error = np.sqrt(expected * (1 - expected) / (20_000 / k))
        assert measured == pytest.approx(expected, abs=3 * error + 1e-3)
    assert lesson.find("five-starts").value == pytest.approx(1 - 0.74**5)
    assert round(1 - 0.7**10, 2) == 0.97  # the question about equal cost


def test_each_coordinate_must_start_on_the_right_side_of_the_hilltop():
    top = np.sort(np.roots([4, 0, -32, 5]))[1]
    assert top == pytest.approx(0.157, abs=5e-4)
    low, high = styblinski_tang.domain[0]
    assert (top - low) / (high - low) == pytest.approx(0.5157, abs=5e-5)
    for dim in (1, 5):
        f, p = styblinski_tang(dim=dim), 0.5157**dim
        path = random_restarts(f, gd(lr=0.01), 300, 20_000, every=300)
        found = (path.f[-1] < f(np.full(dim, -2.903534)) + 0.01).mean()
        assert found == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 20_000))


def test_a_shift_costs_more_in_the_sharp_valley():
    wide, sharp = flat_vs_sharp.minima[:, 0]
    assert flat_vs_sharp(sharp) < flat_vs_sharp(wide)
    assert flat_vs_sharp.hess(np.array([wide, sharp])) == pytest.approx([1, 110], abs=0.05)
    assert flat_vs_sharp(sharp + 0.1) > flat_vs_sharp(wide + 0.2)


# ------------------------------------------------------------------------------- many directions


def pfaffian(A):
    """The root of the determinant of an antisymmetric matrix."""
    if not len(A):
        return 1.0
    rest = [np.delete(np.arange(1, len(A)), j) for j in range(len(A) - 1)]
    return sum((-1) ** j * A[0, j + 1] * pfaffian(A[np.ix_(k, k)]) for j, k in enumerate(rest))


def all_within(n, x):
    """The weight of all random matrices whose n eigenvalues lie on x (de Bruijn's formula)."""
    h = x[1] - x[0]
    power = x ** np.arange(n)[:, None] * np.exp(-(x**2) / 4)
    area = np.cumsum(power, axis=1) * h - power * h / 2
    A = (2 * area - area[:, -1:]) @ power.T * h
    A = (A - A.T) / 2
    if n % 2:
        A = np.block([[A, area[:, -1:]], [-area[:, -1:].T, np.zeros((1, 1))]])
    return pfaffian(A)


def test_random_level_ground_is_seldom_a_minimum():
    x = (np.arange(28_000) + 0.5) * 5e-4
    exact = [all_within(n, x) / all_within(n, np.concatenate([-x[::-1], x])) for n in range(1, 6)]
    assert exact[:3] == pytest.approx(
        [1 / 2, (2 - np.sqrt(2)) / 4, (np.pi - 2 * np.sqrt(2)) / (4 * np.pi)], abs=1e-4
    )
    assert [float(f"{p:.2g}") for p in exact] == [0.5, 0.15, 0.025, 0.0025, 0.00014]
    assert round(1 / exact[4], -3) == 7000
    rng = np.random.default_rng(0)
    for n, expected in enumerate(exact[:4], start=1):
        A = rng.standard_normal((20_000, n, n))
        H = (A + np.swapaxes(A, 1, 2)) / np.sqrt(2)
        share = (np.linalg.eigvalsh(H)[:, 0] > 0).mean()
        error = np.sqrt(expected * (1 - expected) / 20_000)
        assert share == pytest.approx(expected, abs=4 * error), n
    assert round(0.5**5, 2) == 0.03
    assert round(np.log(3) / 4, 2) == 0.27  # Dean & Majumdar (2006)


def test_the_wider_the_network_the_fewer_bad_ends():
    bad = {}
    for width, seed in ((2, 0), (3, 0), (3, 1)):
        X = two_moons(seed=seed, n=100)
        f = mlp(*X, hidden=(width,), loss=binary_cross_entropy, weight_decay=1e-3)
        starts = np.stack([f.initial(k) for k in range(20)])
        path = descend(f, starts, momentum(lr=0.5), 800, every=800)
        bad[width, seed] = (path.f[-1] > path.f[-1].min() + 0.03).sum()
        if width == 2:
            end = path.end[path.f[-1].argmax()]
            assert np.linalg.norm(f.grad(end)) < 1e-5
            assert curvatures(f.grad, end)[0] == pytest.approx(0.0015, abs=5e-5)
    assert bad == {(2, 0): 16, (3, 0): 0, (3, 1): 2}


def test_the_index_is_four_times_the_height():
    f = high_dim_saddle(dim=6)
    places = np.array(np.meshgrid(*[[-1.0, 0.0, 1.0]] * 6)).reshape(6, -1).T
    index = (np.linalg.eigvalsh(f.hess(places)) < 0).sum(axis=1)
    np.testing.assert_allclose(f(places), index / 4, atol=1e-12)
    assert np.bincount(index).tolist() == [64, 192, 240, 160, 60, 12, 1]
    assert (index == 0).mean() == pytest.approx(0.09, abs=0.005)
    assert f"{(2 / 3) ** 100:.0e}" == "2e-18"


def test_a_walk_from_near_the_top_goes_down_six_stairs():
    f = high_dim_saddle(dim=6)
    heights = descend(f, 10.0 ** -np.arange(2, 14, 2), gd(lr=0.1), 400).f
    stairs = np.arange(1.5, -0.1, -0.25)
    steps_at = [int((np.abs(heights - stair) < 0.05).sum()) for stair in stairs]
    assert min(steps_at) >= 10
    assert sum(steps_at) > 0.5 * len(heights)
