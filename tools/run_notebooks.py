"""Run notebooks from top to bottom and store their outputs, as they are committed.

    python tools/run_notebooks.py notebooks/*.ipynb

Outputs are stored without widgets and their state, run times or the name of this machine's kernel, so
that two runs give the same file. Of a live figure its picture and its words remain.
"""

import os
import pathlib
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
    for output in (o for cell in notebook.cells for o in cell.get("outputs", [])):
        output.get("data", {}).pop(VIEW, None)
    kept = {name: notebook.metadata[name] for name in notebook.metadata if name not in METADATA}
    notebook.metadata = nbformat.from_dict({**METADATA, **kept})
    nbformat.write(notebook, path)
    print(f"{path}: {len(notebook.cells)} cells, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(pathlib.Path(name))
