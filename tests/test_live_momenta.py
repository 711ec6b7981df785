"""The live figures about momentum against single runs, and against matrices and loops done by hand."""

import numpy as np
import pytest

from gdtutor import descend, gd, momentum, nesterov, theory
from gdtutor.landscapes import bowl
from gdtutor.live import slider
from gdtutor.live.explorers.momenta import momentum_conventions, phase_diagram

RULES = {"heavy ball": momentum, "Nesterov": nesterov}
CUT = "cut to a tenth halfway"


@pytest.fixture(scope="module")
def phases():
    return phase_diagram()


@pytest.fixture(scope="module")
def conventions():
    return momentum_conventions()


def matrix_rate(rule, lr, beta, curvatures=(1, 100)):
    """Return the largest size of an eigenvalue of the matrices of one step."""
    shrinks = [1 - lr * c for c in curvatures]
    rows = {
        "heavy ball": [(s + beta, -beta) for s in shrinks],
        "Nesterov": [(s * (1 + beta), -s * beta) for s in shrinks],
    }
    return max(np.abs(np.linalg.eigvals([row, (1, 0)])).max() for row in rows[rule])


# ------------------------------------------------------------------------- the map


@pytest.mark.parametrize("rule", RULES)
def test_the_map_is_the_rate(phases, rule):
    image = phases.look(rule=rule)["phase"]
    colours = phases.actors["phase"].artist.norm
    for row, column in [(0, 0), (60, 20), (80, 30), (100, 60), (119, 119), (5, 100), (10, 54)]:
        lr, beta = (column + 0.5) / 120 * 0.043, (row + 0.5) / 120
        rate = matrix_rate(rule, lr, beta)
        if rate >= 1:
            assert image[row, column] == 0
        else:
            share = float(colours(np.log10(np.ceil(np.log(1e-6) / np.log(rate)))))
            wanted = 1 + min(max(share, 0), 1 - 1e-9) * 255
            assert image[row, column] == pytest.approx(wanted, abs=1.01)


@pytest.mark.parametrize("rule", RULES)
def test_the_border_is_where_it_begins_to_diverge(phases, rule):
    border = phases.look(rule=rule)["border"]
    assert border[0].tolist() == pytest.approx([0.02, 0])
    for lr, beta in border[[0, 10, 25, 39]]:
        assert matrix_rate(rule, lr * 0.999, beta) < 1 < matrix_rate(rule, lr * 1.001, beta)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_better_than_the_star(phases, rule):
    lr, beta = phases.look(rule=rule)["best"][0].astype(float)
    least = matrix_rate(rule, lr, beta)
    around = [(lr * a, beta + b) for a in (0.98, 1, 1.02) for b in (-0.01, 0, 0.01)]
    assert min(matrix_rate(rule, *pair) for pair in around) == pytest.approx(least, rel=1e-3)


def test_the_best_of_nesterov():
    lr, beta, rate = theory.nesterov_best(2, 50)
    assert matrix_rate("Nesterov", lr, beta, (2, 50)) == pytest.approx(rate, rel=1e-6)
    lrs, betas = np.meshgrid(np.linspace(0, 0.04, 401), np.linspace(0, 0.99, 100))
    rates = np.maximum(*(theory.nesterov_rate(lrs, betas, c) for c in (2, 50)))
    assert rate <= rates.min() < rate + 0.01


def test_the_best_of_heavy_ball_is_polyaks(phases):
    lr, beta = phases.look()["best"][0]
    assert lr == pytest.approx((2 / (1 + 10)) ** 2)
    assert beta == pytest.approx(((10 - 1) / (10 + 1)) ** 2)


# ------------------------------------------------------------------------- its run


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("beta", [0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("lr", [0.001, 0.01, 2 / 101, 0.033, 0.042])
def test_the_run_is_one_of_descend(phases, rule, lr, beta):
    values = {"rule": rule, "lr": phases.nearest("lr", lr)}
    values["momentum"] = phases.nearest("momentum", beta)
    knobs = {name: values[name] for name in ("lr", "momentum")}
    errors = np.abs(descend(bowl(kappa=100), (1, 1), RULES[rule](**knobs), 200).x).max(axis=1)
    seen = phases.look(**values)
    step = seen["run"][:, 0].astype(int)
    with np.errstate(over="ignore"):
        wanted = errors[step].astype(np.float32)
    assert step[0] == 0
    assert step[-1] > 195
    np.testing.assert_allclose(seen["run"][:, 1], wanted, rtol=1e-3, atol=1e-12)
    rate = matrix_rate(rule, *knobs.values())
    assert seen["rate"] == pytest.approx(rate, rel=1e-5)
    t, left = seen["slope"][1].astype(float)
    assert seen["slope"][0].tolist() == [0, 1]
    assert np.log(left) == pytest.approx(t * np.log(rate), rel=1e-2, abs=1e-5)
    np.testing.assert_allclose(seen["ring"], [list(knobs.values())], rtol=1e-6)
    there = errors <= 1e-6
    assert (seen["about"] == "") == (there.any() or rate >= 1)
    if there.any():
        assert seen["needed"] == there.argmax()
    else:
        assert seen["needed"] == theory.steps_to(1e-6, rate)


def test_691_steps_or_95(phases):
    plain = phases.look(**phases.presets["no momentum"])
    best = phases.look(**phases.presets["best"])
    assert (plain["needed"], best["needed"]) == (691, 95)
    errors = np.abs(descend(bowl(kappa=100), (1, 1), gd(lr=2 / 101), 700).x).max(axis=1)
    assert np.argmax(errors <= 1e-6) == 691
    assert "691 steps" in phases.figure.axes[1].texts[0].get_text()


@pytest.mark.parametrize("curvatures", [(1, 100), (2, 50), (1, 1000)])
def test_goal_of_the_phase_diagram(curvatures):
    figure = phase_diagram(curvatures)
    assert not figure.reached()
    for values in figure.presets.values():
        assert not figure.reached(**values)
    betas = figure.controls["momentum"].values
    lrs = [lr for lr in figure.controls["lr"].values if lr <= 1 / curvatures[1]]
    for rule in RULES:
        assert any(figure.reached(rule=rule, lr=lr, momentum=beta) for lr in lrs for beta in betas)


def test_it_is_reached_with_a_small_lr_only(phases):
    assert phases.goal[0] == "with lr at most 0.01, get there in fewer than 200 steps"
    values = {"momentum": phases.nearest("momentum", 0.84)}
    for lr in (0.008, 0.0092, 0.0104):
        values["lr"] = phases.nearest("lr", lr)
        errors = np.abs(descend(bowl(kappa=100), (1, 1), momentum(**values), 200).x).max(axis=1)
        assert (errors[:200] <= 1e-6).any()
        assert phases.reached(**values) == (values["lr"] <= 0.01)
    assert not phases.reached(lr=values["lr"], momentum=0.9)
    assert not phases.actors["ring"].artist.get_clip_on()
    assert phases.drag == {"ring": {"x": "lr", "y": "momentum"}}


@pytest.mark.parametrize(
    ("values", "verb"),
    [
        ({"lr": 0.01, "momentum": 0}, "creeps along the valley"),
        ({"lr": 0.01, "momentum": 0.99}, "swings past the bottom"),
        ({"lr": 0.042, "momentum": 0}, "diverges"),
        ({"lr": 0.042, "momentum": 0.9, "rule": "Nesterov"}, "diverges"),
    ],
)
def test_what_the_line_says_about_the_run(phases, values, verb):
    assert phases.look(**values)["verb"] == verb


def test_the_presets_say_what_they_are(phases):
    for name in ("best", "best Nesterov"):
        assert phases.look(**phases.presets[name])["verb"] == "as fast as it gets"
    assert phases.look(**phases.presets["too much"])["verb"] == "swings past the bottom"
    assert "∞ steps" in phases.says(lr=0.042, momentum=0)


def test_near_the_border_it_zigzags():
    figure = phase_diagram((1, 4))
    assert figure.look(lr=0.48, momentum=0)["verb"] == "zigzags across the valley"


def test_curvatures_of_your_own():
    figure = phase_diagram((2, 50), tolerance=1e-3)
    values = figure.presets["best"]
    run = descend(lambda x, y: x**2 + 25 * y**2, (1, 1), momentum(lr=values["lr"],
                  momentum=values["momentum"]), 200)  # fmt: skip
    steps = np.argmax(np.abs(run.x).max(axis=1) <= 1e-3)
    assert figure.look(**values)["needed"] == steps
    assert f"fewer than {int(2.1 * steps) + 1} steps" in figure.goal[0]


# --------------------------------------------------------------------- conventions


def by_hand(lr, beta, cut, convert, start=3.0, slope=lambda x: 2 * x, steps=60):
    """Return the positions (steps + 1,) that the three formulas lead to."""
    lrs = np.where(cut & (np.arange(steps) >= steps // 2), lr / 10, lr)
    x = {name: [start] for name in ("PyTorch", "Keras", "EMA")}
    v = dict.fromkeys(x, 0.0)
    for lr in lrs:
        g = {name: slope(path[-1]) for name, path in x.items()}
        v["PyTorch"] = beta * v["PyTorch"] + g["PyTorch"]
        x["PyTorch"].append(x["PyTorch"][-1] - lr * v["PyTorch"])
        v["Keras"] = beta * v["Keras"] - lr * g["Keras"]
        x["Keras"].append(x["Keras"][-1] + v["Keras"])
        v["EMA"] = beta * v["EMA"] + (1 - beta) * g["EMA"]
        x["EMA"].append(x["EMA"][-1] - (lr / (1 - beta) if convert else lr) * v["EMA"])
    return {name: np.array(path) for name, path in x.items()}


@pytest.mark.parametrize("convert", [False, True])
@pytest.mark.parametrize("schedule", ["constant", CUT])
@pytest.mark.parametrize(("lr", "beta"), [(0.005, 0.5), (0.005, 0.95), (0.03, 0.9), (0.1, 0.95)])
def test_three_conventions_by_hand(conventions, lr, beta, schedule, convert):
    wanted = by_hand(lr, beta, schedule == CUT, convert)
    values = {"lr": lr, "momentum": beta, "schedule": schedule, "convert": convert}
    for step in (0, 31, 60):
        seen = conventions.look(**values, step=step)
        for name, x in wanted.items():
            steps = np.append(np.nan, np.diff(x))[: step + 1]
            assert seen[f"x {name}"][:, 0].tolist() == list(range(step + 1))
            np.testing.assert_allclose(seen[f"x {name}"][:, 1], x[: step + 1], rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(seen[f"step {name}"][:, 1], steps, rtol=1e-4, atol=1e-6)
            np.testing.assert_allclose(
                seen[f"x {name} now"], [[step, x[step]]], rtol=1e-5, atol=1e-6
            )
    for name in ("Keras", "EMA"):
        gap = np.abs(wanted[name] - wanted["PyTorch"]).max()
        assert seen[f"gap_{name.lower()}"] == pytest.approx(gap, rel=1e-5, abs=1e-9)
    assert seen["effective"] == pytest.approx(lr / (1 - beta), rel=1e-6)


@pytest.mark.parametrize(
    ("schedule", "convert", "verb"),
    [
        ("constant", False, "EMA lags behind"),
        ("constant", True, "one path"),
        (CUT, False, "three paths"),
        (CUT, True, "Keras coasts on after the cut"),
    ],
)
def test_who_parts_from_whom(conventions, schedule, convert, verb):
    for lr, beta in [(0.005, 0.5), (0.03, 0.9), (0.1, 0.95)]:
        values = {"lr": lr, "momentum": beta, "schedule": schedule, "convert": convert}
        assert conventions.look(**values)["verb"] == verb
        assert len(conventions.says(**values)) < 110


def test_what_has_come_to_rest_before_the_cut_does_not_coast(conventions):
    assert conventions.goal[0] == "with lr cut halfway, keep Keras within 0.01 of PyTorch"
    assert not conventions.reached()
    for schedule in ("constant", CUT):
        for lr, beta in [(0.005, 0.5), (0.03, 0.9), (0.04, 0.5), (0.1, 0.5), (0.1, 0.95)]:
            x = by_hand(lr, beta, schedule == CUT, False)
            gap = np.abs(x["Keras"] - x["PyTorch"]).max()
            reached = conventions.reached(lr=lr, momentum=beta, schedule=schedule)
            assert reached == (schedule == CUT and gap < 0.01)
    assert conventions.reached(lr=0.1, momentum=0.5, schedule=CUT)


def test_the_cut_is_drawn_where_it_is(conventions):
    for name in ("cut of x", "cut of step"):
        assert np.isnan(conventions.look(schedule="constant")[name]).any()
        assert conventions.look(schedule=CUT)[name][:, 0].tolist() == [30, 30]


def test_a_function_and_an_lr_of_your_own():
    figure = momentum_conventions(lambda x: x**4 / 4, 1.5, lr=slider(0.01, 0.05, count=5), steps=40)
    wanted = by_hand(0.05, 0.9, True, True, 1.5, lambda x: x**3, 40)
    seen = figure.look(lr=0.05, momentum=0.9, schedule=CUT, convert=True, step=40)
    for name, x in wanted.items():
        np.testing.assert_allclose(seen[f"x {name}"][:, 1], x, rtol=1e-4, atol=1e-5)
