"""What `@optimizer` reads from a signature, and what it says when it can't."""

import numpy as np
import pytest

from gdtutor import RULES, START, adam, gd, momentum, newton, optimizer, sam
from gdtutor.transforms import clip_norm


@optimizer
def slow_start(t, x, g, v=0, home=START, *, lr, push=2.0):
    """A rule of a learner's own."""
    v = v + g
    return x - lr * v / (push + t), v, home


def test_signature_is_the_specification():
    assert slow_start.name == "slow_start"
    assert slow_start.memory == {"v": 0, "home": START}
    assert list(slow_start.knobs) == ["lr", "push"]
    assert slow_start.knobs["push"] == 2.0
    assert not slow_start.sees_landscape
    assert newton.sees_landscape
    assert slow_start.__doc__ == "A rule of a learner's own."


def test_a_configured_copy_leaves_the_original_alone():
    fast = adam(lr=0.5)
    assert fast.knobs["lr"] == 0.5
    assert adam.knobs["lr"] == 1e-3
    assert fast(beta1=0.8).knobs == {"lr": 0.5, "beta1": 0.8, "beta2": 0.999, "eps": 1e-8}


def test_step_by_hand_equals_the_formula():
    x, memory = momentum(lr=0.1, momentum=0.5).step(1, 1.0, 2.0)
    assert (x, memory) == (0.8, (2.0,))
    x, memory = momentum(lr=0.1, momentum=0.5).step(2, x, 1.0, memory)
    assert memory == (2.0,)
    assert x == pytest.approx(0.6)


def test_memory_may_begin_at_the_start_point():
    x = np.array([3.0, 4.0])
    assert slow_start.start(x)[1] is x
    _, memory = slow_start(lr=0.1).step(1, x, x)
    assert memory[1] is x


def test_lists_become_arrays_for_sweeps():
    assert gd(lr=[[0.1], [0.2]]).knobs["lr"].shape == (2, 1)


@pytest.mark.parametrize(
    ("opt", "text"),
    [
        (gd, "gd()"),
        (gd(lr=0.1), "gd(lr=0.1)"),
        (adam(beta1=0.8)(lr=1e-4), "adam(beta1=0.8, lr=0.0001)"),
        (gd(lr=np.ones((500, 1))), "gd(lr=<500 x 1 values>)"),
        (adam(clip_norm(1.0), lr=0.1), "adam(clip_norm(1), lr=0.1)"),
    ],
)
def test_repr_shows_what_was_set(opt, text):
    assert repr(opt) == text


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (lambda x, g: x, "no update rule"),
        (lambda t, x: x, "no update rule"),
        (lambda t, theta, g: theta, "no update rule"),
        (lambda t, x, g, *memory: x, r"\*memory"),
        (lambda t, x, g, **knobs: x, r"\*\*knobs"),
        (lambda t, x, g, v: x, "initial value"),
        (lambda t, x, g, lr=0.1: x, r"put a \* in front"),
        (3.0, "goes over a function"),
    ],
)
def test_no_rule(rule, says):
    with pytest.raises(TypeError, match=says):
        optimizer(rule)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: adam(beta=0.9), TypeError, "no knob 'beta'; it has lr, beta1, beta2, eps"),
        (lambda: gd(0.1), TypeError, r"gd\(lr=0.1\)"),
        (lambda: gd(lr=-0.1), ValueError, "use ascend"),
        (lambda: gd(lr=np.nan), ValueError, "finite"),
        (lambda: gd(lr="fast"), TypeError, "must be a number"),
        (lambda: gd(lr=None), TypeError, "must be a number"),
        (lambda: gd(lr=1j), TypeError, "must be a number"),
        (lambda: momentum(momentum=9), ValueError, "between -1 and 1"),
        (lambda: adam(beta2=[[0.9], [1.1]]), ValueError, "between 0 and 1"),
        (lambda: adam(eps=-1e-8), ValueError, "0 or more"),
        (lambda: sam(clip_norm(1.0)), TypeError, "takes its own gradients"),
    ],
)
def test_a_knob_that_cannot_be(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (None, "forget `return`"),
        (1.0, "one value"),
        ((1.0, 2.0), "2 values"),
        ((1.0, 2.0, 3.0, 4.0), "4 values"),
    ],
)
def test_a_rule_that_returns_the_wrong_number_of_things(returned, says):
    with pytest.raises(TypeError, match=says):
        slow_start.unpack(returned)


def test_a_rule_without_memory_returns_x_alone():
    with pytest.raises(TypeError, match="return the new x alone"):
        gd.unpack((1.0, 2.0))
    with pytest.raises(TypeError, match="forget `return`"):
        gd.unpack(None)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_explains_itself(rule):
    doc = RULES[rule].__doc__
    assert "Examples" in doc
    assert "(1" in doc or "(2" in doc or rule == "adam_uncorrected" or "Agrees" in doc
    assert RULES[rule].name == rule


def test_every_rule_is_within_reach():
    import gdtutor

    for name, rule in RULES.items():
        assert getattr(gdtutor, name) is rule
        assert name in gdtutor.__all__
