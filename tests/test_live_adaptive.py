"""Effective steps and weight decay: what the live figures show is what single runs give."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdtutor import adagrad, adam, adam_l2, adam_uncorrected, adamw, descend, gd, optimizer, rmsprop
from gdtutor.landscapes import bowl
from gdtutor.live.explorers.adaptive import LARGE, SMALL, decay_or_l2, effective_steps

START = (1.2, 0.8)


@pytest.fixture(scope="module")
def steps():
    """The figure of effective steps as it is."""
    return effective_steps()


@pytest.fixture(scope="module")
def decay():
    """The figure of decay and L2 as it is."""
    return decay_or_l2()


def ends(stage, name):
    """Return first, middle and last value of a control."""
    values = stage.controls[name].values
    return values[0], values[len(values) // 2], values[-1]


def gradient(task, t, x):
    """Return the gradient of step t, by hand."""
    x, y = x
    u, v = (x + y) / 2, (y - x) / 2  # along and across the turned valley, over √2
    return np.array({
        "steep and gentle": (x, 100 * y),
        "the same, turned by 45°": (u - 100 * v, u + 100 * v),
        "rare feature": (x, y * (t % 10 == 0)),
        "constant gradient": (1, 0.1),
    }[task])  # fmt: skip


def by_hand(rule, task, lr, steps=100):
    """Walk step by step, and keep positions and effective steps."""
    opt = {"gradient descent": gd, "AdaGrad": adagrad, "RMSProp": rmsprop, "Adam": adam,
           "Adam, uncorrected": adam_uncorrected}[rule](lr=lr)  # fmt: skip
    x, memory, xs, sizes = np.array(START), (), [START], [[np.nan, np.nan]]
    squares = np.zeros(2)
    for t in range(1, steps + 1):
        g = gradient(task, t, x)
        x, memory = opt.step(t, x, g, memory)
        if rule == "AdaGrad":
            squares = squares + g**2
        elif rule == "RMSProp":
            squares = 0.99 * squares + 0.01 * g**2
        else:
            squares = 0.999 * squares + 0.001 * g**2
        mean = squares / (1 - 0.999**t) if rule == "Adam" else squares
        size = [lr, lr] if rule == "gradient descent" else lr / np.sqrt(mean)
        xs.append(x)
        sizes.append(np.where(np.isinf(size), np.nan, size))
    return np.array(xs), np.array(sizes)


@np.errstate(all="ignore")
def test_effective_steps_are_those_of_the_rule(steps):
    """All rules, all tasks, the ends of lr: path, effective step, its ratio, and the first step."""
    for rule in steps.controls["rule"].values:
        for task in steps.controls["task"].values:
            for lr in ends(steps, "lr"):
                xs, sizes = by_hand(rule, task, lr)
                seen = steps.look(rule=rule, task=task, lr=lr)
                near = np.abs(xs) < 1e6  # what is lost needn't agree to many digits
                where = (rule, task, lr)
                assert_allclose(
                    seen["walk"][near], xs[near], rtol=1e-4, atol=1e-5, err_msg=str(where)
                )
                for i, name in enumerate(("x₁", "x₂")):
                    # Far below eps a mean square is nothing but rounding.
                    real = ~(sizes[:, i] > 1e6)
                    assert_allclose(seen[name][real, 1], sizes[real, i], rtol=1e-3)
                assert_allclose(seen["ratio"], sizes[-1, 0] / sizes[-1, 1], rtol=1e-3)
                leap = np.abs(xs[1] - xs[0]).max() / lr
                assert_allclose(seen["leap"], leap, rtol=1e-5)


def test_the_steps_follow_the_scrubber(steps):
    """Nothing before the first step, and then one point more with each."""
    seen = steps.look(rule="Adam", step=0)
    assert np.isnan(seen["x₁"]).any()
    assert "not begun" in steps.says(rule="Adam", step=0)
    assert len(steps.look(step=7)["walk"]) == 8
    unseen = steps.says(rule="Adam", task="rare feature", step=9)
    assert unseen.endswith("x₂ not seen yet")


def test_numbers_of_the_lesson(steps):
    """Adam's first step is lr, uncorrected 3.16 · lr; AdaGrad moves by about 2 · lr · √t."""
    at = {"task": "steep and gentle"}
    leaps = [steps.look(rule=rule, **at)["leap"] for rule in ("Adam", "Adam, uncorrected")]
    assert_allclose(leaps, [1, np.sqrt(10)], rtol=1e-6)
    seen = steps.look(rule="AdaGrad", task="constant gradient", lr=0.1)
    along = np.array(START) - seen["walk"][-1]
    assert_allclose(along, 2 * seen["lr"] * np.sqrt(100), rtol=0.08)
    assert_allclose(seen["moved"], np.sqrt(2) * along[0], rtol=1e-5)


def test_turning_the_valley_takes_the_advantage_away(steps):
    """Along the axes the gentle coordinate gets far more; turned, both get the same."""
    for rule in ("AdaGrad", "RMSProp"):
        along = steps.look(rule=rule, task="steep and gentle", lr=0.3)["ratio"]
        turned = steps.look(rule=rule, task="the same, turned by 45°", lr=0.3)["ratio"]
        assert along > 50
        assert 0.6 < turned < 1.5
        assert steps.says(rule=rule, task="steep and gentle", lr=0.3).endswith("x₁ gets more")
    turned = {"task": "the same, turned by 45°", "lr": 0.01}
    assert steps.says(rule="gradient descent", **turned).endswith("ratio 1: both alike")
    assert steps.says(rule="RMSProp", **turned).endswith("both alike")
    assert steps.says(rule="AdaGrad", task="rare feature").endswith("x₂ gets more")
    assert steps.says(rule="gradient descent", task="steep and gentle", lr=1).endswith("lost")


def test_the_goal_of_the_steps(steps):
    """In the turned valley RMSProp gets no nearer than gradient descent; Adam's momentum helps it."""
    turned = {"task": "the same, turned by 45°"}
    lrs = steps.controls["lr"].values
    assert not steps.reached()
    for values in steps.presets.values():
        assert not steps.reached(**values)
    for rule, opt in [("gradient descent", gd), ("RMSProp", rmsprop)]:
        near = [lr for lr in lrs if steps.reached(rule=rule, lr=lr, **turned)]
        assert near
        for lr in near:
            end = descend(bowl(kappa=100, angle=45), START, opt(lr=lr), 100).end
            assert 0.25 < np.linalg.norm(end) < 0.3
    lr = steps.values["lr"]
    valley = bowl(kappa=100, angle=45)
    with_momentum, without = (
        np.linalg.norm(descend(valley, START, adam(lr=lr, beta1=beta), 100).end)
        for beta in (0.9, 0)
    )
    assert with_momentum < 0.01 < 0.25 < without
    for rule in steps.controls["rule"].values:
        assert not steps.reached(rule=rule, task="steep and gentle")
        if "Adam" in rule:
            assert not any(steps.reached(rule=rule, lr=lr, **turned) for lr in lrs)


def test_effective_lrs_stay_in_view(steps):
    """All of them, at the ends of lr, from the first step on; the highest for a moment."""
    for rule in steps.controls["rule"].values:
        for task in steps.controls["task"].values:
            for lr in ends(steps, "lr"):
                seen = steps.look(rule=rule, task=task, lr=lr)
                low, high = steps.figure.axes[1].get_ylim()
                for name in ("x₁", "x₂"):
                    assert low < np.nanmin(seen[name][:, 1])
                    assert np.nanmax(seen[name][:, 1]) < high
                assert len(steps.says(rule=rule, task=task, lr=lr)) < 110


def test_presets_show_lines(steps):
    """A line needs two points."""
    for values in steps.presets.values():
        for name in ("x₁", "x₂"):
            assert np.isfinite(steps.look(**values)[name][:, 1]).sum() > 1


def test_a_rule_of_ones_own():
    """Its effective step is measured, whatever its name and its memory are called."""

    @optimizer
    def rmsprop(t, x, g, square=0, *, lr=0.01):
        square = 0.9 * square + 0.1 * g**2
        return x - lr * g / (np.sqrt(square) + 1e-8), square

    stage = effective_steps(rmsprop, steps=20)
    assert stage.values["rule"] == "yours"
    seen = stage.look(rule="yours", task="steep and gentle", lr=0.01)
    assert_allclose(seen["x₁"][1, 1], seen["lr"] / (np.sqrt(0.1) * START[0]), rtol=1e-4)


def shrunk(rule, lr, decay, push, steps):
    """Return a weight from 1, at all steps, whose data gradient is ± push in turns."""
    x, memory, found = np.array([1.0]), (), [1.0]
    for t in range(1, steps + 1):
        g = np.array([push * (-1.0) ** t])
        x, *memory = rule(lr=lr, weight_decay=decay).step(t, x, g, tuple(memory))
        memory = memory[0]
        found.append(x[0])
    return np.array(found)


def test_weights_shrink_as_the_rules_say(decay):
    """Lines and bars against steps taken by hand, at the ends and the middle of both controls."""
    for lr in ends(decay, "lr"):
        for strength in ends(decay, "weight_decay"):
            seen = decay.look(lr=lr, weight_decay=strength)
            at = {"lr": lr, "decay": strength, "steps": 100}
            for name, rule in (("Adam + L2", adam_l2), ("AdamW", adamw)):
                line = shrunk(rule, push=0, **at)
                assert_allclose(seen[name][:, 1], line, rtol=1e-5, atol=1e-6)
            assert_allclose(seen["gd + L2"][:, 1], (1 - lr * strength) ** np.arange(101), atol=1e-6)
            pairs = [
                (shrunk(rule, push=push, **at)[-1] + shrunk(rule, push=-push, **at)[-1]) / 2
                for rule in (adam_l2, adamw)
                for push in (SMALL, LARGE)
            ]
            assert_allclose(seen["bars"], pairs, rtol=1e-4, atol=1e-6)


def test_numbers_of_the_lesson_on_decay(decay):
    """100 steps, lr 0.01, decay 0.1: Adam + L2 leaves .224, AdamW and gradient descent .905."""
    seen = decay.look(lr=0.01, weight_decay=0.1)
    assert (seen["lr"], seen["weight_decay"]) == (0.01, 0.1)
    assert round(seen["joined"], 3) == 0.224
    assert round(seen["apart"], 3) == round(float(seen["gd + L2"][-1, 1]), 3) == 0.905
    # AdamW takes the same share of all weights; L2 spares those with large gradients.
    assert_allclose(seen["bars"][2:], 0.999**100, rtol=1e-5)
    assert seen["bars"][0] < 0.25 < 0.98 < seen["bars"][1]
    # How strong L2 is doesn't matter without a data gradient.
    weak = decay.look(lr=0.01, weight_decay=0.001)["joined"]
    assert_allclose(weak, seen["joined"], atol=1e-3)


def test_decay_is_judged(decay):
    """The words, at the start and in the end, and the goal."""
    said = [
        decay.says(lr=0.01, weight_decay=strength, step=step).rsplit(": ", 1)[1]
        for strength, step in ((0.1, 0), (0.1, 100), (10, 100))
    ]
    assert said == ["the same here", "L2 takes up to lr a step at any decay", "AdamW takes more"]
    assert decay.says(lr=0.1, weight_decay=0.1).endswith("L2 has taken all of it")
    assert "step 50: Adam + L2 leaves 0.537" in decay.says(lr=0.01, weight_decay=0.1, step=50)
    assert not decay.reached()
    found = [
        (lr, strength)
        for lr in decay.controls["lr"].values
        for strength in decay.controls["weight_decay"].values
        if decay.reached(lr=lr, weight_decay=strength)
    ]
    assert len(found) >= 2
    for lr, strength in found:
        left = [shrunk(rule, lr, strength, 0, 100)[-1] for rule in (adam_l2, adamw)]
        assert abs(left[0] - left[1]) < 0.03
        assert 0.1 < left[1] < 0.5


def test_what_is_said_of_l2_is_true(decay):
    """No step is longer than lr, and all is taken where less than a twentieth is left."""
    for lr in decay.controls["lr"].values:
        for strength in decay.controls["weight_decay"].values:
            seen = decay.look(lr=lr, weight_decay=strength)
            weight = seen["Adam + L2"][:, 1]
            assert np.abs(np.diff(weight)).max() < 1.001 * lr
            for step in (10, 40, 100):
                said = decay.says(lr=lr, weight_decay=strength, step=step)
                assert len(said) < 110
                assert "taken all" not in said or abs(weight[step]) < 0.05


@pytest.mark.parametrize("make", [effective_steps, decay_or_l2])
def test_a_rule_without_the_knobs_is_refused(make):
    """At once, with the knobs that it needs."""

    @optimizer
    def bare(t, x, g):
        return x - 0.1 * g

    with pytest.raises(ValueError, match=r"bare needs knobs .* def bare\(t, x, g, \*, lr=0.1"):
        make(bare)


def test_a_decay_of_ones_own():
    """It is one line more."""

    @optimizer
    def mine(t, x, g, *, lr=0.1, weight_decay=0.1):
        return (1 - lr * weight_decay) * x - lr * g

    stage = decay_or_l2(mine, steps=30)
    seen = stage.look(lr=0.1, weight_decay=1)
    assert_allclose(seen["yours"][:, 1], 0.9 ** np.arange(31), rtol=1e-5)


def test_they_open_at_once(steps, decay):
    """All frames are there without a kernel, and no choice makes them too large."""
    for stage in (steps, decay):
        assert stage.size < 4_000_000
        for block in stage.book.blocks:
            assert set(block.axes) == set(stage.sweeps[block.sweep].names)
