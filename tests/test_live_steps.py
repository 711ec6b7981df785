"""The hill in fog, the rules for stopping, the five regimes: what is drawn is what the engine does."""

import numpy as np
import pytest

from gdtutor import descend, gd, theory
from gdtutor.landscapes import landscape, parabola
from gdtutor.live.explorers.parts import lowest
from gdtutor.live.explorers.steps import five_regimes, foggy_hill, stopping_rules
from gdtutor.live.wording import say
from gdtutor.plots.geometry import formula

hill = landscape(lambda x: np.cosh(0.7 * x - 0.3))  # as in lesson 3
plateau = landscape(lambda x: 1 - np.exp(-(x**2) / 2))
GROUNDS = {"parabola": (parabola, 3.0), "a wide plain": (plateau, 5.0)}


def close(a, b):
    """Compare numbers that were sent in single precision."""
    np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-12)


@pytest.fixture(scope="module")
def foggy():
    return foggy_hill()


@pytest.fixture(scope="module")
def rules():
    return stopping_rules()


@pytest.fixture(scope="module")
def regimes():
    return five_regimes()


# ---------------------------------------------------------------------------------------- the fog


@pytest.mark.parametrize("lr", [0.05, 0.1, 0.8, 1.4, 2.0])
@pytest.mark.parametrize("step", [0, 1, 6, 12])
def test_the_walker_goes_where_descend_goes(foggy, lr, step):
    path = descend(hill, -3.0, gd(lr=lr), 12)
    x, height, slope = path.x[:, 0], path.f, path.g[:, 0]
    seen = foggy.look(lr=lr, step=step, lift=True)
    with np.errstate(over="ignore"):
        points = np.stack([x, height], axis=-1).astype(np.float32)
    close(seen["walk"], points[: step + 1])
    close(seen["here"][0], points[step])
    if abs(x[step]) < 8:
        assert seen["said"].startswith(say("slope {s:+.2g}, ", {"s": slope[step]}))
        assert seen["said"].endswith(say("; height {h:.2f}", {"h": height[step]}))
        (x0, y0), (x1, y1) = seen["ground"]
        close([(x0 + x1) / 2, (y0 + y1) / 2], [x[step], height[step]])
        assert (y1 - y0) / (x1 - x0) == pytest.approx(slope[step], rel=1e-3, abs=1e-5)
        wide, tall = (
            np.ptp(foggy.figure.axes[0].get_xlim()),
            np.ptp(foggy.figure.axes[0].get_ylim()),
        )
        assert np.hypot((x1 - x0) / wide, (y1 - y0) / tall) == pytest.approx(0.14, rel=1e-4)
    else:
        assert foggy.says(lr=lr, step=step) == f"step {step}: you have left the valley"
    leaps = seen["all steps"]
    finite = np.abs(points[1:]).max(axis=1) < 1e6
    close(leaps[finite, :2] + leaps[finite, 2:], points[1:][finite])


@pytest.mark.parametrize(("lr", "step"), [(0.1, 0), (0.1, 5), (0.8, 12), (1.7, 3)])
def test_the_fog_is_open_around_the_walker_and_nowhere_else(foggy, lr, step):
    here = descend(hill, -3.0, gd(lr=lr), max(step, 1)).x[step, 0]
    seen = foggy.look(lr=lr, step=step, lift=False)
    sheets = [seen[name] for name in seen if name.startswith("fog")]
    low, high = foggy.figure.axes[0].get_xlim()
    assert low < -4
    assert high > 4  # the curve ends under the fog
    for far, sheet in zip(1 + np.arange(len(sheets)) / len(sheets), sheets):
        a, b = np.clip([here - far * 0.7272, here + far * 0.7272], low, high)
        close(sheet[:, 0], [low, a, a, b, b, high])
        thick = sheet[:, 2] - sheet[:, 1]
        assert (thick[[0, 1, 4, 5]] > 10).all()
        assert (thick[2:4] == 0).all()
    assert np.isnan(seen["all steps"]).all()


def test_lifted_fog_covers_nothing_and_who_is_lost_sees_nothing(foggy):
    lifted, lost = foggy.look(lift=True), foggy.look(lr=2, step=12)
    low, high = np.float32(foggy.figure.axes[0].get_xlim())
    for name in (name for name in lifted if name.startswith("fog")):
        np.testing.assert_array_equal(lifted[name][:, 0], [low, low, low, high, high, high])
        np.testing.assert_array_equal(lost[name][[0, 1], 0], [low, high])


def test_the_sheets_thicken_as_the_fog_of_lesson_3(foggy):
    alphas = [
        a.artist.get_facecolor()[0, 3] for n, a in foggy.actors.items() if n.startswith("fog")
    ]
    opacity = 1 - np.cumprod(1 - np.array(alphas))
    far = np.linspace(0, 1, len(alphas) + 1)[1:]
    np.testing.assert_allclose(opacity, far**2 * (3 - 2 * far), atol=0.01)


def test_words_in_the_fog(foggy):
    assert foggy.says() == "step 0: slope −3.8, so you go right; height 5.56"
    assert "so you go left" in foggy.says(lr=1.4, step=1)
    assert "no steps left" in foggy.says(lr=0.3, step=12)
    assert "at the bottom" in foggy.says(lr=0.8, step=12)


def test_the_goal_in_the_fog_is_reached_on_arrival_only(foggy):
    assert not foggy.reached()
    for lr in foggy.controls["lr"].values:
        path = descend(hill, -3.0, gd(lr=lr), 12)
        there = np.abs(path.x[:, 0] - 3 / 7) < 0.01
        assert [foggy.reached(lr=lr, step=t) for t in (0, 6, 12)] == there[[0, 6, 12]].tolist()
    assert foggy.reached(lr=0.8, step=12)
    assert not foggy.reached(lr=0.5, step=12)


def test_any_hill_lies_under_the_fog():
    figure = foggy_hill(lambda x: (x - 1) ** 4 - 3 * x, 3.0, domain=(-2, 4))
    path = descend(lambda x: (x - 1) ** 4 - 3 * x, 3.0, gd(lr=0.05), 12)
    close(figure.look(lr=0.05, step=12)["walk"][:, 0], path.x[:, 0])
    x, height = lowest(formula(lambda x: (x - 1) ** 4 - 3 * x, dim=1), [(-2, 4)])
    assert x == pytest.approx(1 + 0.75 ** (1 / 3), abs=1e-4)
    assert height == pytest.approx(0.75 ** (4 / 3) - 3 * x)
    assert lowest(parabola, [(-4, 4)]) == (0, 0)


# ------------------------------------------------------------------------------- rules for stopping

TOLERANCES = {"loss": "ftol", "step": "xtol", "gradient": "gtol"}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("lr", [1e-4, 0.01, 0.1, 0.398, 1.0])  # 0.398: two stop at the same step
@pytest.mark.parametrize("tolerance", [1e-8, 1e-6, 1e-4, 1e-3, 0.0631, 1e-1])
def test_each_rule_stops_where_descend_stops(rules, ground, lr, tolerance):
    f, start = GROUNDS[ground]
    figure = rules
    tolerance = figure.nearest("tolerance", tolerance)
    seen = figure.look(hill=ground, lr=lr, tolerance=tolerance)
    for name, argument in TOLERANCES.items():
        path = descend(f, start, gd(lr=figure.nearest("lr", lr)), 200, **{argument: tolerance})
        at, value = seen[f"{name} fires"][0]
        (x, _), (flag, _) = seen[f"{name} stop"]
        if path.why == name:
            assert at == path.steps
            assert value == pytest.approx(tolerance)
            close([x, flag], path.end[[0, 0]])
        else:
            assert path.why == "steps"
            assert np.isnan([at, x, flag]).all()
    one = dict.fromkeys(TOLERANCES.values(), tolerance)
    path = descend(f, start, gd(lr=figure.nearest("lr", lr)), 200, **one)
    assert seen["first"] == ("step limit" if path.why == "steps" else path.why)
    assert seen["after"] == path.steps
    close(seen["off"], abs(path.end[0]))
    assert seen["step fooled"] == (path.why == "step" and abs(path.end[0]) > start / 2)


def test_nobody_asks_for_the_gradient_after_the_last_step():
    seen = stopping_rules(steps=3).look(lr=0.398, tolerance=0.0631)
    path = descend(parabola, 3.0, gd(lr=0.398), 3, gtol=0.0631)
    assert abs(path.g[3, 0]) < 0.0631
    assert path.why == "steps"
    assert np.isnan(seen["gradient fires"][0, 0])


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("lr", [1e-4, 0.1, 1.0])
def test_what_the_rules_watch(rules, ground, lr):
    f, start = GROUNDS[ground]
    path = descend(f, start, gd(lr=lr), 200)
    seen = rules.look(hill=ground, lr=lr)
    close(seen["loss record"][1:, 1], np.abs(np.diff(path.f)))
    close(seen["step record"][1:, 1], np.abs(np.diff(path.x[:, 0])))
    close(seen["gradient record"][:-1, 1], np.abs(path.g[:-1, 0]))
    for name in TOLERANCES:
        np.testing.assert_array_equal(seen[f"{name} record"][:, 0], np.arange(201))
    close(seen["walk"], np.stack([path.x[:, 0], path.f / f(start)], axis=-1))
    x, y = seen["curve"].T
    np.testing.assert_allclose(y, f(x) / f(start), rtol=1e-4, atol=1e-6)
    assert (x.min(), x.max()) == (-6, 6)


def test_the_tolerance_moves_its_line(rules):
    for tolerance in rules.controls["tolerance"].values[::7]:
        close(rules.look(tolerance=tolerance)["tolerance line"], [[0, tolerance], [400, tolerance]])


def test_numbers_and_verdicts_of_lesson_3(rules):
    assert rules.says() == (
        "lr 0.1, tolerance 0.0001: loss fires first, at step 25, 0.011 from the bottom: close enough"
    )
    assert not rules.reached()
    for fooled in (
        {"hill": "a wide plain", "lr": 0.1, "tolerance": 1e-6},
        {"hill": "a wide plain", "lr": 0.1, "tolerance": 1e-4},
        {"lr": 1e-4, "tolerance": 1e-3},
        {"lr": 1.0, "tolerance": 1e-8},  # bounces: the loss doesn't change at all
    ):
        assert rules.says(**fooled).endswith("fooled!")
    assert rules.says(lr=1e-3, tolerance=1e-8).endswith("out of steps")
    assert rules.says(lr=0.1, tolerance=1e-1).endswith("too early")


def test_the_goal_asks_for_an_lr_and_a_tolerance_that_fit(rules):
    for lr, tolerance in ((1e-4, 1e-3), (1e-3, 1e-2)):  # a step of 6 lr, a loss 36 lr lower
        assert rules.reached(lr=lr, tolerance=tolerance)
        assert not rules.reached(lr=lr, tolerance=tolerance / 10)
        assert not rules.reached(lr=lr, tolerance=tolerance * 10)
        assert not rules.reached(hill="a wide plain", lr=lr, tolerance=tolerance)


@pytest.mark.parametrize(
    ("f", "start"),
    [
        (parabola, 0.0),
        (lambda x: 0 * x + 3, 4.0),
        (lambda x: np.maximum(np.abs(x) - 1, 0), 3.0),
    ],
)
def test_who_is_as_low_as_can_be_is_at_the_bottom(f, start):
    figure = stopping_rules(f, start)
    for lr in (0.1, 0.5):
        assert figure.says(lr=lr).endswith(", 0 from the bottom: close enough")
        assert not figure.reached(lr=lr)


def test_rules_on_a_function_of_ones_own():
    def terrace(x):
        return 3 * x**4 - 4 * x**3

    figure = stopping_rules(terrace, start=-0.8)
    seen = figure.look(lr=0.0316, tolerance=1e-4)
    lr = figure.nearest("lr", 0.0316)
    path = descend(terrace, -0.8, gd(lr=lr), 200, gtol=1e-4, xtol=1e-4, ftol=1e-4)
    assert (seen["first"], seen["after"]) == (path.why, path.steps)
    close(seen["off"], abs(path.end[0] - 1))
    assert stopping_rules(lambda x: x**4, start=4.9).says(lr=1).endswith("∞ from the bottom: lost")


# ---------------------------------------------------------------------------------- the five regimes


@pytest.mark.parametrize("product", [0.02, 0.5, 1.0, 1.5, 2.0, 2.1, 2.2])
@pytest.mark.parametrize("curvature", [0.5, 1.0, 4.0])
def test_a_regime_is_what_descend_does(regimes, product, curvature):
    f = landscape(lambda x: curvature * x**2 / 2)
    path = descend(f, 2.0, gd(lr=product / curvature), 20)
    seen = regimes.look(product=product, curvature=curvature)
    closed = 2 * (1 - product) ** np.arange(21)
    np.testing.assert_allclose(path.x[:, 0], closed, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(seen["walk"][:, 0], closed, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(seen["walk"][:, 1], path.f, rtol=2e-5, atol=1e-12)
    seen_size = np.maximum(np.abs(closed), 1e-6)  # a logarithmic axis has no 0
    np.testing.assert_allclose(seen["sizes"][:, 1], seen_size, rtol=1e-5)
    low, high = regimes.figure.axes[1].get_ylim()
    assert low < seen_size.min()
    assert seen_size.max() < high
    np.testing.assert_allclose(seen["shadow"][:, 0], closed, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(seen["jumps"][:, 2], np.diff(closed), rtol=1e-5, atol=1e-12)
    x, y = seen["curve"].T
    np.testing.assert_allclose(y, curvature * x**2 / 2, rtol=1e-5)
    close([seen["factor"], seen["lr"]], [1 - product, product / curvature])
    assert seen["verb"] == theory.regime(product, 1.0)


def test_the_curvature_changes_heights_and_lr_but_not_the_walk_in_x(regimes):
    flat, steep = (regimes.look(product=1.3, curvature=L) for L in (0.5, 4))
    np.testing.assert_array_equal(flat["sizes"], steep["sizes"])
    np.testing.assert_array_equal(flat["walk"][:, 0], steep["walk"][:, 0])
    close(steep["walk"][:, 1], 8 * flat["walk"][:, 1])
    assert flat["lr"] == 8 * steep["lr"]


def test_the_five_regimes_by_name(regimes):
    said = {name: regimes.says(**values) for name, values in regimes.presets.items()}
    verbs = ["settles", "one step", "zigzag", "bounces for ever", "diverges"]
    assert list(said) == ["halves", "one step", "alternates", "bounces for ever", "diverges"]
    factors = ["+0.50", "+0.00", "−0.50", "−1.00", "−1.10"]
    for text, verb, factor in zip(said.values(), verbs, factors):
        assert f" = {factor}: {verb}. " in text
    assert "multiplies x by 1 − 0.08 = +0.92: creeps. " in regimes.says(product=0.08)
    values = regimes.controls["product"].values
    assert {0.5, 1.0, 1.5, 2.0, 2.1, 0.02, 2.2} <= set(values)


def test_the_same_pace_from_side_to_side_is_the_goal(regimes):
    assert not regimes.reached()
    assert not any(regimes.reached(**values) for values in regimes.presets.values())
    for curvature in regimes.controls["curvature"].values:
        products = regimes.controls["product"].values
        assert [p for p in products if regimes.reached(product=p, curvature=curvature)] == [1.7]
    slow, jumping = (regimes.look(product=p)["sizes"] for p in (0.3, 1.7))
    np.testing.assert_allclose(slow, jumping, rtol=1e-5)


# ---------------------------------------------------------------------------------------- all three


@pytest.mark.parametrize("name", ["foggy", "rules", "regimes"])
def test_all_frames_are_sent_and_small(name, request):
    figure = request.getfixturevalue(name)
    assert figure.size < 4_000_000
    for sweep in figure.sweeps:
        assert sweep.names in [
            block.axes for block in figure.book.blocks if block.sweep == sweep.number
        ]
