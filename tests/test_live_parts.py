"""What the live figures share."""

import functools

import numpy as np
import pytest

from gdtutor import live
from gdtutor.landscapes import beale, landscape, rastrigin, rosenbrock, six_hump_camel
from gdtutor.live.explorers.parts import apart, first_where, lowest, over, over_steps

# ------------------------------------------------------------------------------------- the lowest


class Silent:
    """A landscape that doesn't say where it is lowest."""

    def __init__(self, f):
        self.f, self.dim = f, f.dim

    def __call__(self, x):
        return self.f(x)

    def grad(self, x):
        return self.f.grad(x)


@pytest.mark.parametrize("f", [beale, rastrigin, rosenbrock, six_hump_camel])
def test_a_search_finds_the_lowest_that_is_known(f):
    np.testing.assert_equal(lowest(f, f.domain), f.minimum)
    x, height = lowest(Silent(f), f.domain)
    assert height == pytest.approx(f.minimum[1], abs=1e-9)
    assert f(x) == height


def test_where_a_function_is_no_number_it_is_not_lowest():
    x, height = lowest(landscape(lambda x: x * np.log(x), domain=(-1, 3)), [(-1, 3)])
    assert x == pytest.approx([np.exp(-1)])
    assert height == pytest.approx(-np.exp(-1))
    x, height = lowest(landscape(lambda x, y: np.log(x) + y**2), [(-1, 1), (-1, 1)])
    assert 0 < x[0] < 0.1  # −∞ isn't a height
    assert np.isfinite(height)


def test_without_a_minimum_the_lowest_is_at_a_border():
    x, height = lowest(landscape(lambda x, y: x**2 - y**2 + y), [(-2, 2), (-1, 3)])
    np.testing.assert_allclose(x, (0, 3), atol=1e-9)
    assert height == pytest.approx(-6)
    assert lowest(landscape(lambda x: -x), [(-2, 4)]) == ([4], -4)
    assert lowest(landscape(lambda x: 0 * x + 3), [(-2, 4)])[1] == 3


def test_the_unit_of_length_does_not_matter():
    for unit in (1e-6, 1e6):
        f = landscape(functools.partial(lambda x, unit: (x / unit - 0.3) ** 2, unit=unit), dim=1)
        x, height = lowest(f, [(-unit, 2 * unit)])
        assert x == pytest.approx([0.3 * unit])
        assert height == pytest.approx(0, abs=1e-12)


def test_a_function_of_single_numbers():
    def f(x, y):
        return (x - 0.2) ** 2 if x > y else (x - 0.2) ** 2 + (x - y) ** 2

    x, height = lowest(landscape(f), [(-2, 2), (-2, 2)])
    assert height == pytest.approx(0, abs=1e-9)
    assert x[0] == pytest.approx(0.2)


def test_pictures_of_a_function_of_their_own_show_the_loss_above_the_lowest():
    curve = live.descent_on_curve(lambda x: (x - 1) ** 2 + 3, start=-2.0)
    above = live.descent_on_map(lambda x, y: (x - 1) ** 2 + y**2 + 3, start=(-2, 0))
    for figure in (curve, above):
        assert figure.figure.axes[1].get_ylabel() == "loss above the lowest"
        assert figure.look(lr=0.1, step=2)["losses"][:3, 1] == pytest.approx(
            9 * 0.64 ** np.arange(3)
        )
    assert curve.reached(lr=0.5, step=1)
    assert not curve.reached(lr=0.01, step=1)
    assert above.goal


def test_who_falls_below_the_lowest_of_a_map_is_not_there():
    figure = live.descent_on_map(lambda x, y: x**2 - y**2, start=(1, 0.1), domain=[(-2, 2)] * 2)
    assert "on its way" in figure.says(lr=0.1, step=100)
    assert figure.look(lr=0.1, step=100)["loss"] < -4


# ------------------------------------------------------------------------------------------- arrays


def test_values_over_places():
    points = over(np.arange(3), np.zeros((2, 3)), np.ones((2, 1)))
    assert points.tolist() == [[[0, 0, 1], [1, 0, 1], [2, 0, 1]]] * 2
    assert over_steps(np.zeros((3, 2)), floor=1).tolist() == [[[0, 1], [1, 1], [2, 1]]] * 2


def test_the_first_row():
    there = np.array([[False, True, False], [True, True, False]])
    assert first_where(there).tolist() == [1, 0, np.inf]
    np.testing.assert_equal(first_where(there, never=np.nan), [1, 0, np.nan])


def test_names_move_apart_below_the_ceiling():
    heights = apart(np.array([1e3, 1e4, 0.5]), 0.01, 100, gap=0.25, ceiling=0.875)
    np.testing.assert_allclose(np.log10(heights), [-2 + 4 * 0.625, -2 + 4 * 0.875, -2 + 4 * 0.375])
    many = np.log10(apart(np.ones((40, 2)), 0.01, 100))
    np.testing.assert_allclose(np.diff(many, axis=0), 4 / 40)
