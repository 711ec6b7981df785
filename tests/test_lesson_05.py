"""Lesson 5: what it says about batches, in numbers."""

import numpy as np
import pytest

from gdtutor import descend, gd, live, theory
from gdtutor.course import batch_variants
from gdtutor.data import batches_in, diabetes, standardise
from gdtutor.landscapes import double_well, noisy
from gdtutor.models import linear, minibatch
from gdtutor.plots import steps_until

PATIENTS = diabetes()
X = standardise(PATIENTS.X)
y = standardise(PATIENTS.y[:, None])[:, 0]
SIZES = (1, 16, 32, 64, 128, 442)
f = linear(X, y)
lowest = f(np.linalg.lstsq(f.A, y, rcond=None)[0])


def after(epochs, batch_size, lr, seed=0):
    """Return the loss after so many epochs."""
    k = batches_in(442, batch_size)
    return descend(minibatch(f, batch_size, seed), f.start, gd(lr=lr), epochs * k, every=k).f[-1]


@pytest.mark.parametrize(
    ("n", "batch_size", "updates", "last"), [(1000, 32, 32, 8), (442, 64, 7, 58), (442, 16, 28, 10)]
)
def test_updates_per_epoch_with_the_ragged_last_batch(n, batch_size, updates, last):
    model = linear(np.arange(float(n))[:, None], np.zeros(n))
    g = minibatch(model, batch_size)
    sizes = [g.at(t).n for t in range(1, updates + 2)]
    assert sizes == [batch_size] * (updates - 1) + [last, batch_size]


@pytest.mark.parametrize(
    ("name", "value"),
    [("per-epoch", 32), ("updates", 7), ("half", 0.5), ("tenth", 100), ("first-step", 1.6)],
)
def test_the_answers_are_numbers(name, value):
    question = batch_variants.find(name)
    assert question.value == pytest.approx(value)
    assert question.judge(value).right


def test_noise_is_sigma_over_the_root_of_b_and_right_on_average():
    each = np.stack([f.rows([i]).grad(f.start) for i in range(442)])
    sigma = np.sqrt(((each - each.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert each.mean(axis=0) == pytest.approx(f.grad(f.start), abs=1e-12)
    assert sigma == pytest.approx(6.5, abs=0.05)
    rng = np.random.default_rng(5)
    noise = {}
    for B in (1, 16, 64, 100):
        off = each[rng.integers(442, size=(4000, B))].mean(axis=1) - f.grad(f.start)
        noise[B] = np.sqrt((off**2).sum(axis=1).mean())
        assert noise[B] == pytest.approx(sigma / B**0.5, rel=0.03)
    assert noise[64] / noise[16] == pytest.approx(0.5, rel=0.05)
    assert noise[100] / noise[1] == pytest.approx(0.1, rel=0.05)
    assert 2 < sigma / np.linalg.norm(f.grad(f.start)) < 3


@pytest.mark.parametrize("lr", [0.05, 0.1, 0.2, 0.5, 1.0, 1.5])
@pytest.mark.parametrize("B", [1, 4])
def test_the_floor_of_patients_who_pull_is_lr_over_2_minus_lr(lr, B):
    """Exact: E[x²] ← (1 − lr)² E[x²] + lr²/B, since y has mean 0 and variance 1."""
    assert [y.mean(), y.var()] == pytest.approx([0, 1], abs=1e-12)
    variance = 9.0
    for _ in range(1000):
        variance = (1 - lr) ** 2 * variance + lr**2 / B
    assert variance == pytest.approx(lr / (2 - lr) / B)
    assert variance == pytest.approx(theory.noisy_floor(lr, 1.0, B**-0.5))
    rng, x = np.random.default_rng(1), np.full(4000, 3.0)
    for _ in range(150):
        x = x - lr * (x - y[rng.integers(442, size=(4000, B))].mean(axis=1))
    assert x.var() == pytest.approx(variance, rel=0.1)


def test_halving_lr_halves_the_floor_nearly():
    assert theory.noisy_floor(0.2, 1.0) == pytest.approx(0.111, abs=5e-4)
    assert theory.noisy_floor(0.1, 1.0) == pytest.approx(0.053, abs=5e-4)


def test_for_a_small_lr_b_times_the_lr_bring_the_floor_back():
    before = theory.noisy_floor(0.01, 1.0)
    assert theory.noisy_floor(0.08, 1.0, 8**-0.5) == pytest.approx(before, rel=0.04)


@pytest.mark.parametrize("seed", range(5))
def test_after_an_epoch_b_1_is_ahead_and_after_ten_16_is(seed):
    first = [after(1, B, 0.005, seed) for B in SIZES]
    assert first == sorted(first)
    assert after(10, 16, 0.005, seed) < after(10, 1, 0.005, seed)


def test_the_three_curves_before_the_quiz():
    """Against examples seen: B = 1 falls first and rattles, all fall smoothly, 32 ends lowest."""
    end = {B: after(8, B, 0.01) for B in (1, 32, 442)}
    early = {B: descend(minibatch(f, B), f.start, gd(lr=0.01), 192 // B).f[-1] for B in (1, 32)}
    assert early[1] < early[32]
    for B, falling in ((1, False), (442, True)):
        path = descend(minibatch(f, B), f.start, gd(lr=0.01), 8 * batches_in(442, B))
        assert (np.diff(path.f) < 0).all() == falling
    assert end[32] < end[1] < end[442]


def needed(B, lr):
    """Return updates until 98 % of what can be removed of the loss is, the median of ten seeds."""
    good, k = lowest + 0.02 * (f(f.start) - lowest), batches_in(442, B)
    steps, every = max(2 * k, 100), max(k // 40, 1)
    opt = gd(lr=np.reshape(lr, (-1, 1)))
    runs = [descend(minibatch(f, B, s), f.start, opt, steps, every=every) for s in range(10)]
    return np.median([steps_until(path, below=good) for path in runs], axis=0)


def test_larger_batches_need_fewer_updates_more_epochs_and_another_lr():
    lrs = np.geomspace(1e-3, 0.4, 27)
    tried = [needed(B, lrs) for B in SIZES]
    updates = np.array([numbers.min() for numbers in tried])
    best = lrs[[numbers.argmin() for numbers in tried]]
    k = np.array([batches_in(442, B) for B in SIZES])
    assert (np.diff(updates) < 0).all()
    assert (np.diff(updates / k) > 0).all()
    assert updates[[0, -1]] == pytest.approx([319, 5], abs=1)
    assert (updates / k)[[0, -1]] == pytest.approx([0.7, 5], abs=0.05)
    # The linear scaling rule, and its end at the limit.
    assert (np.diff(best[:5]) > 0).all()
    assert 8 < best[1] / best[0] <= 16
    assert best.max() < theory.gd_limit(np.linalg.eigvalsh(f.hess(f.start)))
    # Three bills, three winners.
    sizes = np.array(SIZES)
    middle = updates * (10 + sizes / 2)
    winners = [SIZES[bill.argmin()] for bill in (updates, middle, updates * sizes)]
    assert winners == [442, 64, 1]
    assert middle[2] < 1.03 * middle[3]  # 32 and 64, about equal
    assert updates[1] * 16 < 1.15 * updates[0]  # 16 comes close
    for fixed in (1, 20, 500):  # in examples: so far the middle wins
        assert 0 < (updates * (fixed + sizes)).argmin() < 5


def test_a_small_lr_comes_near_in_100_steps_and_no_closer_in_10_000():
    rng, x, away = np.random.default_rng(1), 3.0, []
    for _ in range(10_000):
        x -= 0.05 * (x - y[rng.integers(442)])
        away.append(abs(x))
    assert 3 * (1 - 0.05) ** 100 < 0.02  # what is left of the start
    floor = np.sqrt(2 / np.pi * theory.noisy_floor(0.05, 1.0))
    assert [np.mean(away[k : k + 3000]) for k in (1000, 7000)] == pytest.approx(
        [floor] * 2, rel=0.2
    )


def test_lr_1_over_t_is_the_running_mean():
    heard, x = y[:100], 3.0
    for t, patient in enumerate(heard, 1):
        x -= (x - patient) / t
        assert x == pytest.approx(heard[:t].mean(), abs=1e-12)


def test_noise_carries_nine_in_ten_into_the_deep_valley_wherever_they_began():
    deep, shallow = double_well.minima[:, 0]
    assert double_well(deep) < double_well(shallow)
    for seed, start in enumerate((shallow, deep, shallow, deep)):
        shaky = noisy(double_well, sigma=2.0, seed=seed)
        walked = descend(shaky, np.full((1000, 1), start), gd(lr=0.1), 3000, every=3000).end
        end = descend(double_well, walked, gd(lr=0.05), 200, every=200).end[:, 0]
        assert (end < 0).mean() == pytest.approx(0.91, abs=0.04)


def test_sorted_examples_leave_the_loss_high():
    ends = {}
    once = np.random.default_rng(10).permutation(442)
    for name in ("sorted", "once", "anew"):
        w = f.start
        for epoch in range(10):
            shuffled = np.random.default_rng(epoch).permutation(442)
            order = {"sorted": np.argsort(y, kind="stable"), "once": once, "anew": shuffled}[name]
            for i in range(0, 442, 16):
                w = w - 0.02 * f.rows(order[i : i + 16]).grad(w)
        ends[name] = f(w)
    assert ends["sorted"] == pytest.approx(0.60, abs=5e-3)
    assert lowest == pytest.approx(0.48, abs=5e-3)
    assert max(ends["once"], ends["anew"]) < lowest + 0.012


def test_without_replacement_the_floor_is_lower_and_falls_faster():
    g = linear(X[:, [PATIENTS.features.index(name) for name in ("bmi", "bp", "s5")]], y)
    least = g(np.linalg.lstsq(g.A, y, rcond=None)[0])
    opt, floor = gd(lr=np.array([[0.02], [0.04]])), {}
    for replace in (True, False):
        runs = [
            descend(minibatch(g, 16, s, replace), g.start, opt, 1120, every=28).f for s in range(4)
        ]
        floor[replace] = np.mean(runs, axis=0)[20:].mean(axis=0) - least
    assert (floor[False] < floor[True]).all()
    assert floor[True][1] / floor[True][0] == pytest.approx(2, abs=0.5)
    assert floor[False][1] / floor[False][0] > 3.5


def test_the_live_figures_say_what_the_text_says():
    cloud, race, floor = live.gradient_cloud(), live.batch_paths(), live.noise_floor()
    sizes = cloud.controls["batch"].values
    assert [B for B in sizes if cloud.reached(batch=B, way=0.75)] == [8]
    assert "only noise is left" in cloud.says(way=1, batch=16)
    lrs = [lr for lr in race.controls["lr"].values if race.reached(lr=lr)]
    assert min(lrs) == pytest.approx(0.1, rel=0.01)
    assert "B 1 leads" in race.says(lr=0.01)
    assert "all lead" in race.says(lr=0.05, against="updates")
    assert floor.reached(lr=0.05)
    assert not floor.reached(lr=0.2)
    assert floor.reached(lr=0.2, pace="falling as 1/t")
