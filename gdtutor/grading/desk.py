"""The grader's desk: what `gdtutor grade` does, from a pile of submissions to a folder of grades.

GRADES/results/ID.json    one result a submission; the rest is made from these
GRADES/overrides.csv      marks by hand; written once, empty, and never touched again
GRADES/gradebook.csv      GRADES/feedback/ID.html      GRADES/class_report.html
"""

import pathlib
import secrets

from .engine import Stopped, path_of
from .feedback import class_report_html, feedback_html
from .gradebook import Overrides, gradebook
from .results import dump, load, write_text


def secret_of(path):
    """Return the secret in a file; where there is no file, a new secret is put there.

    Examples
    --------
    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "class.secret"
    >>> len(secret_of(path)), secret_of(path) == secret_of(path), oct(path.stat().st_mode)[-3:]
    (64, True, '600')
    """
    path = pathlib.Path(path)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    secret = path.read_bytes().strip()
    if not secret:
        raise Stopped(
            f"The secret in {path} is empty. Remove the file, and a new one will be made."
        )
    return secret


def results_in(folder):
    """Return all results kept in a folder, sorted by the name of their submission."""
    found = (load(path) for path in sorted((pathlib.Path(folder) / "results").glob("*.json")))
    return [result for result in found if result]


def merge(folders, out):
    """Bring the results of several folders into one, and return them.

    Where two folders have a result of the same submission, they must agree.
    """
    merged = {}
    for folder in folders:
        for result in results_in(folder):
            other = merged.setdefault(result["id"], result)
            if other != result:
                raise Stopped(
                    f"{folder} and another folder have different results of {result['student']}. "
                    "Grade that one again in one place, with --resume."
                )
    for id, result in merged.items():
        write_text(path_of(out, id), dump(result))
    return [merged[id] for id in sorted(merged)]
