"""What a student's code may import: numpy, Python's own library, and a few files of gdtutor.

They are copied into a folder of their own, once a process. What isn't in it can't be read in the
sandbox: no questions, no solutions, no rules that a question asks for.
"""

import atexit
import compileall
import functools
import pathlib
import shutil

import numpy as np

from .folders import temporary_folder, tidy

ROOT = pathlib.Path(__file__).parent.parent  # gdtutor
FILES = (
    "optimizer.py", "configured.py", "data.py", "check/calls.py", "check/limit.py", "check/plain.py",
    "check/tools.py", "check/wire.py", "grading/inside/__init__.py", "grading/inside/frames.py",
    "grading/inside/notebook.py", "grading/inside/runner.py", "grading/inside/silent.py",
)  # fmt: skip


@functools.cache
def stage():
    """Return the folder that stands on the sandbox's path.

    Examples
    --------
    >>> sorted(path.name for path in stage().iterdir())
    ['gdtutor', 'numpy', 'numpy.libs']
    """
    tidy()
    folder = temporary_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package = folder / "gdtutor"
    (package / "grading" / "inside").mkdir(parents=True)
    (package / "check").mkdir()
    for name in ("check", "grading"):  # without what the real ones import
        (package / name / "__init__.py").touch()
    shutil.copyfile(ROOT / "grading" / "inside" / "package.py", package / "__init__.py")
    for name in FILES:
        shutil.copyfile(ROOT / name, package / name)
    compileall.compile_dir(package, quiet=1, stripdir=folder)
    for name in numpy_folders():
        (folder / name).mkdir()
    for path in [folder, *folder.rglob("*")]:  # whoever the code is run as may read it
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def numpy_folders():
    """Return where numpy lies, by the name that each folder has beside the others."""
    home = pathlib.Path(np.__file__).parent
    libraries = home.parent / "numpy.libs"
    return {"numpy": home} | ({"numpy.libs": libraries} if libraries.is_dir() else {})
