"""What is given out: an exercise for students, an autograder for Gradescope.

Both carry gdtutor itself as a zip that pip installs, so that neither needs a server of ours.
"""

import io
import pathlib
import zipfile

import gdtutor

from .results import write_bytes, write_text

ROOT = pathlib.Path(gdtutor.__file__).parent.parent
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "gdtutor")
SECRET = "secret.txt"
SCRIPTS = ("setup.sh", "run_autograder")
README = """\
# {title}: exercises

1. Install, once (Python 3.11 or newer): `pip install gdtutor.zip`
2. Open the notebook: `jupyter lab {id}.ipynb`
3. Replace the dots, run the cells. Each check says what it tried and what came of it. Checks never count
   against you; what counts is the notebook that you hand in.
4. Before you hand in: *Run → Restart Kernel and Run All Cells*, save, and hand in `{id}.ipynb`.

When graded, your functions are tried on the cases that you have seen, and on others of the same kind.
There are numpy and Python's own library; plots aren't looked at.
"""
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when the autograder is built.
set -euo pipefail
apt-get update -qq
apt-get install -qq -y python3 python3-venv bubblewrap
python3 -m venv /autograder/env
/autograder/env/bin/pip install -q "/autograder/source/gdtutor.zip"
"""
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this, as root, in a container of its own for every submission.
cd /autograder
# The student's code runs as another user, who is to read neither answers nor results.
chmod -R go-rwx source results
find env/lib -type d -path "*-packages/gdtutor" -exec chmod go-rwx {{}} +
grade() {{
    env/bin/gdtutor grade submission --out /tmp/grades --exercise {id} {secret} \\
        --gradescope results/results.json "$@"
}}
# Where the container allows no sandbox within, the container itself is one.
grade || [ -s results/results.json ] || grade --trust-submissions
[ -s results/results.json ] || echo '{{"score": 0, "output": "Grading failed. Tell your teacher."}}' \\
    > results/results.json
"""


def release(exercise, out):
    """Write what students get into a folder: the notebook, how to begin, gdtutor.

    Parameters
    ----------
    exercise : Exercise
    out : path

    Examples
    --------
    >>> import tempfile
    >>> from .exercise import find
    >>> release(find("update_rule"), tempfile.mkdtemp())
    ['03_update_rule.ipynb', 'README.md', 'gdtutor.zip']
    """
    out = pathlib.Path(out)
    notebook = course_file(f"exercises/{exercise.id}.ipynb").read_bytes()
    write_bytes(out / f"{exercise.id}.ipynb", notebook)
    write_text(out / "README.md", README.format(title=exercise.lesson.title, id=exercise.id))
    write_bytes(out / "gdtutor.zip", zipped(package()))
    return sorted(path.name for path in out.iterdir())


def autograder(exercise, path, secret=b""):
    """Write an autograder for Gradescope: a zip to upload in the assignment's settings.

    Parameters
    ----------
    exercise : Exercise
    path : path
    secret : bytes
        Of the seeds.

    Examples
    --------
    >>> import tempfile
    >>> from .exercise import find
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "autograder.zip"
    >>> autograder(find("update_rule"), path, b"a secret")
    >>> zipfile.ZipFile(path).namelist()
    ['gdtutor.zip', 'run_autograder', 'secret.txt', 'setup.sh']
    """
    option = f"--secret source/{SECRET}" if secret else ""
    files = {
        "gdtutor.zip": zipped(package()),
        "run_autograder": RUN.format(id=exercise.id, secret=option).encode(),
        "setup.sh": SETUP.encode(),
    }
    write_bytes(path, zipped(files | ({SECRET: secret} if secret else {})))


def course_file(name):
    """Return the path of a file of the course, which isn't part of the installed package."""
    path = ROOT / name
    if not path.exists():
        raise FileNotFoundError(
            f"There is no {name} beside the package, in {ROOT}. Install from the course's own folder: "
            "`pip install -e .`"
        )
    return path


def package():
    """Return the files from which pip installs gdtutor, by name."""
    files = {}
    for name in NEEDED:
        top = course_file(name)
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                files[f"gdtutor/{path.relative_to(ROOT)}"] = path.read_bytes()
    return files


def zipped(files):
    """Return a zip of files by name, as bytes that depend on nothing else: no dates, no order."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name in SCRIPTS else 0o644) << 16
            archive.writestr(info, files[name])
    return data.getvalue()
