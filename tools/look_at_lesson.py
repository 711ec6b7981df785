"""Open a notebook in JupyterLab in Chromium, run all its cells, and photograph it from top to bottom.

    python tools/look_at_lesson.py notebooks/03_update_rule.ipynb pictures/ [width]

Numbers the pictures 00.png, 01.png, …; each is one screen. The notebook itself isn't changed.
"""

import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
from browsing import chromium, open_notebook, order, run_all, running_lab

PANE = ".jp-WindowedPanel-outer"


def look(notebook, folder, width=1400, height=1000):
    """Photograph a notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(notebook, place)
        with running_lab(pathlib.Path(place)) as lab, chromium() as chrome:
            page = chrome.new_page(viewport={"width": width, "height": height})
            open_notebook(page, lab, notebook.name)
            run_all(page)
            order(page, "application:toggle-left-area")
            page.wait_for_timeout(1000)
            pane = page.locator(PANE)
            pane.evaluate("pane => { pane.scrollTop = 0; }")
            for n in range(99):
                page.wait_for_timeout(700)
                page.screenshot(path=folder / f"{n:02d}.png")
                moved = pane.evaluate(
                    "pane => { const before = pane.scrollTop;"
                    " pane.scrollTop += pane.clientHeight - 60; return pane.scrollTop - before; }"
                )
                if moved < 1:
                    return


if __name__ == "__main__":
    look(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:]))
