"""Schedules and transforms beyond what the golden values hold: ends, joins, products, arrays, errors."""

import numpy as np
import pytest

from gdtutor import adam, descend, gd, schedules
from gdtutor.landscapes import parabola, rosenbrock
from gdtutor.schedules import (
    constant,
    cosine,
    exponential,
    inverse_time,
    linear,
    multistep,
    one_cycle,
    one_cycle_momentum,
    polynomial,
    power,
    reduce_on_plateau,
    step,
    warm_restarts,
    warmup,
    warmup_stable_decay,
)
from gdtutor.transforms import clip_norm, clip_value, l2, noise, normalise

SAMPLES = [
    constant(0.3),
    linear(0.1, 0.4, 20),
    warmup(20),
    inverse_time(0.3, decay=0.1),
    power(0.3),
    step(0.3, every=10),
    multistep(0.3, [5, 20]),
    exponential(0.3, 0.9),
    polynomial(0.3, 30, power=2.0),
    cosine(0.3, 30),
    warm_restarts(0.3, 10),
    warm_restarts(0.3, 5, mult=2),
    one_cycle(0.3, 40),
    one_cycle_momentum(40),
    warmup_stable_decay(0.3, 40),
]
FALLING = [inverse_time, power, step, multistep, exponential, polynomial, cosine]


@pytest.mark.parametrize("schedule", SAMPLES, ids=repr)
def test_a_schedule_takes_numbers_and_arrays(schedule):
    ts = np.arange(40)
    values = [schedule(t) for t in range(40)]
    assert all(type(value) is float for value in values)
    assert np.all(np.isfinite(values))
    assert np.min(values) >= 0
    assert schedule(ts).shape == (40,)
    assert schedule(ts) == pytest.approx(values, rel=1e-15)


@pytest.mark.parametrize("schedule", [s for s in SAMPLES if s.function.__name__ in
                                      {f.__name__ for f in FALLING}], ids=repr)  # fmt: skip
def test_these_never_rise(schedule):
    values = schedule(np.arange(100))
    assert values[0] == 0.3
    assert np.all(np.diff(values) <= 0)
    assert values[-1] < 0.3


def test_ends_and_beyond():
    assert cosine(0.3, 30, end=0.1)(30) == pytest.approx(0.1)
    assert cosine(0.3, 30, end=0.1)(500) == pytest.approx(0.1)
    assert polynomial(0.3, 30, end=0.1)(99) == pytest.approx(0.1)
    assert linear(0.1, 0.4, 20)(99) == pytest.approx(0.4)
    assert one_cycle(1.0, 40)(39) == pytest.approx(1 / 25 / 1e4)
    assert one_cycle(1.0, 40)(99) == pytest.approx(1 / 25 / 1e4)
    assert warmup_stable_decay(1.0, 40)(40) == 0.0
    assert warmup_stable_decay(1.0, 40)(99) == 0.0


def test_warm_up_does_something_in_its_first_step():
    assert warmup(20)(0) == 1 / 20
    assert warmup(20)(19) == 1.0
    assert warmup_stable_decay(1.0, 100, warmup=0.1)(0) == 0.1


def test_joins_are_continuous():
    wsd = warmup_stable_decay(1.0, 1000, warmup=0.1, decay=0.3)(np.arange(1001))
    assert np.max(np.abs(np.diff(wsd))) < 1.1 / 100
    cycle = one_cycle(1.0, 1000)(np.arange(1000))
    assert np.max(np.abs(np.diff(cycle))) < 0.006
    assert int(np.argmax(cycle)) == 299


def test_warm_restarts_begin_again():
    values = warm_restarts(1.0, 5, mult=2)(np.arange(35))
    assert np.flatnonzero(values == 1.0).tolist() == [0, 5, 15]


def test_schedules_multiply():
    both = warmup(4) * cosine(0.5, 10)
    assert [both(t) for t in range(12)] == [warmup(4)(t) * cosine(0.5, 10)(t) for t in range(12)]
    assert (2 * cosine(0.5, 10))(3) == 2 * cosine(0.5, 10)(3)
    assert (cosine(0.5, 10) * (lambda t: 0.1))(0) == 0.05
    assert repr(both) == "warmup(4) * cosine(0.5, 10, 0)"


def test_schedules_follow_one_another():
    chain = constant(1.0).then(exponential(1.0, 0.5), after=2).then(constant(0.0), after=4)
    assert [chain(t) for t in range(6)] == [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]
    assert chain(np.arange(6)).tolist() == [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]


def test_a_plateau_multiplies_too():
    opt = gd(lr=0.5 * reduce_on_plateau(2.0, factor=0.5, patience=0) * warmup(2))
    path = descend(parabola, 1.0, opt, steps=5)
    alone = descend(parabola, 1.0, gd(lr=0.5), steps=1)
    assert path["lr"][1] == 0.5
    assert path.x[1] == alone.x[1]


def test_a_plateau_may_have_an_array_of_lrs():
    lrs = np.array([[1.0], [0.1]])
    path = descend(parabola, 1.0, gd(lr=reduce_on_plateau(lrs, factor=0.5, patience=0)), steps=4)
    assert path["lr"].shape == (5, 2, 1)
    assert path["lr"][-1].tolist() == [[0.25], [0.1]]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cosine(0.1), r"missing a required argument: 'steps'. It is cosine\(lr, steps"),
        (lambda: cosine(0.1, 10, ende=0), "ende"),
        (lambda: reduce_on_plateau(0.1)(3), "needs the losses"),
        (lambda: reduce_on_plateau(0.1).then(constant(1.0), after=3), "multiply it"),
        (lambda: clip_norm(), r"clip_norm\(max_norm\)"),
    ],
)
def test_what_cannot_be_is_told(call, says):
    with pytest.raises(TypeError, match=says):
        call()


def test_a_sweep_over_schedules():
    lrs = np.logspace(-3, -1, 5)[:, None]
    sweep = descend(rosenbrock, (-1.2, 1.0), adam(lr=cosine(lrs, 20)), steps=20)
    one = descend(rosenbrock, (-1.2, 1.0), adam(lr=cosine(lrs[3, 0], 20)), steps=20)
    assert sweep.x[:, 3] == pytest.approx(one.x, rel=1e-12)


def test_every_schedule_is_sampled():
    made = {s.function.__name__ for s in SAMPLES}
    public = {
        name
        for name, value in vars(schedules).items()
        if getattr(value, "__module__", "") == schedules.__name__
        and hasattr(value, "__signature__")
    }
    assert made == public


# Transforms

G = np.array([[3.0, -4.0], [0.3, 0.4], [0.0, 0.0]])


def test_clipping_by_norm_keeps_the_direction_and_small_gradients():
    clipped = clip_norm(1.0)(1, None, G)
    assert clipped.tolist() == [pytest.approx([0.6, -0.8]), [0.3, 0.4], [0.0, 0.0]]


def test_clipping_by_value_does_not_keep_the_direction():
    assert clip_value(1.0)(1, None, G).tolist() == [[1.0, -1.0], [0.3, 0.4], [0.0, 0.0]]


def test_normalised_gradients_have_length_one_or_zero():
    assert np.linalg.norm(normalise()(1, None, G), axis=1).tolist() == pytest.approx([1, 1, 0])


def test_l2_is_the_gradient_of_half_the_square():
    assert l2(0.5)(1, np.array([2.0, -2.0]), np.zeros(2)).tolist() == [1.0, -1.0]


def test_noise_is_a_function_of_seed_and_step():
    still = np.zeros((10_000, 2))
    one = noise(0.5, seed=1)(3, None, still)
    assert np.array_equal(one, noise(0.5, seed=1)(3, None, still))
    assert not np.array_equal(one, noise(0.5, seed=2)(3, None, still))
    assert not np.array_equal(one, noise(0.5, seed=1)(4, None, still))
    assert one.std() == pytest.approx(0.5, abs=0.01)
    assert abs(one.mean()) < 0.02
    assert noise(0.5).random
    assert not clip_norm(1.0).random
