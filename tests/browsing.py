"""A real JupyterLab in a real Chromium, for all that looks at pages as a learner would."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"

# What the notebook holds after the run, asked of JupyterLab itself: cells out of sight aren't drawn.
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => [cell.model.executionCount, cell.model.outputs.toJSON()])"""


@contextmanager
def chromium():
    """Run Chromium, driven by Playwright; None where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chrome
        chrome.close()


@contextmanager
def running_lab(folder, app="jupyterlab"):
    """Run a JupyterLab, or a Notebook 7, over a folder; its address and the folder."""
    name = {"jupyterlab": "LabApp", "notebook": "JupyterNotebookApp"}[app]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", app, f"--ServerApp.root_dir={folder}", f"--port={port}",
         "--ServerApp.port_retries=0", "--ip=127.0.0.1", "--no-browser", "--allow-root",
         "--IdentityProvider.token=lessons", f"--{name}.expose_app_in_browser=True",
         "--LabApp.news_url="],
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
        yield SimpleNamespace(address=address, folder=folder)
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    with chromium() as chrome:
        if chrome is None:
            message = "Chromium isn't installed: nothing was opened in a browser (see README)."
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        yield chrome


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab over a copy of the lessons."""
    folder = tmp_path_factory.mktemp("lab")
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, folder)
    with running_lab(folder) as lab:
        yield lab


@pytest.fixture
def page(browser):
    """A fresh page. What goes wrong in its program is an error."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def write_notebook(lab, name, cells):
    """Write a notebook with these cells of code where JupyterLab finds it."""
    import nbformat  # slow to come, and not every test run needs it

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    nbformat.write(notebook, lab.folder / name)


def open_notebook(page, lab, name):
    """Open a notebook and wait until its kernel is there."""
    page.goto(f"{lab.address}/lab/tree/{name}?reset&token=lessons")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)


def run_all(page):
    """Run all cells and wait until they have run."""
    order(page, "notebook:run-all-cells")
    page.wait_for_function(f"() => ({CELLS})().every(([count]) => count)", timeout=120_000)
    page.wait_for_function(IDLE, timeout=60_000)


def order(page, command, **arguments):
    """Give JupyterLab a command, without waiting for what comes of it."""
    page.evaluate("([c, a]) => { jupyterapp.commands.execute(c, a); }", [command, arguments])
