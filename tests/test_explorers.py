"""What every explorer keeps to, over the ends and the middle of every control."""

import functools
import json

import numpy as np
import pytest
from gallery import EXPLORERS, made

from gdtutor import live
from gdtutor.live.frames import PROBLEM
from gdtutor.live.wording import names_in, number

figure_of = functools.cache(made)

# A number may be missing where the words say why.
UNDEFINED = ("flat ground", "lost", "not begun")


@pytest.fixture(params=EXPLORERS)
def figure(request):
    """A figure, made once for all tests of a worker."""
    return figure_of(request.param)


def settings(figure):
    """Yield the defaults, every control at its ends and its middle, and the presets."""
    yield {}
    for name, control in figure.controls.items():
        many = len(control.values)
        for i in sorted({0, many // 2, many - 1} if control.kind != "choice" else {*range(many)}):
            yield {name: control.values[i]}
    yield from figure.presets.values()
    for end in (0, -1):  # all sliders at once
        yield {n: c.values[end] for n, c in figure.controls.items() if c.kind == "slider"}


def test_all_are_here():
    assert set(EXPLORERS) == set(live.explorers.__all__)


def test_it_stays_below_4_mb(figure):
    assert figure.size < 4_000_000


def test_every_setting_has_numbers_and_words(figure):
    for values in settings(figure):
        seen = figure.look(**values)
        assert not seen.get(PROBLEM), (values, seen[PROBLEM])
        said = figure.says(**values)
        assert 10 < len(said) <= 140, (values, said)
        nothing = [n for n in names_in(figure.template) if number(seen[n]) == "–"]
        assert not nothing or any(why in said for why in UNDEFINED), (values, said)


def test_at_first_every_actor_is_on_the_canvas_unless_it_waits_for_a_setting(figure):
    seen_in = {
        name: [values for values in settings(figure) if on_canvas(figure, name, values)]
        for name in figure.actors
    }
    assert [name for name, where in seen_in.items() if not where] == []


def test_in_every_setting_every_panel_shows_something(figure):
    axes = {a.axes for a in figure.actors.values()}
    for values in settings(figure):
        if values.get("step") == 0:
            continue  # nothing has happened yet
        for ax in axes:
            mine = [name for name, a in figure.actors.items() if a.axes == ax]
            assert any(on_canvas(figure, name, values) for name in mine), (values, mine)


def on_canvas(figure, name, values):
    """Return whether any part of an actor is in its axes; of a text, whether it is in the figure."""
    actor, data = figure.actors[name], figure.look(**values)[name]
    if actor.kind == "image":
        return bool((data > 0).any())
    if actor.kind == "bars":
        return bool(np.isfinite(data).any())
    points = np.atleast_2d(data)[:, :2].astype(float)
    points = actor.ax.transData.transform(points[np.isfinite(points).all(axis=1)])
    box = figure.figure.bbox if actor.kind == "text" else actor.ax.bbox
    low, high = points.min(axis=0, initial=np.inf), points.max(axis=0, initial=-np.inf)
    return bool((high >= np.array(box.min) - 0.5).all() and (low <= np.array(box.max) + 0.5).all())


def test_the_goal_can_be_reached_and_is_not_given_away(figure):
    if figure.goal is None:
        pytest.skip("no goal")
    text, name = figure.goal
    assert not figure.reached(), text
    reached = [
        np.nan_to_num(block.arrays[name]).any()
        for block in figure.book.blocks
        if name in block.arrays
    ]
    assert any(reached), text


def test_it_draws_as_a_figure_too(figure):
    for values in settings(figure):
        figure.frame(**values)


def test_it_goes_to_the_browser_whole(figure):
    json.dumps(figure.spec, allow_nan=False)
    json.dumps(figure.values, allow_nan=False)
    assert len(figure.alt.split()) >= 10


@pytest.mark.parametrize("name", EXPLORERS)
def test_two_runs_give_the_same_bytes(name):
    one, other = figure_of(name), made(name)
    assert one.frames == other.frames
    assert one.scenery == other.scenery
    assert json.dumps(one.spec) == json.dumps(other.spec)
