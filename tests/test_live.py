"""Live figures as data: controls, actors, frames, words, and what is said where one doesn't fit."""

import json
import math
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from gdtutor import descend, gd, live, plots
from gdtutor.landscapes import parabola
from gdtutor.live import (
    Stage,
    at_step,
    choice,
    isolines,
    pick,
    point,
    scrubber,
    slider,
    switch,
    text,
    trail,
    whole,
)
from gdtutor.live.frames import BUDGET, NAN, PROBLEM
from gdtutor.live.layout import tiles_of
from gdtutor.live.wording import names_in, number, say

LRS = slider(0.1, 1.1, 0.1, count=11)


def walk_down(lr):
    """Twenty steps from 3 for each lr."""
    path = descend(parabola, 3.0, gd(lr=lr[:, None]), 20)
    return {"walk": np.stack([path.x[..., 0].T, path.f.T], axis=-1), "loss": path.f.T}


def parts():
    """Return a figure and a line on it."""
    fig, ax = plots.figure()
    ax.set_xlim(-4, 4)
    ax.set_ylim(0, 16)
    (line,) = ax.plot([], [], "o-")
    return fig, ax, line


def walking(**changes):
    """Return a small figure, with changes."""
    fig, _, line = parts()
    arguments = {
        "fig": fig,
        "actors": {"walk": trail(line)},
        "controls": {"lr": LRS, "step": scrubber(20)},
        "sweeps": walk_down,
        "words": "lr {lr:.1f}: step {step}, loss {loss:.2g}",
        "alt": "A walk down a parabola.",
    }
    return Stage(**arguments | changes)


# ------------------------------------------------------------------------------------- controls


def test_a_slider_has_round_numbers():
    assert slider(0.01, 1.2, 0.5, count=120).value == 0.5
    assert slider(1e-4, 1, 0.02, count=61, log=True).values[:2] == [1e-4, 1.17e-4]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: slider(1, 1), "two values or more"),
        (lambda: slider(0, 1, count=1), "count=1"),
        (lambda: slider(2, 1), "low up to high"),
        (lambda: slider(0, 1, log=True), "starts above 0"),
        (lambda: slider(math.nan, 1), "two values or more"),
        (lambda: whole(3, 3), r"whole\(3, 3, by=1\) has one value"),
        (lambda: choice(["one"]), "one value"),
        (lambda: choice([]), "one value"),
        (lambda: choice(["a", "b"], "c"), r"no 'c'; there are \['a', 'b'\]"),
        (lambda: pick([1, 1]), "one value"),
        (lambda: scrubber(0), "one value"),
        (lambda: slider(0, 1, format="%.2f"), "a format is such as"),
        (lambda: pick([1, math.inf]), "finite numbers"),
        (lambda: point(plots.figure()[1], (1, 2, 3)), "pair of numbers"),
        (lambda: point(plots.figure()[1], 3), "pair of numbers"),
        (lambda: slider(0, 1, "much"), "takes a number: got 'much'"),
        (lambda: point(plots.figure()[1], (0, math.nan)).nearest((0, math.nan)), "pair of numbers"),
    ],
)
def test_a_control_says_what_is_wrong(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(("low", "high"), [(0, 1e-9), (1e6, 1e6 + 1), (-1e-3, 1e-3)])
def test_values_of_a_slider_are_different(low, high):
    assert len(set(slider(low, high).values)) == 61


def test_a_logarithmic_slider_has_no_value_twice():
    values = slider(0.1, 0.13, log=True).values
    assert len(set(values)) == len(values) < 61


def test_a_choice_can_be_moved_by_what_it_stands_for():
    three = choice([1, 10, 100], 10)
    assert (three.value, three.nearest(100), three.nearest("1")) == ("10", "100", "1")


def test_short_forms_of_controls():
    short = {
        "lr": (0.1, 1.1, 0.1),
        "n": (1, 3),
        "rule": ["a", "b"],
        "fast": True,
        "half": (0.0, 1.0),
    }
    figure = live.explore(lambda ax, lr, n, rule, fast, half: None, **short)
    kinds = {name: (c.kind, len(c.values)) for name, c in figure.controls.items()}
    assert kinds == {
        "lr": ("slider", 11),
        "n": ("slider", 3),
        "rule": ("choice", 2),
        "fast": ("switch", 2),
        "half": ("slider", 61),
    }


@pytest.mark.parametrize("given_", [3, "fast", (1, 1), (1, 2, 3, 4), None, [1]])
def test_what_is_no_control_is_told(given_):
    with pytest.raises((TypeError, ValueError), match="control 'lr'"):
        walking(controls={"lr": given_})


# ------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("value", "spec", "told"),
    [
        (0.5, ".2f", "0.50"),
        (-0.5, "+.1f", "−0.5"),
        (2.0, "+.1f", "+2.0"),
        (1e-7, ".2g", "1e−7"),
        (123456.0, ".3g", "1.23e5"),
        (0.1, ".0%", "10%"),
        (3.0, "", "3"),
        (3.25, "", "3.25"),
        (math.inf, ".2f", "∞"),
        (-math.inf, ".2f", "−∞"),
        (math.nan, ".2f", "–"),
        ("settles", "", "settles"),
        (True, "", "yes"),
        ([1.0, -2.0], "", "(1.00, −2.00)"),
    ],
)
def test_numbers_in_words(value, spec, told):
    assert number(value, spec) == told


@pytest.mark.parametrize("template", ["{a!r}", "{a.b}", "{0}", "{a:>10}", "{a:.2x}"])
def test_a_template_that_the_browser_could_not_read_is_refused(template):
    with pytest.raises(ValueError, match="in braces"):
        names_in(template)


def test_braces_can_be_written():
    assert say("{{x}} is {x:d}", {"x": 2}) == "{x} is 2"


# ------------------------------------------------------------------------------------- frames


def test_a_frame_shows_the_engines_numbers():
    figure = walking()
    for lr in (0.1, 0.6, 1.1):
        path = descend(parabola, 3.0, gd(lr=lr), 20)
        seen = figure.look(lr=lr, step=7)
        np.testing.assert_allclose(seen["walk"][:, 0], path.x[:8, 0], rtol=1e-6)
        assert seen["loss"] == pytest.approx(path.f[7], rel=1e-6)
    assert figure.says(lr=0.5, step=1) == "lr 0.5: step 1, loss 0"


def test_all_combinations_are_kept_where_they_fit():
    figure = walking()
    (block,) = figure.book.blocks
    assert (block.axes, block.fixed, block.arrays["walk"].shape) == (("lr",), {}, (11, 21, 2))
    assert figure.size < 4_000_000


def wide(**controls):
    """Return a figure whose frames don't all fit."""
    fig, _, line = parts()

    def sweep(a, b, c):
        points = np.stack([a, b, c, a + b + c], axis=1)
        return {"line": np.repeat(points[..., None], 200, axis=1).reshape(len(a), -1, 2)}

    controls = {name: slider(0, 1, 0.5, count=41) for name in "abc"} | controls
    return Stage(fig, {"line": line}, controls, sweep, "{a} {b} {c}", alt="Many numbers.")


def test_where_they_do_not_fit_there_is_a_block_along_each_control():
    figure = wide()
    assert [block.axes for block in figure.book.blocks] == [("a",), ("b",), ("c",)]
    assert len(figure.frames) < BUDGET
    off = figure.look(a=0.2, b=0.3, c=0.4)["line"]  # in no block: computed
    assert off[0].tolist() == pytest.approx([0.2, 0.2])


def test_the_kernel_answers_with_the_frames_along_a_control():
    figure = wide()
    (block,) = figure.blocks([0], ["b"], {"a": 0.2, "c": 0.9})
    assert block.axes == ("b",)
    assert block.fixed == {"a": 0.2, "c": 0.9}
    np.testing.assert_allclose(block.arrays["line"][40, -1], [2.1, 2.1], rtol=1e-6)


def test_choices_come_one_by_one_and_sliders_all_at_once():
    asked = []

    def sweep(rule, fast, lr):
        asked.append((rule, fast, lr.shape))
        return {"walk": np.zeros((len(lr), 21, 2)) + rule, "word": np.full(len(lr), f"x{rule}")}

    controls = {
        "lr": LRS,
        "rule": choice({"one": 1, "two": 2}),
        "fast": switch(),
        "step": scrubber(20),
    }
    figure = walking(controls=controls, sweeps=sweep, words="{word}")
    assert asked[1:] == [(1, False, (11,)), (1, True, (11,)), (2, False, (11,)), (2, True, (11,))]
    assert figure.says(rule="two", lr=0.3) == "x2"
    assert figure.look(rule="two", fast=True)["walk"][0].tolist() == [2, 2]


def test_a_sweep_may_depend_on_choices_alone_or_on_nothing():
    fig, ax, line = parts()
    (other,) = ax.plot([], [])
    figure = Stage(
        fig,
        {"one": line, "two": other},
        {"rule": choice({"a": 1, "b": 2})},
        [lambda rule: {"one": np.full((1, 3, 2), rule)}, lambda: {"two": np.zeros((1, 3, 2))}],
        "{rule}",
        alt="Two things.",
    )
    assert figure.look(rule="b")["one"].tolist() == [[2, 2]] * 3


def test_a_sweep_depends_on_its_parameters_alone():
    fig, ax, line = parts()
    (other,) = ax.plot([], [])
    figure = Stage(
        fig,
        {"walk": line, "level": other},
        {"lr": LRS, "height": slider(0, 1, count=5)},
        [
            lambda lr: {"walk": walk_down(lr)["walk"]},
            lambda height: {"level": np.stack([height, height], axis=-1)},
        ],
        "{lr} {height}",
        alt="Two things.",
    )
    assert [block.axes for block in figure.book.blocks] == [("height",), ("lr",)]


def test_a_point_may_be_anywhere():
    fig, ax, line = parts()
    figure = Stage(
        fig,
        {"line": line},
        {"start": point(ax, (1, 2), grid=(4, 3))},
        lambda start: {"line": start},
        "{start}",
        alt="A point.",
        drag={"line": "start"},
    )
    assert figure.look(start=(0.123, 4.5))["line"].tolist() == [[pytest.approx(0.123), 4.5]]
    assert figure.look(start=(99, 4.5))["line"].tolist() == [[4, 4.5]]  # no farther than the view
    assert figure.says() == "(1.00, 2.00)"


def test_two_equal_figures_are_equal_to_the_last_byte():
    one, other = walking(), walking()
    assert one.frames == other.frames
    assert one.scenery == other.scenery
    assert json.dumps(one.spec) == json.dumps(other.spec)


# ------------------------------------------------------------------------------------- actors


def test_every_kind_of_actor_shows_its_frame_in_matplotlib():
    fig, ax = plots.figure()
    ax.set_xlim(0, 3)
    ax.set_ylim(0, 3)
    (line,) = ax.plot([], [])
    cloud = ax.scatter([0], [0], s=[30])
    arrow = ax.quiver(
        [], [], [], [], angles="xy", scale_units="xy", scale=1, units="inches", width=0.03
    )
    bars = ax.bar([0, 1], [1, 1])
    band = ax.fill_between([0, 1], 0, 1)
    image = ax.imshow(np.zeros((2, 2)), extent=(0, 1, 0, 1), vmin=0, vmax=1, origin="lower")
    label = ax.annotate("", (0, 0), (5, 5), textcoords="offset points")

    def sweep(a):
        zero = 0 * a
        return {
            "line": np.stack([np.stack([zero, a], 1)] * 3, 1),
            "cloud": np.stack([np.stack([a, a], 1)] * 2, 1),
            "arrow": np.stack([zero, zero, a, a], 1)[:, None],
            "bars": np.stack([a, 2 * a], 1),
            "band": np.stack([np.stack([zero, zero, a], 1), np.stack([zero + 1, zero, a], 1)], 1),
            "image": a[:, None, None] * np.ones((1, 2, 2)),
            "label": np.stack([a, a], 1),
        }

    actors = {
        "line": line,
        "cloud": cloud,
        "arrow": arrow,
        "bars": bars,
        "band": band,
        "image": image,
    }
    actors["label"] = text(label, "a = {a:.1f}")
    figure = Stage(fig, actors, {"a": slider(0, 1, count=11)}, sweep, "{a}", alt="All kinds.")
    drawn = figure.frame(a=0.5)
    ax = drawn.axes[0]
    assert ax.lines[0].get_ydata().tolist() == [0.5, 0.5, 0.5]
    assert [bar.get_height() for bar in ax.patches] == [0.5, 1.0]
    assert [t.get_text() for t in ax.texts] == ["a = 0.5"]
    assert ax.texts[0].xy == (0.5, 0.5)
    offsets = [c.get_offsets().tolist() for c in ax.collections if len(c.get_offsets()) == 2]
    assert [[0.5, 0.5], [0.5, 0.5]] in offsets
    assert figure.look(a=1)["image"].tolist() == [[255, 255], [255, 255]]
    assert figure.look(a=0)["image"].tolist() == [[1, 1], [1, 1]]
    kinds = [actor["kind"] for actor in figure.spec["actors"]]
    assert sorted(kinds) == ["arrows", "band", "bars", "image", "line", "points", "text"]
    json.dumps(figure.spec, allow_nan=False)  # all of it goes through


def test_frames_do_not_share_a_figure():
    figure = walking()
    one, other = figure.frame(lr=0.3), figure.frame(lr=0.9)
    assert isinstance(one, Figure)
    assert one.axes[0].lines[0].get_xdata()[1] == pytest.approx(3 * (1 - 0.6))
    assert other.axes[0].lines[0].get_xdata()[1] == pytest.approx(3 * (1 - 1.8))


def test_actors_can_share_their_data():
    fig, ax, line = parts()
    (dot,) = ax.plot([], [], "o")
    figure = Stage(
        fig, {"walk": trail(line), "here": at_step(dot, "walk")},
        {"lr": LRS, "step": scrubber(20)}, walk_down, "{lr}", alt="A walk and where it is.",
    )  # fmt: skip
    assert list(figure.book.blocks[0].arrays) == ["walk", "loss"]
    seen = figure.look(step=5)
    assert len(seen["walk"]) == 6
    assert seen["here"].tolist() == [seen["walk"][-1].tolist()]


def test_the_scenery_is_without_actors():
    figure = walking()
    empty = walking(sweeps=lambda lr: {"walk": np.full((len(lr), 21, 2), 1.0), "loss": lr})
    assert figure.scenery == empty.scenery


def test_contour_lines_are_where_the_function_has_their_value():
    x, y = np.linspace(-2, 2, 81), np.linspace(-2, 2, 81)
    heights = np.add.outer(y**2, x**2)
    lines = isolines(x, y, np.stack([heights, 2 * heights]), [1.0])
    one, two = (line[np.isfinite(line).all(axis=1)] for line in lines)
    np.testing.assert_allclose(np.hypot(*one.T), 1, atol=1e-3)
    np.testing.assert_allclose(np.hypot(*two.T), 0.5**0.5, atol=1e-3)


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_isolines_take_any_heights(heights):
    assert isolines([0, 1], [0, 1], np.reshape(heights, (2, 2)), [0.0]).shape[-1] == 2


# ------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alt": " "}, "needs an alt text"),
        ({"controls": {}}, "needs a control"),
        ({"controls": {"lr": LRS}}, "no scrubber: add step"),
        ({"controls": {"lr": LRS, "b": LRS, "step": scrubber(20)}}, "nothing depends on b"),
        ({"words": "{lost}"}, "words mentions 'lost'.*loss, lr, step, walk"),
        ({"goal": ("Try", "won")}, "goal mentions 'won'"),
        (
            {"presets": {"best": {"lrr": 1}}},
            "preset 'best': there is no control 'lrr'; there are lr",
        ),
        ({"drag": {"walk": "x"}}, "needs an actor and a control"),
        ({"drag": {"walk": "lr"}}, "needs an actor and a control"),
        ({"drag": {"walk": {"z": "lr"}}}, "needs an actor and a control"),
        ({"controls": {"lr": LRS, "step": slider(0, 1)}}, "a scrubber, and nothing else"),
        ({"controls": {"lr": LRS, "t": scrubber(20)}}, "a scrubber, and nothing else"),
        ({"table": {"cells": "loss"}}, "title, rows, columns and cells"),
        ({"sweeps": lambda lr: walk_down(lr) | {"k": np.zeros((len(lr), 7))}}, "number for words"),
        ({"sweeps": lambda mu: {}}, "parameter 'mu', and there is no such control; there are lr"),
        ({"sweeps": lambda lr, step: {}}, "can't depend on the step"),
        ({"sweeps": lambda lr: {"loss": lr}}, "anything for the actor walk; they return loss"),
        ({"sweeps": lambda lr: lr}, "must return a dict"),
        ({"sweeps": lambda lr: {"walk": np.zeros((3, 21, 2))}}, r"first axis must have a row"),
        ({"sweeps": lambda lr: {"walk": np.zeros((len(lr), 9, 2))}}, "each of the 21 steps"),
        ({"sweeps": lambda lr: {"walk": np.zeros((len(lr), 21, 3))}}, r"shape \(frames, n, 2\)"),
        ({"sweeps": lambda lr: walk_down(lr) | {"lr": lr}}, "lr is a control, and"),
        ({"sweeps": lambda lr: walk_down(lr) | {"z": 1j * lr}}, "numbers or texts"),
        (
            {
                "controls": {"problem": LRS, "step": scrubber(20)},
                "sweeps": lambda problem: walk_down(problem),
            },
            "problem is a control, and",
        ),
        ({"sweeps": [walk_down, walk_down]}, "two sweeps return 'walk'"),
        ({"controls": {"lr": LRS, "step": scrubber(30)}}, "each of the 31 steps"),
    ],
)
def test_what_does_not_fit_is_told(changes, message):
    with pytest.raises(ValueError, match=message):
        walking(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"actors": []}, "actors must be a dict, such as"),
        ({"controls": [LRS]}, "controls are a dict by name"),
        ({"words": None}, "words must be a str"),
        ({"goal": "win"}, "goal is a text and the name of a number"),
        ({"drag": "walk"}, "drag must be a dict"),
        ({"presets": ["fast"]}, "presets must be a dict"),
    ],
)
def test_what_is_of_another_kind_is_told(changes, message):
    with pytest.raises(TypeError, match=message):
        walking(**changes)


def test_what_is_no_figure_is_told():
    fig, ax, line = parts()
    for wrong in (ax, (fig, ax)):
        with pytest.raises(TypeError, match=r"fig must be a Figure, such as plots.figure\(\)\[0\]"):
            Stage(wrong, {"a": line}, {"lr": LRS}, walk_down, "", alt="Nothing.")


def test_artists_that_the_browser_cannot_draw_are_told():
    fig, ax = plots.figure()
    polar = Figure()
    for wrong, message in [
        (ax.axvline(1), "axvline, axhline"),
        (ax.plot([], [], drawstyle="steps-mid")[0], "steps-post"),
        (ax.barh([1], [1]), "stand upright"),
        (polar.add_subplot(projection="polar").plot([], [])[0], "these are polar"),
    ]:
        where = polar if "polar" in message else fig
        with pytest.raises(ValueError, match=message):
            Stage(where, {"a": wrong}, {"lr": LRS}, walk_down, "", alt="Nothing.")


def test_a_figure_that_cannot_be_copied_is_told():
    fig, ax, line = parts()
    ax.xaxis.set_major_formatter(lambda x, _: f"{x}!")
    figure = walking(fig=fig, actors={"walk": trail(line)})
    with pytest.raises(TypeError, match="use a function with a name, or a format string"):
        figure.frame()


def test_a_colour_bar_stays_with_its_map():
    fig, (left, right) = plots.figure(columns=2)
    image = left.imshow([[0, 1]], aspect="auto")
    fig.colorbar(image, ax=left)
    right.set_visible(True)
    fig.draw_without_rendering()
    assert len(tiles_of(fig)) == 2
    right.set_visible(False)
    assert len(tiles_of(fig)) == 1


def test_a_text_says_what_it_says_unless_told():
    fig, ax = plots.figure()
    label = ax.text(0, 0, "{fixed}")
    figure = Stage(fig, {"a": label}, {"lr": LRS}, lambda lr: {"a": np.stack([lr, lr], 1)}, "{lr}",
                   alt="A word.")  # fmt: skip
    assert figure.frame().axes[0].texts[0].get_text() == "{fixed}"


def test_a_figure_of_pyplot_is_closed():
    code = """
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt, numpy as np
from gdtutor.live import Stage, slider
fig, ax = plt.subplots(); (line,) = ax.plot([], [])
frames = lambda lr: {"a": np.zeros((len(lr), 2, 2))}
Stage(fig, {"a": line}, {"lr": slider(0, 1)}, frames, "", alt="A line.")
assert plt.get_fignums() == []
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_artist_is_told():
    fig, ax, line = parts()
    _, _, elsewhere = parts()
    legend = ax.legend([line], ["walk"])
    for wrong, error, message in [
        ([line], TypeError, "take the line out, line, = ax.plot"),
        (legend, TypeError, "which can't be live"),
        ("walk", TypeError, "'a' is 'walk', which can't be live"),
        (elsewhere, ValueError, "isn't on this figure"),
        (ax.quiver([0], [0], [1], [1]), ValueError, "measured in units of the axes"),
        (ax.plot([], [], marker="$a$")[0], ValueError, "can have the markers"),
    ]:
        with pytest.raises(error, match=message):
            Stage(fig, {"a": wrong}, {"lr": LRS}, lambda lr: {"a": lr}, "", alt="Nothing.")


def test_axes_that_are_neither_linear_nor_logarithmic_are_told():
    fig, ax, line = parts()
    ax.set_yscale("symlog")
    with pytest.raises(ValueError, match="linear or logarithmic axes: this one is 'symlog'"):
        Stage(fig, {"a": line}, {"lr": LRS}, lambda lr: {"a": np.zeros((len(lr), 2, 2))}, "",
              alt="Nothing.")  # fmt: skip


def test_an_image_on_a_logarithmic_axis_is_told():
    fig, ax, _ = parts()
    image = ax.imshow(np.zeros((2, 2)), extent=(1, 2, 1, 2), aspect="auto")
    ax.set_xscale("log")
    with pytest.raises(ValueError, match="needs linear axes: these are log and linear"):
        Stage(fig, {"a": image}, {"lr": LRS}, lambda lr: {"a": lr}, "", alt="Nothing.")


def test_too_many_numbers_are_told():
    fig, _, line = parts()
    with pytest.raises(ValueError, match=r"take 9\.6 MB, more than 3 MB.*smaller count"):
        Stage(fig, {"a": line}, {"n": slider(0, 1, count=12)},
              lambda n: {"a": np.zeros((len(n), 100_000, 2))}, "", alt="Too much.")  # fmt: skip


def test_what_a_learners_function_raises_is_said_and_the_rest_lives():
    def sweep(lr):
        if (lr > 0.55).any():
            raise ZeroDivisionError("division by zero")
        return walk_down(lr)

    figure = walking(sweeps=sweep)
    assert figure.says(lr=0.5, step=1) == "lr 0.5: step 1, loss 0"
    said = figure.says(lr=0.6)
    assert said.startswith("ZeroDivisionError: division by zero (in sweep, line ")
    assert np.isnan(figure.look(lr=0.6)["walk"]).all()
    figure.frame(lr=0.6)  # still drawn


def test_a_function_that_always_raises_leaves_a_figure_that_says_so():
    figure = walking(sweeps=lambda lr: {"walk": lr / 0 + undefined})  # noqa: F821
    assert figure.says().startswith("NameError: name 'undefined' is not defined")
    figure.frame()
    assert len(figure.spec["actors"]) == 1


def test_nan_is_told():
    figure = walking(sweeps=lambda lr: {**walk_down(lr), "loss": np.where(lr > 0.5, np.nan, lr)})
    assert figure.says(lr=0.9) == NAN
    assert figure.says(lr=0.3).startswith("lr 0.3")
    assert figure.look(lr=0.3)[PROBLEM] == ""


def test_a_bug_is_told_at_once_and_not_once_for_each_frame():
    calls = []

    def sweep(lr):
        calls.append(len(lr))
        raise RuntimeError("always")

    figure = walking(sweeps=sweep, controls={"lr": slider(0, 1, count=500), "step": scrubber(20)})
    assert len(calls) < 10
    assert figure.says(lr=0.7).startswith("RuntimeError: always (in sweep, line ")


def test_a_complaint_names_the_learners_own_line():
    pages = live.explore(lambda ax, a: ax.plot([1, 2], [1]), a=(1, 3))
    assert "(in <lambda>, line" in pages.says()


def test_one_bad_frame_does_not_hide_what_else_is_wrong():
    with pytest.raises(ValueError, match="words mentions 'lost'"):
        walking(
            sweeps=lambda lr: walk_down(lr) | {"loss": np.where(lr > 0.5, np.nan, lr)},
            words="{lost}",
        )


def test_moving_says_what_there_is():
    figure = walking()
    with pytest.raises(ValueError, match="no control 'beta'; there are lr, step"):
        figure.set(beta=1)
    with pytest.raises(ValueError, match="lr: it takes a number: got 'fast'"):
        figure.frame(lr="fast")
    figure.set(lr=0.52)
    assert figure.values == {"lr": 0.5, "step": 20}


# ------------------------------------------------------------------------------------- explore


def draw_line(ax, slope=1, kind="straight"):
    """A line through 0."""
    if slope == 3:
        raise RuntimeError("too steep")
    ax.plot([0, 1], [0, slope])
    return f"slope {slope}, {kind}"


def test_explore_takes_any_drawing_function():
    pages = live.explore(draw_line, slope=(1, 5), kind=["straight", "bent"])
    assert pages.alt == "A line through 0."
    assert pages.values == {"slope": 1, "kind": "straight"}
    assert pages.says(slope=2, kind="bent") == "slope 2, bent"
    assert pages.frame(slope=4).axes[0].lines[0].get_ydata().tolist() == [0, 4]


def test_explore_keeps_one_figure_and_says_what_was_raised():
    pages = live.explore(draw_line, slope=(1, 5))
    assert pages.says(slope=3).startswith("RuntimeError: too steep (in draw_line, line ")
    (block,) = pages.blocks([0], [], {"slope": 3})
    assert "page" not in block.arrays  # the last picture stays
    assert pages.frame(slope=2) is pages.frame(slope=3)


def test_explore_begins_with_clean_axes_every_time():
    def busy(ax, a=1):
        ax.plot([0, a])
        ax.twinx().plot([a, 0])
        ax.figure.suptitle("again")
        ax.figure.text(0, 0, "and again")
        return a

    pages = live.explore(busy, a=(1, 5))
    place = pages.frame(a=1).axes[0].get_position().bounds
    for a in range(1, 6):
        pages.says(a=a)
    fig = pages.frame(a=3)
    assert (len(fig.axes), [t.get_text() for t in fig.texts]) == (2, ["again", "and again"])
    assert fig.axes[0].get_position().bounds == place
    assert pages.says(a=3) == "3"  # a number is said, too


def test_explore_leaves_room_for_labels():
    def labelled(ax, a):
        ax.plot([0, a], [0, 1e6])
        ax.set_xlabel("a label below")
        ax.set_ylabel("two lines\nat the side")

    pages = live.explore(labelled, a=(1, 5), height=2.5)
    for a in (1, 5):
        figure = pages.frame(a=a)
        figure.draw_without_rendering()
        ax = figure.axes[0]
        boxes = [label.get_window_extent() for label in (ax.xaxis.label, ax.yaxis.label)]
        assert all(min(box.x0, box.y0) >= 0 for box in boxes)


def test_explore_says_that_nothing_was_drawn():
    assert "use the ax that is given" in live.explore(lambda ax, a: None, a=(1, 3)).says()


def test_explore_begins_where_it_is_told():
    def draw(ax, a=2, flag=False, kind=10):
        ax.plot([0, a])

    short = live.explore(draw, a=(1, 9), flag=True, kind=[1, 10, 100])
    assert short.values == {"a": 2, "flag": False, "kind": "10"}
    assert live.explore(draw, a=slider(0, 10, 5)).values == {"a": 5}  # who says it exactly means it
    with pytest.raises(ValueError, match="a begins at 2, its default: there is no 2"):
        live.explore(draw, a=["x", "y"])


def test_explore_leaves_matplotlibs_settings_alone():
    before = dict(matplotlib.rcParams)
    live.explore(draw_line, slope=(1, 5)).says(slope=4)
    assert dict(matplotlib.rcParams) == before


def test_explore_can_paint_beforehand():
    pages = live.explore(draw_line, slope=(1, 5), kind=["straight", "bent"], prerender=True)
    assert len(pages.spec["blocks"]) == 1 + 4 + 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: live.explore(draw_line, sloop=(1, 5)),
            "no parameter 'sloop'.* it has slope, kind",
        ),
        (lambda: live.explore(lambda ax, a: None), "needs a value for 'a'"),
        (lambda: live.explore(lambda ax, height: None, height=(1, 2)), "means something else"),
    ],
)
def test_explore_says_what_it_needs(call, message):
    with pytest.raises(TypeError, match=message):
        call()


# ------------------------------------------------------------------------------------- pages


def test_a_page_holds_all_it_needs(tmp_path):
    text = walking().save(tmp_path / "walk.html").read_text(encoding="utf-8")
    assert "http" not in text
    assert "src=" not in text.replace('src="data:', "")
    assert "A walk down a parabola." in text
