"""How fast live figures answer, in the real JupyterLab in Chromium.

    pip install ipympl
    python benchmarks/live.py [name of an explorer …]

From the key on a slider to changed pixels: the same figure by `interact` with inline matplotlib, by
ipympl, and by ours, in one run. Then all explorers: how long they take to open, how large they are,
how fast they answer, and what five seconds of dragging do. Run it on a quiet machine.
"""

import pathlib
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
from browsing import chromium, open_notebook, order, run_all, running_lab, write_notebook
from gallery import EXPLORERS, START, made

PRESSES = 40

SETUP = """
import numpy as np, ipywidgets
from gdtutor import descend, live, momentum, plots
from gdtutor.landscapes import rosenbrock
from gdtutor.live import slider, trail
LRS = slider(1e-4, 2e-3, 5e-4, count=150, format=".2e")

def scene(figure):
    left, right = figure.subplots(1, 2)
    plots.contours(left, rosenbrock)
    right.set(yscale="log", xlim=(0, 200), ylim=(1e-3, 1e3))
    return [*left.plot([], [], "w-"), *right.plot([], [])]

def move(lines, lr):
    path = descend(rosenbrock, (-1.5, 2.0), momentum(lr=lr), 200)
    lines[0].set_data(*path.x.T)
    lines[1].set_data(path.t, path.f)
"""

PEERS = {
    "interact, inline matplotlib": """
%matplotlib inline
import matplotlib.pyplot as plt
def drawn(lr):
    move(scene(plt.figure(figsize=(9, 4))), lr)
    plt.show()
_ = ipywidgets.interact(drawn, lr=ipywidgets.SelectionSlider(options=LRS.values, value=LRS.value))
""",
    "ipympl, moved lines": """
%matplotlib ipympl
import matplotlib.pyplot as plt
with plt.ioff():
    figure = plt.figure(figsize=(9, 4))
lines = scene(figure)
def drawn(lr):
    move(lines, lr)
    figure.canvas.draw_idle()
_ = ipywidgets.interact(drawn, lr=ipywidgets.SelectionSlider(options=LRS.values, value=LRS.value))
display(figure.canvas)
""",
    "ours": """
from matplotlib.figure import Figure
ours = Figure(figsize=(9, 4))
actors = dict(zip(["walk", "loss"], scene(ours)))
def walk(lr):
    path = descend(rosenbrock, (-1.5, 2.0), momentum(lr=lr[:, None]), 200)
    steps = np.broadcast_to(path.t[:, None], path.f.shape)
    loss = np.stack([steps, path.f], axis=-1)
    return {"walk": path.x.swapaxes(0, 1), "loss": loss.swapaxes(0, 1)}
live.Stage(ours, actors, {"lr": LRS}, walk, "lr {lr:.2e}", alt="A walk.")
""",
}

# What is on screen in a cell, small enough to be looked at in every frame; and a watch that notes, for
# every key, when it changed.
WATCH = """root => {
  const small = document.createElement('canvas'); small.width = 200; small.height = 100;
  const pen = small.getContext('2d', { willReadFrequently: true });
  const seen = () => {
    let sum = 0;
    for (const picture of root.querySelectorAll('canvas, img')) {
      if (!(picture.width && (picture.complete ?? true))) continue;
      if (picture.tagName === 'IMG') {
        if (!picture.closest('.gdt')) sum += picture.src.length % 99991;
        continue;
      }
      pen.clearRect(0, 0, 200, 100); pen.drawImage(picture, 0, 0, 200, 100);
      const data = pen.getImageData(0, 0, 200, 100).data;
      for (let i = 0; i < data.length; i += 3) sum = (sum * 31 + data[i]) | 0;
    }
    return sum;
  };
  window.lags = []; window.key = 0;
  root.addEventListener('keydown', event => {
    const begin = event.timeStamp, before = seen(), mine = ++window.key;
    const look = () => {
      if (seen() !== before) window.lags.push(performance.now() - begin);
      else if (window.key === mine && performance.now() - begin < 2000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
  window.frames_seen = () => new Promise(done => {
    let before = seen(), changed = [], stop = false;
    window.stop_watching = () => { stop = true; };
    const look = now => {
      const after = seen();
      if (after !== before) changed.push(performance.now());
      before = after;
      stop ? done(changed) : requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}"""


def cell(page, number):
    """Return a cell's output, scrolled into view."""
    page.evaluate(f"jupyterapp.shell.currentWidget.content.scrollToItem({number}, 'start')")
    found = page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{number}"] .jp-OutputArea')
    found.first.wait_for()
    return found.first


def lags(page, root, handle):
    """Return the times from a key to changed pixels, in ms."""
    root.evaluate(WATCH)
    handle.focus()
    for i in range(PRESSES):
        known = page.evaluate("lags.length")
        page.keyboard.press("ArrowLeft" if i % 20 >= 10 else "ArrowRight")
        for _ in range(60):
            time.sleep(0.03)
            if page.evaluate("lags.length") > known:
                break
        time.sleep(0.05)
    return np.array(page.evaluate("lags"))


def told(name, times):
    """Print the median and the 95th percentile."""
    if not len(times):
        print(f"{name:34s}  nothing changed")
        return
    median, late = np.median(times), np.quantile(times, 0.95)
    print(f"{name:34s}  median {median:6.1f} ms   95 % {late:6.1f} ms   ({len(times)} keys)")


def dragged(page, root, slider):
    """Drag a slider for five seconds; return frames per second, and what still came afterwards."""
    root.evaluate(WATCH)
    box = slider.bounding_box()
    left, y, width = box["x"] + 10, box["y"] + box["height"] / 2, box["width"] - 20
    page.mouse.move(left, y)
    page.mouse.down()
    page.evaluate("() => { window.changed = frames_seen(); }")
    begin, moves = time.perf_counter(), 0
    while (now := time.perf_counter() - begin) < 5:
        page.mouse.move(left + width * (0.5 - 0.5 * np.cos(2 * now)), y)
        moves += 1
    end = page.evaluate("performance.now()")
    time.sleep(1)
    page.mouse.up()
    page.evaluate("stop_watching()")
    changed = np.array(page.evaluate("changed"))
    return len(changed) / 5, moves / 5, max(changed.max() - end, 0)


def main(names):
    """Print all of it."""
    with chromium() as chrome, tempfile.TemporaryDirectory() as folder:
        if chrome is None:
            sys.exit("This needs Chromium (see README).")
        with running_lab(pathlib.Path(folder)) as lab:
            page = chrome.new_page(viewport={"width": 1300, "height": 1000})
            print("The same figure, from the key to changed pixels:")
            write_notebook(lab, "peers.ipynb", [SETUP, *PEERS.values()])
            open_notebook(page, lab, "peers.ipynb")
            run_all(page)
            time.sleep(2)
            for number, name in enumerate(PEERS, 1):
                root = cell(page, number)
                handle = root.locator(".noUi-handle, .gdt input[type=range]").first
                told(name, lags(page, root, handle))

            print("\nEvery explorer:")
            write_notebook(lab, "all.ipynb", [START, *(EXPLORERS[name] for name in names)])
            open_notebook(page, lab, "all.ipynb")
            order(page, "notebook:run-cell-and-select-next")
            time.sleep(4)
            for number, name in enumerate(names, 1):
                page.evaluate(f"jupyterapp.shell.currentWidget.content.activeCellIndex = {number}")
                root_ = f'.jp-Notebook-cell[data-windowed-list-index="{number}"] .gdt img'
                opened = page.evaluate(
                    """async (selector) => {
                        const begin = performance.now();
                        jupyterapp.commands.execute('notebook:run-cell');
                        for (;;) {
                            const image = document.querySelector(selector);
                            if (image?.complete && image.naturalWidth) return performance.now() - begin;
                            if (performance.now() - begin > 20000) return NaN;
                            await new Promise(requestAnimationFrame);
                        }
                    }""",
                    root_,
                )
                root = cell(page, number)
                slider = root.locator("input[type=range]").first
                last = root.locator(".gdt-scrubber input[type=range]")
                if last.count():
                    last.press("End")  # a walk that hasn't begun doesn't change
                times = lags(page, root, slider)
                size = made(name).size / 1e6
                told(f"{name} ({opened / 1000:.2f} s, {size:.1f} MB)", times)

            write_notebook(lab, "drag.ipynb", [START + EXPLORERS["descent_on_curve"]])
            open_notebook(page, lab, "drag.ipynb")
            run_all(page)
            time.sleep(1)
            root = cell(page, 0)
            rate, moves, backlog = dragged(page, root, root.locator("input[type=range]").first)
            print(
                f"\nDragged for five seconds: {rate:.0f} new frames per second ({moves:.0f} moves per "
                f"second sent), the last one {backlog:.0f} ms after the last move."
            )


if __name__ == "__main__":
    main(sys.argv[1:] or list(EXPLORERS))
