"""Files of strangers: in a folder, in a zip, in zips within a zip. Nothing is unpacked to the disk.

    walk(path, remarks)  →  Found(("ada", "update.ipynb"), …), …

Regular files only, really in the place named. What can't be looked into becomes a remark.
"""

import contextlib
import io
import os
import pathlib
import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass

from .submission import BROKEN_ZIP, LARGEST, zip_of

SKIPPED = ("__MACOSX",)
MOST = 20_000  # files
ZIPS_WITHIN = 2
JOINERS = "\u200c\u200d"  # of letters, in Persian and in languages of India


@dataclass(frozen=True)
class Found:
    """A file, or what holds none: the names that lead to it, and where its bytes are.

    Attributes
    ----------
    path : tuple of str
        Names of folders, zips, and the file; the last is empty for a folder without files.
    source : Path
        The file on the disk.
    members : tuple of str
        The name within it if that is a zip, and so on.
    """

    path: tuple
    source: pathlib.Path
    members: tuple = ()

    @property
    def name(self):
        """The file's name."""
        return self.path[-1]


def walk(path, remarks):
    """Yield all regular files in a place, those in zips too; remarks are added to.

    Raises
    ------
    ValueError
        Where there is no such place.
    """
    if path.is_file() and path.suffix.lower() == ".zip":
        with open(path, "rb") as file:
            try:
                yield from in_zip(zip_of(file), Found((), path), remarks)
            except BROKEN_ZIP as error:
                raise ValueError(f"{path} can't be opened as a zip: {error}") from error
    elif path.is_file():
        yield Found((clean(path.name),), path)
    elif path.is_dir():
        yield from in_folder(path, remarks)
    else:
        raise ValueError(f"There is no {path}. Give a folder, a zip, or a notebook.")


def in_folder(top, remarks):
    """Yield the files in a folder; for a folder in it without any, that there is none."""
    number = 0
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not skipped(name))
        here = pathlib.Path(folder)
        parts = tuple(clean(part) for part in here.relative_to(top).parts)
        some = bool(folders)
        for name in sorted(name for name in names if not skipped(name)):
            number += 1
            if number > MOST:
                raise ValueError(f"{top} has more than {MOST:,} files. Is it the right folder?")
            found = Found((*parts, clean(name)), here / name)
            if not stat.S_ISREG(os.lstat(found.source).st_mode):
                remarks.append(f"{'/'.join(found.path)} isn't a regular file, and was left out.")
                continue
            some = True
            if name.lower().endswith(".zip"):
                with open(found.source, "rb") as file:
                    yield from opened(file, found, remarks)
            else:
                yield found
        if parts and not some:
            yield Found((*parts, ""), here)


def opened(file, found, remarks):
    """Yield the files in a student's zip; the zip itself where there is nothing in it to be had."""
    some = False
    try:
        for inner in in_zip(zip_of(file), found, remarks):
            some = True
            yield inner
    except BROKEN_ZIP as error:
        remarks.append(f"{'/'.join(found.path)} can't be opened as a zip: {error}")
    if not some:
        yield found


def in_zip(archive, outer, remarks):
    """Yield the files in an open zip."""
    entries = archive.infolist()
    if len(entries) > MOST:
        raise ValueError(f"it has more than {MOST:,} files")
    paths = [parts_of(info) for info in entries]
    full = {path[:n] for path in paths for n in range(1, len(path))}
    for info, path in zip(entries, paths):
        found = Found((*outer.path, *path), outer.source, (*outer.members, info.filename))
        told = "/".join(found.path)
        if not path or any(skipped(part) for part in path):
            continue
        if info.is_dir():
            if path not in full:
                yield Found((*found.path, ""), found.source, found.members)
        elif stat.S_ISLNK(info.external_attr >> 16):
            remarks.append(f"{told} isn't a regular file, and was left out.")
        elif info.flag_bits & 1:
            remarks.append(f"{told} is encrypted, and was left out.")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            remarks.append(f"{told} is packed in a rare way, and was left out.")
        elif found.name.lower().endswith(".zip") and len(found.members) < ZIPS_WITHIN:
            with archive.open(info) as file:  # all of it at once: a zip is read from its end
                yield from opened(io.BytesIO(file.read(LARGEST)), found, remarks)
        else:
            yield found


def parts_of(info):
    """Return the names that lead to a member of a zip, as they were meant."""
    name = info.filename
    if not info.flag_bits & 0x800:  # not marked as UTF-8, which it often is all the same
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return tuple(clean(part) for part in re.split(r"[/\\]", name) if part not in ("", ".", ".."))


def skipped(name):
    """Return whether a file or folder is the system's, not a student's."""
    return name.startswith(".") or name in SKIPPED


def clean(name):
    r"""Return a name in the form in which equal names are equal, without what can't be seen.

    Examples
    --------
    >>> clean("e\u0301lise"), clean("ada\u202e\x1b[31m")
    ('élise', 'ada[31m')
    """
    name = name.encode("utf-8", "backslashreplace").decode()  # names in no encoding at all
    seen = (c for c in name if unicodedata.category(c)[0] != "C" or c in JOINERS)
    return unicodedata.normalize("NFC", "".join(seen))
