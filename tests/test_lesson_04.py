"""Lesson 4: what it says about lines, twins, valleys, and the price of the exact way, in numbers."""

import json
import pathlib

import numpy as np
import pytest

from gdtutor import descend, gd, theory
from gdtutor.course import linear_regression as lesson
from gdtutor.data import diabetes, five_points, noisy_line, standardise, twin_columns
from gdtutor.landscapes import landscape
from gdtutor.models import linear

X, y = five_points()
x = X[:, 0]
f = linear(X, y)
BEST = np.array([0.6, 2.2])
PATIENTS = diabetes()
ten = linear(standardise(PATIENTS.X), PATIENTS.y)
EXACT = np.linalg.lstsq(ten.A, ten.y, rcond=None)[0]
NOTEBOOK = pathlib.Path(__file__).parents[1] / "notebooks" / lesson.file


def code(name):
    """Return the source of a cell of the notebook."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["id"] == name)


def function(cell, name):
    """Return a function as the notebook defines it, for the five points."""
    source = code(cell)
    begin = source.index(f"def {name}(")
    lines = source[begin:].splitlines()
    body = [i for i, line in enumerate(lines[1:], 1) if line.startswith("    ") or not line]
    end = next((i for i in range(1, len(lines) + 1) if i not in body), len(lines))
    space = {"np": np, "x": x, "y": y, "A": f.A}
    exec("\n".join(lines[:end]), space)
    return space[name]


def curvatures(model):
    """Return the eigenvalues of 2/n AᵀA."""
    return np.linalg.eigvalsh(model.hess(model.start))


# ------------------------------------------------------------- the worked examples


def test_five_points_after_a_thousand_steps():
    path = descend(f, (0.0, 0.0), gd(lr=0.01), 5000)
    assert path.x[1000].round(7).tolist() == [0.6176946, 2.1361168]
    assert round(float(path.f[1000]), 4) == 0.4807
    assert path.f[1000] < 1.01 * f(BEST)  # what the figure calls "there"
    assert round(float(f(BEST)), 4) == 0.48
    assert round(0.0176946 / 0.6, 2) == 0.03  # "weights that are 3 % off"
    off = np.abs(path.x - BEST).max(axis=1)
    first = [int(np.argmax(off < 10.0**-digits)) for digits in range(1, 7)]
    assert first[-1] == 4268
    assert set(np.diff(first)) == {680}
    assert (off[4268:] < 1e-6).all()


def test_twins_share_and_the_published_result_cannot_be():
    twins = linear(*twin_columns(), intercept=False)
    path = descend(twins, (0.0, 0.0), gd(lr=0.01), 1000)
    assert np.allclose(path.end, 0.5, atol=1e-12)
    assert np.allclose(path.x[:, 0], path.x[:, 1], rtol=0, atol=1e-14)
    assert np.allclose(path.end, np.linalg.pinv(twins.A) @ twins.y)
    published = np.array([0.99935587, 0.99933838])
    losses = [float(twins(w)) for w in ((0, 0), published, path.end)]
    assert np.round(losses, 3).tolist() == [4.667, 4.654, 0.0]
    assert (twins.A @ published).round().tolist() == [2, 4, 6]
    assert (np.diff(path.f) <= 0).all()  # a loss of 4.654 lies behind after the first step
    assert path.f[1] < 4.654
    assert (twins.A.T @ twins.A).tolist() == [[14, 14], [14, 14]]
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.solve(twins.A.T @ twins.A, twins.A.T @ twins.y)


@pytest.mark.parametrize("start", [(0.0, 0.0), (1.4, 0.2), (-0.3, 0.5)])
def test_each_walk_ends_at_the_place_nearest_to_its_start(start):
    twins = linear(*twin_columns(), intercept=False)
    end = descend(twins, start, gd(lr=0.01), 300).end
    missing = (1 - sum(start)) / 2
    assert np.allclose(end, np.array(start) + missing, atol=1e-9)


def test_the_noisy_line():
    path = descend(linear(*noisy_line(seed=42)), (0.0, 0.0), gd(lr=0.05), 500)
    assert path.end.round(2).tolist() == [3.02, 2.0]
    rng = np.random.default_rng(42)
    points = rng.standard_normal(100)
    made = 3 * points + 2 + 0.2 * rng.standard_normal(100)
    assert np.allclose(path.end, np.polyfit(points, made, 1), rtol=1e-10)


def test_the_goal_of_the_figure_needs_an_lr_near_the_limit():
    limit = theory.gd_limit(curvatures(f))
    lrs = np.array([0.5, 0.8, 0.9, 0.95, 1.0])[:, None] * limit
    path = descend(f, np.zeros((5, 2)), gd(lr=lrs), 100)
    near = path.f.min(axis=0) < 1.01 * f(BEST)
    assert near.tolist() == [False, False, True, True, False]


# ------------------------------------------------------------------- the gradient


@pytest.mark.parametrize("at", [(0.0, 0.0), (0.3, -1.0), (-2.0, 7.0)])
def test_the_notebooks_gradients_are_the_packages(at):
    wanted = f.grad(np.array(at))
    assert np.allclose(function("loop-gradient", "gradient_by_loop")(*at), wanted, rtol=1e-13)
    assert np.allclose(function("no-loop-run", "gradient")(np.array(at)), wanted, rtol=1e-13)


def test_the_first_gradient():
    assert f.grad([0.0, 0.0]).round(9).tolist() == [-26.4, -8.0]
    assert np.isclose(lesson.find("first-gradient").value, f.grad([0.0, 0.0])[1])


def test_the_loss_is_one_parabola_along_every_cut():
    rng = np.random.default_rng(0)
    for _ in range(20):
        place, way = rng.standard_normal((2, 2))
        heights = f(place + np.linspace(-3, 3, 13)[:, None] * way)
        assert np.allclose(np.diff(heights, 3), 0, atol=1e-9)
        assert (np.diff(heights, 2) > 0).all()


def test_one_number():
    nailed = linear(X, y, intercept=False)
    best = descend(nailed, 0.0, gd(lr=0.01), 200).end[0]
    assert np.isclose(best, (x @ y) / (x @ x))
    assert np.isclose(best, 1.2)


# ----------------------------------------------------------------------- two bugs


def test_b_with_the_new_w_is_another_algorithm_with_another_limit():
    fit = function("new-w-run", "fit_line")
    assert np.allclose(fit(0.01, 1, False), (0.264, 0.08))
    assert np.allclose(fit(0.01, 1, True), (0.264, 0.06416))
    for in_turn in (False, True):
        assert np.allclose(fit(0.01, 6000, in_turn), BEST, atol=1e-6)
    assert np.allclose(fit(0.01, 50, False), descend(f, (0.0, 0.0), gd(lr=0.01), 50).end)
    assert theory.gd_limit(curvatures(f)) < 0.09
    assert np.abs(fit(0.09, 400, False)).max() > 1e20
    assert np.allclose(fit(0.09, 400, True), BEST, atol=1e-5)


def test_a_column_for_y_gives_a_level_line_at_the_mean():
    w = b = 0.0
    for _ in range(5000):
        r = w * x + b - y[:, None]
        w, b = w - 0.01 * np.mean(2 * r * x), b - 0.01 * np.mean(2 * r)
    assert r.shape == (5, 5)
    assert np.allclose((w, b), (0, y.mean()), atol=1e-6)
    with pytest.raises(ValueError, match=r"\(5, 1\)"):
        linear(X, y[:, None])
    weights = np.zeros(2)  # the formula without a loop doesn't let it pass
    with pytest.raises(ValueError, match="broadcast"):
        weights - 0.01 * 2 / 5 * f.A.T @ (f.A @ weights - y[:, None])


def test_one_point_of_the_quiz():
    point = linear([[2.0]], [6.0])
    w, b = descend(point, (0.0, 0.0), gd(lr=0.1), 1).end
    question = lesson.find("one-point")
    assert (round(w, 9), round(b, 9)) == (2.4, 1.2)
    assert np.isclose(question.value, b)
    assert question.judge(0.24).misconception == "line-newest-is-best"
    assert np.isclose(0 - 0.1 * point.grad([w, 0.0])[1], 0.24)


# --------------------------------------------------------------------- the valley


@pytest.mark.parametrize(
    ("table", "H", "steps"),
    [
        (X, [[22, 6], [6, 2]], 1005),
        (X - 3, [[4, 0], [0, 2]], 22),
        (standardise(X), [[2, 0], [0, 2]], 1),
    ],
)
def test_the_tilt_is_the_mean_of_x(table, H, steps):
    for target in (y, 0 * y):  # there is no y in it
        assert np.allclose(linear(table, target).hess([0.0, 0.0]), H)
    model = linear(table, y)
    best = np.linalg.lstsq(model.A, y, rcond=None)[0]
    path = descend(model, (0.0, 0.0), gd(lr=1 / curvatures(model).max()), 2000)
    assert np.argmax(np.abs(path.x - best).max(axis=1) < 1e-6) == steps
    assert np.allclose(model.predict(best), 0.6 * x + 2.2)  # the line stays


# -------------------------------------------------------------------- the folklore


def test_convex_is_not_enough():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = rng.standard_normal((30, 3))
        model = linear(table, table @ [1.0, 2, 3] + rng.standard_normal(30))
        best = np.linalg.lstsq(model.A, model.y, rcond=None)[0]
        lrs = np.array([[0.5], [0.9], [0.98], [1.0], [1.02]]) * theory.gd_limit(curvatures(model))
        path = descend(model, model.start, gd(lr=lrs), 1000, every=1000)
        above = path.f[-1] - model(best)
        assert (above[:3] < 1e-6).all()
        assert 1e-6 < above[3] < path.f[0, 3]
        assert above[4] > path.f[0, 4]


def test_no_lr_is_safe_where_curvature_has_no_bound():
    quartic = landscape(lambda w: w**4)
    cases = [(1.0, 0.1), (3.0, 0.1), (3.0, 0.001), (30.0, 0.001)]
    gone = [descend(quartic, start, gd(lr=lr), 1000).diverged for start, lr in cases]
    assert gone == [False, True, False, True]


# -------------------------------------------------------------------- ten features


def test_ten_features_agree_with_least_squares():
    off = np.abs(descend(ten, ten.start, gd(lr=0.2), 6000).x - EXACT).max(axis=1)
    assert np.argmax(off < 1e-6) == 5075
    assert off[-1] < 1e-6
    low, high = curvatures(ten)[[0, -1]]
    assert (round(low, 4), round(high, 2), round(high / low)) == (0.0171, 8.05, 470)
    assert theory.gd_limit(curvatures(ten)) > 0.2


def test_one_feature_is_quick():
    bmi = standardise(PATIENTS.X[:, [PATIENTS.features.index("bmi")]])
    one = linear(bmi, PATIENTS.y)
    best = np.linalg.lstsq(one.A, one.y, rcond=None)[0]
    off = np.abs(descend(one, one.start, gd(lr=0.2), 100).x - best).max(axis=1)
    assert np.argmax(off < 1e-6) == 37
    assert off[50] < 1e-6


def test_nearly_twins():
    alike = np.triu(np.corrcoef(PATIENTS.X.T), 1)
    i, j = np.unravel_index(alike.argmax(), alike.shape)
    assert (PATIENTS.features[i], PATIENTS.features[j]) == ("s1", "s2")
    flat = np.abs(np.linalg.eigh(ten.hess(EXACT))[1][:, 0])
    assert set(np.argsort(flat)[-2:]) == {i, j}  # the flattest direction trades one for the other


# ------------------------------------------------------------------- the exact way


def multiplications(n, d):
    """Count those of AᵀA, Aᵀy and an elimination: a factor, a row and a right-hand side at a time."""
    down = sum((d - k - 1) * (1 + (d - k) + 1) for k in range(d))
    return n * d * d + n * d + down + sum(d - k for k in range(d))


@pytest.mark.parametrize(("n", "d"), [(200, 50), (400, 100), (800, 200), (442, 11)])
def test_the_work_of_the_normal_equation(n, d):
    rng = np.random.default_rng(1)
    A, t = rng.standard_normal((n, d)), rng.standard_normal(n)
    solved = function("normal-equation", "normal_equation")(A, t)
    assert np.allclose(solved, np.linalg.lstsq(A, t, rcond=None)[0])
    told = n * d**2 + d**3 / 3
    assert abs(multiplications(n, d) / told - 1) < 2 / d
    assert np.isclose((2 * n * (2 * d) ** 2 + (2 * d) ** 3 / 3) / told, lesson.find("double").value)


def test_gradient_descent_needs_about_fifty_steps_and_wins_near_a_hundred():
    solve, cheaper = function("normal-equation", "normal_equation"), {}
    for d in (25, 50, 100):
        rng = np.random.default_rng(0)
        model = linear(rng.standard_normal((4 * d, d)), rng.standard_normal(4 * d), intercept=False)
        lr, _ = theory.gd_best(*curvatures(model)[[0, -1]])
        path = descend(model, model.start, gd(lr=lr), 80)
        off = np.linalg.norm(path.x - solve(model.A, model.y), axis=1)
        steps = int(np.argmax(off < 1e-6 * off[0]))
        assert 40 <= steps <= 60
        cheaper[d] = 2 * steps < d + d / 12
    assert cheaper == {25: False, 50: False, 100: True}


def test_the_patients_the_other_way_round():
    n, d = ten.A.shape
    assert round(d + d**2 / (3 * n)) == 11  # passes
    assert 2 * 5075 == 10_150
    assert 100_000 * 50**2 == 25 * 2 * 100_000 * 50  # forming AᵀA: 25 steps


# ------------------------------------------------------------- for the curious


def test_what_the_start_leaves_behind():
    rng = np.random.default_rng(1)
    wide = linear(rng.standard_normal((5, 20)), rng.standard_normal(5), intercept=False)
    start, pinv = rng.standard_normal(20), np.linalg.pinv(wide.A)
    path = descend(wide, np.stack([0 * start, start]), gd(lr=1 / curvatures(wide).max()), 2000)
    shortest = pinv @ wide.y
    assert np.allclose(path.end[0], shortest, atol=1e-9)
    assert np.allclose(path.end[1], shortest + start - pinv @ (wide.A @ start), atol=1e-9)
    assert (path.f[-1] < 1e-20).all()
