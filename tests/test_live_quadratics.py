"""The live figures about quadratics against runs, formulas and least squares done by hand."""

import numpy as np
import pytest

from gdtutor import descend, gd
from gdtutor.data import Data, diabetes
from gdtutor.live.explorers.quadratics import before_and_after_scaling, error_by_eigenvector


class Diagonal:
    """½ Σ λᵢ xᵢ²."""

    def __init__(self, curvatures):
        self.curvatures = np.asarray(curvatures, dtype=float)

    def __call__(self, x):
        return (self.curvatures * x**2).sum(axis=-1) / 2

    def grad(self, x):
        return self.curvatures * x


@pytest.fixture(scope="module")
def eigen():
    return error_by_eigenvector()


@pytest.fixture(scope="module")
def scaling():
    return before_and_after_scaling()


def run(lr, steps, curvatures=(1, 10, 100)):
    return np.abs(descend(Diagonal(curvatures), np.ones(len(curvatures)), gd(lr=lr), steps).x)


def close(seen, wanted):
    np.testing.assert_allclose(seen, wanted, rtol=1e-5, atol=1e-30)


# ----------------------------------------------------------- error along eigenvectors


@pytest.mark.parametrize("step", [0, 1, 60, 350, 700])
@pytest.mark.parametrize("lr", [0.0005, 0.0105, 0.0195, 0.02, 0.0201, 0.0225])
def test_bars_are_the_errors_of_a_run(eigen, lr, step):
    lr = eigen.nearest("lr", lr)
    with np.errstate(over="ignore"):
        wanted = run(lr, 700)[step].astype(np.float32)
    seen = eigen.look(lr=lr, step=step)
    np.testing.assert_allclose(seen["errors"], wanted, rtol=1e-3, atol=1e-15)
    np.testing.assert_allclose(seen["left"], wanted.max(), rtol=1e-3)


@pytest.mark.parametrize("lr", [0.0005, 0.01, 2 / 101, 0.0225])
def test_marks_are_what_one_step_multiplies_by(eigen, lr):
    seen, factors = eigen.look(lr=lr), run(lr, 1)[1]
    for i, factor in enumerate(factors):
        np.testing.assert_allclose(seen[f"mark {i}"], [[lr, factor]], rtol=1e-5, atol=1e-7)
    close(seen["slowest"], [[lr, factors.max()]])
    close(seen["rate"], factors.max())


@pytest.mark.parametrize(("lr", "steps"), [(2 / 101, 691), (0.01, 1375), (0.0195, 702)])
def test_steps_needed_are_those_of_a_run(eigen, lr, steps):
    errors = run(lr, 1500).max(axis=1)
    assert np.argmax(errors <= 1e-6) == steps
    assert eigen.look(lr=lr)["needed"] == steps


@pytest.mark.parametrize(
    ("lr", "verb"),
    [
        (0.005, "waits for λ = 1"),
        (2 / 101, "both ends shrink alike"),
        (0.02, "bounces for ever"),
        (0.0201, "diverges along λ = 100"),
    ],
)
def test_the_line_says_what_holds_it_up(eigen, lr, verb):
    assert eigen.look(lr=lr)["verb"] == verb
    assert verb in eigen.says(lr=lr)


def test_beyond_the_best_the_steep_direction_is_the_slow_one():
    figure = error_by_eigenvector((2, 1))
    assert figure.look(lr=0.9)["verb"] == "zigzags along λ = 2"
    assert figure.look(lr=0.6)["verb"] == "waits for λ = 1"


def test_presets_and_goal_of_the_eigenvectors(eigen):
    assert not eigen.reached()
    assert "within 898 steps" in eigen.goal[0]
    for values in eigen.presets.values():
        assert not eigen.reached(**values)
    reached = [lr for lr in eigen.controls["lr"].values if eigen.reached(lr=lr)]
    wanted = [lr for lr in eigen.controls["lr"].values if lr < 0.01601
              and run(lr, 898)[-1].max() <= 1e-6]  # fmt: skip
    assert reached == wanted == pytest.approx([0.0155, 0.016])
    assert eigen.look(**eigen.presets["1/L"])["lr"] == 0.01
    said = eigen.says(**eigen.presets["beyond 2/L"], step=700)
    assert "∞ steps" in said
    assert "diverges" in said
    assert all(len(eigen.says(lr=lr, step=700)) < 110 for lr in eigen.controls["lr"].values)


@pytest.mark.parametrize("curvatures", [[4.0], np.geomspace(3, 0.1, 8)])
def test_any_curvatures_do(curvatures):
    figure = error_by_eigenvector(curvatures, steps=20)
    ordered = np.sort(curvatures)
    lr = figure.nearest("lr", 1 / ordered[-1])
    seen = figure.look(lr=lr, step=20)["errors"]
    np.testing.assert_allclose(seen, run(lr, 20, ordered)[20], rtol=1e-4, atol=1e-12)
    assert len(figure.figure.axes[0].get_xticks()) == len(ordered)
    assert figure.look(**figure.presets["optimal"])["verb"] == "both ends shrink alike"


def test_a_curvature_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        error_by_eigenvector((0, 1))


# ------------------------------------------------------------------ before and after


def two_tables():
    """Return both tables, and the target, by hand."""
    X, y = diabetes()
    raw = X[:, [8, 2]] - X[:, [8, 2]].mean(axis=0)
    return {"before": raw, "after": raw / raw.std(axis=0)}, y - y.mean()


def walk(table, y, share, steps):
    """Return the weights of gradient descent, and the part of the loss that is left."""
    n, w = len(y), np.zeros(2)
    lr = share * 2 / np.linalg.eigvalsh(2 / n * table.T @ table)[-1]
    path = [w]
    for _ in range(steps):
        w = w - lr * 2 / n * table.T @ (table @ w - y)
        path.append(w)
    best = np.linalg.lstsq(table, y, rcond=None)[0]
    losses = np.array([np.mean((table @ w - y) ** 2) for w in [*path, best]])
    return np.array(path), (losses[:-1] - losses[-1]) / (losses[0] - losses[-1])


@pytest.mark.parametrize("step", [0, 1, 30, 250])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 1.0])
def test_both_walks_are_those_of_gradient_descent(scaling, share, step):
    tables, y = two_tables()
    seen = scaling.look(share=share, step=step)
    for when, table in tables.items():
        path, left = walk(table, y, share, 250)
        np.testing.assert_allclose(seen[f"walk {when}"], path[: step + 1], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(seen[f"here {when}"], path[[step]], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(seen[f"left_{when}"], left[step], rtol=1e-4, atol=1e-9)
        there = left <= 0.01
        told = f" (1% after {there.argmax() if there.any() else '> 250'})"
        assert seen[f"needed_{when}"] == (told if share < 1 else "")


def test_what_explodes_leaves_the_map(scaling):
    seen = scaling.look(share=1.05, step=250)
    assert np.isnan(seen["walk before"][-1]).all()
    assert seen["verb_before"] == seen["verb_after"] == "explodes"
    assert scaling.says(share=1.05, step=250) == (
        "step 250: as measured it explodes, excess loss ∞; standardised it explodes, ∞"
    )


def test_the_line_stays_short(scaling):
    shares = scaling.controls["share"].values
    assert all(len(scaling.says(share=s, step=k)) < 110 for s in shares for k in (0, 30, 250))


@pytest.mark.parametrize(
    ("share", "before", "after"),
    [
        (0.1, "creeps", "is home"),
        (0.95, "zigzags", "is home"),
        (1.0, "bounces for ever", "bounces for ever"),
    ],
)
def test_verbs_of_both_walks(scaling, share, before, after):
    seen = scaling.look(share=share, step=30)
    assert (seen["verb_before"], seen["verb_after"]) == (before, after)


def test_scaling_changes_kappa_and_not_the_best_fit(scaling):
    tables, y = two_tables()
    said = []
    for table, ax in zip(tables.values(), scaling.figure.axes):
        kappa = np.linalg.cond(table) ** 2
        limit = len(y) / np.linalg.norm(table, 2) ** 2  # 2/L, and L = 2/n · σ²
        assert ax.get_title(loc="left").endswith(f"κ = {kappa:.3g}, 2/L = {limit:.3g}")
        best = np.linalg.lstsq(table, y, rcond=None)[0]
        (star,) = (line for line in ax.lines if line.get_marker() == "*")
        np.testing.assert_allclose(np.ravel(star.get_data()), best, rtol=1e-9)
        (text,) = ax.texts
        said.append(text.get_text())
        prediction = diabetes().y.mean() + (table @ best)[0]
        loss = np.mean((table @ best - y) ** 2)
        assert said[-1] == f"best fit: loss {loss:.4g}\npredicts {prediction:.4g} for the first row"
    assert said[0] == said[1]


def test_goal_of_scaling(scaling):
    assert not scaling.reached()
    assert scaling.reached(share=0.6)
    assert not scaling.reached(share=1.0)


def test_data_of_your_own():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((50, 2)) * (10, 1) + 5
    y = X @ (1.0, 2.0)
    for data in (Data(X, y, ("area", "rooms")), (X, y)):
        figure = before_and_after_scaling(data, steps=40)
        assert figure.look(share=0.5, step=40)["verb_after"] == "is home"
    with pytest.raises(ValueError, match="two axes"):
        before_and_after_scaling(diabetes())
