"""Schedules and the range test: what the live figures show is what single runs give."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdtutor import adam, data, descend, gd, optimizer, schedules
from gdtutor.landscapes import noisy, rosenbrock
from gdtutor.live import slider
from gdtutor.live.explorers.rates import (
    RUNS,
    canyon,
    patients,
    range_test,
    running_mean,
    schedule_designer,
)
from gdtutor.models import logistic, minibatch


@pytest.fixture(scope="module")
def designer():
    """The schedule designer as it is."""
    return schedule_designer()


@pytest.fixture(scope="module")
def test():
    """The range test as it is."""
    return range_test()


def ends(stage, name):
    """Return first, middle and last value of a control."""
    values = stage.controls[name].values
    return values[0], values[len(values) // 2], values[-1]


def written_out(name, lr, end):
    """Return a schedule of 200 steps in the words of `gdtutor.schedules`."""
    return {
        "constant": schedules.constant(lr),
        "inverse time": schedules.inverse_time(lr, (1 / end - 1) / 200),
        "step": schedules.step(lr, 50, end ** (1 / 3)),
        "exponential": schedules.exponential(lr, end ** (1 / 200)),
        "cosine": schedules.cosine(lr, 200, lr * end),
        "one-cycle": schedules.one_cycle(lr, 200, end_factor=1 / (25 * end)),
        "stable, then decay": schedules.constant(lr).then(schedules.linear(lr, lr * end, 40), 160),
    }[name]


def mean_loss(schedule):
    """Return the mean loss of the noisy runs after 200 steps, and all along."""
    f = noisy(canyon, sigma=0.2)
    loss = descend(f, np.tile(f.start, (RUNS, 1)), gd(lr=schedule), 200).f.mean(axis=1)
    return np.where(np.isfinite(loss), loss, np.inf)


def test_the_canyon_is_steep_where_one_begins():
    """Its curvature at the start is 13 times that at the bottom, and its gradient is right."""
    h = 1e-6
    slopes = [canyon.grad((10, y + s))[1] for y in (0, 2) for s in (-h, h)]
    bottom, start = np.diff(slopes)[::2] / (2 * h)
    assert_allclose([bottom, start], [1, 13], rtol=1e-6)
    x = np.array([3.0, 1.5])
    numeric = [(canyon(x + d) - canyon(x - d)) / (2 * h) for d in h * np.eye(2)]
    assert_allclose(canyon.grad(x), numeric, rtol=1e-6)


def test_every_schedule_is_the_one_of_its_name(designer):
    """Its shape, its warm-up, its end, and the loss of runs under it."""
    names = designer.controls["schedule"].values
    assert len(names) == 7
    others = [*itertools.product((0, 40), (0.01, 1)), (80, 0.1)]
    for (i, name), (warmup, end) in itertools.product(enumerate(names), others):
        lr = designer.controls["lr"].values[(5 * i + warmup) % 17]
        schedule = written_out(name, lr, end)
        if warmup:
            schedule = schedules.warmup(warmup) * schedule
        seen = designer.look(schedule=name, lr=lr, warmup=warmup, end=end)
        t, share = seen["plan"].T
        assert_allclose(share, schedule(t) / lr, rtol=2e-5, atol=1e-6)
        assert (t[0], t[-1]) == (0, 199)
        loss = mean_loss(schedule)
        assert_allclose(seen["final"], loss[-1], rtol=1e-4)
        t, shown = seen["losses"].T
        fine = loss[t.astype(int)] < 1e3
        assert_allclose(shown[fine], loss[t.astype(int)][fine], rtol=1e-4)
        assert (shown[~fine] > 1e3).all()


def test_the_constant_beside_it(designer):
    """It has the same peak, and the best of all is what the goal is measured by."""
    lrs = designer.controls["lr"].values
    finals = np.array([mean_loss(lr)[-1] for lr in lrs])
    assert_allclose([designer.look(lr=lr)["level"] for lr in lrs], finals, rtol=1e-4)
    for lr in ends(designer, "lr"):
        seen = designer.look(schedule="constant", warmup=0, lr=lr)
        assert_allclose(seen["losses"], seen["flat"], rtol=1e-5)
    most = float(f"{finals.min() / 3:.2g}")
    assert f"below {most:g}," in designer.goal[0]
    goal = {"schedule": "stable, then decay", "lr": 1, "warmup": 20, "end": 0.1}
    assert designer.reached(**goal)
    assert designer.look(**goal)["final"] < most
    assert not designer.reached()
    for label, values in designer.presets.items():
        assert not designer.reached(**values), f"{label} alone must not do"
        assert float(f"{designer.look(**values)['final']:.2g}") > most, "nor seem to"


def test_the_designer_judges(designer):
    """Early decay is worse than none, long first steps are lost, a short warm-up saves them."""
    said = [
        designer.says(schedule=name, lr=lr, warmup=warmup, end=end).rsplit(", ", 1)[1]
        for name, lr, warmup, end in [
            ("cosine", 0.2, 0, 0.01),
            ("constant", 0.2, 0, 0.01),
            ("cosine", 2, 0, 0.01),
            ("constant", 0.8, 20, 1),
            ("one-cycle", 1, 0, 0.1),
        ]
    ]
    assert said == [
        "above this constant lr",
        "as a constant lr",
        "lost: steps too long",
        "below every constant lr",
        "far below every constant lr",
    ]
    assert "ends at ∞ (constant: ∞)" in designer.says(lr=2)
    longest = {"schedule": "stable, then decay", "lr": 0.84, "warmup": 10, "end": 0.01}
    assert len(designer.says(**longest)) < 110


def test_the_designer_takes_ones_own():
    """A landscape, a rule, and a schedule that works for one step at a time."""

    @optimizer
    def mine(t, x, g, *, lr=0.1):
        return x - lr * g

    f = noisy(rosenbrock, sigma=1.0, seed=3)
    with pytest.raises(ValueError, match=r"every constant lr .* is lost"):
        schedule_designer(f)
    lr = slider(1e-5, 1e-3, log=True, count=5)
    stage = schedule_designer(f, mine, lambda t: 1.0 if t < 30 else 0.5, lr=lr, steps=60)
    assert stage.says().startswith("yours, ")
    assert stage.controls["lr"].label == "peak lr"
    chosen = lr.values[3]
    seen = stage.look(lr=chosen, warmup=0)
    run = descend(
        f, np.tile(f.start, (RUNS, 1)), gd(lr=lambda t: chosen if t < 30 else chosen / 2), 60
    )
    assert_allclose(seen["final"], run.f[-1].mean(), rtol=1e-5)
    assert set(np.unique(seen["plan"][:, 1])) == {0.5, 1.0}


@pytest.mark.parametrize("batch", ["8", "32", "all 442"])
def test_the_ramp_is_one_run(test, batch):
    """Batch losses of a run whose lr grows, their running mean, and where it turns."""
    size = 442 if "all" in batch else int(batch)
    for steps in (30, 100):
        f = minibatch(patients(), size)
        lrs = np.geomspace(1e-4, 10, steps)
        path = descend(f, f.start, gd(lr=lambda t, lrs=lrs: lrs[t]), steps)
        loss = np.array([f.at(k + 1)(path.x[k]) for k in range(steps)])
        seen = test.look(batch=batch, ramp=f"{steps} steps")
        dots, line = seen["dots"][:steps], seen["mean"][:steps]  # the longest ramp has more
        assert np.isnan(seen["dots"][steps:]).all()
        assert_allclose(dots[:, 0], lrs, rtol=1e-5)
        shown = loss < 100
        assert_allclose(dots[shown, 1], loss[shown], rtol=1e-5)
        mean = running_mean(np.minimum(loss, 100))
        assert_allclose(line[:, 1], mean, rtol=1e-5)
        assert_allclose(seen["turn"], [[lrs[mean.argmin()], mean.min()]], rtol=1e-5)
        assert_allclose(seen["advice"], lrs[mean.argmin()] / 10, rtol=1e-5)


def test_training_with_the_lr_that_was_picked(test):
    """Each lr by itself, the best of them, and the goal."""
    lrs = test.controls["lr"].values
    for batch, size in (("8", 8), ("32", 32), ("all 442", 442)):
        f = minibatch(patients(), size)
        alone = {lr: descend(f, f.start, gd(lr=lr), 100).f for lr in lrs[::10]}
        for lr, loss in alone.items():
            seen = test.look(batch=batch, lr=lr)
            fine = loss[::4] < 1e30
            assert_allclose(seen["training"][fine, 1], loss[::4][fine], rtol=1e-5)
            assert_allclose(seen["yours"][:, 0], lr, rtol=1e-6)
            assert_allclose(seen["handle"][0, 0], lr, rtol=1e-6)
            if loss[-1] < 1e30:
                assert_allclose(seen["final"], loss[-1], rtol=1e-5)
        finals = np.array([test.look(batch=batch, lr=lr)["final"] for lr in lrs])
        assert_allclose(test.look(batch=batch)["lowest"], finals.min(), rtol=1e-6)
        reached = [test.reached(batch=batch, lr=lr) for lr in lrs]
        assert reached == (finals <= 1.05 * finals.min()).tolist()
        shown = test.look(batch=batch, every=True)["results"]
        assert_allclose(shown, np.stack([lrs, finals], axis=1), rtol=1e-5)
        assert np.isnan(test.look(batch=batch, every=False)["results"]).any()


def test_a_tenth_of_the_turn_is_good(test):
    """For each batch size, but not where small batches go up a long ramp."""
    bad = []
    for batch, ramp in itertools.product(*(test.controls[n].values for n in ("batch", "ramp"))):
        advice = test.look(batch=batch, ramp=ramp)["advice"]
        bad += [(batch, ramp)] * (not test.reached(batch=batch, lr=advice))
    assert bad == [("8", "300 steps"), ("32", "300 steps")]
    assert "usually trains as well as any" in test.alt
    assert not test.reached()


def test_the_range_test_judges(test):
    """Too slow, good, too large, lost; 2 / L is the edge for all examples at once."""
    said = [test.says(batch="8", lr=lr).rsplit(": ", 1)[1] for lr in (0.002, 0.02, 0.21, 1)]
    assert said == ["too slow", "as good as any", "too large", "lost"]
    assert "trains to ∞" in test.says(lr=1) or "e" in test.says(lr=1)
    edge = 2 / np.linalg.eigvalsh(patients().hess(patients().start)).max()
    lrs = test.controls["lr"].values
    lost = [test.says(batch="all 442", lr=lr).endswith(("lost", "too large")) for lr in lrs]
    assert lost == [lr > edge for lr in lrs]


def test_the_range_test_takes_ones_own():
    """A model and a rule."""
    table = data.breast_cancer()
    model = logistic(data.standardise(table.X), table.y)
    stage = range_test(model, adam, steps=20)
    lr = stage.controls["lr"].values[7]
    f = minibatch(model, 128)
    loss = descend(f, f.start, adam(lr=lr), 20).f
    assert_allclose(stage.look(lr=lr, batch="128")["final"], loss[-1], rtol=1e-5)
    assert "all 569" in stage.controls["batch"].values


def lost(t, x, g, *, lr=0.1):
    return x + lr * np.where(t < 3, 0, np.nan)


@pytest.mark.parametrize("figure", [schedule_designer, range_test])
def test_a_rule_that_returns_nan_is_told_so(figure):
    with pytest.raises(ValueError, match="lost returned nan at step 3"):
        figure(opt=lost)


@pytest.mark.parametrize("figure", [schedule_designer, range_test])
def test_rates_that_are_all_too_large_are_told_so(figure):
    with pytest.raises(ValueError, match="every constant lr from 1e\\+06 to 1e\\+08 is lost"):
        figure(lr=slider(1e6, 1e8, log=True))


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (0, "'int' object is not callable"),
        (lambda t: "x", "could not convert string to float: 'x'"),
        (lambda: 1, "takes 0 positional arguments"),
        (lambda t: np.nan if t > 2 else 1, r"own\(3\) is no finite number"),
    ],
)
def test_what_is_no_schedule_is_told_so(own, says):
    with pytest.raises(TypeError, match=rf"own must be a function of the step .* here .*{says}"):
        schedule_designer(own=own)


@pytest.mark.parametrize("model", [rosenbrock, 3, lambda w: w**2])
def test_what_has_no_examples_is_told_so(model):
    with pytest.raises(TypeError, match=r"batches of examples, .* give a model"):
        range_test(model)


def test_marks_are_not_cut_by_the_axes(test):
    """The handle, and the dots at both ends of the ramp."""
    (low, high), (bottom, top) = test.figure.axes[0].get_xlim(), test.figure.axes[0].get_ylim()
    for lr in ends(test, "lr"):
        assert bottom + 0.03 * (top - bottom) < test.look(lr=lr)["handle"][0, 1] < top
    tried = test.look()["dots"][:100, 0]
    assert low < 0.8 * tried.min() < 1.2 * tried.max() < high


def test_they_open_at_once(designer, test):
    """All frames are there without a kernel."""
    for stage in (designer, test):
        assert stage.size < 4_000_000
        for block in stage.book.blocks:
            assert set(block.axes) == set(stage.sweeps[block.sweep].names)
