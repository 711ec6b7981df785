"""The live figures about batches, against runs and draws of their own."""

import functools

import numpy as np
import pytest

from gdtutor import descend, gd, theory
from gdtutor.data import diabetes, five_points, standardise, two_moons
from gdtutor.landscapes import rosenbrock
from gdtutor.live import slider
from gdtutor.live.explorers import batches
from gdtutor.models import linear, logistic, minibatch

RTOL = 1e-5
paths, cloud, floor = (
    functools.cache(getattr(batches, name))
    for name in ("batch_paths", "gradient_cloud", "noise_floor")
)


def line_of(n):
    """Return the loss of a line through the first n patients' body mass index and progression."""
    X, y = diabetes().rows(slice(n))
    return linear(standardise(X[:, 2:3]), y)


def lowest_of(f):
    """Return the best parameters of a linear fit."""
    return np.linalg.lstsq(f.A, f.y, rcond=None)[0]


# ---------------------------------------------------------------------------- batch_paths


def affordable(f, size, seed, cost, budget):
    """Return how many updates a budget pays for, counting the examples of every batch."""
    g, spent, updates = minibatch(f, size, seed), 0.0, 0
    while spent + cost(g.at(updates + 1).n) <= budget:
        updates += 1
        spent += cost(g.at(updates).n)
    return updates


COSTS = {
    "updates": lambda examples: 1,
    "examples seen": lambda examples: examples,
    "microseconds": lambda examples: 10 + 0.5 * examples,
}


@pytest.mark.parametrize("against", COSTS)
@pytest.mark.parametrize(
    ("lr", "batch", "seed", "step"), [(0.004, 2, 0, 40), (0.05, 16, 1, 25), (1.0, 64, 2, 33)]
)
def test_every_run_is_where_its_budget_ends(against, lr, batch, seed, step):
    f = line_of(100)
    lowest = f(lowest_of(f))
    setting = {"lr": lr, "batch": batch, "seed": str(seed), "against": against, "step": step}
    seen = paths().look(**setting)
    above = {}
    for name, size in (("one", 1), ("mini", batch), ("all", 100)):
        updates = affordable(f, size, seed, COSTS[against], seen["spent"])
        end = descend(minibatch(f, size, seed), f.start, gd(lr=seen["lr"]), max(updates, 1)).x[
            updates
        ]
        above[{"one": "B 1", "mini": f"B {batch}", "all": "all"}[name]] = f(end) - lowest
        if np.abs(end).max() < 1e6:  # what went far lost its digits
            assert seen[f"{name} path"][-1] == pytest.approx(end, rel=RTOL, abs=1e-3)
            assert seen[f"{name} losses"][-1, 1] == pytest.approx(
                f(end) - lowest, rel=1e-4, abs=1e-4
            )
        assert seen[f"{name} losses"][-1, 0] == seen["spent"]
    first, second, _ = sorted(above, key=above.get)
    leads = "lead" if first == "all" else "leads"
    tied = above[first] == pytest.approx(above[second])
    assert tied or (seen["order"], seen["than"]) == (f"{first} {leads} {second}", " times lower")
    if above[first] > 1e-3:
        assert seen["gap"] == pytest.approx(above[second] / above[first], rel=1e-3)


def test_paths_begin_at_the_start_and_keep_all_earlier_steps():
    seen = paths().look(against="examples seen", step=30)
    assert len(seen["one path"]) == 31
    assert seen["mini path"][0].tolist() == seen["all path"][0].tolist() == [0, 0]


def test_what_is_counted_says_who_is_ahead():
    figure = paths()
    assert figure.look(against="updates", lr=0.1)["order"].startswith("all lead ")
    assert figure.look(against="examples seen", lr=0.01)["order"].startswith("B 1 leads")
    assert figure.says(lr=0.1, against="examples seen").startswith("lr 0.1, examples seen 1000: ")
    assert figure.look(against="microseconds")["unit"] == "µs: 10 for an update, 0.5 for an example"


def test_a_tie_is_called_one():
    heights = np.array([[[2.0]], [[1.0]], [[1.0]]])
    tied = batches.standing(np.array([8]), heights)
    assert tied["order"].tolist() == [["B 8 is level with all"]]
    assert tied["gap"].tolist() == [[1.0]]
    assert tied["than"].tolist() == [[" to 1"]]
    with np.errstate(invalid="ignore"):
        lost = batches.standing(np.array([8]), heights * np.inf)
    assert lost["order"].tolist() == [["all three are lost"]]
    assert lost["gap"].tolist() == [[np.inf]]
    assert lost["than"].tolist() == [[""]]


def test_the_line_reads_as_a_sentence():
    figure = paths()
    assert figure.says(lr=0.2).endswith("all lead B 16, loss above the lowest 98.8 times lower")
    assert figure.says(against="updates", step=0).startswith("lr 0.05, updates 1: ")
    settings = [(lr, against, k) for lr in figure.controls["lr"].values for against in COSTS
                for k in (0, 20, 48)]  # fmt: skip
    assert all(len(figure.says(lr=lr, against=a, step=k)) < 110 for lr, a, k in settings)


def test_all_at_once_overtake_a_batch_of_one_at_a_larger_lr():
    figure = paths()
    reached = [figure.reached(lr=lr) for lr in figure.controls["lr"].values]
    assert not figure.reached()
    assert not any(reached[:10])
    assert any(reached[10:])
    assert not reached[-1]  # B 1 is lost there, and all at once are where they were
    assert not figure.reached(lr=0.3, against="updates")
    assert not figure.reached(lr=0.3, step=39)


def test_the_limit_of_the_slider_is_the_limit_of_the_full_batch():
    assert paths().controls["lr"].values[-1] == pytest.approx(1.0)  # 2 / λ, both curvatures are 2


def test_batch_paths_takes_a_model_an_lr_and_a_cost():
    model = linear(*five_points())
    own = batches.batch_paths(model, lr=slider(0.001, 0.05, count=4), epochs=40, cost=(3, 2))
    assert own.controls["batch"].values == [2, 4]
    seen = own.look(lr=0.05, batch=4, against="microseconds")
    updates = affordable(model, 4, 0, lambda examples: 3 + 2 * examples, 200)
    end = descend(minibatch(model, 4), model.start, gd(lr=seen["lr"]), updates).end
    assert seen["mini path"][-1] == pytest.approx(end, rel=RTOL)
    assert "nan" not in batches.batch_paths(logistic(*two_moons_line()), epochs=1).says()


def two_moons_line():
    """Return one feature and two classes."""
    X, y = two_moons(n=40, noise=0.4)
    return standardise(X[:, 1:]), y


@pytest.mark.parametrize("name", ["batch_paths", "gradient_cloud"])
def test_a_landscape_has_no_examples(name):
    with pytest.raises(TypeError, match="made of examples"):
        getattr(batches, name)(rosenbrock)
    with pytest.raises(ValueError, match="shows 2"):
        getattr(batches, name)(linear(diabetes().X, diabetes().y))


# ------------------------------------------------------------------------- gradient_cloud


def place_at(f, way):
    """Return the place so far on the way from the start to the best parameters."""
    return f.start + way * (lowest_of(f) - f.start)


@pytest.mark.parametrize("batch", [1, 16, 442])
@pytest.mark.parametrize("way", [0.0, 0.5, 1.0])
def test_every_estimate_is_the_gradient_of_a_batch(batch, way):
    f = line_of(442)
    w = place_at(f, way)
    seen = cloud().look(batch=batch, way=way)
    ranks = np.random.default_rng(0).permuted(np.tile(np.arange(442), (200, 1)), axis=1)
    draws = np.array([f.rows(np.flatnonzero(row < batch)).grad(w) for row in ranks])
    drawn = np.where(np.isnan(seen["downhill"]), seen["uphill"], seen["downhill"])
    assert drawn == pytest.approx(draws, rel=RTOL, abs=1e-3)
    assert seen["gradient"][0] == pytest.approx([0, 0, *f.grad(w)], rel=RTOL, abs=1e-3)
    if way < 1:
        assert (~np.isnan(seen["downhill"][:, 0])).tolist() == (draws @ f.grad(w) > 0).tolist()
        across = seen["border"][1] - seen["border"][0]
        assert across @ f.grad(w) == pytest.approx(0, abs=0.03 * float(np.linalg.norm(across)))
    else:
        assert np.isnan(seen["downhill"]).all()
        assert np.isnan(seen["border"]).all()
    off = np.sqrt(((draws - f.grad(w)) ** 2).sum(axis=1).mean())
    if batch < 442:
        assert seen["now"][0] == pytest.approx([batch, off], rel=RTOL)
    else:
        assert np.isnan(seen["now"][0, 1])


@pytest.mark.parametrize("way", [0.0, 0.5, 1.0])
def test_spread_and_ellipse_are_those_of_sampling_without_replacement(way):
    f, n = line_of(442), 442
    w = place_at(f, way)
    each = np.array([f.rows([i]).grad(w) for i in range(n)])
    sigma = np.sqrt(((each - each.mean(axis=0)) ** 2).sum(axis=1).mean())
    seen = cloud().look(batch=64, way=way)
    sizes, root = seen["root"].T
    assert root == pytest.approx(sigma / np.sqrt(sizes), rel=RTOL)
    sizes, finite = seen["finite"][:-1].T
    assert finite == pytest.approx(
        sigma / np.sqrt(sizes) * np.sqrt((n - sizes) / (n - 1)), rel=1e-3
    )
    assert seen["measured"][:, 0].tolist() == [1, 2, 4, 8, 16, 32, 64, 128, 256, 442]
    theoretical = sigma / np.sqrt(seen["measured"][:-1, 0])
    theoretical *= np.sqrt((n - seen["measured"][:-1, 0]) / (n - 1))
    assert seen["measured"][:-1, 1] == pytest.approx(theoretical, rel=0.25)
    assert seen["length"][:, 1] == pytest.approx(np.linalg.norm(f.grad(w)), rel=RTOL, abs=1e-6)
    # Points of the ellipse are at Mahalanobis distance 1 from the gradient.
    covariance = np.cov(each.T, bias=True) * (n - 64) / (n - 1) / 64
    away = seen["ellipse"] - f.grad(w)
    distance = np.einsum("ni,ij,nj->n", away, np.linalg.inv(covariance), away)
    assert distance == pytest.approx(1, rel=1e-3)


def test_the_cloud_in_words():
    figure = cloud()
    f = line_of(442)
    seen = figure.look(batch=4, way=0.75)
    size = np.linalg.norm(f.grad(place_at(f, 0.75)))
    off, off_16 = seen["measured"][2, 1], seen["measured"][4, 1]
    share = np.mean(~np.isnan(seen["downhill"][:, 0]))
    assert figure.says(batch=4, way=0.75) == (
        f"B 4, 75% of the way: off by {off / size:.0%} of the gradient "
        f"(4 × B: {off_16 / size:.0%}), {share:.0%} lead downhill"
    )
    assert off_16 / off == pytest.approx(0.5, rel=0.1)
    assert "4 × B" not in figure.says(batch=256, way=0.75)
    assert figure.says(batch=16, way=1).endswith("the gradient is 0: only noise is left")
    assert figure.says(batch=442, way=1).endswith("every estimate is the gradient itself")


def test_the_smallest_batch_that_knows_the_way():
    figure = cloud()
    sizes = figure.controls["batch"].values
    reached = [size for size in sizes if figure.reached(batch=size, way=0.75)]
    shares = {
        size: np.mean(~np.isnan(figure.look(batch=size, way=0.75)["downhill"][:, 0]))
        for size in sizes
    }
    assert reached == [min(size for size in sizes if shares[size] >= 0.95)]
    assert not figure.reached()
    assert not figure.reached(batch=reached[0], way=0.7)


def test_gradient_cloud_takes_a_model():
    own = batches.gradient_cloud(linear(*two_moons(n=20), intercept=False), draws=30)
    assert own.figure.axes[0].get_xlabel() == "gradient along w₁"
    assert own.controls["batch"].values == [1, 2, 4, 8, 16, 20]
    assert own.look(batch=20)["downhill"].shape == (30, 2)


# ---------------------------------------------------------------------------- noise_floor


def walked(lrs, walkers=400, start=3.0):
    """Return walkers that take these lr in turn, (steps + 1, walkers)."""
    x = [np.full(walkers, start)]
    for t, lr in enumerate(lrs, 1):
        xi = np.random.default_rng((0, t)).standard_normal(walkers)
        x.append(x[-1] - lr * (x[-1] - xi))
    return np.array(x)


@pytest.mark.parametrize("pace", ["constant", "falling as 1/t"])
@pytest.mark.parametrize("at", [0, 26, 40, 46, 47])
def test_the_walkers_walk_and_spread_as_they_should(pace, at):
    lr = floor().controls["lr"].values[at]
    t = np.arange(150)
    x = walked(lr / (1 + 0.1 * t) if pace != "constant" else lr + 0 * t)
    seen = floor().look(lr=lr, pace=pace)
    for i in range(4):
        assert seen[f"walker {i}"][:, 1] == pytest.approx(x[:, i], rel=RTOL, abs=1e-5)
    assert seen["variance"] == pytest.approx(x[-1].var(), rel=RTOL)
    assert seen["measured"][:, 1] == pytest.approx(x.var(axis=1), rel=RTOL, abs=1e-7)
    assert seen["band"][:, 0].tolist() == list(range(151))
    assert seen["band"][:, 1] == pytest.approx(x.mean(axis=1) - x.std(axis=1), rel=1e-4, abs=1e-4)
    assert seen["band"][:, 2] == pytest.approx(x.mean(axis=1) + x.std(axis=1), rel=1e-4, abs=1e-4)
    assert seen["variance"] == pytest.approx(seen["expected"], rel=0.25)


@pytest.mark.parametrize("lr", [0.01, 0.1, 1.0, 2.0, 2.24])
def test_theory_and_floor_are_the_closed_forms(lr):
    seen = floor().look(lr=lr)
    lr, t = seen["lr"], np.arange(151)
    expected = theory.noisy_variance(t, lr, 1.0)
    assert seen["theory"][:, 1] == pytest.approx(expected, rel=1e-4)
    assert seen["expected"] == pytest.approx(expected[-1], rel=1e-4)
    ends = lr / (2 - lr) if lr < 2 else np.inf
    assert seen["floor"][:, 1] == pytest.approx(ends, rel=RTOL)
    assert seen["floor high"][:, 1] == pytest.approx(np.sqrt(ends), rel=RTOL)
    assert seen["floor low"][:, 1] == pytest.approx(-np.sqrt(ends), rel=RTOL)
    assert np.isnan(floor().look(lr=lr, pace="falling as 1/t")["floor"][:, 1]).all()


def test_a_trail_ends_at_the_step():
    assert len(floor().look(step=20)["band"]) == len(floor().look(step=20)["walker 0"]) == 21


@pytest.mark.parametrize(
    ("setting", "verb"),
    [
        ({"lr": 0.01}, "on its way"),
        ({"lr": 0.05}, "quiet"),
        ({"lr": 0.02}, "on its way"),  # 3 · 0.98¹⁵⁰ = 0.14 are left
        ({"lr": 0.5}, "rattles for ever"),
        ({"lr": 1.8, "step": 1}, "on its way"),
        ({"lr": 2.0}, "runs away"),
        ({"lr": 2.24}, "runs away"),
        ({"lr": 2.24, "pace": "falling as 1/t"}, "calms down"),
        ({"lr": 0.3, "pace": "falling as 1/t"}, "quiet"),
    ],
)
def test_the_verbs_of_noise(setting, verb):
    assert floor().says(**setting).endswith(verb)


def test_what_rattles_wildly_has_arrived_all_the_same():
    said = {floor().says(lr=1.8, step=step).split(", ")[-1] for step in range(30, 151)}
    assert said == {"rattles for ever"}  # 3 · 0.8³⁰ = 0.004 are left; the walkers' mean is anywhere


def test_only_an_lr_that_arrives_and_is_quiet_reaches_the_goal():
    figure = floor()
    reached = [lr for lr in figure.controls["lr"].values if figure.reached(lr=lr)]
    # The variance wants lr < 2 · 0.05 / 1.05, and 3 · (1 − lr)¹⁵⁰ < 0.1 wants lr > 0.0224.
    assert min(reached) == pytest.approx(0.0224, rel=0.15)
    assert max(reached) == pytest.approx(0.0952, rel=0.15)
    assert not figure.reached()
    assert not figure.reached(lr=0.05, step=0)


def test_the_figures_are_small_and_answer_without_a_kernel():
    for figure in (paths(), cloud(), floor()):
        assert figure.size < 4_000_000
        assert len(figure.book.blocks) == len(figure.sweeps)
        whole = {axis for block in figure.book.blocks for axis in block.axes}
        assert whole == set(figure.controls) - {"step"}
