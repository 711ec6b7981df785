"""Every lesson in the real JupyterLab, in a real browser: run from top to bottom, as a learner would."""

import json

import pytest
from browsing import CELLS, IDLE, NOTEBOOKS, open_notebook, order, run_all


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all_gives_what_is_stored(page, lab, notebook):
    open_notebook(page, lab, notebook.name)
    order(page, "notebook:restart-clear-output")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(f"() => ({CELLS})().every(([_, outputs]) => outputs.length === 0)")
    page.wait_for_function(IDLE)
    run_all(page)

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
    open_notebook(page, lab, "03_update_rule.ipynb")
    answer = page.locator("details").first
    assert not answer.evaluate("d => d.open")
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert answer.evaluate("d => d.open")


def test_figures_have_words_for_screen_readers(page, lab):
    open_notebook(page, lab, "00_start_here.ipynb")
    figure = page.locator(".jp-OutputArea-child:has(img)").first
    figure.wait_for()
    unseen = page.locator(".jp-RenderedHTMLCommon p", has_text="Figure:").first
    assert "40 steps lead to" in unseen.inner_text()
    assert unseen.bounding_box()["width"] <= 1
