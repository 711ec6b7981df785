"""The files in a place: in folders, in zips, and in zips that students made.

    walk("class.zip")  →  File(parts=("ada", "work.zip", "update.ipynb"), …), …

Zips and names come from strangers. Only regular files that are really there are read. Nothing is
unpacked to the disk: a zip is read in memory, no further than allowed; a name leads to words only.
"""

import contextlib
import functools
import io
import itertools
import os
import pathlib
import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from .submission import LARGEST, TOO_LARGE, read, unpacked, unzipped

READ = (".ipynb", ".zip")
SKIPPED = ("__MACOSX", "__pycache__", "desktop.ini", "Thumbs.db", "timestamp.txt")  # of nbgrader
MOST_FILES = 20_000
MOST_UNPACKED = 10 * LARGEST  # bytes of all that is read from one student's zip
ZIPS_WITHIN = 3  # what a student hands in, and two more in it
DEEPEST = 20  # folders in folders
TOO_MANY = f"{{}} has more than {MOST_FILES:,} files: is it the right place?"
JOINERS = "\u200c\u200d"  # of letters, in Persian and in India


@dataclass(frozen=True)
class File:
    """A file among the submissions; its name is empty where it stands for an empty folder.

    Attributes
    ----------
    parts : tuple of str
        The names that lead to it; a zip is a folder, too.
    source, members
        Where its bytes are: as in a Submission.
    zips : int
        In how many of the student's own zips it is.
    size : int
        In bytes.
    read : callable
        Returns its bytes, while the walk stands at it. OSError where that fails.
    trouble : str
        Why it isn't to be read, in words.
    """

    parts: tuple[str, ...]
    source: pathlib.Path
    members: tuple[str, ...] = ()
    zips: int = 0
    size: int = 0
    read: Callable[[], bytes] = bytes
    trouble: str = ""

    @property
    def name(self):
        """Its name; "" for an empty folder."""
        return self.parts[-1]

    @property
    def path(self):
        """The names that lead to it, as words."""
        return "/".join(part for part in self.parts if part)


def walk(path):
    """Yield the files in a place, and those in zips there. Each is to be read before the next.

    Parameters
    ----------
    path : path
        A folder, a zip, or a notebook.

    Raises
    ------
    ValueError
        Where it is none of these, can't be read, or holds too much.
    """
    given, path = path, pathlib.Path(os.path.realpath(path))
    if path.is_dir():
        yield from in_folder(path)
    elif path.is_file() and ending(path.name) == ".zip":
        try:
            archive = unzipped(path)
        except OSError as error:
            raise ValueError(f"{given} can't be opened: {error}. Download it again.") from error
        with archive:
            if len(archive.infolist()) > MOST_FILES:
                raise ValueError(TOO_MANY.format(given))
            yield from in_zip(File((), path), archive)
    elif path.is_file() and ending(path.name) == ".ipynb":
        yield from entry(on_disk((clean(path.name),), path))
    elif path.exists():
        raise ValueError(f"{given} should be a folder, a zip, or a notebook (.ipynb).")
    else:
        raise ValueError(f"There is no {given}. Give a folder, a zip, or a notebook (.ipynb).")


def in_folder(top):
    """Yield the files in a folder: those really in it, not links to other places."""

    def stop(error):
        raise ValueError(f"{error.filename} can't be read: {error.strerror}.") from error

    number = 0
    for place, folders, names in os.walk(top, onerror=stop):
        parts = tuple(clean(part) for part in pathlib.PurePath(place).relative_to(top).parts)
        links = [name for name in folders if leads_away(os.path.join(place, name))]
        names = sorted(name for name in [*names, *links] if not skipped(name))
        folders[:] = sorted(name for name in set(folders).difference(links) if not skipped(name))
        number += len(folders) + len(names)
        if number > MOST_FILES:
            raise ValueError(TOO_MANY.format(top))
        for name in names:
            yield from entry(on_disk((*parts, clean(name)), pathlib.Path(place, name)))
        if parts and not folders and not names:
            yield File((*parts, ""), pathlib.Path(place))
        if len(parts) >= DEEPEST and folders:
            folders.clear()
            yield File((*parts, ""), pathlib.Path(place), trouble="It is in too many folders.")


def leads_away(path):
    """Return whether a folder is a link to another one."""
    return os.path.realpath(path) != path


def on_disk(parts, path):
    """Return a file of a folder."""
    status = path.lstat()
    trouble = "" if stat.S_ISREG(status.st_mode) else "isn't a regular file"
    get = functools.partial(read, path)
    return File(parts, path, size=status.st_size, read=get, trouble=trouble)


def in_zip(outer, archive):
    """Yield the files in an open zip."""
    infos = {info.filename: info for info in archive.infolist()}.values()
    told = sorted((parts_in(info), info.filename, info) for info in infos if parts_in(info))
    told = [entry for entry in told if not any(map(skipped, entry[0]))]
    full = {parts[:n] for parts, _, _ in told for n in range(len(parts))}
    for parts, name, info in told:
        path, members = (*outer.parts, *map(clean, parts)), (*outer.members, name)
        if not name.endswith(("/", "\\")):
            kind = stat.S_IFMT(info.external_attr >> 16)
            trouble = "" if kind in (0, stat.S_IFREG) else "isn't a regular file"
            get = functools.partial(unpacked, archive, info)
            file = File(path, outer.source, members, outer.zips, info.file_size, get, trouble)
            yield from entry(file)
        elif parts not in full:
            yield File((*path, ""), outer.source, members, outer.zips)


def parts_in(info):
    r"""Return the names that lead to a zip's member, whatever way it tries to get out.

    Examples
    --------
    >>> import zipfile
    >>> parts_in(zipfile.ZipInfo("../../C:\\ada/./x.ipynb"))
    ('C:', 'ada', 'x.ipynb')
    """
    name = info.filename
    if not info.flag_bits & 0x800:  # said to be in a code page of 1981; mostly it isn't
        with contextlib.suppress(ValueError):
            name = name.encode("cp437").decode("utf-8")
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", ".", ".."))
    return parts if len(parts) <= DEEPEST else (*parts[:DEEPEST], parts[-1])


def entry(file):
    """Yield a file; where it is a student's zip, what is in it instead."""
    if file.trouble or ending(file.name) not in READ:
        yield file
    elif file.size > LARGEST:
        yield replace(file, trouble=TOO_LARGE)
    elif ending(file.name) == ".zip":
        yield from in_students_zip(file)
    else:
        yield file


def in_students_zip(file):
    """Yield the files in a zip that a student made; itself, with words, where it can't be opened."""
    if file.zips >= ZIPS_WITHIN:
        yield replace(file, trouble="is in too many zips")
        return
    try:
        data = file.read()
    except OSError as error:
        # What is wrong with the teacher's own copy isn't the student's fault: grading will say so.
        yield replace(file, trouble=str(error) if file.zips else "")
        return
    try:
        archive = unzipped(io.BytesIO(data))
    except OSError as error:
        yield replace(file, trouble=f"can't be opened as a zip: {error}")
        return
    with archive:
        infos = archive.infolist()
        size = sum(info.file_size for info in infos if ending(info.filename) in READ)
        if len(infos) > MOST_FILES or size > MOST_UNPACKED:
            yield replace(file, trouble="has too much in it")
            return
        files = in_zip(replace(file, zips=file.zips + 1), archive)
        yield next(files, replace(file, trouble="is an empty zip"))
        yield from files


def skipped(name):
    """Return whether a file or folder is the system's, not a student's."""
    return name.startswith(".") or name in SKIPPED


def ending(name):
    """Return the ending of a file's name: ".ipynb"."""
    return pathlib.PurePath(name).suffix.lower()


def stem(name):
    """Return a name without the ending of a notebook or a zip."""
    return name[: -len(ending(name))] if ending(name) in READ else name


def clean(text):
    r"""Return a name as words: equal names are equal, and nothing is in it that can't be seen.

    Examples
    --------
    >>> clean("A\u0301da\n \u202eecalevoL") == "Áda ecalevoL", clean("")
    (True, '?')
    """
    # What is in no encoding comes as half letters: each byte becomes a letter of its own.
    text = "".join(chr(ord(c) - 0xDC00) if "\udc80" <= c <= "\udcff" else c for c in text)
    text = unicodedata.normalize("NFC", " ".join(text[:1000].split()))
    seen = (c for c in text if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(itertools.islice(seen, 255)).strip() or "?"
