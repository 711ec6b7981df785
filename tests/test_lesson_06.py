"""Lesson 6: the numbers that it states, computed anew."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdtutor import descend, gd, live, schedules, theory
from gdtutor.course import learning_rates as lesson
from gdtutor.data import breast_cancer, diabetes, five_points, standardise, two_moons
from gdtutor.landscapes import landscape, noisy
from gdtutor.models import linear, minibatch, mlp

valley = landscape(lambda x, y, *, k=100.0: (x**2 + k * y**2) / 2)
canyon = landscape(lambda x, y: 0.01 * x**2 + y**2 / 2 + y**4 / 4)
RISE = schedules.warmup(20)
FALL = schedules.constant(1.0).then(schedules.linear(1.0, 0.0, 40), 160)


@pytest.fixture(scope="module")
def patients():
    """The lesson's model: all ten measurements, everything standardised."""
    data = diabetes()
    return linear(standardise(data.X), standardise(data.y[:, None])[:, 0])


def best_fit(model):
    """Return the weights of least squares."""
    return np.linalg.lstsq(model.A, model.y, rcond=None)[0]


def steps_needed(k, lr, most):
    """Return the steps until the larger coordinate is at most 1e-6, from (1, 1); None if never."""
    path = descend(valley(k=k), (1.0, 1.0), gd(lr=lr), most)
    there = np.abs(path.x).max(axis=1) <= 1e-6
    return int(there.argmax()) if there.any() else None


# ------------------------------------------------------------------- the limit


def test_five_regimes():
    """Halve, one step, alternate, bounce between two points, diverge, on ½Lx² for any L."""
    products = np.array([0.5, 1, 1.5, 2, 2.1])
    for L in (0.25, 1.0, 7.0):
        hill = landscape(lambda x, *, c=L: c * x**2 / 2)
        path = descend(hill, 1.0, gd(lr=products[:, None] / L), 6)
        factor = np.array([0.5, 0, -0.5, -1, -1.1])
        assert_allclose(path.x[..., 0], factor ** np.arange(7)[:, None], atol=1e-9)
    names = ["settles", "one step", "zigzag", "bounces for ever", "diverges"]
    assert theory.regime(products, 1.0).tolist() == names


def test_the_steeper_hill():
    """The first prediction: lr 0.8 on curvature 1 and 4."""
    assert_allclose(theory.gd_factor(0.8, [1, 4]), [0.2, -2.2])


def test_a_growing_loss_tells_the_curvature():
    """The losses of the second prediction belong to lr·L = 2.2, and give L away; x changes sides."""
    lr, L = 0.3143, 7
    assert_allclose([round(1.2 ** (2 * t), 2) for t in range(4)], [1, 1.44, 2.07, 2.99])
    path = descend(landscape(lambda x: L * x**2 / 2), 0.5345, gd(lr=lr), 5)
    assert_allclose(path.f[:4], [1, 1.44, 2.07, 2.99], atol=0.006)
    assert (path.x[1:] * path.x[:-1] < 0).all()
    assert_allclose((1 + np.sqrt(path.f[-1] / path.f[-2])) / lr, L, rtol=1e-6)


# ------------------------------------------------------------------- the valley


def worst_of_1_and_9(lr):
    """Return the rate where the curvatures are 1 and 9."""
    return theory.gd_rate(lr, [1, 9]).max()


def test_steps_in_the_valley():
    """The best lr, 1/L, beyond the limit; between the best lr and the limit it is slower again."""
    tried = (2 / 101, 1 / 100, 2.01 / 100)
    assert [steps_needed(100, lr, 1500) for lr in tried] == [691, 1375, None]
    assert steps_needed(100, 0.0197, 3000) > 691 < steps_needed(100, 0.0199, 3000)
    assert_allclose(min(np.linspace(0.01, 0.23, 2201), key=worst_of_1_and_9), 2 / (1 + 9))


def test_ten_times_as_narrow_ten_times_the_steps():
    """And what the question accepts and refuses."""
    assert [steps_needed(k, 2 / (1 + k), 7000) for k in (1, 10, 100, 1000)] == [1, 69, 691, 6908]
    ask = lesson.find("ten-times")
    assert (ask.value, list(ask.traps)) == (6908, [691, 2185])
    assert ask.judge(6910).right


# ------------------------------------------------------------- real data, units


def test_curvatures_of_the_patients(patients):
    """κ = 470 and 2/L = 0.248, against 0.000014 for raw features."""
    curvatures = np.linalg.eigvalsh(patients.hess(patients.start))
    assert_allclose([curvatures[-1], theory.gd_limit(curvatures)], [8.048, 0.2485], rtol=1e-3)
    assert round(curvatures[-1] / curvatures[0]) == 470
    raw = linear(diabetes().X, patients.y)
    assert float(f"{theory.gd_limit(np.linalg.eigvalsh(raw.hess(raw.start))):.2g}") == 1.4e-5


def test_a_divergent_walk_is_a_power_iteration(patients):
    path = descend(patients, patients.start, gd(lr=0.3), 40)
    size = np.linalg.norm(np.diff(path.x, axis=0), axis=1)
    L = np.linalg.eigvalsh(patients.hess(patients.start))[-1]
    assert_allclose((1 + size[-1] / size[-2]) / 0.3, L, rtol=1e-9)


def gain_steps(model):
    """Return steps of lr = 1/L until 99 % of the gain is there, and κ."""
    lam, Q = np.linalg.eigh(model.hess(model.start))
    excess = lam * (Q.T @ best_fit(model)) ** 2

    def left(k):
        return (excess * (1 - lam / lam[-1]) ** (2.0 * k)).sum() / excess.sum()

    low, high = 0, 2**60
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if left(middle) <= 0.01 else (middle, high)
    return high, lam[-1] / lam[0]


@pytest.mark.parametrize(
    ("data", "steps", "kappas"),
    [
        (diabetes, [6.28e7, 5.40e4, 10], [5.24e7, 7.63e4, 470]),
        (breast_cancer, [2.07e10, 5.34e9, 485], [2.38e12, 6.32e11, 9.98e4]),
    ],
)
def test_what_scaling_brings(data, steps, kappas):
    """Raw, mean subtracted, standardised."""
    X, y = data()
    y = standardise(y[:, None])[:, 0]
    tables = X, X - X.mean(axis=0), standardise(X)
    found = np.array([gain_steps(linear(table, y)) for table in tables])
    assert_allclose(found[:, 0], steps, rtol=0.005)
    assert_allclose(found[:, 1], kappas, rtol=0.005)


def test_the_gap_of_the_five_points():
    """The retrieval question: 0.618 after 1000 steps, and half the gap every 200 or so."""
    model = linear(*five_points())
    slope = descend(model, model.start, gd(lr=0.01), 1205).x[:, 0]
    assert round(slope[1000], 3) == 0.618
    assert_allclose((slope[1205] - 0.6) / (slope[1000] - 0.6), 0.5, atol=0.01)


# ------------------------------------------------------------------- schedules


@pytest.fixture(scope="module")
def trained(patients):
    """Loss above the lowest, (epoch, schedule, seed): constant, step, cosine, from 0.1."""
    t = np.arange(100)
    rates = 0.1 * np.stack([1 + 0.0 * t, 0.1 ** (t // 30), (1 + np.cos(np.pi * t / 100)) / 2])
    rates = np.repeat(rates, 14, axis=1)
    runs = []
    for seed in range(10):
        opt = gd(lr=lambda t: rates[:, t, None])
        f = minibatch(patients, 32, seed=seed)
        runs.append(descend(f, np.zeros((3, patients.dim)), opt, 1400, every=14).f)
    return np.stack(runs, axis=-1) - patients(best_fit(patients))


def test_the_cut_at_epoch_30(trained):
    """The jitter is there from epoch 5 on, and shrinks tenfold within a few epochs."""
    constant, step, cosine = np.moveaxis(trained.mean(axis=-1), 1, 0)
    assert constant[5:30].min() > 0.6 * constant[5:30].mean()
    assert step[32] < constant[20:30].mean() / 4
    assert_allclose(step[36], constant[5:].mean() / 10, rtol=0.4)
    assert_allclose(step[40], constant[20:30].mean() / 10, rtol=0.5)
    assert step[60] - step[100] < 0.1 * step[60]  # the later cuts gain nothing
    assert cosine[30] > 5 * step[36]
    assert_allclose([constant[-1], step[-1], cosine[-1]], [0.0112, 0.00075, 0.00032], rtol=0.03)


def test_without_noise_decay_costs(patients):
    """By a factor of ten; the cosine's lr is half as large on average."""
    plan = schedules.cosine(0.1, 1400)
    assert_allclose(plan(np.arange(1400)).mean(), 0.05, rtol=1e-3)
    lowest = patients(best_fit(patients))
    ends = [descend(patients, patients.start, gd(lr=lr), 1400).f[-1] for lr in (0.1, plan)]
    assert 10 < (ends[1] - lowest) / (ends[0] - lowest) < 12


def end_of(plan, runs=100):
    """Return the losses after 200 steps in the noisy canyon, and the part of the way in them."""
    f = noisy(canyon, sigma=0.2, seed=6)
    path = descend(f, np.tile((10.0, 2.0), (runs, 1)), gd(lr=plan), 200)
    return path.f[-1], 0.01 * path.end[:, 0] ** 2


def test_the_canyon():
    """Curvature 13 at the start and 1 at the bottom; 0.4 is what the start bears."""
    assert_allclose(canyon.hess((10.0, 2.0))[1, 1], 13, rtol=1e-5)
    assert_allclose(canyon.hess((0.0, 0.0))[1, 1], 1, rtol=1e-5)
    with np.errstate(all="ignore"):
        lost = {lr: np.mean(~np.isfinite(end_of(lr)[0])) for lr in (0.35, 0.45)}
    assert lost == {0.35: 0, 0.45: 1}
    assert np.isfinite(end_of(RISE * 1.0)[0]).all()


def test_each_phase_has_its_work():
    """Warm-up allows the large lr, which shortens the way; decay quiets the jitter."""
    plans = {"none": 0.35, "decay": 0.35 * FALL, "warm-up": RISE * 1.0, "both": RISE * FALL}
    ends = {name: end_of(plan) for name, plan in plans.items()}
    loss = {name: f.mean() for name, (f, _) in ends.items()}
    way = {name: w.mean() for name, (_, w) in ends.items()}
    assert_allclose(list(loss.values()), [0.0665, 0.0813, 0.0385, 0.0113], rtol=0.01)
    assert max(way["warm-up"], way["both"]) < way["none"] / 4
    for plain, quiet in [("none", "decay"), ("warm-up", "both")]:
        assert loss[quiet] - way[quiet] < (loss[plain] - way[plain]) / 4
    same_peak = end_of(RISE * 0.35)[0].mean()
    assert 1 < same_peak / loss["none"] < 1.3  # the grain of truth
    assert end_of(schedules.cosine(0.35, 200))[0].mean() > 3 * loss["none"]


# ---------------------------------------------------------------- live figures


def test_some_small_batches_are_nearly_three_times_as_steep(patients):
    """Which is why a range test with batches of 8 turns early."""
    f = minibatch(patients, 8)
    steepest = [np.linalg.eigvalsh(f.at(t).hess(f.start))[-1] for t in range(1, 57)]
    L = np.linalg.eigvalsh(patients.hess(patients.start))[-1]
    assert_allclose(max(steepest) / L, 2.8, rtol=0.02)


def test_what_the_text_says_of_the_live_figures():
    turns = live.range_test()
    assert_allclose(turns.look(batch="all 442")["found"], 1.4, rtol=0.02)
    assert_allclose(turns.look(batch="8")["found"], 0.067, rtol=0.02)


# ------------------------------------------------------------------- the edge


def test_sharpness_climbs_to_the_edge():
    """And the larger lr ends lower. Two of the five starts, to be quick."""
    net = mlp(*two_moons(n=100, labels=(-1, 1)), hidden=(16,))
    starts, lrs = np.stack([net.initial(0), net.initial(3)]), np.array([0.1, 0.3])
    path = descend(
        net, np.broadcast_to(starts, (2, 2, 65)), gd(lr=lrs[:, None, None]), 4000, every=4000
    )
    w, h = path.end[..., None, :], 1e-5 * np.eye(net.dim)
    hess = (net.grad(w + h) - net.grad(w - h)) / 2e-5
    share = np.linalg.eigvalsh(hess)[..., -1] * lrs[:, None] / 2
    assert (share[0] < 0.7).all()
    assert_allclose(share[1], 1, atol=0.06)
    assert (path.f[-1][1] < path.f[-1][0]).all()
    assert (path.f[-1] < 0.3 * path.f[0]).all()
