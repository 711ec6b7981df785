"""A submission: what somebody has handed in, and how its code is got out of it.

Files come from strangers: a notebook may be anything at all. `cells` takes what Jupyter would take, and
says in words what is wrong with the rest.
"""

import functools
import io
import json
import os
import pathlib
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

LARGEST = 20_000_000  # bytes of a file
MOST_CODE = 2_000_000  # letters of all code cells together
IMPORTS = re.compile(
    r"^\s*(?:from\s+gdtutor\.questions\s+import|import\s+gdtutor\.questions\.)\s*(\w+)", re.M
)


class Unreadable(ValueError):
    """A file that isn't a notebook; the message says why, to whoever handed it in."""


@dataclass(frozen=True)
class Submission:
    """What somebody has handed in for an exercise.

    Attributes
    ----------
    id : str
        The name of its files: "ada-03_update_rule". Unique, and safe on every system.
    student : str
        Whose it is, as the gradebook says it.
    lms_id, email : str
        What the learning platform or the roster knows of the student; may be empty.
    exercise : str
        "03_update_rule"; empty if that couldn't be found out.
    file : str
        The name of the file, for words.
    source : Path
        The file, or the zip that it is in.
    members : tuple of str
        In a zip: its name there. In a zip within a zip: both names.
    problem : str
        Why it can't be graded; empty if it can.
    notes : tuple of str
        What a teacher should know of it.
    """

    id: str
    student: str
    lms_id: str
    email: str
    exercise: str
    file: str
    source: pathlib.Path
    members: tuple
    problem: str
    notes: tuple

    def read(self):
        """Return the bytes of the file.

        Raises
        ------
        OSError
            Where it isn't there any more, or can't be read.
        """
        return read(self.source, self.members)


def read(source, members=()):
    """Return the bytes of a file, or of a member of a zip; one more than `LARGEST` if it is larger.

    Raises
    ------
    OSError
        Where it can't be read.
    """
    with open(source, "rb") as file:
        try:
            if (
                len(members) > 1
            ):  # a zip within a zip is read as a whole: a zip is read from its end
                file = io.BytesIO(inner(source, os.stat(source).st_mtime_ns, members[:-1]))
            return member(file, members[-1]) if members else file.read(LARGEST + 1)
        except BROKEN_ZIP as error:
            raise OSError(f"{members[-1]} can't be read from its zip: {error}") from error


@functools.lru_cache(maxsize=1)
def inner(source, _, members):
    """Return the bytes of a zip within a zip, kept while its members are asked for one by one."""
    with open(source, "rb") as file:
        for name in members:
            file = io.BytesIO(member(file, name))
        return file.getvalue()


def member(file, name):
    """Return the bytes of a member of an open zip."""
    with zip_of(file).open(name) as found:
        return found.read(LARGEST + 1)


def zip_of(file):
    """Return an open file as a zip."""
    return zipfile.ZipFile(file)


BROKEN_ZIP = (
    zlib.error, struct.error, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError,
    OverflowError, zipfile.BadZipFile, OSError,
)  # fmt: skip


def cells(data):
    """Return the sources of a notebook's code cells, in their order.

    Parameters
    ----------
    data : bytes
        The file.

    Raises
    ------
    Unreadable
        Where it isn't a notebook.

    Examples
    --------
    >>> cells(b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}')
    ['x = 1']
    >>> cells(b"")
    Traceback (most recent call last):
        ...
    gdtutor.grading.submission.Unreadable: The file is empty. Save the notebook, and hand it in again.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            f"The file has more than {LARGEST // 10**6} MB. Clear all outputs, save it, and try again."
        )
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty. Save the notebook, and hand it in again.")
    try:
        notebook = json.loads(decoded(data), parse_int=float)  # of any length
    except (ValueError, RecursionError):
        raise Unreadable(
            "The file isn't a notebook, or only a part of one. Download the .ipynb file "
            "itself, see that it opens in Jupyter, and hand it in again."
        ) from None
    sources = [source(cell) for cell in code_cells(notebook)]
    if sum(map(len, sources)) > MOST_CODE:
        raise Unreadable(f"The notebook has more than {MOST_CODE:,} letters of code.")
    return sources


def decoded(data):
    """Return bytes as text, from whichever of the encodings that editors write."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding)
    return data.decode("utf-8-sig")


def code_cells(notebook):
    """Return the code cells of a notebook in format 4, or in format 3 with its worksheets."""
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON, but not a notebook. Hand in the .ipynb file itself.")
    sheets = notebook.get("worksheets")
    groups = [notebook, *sheets] if isinstance(sheets, list) else [notebook]
    lists = [group["cells"] for group in groups if isinstance(group, dict) and "cells" in group]
    if not lists or not all(isinstance(found, list) for found in lists):
        raise Unreadable("There are no cells in this file: it isn't a notebook.")
    found = [cell for cells in lists for cell in cells if isinstance(cell, dict)]
    return [cell for cell in found if cell.get("cell_type") == "code"]


def source(cell):
    """Return a cell's source, whichever of its forms it has."""
    text = cell.get("source", cell.get("input", ""))
    lines = text if isinstance(text, list) else [text]
    whole = "".join(line for line in lines if isinstance(line, str))
    return whole.encode("utf-8", "replace").decode()  # halves of letters become question marks


def exercise_of(sources, name, known):
    """Return which of the known exercises a notebook is about; "" if that can't be found out.

    What its code imports counts more than what its file is called.

    Parameters
    ----------
    sources : list of str
        Of the code cells.
    name : str
        Of the file.
    known : list of str

    Examples
    --------
    >>> known = ["03_update_rule", "08_momentum"]
    >>> exercise_of(["from gdtutor.questions import momentum as ex"], "03_update_rule.ipynb", known)
    '08_momentum'
    >>> exercise_of([], "ada update_rule (1).ipynb", known)
    '03_update_rule'
    """
    imported = [lesson for text in sources for lesson in IMPORTS.findall(text)]
    for lesson in imported:
        for exercise in known:
            if exercise.partition("_")[2] == lesson:
                return exercise
    simple = name.lower().replace("-", "_").replace(" ", "_")
    named = [exercise for exercise in known if exercise.partition("_")[2] in simple]
    return max(named, key=len) if named else ""
