"""Lines through points, live: what is drawn is what one run, one closed form, one formula says."""

import numpy as np
import pytest

from gdtutor import descend, gd, live
from gdtutor.data import five_points, line_with_outlier, noisy_line
from gdtutor.live.explorers.fits import by_descent, by_pairs, line_fit, losses_and_outlier, thinned
from gdtutor.losses import huber, loss
from gdtutor.models import linear
from gdtutor.theory import gd_limit

F = linear(*five_points())
BEST = np.array([0.6, 2.2])
H = 2 * np.array([[11.0, 3.0], [3.0, 1.0]])  # 2/n AᵀA: the means of x², x and 1


@pytest.fixture(scope="module")
def fit():
    """The figure of the five points."""
    return line_fit()


@pytest.fixture(scope="module")
def outlier():
    """The figure of the outlier."""
    return losses_and_outlier()


def test_the_curriculums_numbers(fit):
    end = fit.look(lr=0.01)
    assert end["count"] == 1000
    assert np.allclose(end["walk"][-1], [0.6176946, 2.1361168], atol=1e-6)
    assert np.allclose([end["slope"], end["intercept"]], [0.6176946, 2.1361168], atol=1e-6)
    assert fit.actors["line told"].template == "y = {slope:.2f}·x {intercept:+.2f}"
    assert np.isfinite(end["line told"]).all()


@pytest.mark.parametrize("start", [(0.0, 0.0), (-1.5, 4.0), (3.0, 5.0)])
@pytest.mark.parametrize("lr", [0.0025, 0.01, 0.05, 0.0844, 0.095])
def test_the_three_panels_show_one_run(fit, lr, start):
    lr = fit.nearest("lr", lr)
    path = descend(F, start, gd(lr=lr), 1000)
    for picture in (0, 1, 20, 50, fit.steps - 1):
        seen = fit.look(lr=lr, start=start, step=picture)
        step = round(seen["count"])
        assert step == thinned(1000)[picture]
        with np.errstate(over="ignore"):
            walked = path.x[thinned(1000)[: picture + 1]].astype(np.float32)
        assert np.allclose(seen["walk"], walked, rtol=1e-5, atol=1e-6)
        assert np.allclose(seen["here"], walked[-1:], rtol=1e-5, atol=1e-6)
        assert np.allclose(seen["first"], [start])
        assert seen["losses"][-1, 0] == step
        if not np.isfinite(walked[-1]).all():
            assert seen["loss"] == np.inf
            continue
        w, b = path.x[step]
        line = seen["line"]
        assert np.allclose(line[:, 1], w * line[:, 0] + b, rtol=1e-5, atol=1e-5)
        above = seen["losses"][-1, 1]
        assert np.allclose(above, path.f[step] - F(BEST), rtol=1e-5, atol=1e-6)
        if np.isfinite(seen["loss"]):
            assert np.allclose(seen["loss"], path.f[step], rtol=1e-5)


@pytest.mark.parametrize("picture", [0, 3, 74])
def test_squares_stand_on_residuals_and_are_square(fit, picture):
    seen = fit.look(lr=0.05, step=picture)
    x, y = five_points().X[:, 0], five_points().y
    residuals = F.predict(descend(F, F.start, gd(lr=0.05), 1000).x[thinned(1000)[picture]]) - y
    sticks = seen["sticks"].reshape(5, 3, 2)
    assert np.allclose(sticks[:, 0], np.stack([x, y], axis=1))
    assert np.allclose(sticks[:, 1], np.stack([x, y + residuals], axis=1), atol=1e-5)
    assert np.isnan(sticks[:, 2, 0]).all()
    ax = fit.figure.axes[0]
    corners = seen["squares"].reshape(5, 4, 3)
    near, far = (ax.transData.transform(corners[:, 1:3, [0, k]].reshape(-1, 2)) for k in (1, 2))
    tall = np.abs(near - far).reshape(5, 2, 2)[:, :, 1]
    wide = np.abs(near[::2] - near[1::2])[:, 0]
    assert np.allclose(tall[:, 0], wide, atol=1e-3)
    assert np.allclose(tall[:, 1], wide, atol=1e-3)
    assert np.allclose(corners[:, 1, 2] - corners[:, 1, 1], -residuals, atol=1e-5)
    assert (corners[:, [0, 3], 1] == corners[:, [0, 3], 2]).all()


def test_presets_know_the_theory(fit):
    limit = 2 / (12 + np.sqrt(136))
    assert np.isclose(gd_limit(np.linalg.eigvalsh(H)), limit)
    values = fit.controls["lr"].values
    stable = fit.presets["largest stable lr"]["lr"]
    assert 0.998 * limit < stable < limit
    assert fit.presets["too large"]["lr"] == max(values) > limit
    assert 0.01 in values


def test_verbs(fit):
    assert fit.says(step=0).endswith("about to start")
    assert fit.says(lr=0.01, step=3).endswith("falling into the valley")
    assert fit.says(lr=0.01, step=50).endswith("creeping along the valley")
    assert fit.says(lr=0.01).endswith("there")
    assert fit.says(lr=0.0844, step=20).endswith("zigzagging across the valley")
    assert fit.says(lr=0.095, step=5).endswith("climbing")
    assert fit.says(lr=0.095) == (
        "lr 0.095, step 1000: loss ∞ (least squares 0.48), lost: lr is too large"
    )
    assert np.isnan(fit.look(lr=0.095)["line told"]).all()  # there is no line to write down
    assert "(least squares 0.48)" in fit.says()
    longest = max(len(fit.says(lr=lr, step=k)) for lr in (0.0025, 0.0844, 0.095) for k in range(75))
    assert longest < 110


def test_the_goal_takes_a_good_lr(fit):
    assert not fit.reached()
    assert not fit.reached(lr=fit.presets["largest stable lr"]["lr"])
    assert fit.reached(lr=0.08)
    assert not fit.reached(lr=0.08, step=5)
    for lr in (0.01, 0.08):
        assert not fit.reached(start=(0.6, 2.2), lr=lr)  # dragged onto the solution
    for lr in fit.controls["lr"].values:
        path = descend(F, F.start, gd(lr=lr), 100)
        assert fit.reached(lr=lr) == bool((path.f <= 1.01 * F(BEST)).any())


def test_thinned_keeps_every_early_step_and_both_ends():
    rows = thinned(1000)
    assert rows[0] == 0
    assert rows[-1] == 1000
    assert (np.diff(rows) > 0).all()
    assert (rows[:12] == np.arange(12)).all()
    assert thinned(3).tolist() == [0, 1, 2, 3]


def test_learners_data():
    X, y = noisy_line()
    flat, table = line_fit(X[:, 0], y), line_fit(X, y)
    assert flat.says() == table.says()
    assert flat.size < 4_000_000
    slope, intercept = np.polyfit(X[:, 0], y, 1)
    end = flat.look(lr=0.5)
    assert np.allclose([end["slope"], end["intercept"]], [slope, intercept], rtol=1e-5)
    assert flat.look()["examples"].shape == (5, 2)
    limit = gd_limit(np.linalg.eigvalsh(linear(X, y).hess([0.0, 0.0])))
    assert flat.presets["largest stable lr"]["lr"] < limit < flat.presets["too large"]["lr"]


def test_points_on_a_line_and_points_far_off():
    perfect = line_fit([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    assert perfect.reached(lr=0.3)
    far = line_fit(
        np.linspace(1000, 2000, 30), np.linspace(5e4, 9e4, 30) + np.tile([300.0, -300], 15)
    )
    assert far.look(step=0)["count"] == 0
    assert np.isfinite(far.look()["loss"])


@pytest.mark.parametrize(
    ("X", "complaint"), [(np.ones((3, 2)), "one feature"), ([2.0, 2, 2], "different x")]
)
def test_what_has_no_line(X, complaint):
    with pytest.raises(ValueError, match=complaint):
        line_fit(X, [1.0, 2, 3])


# ------------------------------------------------------------------- the outlier


def data_with(height):
    """Return x and y, the last of which is the outlier."""
    X, y = line_with_outlier(outlier=0, n=10)
    return X, np.append(y[:-1], height)


def coefficients(line):
    """Return slope and intercept of a line of two points."""
    slope = (line[1, 1] - line[0, 1]) / (line[1, 0] - line[0, 0])
    return np.array([slope, line[0, 1] - slope * line[0, 0]])


@pytest.mark.parametrize("height", [-8, 5, 15, 18])
@pytest.mark.parametrize("delta", [0.2, 2, 20])
def test_the_lines_are_the_best_ones(outlier, height, delta):
    height, delta = outlier.nearest("outlier", height), outlier.nearest("delta", delta)
    seen = outlier.look(outlier=height, delta=delta)
    X, y = data_with(height)
    assert np.allclose(coefficients(seen["mse line"]), np.polyfit(X[:, 0], y, 1), atol=1e-5)
    robust = linear(X, y, huber(delta=delta))
    assert np.allclose(robust.grad(coefficients(seen["robust line"])), 0, atol=1e-5)
    absolute, line = linear(X, y, live.explorers.fits.mae), coefficients(seen["mae line"])
    around = (
        line
        + np.random.default_rng(0).normal(0, 0.3, (500, 2)) * np.geomspace(1e-3, 1, 500)[:, None]
    )
    assert (absolute(around) >= absolute(line) - 1e-6).all()
    assert np.allclose(seen["outlier here"], [[X[-1, 0], height]])
    assert np.allclose(seen["points"], np.column_stack([X, y])[:-1])


@pytest.mark.parametrize("height", [-8, 5, 18])
@pytest.mark.parametrize("delta", [0.2, 2, 20])
def test_the_marks_are_at_the_outliers_residuals(outlier, height, delta):
    height, delta = outlier.nearest("outlier", height), outlier.nearest("delta", delta)
    seen = outlier.look(outlier=height, delta=delta)
    formulas = {
        "mse": (lambda r: r**2, lambda r: 2 * r),
        "mae": (abs, np.sign),
        "robust": (
            lambda r: r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2),
            lambda r: min(max(r, -delta), delta),
        ),
    }
    for key, (value, slope) in formulas.items():
        r = coefficients(seen[f"{key} line"]) @ [4.0, 1.0] - height
        assert np.allclose(seen[f"{key} loss"], [[r, value(r)]], rtol=1e-4, atol=1e-5)
        assert np.allclose(seen[f"{key} gradient"], [[r, slope(r)]], rtol=1e-4, atol=1e-5)
        assert seen[f"{key}_pull"] == pytest.approx(abs(slope(r)), rel=1e-4, abs=1e-5)
    r = seen["robust curve"][:, 0]
    assert np.allclose(seen["robust curve"][:, 1], [formulas["robust"][0](v) for v in r], rtol=1e-5)
    assert np.allclose(seen["robust slope"][:, 1], [formulas["robust"][1](v) for v in r], rtol=1e-5)


def test_marks_and_lines_stay_in_view(outlier):
    left, *right = outlier.figure.axes[-1], *outlier.figure.axes[:2]
    for height in (-8, 18):
        for delta in (0.2, 20):
            seen = outlier.look(outlier=height, delta=delta)
            for key in ("mse", "mae", "robust"):
                for panel in ("loss", "gradient"):
                    ax = outlier.actors[f"{key} {panel}"].ax
                    assert ax in right
                    (x, y), (low, high) = seen[f"{key} {panel}"][0], ax.get_ylim()
                    assert -14 < x < 14
                    assert low < y < high
                assert (np.abs(seen[f"{key} line"][:, 1] - 5) < np.ptp(left.get_ylim()) / 2).all()


def test_how_far_the_lines_turn(outlier):
    X, clean = line_with_outlier(outlier=0, n=10)
    x = X[:, 0] - X.mean()
    # The slope is linear in y: the last point weighs (x − x̄) / Σ(x − x̄)².
    lift = outlier.nearest("outlier", 15) - clean[-1]
    seen = outlier.look(outlier=15)
    assert seen["mse_turn"] == pytest.approx(lift * x[-1] / (x @ x), rel=1e-5)
    assert abs(seen["mae_turn"]) < 0.15
    assert abs(seen["mae_turn"]) < seen["robust_turn"] < seen["mse_turn"]
    same = outlier.look(outlier=15, delta=20)
    assert same["robust_turn"] == pytest.approx(same["mse_turn"], abs=1e-4)


def test_goal_presets_words(outlier):
    assert not outlier.reached()
    assert outlier.reached(outlier=-8)
    for height in outlier.controls["outlier"].values:
        X, y = data_with(height)
        assert outlier.reached(outlier=height) == (np.polyfit(X[:, 0], y, 1)[0] < 0)
    usual = outlier.look(**outlier.presets["no outlier"])
    for key in ("mse", "mae", "robust"):
        assert abs(usual[f"{key}_turn"]) < 1e-6
    like = outlier.look(outlier=15, **outlier.presets["large δ: the MSE's line"])
    assert like["robust_pull"] == pytest.approx(like["mse_pull"] / 2, rel=1e-4)
    assert outlier.says(outlier=15, delta=2).startswith(
        "outlier at +15.0 turns the MSE line by +1.27, MAE"
    )
    assert len(outlier.says(outlier=-8)) < 110
    assert outlier.size < 500_000


def test_a_learners_own_loss():
    @loss
    def capped(prediction, y, *, delta=1.0):
        return delta**2 * (np.sqrt(1 + ((prediction - y) / delta) ** 2) - 1)

    @capped.derivative
    def _(prediction, y, *, delta):
        return (prediction - y) / np.sqrt(1 + ((prediction - y) / delta) ** 2)

    figure = losses_and_outlier(capped)
    assert "Capped by" in figure.says()
    seen = figure.look(outlier=15, delta=2)
    X, y = data_with(15)
    model = linear(X, y, capped(delta=figure.nearest("delta", 2)))
    assert np.allclose(model.grad(coefficients(seen["robust line"])), 0, atol=1e-5)
    with pytest.raises(ValueError, match="delta"):
        losses_and_outlier(live.explorers.fits.mse)


def test_many_fits_at_once_are_the_single_ones():
    X, y = data_with(15)
    rows = np.stack([y, y + 1, -y])
    together = by_descent(huber, X[:, 0], rows)
    for row, one in zip(rows, together):
        assert np.allclose(one, by_descent(huber, X[:, 0], row[None])[0], rtol=1e-12)
    pairs = by_pairs(X[:, 0], rows)
    assert np.allclose(pairs[1] - pairs[0], [0, 1])
    assert np.allclose(pairs[2], -pairs[0])
