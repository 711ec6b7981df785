"""Run notebooks from top to bottom and store their outputs, as they are committed.

    python tools/run_notebooks.py notebooks/*.ipynb

Outputs are stored without widgets and their state, run times or the name of this machine's kernel, so
that two runs give the same file. Of a live figure its picture and its words remain.

Cells are marked for slides by one rule (`slide_type`), for `jupyter nbconvert --to slides`.
"""

import itertools
import os
import pathlib
import re
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path):
    """Execute the notebook at path in its folder, as for a new learner, and write it back."""
    os.environ["GDTUTOR_PROGRESS"] = str(pathlib.Path(tempfile.mkdtemp()) / "my_progress.jsonl")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    for before, cell in zip([None, *notebook.cells], notebook.cells):
        cell.metadata["slideshow"] = {"slide_type": slide_type(cell, before)}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(joined(cell.outputs))
            for output in cell.outputs:
                output.get("data", {}).pop(VIEW, None)
    kept = {name: notebook.metadata[name] for name in notebook.metadata if name not in METADATA}
    notebook.metadata = nbformat.from_dict({**METADATA, **kept})
    nbformat.write(notebook, path)
    print(f"{path}: {len(notebook.cells)} cells, {path.stat().st_size / 1000:.0f} kB")


def joined(outputs):
    """Yield outputs, with what was printed in one piece: a busy machine sends it in several."""
    for printed, group in itertools.groupby(outputs, lambda output: output.get("name")):
        first, *others = group
        if printed:
            first.text += "".join(output.text for output in others)
            yield first
        else:
            yield from [first, *others]


def slide_type(cell, before):
    """Return what a cell is in a deck: a heading begins a slide, and what it leads to goes below.

    A text stays with the code behind it, where one screen holds both; imports and the recap of
    predictions are no slides.
    """
    if cell.cell_type == "markdown":
        return "slide" if cell.source.startswith("#") else "subslide"
    if re.match("import|from|lesson.recap", cell.source):
        return "skip"
    alone = (
        before is not None and before.cell_type == "markdown" and lines(before) + lines(cell) < 17
    )
    return "-" if alone else "subslide"


def lines(cell):
    """Return how many lines of a slide a cell takes: those of its text, and of what it shows."""
    shown = 0
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            shown += 14
        elif "text" in output:
            shown += output.text.count("\n")
        elif "text/plain" in output.get("data", {}):
            shown += output.data["text/plain"].count("\n")
    wrapped = sum(1 + len(line) // 90 for line in cell.source.splitlines())
    return wrapped + shown


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(pathlib.Path(name))
