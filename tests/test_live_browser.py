"""Live figures in a real browser: what is drawn, said and reached is what Python says it should be."""

import io
import math
import time

import numpy as np
import pytest
from browsing import IDLE, open_notebook, order, run_all, running_lab, write_notebook
from gallery import EXPLORERS, START, made
from PIL import Image

from gdtutor import live, momentum, plots
from gdtutor.landscapes import parabola, rosenbrock
from gdtutor.live import Stage, slider
from gdtutor.live.stage import hide
from gdtutor.live.widget import BROWSER
from gdtutor.live.wording import number

LINE, ALOUD, RANGE = ".gdt-line", ".gdt-unseen[role=status]", ".gdt input[type=range]"

INK = """() => [...document.querySelectorAll('.gdt canvas')].map(c => {
    const {width, height} = c, d = c.getContext('2d').getImageData(0, 0, width, height).data;
    let n = 0, x = 0, y = 0;
    for (let i = 3; i < d.length; i += 4) if (d[i]) {
        n += d[i]; x += d[i] * ((i >> 2) % width); y += d[i] * Math.floor((i >> 2) / width);
    }
    return [n / 255, x / n, y / n];
})"""


# ------------------------------------------------------------------------------- without a kernel


@pytest.fixture
def still(browser, tmp_path):
    """Open a figure as a page of its own, with every request to the outside refused."""
    pages = []

    def open_page(figure, **options):
        context = browser.new_context(viewport={"width": 1000, "height": 900}, **options)
        page = context.new_page()
        asked = []
        page.route("**", lambda route: route.continue_() if route.request.url.startswith("file:") else (
            asked.append(route.request.url), route.abort()))  # fmt: skip
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(figure.save(tmp_path / "page.html").as_uri())
        page.wait_for_selector(".gdt canvas")
        page.wait_for_function("() => document.querySelector('.gdt img').naturalWidth")
        pages.append((context, asked))
        return page

    yield open_page
    for context, asked in pages:
        context.close()
        assert asked == []


def test_sliders_answer_without_a_kernel(still):
    figure = live.descent_on_curve(parabola)
    page = still(figure)
    assert page.inner_text(LINE) == figure.says()
    before = page.evaluate(INK)
    page.focus(RANGE)
    page.keyboard.press("ArrowRight")
    lr = figure.controls["lr"].values[figure.controls["lr"].values.index(figure.values["lr"]) + 1]
    assert page.inner_text(LINE) == figure.says(lr=lr)
    assert page.evaluate(INK) != before
    for key, value in [("Home", 0), ("End", -1)]:
        page.keyboard.press(key)
        assert page.inner_text(LINE) == figure.says(lr=figure.controls["lr"].values[value])


def test_a_start_snaps_to_the_nearest_without_a_kernel(still):
    figure = live.descent_on_map(rosenbrock, momentum(lr=1e-3))
    page = still(figure)
    page.focus(".gdt-handle")
    page.keyboard.press("ArrowRight")  # on to the next that is kept
    first = page.inner_text(LINE)
    box = page.locator(".gdt-tile").first.bounding_box()
    page.mouse.click(box["x"] + 0.45 * box["width"], box["y"] + 0.45 * box["height"])
    assert page.inner_text(LINE) != first
    shown = page.inner_text(".gdt-value >> nth=2")
    starts = {number(value): value for value in figure.controls["start"].values}
    assert shown in starts
    assert shown != number(figure.values["start"])
    assert page.inner_text(LINE).startswith(figure.says(start=starts[shown]))
    assert "nearest picture" in page.inner_text(LINE)


def test_a_tap_on_the_curve_moves_the_start(still):
    figure = live.descent_on_curve(parabola)
    page = still(figure)
    box = page.locator(".gdt-tile").first.bounding_box()
    left, top, width, height = figure.spec["axes"][0]["box"]
    scale = box["width"] / (figure.spec["tiles"][0][1] - figure.spec["tiles"][0][0])
    # A quarter of the way from −4 to 4 is −2.
    page.mouse.click(box["x"] + scale * (left + width / 4), box["y"] + scale * (top + height / 2))
    assert page.inner_text(LINE) == figure.says(start=-2)
    page.mouse.click(box["x"] + 3, box["y"] + 3)  # beside the axes: nothing
    assert page.inner_text(LINE) == figure.says(start=-2)


def test_a_page_has_both_lights(still):
    figure = live.descent_on_curve(parabola)
    for scheme in ("light", "dark"):
        page = still(figure, color_scheme=scheme)
        assert page.get_attribute(".gdt", "data-theme") == scheme
        paper = Image.open(io.BytesIO(page.screenshot())).convert("L").getpixel((30, 60))
        assert (paper < 60) == (scheme == "dark")


def test_playing_leaps_where_motion_is_not_wanted(still):
    page = still(live.descent_on_curve(parabola, steps=200), reduced_motion="reduce")
    page.evaluate("""() => {
        window.steps = new Set();
        const step = document.querySelector(".gdt-scrubber .gdt-value");
        new MutationObserver(() => steps.add(step.textContent)).observe(step, { childList: true });
    }""")
    page.click('button[aria-label="play"]')
    page.wait_for_function("() => steps.has('200')", timeout=20_000)
    assert page.evaluate("steps.size") <= 12  # the start, ten leaps, the end


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_wider_than_the_page(still, width):
    page = still(live.descent_on_map(rosenbrock, momentum(lr=1e-3)))
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [tile.bounding_box() for tile in page.locator(".gdt-tile").all()]
    assert (boxes[0]["y"] == boxes[1]["y"]) == (width > 600)  # side by side, or one below the other


def one_actor(kind):
    """Return a figure with one actor of this kind, off the middle, and a slider that moves it."""
    fig, ax = plots.figure()
    ax.set_xlim(1, 1000)
    ax.set_xscale("linear" if kind == "image" else "log")
    ax.set_ylim(0, 4)
    blue = {"color": "#0072b2"}
    with np.errstate(all="ignore"):
        artist = {
            "line": lambda: ax.plot([], [], "-", lw=3, **blue)[0],
            "marker": lambda: ax.plot([], [], "s", ms=9, mew=0, **blue)[0],
            "cloud": lambda: ax.scatter([], [], s=[80], **blue),
            "arrow": lambda: ax.quiver([], [], [], [], angles="xy", scale_units="xy", scale=1,
                                       units="inches", width=0.03, headwidth=5, headlength=6,
                                       headaxislength=5.4, **blue),
            "bars": lambda: ax.bar([100, 200], [1, 1], width=[50, 90], **blue),
            "band": lambda: ax.fill_between([1, 2], 0, 1, lw=0, **blue),
            "image": lambda: ax.imshow(np.zeros((2, 3)), extent=(100, 700, 1, 2), aspect="auto",
                                       vmin=0, vmax=1, cmap="viridis", origin="upper",
                                       interpolation="nearest"),
            "text": lambda: ax.annotate("HHHH", (1, 1), (20, 10), textcoords="offset points",
                                        ha="center", va="center", **blue),
        }[kind]()  # fmt: skip

    def sweep(a):
        one = np.ones_like(a)
        return {"actor": {
            "line": lambda: np.stack([np.stack([10 * one, a], 1), np.stack([100 * one, 2 * a], 1)], 1),
            "marker": lambda: np.stack([100 * one, a], 1),
            "cloud": lambda: np.stack([100 * one, a], 1),
            "arrow": lambda: np.stack([10 * one, a, 90 * one, a], 1)[:, None],
            "bars": lambda: np.stack([a, 2 * a], 1),
            "band": lambda: np.stack([np.stack([x * one, 0.5 * a, a], 1) for x in (10, 30, 99)], 1),
            "image": lambda: np.tile([[[0.1, np.nan, 0.9], [0.5, 0.6, np.nan]]], (len(a), 1, 1)),
            "text": lambda: np.stack([100 * one, a], 1),
        }[kind]()}  # fmt: skip

    given = live.text(artist, "HHHH") if kind == "text" else artist
    return Stage(fig, {"actor": given}, {"a": slider(0.5, 1.5, count=11)}, sweep, "{a}", alt="One.")


@pytest.mark.parametrize(
    "kind", ["line", "marker", "cloud", "arrow", "bars", "band", "image", "text"]
)
def test_the_canvas_agrees_with_matplotlib(still, kind):
    figure = one_actor(kind)
    page = still(figure)
    page.wait_for_function(f"() => ({INK})()[0][0] > 20")
    ((amount, x, y),) = page.evaluate(INK)
    drawn, empty = (np.asarray(image, dtype=float) for image in pixels(figure))
    ink = np.abs(drawn - empty).sum(axis=2)
    scale = page.evaluate("document.querySelector('.gdt canvas').width") / ink.shape[1]
    rows, columns = np.indices(ink.shape)
    # How much of a pixel is covered, as alpha says on the canvas: blue on white is 473 darker.
    covered = np.minimum(ink / (200 if kind == "image" else 473), 1)
    assert x / scale == pytest.approx((covered * columns).sum() / covered.sum(), abs=1.5)
    assert y / scale == pytest.approx((covered * rows).sum() / covered.sum(), abs=1.5)
    assert amount / scale**2 == pytest.approx(covered.sum(), rel=0.15)


def pixels(figure):
    """Return a frame as matplotlib paints it, with its actor and without."""
    without, artists = figure.copy()
    for artist in artists.values():
        hide(artist)
    for fig in (figure.frame(), without):
        file = io.BytesIO()
        fig.savefig(file, dpi=96)
        yield Image.open(file).convert("RGB")


def test_words_are_the_same_in_python_and_in_the_browser(page):
    rng = np.random.default_rng(0)
    values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1e-9,
        123456.789,
        1e21,
        0.1,
        99.95,
        math.inf,
        -math.inf,
        math.nan,
    ]
    values += (rng.standard_normal(60) * 10.0 ** rng.integers(-12, 12, 60)).tolist()
    specs = [
        "",
        ".3g",
        ".2g",
        "+.2g",
        ".2f",
        "+.1f",
        ".0f",
        "d",
        "+d",
        ".1e",
        ".0%",
        ".1%",
        "g",
        "e",
    ]
    page.add_script_tag(content=(BROWSER / "wording.js").read_text(encoding="utf-8"))
    told = [[v if math.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in
             values], specs]  # fmt: skip
    said = page.evaluate(
        "([values, specs]) => specs.map(spec => values.map(v => numberText(Number(v), spec)))", told
    )
    for spec, texts in zip(specs, said):
        sane = [
            i for i, v in enumerate(values) if not (spec.endswith("%") and 1e12 < abs(v) < math.inf)
        ]
        assert [texts[i] for i in sane] == [number(values[i], spec) for i in sane], spec
    text = page.evaluate("say('{{a}} {a:.1f}, {b}', name => name === 'a' ? 2.25 : 'x')")
    assert text == "{a} 2.2, x" or text == "{a} 2.3, x"


# ------------------------------------------------------------------------------- in JupyterLab


def opened(page, lab, *cells):
    """Run cells in JupyterLab and wait for their figures."""
    write_notebook(lab, "live.ipynb", [START + cells[0], *cells[1:]])
    open_notebook(page, lab, "live.ipynb")
    run_all(page)
    page.wait_for_selector(".gdt canvas")
    time.sleep(0.5)  # hello


def test_a_dragged_start_is_computed_at_once(page, lab):
    opened(page, lab, "live.descent_on_map(rosenbrock, momentum(lr=1e-3))")
    figure = live.descent_on_map(rosenbrock, momentum(lr=1e-3))
    handle = page.locator(".gdt-handle")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 17, box["y"] + 17)
    page.mouse.down()
    page.mouse.move(box["x"] + 77, box["y"] + 40, steps=10)
    page.mouse.up()
    time.sleep(1.5)
    start = page.inner_text(".gdt-value >> nth=2")
    exact = [float(v.replace("−", "-")) for v in start.strip("()").split(", ")]
    assert exact not in figure.controls["start"].values
    near = figure.says(start=exact).split(": ")[1]
    assert page.inner_text(LINE).split(": ")[1][:16] == near[:16]
    assert page.inner_text(ALOUD) == page.inner_text(LINE)
    # The other sliders know of the new start.
    page.focus(RANGE)
    page.keyboard.press("ArrowRight")
    lrs = figure.controls["lr"].values
    lr = lrs[lrs.index(figure.values["lr"]) + 1]
    assert page.inner_text(LINE)[:24] == figure.says(start=exact, lr=lr)[:24]


def test_python_and_browser_move_each_other(page, lab):
    opened(page, lab, "f = live.descent_on_curve(parabola); display(f)", "f.set(lr=0.5)",
           "print(f.values)")  # fmt: skip
    assert page.inner_text(LINE).startswith("lr 0.50")
    page.focus(RANGE)
    page.keyboard.press("ArrowRight")
    time.sleep(1)
    page.locator(".jp-CodeCell").last.click()
    order(page, "notebook:run-cell")
    page.wait_for_function("() => document.body.innerText.includes(\"'lr': 0.51\")", timeout=10_000)


def test_the_dark_theme_has_its_own_scenery(page, lab):
    opened(page, lab, "live.descent_on_curve(parabola)")
    order(page, "apputils:change-theme", theme="JupyterLab Dark")
    page.wait_for_selector('.gdt[data-theme="dark"]', timeout=10_000)
    order(page, "apputils:change-theme", theme="JupyterLab Light")
    page.wait_for_selector('.gdt[data-theme="light"]', timeout=10_000)


def test_explore_says_what_a_learner_raised_and_goes_on(page, lab):
    code = """def draw(ax, a=1):
    if a == 4: raise ValueError("not four")
    ax.plot([0, a])
    return f"a is {a}"
live.explore(draw, a=(1, 6))"""
    opened(page, lab, code)
    page.focus(RANGE)
    for told in ["a is 2", "a is 3", "ValueError: not four", "a is 5"]:
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "told => document.querySelector('.gdt-line').innerText.startsWith(told)",
            arg=told,
            timeout=8000,
        )
    assert page.evaluate(INK)[0][0] > 1000


def test_two_figures_have_each_their_own_labels(page, lab):
    opened(page, lab, "live.descent_on_curve(parabola)", "live.descent_on_curve(quartic)")
    page.wait_for_function("() => document.querySelectorAll('.gdt canvas').length === 4")
    ids = page.evaluate("[...document.querySelectorAll('.gdt [id]')].map(e => e.id)")
    assert len(ids) == 8
    assert len(set(ids)) == len(ids)
    page.locator(".gdt").nth(1).get_by_label("loop").check()
    ticked = [box.is_checked() for box in page.locator(".gdt input[type=checkbox]").all()]
    assert ticked == [False, True]


def test_one_region_is_read_aloud(page, lab):
    opened(page, lab, "live.descent_on_map(rosenbrock, momentum)")
    regions = page.locator(".gdt :is([aria-live], output, [role=status])")
    assert regions.count() == 2  # the live line, and the goal
    page.evaluate("""() => {
        window.spoken = 0;
        const aloud = document.querySelector('.gdt [aria-live]');
        new MutationObserver(() => { spoken += 1; }).observe(aloud, { childList: true });
    }""")
    page.focus(RANGE)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    time.sleep(1)
    assert page.evaluate("spoken") == 1
    assert page.inner_text(ALOUD) == page.inner_text(LINE)


def test_a_slow_function_is_waited_for(page, lab):
    code = """import time
def draw(ax, a=1):
    time.sleep(2.5 * (a == 6))
    ax.plot([0, a])
    return f"a is {a}"
live.explore(draw, a=(1, 6))"""
    opened(page, lab, code)
    page.focus(RANGE)
    page.keyboard.press("End")
    page.wait_for_function(
        "() => document.querySelector('.gdt-line').innerText.includes('waiting for the kernel')"
    )
    page.wait_for_function("() => document.querySelector('.gdt-line').innerText === 'a is 6'")
    page.wait_for_function("() => document.querySelector('.gdt-unseen').innerText === 'a is 6'")
    assert page.input_value(RANGE) == "5"


def test_a_player_plays(page, lab):
    opened(page, lab, "live.descent_on_curve(parabola)")
    page.click('button[aria-label="back to the start"]')
    assert "step 0" in page.inner_text(LINE)
    page.click('button[aria-label="one step on"]')
    assert "step 1," in page.inner_text(LINE)
    page.select_option('select[aria-label="speed"]', "4")
    page.click('button[aria-label="play"]')
    page.wait_for_function(
        "() => document.querySelector('.gdt-line').innerText.includes('step 30')", timeout=8000
    )
    page.wait_for_selector('button[aria-label="play"]')


def test_it_works_in_notebook_7(browser, tmp_path):
    with running_lab(tmp_path, app="notebook") as lab:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        write_notebook(lab, "live.ipynb", [START + "live.descent_on_curve(parabola)"])
        page.goto(f"{lab.address}/notebooks/live.ipynb?token=lessons")
        page.wait_for_function(IDLE, timeout=60_000)
        run_all(page)
        page.wait_for_selector(".gdt canvas", timeout=60_000)
        before = page.evaluate(INK)
        page.focus(RANGE)
        page.keyboard.press("ArrowRight")
        figure = live.descent_on_curve(parabola)
        assert page.inner_text(LINE) == figure.says(lr=0.11)
        assert page.evaluate(INK) != before
        page.close()


FOCUSABLE = ":is(input, select, button, .gdt-handle)"
WHICH = f"r => [...r.querySelectorAll('{FOCUSABLE}')].indexOf(document.activeElement)"


def test_every_explorer_in_the_lab(page, lab, tmp_path):
    """Words as in Python, pixels that follow, every control within reach of the keyboard."""
    write_notebook(lab, "all.ipynb", [START, *EXPLORERS.values()])
    open_notebook(page, lab, "all.ipynb")
    run_all(page)
    for place, name in enumerate(EXPLORERS, 1):
        page.evaluate(f"jupyterapp.shell.currentWidget.content.scrollToItem({place}, 'start')")
        cell = page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{place}"]')
        root = cell.locator(".gdt")
        root.wait_for(timeout=15_000)
        figure = made(name)
        line = root.locator(LINE)
        assert line.inner_text() == figure.says(), name

        # The first slider moves, the pixels or the words follow, and the words are Python's.
        walked = {}
        if "step" in figure.controls:  # a walk that hasn't begun doesn't change
            walked = {"step": figure.steps - 1}
            root.locator(".gdt-scrubber input[type=range]").press("End")
            assert line.inner_text() == figure.says(**walked), name
        before = root.evaluate(SEEN)
        root.locator("input[type=range]").first.focus()
        moved = next(n for n, c in figure.controls.items() if c.kind in ("slider", "scrubber"))
        values = figure.controls[moved].values
        at = values.index(figure.values[moved])
        page.keyboard.press("ArrowRight" if at + 1 < len(values) else "ArrowLeft")
        now = values[at + 1 if at + 1 < len(values) else at - 1]
        assert root.evaluate(SEEN) != before, name
        assert line.inner_text() == figure.says(**walked | {moved: now}), name
        page.wait_for_function(
            "([status, line]) => status.innerText === line.innerText",
            arg=[root.locator("[aria-live=polite]").element_handle(), line.element_handle()],
        )

        # Tab goes through all of them, and each has a name.
        wanted = root.locator(FOCUSABLE).count()
        root.locator(FOCUSABLE).first.focus()
        reached = set()
        for _ in range(wanted + 2):
            reached.add(root.evaluate(WHICH))
            page.keyboard.press("Tab")
        assert reached >= set(range(wanted)), name
        assert root.evaluate(NAMELESS) == [], name
        root.screenshot(path=tmp_path / f"{name}.png")


SEEN = """root => [root.querySelector('.gdt-line').innerText,
    ...[...root.querySelectorAll('canvas')].map(c => c.toDataURL())].join()"""

NAMELESS = """root => [...root.querySelectorAll('input, select, button, .gdt-handle')].filter(e =>
    !(e.getAttribute('aria-label') || e.textContent.trim() ||
      root.querySelector(`label[for="${e.id}"]`)))
    .map(e => e.outerHTML)"""
