"""Descent on a map: it opens with arrows to be seen, and its words fit every rule."""

import numpy as np
import pytest

from gdtutor import descend, gd, momentum, optimizer
from gdtutor.landscapes import himmelblau, rosenbrock
from gdtutor.live.explorers.maps import descent_on_map


@pytest.fixture(scope="module")
def remembering():
    return descent_on_map(rosenbrock, momentum(lr=1e-3))


def test_memory_is_seen_at_first(remembering):
    *_, dx, dy = remembering.look()["−v"][0]
    per_unit = remembering.figure.axes[0].transData.transform([(0, 0), (1, 1)])
    pixels = np.abs(np.diff(per_unit, axis=0)[0]) * np.abs([dx, dy])
    assert np.hypot(*pixels) > 20  # the point that it comes from has a radius of 8
    assert not remembering.reached()


def test_without_memory_the_whole_walk_is_seen():
    figure = descent_on_map(himmelblau, gd(lr=0.01), (-0.5, -1.0), steps=40)
    assert figure.values["step"] == 40
    path = descend(himmelblau, (-0.5, -1.0), gd(lr=0.01), 40)
    np.testing.assert_allclose(figure.look()["walk"], path.x, rtol=1e-5)


def test_the_walk_and_the_arrows_are_those_of_the_rule(remembering):
    path = descend(rosenbrock, rosenbrock.start, momentum(lr=1e-3), 100)
    for step in (0, 1, 20, 100):
        seen = remembering.look(step=step)
        np.testing.assert_allclose(seen["walk"], path.x[: step + 1], rtol=1e-5)
        x, way = seen["−v"][0, :2], seen["−v"][0, 2:]
        np.testing.assert_allclose(x, path.x[step], rtol=1e-5)
        size = np.linalg.norm(path["v"][step])
        np.testing.assert_allclose(way * size, -path["v"][step] * np.hypot(*way), atol=1e-5)


def test_a_rule_without_knobs():
    @optimizer
    def plain(t, x, g):
        return x - 0.01 * g

    figure = descent_on_map(himmelblau, plain)
    assert figure.says(step=0) == "step 0, loss 170, on its way"
    assert figure.says().endswith(", there")


@pytest.mark.parametrize("lost_at", [1, 30])
def test_who_is_lost_is_just_lost(lost_at):
    @optimizer
    def broken(t, x, g, *, speed=0.01):
        return x * np.nan if t >= lost_at else x - speed * g

    figure = descent_on_map(himmelblau, broken)
    assert figure.says() == "speed 0.01: step 100, loss ∞, lost"
    assert descent_on_map(himmelblau, gd(lr=0.1)).says().endswith(", lost")
