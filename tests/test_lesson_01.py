"""Lesson 1: the numbers that it states, and those that its questions are marked by."""

import ast
import json
import pathlib

import numpy as np
import pytest

from gdtutor import live
from gdtutor.course import derivatives
from gdtutor.data import diabetes, standardise
from gdtutor.landscapes import bowl, double_well, landscape, parabola, rosenbrock
from gdtutor.landscapes.numeric import central_difference, complex_step
from gdtutor.models import linear

EPS = np.finfo(float).eps
NOTEBOOK = pathlib.Path(__file__).parents[1] / "notebooks" / "01_derivatives.ipynb"
PRODUCT = landscape(lambda x, y: x * y * (x + y))


@pytest.fixture(scope="module")
def told():
    """What the notebook's cells printed, by id."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return {
        cell["id"]: "".join("".join(o.get("text", "")) for o in cell["outputs"])
        for cell in cells
        if cell["cell_type"] == "code"
    }


@pytest.fixture(scope="module")
def made():
    """The functions and constants that the notebook's cells define, none of its figures drawn."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names = {"np": np}
    for cell in cells:
        if cell["cell_type"] == "code":
            for part in ast.parse("".join(cell["source"])).body:
                constant = isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) in (
                    "BOXES",
                    "RATES",
                )
                if isinstance(part, ast.FunctionDef | ast.ClassDef) or constant:
                    exec(compile(ast.Module([part], []), NOTEBOOK.name, "exec"), names)
    return names


# ---------------------------------------------------------------- one variable


def test_slopes_of_the_parabola():
    assert parabola.grad(3.0) == 6
    assert parabola.grad(-2.0) == -4
    for h, slope in ((1, 7), (0.1, 6.1), (0.01, 6.01)):
        assert (parabola(3 + h) - parabola(3.0)) / h == pytest.approx(slope)


def test_the_hill_in_the_fog_is_level_in_three_places_of_the_slider():
    x = np.linspace(-1.6, 1.6, 81)
    level = x[np.abs(double_well.grad(x)) < 0.1]
    runs = np.split(level, np.flatnonzero(np.diff(level) > 0.05) + 1)
    places = np.concatenate([double_well.minima, double_well.maxima])[:, 0]
    assert len(runs) == len(places) == 3
    for run, place in zip(runs, np.sort(places)):
        assert run[0] - 0.04 < place < run[-1] + 0.04


def test_twice_the_fourth_power_has_eight_cubes():
    f = landscape(lambda x: 2 * x**4 + 5)
    x = np.linspace(-10, 10, 41)
    np.testing.assert_allclose(f.grad(x), 8 * x**3, rtol=1e-12)
    assert derivatives.find("power").value == pytest.approx(float(f.grad(10.0)))


def test_the_best_h():
    x = np.linspace(0.5, 1.5, 1001)[:, None]

    def errors(h, begin):
        slopes = (np.sin(x + h) - np.sin(x - begin * h)) / ((1 + begin) * h)
        return np.median(np.abs(slopes - np.cos(x)), axis=0)

    h = np.geomspace(1e-15, 1, 301)
    for begin, stated, best in ((0, 6e-9, EPS**0.5), (1, 6e-6, EPS ** (1 / 3))):
        found = errors(h, begin)
        assert best / 3 < h[found.argmin()] < best * 1.5
        assert errors(np.array([stated]), begin)[0] < 3 * found.min()  # the rest is luck
    assert 500 < errors(h, 0).min() / errors(h, 1).min() < 3000
    # h ten times smaller: 10 times better, and 100 times.
    for begin, factor in ((0, 10), (1, 100)):
        large, small = errors(np.array([1e-2, 1e-3]), begin)
        assert large / small == pytest.approx(factor, rel=0.01)


def test_errors_that_the_quiz_states():
    for h, error in ((1e-8, 3e-9), (1e-14, 4e-3)):
        off = abs((np.sin(1 + h) - np.sin(1)) / h - np.cos(1))
        assert off == pytest.approx(error, rel=0.1)


def test_central_differences_as_written_are_those_of_the_package(made):
    h = 2.0**-17
    ours = made["central"](np.exp, 1.0, h)
    assert ours == central_difference(np.exp, np.array([1.0]), h)[0, 0]


# ---------------------------------------------------------------- two


def test_gradients_as_written(made):
    hill = landscape(lambda x, y: x**2 + y**2)
    for point in ((1.0, 2.0), (-3.0, 0.5)):
        np.testing.assert_allclose(hill.grad(point), 2 * np.array(point), rtol=1e-14)
        np.testing.assert_allclose(
            made["numerical_gradient"](hill, point), 2 * np.array(point), rtol=1e-9
        )
    assert hill.hess([1.0, 2.0]).tolist() == [[2, 0], [0, 2]]
    mixed = landscape(lambda x, y: x**2 + 3 * x * y).grad([1.0, 2.0])
    partial = derivatives.find("partial")
    assert partial.value == pytest.approx(mixed[0])
    assert 3 in partial.traps
    assert mixed[1] == pytest.approx(3)


def test_slopes_fall_off_as_a_cosine():
    u = np.array([0.6, 0.8])
    turn = np.radians(60)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ u
    f = landscape(lambda x, y: 3 * x + 4 * y)
    assert derivatives.find("sixty").value == pytest.approx(f.grad([0.0, 0.0]) @ turned)


def test_the_steepest_way_down_misses_the_minimum_unless_contours_are_circles():
    """At the angle t, tan(off) = (κ − 1) tan t / (1 + κ tan² t), from plane trigonometry."""
    t = np.radians(np.linspace(0.5, 89.5, 180))
    at = np.stack([np.cos(t), np.sin(t)], axis=-1)
    for kappa, median in ((1, 0), (2, 13), (4, 25), (10, 35), (25, 40), (100, 42)):
        g = bowl(kappa=kappa).grad(at)
        off = np.arctan2(g[:, 1], g[:, 0]) - t
        formula = np.arctan((kappa - 1) * np.tan(t) / (1 + kappa * np.tan(t) ** 2))
        np.testing.assert_allclose(off, formula, atol=1e-12)
        assert np.degrees(np.median(off)) == pytest.approx(median, abs=2.6)


def test_the_compass_begins_nineteen_degrees_off():
    """Where the figure's ring begins, the angle between −∇f and the way to the minimum."""
    compass = live.gradient_compass()
    assert "the minimum is 19° off −∇f" in compass.says()


def test_the_arrows_of_the_quiz():
    here = np.array([1, 0.75])
    g = bowl(kappa=4).grad(here)
    assert g.tolist() == [1, 3]  # B
    assert (-g).tolist() == [-1, -3]  # D
    assert g @ [3, -1] == 0  # C
    assert (-here).tolist() == [-1, -0.75]  # A
    assert derivatives.find("which-arrow").answer == "D"


# ---------------------------------------------------------------- real data


@pytest.fixture(scope="module")
def patients():
    data = diabetes()
    return linear(standardise(data.X), data.y), data


def test_what_the_gradient_on_real_data_says(patients, told):
    model, data = patients
    g = model.grad(np.zeros(11))
    names = [*data.features, "b"]
    assert told["data"] == f"{ {n: round(float(v)) for n, v in zip(names, g)} }\n"
    order = np.argsort(g)
    assert [names[i] for i in order[:3]] == ["b", "bmi", "s5"]
    assert np.flatnonzero(g > 0).tolist() == [names.index("s3")]
    best = np.linalg.lstsq(model.A, model.y, rcond=None)[0]
    assert best[names.index("s3")] > 0  # though it begins downwards


def test_a_gradient_check_finds_every_bug_and_fails_at_the_minimum(patients, made):
    model, _ = patients
    error, measure = made["relative_error"], made["numerical_gradient"]
    places = np.random.default_rng(4).normal(size=(100, 11)) * 30
    for w in places[:5]:
        measured, g = measure(model, w), model.grad(w)
        assert error(g, measured) < 1e-8
        assert error(g / 2, measured) == pytest.approx(1 / 3)
        assert error(-g, measured) == pytest.approx(1)
        assert model(w - 0.01 * g / 2) < model(w)
    best = np.linalg.lstsq(model.A, model.y, rcond=None)[0]
    assert error(model.grad(best), measure(model, best)) > 0.99
    assert derivatives.find("forgot-two").value == pytest.approx(1 / 3)


# ---------------------------------------------------------------- chains


def test_the_chain():
    assert landscape(lambda x: (3 * x + 1) ** 2).grad(1.0) == pytest.approx(24)
    assert derivatives.find("chain").value == 24


def test_the_graph_carries_the_right_numbers(made):
    slope = PRODUCT.grad([2.0, 3.0])
    np.testing.assert_allclose(slope, [21, 16], rtol=1e-12)
    assert derivatives.find("paths").value == 21
    boxes, rates = made["BOXES"], made["RATES"]
    assert [boxes[name][2] for name in "xyabf"] == [2, 3, 2 * 3, 2 + 3, 6 * 5]
    assert [boxes[name][4] for name in "xy"] == [21, 16]
    for start in "xyab":
        ends = [(end, rate) for (begin, end), rate in rates.items() if begin == start]
        assert boxes[start][4] == sum(boxes[end][4] * rate for end, rate in ends)
        assert all(boxes[start][3] < boxes[end][3] for end, _ in ends)  # forwards
        assert all(boxes[start][5] > boxes[end][5] for end, _ in ends)  # backwards


def test_dual_numbers_have_no_error_but_round_off(made):
    dual, f = made["Dual"], made["longer"]
    x, y = np.random.default_rng(2).uniform(1, 2, (2, 1000))
    slope = f(dual(x, 1.0), dual(y, 0.0)).slope
    np.testing.assert_allclose(slope, 5 * x**4 * y + 4 * x**3 * y**2, rtol=4 * EPS)
    along_y = f(dual(x, 0.0), dual(y, 1.0)).slope
    np.testing.assert_allclose(along_y, x**5 + 2 * x**4 * y, rtol=4 * EPS)


def test_the_complex_step_is_exact_where_it_works(made):
    x = 1.5
    p, dp = np.sin(x) ** 3 + np.cos(x) ** 3, 3 * np.sin(x) * np.cos(x) * (np.sin(x) - np.cos(x))
    true = np.exp(x) * (p - dp) / p**2
    step, f = made["complex_step"], made["wiggle"]
    for h in (1e-20, 1e-200):
        assert step(f, x, h) == pytest.approx(true, rel=1e-14)
    assert f"{true:.12f}" == "3.622033700716"
    assert step(lambda x: abs(x) ** 2, 3.0, 1e-20) == 0
    at = np.random.default_rng(3).uniform(-2, 2, (1000, 2))
    assert np.abs(complex_step(rosenbrock, at) - rosenbrock.grad(at)).max() <= 1e-12
