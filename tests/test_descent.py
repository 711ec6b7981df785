"""The loop: what it records, when it stops, how it resumes, sweeps, climbs, and what it refuses."""

import numpy as np
import pytest

from gdtutor import (
    adam,
    ascend,
    averaging,
    barzilai_borwein,
    blocks,
    descend,
    gd,
    langevin,
    momentum,
    nadam,
    newton,
    optimizer,
    proximal,
    random_restarts,
    schedule_free_sgd,
)
from gdtutor.landscapes import landscape, parabola, rosenbrock, saddle
from gdtutor.schedules import constant, cosine, reduce_on_plateau, warmup
from gdtutor.transforms import clip_norm, noise

START = (-1.2, 1.0)


def same(a, b):
    """Whether two paths are equal to the last bit."""
    return (
        np.array_equal(a.t, b.t)
        and np.array_equal(a.x, b.x)
        and a.memory.keys() == b.memory.keys()
        and all(np.array_equal(a[name], b[name]) for name in a.memory)
    )


def test_exactly_so_many_steps():
    path = descend(rosenbrock, START, gd(lr=1e-3), steps=7)
    assert path.x.shape == (8, 2)
    assert path.f.shape == (8,)
    assert path.g.shape == (8, 2)
    assert path.t.tolist() == list(range(8))
    assert (path.steps, path.why) == (7, "steps")


def test_the_loop_is_the_loop():
    x, v, rows = np.array(START), 0, [START]
    for _ in range(20):
        v = 0.9 * v + rosenbrock.grad(x)
        x = x - 1e-3 * v
        rows.append(x)
    path = descend(rosenbrock, START, momentum(lr=1e-3), steps=20)
    assert np.array_equal(path.x, rows)
    assert np.array_equal(path["v"][-1], v)
    assert np.array_equal(path["v"][0], [0, 0])
    assert np.array_equal(path.f, [rosenbrock(x) for x in path.x])
    assert np.array_equal(path.g, [rosenbrock.grad(x) for x in path.x])


def test_a_number_is_a_start_in_one_dimension():
    assert descend(parabola, 3.0, gd(lr=0.1), steps=1).x.tolist() == [[3.0], [2.4]]


def test_a_plain_function_is_a_landscape():
    path = descend(lambda x, y: x**2 + 10 * y**2, (1, 1), gd(lr=0.05), steps=50)
    assert path.f[-1] < 1e-4
    assert path.objective.gradient_by == "complex step"


@pytest.mark.parametrize("opt", [adam(lr=0.1), nadam(lr=0.1), newton, averaging(lr=1e-3)])
def test_many_starts_equal_single_starts(opt):
    starts = np.array([[-1.2, 1.0], [0.5, 2.0], [2.0, -1.0]])
    many = descend(rosenbrock, starts, opt, steps=15)
    for i, start in enumerate(starts):
        assert np.allclose(many.x[:, i], descend(rosenbrock, start, opt, steps=15).x, rtol=1e-12)
        assert same(many.select(i), many.select([i]).select(0))


def test_an_array_knob_is_a_loop_over_its_values():
    lrs = np.logspace(-4, -2, 6)
    sweep = descend(rosenbrock, START, adam(lr=lrs[:, None]), steps=30)
    for i, lr in enumerate(lrs):
        assert np.array_equal(sweep.x[:, i], descend(rosenbrock, START, adam(lr=lr), steps=30).x)
    assert sweep.best.x.shape == (31, 2)
    assert sweep.best.f[-1] == sweep.f[-1].min()


def test_two_array_knobs_span_a_grid():
    path = descend(
        rosenbrock,
        START,
        momentum(lr=np.full((4, 1, 1), 1e-3), momentum=np.zeros((1, 3, 1))),
        steps=5,
    )
    assert path.x.shape == (6, 4, 3, 2)
    assert np.array_equal(path.x[:, 2, 1], descend(rosenbrock, START, gd(lr=1e-3), 5).x)


def test_the_start_is_not_touched():
    x0 = np.array(START)
    descend(rosenbrock, x0, adam(lr=0.1), steps=5)
    assert x0.tolist() == list(START)
    assert x0.flags.writeable


# Stopping


def test_tolerance_on_the_gradient():
    path = descend(parabola, 4.0, gd(lr=0.25), steps=1000, gtol=1e-6)
    assert (path.why, path.steps) == ("gradient", 23)
    assert np.abs(path.g[-1]) <= 1e-6 < np.abs(path.g[-2])


def test_tolerance_on_the_step():
    path = descend(parabola, 4.0, gd(lr=0.25), steps=1000, xtol=1e-6)
    moves = np.abs(np.diff(path.x[:, 0]))
    assert path.why == "step"
    assert moves[-1] <= 1e-6 < moves[-2]


def test_tolerance_on_the_loss():
    path = descend(parabola, 4.0, gd(lr=0.25), steps=1000, ftol=1e-6)
    changes = np.abs(np.diff(path.f))
    assert path.why == "loss"
    assert changes[-1] <= 1e-6 < changes[-2]


def test_no_step_is_taken_where_the_ground_is_flat():
    path = descend(saddle, (0.0, 0.0), gd(lr=0.1), steps=10, gtol=0)
    assert (path.steps, path.why, path.x.shape) == (0, "gradient", (1, 2))
    assert momentum.memory.keys() == descend(saddle, (0, 0), momentum, 3, gtol=0).memory.keys()


def test_each_start_stops_by_itself():
    starts = [[4.0], [0.001], [100.0]]
    many = descend(parabola, starts, momentum(lr=0.1), steps=500, gtol=1e-6)
    for i, start in enumerate(starts):
        one = descend(parabola, start, momentum(lr=0.1), steps=500, gtol=1e-6)
        assert many.steps[i] == one.steps
        assert np.array_equal(many.x[: one.steps + 1, i], one.x)
        assert np.array_equal(
            many.x[one.steps :, i], np.tile(one.end, (many.t[-1] - one.steps + 1, 1))
        )
        assert np.array_equal(many["v"][-1, i], one["v"][-1])
    assert len(many.t) == many.steps.max() + 1


def test_a_rule_that_sees_the_landscape_stops_too():
    path = descend(rosenbrock, START, newton, steps=100, gtol=1e-8)
    assert path.why == "gradient"
    assert path.steps < 10


def test_divergence_is_reported_not_raised():
    path = descend(parabola, 1.0, gd(lr=1.5), steps=2000)
    assert path.why == "diverged"
    assert path.diverged
    assert len(path.t) == 2001
    both = descend(parabola, [[1.0], [1.0]], gd(lr=[[0.1], [1.5]]), steps=2000)
    assert both.why.tolist() == ["steps", "diverged"]


def test_a_function_of_python_numbers_diverges_too():
    import math

    path = descend(lambda x: math.exp(x) ** 2, 1.0, gd(lr=-0.0), steps=2)
    assert path.why == "steps"
    path = ascend(lambda x: math.exp(x), 1.0, gd(lr=1.0), steps=20)
    assert path.why == "diverged"


def test_a_singular_end_of_newton_is_no_crash():
    upside = landscape(lambda x, y: x**2 * np.exp(y))
    assert descend(upside, (1e200, 1e3), newton, steps=3).why == "diverged"


# Recording


@pytest.mark.parametrize(("every", "kept"), [(1, 11), (3, 5), (4, 4), (5, 3), (10, 2), (99, 2)])
def test_every_so_many_steps(every, kept):
    path = descend(rosenbrock, START, adam(lr=0.1), steps=10, every=every)
    full = descend(rosenbrock, START, adam(lr=0.1), steps=10)
    assert len(path.t) == kept
    assert path.t[-1] == 10
    assert np.array_equal(path.x, full.x[path.t])
    assert np.array_equal(path["m"], full["m"][path.t])


def test_every_keeps_the_end_of_a_run_that_stops_early():
    path = descend(parabola, 4.0, gd(lr=0.25), steps=1000, gtol=1e-6, every=10)
    assert path.t.tolist() == [0, 10, 20, 23]


def test_memory_by_name():
    path = descend(rosenbrock, START, adam(lr=0.1), steps=3)
    assert path["m"].shape == (4, 2)
    with pytest.raises(KeyError, match="adam remembers m, v, not 'velocity'"):
        path["velocity"]


def test_memory_of_other_shapes_is_kept():
    path = descend(rosenbrock, START, nadam(lr=0.1), steps=3)
    assert path["product"].shape == (4,)
    assert path["product"][0] == 1


# Schedules, transforms, mini-batches


def test_a_schedule_sees_t_from_zero():
    seen = []
    descend(parabola, 1.0, gd(lr=lambda t: seen.append(t) or 0.1), steps=3)
    assert seen[-3:] == [0, 1, 2]


def test_a_constant_schedule_is_the_number():
    for opt, paced in [(gd(lr=0.1), gd(lr=constant(0.1))), (adam(lr=0.1), adam(lr=lambda t: 0.1))]:
        one, other = (descend(rosenbrock, START, o, steps=9).x for o in (opt, paced))
        assert np.array_equal(one, other, equal_nan=True)


def test_scheduled_knobs_are_recorded():
    schedule = warmup(4) * cosine(0.1, 10)
    path = descend(rosenbrock, START, adam(lr=schedule), steps=10)
    assert path["lr"][1:].tolist() == [schedule(t) for t in range(10)]


def test_any_knob_can_be_scheduled():
    path = descend(parabola, 1.0, momentum(lr=0.1, momentum=lambda t: 0.0), steps=5)
    assert np.array_equal(path.x, descend(parabola, 1.0, gd(lr=0.1), steps=5).x)


def test_reduce_on_plateau_sees_the_loss_of_each_start():
    opt = gd(lr=reduce_on_plateau(1.0, factor=0.5, patience=0))
    both = descend(parabola, [[1.0], [2.0]], opt, steps=6)
    # At lr = 1 x jumps between x and -x: the loss never improves, so lr is halved at the second look.
    assert both["lr"][:, 0, 0].tolist() == [1.0, 1.0, 0.5, 0.5, 0.25, 0.125, 0.0625]
    assert np.array_equal(both["lr"][:, 1], both["lr"][:, 0])
    assert both.f[-1].max() == 0


def test_transforms_are_applied_in_order():
    path = descend(parabola, 10.0, gd(clip_norm(1.0), lambda t, x, g: 2 * g, lr=0.5), steps=1)
    assert path.end.tolist() == [9.0]


class Batches:
    """x² with a gradient that changes from step to step: t times too long at step t."""

    def __call__(self, x):
        return np.sum(x * x, axis=-1)

    def at(self, t):
        return landscape(lambda x: t * x**2)


def test_mini_batches_are_losses_of_the_step():
    path = descend(Batches(), 1.0, gd(lr=0.1), steps=2)
    assert path.x[:, 0] == pytest.approx([1.0, 0.8, 0.8 * 0.6])
    assert path.f == pytest.approx([1.0, 0.64, 0.2304])
    assert path.g[:, 0] == pytest.approx([2.0, 4 * 0.8, 6 * 0.48])


# Resuming


@pytest.mark.parametrize(
    "opt",
    [
        gd(lr=1e-3),
        adam(lr=cosine(0.1, 20)),
        nadam(lr=0.1),
        schedule_free_sgd(lr=1e-3),
        barzilai_borwein(lr=1e-3),
        langevin(lr=1e-4, seed=3),
        gd(noise(0.1, seed=5), lr=1e-3),
        gd(lr=reduce_on_plateau(1e-3, patience=0)),
        newton,
    ],
    ids=repr,
)
def test_two_halves_make_the_whole(opt):
    whole = descend(rosenbrock, START, opt, steps=20)
    half = descend(rosenbrock, START, opt, steps=8)
    assert same(descend(rosenbrock, half, opt, steps=12), whole)
    assert len(half.t) == 9  # what was resumed is left as it was


def test_resume_with_a_tolerance():
    starts = np.array([[-1.2, 1.0], [0.5, 2.0]])
    half = descend(rosenbrock, starts, nadam(lr=0.1), steps=5)
    path = descend(rosenbrock, half, nadam(lr=0.1), steps=5, gtol=1e-9)
    whole = descend(rosenbrock, starts, nadam(lr=0.1), steps=10)
    assert np.array_equal(path.x, whole.x)
    assert path["product"].shape == (11, 2, 1)
    assert np.array_equal(path["product"], whole["product"])


def test_resume_with_other_knobs_but_not_with_another_rule():
    half = descend(rosenbrock, START, adam(lr=0.1), steps=8)
    assert descend(rosenbrock, half, adam(lr=0.01), steps=2).steps == 10
    with pytest.raises(ValueError, match=r"remembers m, v; .* path\.end"):
        descend(rosenbrock, half, gd(lr=0.1), steps=2)


# Climbing


def test_ascent_is_descent_upside_down():
    up = ascend(lambda x, y: -(x**2) - 3 * y**2, (1, 1), momentum(lr=0.05), steps=30)
    down = descend(lambda x, y: x**2 + 3 * y**2, (1, 1), momentum(lr=0.05), steps=30)
    assert np.array_equal(up.x, down.x)
    assert np.array_equal(up.f, -down.f)
    assert np.array_equal(up.g, -down.g)
    assert np.array_equal(ascend(up.objective, up, momentum(lr=0.05), steps=5).x[:31], up.x)


# Blocks


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 8)


@pytest.mark.parametrize("tolerance", [{}, {"gtol": 0.5}, {"xtol": 0.05, "every": 7}])
@pytest.mark.parametrize("opt", [gd(lr=1e-3), adam(lr=0.1), nadam(lr=cosine(0.1, 50))], ids=repr)
def test_blocks_change_nothing(small_blocks, monkeypatch, opt, tolerance):
    starts = np.random.default_rng(0).uniform(-2, 2, (5, 9, 2))
    in_blocks = descend(rosenbrock, starts, opt, steps=40, **tolerance)
    monkeypatch.setattr(blocks, "BLOCK", 10_000)
    at_once = descend(rosenbrock, starts, opt, steps=40, **tolerance)
    assert same(in_blocks, at_once)
    assert np.array_equal(in_blocks.steps, at_once.steps)
    assert np.array_equal(in_blocks.why, at_once.why)
    assert same(
        descend(rosenbrock, in_blocks, opt, steps=3), descend(rosenbrock, at_once, opt, steps=3)
    )


def test_blocks_take_array_knobs_along(small_blocks):
    lrs = np.logspace(-4, -3, 20)[:, None]
    in_blocks = descend(rosenbrock, START, adam(lr=lrs), steps=10)
    assert np.array_equal(in_blocks.x[:, 7], descend(rosenbrock, START, adam(lr=lrs[7, 0]), 10).x)


def test_starts_that_draw_numbers_draw_their_own(small_blocks):
    path = descend(parabola, np.zeros((50, 1)), langevin(lr=0.1, temperature=1.0), steps=1)
    assert len(np.unique(path.end)) == 50


# Bad input


@optimizer
def in_place(t, x, g, *, lr=0.1):
    """A rule that isn't pure."""
    x -= lr * g
    return x


@optimizer
def flattened(t, x, g, *, lr=0.1):
    """A rule that loses the shape."""
    return (x - lr * g).sum()


@optimizer
def needy(t, x, g, *, lr):
    """A rule without a default."""
    return x - lr * g


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: descend(parabola, 1.0, gd, 0), ValueError, "steps must be at least 1: got 0"),
        (
            lambda: descend(parabola, 1.0, gd, 1e3),
            TypeError,
            "whole number, such as 100: got 1000.0",
        ),
        (lambda: descend(parabola, 1.0, gd, True), TypeError, "whole number"),
        (lambda: descend(parabola, 1.0, gd, 5, every=0), ValueError, "every must be at least 1"),
        (lambda: descend(parabola, 1.0, gd, 5, gtol=-1), ValueError, "gtol must be"),
        (lambda: descend(parabola, 1.0, gd, 5, xtol="small"), ValueError, "xtol must be"),
        (lambda: descend(parabola, np.nan, gd, 5), ValueError, r"at index \(0,\) it is nan"),
        (lambda: descend(rosenbrock, (1, np.inf), gd, 5), ValueError, r"at index \(1,\) it is inf"),
        (lambda: descend(parabola, "left", gd, 5), TypeError, "the start must be numbers"),
        (lambda: descend(parabola, [], gd, 5), ValueError, "empty"),
        (
            lambda: descend(rosenbrock, (1, 2, 3), gd, 5),
            ValueError,
            "2 coordinates, and the start has 3",
        ),
        (lambda: descend(rosenbrock, 1.0, gd, 5), ValueError, "2 coordinates, and the start has 1"),
        (lambda: descend(3.0, 1.0, gd, 5), TypeError, "landscape, a model or a function"),
        (lambda: descend(parabola, 1.0, 0.1, 5), TypeError, "must be an optimizer"),
        (lambda: descend(parabola, 1.0, lambda t, x, g: x, 5), TypeError, "put @optimizer"),
        (lambda: descend(parabola, 1.0, needy, 5), ValueError, "needs a value for lr"),
        (lambda: descend(parabola, 1.0, in_place, 5), TypeError, "in place"),
        (
            lambda: descend(rosenbrock, (1, 2), flattened, 5),
            TypeError,
            r"shape \(2,\) like the old",
        ),
        (
            lambda: descend(rosenbrock, (1, 2), gd(lr=np.ones(5)), 5),
            ValueError,
            r"values\[:, None\]",
        ),
        (lambda: descend(parabola, 1.0, gd(lr=np.ones(5)), 5), ValueError, r"values\[:, None\]"),
        (lambda: descend(parabola, 1.0, gd(lr=lambda t: None), 5), TypeError, "gave None at t = 0"),
        (
            lambda: descend(parabola, 1.0, gd(lr=lambda t: "x"), 5),
            TypeError,
            "schedule of lr gave 'x'",
        ),
        (lambda: descend(parabola, 1.0, gd(lr=lambda t: 1 - t), 5), ValueError, "gave -1 at t = 2"),
        (
            lambda: descend(parabola, 1.0, gd(lr=lambda t: np.nan), 5),
            ValueError,
            "gave nan at t = 0",
        ),
    ],
)
def test_bad_input_is_told(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_an_error_in_the_learners_rule_is_theirs():
    @optimizer
    def broken(t, x, g, *, lr=0.1):
        return x - lr * undefined  # noqa: F821

    with pytest.raises(NameError, match="undefined"):
        descend(parabola, 1.0, broken, 5)


def test_repr_is_one_stable_line():
    assert repr(descend(parabola, 1.0, gd(lr=0.25), 2)) == (
        "<Path of gd(lr=0.25): 2 steps, f 1 → 0.0625, why: steps>"
    )
    many = descend(parabola, [[1.0], [2.0]], gd(lr=[[0.1], [1.5]]), steps=2000)
    assert repr(many) == (
        "<Path of gd(lr=<2 x 1 values>): 2 starts, 2000 steps, why: 1 diverged, 1 steps>"
    )


def test_memory_is_bounded_where_only_the_end_is_wanted():
    import tracemalloc

    starts = np.random.default_rng(0).uniform(-1, 1, (20_000, 2))
    peaks = []
    for steps in (5, 50):
        tracemalloc.start()
        descend(rosenbrock, starts, adam(lr=0.01), steps, every=steps)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] < 30 * starts.nbytes


# Odd and ordinary things that learners do


def test_a_schedule_may_give_any_kind_of_number():
    opts = [gd(lr=lambda t: 0.1), gd(lr=lambda t: np.where(t < 9, 0.1, 0.0)), gd(lr=np.array(0.1))]
    ends = [descend(parabola, 1.0, opt, steps=3).end[0] for opt in opts]
    assert ends[0] == ends[1] == ends[2]
    assert type(gd(lr=np.float32(0.5)).knobs["lr"]) is float


def test_one_start_of_many_coordinates():
    bowl = landscape(lambda x: np.sum(x * x, axis=-1), dim=40_000, grad=lambda x: 2 * x)
    assert descend(bowl, np.ones(40_000), adam(lr=0.1), steps=2).end.shape == (40_000,)


def test_train_then_decay():
    path = descend(parabola, 1.0, gd(lr=0.1), steps=2)
    path = descend(parabola, path, gd(lr=cosine(0.2, 3)), steps=3)
    assert path["lr"].tolist()[:4] == [0.1, 0.1, 0.1, cosine(0.2, 3)(2)]  # t goes on
    path = descend(parabola, path, gd(lr=0.05), steps=1)
    assert path["lr"][-1] == 0.05
    assert len(path["lr"]) == len(path.t) == 7


def test_the_first_row_of_a_schedule_is_its_first_value():
    path = descend(parabola, 1.0, gd(lr=cosine(0.2, 30)), steps=10, every=5)
    assert path["lr"][0] == 0.2
    nowhere = descend(parabola, 0.0, gd(lr=cosine(0.2, 30)), steps=10, gtol=1e-3)
    assert nowhere["lr"].tolist() == [0.2]
    assert descend(parabola, nowhere, gd(lr=cosine(0.2, 30)), steps=2).steps == 2


def test_a_gradient_stop_leaves_the_schedule_where_it_was():
    opt = gd(lr=reduce_on_plateau(0.95, factor=0.5, patience=0, threshold=0.1))
    path = descend(parabola, 3.0, opt, steps=50, gtol=3.0)
    assert path.why == "gradient"
    whole = descend(parabola, 3.0, opt, steps=path.steps + 6)
    assert same(descend(parabola, path, opt, steps=6), whole)


@optimizer
def forgetful(t, x, g, total=0, count=0, ever=False, *, lr=0.5):
    """AdaGrad by norm, as learners write it: memory without the last axis, a counter, a flag."""
    total = total + np.sum(g**2, axis=-1)
    return x - lr * g / np.sqrt(total)[..., None], total, t, ever | (total > 1.0)


@pytest.mark.parametrize("tolerance", [{}, {"gtol": 0.01}])
def test_memory_of_any_shape_is_kept_for_each_start(small_blocks, monkeypatch, tolerance):
    starts = np.linspace(-3, 3, 26).reshape(13, 2)
    f = landscape(lambda x, y: x**2 + y**2)
    in_blocks = descend(f, starts, forgetful, steps=30, **tolerance)
    monkeypatch.setattr(blocks, "BLOCK", 10_000)
    many = descend(f, starts, forgetful, steps=30, **tolerance)
    assert same(in_blocks, many)
    one = descend(f, starts[3], forgetful, steps=30, **tolerance)
    picked = many.select(3)
    assert many["total"].shape == (len(many.t), 13)
    assert np.array_equal(picked["total"][: len(one.t)], one["total"])
    assert np.array_equal(picked["count"][: len(one.t), 0], one["count"])
    assert picked["ever"].dtype == bool
    assert descend(f, many, forgetful, steps=2).x.shape[1:] == (13, 2)


def test_blocks_that_never_move(small_blocks):
    starts = np.zeros((20, 2))
    starts[8:12] = 1.0
    f = landscape(lambda x, y: x**2 + y**2)
    path = descend(f, starts, momentum(lr=constant(0.1)), steps=20, gtol=1e-3)
    assert path["v"].shape == (21, 20, 2)
    assert path.steps.tolist() == [0] * 8 + [20] * 4 + [0] * 8
    assert path["lr"].shape == (21,)


def test_the_best_of_a_sweep_knows_its_value_and_goes_on():
    lrs = np.array([0.01, 0.4, 0.9])
    best = descend(parabola, 1.0, momentum(lr=lrs[:, None], momentum=0.0), steps=5).best
    assert best.opt.knobs["lr"] == 0.4
    assert "lr=0.4" in repr(best)
    assert descend(parabola, best, best.opt, steps=2).steps == 7


def test_the_best_climb_ends_highest():
    path = ascend(lambda x: -(x**2), [[1.0], [0.1]], gd(lr=0.1), steps=3)
    assert path.best.start.tolist() == [0.1]


def test_one_start_that_diverges_leaves_the_others_alone():
    f = landscape(lambda x, y: x**2 * np.exp(y))
    path = descend(f, [(1e200, 1e3), (1.0, 0.5)], newton, steps=3)
    assert path.why.tolist() == ["diverged", "steps"]
    import math

    climb = ascend(lambda x: math.exp(x), [[1.0], [-50.0]], gd(lr=1.0), steps=20)
    assert climb.why.tolist() == ["diverged", "steps"]
    assert len(climb.f) == 21
    down = descend(lambda x: math.sqrt(x), 1.0, gd(lr=0.9), steps=20, ftol=1e-9)
    assert down.why == "diverged"


def test_a_division_by_zero_in_the_first_step_is_a_bug_not_a_divergence():
    @optimizer
    def early(t, x, g, *, lr=0.1):
        return x - lr / (t - 1) * g

    with pytest.raises(ZeroDivisionError):
        descend(parabola, 1.0, early, steps=3)


def test_resuming_leaves_the_first_path_as_it_was():
    @optimizer
    def rolling(t, x, g, v=0, *, lr=0.1):
        v = v + 0 * g
        v += g
        return x - lr * v, v

    half = descend(parabola, 1.0, rolling, steps=3)
    before = half["v"].copy()
    descend(parabola, half, rolling, steps=3)
    assert np.array_equal(half["v"], before)


def test_equal_seeds_do_not_cancel():
    from gdtutor.landscapes import noisy

    still = np.zeros((5000, 1))
    path = descend(noisy(parabola, sigma=1.0), still, langevin(lr=0.02, temperature=0.01), steps=1)
    assert path.end.std() == pytest.approx(np.hypot(0.02, 0.02), rel=0.05)


class Own:
    """An objective as a learner writes it."""

    def __init__(self, value, grad):
        self.value, self.grad = value, grad

    def __call__(self, x):
        return self.value(x)


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (Own(lambda x: x**2, lambda x: 2 * x), r"value of Own .* shape \(2,\).*axis=-1"),
        (Own(lambda x: np.sum(x**2), lambda x: 2 * x), r"value of Own .* shape \(2,\)"),
        (Own(lambda x: (x**2).sum(-1), lambda x: np.sum(2 * x)), "gradient of Own"),
        (Own(lambda x: (x**2).sum(-1), lambda x: [2 * x[0], 20 * x[1]]), "gradient of Own"),
    ],
)
def test_an_objective_of_ones_own_is_looked_at_first(f, says):
    with pytest.raises(ValueError, match=says):
        descend(f, np.ones((2, 3)), gd(lr=0.1), steps=1)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: gd(cosine(0.1, 10)), TypeError, r"goes by name, as in gd\(lr=cosine"),
        (lambda: gd(lr=clip_norm(1.0)), TypeError, "stands in front"),
        (lambda: clip_norm(-1.0), ValueError, "max_norm must be finite, 0 or more"),
        (lambda: clip_norm("1"), TypeError, "must be a number"),
        (lambda: warmup(0), ValueError, "steps must be finite, 1 or more"),
        (lambda: langevin(seed=-1), ValueError, "seed must be finite, 0 or more"),
        (lambda: descend(parabola, 1.0, gd, 3).select(0), IndexError, "one start only"),
        (
            lambda: descend(rosenbrock, START, proximal, 3),
            TypeError,
            r"needs \.prox, and rosenbrock",
        ),
        (
            lambda: random_restarts(rosenbrock, gd, 3, domain=(-2, 2)),
            ValueError,
            r"pair \(low, high\)",
        ),
        (lambda: momentum.unpack([1.0, 2.0]), TypeError, "a list"),
    ],
)
def test_more_that_cannot_be(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_another_rule_with_the_same_memory_does_not_take_over():
    from gdtutor import momentum_keras

    path = descend(parabola, 1.0, momentum(lr=0.1), steps=3)
    with pytest.raises(ValueError, match=r"path\.end"):
        descend(parabola, path, momentum_keras(lr=0.1), steps=3)


def test_an_array_times_a_schedule_is_a_schedule():
    path = descend(parabola, 1.0, gd(lr=np.array([[0.1], [0.2]]) * cosine(1.0, 10)), steps=3)
    assert path.x.shape == (4, 2, 1)
