"""A submission: what somebody has handed in, and how its code is got out of it.

    cells(submission.read())  →  ["import numpy as np", "def step(x, slope, lr): …", …]

Files come from strangers: a notebook may be anything at all. `cells` takes what Jupyter would take, and
says in words what is wrong with the rest. Nothing is unpacked to the disk.
"""

import contextlib
import functools
import io
import json
import pathlib
import re
import stat
import zipfile
from dataclasses import dataclass

LARGEST = 20_000_000  # bytes of a file
TOO_LARGE = (
    f"The file has more than {LARGEST // 10**6} MB. Clear all outputs, save, and hand it in again."
)
MOST_CODE = 2_000_000  # letters of all code cells together
MOST_CELLS = 5_000
IMPORTS = re.compile(
    r"^[ \t]*(?:from[ \t]+gdtutor\.questions[ \t]+import[ \t]*(\([^)]{0,500}|[^\n#;]{0,500})"
    r"|(?:from|import)[ \t]+gdtutor\.questions\.(\w+))",
    re.MULTILINE,
)
SEPARATOR = r"[\W_]*"
OTHER_KINDS = {b"PK": "a zip", b"%PDF": "a PDF", b"<": "a web page", b"\x89PNG": "a picture"}
FROM_JUPYTER = "Hand in the .ipynb file itself: File, Download in Jupyter."


class Unreadable(ValueError):
    """A file that isn't a notebook; the message says why, to whoever handed it in."""


@dataclass(frozen=True)
class Submission:
    """What somebody has handed in for an exercise.

    Attributes
    ----------
    id : str
        The name of its files: "Ada_Lovelace-03_update_rule". Unique, and safe on every system.
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
    members: tuple[str, ...]
    problem: str
    notes: tuple[str, ...]

    def read(self):
        """Return the bytes of the file.

        Raises
        ------
        OSError
            Where it isn't there any more, or can't be read.
        """
        return read(self.source, self.members)


def read(source, members=()):
    """Return the bytes of a file, or of a member of a zip; one more than `LARGEST` if it is larger."""
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(regular(source))
        for member in members:
            archive = opened.enter_context(unzipped(file))
            try:
                info = archive.getinfo(member)
            except KeyError:
                raise OSError(f"{member!r} is no longer in {source}.") from None
            file = io.BytesIO(unpacked(archive, info))
        return file.read(LARGEST + 1)


def regular(path):
    """Return an open file: one of its own, not a link, a pipe or a device."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(f"{path} isn't a regular file any more.")
    return open(path, "rb")


def unzipped(file):
    """Return the zip in an open file."""
    try:
        return zipfile.ZipFile(file)
    except Exception as error:  # of many kinds, where the bytes are a stranger's
        raise OSError(str(error)) from error


def unpacked(archive, info):
    """Return the bytes of a zip's member, no further than one more than `LARGEST`."""
    try:
        # Others could blow up in memory before anybody can count: their decompressors know no limit.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError("an unusual kind of zip")
        if info.flag_bits & 1:
            raise NotImplementedError("it has a password")
        with archive.open(info) as file:
            return file.read(LARGEST + 1)
    except Exception as error:  # of many kinds, where the bytes are a stranger's
        raise OSError(f"{info.filename!r} can't be read from its zip: {error}") from error


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
        raise Unreadable(TOO_LARGE)
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty. Save the notebook, and hand it in again.")
    sources = [source(cell) for cell in code_cells(notebook(data))]
    if len(sources) > MOST_CELLS:
        raise Unreadable(f"The notebook has more than {MOST_CELLS:,} code cells.")
    if sum(map(len, sources)) > MOST_CODE:
        raise Unreadable(f"The notebook has more than {MOST_CODE:,} letters of code.")
    return sources


def notebook(data):
    """Return the JSON in a file, or say what is there instead."""
    for start, kind in OTHER_KINDS.items():
        if data.startswith(start):
            raise Unreadable(f"The file is {kind}, not a notebook. {FROM_JUPYTER}")
    text = ""
    try:
        text = data.decode(json.detect_encoding(data)).strip()
        # No number in a notebook matters here; as an integer it might have too many digits.
        return json.loads(text, parse_int=float)
    except RecursionError:
        raise Unreadable(f"The file is nested too deeply for a notebook. {FROM_JUPYTER}") from None
    except ValueError:
        if text.startswith("{") and not text.endswith("}"):
            words = "The notebook is cut off. Save it, and hand it in again as a whole."
        else:
            words = f"The file isn't a notebook, whatever its name says. {FROM_JUPYTER}"
        raise Unreadable(words) from None


def code_cells(notebook):
    """Return the code cells of a notebook of format 4, or of format 3 with its worksheets."""
    if not isinstance(notebook, dict):
        raise Unreadable(f"The file is JSON, but not a notebook. {FROM_JUPYTER}")
    sheets = notebook.get("worksheets")
    sheets = [notebook] if "cells" in notebook or not isinstance(sheets, list) else sheets
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    if not lists or not all(isinstance(cells, list) for cells in lists):
        raise Unreadable(f"There are no cells in the file: it isn't a notebook. {FROM_JUPYTER}")
    found = [cell for cells in lists for cell in cells if isinstance(cell, dict)]
    return [cell for cell in found if cell.get("cell_type") == "code"]


def source(cell):
    """Return a cell's source, in whichever form; what isn't text counts as empty."""
    text = cell.get("source", cell.get("input"))
    lines = text if isinstance(text, list) else [text]
    joined = "".join(line for line in lines if isinstance(line, str))
    return joined.encode("utf-8", "replace").decode()  # half a letter can't be code


def exercise_of(sources, name, known):
    """Return which of the known exercises a notebook is about; "" if that can't be found out.

    What its code imports counts more than what its file is called; of several imports, the one that the
    file's name agrees with, or the first.

    Parameters
    ----------
    sources : list of str
        Of the code cells.
    name : str
        Of the file; with folders before it, the last exercise that is named counts.
    known : list of str

    Examples
    --------
    >>> known = ["03_update_rule", "08_momentum"]
    >>> exercise_of(["from gdtutor.questions import momentum as ex"], "03_update_rule.ipynb", known)
    '08_momentum'
    >>> exercise_of([], "Ada Update-Rule (1).ipynb", known), exercise_of([], "ada.ipynb", known)
    ('03_update_rule', '')
    """
    places = sorted((match.start(), id) for id in known for match in named(id).finditer(name))
    told = [id for _, id in places]
    lessons = {id.partition("_")[2]: id for id in known}
    words = (" ".join(found) for text in sources for found in IMPORTS.findall(text))
    found = [word for text in words for word in re.findall(r"\w+", text)]
    imported = [lessons[word] for word in found if word in lessons]
    agreed = [id for id in imported if id in told]
    return next(iter([*agreed, *imported, *reversed(told)]), "")


@functools.cache
def named(exercise):
    """Return the pattern of an exercise's name as it may stand in a file's: "3 Update-Rule".

    Examples
    --------
    >>> [bool(named("03_update_rule").search(name)) for name in ("ada_updaterule", "my update rules")]
    [True, False]
    """
    number, _, lesson = exercise.partition("_")
    words = SEPARATOR.join(lesson.split("_"))
    pattern = rf"(?<![^\W_])(?:0*{int(number)}{SEPARATOR})?{words}(?![^\W_])"
    return re.compile(pattern, re.IGNORECASE)
