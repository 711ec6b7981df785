"""What every notebook keeps to: short texts, small cells, words for every picture, nothing left over."""

import json
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    """A lesson, parsed."""
    return json.loads(request.param.read_text(encoding="utf-8"))


def cells(notebook, kind):
    """Yield (id, source, cell)."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == kind:
            yield cell["id"], "".join(cell["source"]), cell


def test_cells_are_small(lesson):
    long = [name for name, code, _ in cells(lesson, "code") if len(code.splitlines()) > 15]
    wide = [name for name, code, _ in cells(lesson, "code") if re.search(".{80}", code)]
    assert (long, wide) == ([], [])


def test_texts_are_short(lesson):
    words = {
        name: len(re.sub("<[^>]+>", "", text).split())
        for name, text, _ in cells(lesson, "markdown")
    }
    assert {name: n for name, n in words.items() if n > 125} == {}


def test_every_cell_has_run_without_trouble(lesson):
    for name, _, cell in cells(lesson, "code"):
        assert cell["execution_count"], name
        for output in cell["outputs"]:
            assert output["output_type"] != "error", name
            assert output.get("name") != "stderr", name


def test_every_picture_has_words(lesson):
    pictures = 0
    for name, _, cell in cells(lesson, "code"):
        for output in cell["outputs"]:
            if "image/png" in output.get("data", {}):
                pictures += 1
                alt = output["metadata"]["image/png"]["alt"]
                assert len(alt.split()) > 5, name
                assert "".join(output["data"]["text/plain"]) == alt
    assert pictures


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_file_is_light(path):
    assert path.stat().st_size < 1_500_000
    text = path.read_text(encoding="utf-8")
    assert '"widgets"' not in text
    assert "FIXME" not in text
