"""The race against single runs: one optimizer, one start, one seed at a time."""

import numpy as np
import pytest

from gdtutor import adam, descend, gd, momentum, nesterov, optimizer, polyak, rmsprop
from gdtutor.landscapes import beale, landscape, noisy, parabola, rosenbrock
from gdtutor.live.explorers.parts import apart, lowest
from gdtutor.live.explorers.race import Contest, Course, by_name, race

FIELD = {"gd": gd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adam": adam}
LRS = np.array([float(f"{lr:.3g}") for lr in np.geomspace(1e-5, 100, 43)])
SIGMA, SEEDS, STEPS = 12, 10, 150  # 12 is a twentieth of the first gradient, 233, in two digits
OWN, COMMON, BEST = "their own", "one for all", "each at its best"
LR, MEDIAN, STEPS_TO = range(3)


@pytest.fixture(scope="module")
def figure():
    return race()


@pytest.fixture(scope="module")
def pair():
    return race(opts=[gd, adam])


def runs(opt, f=rosenbrock, start=None, noise=False, steps=STEPS):
    """Return the paths of single runs, one for each seed, or one without noise."""
    start = f.start if start is None else start
    grounds = [noisy(f, SIGMA, seed=s) for s in range(SEEDS)] if noise else [f]
    return [descend(ground, start, opt, steps) for ground in grounds]


def losses_of(paths):
    """Return the losses of single runs, (rows, seeds); rosenbrock's lowest is 0."""
    losses = np.array([path.f for path in paths]).T
    return np.where(np.isfinite(losses), losses, np.inf)


def best_lr(opt, noise=False):
    """Return the lr with the lowest median loss at the end, by trying one after the other."""
    ends = [np.median(losses_of(runs(opt(lr=lr), noise=noise))[-1]) for lr in LRS]
    return LRS[np.argmin(ends)]


def check(seen, i, name, paths):
    """Compare what is drawn and tabulated for an optimizer with its single runs."""
    losses = losses_of(paths)
    middle = np.median(losses, axis=1)
    ordered = np.sort(losses, axis=1)
    low, high = (ordered[:, 0],) * 2 if len(paths) == 1 else (ordered[:, 1], ordered[:, -2])
    with np.errstate(over="ignore"):
        close = {"rtol": 2e-5, "atol": 1e-7, "equal_nan": True}
        x = paths[0].x.astype(np.float32)
        np.testing.assert_allclose(seen[f"path of {name}"], x, **close)
        drawn = seen[f"loss of {name}"]
        np.testing.assert_allclose(drawn[:, 1], middle.astype(np.float32), rtol=1e-4)
    assert drawn[:, 0].tolist() == list(range(len(middle)))
    band = seen[f"band of {name}"]
    np.testing.assert_allclose(band[:, 1], np.minimum(low, 1e30), rtol=1e-4)
    np.testing.assert_allclose(band[:, 2], np.minimum(high, 1e30), rtol=1e-4)
    row = seen["cells"][i]
    there = losses <= 0.01 * losses[0]
    first = np.where(there.any(axis=0), there.argmax(axis=0), np.inf)
    with np.errstate(over="ignore"):
        wanted = np.float32([middle[-1], np.median(first)])
    np.testing.assert_allclose(row[[MEDIAN, STEPS_TO]], wanted, rtol=1e-4)


# ------------------------------------------------------------------ what is drawn is what runs


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("name", FIELD)
def test_at_their_defaults(figure, name, noise):
    seen = figure.look(lr=OWN, noise=noise)
    i = list(FIELD).index(name)
    check(seen, i, name, runs(FIELD[name], noise=noise))
    assert seen["cells"][i, LR] == pytest.approx(FIELD[name].knobs["lr"])


@pytest.mark.parametrize("common", [1e-4, 1e-3, 0.01, 1])
@pytest.mark.parametrize("name", FIELD)
def test_at_one_lr_for_all(figure, name, common):
    seen = figure.look(lr=COMMON, common=common)
    i = list(FIELD).index(name)
    assert seen["cells"][i, LR] == pytest.approx(common)
    check(seen, i, name, runs(FIELD[name](lr=common)))


def test_the_common_lr_under_noise(figure):
    seen = figure.look(lr=COMMON, common=0.00464, noise=True)
    check(seen, 0, "gd", runs(gd(lr=0.00464), noise=True))
    check(seen, 1, "momentum", runs(momentum(lr=0.00464), noise=True))  # some seeds are lost


@pytest.mark.parametrize("name", FIELD)
def test_each_at_its_best(figure, name):
    seen, i = figure.look(lr=BEST), list(FIELD).index(name)
    best = best_lr(FIELD[name])
    assert seen["cells"][i, LR] == pytest.approx(best)
    check(seen, i, name, runs(FIELD[name](lr=best)))


def test_the_best_under_noise_is_another_one(figure):
    seen = figure.look(lr=BEST, noise=True)
    best = best_lr(momentum, noise=True)
    assert seen["cells"][1, LR] == pytest.approx(best)
    assert best < best_lr(momentum) / 3
    check(seen, 1, "momentum", runs(momentum(lr=best), noise=True))


def test_the_best_is_by_the_median_and_not_by_the_mean():
    contest = Contest({"momentum": momentum}, 50, None, SEEDS)
    found = contest.run(Course(rosenbrock), rosenbrock.start[None], BEST, sigma=5).lr[0, 0]
    grounds = [noisy(rosenbrock, 5, seed=s) for s in range(SEEDS)]
    ends = {
        lr: [descend(g, g.start, momentum(lr=lr), 50, every=50).f[-1] for g in grounds]
        for lr in LRS[(LRS > 1e-3) & (LRS < 2.5e-3)]
    }
    assert found == min(ends, key=lambda lr: np.median(ends[lr]))
    assert found != min(ends, key=lambda lr: np.mean(ends[lr]))


@pytest.mark.parametrize("lr", [COMMON, BEST])
@pytest.mark.parametrize("start", [(1.73, -0.61), (-2.0, 3.0), (-1.6, -0.6)])
def test_a_start_dragged_anywhere(figure, start, lr):
    seen = figure.look(start=start, lr=lr)
    assert seen["first"].tolist() == [pytest.approx(start)]
    for i, (name, opt) in enumerate(FIELD.items()):
        used = float(seen["cells"][i, LR])
        used = 2.15e-3 if lr == COMMON else LRS[np.argmin(np.abs(LRS - used))]
        check(seen, i, name, runs(opt(lr=used), start=start))


def test_the_search_is_made_anew_at_every_start(figure):
    here, there = (figure.look(lr=BEST, start=s)["cells"][:, LR] for s in [(-1.2, 1), (-2, 3)])
    assert (here != there).any()


@pytest.mark.parametrize("step", [0, 1, 80])
def test_the_scrubber_shows_the_first_part(figure, step):
    seen = figure.look(lr=OWN, step=step)
    path = descend(rosenbrock, rosenbrock.start, adam, step or 1)
    assert len(seen["path of adam"]) == step + 1
    np.testing.assert_allclose(seen["on the map: adam"][0], path.x[step], rtol=1e-5)
    np.testing.assert_allclose(seen["loss now: adam"][0], [step, path.f[step]], rtol=1e-5)
    assert len(seen["band of adam"]) == step + 1


def test_the_same_frame_whatever_else_is_computed_with_it(figure):
    alone = figure.sweeps[0].block((), figure.at({"lr": BEST, "noise": True}))
    for name, data in alone.arrays.items():
        if name not in alone.texts:
            row = figure.book.find(0, figure.at({"lr": BEST, "noise": True}))
            np.testing.assert_array_equal(data[0], row[0].arrays[name][row[1]])


def test_all_meet_the_same_noise(figure, pair):
    for lr in (OWN, BEST):
        one, two = (f.look(lr=lr, noise=True)["path of adam"] for f in (figure, pair))
        np.testing.assert_array_equal(one, two)


# ------------------------------------------------------------------ who wins


def test_tuning_changes_the_ranking(figure):
    ends = {lr: figure.look(lr=lr)["cells"][:, MEDIAN] for lr in (OWN, BEST)}
    orders = {lr: [list(FIELD)[i] for i in np.argsort(end)] for lr, end in ends.items()}
    assert orders == {
        OWN: ["momentum", "nesterov", "gd", "rmsprop", "adam"],
        BEST: ["momentum", "nesterov", "adam", "rmsprop", "gd"],
    }


def test_every_rule_but_one_can_win_by_the_choice_of_a_common_lr(figure):
    lrs = figure.controls["common"].values
    winners = {figure.says(common=lr).split(": ")[1].split()[0] for lr in lrs}
    assert winners == {"gd", "momentum", "rmsprop", "adam"}


def test_noise_changes_the_winner_and_not_in_all_seeds(figure):
    rates = figure.look(lr=BEST, noise=True)["cells"][:, LR]
    ends = {
        name: losses_of(runs(opt(lr=float(lr)), noise=True))[-1]
        for (name, opt), lr in zip(FIELD.items(), rates)
    }
    firsts = sum(min(ends, key=lambda n: ends[n][s]) == "rmsprop" for s in range(SEEDS))
    assert 5 < firsts < 10
    said = f"step 150: rmsprop leads by median, in {firsts} of 10 seeds, at 0.23; gd is last"
    assert figure.says(lr=BEST, noise=True) == said
    assert figure.says(lr=BEST).startswith("step 150: momentum leads at 0.0011")


def test_the_live_line(figure):
    assert figure.says(step=0) == "step 0: all are level at 24"
    said = figure.says(common=0.464)
    assert said == "step 150: adam leads at 0.081; gd, momentum and nesterov are lost"
    assert figure.says(common=0.00464).endswith("; momentum and nesterov are lost")
    lines = [figure.says(lr=COMMON, common=c, noise=n, step=s)
             for c in (1e-4, 0.0215, 1) for n in (False, True) for s in (1, 30, 150)]  # fmt: skip
    assert max(map(len, lines)) < 110
    assert not [line for line in lines if "nan" in line or "–" in line]


def test_nobody_leads_where_all_are_lost():
    contest = Contest({"gd": gd, "momentum": momentum}, STEPS, None, SEEDS)
    result = contest.run(Course(rosenbrock), rosenbrock.start[None], COMMON, np.ones(1))
    told = {name: rows[0, -1] for name, rows in result.told().items()}
    assert told["order"] + told["rest"] == "nobody leads; gd and momentum are lost"
    assert not result.wins(0)
    assert not result.wins(1)


def test_where_the_ground_is_flat_nobody_is_lost():
    figure = race(lambda x, y: 0 * x, [gd, adam])
    assert figure.says() == "step 150: all are level at 0"
    assert figure.goal is None


def test_one_alone_is_not_level():
    assert race(opts=gd).says() == "step 150: gd is at 3.6"
    faulty = race(opts=[gd, broken])
    assert faulty.says().startswith("step 150: gd is at 3.6; broken fails: NameError")
    assert faulty.goal is None


def test_lrs_of_their_own_are_heeded_at_once():
    figure = race(opts=[gd(lr=0.001), gd(lr=0.002)])
    assert figure.says() == "step 150: gd(lr=0.002) leads at 2.8; gd(lr=0.001) is last"
    assert figure.says(lr=COMMON).startswith("step 150: all are level at")
    assert not figure.reached(lr=COMMON)


def test_one_for_all_is_not_what_they_have_anyway(figure):
    """The choices differ when the race opens, and what is best for each is no worse than the others."""
    ends = {lr: figure.look(lr=lr)["cells"][:, MEDIAN] for lr in (OWN, COMMON, BEST)}
    assert (np.abs(np.log(ends[OWN] / ends[COMMON])) > 0.01).all()
    for lr in (OWN, COMMON):
        assert (ends[BEST] <= ends[lr]).all()


def test_the_goal_is_to_let_the_last_one_win(figure):
    assert figure.goal[0].startswith("adam is last")
    assert not figure.reached()
    assert not figure.reached(lr=BEST)
    assert figure.reached(common=0.464)


def test_it_is_said_that_a_toy_predicts_nothing(figure):
    assert "doesn't predict the training of networks" in figure.alt
    assert "networks may rank them otherwise" in figure.table["title"]


# ------------------------------------------------------------------ the picture


def test_axes_keep_their_limits_and_show_the_best(figure):
    right = figure.figure.axes[1]
    low, high = right.get_ylim()
    best = figure.look(lr=BEST)["cells"][:, MEDIAN]
    assert low < best.min() < 24.2 < high
    assert figure.look(common=1)["cells"][0, MEDIAN] == np.inf
    assert figure.frame(common=1).axes[1].get_ylim() == (low, high)


def test_names_stand_in_order_and_apart(figure):
    low, high = np.log10(figure.figure.axes[1].get_ylim())
    for values in ({}, {"lr": BEST, "noise": True}, {"common": 1}, {"step": 0}):
        seen = figure.look(**values)
        at = {n: seen[f"name of {n}"][1] for n in FIELD}
        loss = {n: min(max(seen[f"loss now: {n}"][0, 1], 10**low), 10**high) for n in FIELD}
        share = {n: (np.log10(at[n]) - low) / (high - low) for n in FIELD}
        order = sorted(FIELD, key=share.get)
        assert sorted(loss.values()) == [loss[n] for n in order]
        gaps = np.diff(sorted(share.values()))
        assert gaps.min() > 0.079
        assert min(share.values()) > -1e-6
        assert max(share.values()) < 1 + 1e-6
        for name in FIELD:
            np.testing.assert_array_equal(seen[f"key of {name}"][0], seen[f"name of {name}"])


def test_the_key_beside_a_name_is_the_mark_on_the_map(figure):
    for name in FIELD:
        marks = [figure.actors[n].artist for n in (f"on the map: {name}", f"key of {name}")]
        looks = {(mark.get_marker(), mark.get_markerfacecolor()) for mark in marks}
        assert len(looks) == 1
        assert figure.look()[f"key of {name}"][0, 0] < figure.figure.axes[1].get_xlim()[1]
        assert not figure.actors[f"name of {name}"].artist.get_clip_on()  # it is outside the axes


def test_the_table_is_narrow(figure):
    assert list(figure.table["columns"]) == ["lr", "loss", "to 1 %"]
    said = "Loss after 150 steps, steps to 1 % of the start; networks"
    assert figure.table["title"].startswith(said)
    assert len(figure.table["title"]) < 90


def test_apart_leaves_alone_what_is_apart_already():
    losses = np.array([0.1, np.nan, 10.0, 1.0])
    np.testing.assert_allclose(apart(losses, 0.01, 100), losses)


def test_all_settings_but_the_start_need_no_kernel(figure):
    assert ("lr", "noise", "common") in [block.axes for block in figure.book.blocks]
    assert figure.size < 4_000_000


# ------------------------------------------------------------------ learners' own


@optimizer
def signs(t, x, g, *, lr=0.05):
    return x - lr * np.sign(g)


def unit_steps(t, x, g, *, lr=0.02):
    return x - lr * g / np.linalg.norm(g, axis=-1, keepdims=True)


def broken(t, x, g, *, lr=0.1):
    return x - lr * gradient  # noqa: F821


def test_names():
    assert list(by_name([adam, gd(lr=0.1)], "")) == ["adam", "gd"]
    assert list(by_name([adam, adam(lr=0.1)], "")) == ["adam()", "adam(lr=0.1)"]
    assert by_name(unit_steps, "") == {"unit_steps": unit_steps}


def test_a_single_rule_has_no_goal():
    assert race(opts=unit_steps).goal is None


def test_rules_of_their_own():
    opts = {"signs": signs, "mine": optimizer(unit_steps), "Polyak": polyak, "Adam": adam(lr=0.2)}
    figure = race(opts=opts | {"mine": unit_steps})
    seen = figure.look(lr=OWN)
    for i, (name, opt) in enumerate(opts.items()):
        check(seen, i, name, runs(opt))
    assert figure.table["rows"] == list(opts)
    for lr in (OWN, COMMON, BEST):  # a rule without lr runs as it is
        seen = figure.look(lr=lr)
        assert np.isnan(seen["cells"][2, LR])
        check(seen, 2, "Polyak", runs(polyak))


@pytest.fixture(scope="module")
def faulty():
    return race(opts=[gd, broken, adam])


@pytest.mark.parametrize("lr", [OWN, COMMON, BEST])
def test_a_faulty_rule_hurts_no_other(faulty, pair, lr):
    seen, wanted = faulty.look(lr=lr), pair.look(lr=lr)
    np.testing.assert_array_equal(seen["cells"][[0, 2]], wanted["cells"])
    assert np.isnan(seen["cells"][1]).all()
    assert np.isnan(seen["path of broken"]).all()
    assert np.isnan(seen["name of broken"][1])
    said = pair.says(lr=lr) + "; broken fails: NameError: name 'gradient' is not defined"
    assert faulty.says(lr=lr).startswith(said)
    assert faulty.goal == pair.goal


def test_a_function_of_their_own():
    def valley(x, y):
        return (x - 1.2) ** 2 + 4 * (y + 0.3) ** 2 + 7

    figure = race(valley, [gd, momentum], start=(3, 2), sigma=0.5)
    assert figure.look()["loss of gd"][0, 1] == pytest.approx(1.8**2 + 4 * 2.3**2)
    path = descend(valley, (3, 2), gd(lr=0.1), STEPS)
    seen = figure.look(lr=COMMON, common=0.1)
    np.testing.assert_allclose(seen["path of gd"], path.x, rtol=1e-5, atol=1e-6)


def test_the_lowest_is_searched_where_it_is_not_known():
    valley = landscape(lambda x, y: (x - 1.234) ** 2 + 4 * (y + 0.321) ** 2 + 7)
    assert lowest(valley, valley.domain)[1] == pytest.approx(7, abs=1e-9)
    assert lowest(beale, beale.domain)[1] == beale.minimum[1]


def test_several_landscapes():
    figure = race({"R": rosenbrock, "B": beale}, [gd, adam])
    assert "start" not in figure.controls
    for name, f in {"R": rosenbrock, "B": beale}.items():
        seen, path = figure.look(landscape=name), descend(f, f.start, gd, STEPS)
        low, high = f.domain.T
        unit = (path.x - low) / (high - low)
        np.testing.assert_allclose(seen["path of gd"], unit, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(seen["loss of gd"][:, 1], path.f, rtol=1e-4)
        np.testing.assert_allclose(
            seen["minimum"][0], (f.minimum[0] - low) / (high - low), rtol=1e-6
        )
        # The deeper, the darker.
        x, y = (np.linspace(*ends, 81) for ends in f.domain)
        order = np.argsort(f(np.stack(np.meshgrid(x, y), axis=-1)), axis=None)
        assert (np.diff(seen["ground"].ravel()[order].astype(int)) >= 0).all()
        assert np.ptp(seen["ground"]) > 200


def test_long_races_are_thinned():
    figure = race(opts=[gd, adam], steps=1000)  # 2 × 1000 rows are too many: every third
    path = descend(rosenbrock, rosenbrock.start, gd, 1002, every=3)
    np.testing.assert_allclose(figure.look()["path of gd"], path.x, rtol=1e-5)
    assert figure.says().startswith("step 1002: gd leads")
    assert figure.says(step=10).startswith("step 30: ")


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ({"opts": "adam"}, TypeError, "goes over a function, and this is 'adam'"),
        ({"opts": [gd, 3]}, TypeError, "this is 3"),
        ({"opts": [lambda x: x]}, TypeError, "is no update rule"),
        ({"opts": []}, ValueError, "needs optimizers"),
        ({"f": noisy(rosenbrock, 1)}, TypeError, "its own noise"),
        ({"f": parabola}, ValueError, "1 dimension"),
        ({"steps": 0}, ValueError, "at least 1"),
        ({"start": (1, 2, 3)}, ValueError, "2 dimensions"),
    ],
)
def test_errors_say_what_to_do(bad, error, says):
    with pytest.raises(error, match=says):
        race(**bad)
