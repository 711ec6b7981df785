"""Every lesson in the real JupyterLab, in a real browser: run from top to bottom, as a learner would."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# What the notebook holds after the run, asked of JupyterLab itself: cells out of sight aren't drawn.
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => [cell.model.executionCount, cell.model.outputs.toJSON()])"""

IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


@pytest.fixture(scope="module")
def browser():
    """Chromium, driven by Playwright."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        message = "Chromium isn't installed: lessons weren't opened in a browser (see README)."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab over a copy of the lessons; yields its address."""
    folder = tmp_path_factory.mktemp("lab")
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", f"--port={port}",
         "--ServerApp.port_retries=0", "--ip=127.0.0.1", "--no-browser", "--allow-root",
         "--IdentityProvider.token=lessons", "--LabApp.expose_app_in_browser=True"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_NO_CONFIG": "1"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api?token=lessons", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(browser):
    """A fresh page."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    yield page
    page.close()


def open_lesson(page, lab, name):
    """Open a notebook and wait until its kernel is there."""
    page.goto(f"{lab}/lab/tree/{name}?reset&token=lessons")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)


def order(page, command):
    """Give JupyterLab a command, without waiting for what comes of it."""
    page.evaluate(f"() => {{ jupyterapp.commands.execute('{command}'); }}")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all_gives_what_is_stored(page, lab, notebook):
    open_lesson(page, lab, notebook.name)
    order(page, "notebook:restart-clear-output")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(f"() => ({CELLS})().every(([_, outputs]) => outputs.length === 0)")
    page.wait_for_function(IDLE)
    order(page, "notebook:run-all-cells")
    page.wait_for_function(f"() => ({CELLS})().every(([count]) => count)", timeout=60_000)
    page.wait_for_function(IDLE)

    stored = [
        cell["outputs"]
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    seen = [outputs for _, outputs in page.evaluate(CELLS)]
    assert [words(outputs) for outputs in seen] == [words(outputs) for outputs in stored]


def words(outputs):
    """Return the texts among outputs."""
    texts = []
    for output in outputs:
        assert output["output_type"] != "error", output["traceback"]
        assert output.get("name") != "stderr", output["text"]
        text = output.get("text") or output["data"].get("text/plain") or output["data"]["text/html"]
        texts.append("".join(text))
    return texts


def test_answers_open_by_keyboard(page, lab):
    open_lesson(page, lab, "03_update_rule.ipynb")
    answer = page.locator("details").first
    assert not answer.evaluate("d => d.open")
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert answer.evaluate("d => d.open")


def test_figures_have_words_for_screen_readers(page, lab):
    open_lesson(page, lab, "00_start_here.ipynb")
    figure = page.locator(".jp-OutputArea-child:has(img)").first
    figure.wait_for()
    unseen = page.locator(".jp-RenderedHTMLCommon p", has_text="Figure:").first
    assert "four valleys" in unseen.inner_text()
    assert unseen.bounding_box()["width"] <= 1
