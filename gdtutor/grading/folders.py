"""Temporary folders that carry their process's number, so that the next one tidies up after a kill."""

import os
import pathlib
import re
import shutil
import tempfile

import psutil

NAME = "gdtutor-{pid}-"
LEFT = re.compile(r"gdtutor-(\d+)-\w+")


def temporary_folder():
    """Return a new folder; whoever asked for it removes it.

    Examples
    --------
    >>> folder = temporary_folder()
    >>> folder.is_dir(), oct(folder.stat().st_mode)[-3:]
    (True, '700')
    >>> folder.rmdir()
    """
    return pathlib.Path(tempfile.mkdtemp(prefix=NAME.format(pid=os.getpid())))


def tidy():
    """Remove the folders of processes that are no more."""
    for folder in pathlib.Path(tempfile.gettempdir()).glob(NAME.format(pid="*") + "*"):
        match = LEFT.fullmatch(folder.name)
        if match and not psutil.pid_exists(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)  # another user's stays: it can't be removed
