"""Lesson 8, Momentum and Nesterov: the numbers that its text and its questions state."""

import numpy as np
import pytest

from gdtutor import (
    descend,
    gd,
    momentum,
    momentum_ema,
    momentum_keras,
    nesterov,
    nesterov_lookahead,
    theory,
)
from gdtutor.course import momentum as lesson
from gdtutor.data import breast_cancer, diabetes, standardise
from gdtutor.landscapes import bowl, landscape, parabola
from gdtutor.models import linear, logistic, minibatch

NARROW = bowl(kappa=100)
LR, BETA = (2 / (1 + 10)) ** 2, ((10 - 1) / (10 + 1)) ** 2


def steps(rule, start=(1, 1), f=NARROW, most=3000):
    """Return the step from which on no coordinate is above 1e-6."""
    away = ~(np.abs(descend(f, start, rule, most).x).max(axis=-1) <= 1e-6)
    assert not away[-1], "it isn't there"
    return int(np.nonzero(away)[0][-1]) + 1


def velocity(gradients, beta=0.9):
    """Return v after these gradients, by the formula."""
    v = 0.0
    for g in gradients:
        v = beta * v + g
    return v


# ----------------------------------------------------------- where the speed comes from


def test_what_is_kept_adds_up_and_what_alternates_shrinks():
    assert velocity(np.ones(400)) == pytest.approx(10)
    assert abs(velocity((-1.0) ** np.arange(400))) == pytest.approx(1 / 1.9)
    assert lesson.find("push").value == pytest.approx(0.1 * velocity(np.ones(400)))
    assert lesson.find("effective").value == pytest.approx(velocity(np.ones(400)))
    assert lesson.find("effective").traps.keys() == {1, velocity([1, 1])}


def test_691_steps_or_95():
    assert steps(gd(lr=2 / 101)) == 691
    assert steps(gd(lr=0.01)) == 1375
    assert descend(NARROW, (1, 1), gd(lr=0.0201), 10_000).f[-1] > 1e6
    assert steps(momentum(lr=LR, momentum=BETA)) == 95
    assert theory.heavy_ball_best(1, 100)[:2] == pytest.approx((LR, BETA))
    assert "95" in lesson.find("valley").answer


def test_the_loss_climbs_from_50_to_687_first():
    f = descend(NARROW, (1, 1), momentum(lr=LR, momentum=BETA), 200).f
    assert (f[0], f.max()) == pytest.approx((50.5, 687.47), abs=0.01)
    swing = descend(parabola, 3.0, momentum(lr=0.1, momentum=0.9), 60).f
    assert np.sum(np.diff(swing) > 0) == 27


def test_kappa_becomes_its_root():
    count = {}
    for kappa in (100, 400):
        lr, beta, _ = theory.heavy_ball_best(1, kappa)
        count[kappa] = steps(momentum(lr=lr, momentum=beta), f=bowl(kappa=kappa))
    assert count == {100: 95, 400: 198}
    question = lesson.find("four-times")
    assert question.judge(198).right
    assert question.judge(190).right
    assert question.judge(380).misconception == "speed-is-a-factor"


def test_more_memory_swings():
    counts = [steps(momentum(lr=LR, momentum=b)) for b in (0.67, 0.9, 0.99)]
    assert counts == [82, 280, 2924]


def test_without_zigzag_it_saves_as_much():
    floor = (1, 0)
    assert steps(gd(lr=2 / 101), floor) == 691
    assert steps(momentum(lr=LR, momentum=BETA), floor) == 83


def test_with_beta_09_it_takes_some_265_steps_whatever_the_valley():
    for kappa in (1, 100, 400):
        f, lr = bowl(kappa=kappa), theory.gd_best(1, kappa)[0]
        assert steps(momentum(lr=lr, momentum=0.9), f=f) == pytest.approx(265, abs=4)
        lrs = np.linspace(0.05, 3.7, 74) / kappa
        path = descend(f, (1, 1), momentum(lr=lrs[:, None], momentum=0.9), 600)
        away = np.abs(path.x).max(axis=-1) > 1e-6
        assert min(np.nonzero(a)[0][-1] + 1 for a in away.T) > 250, "no lr does much better"
    assert steps(gd(lr=1.0), f=bowl(kappa=1)) == 1


def test_no_lr_reaches_the_goal_of_the_hook_without_momentum():
    valley = landscape(lambda x, y: (x**2 + 20 * y**2) / 2, domain=[(-4, 4), (-3, 3)])
    lrs = np.linspace(0.01, 0.1, 19)[:, None]

    def there(beta):
        f = descend(valley, (-3.5, 1.0), momentum(lr=lrs, momentum=beta), 25).f
        return np.sum(f[-1] < 1e-3 * f[0])

    assert there(0) == there(0.95) == 0
    assert min(there(0.5), there(0.7)) >= 8
    with np.errstate(over="ignore"):
        finer = descend(valley, (-3.5, 1.0), gd(lr=np.linspace(0, 0.1, 500)[:, None]), 25).f
    assert finer[-1].min() > 1e-3 * finer[0, 0]


# ---------------------------------------------------------------------------- Nesterov


def test_the_two_forms_are_one_walk():
    knobs = {"lr": 0.01, "momentum": 0.8}
    first = descend(NARROW, (1, 1), nesterov_lookahead(**knobs), 300)
    second = descend(NARROW, (1, 1), nesterov(**knobs), 300)
    assert np.abs(first.x + 0.8 * first["v"] - second.x).max() < 1e-14


def test_one_word_makes_it_diverge():
    path = descend(NARROW, (1, 1), nesterov(lr=LR, momentum=BETA), 100)
    assert np.abs(path.end).max() > 1e60
    limit = 2 * (1 + BETA) / ((1 + 2 * BETA) * 100)
    assert limit == pytest.approx(0.0143, abs=5e-5)
    for factor, near in [(0.99, True), (1.01, False)]:
        end = descend(NARROW, (1, 1), nesterov(lr=factor * limit, momentum=BETA), 3000).end
        assert (np.abs(end).max() < 1e-6) == near
    lr, beta, _ = theory.nesterov_best(1, 100)
    assert steps(nesterov(lr=lr, momentum=beta)) == 135


def test_nesterov_swings_less():
    knobs = {"lr": 0.1, "momentum": 0.9}
    late = [
        np.abs(descend(parabola, 3.0, rule(**knobs), 60).x[40:]).max()
        for rule in (momentum, nesterov)
    ]
    assert late[0] > 0.2
    assert late[1] < 0.03


# ------------------------------------------------------------------------- conventions


def test_three_ways_one_path_until_lr_is_cut():
    def x(rule, lr):
        return descend(parabola, 3.0, rule(lr=lr, momentum=0.9), 60).x[:, 0]

    def cut(t):
        return 0.03 if t < 30 else 0.003

    def off(rule, lr, reference):
        return np.abs(x(rule, lr) - x(momentum, reference)).max()

    assert off(momentum_keras, 0.03, 0.03) < 1e-14
    assert off(momentum_ema, 0.3, 0.03) < 1e-14
    assert off(momentum_ema, 0.03, 0.03) == pytest.approx(3.65, abs=0.005)
    assert off(momentum_keras, cut, cut) == pytest.approx(0.73, abs=0.005)
    assert off(momentum_ema, lambda t: 10 * cut(t), cut) < 1e-14
    braked, full = np.diff(x(momentum, cut))[30], np.diff(x(momentum, 0.03))[30]
    assert braked == pytest.approx(full / 10)


def test_the_quiz_names_the_running_mean():
    x = [
        descend(parabola, 3.0, rule, 50).x
        for rule in (momentum_ema(lr=lesson.find("port").value), momentum(lr=0.1))
    ]
    assert np.abs(x[0] - x[1]).max() < 1e-13


# --------------------------------------------------------------------------- real data


def test_442_patients():
    patients = diabetes()
    model = linear(standardise(patients.X), patients.y)
    curvatures = np.linalg.eigvalsh(model.hess(model.start))
    ends = curvatures[0], curvatures[-1]
    assert ends[1] / ends[0] == pytest.approx(470, abs=0.5)
    best = model(np.linalg.lstsq(model.A, patients.y, rcond=None)[0])
    lr, beta, _ = theory.heavy_ball_best(*ends)
    rules = [gd(lr=theory.gd_best(*ends)[0]), momentum(lr=lr, momentum=beta), momentum(lr=0.1)]
    paths = [descend(model, model.start, rule, 150).f for rule in rules]
    assert [f[100] - best for f in paths] == pytest.approx([790.54, 0.65, 0.74], abs=0.01)
    assert [np.sum(np.diff(f) > 0) for f in paths] == [0, 9, 55]
    assert paths[1].max() / paths[1][0] == pytest.approx(4, abs=0.3)


def test_noise_makes_the_floor_follow_the_effective_lr():
    tumours = breast_cancer()
    model = logistic(standardise(tumours.X), tumours.y, strength=0.05)
    settled = descend(model, model.start, momentum(lr=1.0, momentum=0.9), 1000, every=1000)
    best = model(settled.end)
    rule = momentum(lr=np.array([[0.05], [0.05], [0.005]]), momentum=np.array([[0], [0.9], [0.9]]))
    above = []
    for seed in range(2):
        noisy = minibatch(model, 16, seed=seed, replace=True)
        above.append(descend(noisy, np.zeros((3, model.dim)), rule, 2000, every=10).f - best)
    above = np.array(above)
    plain, same, tenth = above[:, 150:].mean(axis=(0, 1))
    assert 10 < same / plain < 14
    assert tenth / plain == pytest.approx(1, abs=0.15)
    assert above[:, 5, 1].max() < above[:, 5, 0].min(), "quicker at first"


# ------------------------------------------------------------------------ the optional part


def test_the_eigenvectors_merge_and_the_error_grows_first():
    M = np.array([[1 + BETA - 100 * LR, -BETA], [1, 0]])
    assert abs(np.linalg.eigvals(M)) == pytest.approx(BETA**0.5, abs=1e-6)
    stretch = [np.linalg.norm(np.linalg.matrix_power(M, t), 2) for t in range(31)]
    assert 3.5 < stretch[5] < 4
    assert stretch[30] < 0.2
    assert theory.steps_to(1e-6, BETA**0.5) == 69


def test_heavy_ball_goes_round_for_ever_on_a_convex_hill():
    def slope(x):
        return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))

    lr, beta, _ = theory.heavy_ball_best(1, 25)
    ends = {}
    for name, rule in [
        ("heavy ball", momentum(lr=lr, momentum=beta)),
        ("Nesterov", nesterov(lr=1 / 25, momentum=4 / 6)),
    ]:
        x, memory, xs = 3.3, (0.0,), []
        for t in range(1, 301):
            x, memory = rule.step(t, x, slope(x), memory)
            xs.append(float(x))
        ends[name] = xs
    assert ends["heavy ball"][-3:] == pytest.approx([-1.802, 2.116, 0.647], abs=1e-3)
    assert ends["heavy ball"][-3:] == pytest.approx(ends["heavy ball"][-6:-3])
    assert abs(ends["Nesterov"][29]) < 1e-4
