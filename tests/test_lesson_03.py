"""The numbers that lesson 3 speaks of without printing them."""

import numpy as np
import pytest

from gdtutor import descend, gd
from gdtutor.course import update_rule as lesson
from gdtutor.data import diabetes, standardise
from gdtutor.landscapes import double_well, landscape, parabola
from gdtutor.models import linear
from gdtutor.schedules import step as drop


def test_third():
    question = lesson.find("third")
    x = descend(parabola, 4.0, gd(lr=0.25), steps=3).x[:, 0]
    assert x[3] == question.value
    assert x[2] in question.traps
    assert parabola.grad(x=[4.0]) == 8


def test_flat_hill():
    flat, best = landscape(lambda x: 0.001 * x**2), lesson.find("flat-hill").value
    assert descend(flat, 3.0, gd(lr=best), steps=1).end[0] == pytest.approx(0, abs=1e-9)
    assert best == 500


def test_the_loop_of_many_introductions_stops_by_itself():
    path = descend(parabola, 3.0, gd(lr=0.01), steps=1000, gtol=1e-6)
    assert path.steps == 773
    assert 0.98**773 < 1e-6 / 6 < 0.98**772


def test_the_change_of_the_loss_stops_first():
    x, after = 1.0, 0.8
    assert x**2 - after**2 == pytest.approx(0.36)
    stops = [
        descend(parabola, 3.0, gd(lr=0.1), steps=100, **{name: 1e-4}).steps
        for name in ("ftol", "xtol", "gtol")
    ]
    assert stops == sorted(stops)


def test_a_fixed_lr_arrives_and_a_falling_one_may_not():
    fixed = descend(parabola, 3.0, gd(lr=0.1), steps=200).end[0]
    falling = descend(parabola, 3.0, gd(lr=drop(0.1, 5, 0.5)), steps=2000).end[0]
    assert 1e-20 < fixed < 1e-18
    assert falling == pytest.approx(0.35, abs=0.005)


def test_near_the_top_the_first_step_is_tiny():
    top = double_well.maxima[0, 0]
    steps = np.abs(np.diff(descend(double_well, top + 1e-6, gd(lr=0.05), steps=100).x[:, 0]))
    assert steps[0] == pytest.approx(2e-7, rel=0.1)
    assert steps.max() == pytest.approx(0.06, abs=0.005)


def test_five_steps_leave_a_third_of_the_way():
    patients = diabetes()
    model = linear(standardise(patients.X[:, [2]]), patients.y)
    path = descend(model, (0.0, 0.0), gd(lr=0.1), steps=50)
    best = descend(model, (0.0, 0.0), gd(lr=0.5), steps=1).end
    left = (best - path.x) / best
    np.testing.assert_allclose(left[5], 0.8**5, rtol=1e-9)
    assert round(float(left[5, 0]), 2) == 0.33
    np.testing.assert_allclose(left[50], 0.8**50, rtol=1e-6)
