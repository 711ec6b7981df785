"""Lesson 2: what it says in words and in its questions, computed."""

import numpy as np
import pytest

from gdtutor import descend, gd, losses
from gdtutor.course import loss_functions as lesson
from gdtutor.data import breast_cancer, diabetes, standardise
from gdtutor.landscapes import absolute, landscape
from gdtutor.losses import binary_cross_entropy, cross_entropy, huber, mae, mse, sigmoid
from gdtutor.models import linear, logistic
from gdtutor.schedules import inverse_time

NUMBERS = np.array([1.0, 2.0, 3.0, 4.0, 10.0])
SLOWER = inverse_time(50, decay=0.05)


def lowest(loss, y, grid):
    """Return the guess of the grid with the lowest mean loss."""
    return grid[loss(np.repeat(grid[:, None], len(y), axis=1), y).argmin()]


@pytest.fixture(scope="module")
def patients():
    """Standardised bmi, progression, and the place of the highest bmi."""
    data = diabetes()
    bmi = standardise(data.X[:, [2]])
    assert data.features[2] == "bmi"
    return bmi, data.y, bmi[:, 0].argmax()


def test_the_smallest_model():
    assert lesson.find("best-guess").value == NUMBERS.mean() == 4
    grid = np.linspace(0, 250, 25_001)
    for last, mean in [(10, 4), (100, 22), (1000, 202)]:
        y = np.append(NUMBERS[:-1], last)
        assert lowest(mse, y, grid) == pytest.approx(mean)
        assert lowest(mae, y, grid) == pytest.approx(3)


def test_slopes_of_the_quiz():
    r = np.array([100, 1, 0.01, -0.01])
    assert mae.slope(r, 0).tolist() == [1, 1, 1, -1]
    assert mse.slope(r, 0).tolist() == [200, 2, 0.02, -0.02]
    assert huber.slope(r, 0).tolist() == [1, 1, 0.01, -0.01]
    question = lesson.find("huber-slope")
    assert question.value == huber(delta=2).slope([-7.0], [0.0])[0]
    assert question.judge(mse.slope([-7.0], [0.0])[0]).misconception == "all-pull-alike"


def test_a_fixed_lr_circles_round_a_kink():
    x = descend(absolute, 1.0, gd(lr=0.3), 25).x[3:, 0]
    assert np.allclose(x[::2], 0.1)
    assert np.allclose(x[1::2], -0.2)
    x = descend(absolute, 1.0, gd(lr=inverse_time(0.3, 0.5)), 25).x[:, 0]
    assert abs(x[7:12]).max() < 0.04
    assert abs(x[-5:]).max() < 0.02


def test_a_factor_moves_no_minimum():
    X, y = np.ones((5, 1)), NUMBERS
    f = linear(X, y, intercept=False)
    c = {}
    for name, factor, lr in [
        ("mean", 1, 0.3),
        ("half", 0.5, 0.3),
        ("sum", 5, 0.3),
        ("fair", 5, 0.06),
    ]:
        c[name] = [0.0]
        for _ in range(10):
            c[name].append(c[name][-1] - lr * factor * f.grad([c[name][-1]])[0])
    assert np.allclose(c["fair"], c["mean"], rtol=1e-12)
    assert c["half"][-1] == pytest.approx(3.887, abs=1e-3)
    assert c["sum"][-1] == pytest.approx(-4092)


def test_each_line_wins_by_its_own_loss(patients):
    bmi, y, _ = patients
    by_mse, by_mae = linear(bmi, y), linear(bmi, y, mae)
    A = np.linalg.lstsq(by_mse.A, y)[0]
    B = descend(by_mae, (0.0, 0.0), gd(lr=SLOWER), 3000).end
    assert [by_mse(A), by_mse(B)] == pytest.approx([3890.46, 3980.0], abs=0.05)
    assert [by_mae(A), by_mae(B)] == pytest.approx([51.80, 51.15], abs=0.005)
    assert np.sqrt(by_mse(A)) == pytest.approx(62.4, abs=0.03)
    assert linear(bmi, y / 100)(A / 100) == pytest.approx(0.389, abs=5e-4)
    # The lowest MAE there is, by linear programming, is 51.1500.
    assert by_mae(B) == pytest.approx(51.1500, abs=2e-4)


def test_one_slip_of_442(patients):
    bmi, y, slipped = patients
    assert y[slipped] == 242
    assert diabetes().X[slipped, 2] == 42.2
    typed = np.where(np.arange(442) == slipped, 2420.0, y)
    line = np.linalg.lstsq(np.c_[bmi, np.ones(442)], y)[0]
    assert line[0] == pytest.approx(45, abs=0.5)
    residual = line @ [bmi[slipped, 0], 1] - 2420
    assert abs(residual) == pytest.approx(2106, abs=0.5)
    assert residual**2 == pytest.approx(4.4e6, rel=0.02)
    assert 900 < residual**2 / mse(line[0] * bmi[:, 0] + line[1], y) < 1200

    def turn(loss, lr):
        before, after = (
            descend(linear(bmi, values, loss), line, gd(lr=lr), 800, every=800).end[0]
            for values in (y, typed)
        )
        return after, after / before - 1

    after, share = turn(mse, 0.3)
    assert after == pytest.approx(63, abs=0.5)
    assert share == pytest.approx(0.39, abs=0.005)
    others = [(huber(delta=100), 0.5), (huber(delta=50), 0.5), (huber(delta=10), 1), (mae, SLOWER)]
    for loss, lr in others:
        assert 0.02 < turn(loss, lr)[1] < 0.045, loss
    # From where on is the MSE's line the steepest? The slider has steps of 121.
    assert max(turn(loss, lr)[0] for loss, lr in others) == pytest.approx(54.78, abs=0.02)
    lever = bmi[slipped, 0] / 442
    assert 11 * 121 < 242 + (54.78 - line[0]) / lever < 12 * 121 - 20


def test_a_slip_in_x_bends_robust_lines(patients):
    _, y, slipped = patients
    raw = diabetes().X[:, [2]]
    far = raw.copy()
    far[slipped] *= 10
    far = standardise(far, by=raw)
    assert np.linalg.lstsq(np.c_[far, np.ones(442)], y)[0][0] == pytest.approx(3.28, abs=0.01)
    ends = {
        loss: descend(linear(far, y, loss), (45.0, 152.0), gd(lr=lr), 8000, every=8000).end[0]
        for loss, lr in [(huber(delta=50), 0.3), (mae, inverse_time(5, 0.01))]
    }
    assert list(ends.values()) == pytest.approx([32.16, 33.95], abs=0.2)


def test_levers():
    x = np.arange(1.0, 6)
    turns = {
        (at, lift): np.polyfit(x, x + lift * (x == at), 1)[0] - 1
        for at, lift in [(3, 15), (5, 10), (4, 12)]
    }
    assert list(turns.values()) == pytest.approx([0, 2, 1.2], abs=1e-12)


def squared_slope(z):
    """Return the slope of (σ(z) − 1)²."""
    return 2 * (sigmoid(z) - 1) * sigmoid(z) * sigmoid(-z)


def test_confidently_wrong():
    assert sigmoid(-8) == pytest.approx(0.0003, abs=5e-5)
    assert binary_cross_entropy([-8.0], [1]) == pytest.approx(8, abs=1e-3)
    assert -np.log(0.99) == pytest.approx(0.01, abs=1e-4)
    assert binary_cross_entropy.slope(-8.0, 1) / squared_slope(-8.0) > 1000
    z = np.linspace(-8, 8, 161)
    hardest = z[squared_slope(z).argmin()]
    assert hardest == pytest.approx(-0.7)
    assert sigmoid(hardest) == pytest.approx(1 / 3, abs=0.003)


def test_the_plain_costs_steps_with_every_lr():
    data = breast_cancer()
    size, benign = standardise(data.X[:, [0]]), data.y
    assert benign.mean() == pytest.approx(0.63, abs=0.005)  # "always benign"

    def logits(w, b):
        return w[..., None] * size[:, 0] + b[..., None]

    squared = landscape(lambda w, b: np.mean((sigmoid(logits(w, b)) - benign) ** 2, axis=-1))
    lrs = np.array([1.0, 10**1.1, 10**1.7])[:, None]
    start = np.full((3, 2), (6.0, 0.0))
    from_step, after_200 = {}, {}
    for name, hill in {"squared": squared, "log": logistic(size, benign)}.items():
        x = descend(hill, start, gd(lr=lrs), 600).x
        right = np.mean((logits(x[..., 0], x[..., 1]) > 0) == benign, axis=-1)
        assert right[0] == pytest.approx(0.14, abs=0.005)
        from_step[name] = (601 - (right < 0.87)[::-1].argmax(axis=0)).tolist()
        after_200[name] = round(float(right[200, 0]), 2)
    assert after_200 == {"squared": 0.63, "log": 0.88}
    assert from_step["squared"] == [502, 50, 27]
    assert from_step["log"][:2] == [19, 2]


def test_logits_of_a_thousand():
    assert np.log(np.finfo(float).max) < 1000
    assert -1000 / np.log(10) == pytest.approx(np.log10(5) - 435, abs=0.01)
    assert lesson.find("logits").value == cross_entropy([[1000.0, 1000.0]], [0])
    assert losses.log_sum_exp([1000.0, 1000.0]) == pytest.approx(1000.69, abs=0.005)
    assert cross_entropy([[1000.0, 0.0]], [1]) == 1000


def test_accuracy_is_a_staircase():
    data = breast_cancer()
    radius, benign = data.X[:, 0], data.y
    stairs = np.unique(radius)
    between = (stairs[1:] + stairs[:-1]) / 2
    wrong = np.mean((radius < between[:, None]) != benign, axis=-1)
    assert np.count_nonzero(np.diff(wrong)) == 437 - 2  # and two jumps at the ends
    thirds = stairs[:-1] + np.diff(stairs) / 3
    assert (np.mean((radius < thirds[:, None]) != benign, axis=-1) == wrong).all()
    slope = (2 / len(benign)) * (sigmoid(2 * (between[:, None] - radius)) - benign).sum(axis=-1)
    assert (slope != 0).all()


def test_kinks_with_a_fixed_lr(patients):
    bmi, y, _ = patients
    f, start = linear(bmi, y, mae), np.random.default_rng(0).normal(0, 100, size=(5, 2))
    late = [
        (descend(f, start, gd(lr=lr), 2000).f[-100:].max(axis=0) - 51.1500).max()
        for lr in (1.0, 10.0, 100.0, SLOWER)
    ]
    assert late == pytest.approx([0, 2e-4, 0.015, 0], abs=1e-3)
    assert late[0] < late[1] < late[2]
    assert late[3] < 1e-4


@pytest.mark.parametrize(
    ("cost", "best"),
    [
        (lambda p: (-np.log(p), -np.log(1 - p)), 0.7),
        (lambda p: ((1 - p) ** 2, p**2), 0.7),
        (lambda p: (1 - p, p), 0.999),
    ],
)
def test_honest_scores(cost, best):
    p = np.linspace(0.001, 0.999, 999)
    if_yes, if_no = cost(p)
    assert p[(0.7 * if_yes + 0.3 * if_no).argmin()] == pytest.approx(best)
