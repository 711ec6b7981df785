"""A walk on a curve: its verbs, the range of its lr, and its goal."""

import numpy as np
import pytest

from gdtutor import adam, descend, gd, momentum, newton, optimizer, theory
from gdtutor.landscapes import parabola
from gdtutor.live import slider
from gdtutor.live.explorers.curves import descent_on_curve

OWN = {
    "two valleys": lambda x: x**4 - 2 * x**2,
    "flat at the bottom": lambda x: (x - 1) ** 4,
    "steep on one side": lambda x: np.exp(x) - x,
}


@pytest.fixture(scope="module")
def figure():
    return descent_on_curve(parabola)


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5, 0.9, 1.0, 1.2])
@pytest.mark.parametrize("start", [-4.0, 0.4, 3.0])
def test_the_walk_is_what_descend_does(figure, lr, start):
    path = descend(parabola, start, gd(lr=lr), 30)
    seen = figure.look(lr=lr, start=start)
    points = np.stack([path.x[:, 0], path.f], axis=-1)
    np.testing.assert_allclose(seen["walk"], points, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(seen["losses"][:, 1], np.maximum(path.f, 1e-9), rtol=1e-5)
    assert seen["reached"] == (path.f[-1] < 1e-6)


@pytest.mark.parametrize(
    ("lr", "said"),
    [
        (0.01, "creeps"),
        (0.04, "creeps"),
        (0.05, "settles"),  # 10 % less in every step
        (0.49, "settles"),
        (0.5, "one step home"),
        (0.51, "zigzags in"),
        (0.99, "zigzags in"),
        (1.0, "bounces for ever"),
        (1.01, "zigzags out"),
        (1.2, "explodes"),
    ],
)
def test_verbs(figure, lr, said):
    assert figure.says(lr=lr).endswith(f", {said}")
    first, last = np.square(descend(parabola, 3.0, gd(lr=lr), 30).x[[0, -1], 0])
    assert (last > first) == (said in ("zigzags out", "explodes"))


def test_it_creeps_and_settles_as_theory_says(figure):
    for lr in figure.controls["lr"].values[:49]:
        assert figure.says(lr=lr).endswith(str(theory.regime(lr, 2.0)))


def test_who_does_not_move_stays():
    assert descent_on_curve(OWN["two valleys"], start=0.0).says().endswith(", stays")
    assert descent_on_curve(parabola, start=0.0).says().endswith(", is there already")


def test_a_rule_that_climbs_leads_away():
    @optimizer
    def climb(t, x, g, *, lr=0.1):
        return x + 0.01 * lr * g

    assert descent_on_curve(parabola, climb).says().endswith(", leads away")


@pytest.mark.parametrize("start", [None, 0.0, 0.7, -4.0])
def test_the_lr_of_the_parabola(start):
    lr, known = descent_on_curve(parabola, start=start).controls["lr"], slider(0.01, 1.2, count=120)
    assert lr.values == known.values
    assert (lr.value, lr.format) == (0.1, ".2f")


@pytest.mark.parametrize("name", OWN)
def test_an_lr_reaches_the_goal_on_a_function_of_ones_own(name):
    figure = descent_on_curve(OWN[name])
    lr = figure.controls["lr"]
    reached = [value for value in lr.values if figure.reached(lr=value)]
    assert reached
    assert not figure.reached()
    path = descend(OWN[name], figure.values["start"], gd(lr=reached[0]), 30)
    np.testing.assert_allclose(figure.look(lr=reached[0])["walk"][:, 0], path.x[:, 0], rtol=1e-5)
    assert figure.says(lr=lr.values[0]).startswith(f"lr {lr.values[0]:.3g}: step 30")
    assert figure.says(lr=lr.values[0]).endswith("creeps")
    assert figure.says(lr=lr.values[-1]).split(", ")[-1] in ("explodes", "zigzags in")


def test_the_lr_scales_with_the_curve():
    lr = descent_on_curve(lambda x: 1e6 * x**2).controls["lr"]
    np.testing.assert_allclose(lr.values, 1e-6 * np.linspace(0.01, 1.2, 120), rtol=1e-6)
    assert descent_on_curve(lambda x: 0 * x).controls["lr"].values[-1] == 1.2  # no curve at all


def test_lr_is_a_length_for_some_rules_and_a_share_for_others():
    f = OWN["two valleys"]
    assert descent_on_curve(f, adam).controls["lr"].values[-1] == 1.2
    assert descent_on_curve(f, newton).controls["lr"].values[-1] == 1.2
    assert descent_on_curve(f, momentum).controls["lr"].values[-1] < 0.1


def test_few_steps():
    figure = descent_on_curve(parabola, steps=1)
    assert figure.reached(lr=0.5)
    assert not figure.reached(lr=0.4)
    assert figure.says(lr=0.4) == "lr 0.40: step 1, x +0.60, slope +1.2, loss 0.36, settles"
    assert descent_on_curve(parabola, within=1).goal[0].endswith("in 1 step")


@pytest.mark.parametrize("within", [0, 31, 50])
def test_within_is_one_of_the_steps(within):
    with pytest.raises(ValueError, match=rf"within={within} must be one of the steps 1, …, 30"):
        descent_on_curve(parabola, within=within)
