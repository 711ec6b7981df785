"""The live figures on slopes show what the engine says, at every end of their controls."""

import itertools
import math

import numpy as np
import pytest

from gdtutor.landscapes import absolute, bowl, himmelblau, parabola
from gdtutor.live.explorers.slopes import TILTED, good_steps, gradient_compass, secant_to_tangent

EPS = np.finfo(float).eps


def ends_and_middle(control):
    """Return the first, the middle and the last value of a slider."""
    values = control.values
    return values[0], values[len(values) // 2], values[-1]


def slope_by_hand(x, h, method):
    """Return the slope of a secant of sin, in Python's own arithmetic."""
    if method == "forward":
        return (math.sin(x + h) - math.sin(x)) / h
    return (math.sin(x + h) - math.sin(x - h)) / (2 * h)


# ---------------------------------------------------------------- secant and tangent


@pytest.fixture(scope="module")
def secant():
    return secant_to_tangent()


def test_secants_are_those_of_the_curve(secant):
    controls = secant.controls
    for h, x, method in itertools.product(
        ends_and_middle(controls["h"]), ends_and_middle(controls["x"]), ("forward", "central")
    ):
        seen = secant.look(h=h, x=x, method=method)
        slope = slope_by_hand(x, h, method)
        error = abs(slope - math.cos(x))
        # The last bit of sin isn't the same everywhere, and a short run makes much of it.
        np.testing.assert_allclose(seen["slope"], slope, rtol=1e-5, atol=4 * EPS / h)
        np.testing.assert_allclose(seen["error"], error, rtol=1e-4, atol=4 * EPS / h)
        begin = x if method == "forward" else x - h
        corners = [[begin, math.sin(begin)], [x + h, math.sin(x + h)]]
        np.testing.assert_allclose(seen["ends"], corners, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(seen["legs"][1], [x + h, math.sin(begin)], rtol=1e-5, atol=1e-6)
        line = math.sin(begin) + seen["slope"] * (seen["secant"][:, 0] - begin)
        np.testing.assert_allclose(seen["secant"][:, 1], line, rtol=1e-5, atol=1e-5)
        tangent = math.sin(x) + math.cos(x) * (seen["tangent"][:, 0] - x)
        np.testing.assert_allclose(seen["tangent"][:, 1], tangent, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(seen["place"], [[x, math.sin(x)]], rtol=1e-5)


def test_marks_lie_on_their_curves(secant):
    for h, x in itertools.product(ends_and_middle(secant.controls["h"]), (0.0, 1.0, 3.0)):
        column = secant.controls["h"].values.index(h)
        for method, other in (("forward", "central"), ("central", "forward")):
            seen = secant.look(h=h, x=x, method=method)
            assert seen["here"][0].tolist() == seen[f"{method} errors"][column].tolist()
            assert seen["here"].tolist() == seen[f"{method} mark"].tolist()
            assert seen[f"{other} mark"][0].tolist() == seen[f"{other} errors"][column].tolist()


def test_errors_make_a_u(secant):
    h = np.array(secant.controls["h"].values)
    for method, order, best in (("forward", 1, EPS**0.5), ("central", 2, EPS ** (1 / 3))):
        drawn = secant.look(x=1.0)[f"{method} errors"].astype(float)
        bends = (h > 30 * best) & (h < 0.1)
        factor = {"forward": math.sin(1) / 2, "central": math.cos(1) / 6}[method]
        np.testing.assert_allclose(drawn[bends, 1], factor * h[bends] ** order, rtol=0.1)
        assert 0.1 < h[drawn[:, 1].argmin()] / best < 3
        # Round-off: as large as ε/h allows, and on the whole it does grow that way.
        small = h < best / 30
        ratio = drawn[small, 1] / (EPS / h[small])
        assert ratio.max() < 2
        assert 0.05 < np.median(ratio) < 2


@pytest.mark.parametrize(
    ("method", "low", "high"), [("forward", 6e-9, 1e-8), ("central", 3e-6, 6e-6)]
)
def test_the_best_h_of_the_lesson_is_good(secant, method, low, high):
    assert not secant.reached()
    for h in (low, high):
        for x in np.arange(0.5, 2.6, 0.5):
            assert secant.reached(h=h, x=x, method=method), (h, x)
            assert secant.says(h=h, x=x, method=method).endswith(", good")


def test_goodness_is_a_factor_of_three(secant):
    h = np.array(secant.controls["h"].values)
    for method in ("forward", "central"):
        errors = secant.look(x=1.0)[f"{method} errors"][:, 1]
        good = np.array([secant.reached(h=v, x=1.0, method=method) for v in h])
        assert good.any()
        assert h[good].max() / h[good].min() < 100
        assert errors[~good].min() > errors.min()
        # Where the curve bends the errors are smooth, and the verdict is about them.
        last = np.flatnonzero(good)[-1]
        assert errors[last + 2] > 3 * errors.min()


def test_the_words_know_on_which_side_of_the_best_h_they_are(secant):
    for h in (1e-15, 1e-13, 1e-11):
        assert "round-off: cancellation eats the digits" in secant.says(h=h)
    for h in (1e-5, 1e-2, 1.0):
        assert secant.says(h=h).endswith("still bends")
    longest = max(
        len(secant.says(h=h, x=x, method=m))
        for h in secant.controls["h"].values
        for x in (0.0, 3.0)
        for m in ("forward", "central")
    )
    assert longest < 110


def test_words_on_run_and_rise_keep_clear(secant):
    run = secant.look(h=1.0, x=1.0)
    assert np.isfinite(run["run label"]).all()
    assert np.isfinite(run["rise label"]).all()
    assert run["run"] == pytest.approx(1)
    assert run["rise"] == pytest.approx(math.sin(2) - math.sin(1))
    assert secant.look(h=1.0, x=1.0, method="central")["run"] == pytest.approx(2)
    assert np.isnan(secant.look(h=1e-3)["run label"]).all()
    assert np.isnan(secant.look(x=3.0)["rise label"]).all()


@pytest.mark.parametrize("f", [None, parabola, absolute])
def test_secants_stay_in_view(f):
    figure = secant_to_tangent() if f is None else secant_to_tangent(f)
    low, high = figure.figure.axes[0].get_xlim()
    for x, method in itertools.product(
        ends_and_middle(figure.controls["x"]), ("forward", "central")
    ):
        ends = figure.look(h=1, x=x, method=method)["ends"][:, 0]
        assert low - 1e-6 <= ends.min()
        assert ends.max() <= high + 1e-6


def test_at_height_0_no_round_off_is_to_be_seen(secant):
    for h in (1e-15, 1e-12):
        assert secant.says(x=0, h=h).endswith("good: at f(0) = 0 no digits are lost")
        assert secant.says(x=1, h=h).endswith("round-off: cancellation eats the digits")
    figure = secant_to_tangent(lambda x: np.exp(x), x=0.0)  # f(0) = 1
    assert "round-off" in figure.says(x=0, h=1e-15)


def test_no_bend_no_truncation():
    figure = secant_to_tangent(parabola)
    for h in (0.1, 1.0):  # a central difference of a parabola has no error but round-off
        seen = figure.look(h=h, x=1.0, method="central")
        assert seen["error"] < 1e-14
    assert figure.reached(h=1.0, x=1.0, method="central")
    # At the place 0 of f = x² the forward difference is h itself.
    assert figure.look(h=1e-3, x=0.0)["error"] == pytest.approx(1e-3, rel=1e-5)


def test_secants_of_a_learners_function():
    figure = secant_to_tangent(lambda x: np.exp(x), x=0.0)
    seen = figure.look(h=0.1, x=0.0)
    assert seen["slope"] == pytest.approx((math.exp(0.1) - 1) / 0.1, rel=1e-5)
    assert seen["error"] == pytest.approx((math.exp(0.1) - 1) / 0.1 - 1, rel=1e-4)
    assert figure.reached(h=1e-8, x=0.0)
    one_by_one = secant_to_tangent(math.sin, x=1.0)
    assert one_by_one.values["x"] == 1
    assert one_by_one.look(h=0.1)["slope"] == pytest.approx(
        slope_by_hand(1.0, 0.1, "forward"), rel=1e-5
    )


def test_where_there_is_no_slope_the_words_say_so():
    figure = secant_to_tangent(lambda x: np.log(x), x=2.0)
    assert figure.says(x=-2.0).endswith("no slope here")
    assert not figure.reached(x=-2.0)
    assert np.isnan(figure.look(x=-2.0)["here"][0, 1])
    kink = secant_to_tangent(absolute, x=0.0)
    assert kink.look(x=0.0, h=0.1)["slope"] == pytest.approx(1)  # on the right of the kink


def test_a_lucky_error_is_not_a_good_step():
    h = np.geomspace(1e-15, 1, 61)
    errors = h + 1e-16 / h
    good, best = good_steps(errors)
    lucky = errors.copy()
    lucky[18] = 1e-16
    found, where = good_steps(np.stack([errors, lucky]))
    np.testing.assert_array_equal(found, [good, good])
    assert where.tolist() == [best, best]


# ---------------------------------------------------------------- the compass


@pytest.fixture(scope="module")
def compass():
    return gradient_compass()


PLACES = ((-0.75, 0.5), (-1.6, -1.6), (1.6, 0.0), (1.2, -0.7))


@pytest.mark.parametrize("at", PLACES)
def test_the_slope_is_what_a_small_step_gives(compass, at):
    for theta in (*ends_and_middle(compass.controls["theta"]), 38.0, 250.0):
        seen = compass.look(theta=theta, at=at)
        u = np.array([math.cos(math.radians(theta)), math.sin(math.radians(theta))])
        h = 1e-5
        slope = (TILTED(at + h * u) - TILTED(at - h * u)) / (2 * h)
        np.testing.assert_allclose(seen["slope"], slope, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(seen["now"], [[theta, slope]], rtol=1e-5, atol=1e-7)
        curve = seen["cosine"]
        np.testing.assert_allclose(
            np.interp(theta, *curve.T), slope, atol=2e-3 * seen["cosine"][:, 1].max()
        )
        *place, dx, dy = seen["dial"][0]
        np.testing.assert_allclose(place, at, rtol=1e-6)
        np.testing.assert_allclose([dx, dy], math.hypot(dx, dy) * u, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("at", PLACES)
def test_arrows_and_marks_are_those_of_the_gradient(compass, at):
    g = TILTED.grad(np.array(at))
    norm, angle = np.hypot(*g), math.degrees(math.atan2(g[1], g[0])) % 360
    seen = compass.look(at=at)
    assert f"; steepest is +{norm:.3g} at {round(angle)}°; " in compass.says(at=at)
    np.testing.assert_allclose(seen["steepest up"], [[angle, norm]], rtol=1e-5)
    np.testing.assert_allclose(seen["steepest down"], [[(angle + 180) % 360, -norm]], rtol=1e-5)
    np.testing.assert_allclose(
        seen["levels"][[0, 1, 3, 4], 1], [norm, norm, -norm, -norm], rtol=1e-5
    )
    uphill, downhill = seen["uphill"][0, 2:], seen["downhill"][0, 2:]
    np.testing.assert_allclose(uphill / np.hypot(*uphill), g / norm, rtol=1e-5)
    np.testing.assert_allclose(downhill, -uphill)
    assert seen["cosine"][:, 1].max() == pytest.approx(norm, rel=2e-3)
    np.testing.assert_allclose(seen["way home"], [at, (0, 0)], atol=1e-6)
    cosine = -np.dot(-g, at) / norm / np.hypot(*at)
    off = round(math.degrees(math.acos(min(cosine, 1))))
    assert compass.says(at=at).endswith(f"; the minimum is {off}° off −∇f")


def test_the_goal_is_within_reach_from_everywhere(compass):
    assert not compass.reached()
    for at in PLACES:
        g = TILTED.grad(np.array(at))
        across = (math.degrees(math.atan2(g[1], g[0])) + 90) % 360
        assert compass.reached(at=at, theta=across)
        assert "along the contour" in compass.says(at=at, theta=across)
        assert not compass.reached(at=at, theta=(across + 6) % 360)
    theta = np.array(compass.controls["theta"].values)
    level = [compass.reached(theta=v) for v in theta]
    assert 2 <= sum(level) <= 4  # two directions


def test_the_compass_says_which_way_is_up():
    figure = gradient_compass(bowl, at=(1.0, 0.0))
    words = {
        0: "straight uphill",
        2: "straight uphill",
        4: "uphill",
        60: "uphill",
        90: "along the contour",
        120: "downhill",
        180: "straight downhill",
    }
    for theta, word in words.items():
        assert f", {word};" in figure.says(theta=theta)
    assert "steepest is +1 at 0°" in figure.says()
    assert "the minimum is 0° off −∇f" in figure.says()  # contours are circles


def test_flat_ground_has_no_direction(compass):
    seen = compass.look(at=(0.0, 0.0))
    assert compass.says(at=(0.0, 0.0)).endswith(", flat ground: no direction is steepest")
    assert not seen["level"]
    assert np.isnan(seen["uphill"][0, 2:]).all()
    assert not seen["cosine"][:, 1].any()


def test_the_dotted_line_leads_to_the_nearest_minimum():
    figure = gradient_compass(himmelblau)
    at = np.array([2.0, -3.0])
    near = himmelblau.minima[np.linalg.norm(himmelblau.minima - at, axis=1).argmin()]
    np.testing.assert_allclose(figure.look(at=at)["way home"], [at, near], rtol=1e-6)


def test_the_compass_takes_a_learners_function():
    figure = gradient_compass(lambda x, y: x**2 - y, at=(1, 1), domain=[(-2, 2), (-2, 2)])
    seen = figure.look(theta=0, at=(1.0, 1.0))
    assert seen["slope"] == pytest.approx(2)
    assert seen["steepest up"][0, 1] == pytest.approx(math.sqrt(5))
    assert "minimum" not in figure.says()
    assert np.isnan(seen["way home"][1]).all()
    lost = gradient_compass(lambda x, y: np.log(x) + y, at=(1, 1), domain=[(-2, 2), (-2, 2)])
    assert lost.reached(theta=134, at=(1.0, 1.0))
    assert not lost.reached(at=(-1.0, 1.0))
    assert lost.says(at=(-1.0, 1.0)).endswith("no slope here")
    plain = gradient_compass(lambda x, y: 0 * x * y + 3.0, at=(1, 1), domain=[(-2, 2), (-2, 2)])
    assert "flat ground" in plain.says()


def test_figures_are_light(secant, compass):
    assert secant.size < 2_000_000
    assert compass.size < 2_000_000
    assert secant.book.blocks
    assert all(set(b.axes) == set(secant.sweeps[b.sweep].names) for b in secant.book.blocks)
