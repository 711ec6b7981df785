"""Basins, ways off a saddle, ways out of valleys: what is drawn is what the engine does."""

import math

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba

from gdtutor import (
    adam,
    annealing,
    descend,
    gd,
    langevin,
    momentum,
    nesterov,
    newton,
    optimizer,
    theory,
)
from gdtutor.landscapes import (
    himmelblau,
    monkey_saddle,
    rastrigin,
    rosenbrock,
    saddle,
    six_hump_camel,
)
from gdtutor.live import slider
from gdtutor.live.explorers.basins import basin_map, minima_of
from gdtutor.live.explorers.escapes import raced, restarting, saddle_escape, ways_out
from gdtutor.plots.style import THEMES, relit
from gdtutor.schedules import exponential

close = {"rtol": 1e-5, "atol": 1e-6}
BUDGET = 4_000_000


@pytest.fixture(scope="module")
def basins():
    return basin_map()


@pytest.fixture(scope="module")
def escape():
    return saddle_escape()


@pytest.fixture(scope="module")
def race():
    return ways_out()


def ends(values):
    """Return the first, the middle and the last of them."""
    return [values[0], values[len(values) // 2], values[-1]]


def single(x):
    """Return numbers in the precision in which figures keep them; what is too large is infinite."""
    with np.errstate(over="ignore"):
        return x.astype(np.float32)


# ------------------------------------------------------------------------------------------ basins


def middle_of(pixel, side, domain):
    row, column = pixel
    (left, right), (low, high) = domain
    return [left + (column + 0.5) / side * (right - left), low + (row + 0.5) / side * (high - low)]


def valley_of(pixels, count):
    """Read the number of the valley off a colour's number."""
    return np.where(pixels == 0, -1, np.floor((pixels - 0.5) / 255 * count)).astype(int)


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_pixel_has_the_colour_of_where_its_start_ends(basins, where):
    lr = ends(basins.controls["lr"].values)[where]
    seen = basins.look(lr=lr)
    valleys = valley_of(seen["basins"], 4)
    side = len(valleys)
    checked = 0
    for pixel in np.random.default_rng(where).integers(side, size=(40, 2)):
        path = descend(himmelblau, middle_of(pixel, side, himmelblau.domain), gd(lr=lr), 100)
        away = np.linalg.norm(path.x[-20:, None] - himmelblau.minima, axis=-1)
        resting = [k for k in range(4) if away[:, k].max() < 0.05]
        if resting:
            assert valleys[tuple(pixel)] == resting[0]
            checked += 1
        elif not away[-5:].min() < 1:
            assert valleys[tuple(pixel)] == -1
            checked += 1
    assert checked > 12
    shares = [np.mean(valleys == k) for k in (0, 1, 2, 3, -1)]
    np.testing.assert_allclose(seen["shares"], shares, **close)


@pytest.mark.parametrize("start", [(0, 0), (-1, -4), (5.5, 5.5), (-4.8, 0)])
@pytest.mark.parametrize("lr", [0.00498, 0.0127, 0.0299])
def test_the_path_is_that_of_a_single_descent(basins, start, lr):
    seen = basins.look(lr=lr, start=start)
    path = descend(himmelblau, start, gd(lr=seen["lr"]), 100)
    np.testing.assert_allclose(seen["walk"], single(path.x), **close)
    nearest = np.argmin(np.linalg.norm(himmelblau.minima - np.array(start), axis=-1))
    assert ("nearest" in seen["judged"]) == (seen["end"] == f"end in {'ABCD'[nearest]}")
    arrived = [
        f"end in {'ABCD'[k]}"
        for k in range(4)
        if np.linalg.norm(path.x[-20:] - himmelblau.minima[k], axis=-1).max() < 0.05
    ]
    assert seen["end"] == (arrived or ["reach none in 100 steps"])[0]
    k = "ABCD".find(seen["end"][-1])
    np.testing.assert_allclose(seen["share"], seen["shares"][k], **close)


def test_with_a_small_lr_each_valley_has_one_basin(basins):
    seen = basins.look(lr=0)
    assert seen["shares"][-1] < 0.001  # nobody runs out of steps
    valleys = valley_of(seen["basins"], 4)
    for k in range(4):
        spread = np.zeros(valleys.shape, dtype=bool)  # from the minimum, as far as the colour goes
        x, y = (basins.look()["minima"][k] + 6) / 12 * len(valleys)
        spread[int(y), int(x)] = True
        for _ in range(4 * len(valleys)):
            wider = np.pad(spread, 1)
            wider = wider[1:-1, 2:] | wider[1:-1, :-2] | wider[2:, 1:-1] | wider[:-2, 1:-1] | spread
            spread = wider & (valleys == k)
        assert spread.sum() == (valleys == k).sum()


def test_map_and_bars_have_one_colour_in_both_lights(basins):
    styles = basins.by_night()["styles"]
    by_day = {name: basins.actors[name].style(basins.actors[name].artist) for name in styles}
    for look in (by_day, styles):
        for k in range(4):
            shade = look["basins"]["palette"][1 + int(255 * (k + 0.5) / 4)]
            bar = 255 * np.array(to_rgba(look["shares"]["fills"][k]))
            np.testing.assert_allclose(bar, shade, atol=1)
    night = relit(basins.frame(), "dark")
    night.draw_without_rendering()  # contours get their colours when drawn
    (lines,) = night.axes[0].collections
    assert to_hex(lines.get_edgecolor()[0]) == THEMES["dark"].ink


def test_a_valley_that_is_too_steep_for_lr_is_empty(basins):
    steepest = np.linalg.eigvalsh(himmelblau.hess(himmelblau.minima)).max(axis=-1)
    lrs = np.array(basins.controls["lr"].values)
    shares = np.array([basins.look(lr=lr)["shares"] for lr in lrs])
    assert lrs[0] < theory.gd_limit(steepest) < lrs[-1]
    for k, curvature in enumerate(steepest):
        assert (shares[lrs < 0.9 * theory.gd_limit(curvature), k] > 0.2).all()
        assert (shares[lrs > 1.15 * theory.gd_limit(curvature), k] < 0.02).all()


def test_the_goal_is_another_valley_than_the_nearest(basins):
    assert not basins.reached()
    lr = basins.values["lr"]
    reached = [start for start in basins.controls["start"].values if basins.reached(start=start)]
    assert len(reached) >= 5  # without a kernel, too: these are points of the grid
    end = descend(himmelblau, reached[0], gd(lr=lr), 100).end
    distance = [np.linalg.norm(himmelblau.minima - np.array(x), axis=-1) for x in (reached[0], end)]
    assert distance[1].min() < 0.1
    assert np.argmin(distance[0]) != np.argmin(distance[1])
    assert "is nearer" in basins.says(start=reached[0])


def test_who_reaches_no_valley_is_told_in_how_many_steps():
    figure = basin_map(opt=momentum, steps=20)
    said = figure.says(lr=1, momentum=0.9, start=(-4.8, -4.8))
    assert "you reach none in 20 steps; 97% of all" in said
    assert len(said) < 110


def test_basins_of_any_function_and_rule():
    @optimizer
    def signs(t, x, g, *, lr=0.1):
        return x - lr * np.sign(g) / t**0.5

    def wells(x, y):
        return (x**2 - 1) ** 2 + (y - 0.2 * x) ** 2

    figure = basin_map(wells, signs, start=(-2, 1), domain=(-2, 2), steps=60)
    assert list(figure.controls) == ["lr", "start"]
    assert figure.controls["lr"].values[0] == pytest.approx(4 / 200)  # as for Adam, lr is a length
    path = descend(wells, (-2.0, 1.0), signs(lr=figure.values["lr"]), 60)
    np.testing.assert_allclose(figure.look()["walk"], path.x, **close)
    minima = np.sort(figure.look()["minima"], axis=0)
    np.testing.assert_allclose(minima, [(-1, -0.2), (1, 0.2)], rtol=1e-4)
    with pytest.raises(ValueError, match=r"no minimum in the domain"):
        basin_map(lambda x, y: x + y)


@pytest.mark.parametrize(
    ("f", "opt", "more"),
    [
        (six_hump_camel, momentum, {"lr": slider(0.01, 0.1, count=3)}),
        (rosenbrock, adam, {"lr": slider(0.01, 0.5, 0.1, count=4), "steps": 30}),
        (himmelblau, newton, {"steps": 5}),
    ],
)
def test_basins_with_other_rules(f, opt, more):
    figure = basin_map(f, opt, **more)
    assert figure.size < BUDGET
    seen = figure.look()
    knobs = {name: seen[name] for name in ("lr", "momentum") if name in seen}
    path = descend(f, seen["start"], opt(**knobs), more.get("steps", 100))
    np.testing.assert_allclose(seen["walk"], single(path.x), **close)
    assert seen["shares"].sum() == pytest.approx(1)


def test_the_ten_lowest_minima_get_a_letter():
    seen = basin_map(rastrigin, lr=slider(1e-3, 2e-3, count=2), steps=10).look()
    heights = np.sort(rastrigin(rastrigin.minima))
    np.testing.assert_allclose(np.sort(rastrigin(seen["minima"])), heights[:10], atol=1e-4)


def test_minima_are_found_where_they_are_not_known():
    def plain(x, y):
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def by_points(x, y):
        return math.sin(x) + (y - 1) ** 2

    from gdtutor.landscapes import landscape

    domain = np.array([(-6, 6), (-6, 6)])
    found = minima_of(landscape(plain), domain)
    assert len(found) == 4
    for x in himmelblau.minima:
        assert np.linalg.norm(found - x, axis=-1).min() < 1e-6
    found = minima_of(landscape(by_points), np.array([(-4, 6), (-4, 4)]))
    np.testing.assert_allclose(np.sort(found[:, 0]), [-np.pi / 2, 1.5 * np.pi], rtol=1e-4)
    assert len(minima_of(landscape(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2), domain)) == 1


# ------------------------------------------------------------------------------------------ saddle


RULES = {
    "gradient descent": gd,
    "momentum 0.9": momentum(momentum=0.9),
    "Nesterov 0.9": nesterov(momentum=0.9),
    "Adam": adam,
}


@pytest.mark.parametrize("name", list(RULES))
@pytest.mark.parametrize("lr", [0.02, 0.1, 0.3])
def test_the_steps_until_the_walker_is_away(escape, name, lr):
    for nudge in ends(escape.controls["nudge"].values):
        seen = escape.look(nudge=nudge, lr=lr, rule=name, step=160)
        path = descend(saddle, (-1.5, nudge), RULES[name](lr=lr), 160)
        np.testing.assert_allclose(seen["walk"], single(path.x), **close)
        np.testing.assert_allclose(
            seen["ways"][:, 1], single(np.maximum(np.abs(path.x[:, 1]), 1e-13)), rtol=1e-5
        )
        away = np.flatnonzero(np.abs(path.x[:, 1]) > 1)
        if len(away):
            assert seen["count"] == away[0]
            assert seen["judged"] == f"|y| > 1 at step {away[0]}"
            np.testing.assert_allclose(
                seen["escape"], [[away[0], abs(path.x[away[0], 1])]], rtol=1e-5
            )
        else:
            assert np.isnan(seen["count"])
            assert seen["judged"].endswith("for ever" if nudge == 0 else "after 160 steps")


def test_gradient_descent_leaves_as_theory_says(escape):
    for nudge in escape.controls["nudge"].values[1:]:
        for lr in ends(escape.controls["lr"].values):
            seen = escape.look(nudge=nudge, lr=lr)
            steps = theory.escape_steps(lr, -2.0, nudge)
            assert seen["count"] == steps if steps <= 160 else np.isnan(seen["count"])
            steps, ways = seen["expected"].T
            np.testing.assert_allclose(
                np.log(ways), np.log(nudge) + steps * np.log(1 + 2 * lr), rtol=1e-5
            )
            assert steps[1] == 160 or ways[1] > escape.figure.axes[1].get_ylim()[1]
    assert escape.look(nudge=1e-6, lr=0.1)["count"] == 76
    assert escape.says(nudge=1e-12, lr=0.1).endswith(
        "|y| > 1 at step 152; ten times nearer costs 12.6 steps more"
    )


@pytest.mark.parametrize("name", ["momentum 0.9", "Nesterov 0.9"])
def test_momentum_grows_as_theory_says(escape, name):
    seen = escape.look(nudge=1e-12, lr=0.1, rule=name, step=160)
    slope = np.diff(np.log10(seen["ways"][60:70, 1].astype(float)))
    expected = np.divide(
        *np.diff([seen["expected"][:, 0], np.log10(seen["expected"][:, 1])])[::-1]
    )[0]
    np.testing.assert_allclose(slope, expected, rtol=1e-4)
    assert seen["price"] == f"; ten times nearer costs {1 / expected:.1f} steps more"


def test_the_line_of_theory_is_drawn_and_named_with_every_rule_that_has_one(escape):
    for nudge in escape.controls["nudge"].values:
        for lr in ends(escape.controls["lr"].values):
            for name in RULES:
                seen = escape.look(nudge=nudge, lr=lr, rule=name)
                drawn = np.isfinite(seen["expected"]).all()
                assert drawn == (name != "Adam" and nudge > 0)
                assert np.isfinite(seen["key"]).all() == drawn


def test_it_opens_where_the_walker_gets_away_and_names_the_rule(escape):
    assert escape.values["step"] == escape.look()["count"] == 76
    assert escape.says().startswith("gradient descent, nudge 1e−6, ")
    assert np.abs(escape.look()["here"]).max() < 2  # on the map
    longest = [escape.says(nudge=k, lr=0.02) for k in escape.controls["nudge"].values]
    assert max(map(len, longest)) < 110


def test_a_rule_that_breaks_does_not_escape():
    @optimizer
    def broken(t, x, g, *, lr=0.1):
        return x * np.nan

    figure = saddle_escape(saddle, broken)
    assert not figure.reached()
    assert figure.says().endswith(": gone astray on the way there")
    assert figure.values["step"] == 160


def test_adam_hardly_cares_for_the_nudge(escape):
    counts = [escape.look(nudge=k, rule="Adam")["count"] for k in (1e-12, 1e-3)]
    assert max(counts) - min(counts) <= 4
    assert escape.look(rule="Adam")["price"] == ""
    assert np.isnan(escape.look(rule="Adam")["expected"][1, 1])


def test_the_goal_of_the_saddle(escape):
    assert not escape.reached()
    assert not escape.reached(nudge=0.1)  # near the ridge it must begin
    assert escape.reached(nudge=1e-6, lr=0.3)
    assert not escape.reached(nudge=1e-6, lr=0.28)
    assert not escape.reached(nudge=0, lr=0.3)


def test_other_saddles_and_rules():
    @optimizer
    def own(t, x, g, *, lr=0.1):
        return x - 2 * lr * g

    figure = saddle_escape(lambda x, y: x * y, own, steps=60)
    seen = figure.look(nudge=1e-3, step=60)
    s = np.sqrt(0.5)
    away = descend(
        lambda x, y: x * y,
        np.array([-1.5 * s - 1e-3 * s, -1.5 * s + 1e-3 * s]),
        own(lr=seen["lr"]),
        60,
    )
    assert figure.controls["rule"].value == "own, given"
    walks = [np.sort(np.abs(x), axis=-1) for x in (seen["walk"], away.x)]  # x and y are alike
    np.testing.assert_allclose(*walks, rtol=1e-4)
    assert seen["judged"].startswith("distance > 1 at step ")
    assert "astray" in saddle_escape(six_hump_camel).says()
    with pytest.raises(ValueError, match=r"monkey_saddle has no saddle at \[0.0, 0.0\]"):
        saddle_escape(monkey_saddle)
    with pytest.raises(ValueError, match=r"at=\(x, y\)"):
        saddle_escape(saddle, at=(1, 1))


# ---------------------------------------------------------------------------------------- ways out


class Counting:
    """A landscape that counts at how many different points it was asked, a start being free."""

    dim = 2

    def __init__(self, f):
        self.f, self.values, self.gradients = f, set(), set()

    def __call__(self, x):
        self.values |= set(map(tuple, np.reshape(x, (-1, 2)).tolist()))
        return self.f(x)

    def grad(self, x):
        self.gradients |= set(map(tuple, np.reshape(x, (-1, 2)).tolist()))
        return self.f.grad(x)


@pytest.mark.parametrize(
    ("opt", "cost"),
    [
        (gd(lr=1e-4), 2),
        (momentum(lr=1e-4), 2),
        (langevin(lr=1e-4), 2),
        (restarting(lr=1e-4, every=7, low=-5, high=5), 2),
        (annealing(lr=0.0, scale=0.5), 1),
    ],
)
def test_the_evaluations_of_all_methods_are_equal(opt, cost):
    f = Counting(rastrigin)
    run = raced(f, opt, cost, np.array([[[1.3, -2.6]]]), 50)
    assert [len(rows) for rows in run] == [51, 51, 51]
    gradients = len(f.gradients) if cost == 2 else 0  # lr is 0: annealing doesn't look at them
    assert len(f.values) - 1 + gradients == 100


def test_a_restart_is_descent_in_between():
    x = descend(rastrigin, (1.3, -2.6), restarting(lr=1e-3, every=5, low=2.0, high=3.0), 20).x
    for t in (5, 10, 15, 20):
        assert ((x[t] >= 2) & (x[t] <= 3)).all()
        if t < 20:
            path = descend(rastrigin, x[t], gd(lr=1e-3), 4)
            np.testing.assert_allclose(x[t : t + 5], path.x, rtol=1e-12)


def test_the_race_is_what_the_engine_does(race):
    starts = np.random.default_rng(0).uniform(-5.12, 5.12, size=(30, 2))
    bold = np.array(race.controls["boldness"].values)[:, None, None]
    everywhere = np.broadcast_to(starts, (len(bold), 30, 2))
    lr = 1 / np.linalg.eigvalsh(rastrigin.hess(rastrigin.minima)).max()
    x, y = np.meshgrid(np.linspace(-5.12, 5.12, 41), np.linspace(-5.12, 5.12, 41))
    relief = rastrigin(x, y).std()
    cooling = exponential(0.3 * relief, 0.01 ** (1 / 400))
    hops = {"every": np.round(100 ** (1 - bold)), "low": -5.12, "high": 5.12}
    methods = {
        "gradient descent": (gd(lr=lr), 200),
        "restarting": (restarting(lr=lr, **hops), 200),
        "noise": (langevin(lr=lr, temperature=3 * relief * bold**2), 200),
        "momentum": (momentum(lr=lr, momentum=1 - 0.005**bold), 200),
        "annealing": (annealing(lr=0.0, scale=0.15 * 10.24 * bold, temperature=cooling), 400),
    }
    for i, (name, (opt, steps)) in enumerate(methods.items()):
        path = descend(rastrigin, everywhere, opt, steps)
        for b in (0, 9, 19):
            for step in (0, 77, 200):
                seen = race.look(boldness=bold[b, 0, 0], method=name, step=step)
                rows = step * steps // 200 + 1
                losses = path.f[:rows, b]
                best = losses.min(axis=0)
                np.testing.assert_allclose(
                    seen[f"{name} line"][-1], [2 * step, np.median(best)], **close
                )
                place = path.x[np.argmin(losses[:, 0]), b, 0]
                np.testing.assert_allclose(seen[f"{name} place"], [place], **close)
                np.testing.assert_allclose(
                    seen["walk"], path.x[:rows, b, 0][:: steps // 200], **close
                )
                band = np.quantile(best, [0.25, 0.75])
                assert len(seen["band"]) == step + 1
                np.testing.assert_allclose(seen["band"][step], [2 * step, *band], **close)
            places = path.x[np.argmin(path.f[:, b], axis=0), b, np.arange(30)]
            share = (np.abs(places) < 0.5025).all(axis=-1).mean()
            np.testing.assert_allclose(seen["cells"][i], [np.median(best), share], **close)


def test_who_leads_and_the_goal(race):
    for b in race.controls["boldness"].values:
        seen = race.look(boldness=b)
        cells = dict(zip(race.table["rows"], seen["cells"]))
        assert seen["leader"] == min(cells, key=lambda name: cells[name][0]) + " leads"
        assert "after 0 evaluations all are level, " in race.says(boldness=b, step=0)
        assert seen["lead"] == min(loss for loss, _ in cells.values())
        assert race.reached(boldness=b) == (max(share for _, share in cells.values()) >= 0.5)
    assert not race.reached()
    assert race.reached(boldness=0.5)
    assert not race.reached(boldness=0.05)
    assert not any(race.reached(**values) for values in race.presets.values())
    lead = [race.look(**race.presets[name])["lead"] for name in ("timid", "bold", "wild")]
    assert lead[0] > 2 * lead[2]
    assert lead[2] > 1.3 * lead[1]  # the wild lose again
    assert "gradient descent is stuck at 16" in race.says(boldness=0.5)
    assert "gradient descent is still at" in race.says(boldness=0.5, step=3)


def test_other_landscapes_to_get_out_of():
    figure = ways_out(
        lambda x, y: np.sin(3 * x) * np.sin(3 * y) + 0.1 * (x**2 + y**2), steps=20, seeds=4
    )
    assert figure.size < BUDGET
    assert figure.look(step=20)["evaluations"] == 40
    assert np.isfinite(figure.look()["cells"]).all()
    assert (
        ways_out(himmelblau, steps=100, seeds=4).look()["cells"][0, 1] == 1
    )  # all four are lowest


def test_all_figures_fit(basins, escape, race):
    for figure in (basins, escape, race):
        assert figure.size < 3_000_000
        assert len(figure.says()) < 110
    # No choice of the sliders is left to a kernel, but for the point.
    for figure in (escape, race):
        assert all(
            set(block.axes) == set(figure.sweeps[block.sweep].names) for block in figure.book.blocks
        )
