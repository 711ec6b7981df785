"""Run notebooks from top to bottom and store their outputs, as they are committed.

    python tools/run_notebooks.py notebooks/*.ipynb

Outputs are stored without widget state, run times or the name of this machine's kernel, so that two
runs give the same file.
"""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path):
    """Execute the notebook at path in its folder, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    kept = {name: notebook.metadata[name] for name in notebook.metadata if name not in METADATA}
    notebook.metadata = nbformat.from_dict({**METADATA, **kept})
    nbformat.write(notebook, path)
    print(f"{path}: {len(notebook.cells)} cells, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(pathlib.Path(name))
