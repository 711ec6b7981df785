"""Results on disk: one JSON file a submission, written whole or not at all.

A result has a key (see `task`), the hash of all that it depends on. Where the key on disk is the one
that is wanted, the result stands.
"""

import contextlib
import json
import os
import pathlib
import tempfile


def write_text(path, text):
    """Write a text so that at any moment the old file is there, or the new one, never a part.

    The text goes to a temporary file beside it, is forced to the disk, and takes the other's place.

    Examples
    --------
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_text(folder / "marks.csv", "student,score")
    >>> [path.name for path in folder.iterdir()], (folder / "marks.csv").read_text()
    (['marks.csv'], 'student,score')
    """
    write_bytes(path, text.encode("utf-8", "replace"))


def write_bytes(path, data):
    """Write bytes as `write_text` writes a text."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def keep(path, result):
    """Write a result, unless it is there already."""
    if load(path) != result:
        write_text(path, dump(result))


def sweep(folder):
    """Remove what a grader that was killed left half written, in a folder of grades."""
    for place in ("", "results", "feedback"):
        for path in pathlib.Path(folder, place).glob(".writing-*"):
            path.unlink(missing_ok=True)


def dump(result):
    """Return a result as text: sorted, so that equal results are equal bytes."""
    return json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def load(path):
    """Return the result in a file; None where there is none, or none that can be read.

    Examples
    --------
    >>> load("nowhere.json") is None
    True
    """
    try:
        result = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) and "key" in result else None
