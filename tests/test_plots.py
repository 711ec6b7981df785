"""Pictures show the engine's numbers, can be read, and change nothing else."""

import base64
import functools
import io
import subprocess
import sys
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.quiver import Quiver
from PIL import Image

from gdtutor import (
    adam,
    annealing,
    descend,
    gd,
    landscapes,
    momentum,
    plots,
    random_restarts,
    schedules,
)
from gdtutor.data import five_points, two_moons
from gdtutor.landscapes import (
    bowl,
    double_well,
    himmelblau,
    parabola,
    rosenbrock,
    saddle,
    wavy,
)
from gdtutor.models import linear, logistic
from gdtutor.plots import geometry, records
from gdtutor.plots.style import MARKERS, readable

THEMES = ("light", "dark")
EXPLODES = descend(parabola, 3.0, gd(lr=1.2), 3000)  # to infinity, and to nan behind it
ZIGZAGS = descend(parabola, 3.0, gd(lr=0.9), 12)
LEAVES = descend(rosenbrock, rosenbrock.start, gd(lr=0.02), 50)  # overflows
assert EXPLODES.diverged
assert LEAVES.diverged


def below_a_curve(ax):
    plots.curve(ax, wavy, label="waves")
    plots.fog(ax, 4.0, 2.0)
    plots.walker(ax, wavy, 4.0, stride=0.5)


def two_slopes(ax):
    plots.curve(ax, parabola, -0.5, 3.5)
    plots.secant(ax, parabola, 1.0, 1.5)
    plots.tangent(ax, parabola, 1.0, 0.8)


def walks_on_a_curve(ax):
    plots.curve(ax, parabola)
    plots.steps_on_curve(ax, parabola, ZIGZAGS, label="start")
    plots.steps_on_curve(ax, parabola, EXPLODES)
    plots.steps_on_curve(ax, parabola, descend(parabola, -3.5, gd(lr=0.01), 200))
    plots.critical_points(ax, parabola)


def walks_on_a_map(ax):
    plots.contours(ax, rosenbrock)
    plots.path(ax, descend(rosenbrock, rosenbrock.start, adam(lr=0.1), 200), label="Adam")
    plots.path(ax, descend(rosenbrock, rosenbrock.start, momentum(lr=1e-3), 40), label="momentum")
    plots.path(ax, LEAVES, label="gd, too fast")
    plots.critical_points(ax, rosenbrock)


def many_walks(ax):
    plots.contours(ax, himmelblau)
    plots.gradient_field(ax, himmelblau, downhill=True)
    plots.path(ax, random_restarts(himmelblau, gd(lr=0.03), 40, restarts=30), label="30 starts")
    plots.critical_points(ax, himmelblau)


def all_losses(ax):
    runs = {f"lr = {lr}": gd(lr=lr) for lr in (0.01, 0.1, 0.5, 0.9, 1.0, 1.2)}
    plots.losses(ax, {name: descend(parabola, 3.0, opt, 400) for name, opt in runs.items()})


def bands(ax):
    f = landscapes.noisy(bowl(kappa=10), sigma=1.0)
    starts = np.tile([1.8, 1.0], (40, 1))
    runs = {f"lr = {lr}": gd(lr=lr) for lr in (0.02, 0.1, 0.25)}
    plots.losses(ax, {name: descend(f, starts, opt, 200) for name, opt in runs.items()})


def below_zero(ax):
    runs = {"left": descend(double_well, -1.8, gd(lr=0.01), 60)}
    plots.losses(ax, runs | {"lost": descend(double_well, 1.8, gd(lr=0.4), 60)})


def far(ax):
    runs = {f"lr = {lr}": descend(parabola, 3.0, gd(lr=lr), 12) for lr in (0.1, 0.5, 0.9, 1.0, 1.1)}
    plots.distances(ax, runs)


def paces(ax):
    cosine = schedules.warmup(20) * schedules.cosine(0.1, 200)
    made = {
        "cosine": cosine,
        "steps": schedules.step(0.1, 60, 0.4),
        "mine": lambda t: 0.1 / (1 + t),
    }
    plots.schedule(ax, made, steps=200)


def sweep(ax):
    lrs = np.linspace(0.005, 1.05, 60)
    plots.steps_needed(ax, lrs, descend(parabola, 3.0, gd(lr=lrs[:, None]), 300), below=1e-6)


def sweep_by_factors(ax):
    lrs = np.logspace(-5, 0, 60)
    plots.steps_needed(ax, lrs, descend(parabola, 3.0, gd(lr=lrs[:, None]), 300), below=1e-6)


def line_fit(ax):
    X, y = five_points()
    plots.fit(ax, X, y, lambda X: 0.6 * X[:, 0] + 2.2, label="y = 0.6 x + 2.2")


def classes(ax):
    X, y = two_moons()
    f = logistic(X, y)
    w = descend(f, f.start, gd(lr=0.5), 50).end
    plots.boundary(ax, X, y, lambda X: f.predict(w, X))


GALLERY = [
    below_a_curve, two_slopes, walks_on_a_curve, walks_on_a_map, many_walks, all_losses, bands,
    below_zero, far, paces, sweep, sweep_by_factors, line_fit, classes,
    lambda ax: plots.factor_lines(ax, [1.0, 3.0, 10.0]),
]  # fmt: skip
every_picture = pytest.mark.parametrize("draw", GALLERY, ids=lambda draw: draw.__name__)
both_themes = pytest.mark.parametrize("theme", THEMES)


def axes(theme="light"):
    """Return axes to draw on."""
    return plots.figure(theme=theme)[1]


def rendered(ax):
    """Return the pixels of the axes' figure, (height, width, 4)."""
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


@functools.cache
def picture(draw, theme="light"):
    """Return axes with the picture on them, and its pixels."""
    ax = axes(theme)
    draw(ax)
    return ax, rendered(ax)


def all_texts(ax):
    """Return all visible texts with something in them."""
    return [
        text
        for text in ax.findobj(matplotlib.text.Text)
        if text.get_visible() and text.get_text().strip()
    ]


# --- the style -------------------------------------------------------------------------------------


@both_themes
def test_colours_stand_out_on_the_paper(theme):
    look = plots.THEMES[theme]
    for text in (look.ink, look.muted):
        assert plots.contrast(text, look.paper) >= 4.5
    for line in look.lines:
        assert plots.contrast(line, look.paper) >= 3
        assert plots.contrast(readable(line, axes(theme)), look.paper) >= 4.5


def test_contrast_is_that_of_wcag():
    assert plots.contrast("black", "white") == pytest.approx(21)
    assert plots.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert plots.contrast("red", "red") == 1


@both_themes
def test_no_two_lines_differ_by_colour_alone(theme):
    ax = axes(theme)
    styles = [plots.line_style(ax, i) for i in range(30)]
    assert len({(str(s["linestyle"]), s["marker"]) for s in styles[:6]}) == 6
    assert len({s["marker"] for s in styles[:6]}) == 6
    assert len({tuple(map(str, s.values())) for s in styles}) == 30


@both_themes
def test_deeper_is_darker_or_more_coloured_and_the_map_keeps_to_the_ground(theme):
    look = plots.THEMES[theme]
    colours = look.cmap(np.linspace(0, 1, 20))
    light = [plots.contrast(colour, "black") for colour in colours]
    assert (np.diff(light) > 0).all()
    # Ink on any of these grounds can be read.
    assert min(plots.contrast(look.ink, colour) for colour in colours) >= 4.5


@every_picture
@both_themes
def test_a_picture_can_be_read(draw, theme):
    ax, _ = picture(draw, theme)
    width, height = ax.figure.get_size_inches()
    paper = matplotlib.colors.to_hex(ax.get_facecolor())
    renderer = ax.figure.canvas.get_renderer()
    for text in all_texts(ax):
        assert text.get_fontsize() >= 12, text
        box = text.get_window_extent(renderer)
        # Texts that matplotlib leaves out, such as ticks beyond the ends, have no place.
        if not (np.isfinite(box.bounds).all() and text.axes in (ax, None)):
            continue
        ticks = {*ax.get_xticklabels(), *ax.get_yticklabels()}
        if text not in ticks:
            assert box.x0 >= -1, text
            assert box.x1 <= 96 * width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= 96 * height + 1, text
        assert plots.contrast(text.get_color(), paper) >= 4.5, text


@every_picture
@both_themes
def test_everything_drawn_has_a_place(draw, theme):
    ax, _ = picture(draw, theme)
    for line in ax.lines:
        xy = line.get_transform().transform(line.get_xydata())
        assert np.isfinite(xy).all(), line
        assert np.abs(xy).max(initial=0) < 1e9, line
    for collection in ax.collections:
        if isinstance(collection, LineCollection):
            assert all(np.isfinite(segment).all() for segment in collection.get_segments())
        if isinstance(collection, Quiver):
            assert np.isfinite([collection.U, collection.V, *collection.XY.T]).all()
        for shape in collection.get_paths():
            assert np.isfinite(shape.vertices).all(), collection
    for text in ax.texts:
        assert np.isfinite(text.xy).all(), text
    assert np.isfinite([ax.get_xlim(), ax.get_ylim()]).all()


@every_picture
def test_names_do_not_cover_each_other(draw):
    ax, _ = picture(draw)
    renderer = ax.figure.canvas.get_renderer()
    boxes = [(text, text.get_window_extent(renderer)) for text in ax.texts]
    for i, (one, box) in enumerate(boxes):
        for other, its_box in boxes[:i]:
            wide = min(box.x1, its_box.x1) - max(box.x0, its_box.x0)
            tall = min(box.y1, its_box.y1) - max(box.y0, its_box.y0)
            # The boxes of two lines of text may touch; the letters don't fill them.
            assert wide < 1 or tall < 0.3 * box.height, (one, other)


@every_picture
def test_drawing_changes_no_setting_and_uses_no_pyplot(draw):
    before = dict(matplotlib.rcParams)
    draw(axes("dark"))
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


@every_picture
def test_two_pictures_have_the_same_pixels(draw):
    again = axes()
    draw(again)
    np.testing.assert_array_equal(rendered(again), picture(draw)[1])


def test_plots_come_without_pyplot():
    code = (
        "import sys, gdtutor; gdtutor.plots.figure(); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_figures_by_columns_and_rows():
    fig, ax = plots.figure()
    assert fig.get_size_inches().tolist() == [6.4, 3.6]
    assert ax.get_facecolor() == (1, 1, 1, 1)
    fig, ax = plots.figure(columns=3, rows=2, height=2.5, theme="dark")
    assert (ax.shape, fig.get_size_inches().tolist()) == ((2, 3), [12, 5])
    assert plots.theme_of(ax[1, 2]).name == "dark"


def test_the_theme_of_foreign_axes_is_read_off_their_paper():
    fig = matplotlib.figure.Figure()
    assert plots.theme_of(fig.subplots()).name == "light"
    dark = matplotlib.figure.Figure().subplots()
    dark.set_facecolor("#202020")
    line = plots.tangent(dark, parabola, 1.0)["line"]
    assert line.get_color() == plots.THEMES["dark"].lines[1]


def test_theme_for_a_while():
    before = dict(matplotlib.rcParams)
    with plots.theme("dark"):
        assert matplotlib.rcParams["text.color"] == plots.THEMES["dark"].ink
        assert matplotlib.rcParams["font.size"] >= 12
    assert dict(matplotlib.rcParams) == before


@both_themes
def test_titles_and_names_of_axes(theme):
    ax = axes(theme)
    plots.labels(ax, "A title", x="step", y="loss")
    plots.labels(ax, y="other")
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == (
        "A title",
        "step",
        "other",
    )
    for text in (ax._left_title, ax.xaxis.label, ax.yaxis.label):
        assert matplotlib.colors.to_hex(text.get_color()) == plots.THEMES[theme].ink
    # What a caller has named stays named.
    plots.curve(ax, parabola)
    assert ax.get_ylabel() == "other"


# --- curves ----------------------------------------------------------------------------------------


def test_curve_is_the_function_over_its_domain():
    ax = axes()
    line = plots.curve(ax, wavy)["curve"]
    np.testing.assert_allclose(line.get_ydata(), wavy(line.get_xdata()), rtol=1e-13)
    assert ax.get_xlim() == (-8, 8)
    line = plots.curve(axes(), lambda x: np.cos(x), 0, 3, label="cos")["curve"]
    np.testing.assert_allclose(line.get_ydata(), np.cos(line.get_xdata()), rtol=1e-13)


def test_curve_leaves_out_what_is_not_finite():
    line = plots.curve(axes(), lambda x: 1 / x, -1, 1)["curve"]
    assert np.isfinite(line.get_xydata()).all()
    assert len(line.get_xdata()) == 800  # all but 0


def test_tangent_has_the_slope_and_touches():
    drawn = plots.tangent(axes(), wavy, 2.0, half_width=0.5)
    (x0, y0), (x1, y1) = drawn["line"].get_xydata()
    assert (x0, x1) == (1.5, 2.5)
    assert (y1 - y0) / (x1 - x0) == pytest.approx(float(wavy.grad(2.0)), rel=1e-12)
    assert (y0 + y1) / 2 == pytest.approx(float(wavy(2.0)), rel=1e-12)
    np.testing.assert_allclose(drawn["point"].get_xydata(), [[2.0, float(wavy(2.0))]])


@pytest.mark.parametrize("h", [1.5, -0.5, 1e-3])
def test_secant_goes_through_both_points(h):
    drawn = plots.secant(axes(), wavy, 1.0, h)
    x = np.array([1.0, 1.0 + h])
    np.testing.assert_allclose(drawn["points"].get_xydata(), np.column_stack([x, wavy(x)]))
    (x0, y0), (x1, y1) = drawn["line"].get_xydata()
    slope = (wavy(x[1]) - wavy(x[0])) / h
    assert (y1 - y0) / (x1 - x0) == pytest.approx(float(slope), rel=1e-9)
    assert y0 == pytest.approx(float(wavy(1.0) + slope * (x0 - 1.0)), rel=1e-9)
    np.testing.assert_allclose(drawn["run"].get_ydata(), wavy(1.0))
    np.testing.assert_allclose(drawn["rise"].get_xdata(), 1.0 + h)


def test_steps_on_a_curve_are_the_path():
    ax = axes()
    plots.curve(ax, parabola)
    drawn = plots.steps_on_curve(ax, parabola, ZIGZAGS)
    x = ZIGZAGS.x[:, 0]
    np.testing.assert_array_equal(drawn["points"].get_xydata(), np.column_stack([x, x**2]))
    np.testing.assert_array_equal(drawn["start"].get_xydata(), [[3, 9]])
    np.testing.assert_array_equal(drawn["arrows"].U, np.diff(x))
    np.testing.assert_array_equal(drawn["arrows"].XY, drawn["points"].get_xydata()[:-1])
    assert drawn["exit"] is None


def test_many_steps_are_small_points():
    ax = axes()
    plots.curve(ax, parabola)
    drawn = plots.steps_on_curve(ax, parabola, descend(parabola, 3.0, gd(lr=0.01), 500))
    assert drawn["arrows"] is None
    assert len(drawn["points"].get_xdata()) == 501
    assert drawn["points"].get_markersize() < 5


def test_a_walk_off_the_curve_is_marked_at_the_border():
    ax = axes()
    plots.curve(ax, parabola)
    drawn = plots.steps_on_curve(ax, parabola, EXPLODES)
    (left, bottom), (right, top) = geometry.view(ax)
    points, (exit_,) = drawn["points"].get_xydata(), drawn["exit"].get_xydata()
    np.testing.assert_array_equal(points[0], [3, 9])
    assert (points >= (left, bottom)).all()
    assert (points <= (right, top)).all()
    assert exit_[0] in (left, right) or exit_[1] == pytest.approx(top)
    np.testing.assert_array_equal(points[-1], exit_)


def test_fog_is_clear_around_the_walker_and_dense_elsewhere():
    ax = axes()
    plots.curve(ax, wavy)
    limits = ax.get_xlim(), ax.get_ylim()
    image = plots.fog(ax, 2.0, 2.0)["fog"]
    alpha, x = image.get_array()[0, :, 3], np.linspace(-8, 8, image.get_array().shape[1])
    assert (alpha[np.abs(x - 2) <= 0.99] == 0).all()
    assert (alpha[np.abs(x - 2) >= 2.01] == 1).all()
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    # Nobody sees the valley: dense fog has one colour, whatever is under it.
    pixels = rendered(ax)
    box = ax.get_window_extent()
    rows = slice(pixels.shape[0] - int(box.y1) + 4, pixels.shape[0] - int(box.y0) - 4)
    assert (
        len(np.unique(pixels[rows, int(box.x0) + 8 : int(box.x0) + 90].reshape(-1, 4), axis=0)) == 1
    )


def test_walker_stands_on_the_curve():
    drawn = plots.walker(axes(), wavy, 4.0, stride=0.5)
    np.testing.assert_allclose(drawn["body"].get_xydata(), [[4.0, float(wavy(4.0))]])
    rise = np.diff(drawn["ground"].get_ydata())[0]
    assert rise == pytest.approx(float(wavy.grad(4.0)), rel=1e-12)


# --- maps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n, f in landscapes.catalogue.items() if f.dim == 2])
def test_levels_are_dense_where_it_is_low(name):
    f, ax = landscapes.catalogue[name], axes()
    levels = plots.contours(ax, f)["levels"]
    steps = np.diff(levels)
    assert (steps > 0).all()
    assert (np.diff(steps) >= -1e-9 * steps[:-1]).all()
    assert (np.stack([ax.get_xlim(), ax.get_ylim()]) == f.domain).all()
    x = f.domain[:, 0] + np.random.default_rng(0).random((4000, 2)) * np.ptp(f.domain, axis=1)
    share = np.mean(f(x) < levels[len(levels) // 3 + 1])
    assert share > 0.02, "a valley without colours of its own"


def test_contours_are_where_the_function_has_the_level():
    drawn = plots.contours(axes(), himmelblau, levels=8)
    for level, lines in zip(drawn["levels"], drawn["lines"].allsegs):
        for line in lines:
            np.testing.assert_allclose(himmelblau(line), level, atol=2.0)


def test_levels_as_given_and_level_ground():
    assert plots.contours(axes(), bowl, levels=[2.0, 0.5, 1.0])["levels"].tolist() == [0.5, 1, 2]
    plots.contours(axes(), lambda x, y: 0 * x + 7)
    rendered(plots.contours(axes(), lambda x, y: 0 * x + 7)["fill"].axes)


def test_gradients_are_at_right_angles_to_contours_on_the_page():
    ax = axes()
    plots.contours(ax, bowl)
    assert ax.get_aspect() == 1
    ax = axes()
    plots.contours(ax, lambda x, y: x + y, domain=[(0, 100), (0, 1)])
    assert ax.get_aspect() == "auto"


def test_a_map_of_a_model_needs_a_domain():
    X, y = five_points()
    f = linear(X, y)
    with pytest.raises(ValueError, match="give a domain"):
        plots.contours(axes(), f)
    ax = axes()
    plots.contours(ax, f, domain=[(-1, 2), (0, 4)])
    path = descend(f, f.start, gd(lr=0.05), 30)
    np.testing.assert_array_equal(plots.path(ax, path)["line"].get_xydata(), path.x)


def test_holes_in_a_function_are_holes_in_its_map():
    def f(x, y):
        return np.sqrt(1 - x**2 - y**2)

    with np.errstate(invalid="ignore"):
        ax = plots.contours(axes(), f, domain=(-1.2, 1.2))["fill"].axes
    rendered(ax)


def test_path_is_the_path():
    ax = axes()
    plots.contours(ax, bowl)
    path = descend(bowl, (1.5, -1.0), momentum(lr=0.3), 40)
    drawn = plots.path(ax, path, label="momentum")
    np.testing.assert_array_equal(drawn["line"].get_xydata(), path.x)
    np.testing.assert_array_equal(drawn["start"].get_xydata(), path.start[None])
    np.testing.assert_array_equal(drawn["end"].get_xydata(), path.end[None])
    assert drawn["exit"] is None
    assert drawn["line"].get_marker() == MARKERS[0]
    assert [t.get_text() for t in drawn["legend"].get_texts()] == ["momentum"]
    long = plots.path(ax, descend(bowl, (1.5, -1.0), gd(lr=0.01), 300))
    assert long["line"].get_marker() == ""


def test_each_path_has_a_style_of_its_own():
    ax = axes()
    plots.contours(ax, bowl)
    path = descend(bowl, (1.5, -1.0), gd(lr=0.3), 4)
    lines = [plots.path(ax, path)["line"] for _ in range(3)]
    assert [line.get_color() for line in lines] == list(plots.THEMES["light"].lines[:3])
    assert len({line.get_marker() for line in lines}) == 3
    again = plots.path(ax, path, style=1)["line"]
    assert again.get_color() == lines[1].get_color()


def test_a_path_that_leaves_the_map_ends_with_a_cross_on_the_border():
    ax = axes()
    plots.contours(ax, saddle)
    path = descend(saddle, (1.0, 0.1), gd(lr=0.1), 60)
    drawn = plots.path(ax, path)
    (mark,) = drawn["exit"].get_xydata()
    assert mark[1] == pytest.approx(2)
    assert len(drawn["end"].get_xdata()) == 0
    line = drawn["line"].get_xydata()
    inside = (np.abs(path.x) <= 2).all(axis=1)
    np.testing.assert_array_equal(line[:-1], path.x[inside])
    np.testing.assert_array_equal(line[-1], mark)


def test_a_path_may_leave_with_its_last_step():
    ax = axes()
    plots.contours(ax, bowl)
    drawn = plots.path(ax, [[0.5, 0.5], [0.5, 9.0]])
    np.testing.assert_array_equal(drawn["exit"].get_xydata(), [[0.5, 2.0]])
    np.testing.assert_array_equal(drawn["line"].get_xydata(), [[0.5, 0.5], [0.5, 2.0]])


def test_a_path_may_leave_and_come_back():
    ax = axes()
    plots.contours(ax, bowl)
    x = np.array([[1.0, 1.0], [1e200, 3.0], [0.5, 0.5]])
    drawn = plots.path(ax, x)
    assert drawn["exit"] is None
    np.testing.assert_array_equal(drawn["line"].get_xydata()[[0, 2]], x[[0, 2]])
    rendered(ax)


def test_a_path_to_nowhere_is_marked_where_it_was_last_seen():
    ax = axes()
    plots.contours(ax, bowl)
    drawn = plots.path(ax, [[1.0, 1.0], [0.5, 0.5], [np.nan, np.nan], [0.1, 0.1]])
    np.testing.assert_array_equal(drawn["exit"].get_xydata(), [[0.5, 0.5]])
    assert len(drawn["line"].get_xdata()) == 2


def test_many_starts_are_many_lines():
    ax = axes()
    plots.contours(ax, himmelblau)
    path = random_restarts(himmelblau, gd(lr=0.005), 50, restarts=9)
    drawn = plots.path(ax, path)
    for i, segment in enumerate(drawn["line"].get_segments()):
        np.testing.assert_array_equal(segment, path.x[:, i])
    np.testing.assert_array_equal(drawn["start"].get_xydata(), path.start)
    np.testing.assert_array_equal(drawn["end"].get_xydata(), path.end)


def test_of_many_starts_some_may_leave_and_some_may_not_be_there():
    ax = axes()
    plots.contours(ax, saddle)
    starts = [[1.0, 0.0], [1.0, 0.5], [50.0, 90.0]]
    drawn = plots.path(ax, descend(saddle, starts, gd(lr=0.1), 100))
    assert len(drawn["line"].get_segments()) == 2
    np.testing.assert_allclose(drawn["end"].get_xydata(), [[0, 0]], atol=1e-8)
    assert len(drawn["exit"].get_xdata()) == 1


def test_arrows_are_gradients():
    f, ax = bowl(kappa=3), axes()
    arrows = plots.gradient_field(ax, f, n=5)["arrows"]
    g = f.grad(arrows.XY)
    size = np.hypot(arrows.U, arrows.V)
    moving = np.linalg.norm(g, axis=1) > 0
    cosine = np.sum(g * np.column_stack([arrows.U, arrows.V]), axis=1)[moving]
    np.testing.assert_allclose(cosine, (size * np.linalg.norm(g, axis=1))[moving], rtol=1e-12)
    assert size[~moving].tolist() == [0]  # in the middle there is nothing to point at
    assert size.max() == pytest.approx(1)
    down = plots.gradient_field(ax, f, n=5, downhill=True)["arrows"]
    np.testing.assert_array_equal(down.U, -arrows.U)


def test_critical_points_are_those_of_the_landscape():
    marks = plots.critical_points(axes(), himmelblau)
    for kind in ("minima", "saddles", "maxima"):
        np.testing.assert_array_equal(marks[kind].get_xydata(), getattr(himmelblau, kind))
    assert len({mark.get_marker() for mark in marks.values()}) == 3
    marks = plots.critical_points(axes(), wavy)
    x = wavy.maxima[:, 0]
    np.testing.assert_allclose(marks["maxima"].get_xydata(), np.column_stack([x, wavy(x)]))
    known = [kind for kind, x in landscapes.ackley.critical.items() if len(x)]
    assert list(plots.critical_points(axes(), landscapes.ackley)) == known


# --- records ---------------------------------------------------------------------------------------


def test_losses_are_the_losses():
    path = descend(rosenbrock, rosenbrock.start, adam(lr=0.1), 100, every=5)
    ax = axes()
    line = plots.losses(ax, {"Adam": path})["lines"]["Adam"]
    np.testing.assert_array_equal(line.get_xdata(), path.t)
    np.testing.assert_array_equal(line.get_ydata(), path.f)
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "loss")


def test_losses_above_the_best():
    path = descend(double_well, -1.8, gd(lr=0.01), 60)
    best = double_well.minimum[1]
    ax = axes()
    line = plots.losses(ax, {"": path}, best=best)["lines"][""]
    np.testing.assert_allclose(line.get_ydata(), path.f - best, rtol=1e-9)
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "loss above the best")
    with pytest.raises(ValueError, match="below best = 1"):
        plots.losses(axes(), {"a": path}, best=1.0)


def test_losses_below_zero_have_a_linear_axis():
    ax = axes()
    path = descend(double_well, -1.8, gd(lr=0.01), 60)
    line = plots.losses(ax, path)["lines"][""]
    assert ax.get_yscale() == "linear"
    np.testing.assert_array_equal(line.get_ydata(), path.f)


def test_a_run_that_diverges_leaves_through_the_top():
    ax = axes()
    drawn = plots.losses(ax, {"fine": ZIGZAGS, "lost": EXPLODES})
    assert list(drawn["diverged"]) == ["lost"]
    line, top = drawn["lines"]["lost"], ax.get_ylim()[1]
    kept = len(line.get_xdata()) - 1
    np.testing.assert_array_equal(line.get_ydata()[:kept], EXPLODES.f[:kept])
    assert EXPLODES.f[kept] > top == line.get_ydata()[-1]
    assert drawn["diverged"]["lost"].get_ydata()[0] == top
    assert drawn["labels"]["lost"].get_text() == "lost diverges"
    np.testing.assert_array_equal(drawn["lines"]["fine"].get_ydata(), ZIGZAGS.f)


def test_a_run_that_arrives_leaves_through_the_bottom_of_a_logarithmic_axis():
    ax = axes()
    home = descend(parabola, 3.0, gd(lr=0.5), 12)
    drawn = plots.distances(ax, {"home": home, "on the way": ZIGZAGS})
    assert list(drawn["zero"]) == ["home"]
    np.testing.assert_array_equal(drawn["lines"]["home"].get_ydata(), [3, ax.get_ylim()[0]])
    assert drawn["labels"]["home"].get_text() == "home: 0"
    # It doesn't squeeze the others.
    assert ax.get_ylim()[0] > 0.1 * np.abs(ZIGZAGS.x).min()


def test_only_nan_is_drawn_as_diverged_at_once():
    drawn = plots.against_steps(axes(), {"a": [np.nan, np.nan], "b": [1.0, 2.0]})
    assert np.isfinite(drawn["lines"]["a"].get_xydata()).all()
    assert list(drawn["diverged"]) == ["a"]


def test_distances_to_a_place():
    path = descend(himmelblau, (0.0, 0.0), gd(lr=0.01), 50)
    line = plots.distances(axes(), {"": path}, to=himmelblau.minima[0])["lines"][""]
    away = np.linalg.norm(path.x - himmelblau.minima[0], axis=1)
    np.testing.assert_allclose(line.get_ydata(), away, rtol=1e-12)


def test_of_many_runs_the_median_and_a_band_are_drawn():
    f = landscapes.noisy(bowl, sigma=1.0)
    path = descend(f, np.ones((41, 2)), gd(lr=0.1), 30)
    drawn = plots.losses(axes(), {"noisy": path})
    np.testing.assert_array_equal(drawn["lines"]["noisy"].get_ydata(), np.median(path.f, axis=1))
    (band,) = drawn["bands"]["noisy"].get_paths()
    low, high = np.quantile(path.f[7], (0.1, 0.9), method="nearest")
    at = band.vertices[band.vertices[:, 0] == 7, 1]
    assert {low, high} == set(at)
    # A minority of lost runs neither hides the others nor is counted as good.
    values = np.column_stack([np.ones((5, 3)), np.full(5, np.nan)])
    low, middle, high = records.spread_of(values)
    assert (middle == 1).all()
    assert (high == np.inf).all()


def test_any_record_against_its_steps():
    path = descend(bowl, (1.0, 2.0), momentum(lr=0.1), 20, every=4)
    speed = np.linalg.norm(path["v"], axis=1)
    ax = axes()
    line = plots.against_steps(ax, {"speed": (path.t, speed)}, y="‖v‖", log=False)["lines"]["speed"]
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([path.t, speed]))
    assert (ax.get_ylabel(), ax.get_yscale()) == ("‖v‖", "linear")


def test_schedules_are_drawn_from_step_zero():
    made = {"cosine": schedules.cosine(0.1, 50), "mine": lambda t: 0.1 if t < 7 else 0.05}
    lines = plots.schedule(axes(), made, steps=51)["lines"]
    np.testing.assert_array_equal(lines["cosine"].get_ydata(), made["cosine"](np.arange(51)))
    assert lines["mine"].get_ydata()[[0, 6, 7]].tolist() == [0.1, 0.1, 0.05]
    alone = plots.schedule(axes(), made["cosine"], steps=5)
    assert len(alone["lines"][""].get_xdata()) == 5


# --- sweeps ----------------------------------------------------------------------------------------


def test_steps_until():
    lrs = np.array([0.25, 0.5, 1.0, 1.1])
    path = descend(parabola, 3.0, gd(lr=lrs[:, None]), 50)
    assert plots.steps_until(path, 1e-6).tolist() == [12, 1, np.inf, np.inf]
    assert plots.steps_until(path.select(0), 1e-6) == 12
    assert plots.steps_until(path, 10.0).tolist() == [0, 0, 0, 0]
    thin = descend(parabola, 3.0, gd(lr=0.25), 50, every=5)
    assert plots.steps_until(thin, 1e-6) == 15


def test_steps_needed_tells_three_fates_apart():
    lrs = np.array([1.0, 0.25, 0.5, 1.1, 0.001])  # in any order
    path = descend(parabola, 3.0, gd(lr=lrs[:, None]), 200)
    drawn = plots.steps_needed(axes(), lrs, path, below=1e-6)
    np.testing.assert_array_equal(drawn["line"].get_xydata(), [[0.25, 12], [0.5, 1]])
    np.testing.assert_array_equal(drawn["best"].get_xydata(), [[0.5, 1]])
    assert drawn["late"].get_xdata().tolist() == [0.001, 1.0]
    assert drawn["diverged"].get_xdata().tolist() == [1.1]
    assert [t.get_text() for t in drawn["labels"]] == [
        "lr = 0.5: 1 step", "diverges", "not there after 200 steps",
    ]  # fmt: skip


def test_steps_needed_when_nothing_arrives():
    lrs = np.array([1.1, 1.2])
    ax = axes()
    drawn = plots.steps_needed(
        ax, lrs, descend(parabola, 3.0, gd(lr=lrs[:, None]), 200), below=1e-6
    )
    assert drawn["best"] is None
    assert drawn["diverged"].get_xdata().tolist() == [1.1, 1.2]
    rendered(ax)


@pytest.mark.parametrize(
    ("lrs", "scale"), [(np.linspace(0.01, 1, 20), "linear"), (np.logspace(-2, 0, 20), "log")]
)
def test_learning_rates_by_factors_have_a_logarithmic_axis(lrs, scale):
    ax = axes()
    plots.steps_needed(ax, lrs, descend(parabola, 3.0, gd(lr=lrs[:, None]), 50), below=1e-6)
    assert ax.get_xscale() == scale


def test_factor_lines_are_the_factors():
    drawn = plots.factor_lines(axes(), [4.0, 1.0])
    lr = drawn["rate"].get_xdata()
    np.testing.assert_array_equal(drawn["lines"][1].get_ydata(), np.abs(1 - 4 * lr))
    np.testing.assert_array_equal(
        drawn["rate"].get_ydata(), np.maximum(np.abs(1 - lr), np.abs(1 - 4 * lr))
    )
    best = drawn["best"].get_xydata()[0]
    assert best.tolist() == pytest.approx([0.4, 0.6])
    assert drawn["rate"].get_ydata().min() >= best[1] - 1e-12
    assert drawn["limit"].get_xdata() == [0.5, 0.5]


# --- fits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_table", [False, True])
def test_fit_draws_points_line_and_residuals(as_table):
    X, y = five_points()
    X = X if as_table else X[:, 0]

    def predict(X):
        assert X.ndim == (2 if as_table else 1)
        return 0.5 * X.reshape(-1) + 2

    drawn = plots.fit(axes(), X, y, predict)
    np.testing.assert_array_equal(drawn["points"].get_xydata(), np.column_stack([X.reshape(-1), y]))
    x = drawn["line"].get_xdata()
    np.testing.assert_allclose(drawn["line"].get_ydata(), 0.5 * x + 2)
    for (at, seen), (also, said) in (s.tolist() for s in drawn["residuals"].get_segments()):
        assert at == also
        assert said == 0.5 * at + 2
        assert seen in y
    assert plots.fit(axes(), X, y)["line"] is None
    assert plots.fit(axes(), X, y, predict, residuals=False)["residuals"] is None


def test_boundary_shows_what_the_model_says():
    X, y = two_moons()
    drawn = plots.boundary(axes(), X, y, lambda X: (X[:, 0] > 0.5).astype(int))
    said = drawn["regions"].get_array()
    columns = np.linspace(*drawn["regions"].axes.get_xlim(), said.shape[1])
    np.testing.assert_array_equal(said[0], columns > 0.5)
    assert sum(len(mark.get_xdata()) for mark in drawn["classes"].values()) == len(y)
    assert len({mark.get_marker() for mark in drawn["classes"].values()}) == 2


# --- the notebook ----------------------------------------------------------------------------------


@pytest.fixture
def shown(monkeypatch):
    """Pretend to be in a notebook; return the list of what is displayed."""
    import IPython

    outputs = []
    shell = SimpleNamespace(events=SimpleNamespace(register=print), enable_gui=print)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)

    def display(data, metadata=None, raw=False):
        assert raw
        outputs.append((data, metadata))

    monkeypatch.setattr(IPython.display, "display", display)
    return outputs


def test_show_gives_pixels_and_words(shown):
    fig, ax = plots.figure(columns=2, theme="dark")
    plots.curve(ax[0], parabola)
    plots.show(fig, alt="The curve   rises on\n both sides & <ends>.")
    (data, metadata), (words, _) = shown
    alt = "The curve rises on both sides & <ends>."
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == alt
    assert metadata == {"image/png": {"alt": alt, "width": 922, "height": 346}}
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.size == (1843, 691)
    assert image.convert("RGB").getpixel((0, 0)) == (0x15, 0x19, 0x1D)
    assert list(words) == ["text/html"]
    assert "both sides &amp; &lt;ends&gt;." in words["text/html"]


def test_show_gives_the_same_bytes_twice(shown):
    for _ in range(2):
        fig, ax = plots.figure()
        plots.curve(ax, parabola)
        plots.show(fig, alt="A parabola.")
    assert shown[0] == shown[2]


@pytest.mark.parametrize("alt", ["", "  \n", None, 3])
def test_show_needs_words(alt):
    with pytest.raises(ValueError, match="alt text"):
        plots.show(plots.figure()[0], alt=alt)
    with pytest.raises(TypeError):
        plots.show(plots.figure()[0])


def test_show_closes_a_figure_of_pyplots(shown):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before = matplotlib.get_backend()
    pyplot.switch_backend("agg")
    fig, ax = pyplot.subplots()
    plots.curve(ax, parabola)
    plots.show(fig, alt="A parabola.")
    assert pyplot.get_fignums() == []
    pyplot.switch_backend(before)
    assert len(shown) == 2


def test_show_in_a_script_says_the_words(capsys):
    plots.show(plots.figure()[0], alt="Empty axes.")
    assert capsys.readouterr().out == "Empty axes.\n"


# --- bad input -------------------------------------------------------------------------------------

NO_DOMAIN = linear(*five_points())
SWEEP = descend(parabola, 3.0, gd(lr=np.array([[0.1], [0.2]])), 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda ax: plots.figure(theme="sepia"), ValueError, "'light' and 'dark'"),
        (lambda ax: plots.figure(columns=0), ValueError, "1 or more columns"),
        (lambda ax: plots.figure(height=-1), ValueError, "inches"),
        (lambda ax: plots.curve(ax, 3), TypeError, "nothing to draw"),
        (lambda ax: plots.curve(ax, parabola, 2, 1), ValueError, "low below high"),
        (lambda ax: plots.curve(ax, rosenbrock), ValueError, "lives in 2 dimensions"),
        (lambda ax: plots.contours(ax, parabola), ValueError, "lives in 1 dimension,"),
        (lambda ax: plots.contours(ax, NO_DOMAIN), ValueError, r"domain=\[\("),
        (lambda ax: plots.contours(ax, bowl, domain=[1, 2, 3]), ValueError, "pairs"),
        (lambda ax: plots.contours(ax, bowl, levels=1), ValueError, "at least 2 levels"),
        (lambda ax: plots.tangent(ax, lambda x: 1 / x, 0.0), ValueError, "at x = 0"),
        (lambda ax: plots.secant(ax, parabola, 1.0, 0), ValueError, "one point makes no line"),
        (lambda ax: plots.fog(ax, 0.0, 0), ValueError, "positive"),
        (lambda ax: plots.steps_on_curve(ax, parabola, SWEEP), ValueError, r"path.select\(0\)"),
        (
            lambda ax: plots.steps_on_curve(ax, parabola, [9.0, 8.0]),
            ValueError,
            "lies in the picture",
        ),
        (lambda ax: plots.path(ax, ZIGZAGS), ValueError, "2 coordinates"),
        (lambda ax: plots.path(ax, [1.0, 2.0]), ValueError, "one row for each step"),
        (lambda ax: plots.path(ax, [[5.0, 5.0]]), ValueError, "lies in the picture"),
        (lambda ax: plots.critical_points(ax, NO_DOMAIN), ValueError, "no list of critical points"),
        (lambda ax: plots.losses(ax, [ZIGZAGS]), TypeError, "paths by name"),
        (lambda ax: plots.against_steps(ax, {"a": []}), ValueError, "one value for each step"),
        (lambda ax: plots.against_steps(ax, {"a": ([0], [1, 2])}), ValueError, "as many steps"),
        (lambda ax: plots.steps_needed(ax, [0.1], SWEEP, 1e-3), ValueError, "one sweep"),
        (lambda ax: plots.factor_lines(ax, [1, -1]), ValueError, "positive"),
        (lambda ax: plots.fit(ax, np.ones((3, 2)), np.ones(3)), ValueError, "one feature"),
        (lambda ax: plots.fit(ax, [1, 2], [1, 2, 3]), ValueError, "one number for each of 2"),
        (
            lambda ax: plots.boundary(ax, np.ones((3, 1)), [0, 1, 1], len),
            ValueError,
            "two features",
        ),
    ],
)
def test_bad_input_is_told(call, error, says):
    with pytest.raises(error, match=says):
        call(axes())


def test_a_picture_of_annealing_does_not_need_a_gradient_rule():
    ax = axes()
    plots.contours(ax, himmelblau)
    plots.path(
        ax, descend(himmelblau, (0.0, 0.0), annealing(temperature=5.0), 200), label="annealing"
    )
    rendered(ax)
