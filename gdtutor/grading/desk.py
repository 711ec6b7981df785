"""The grader's desk: from a pile of submissions to a folder of grades.

GRADES/results/ID.json    a result for each submission; all else is made from these
GRADES/overrides.csv      marks by hand: made once, empty, and never written again
GRADES/gradebook.csv      GRADES/feedback/ID.html      GRADES/class_report.html
"""

import pathlib
import secrets

from .engine import Stopped, path_of
from .feedback import class_report_html, feedback_html
from .gradebook import absent, gradebook, marked, read_overrides, strange_overrides
from .results import keep, load, write_text


def secret_in(path):
    """Return the secret in a file; where there is no file, a new secret is put there.

    Examples
    --------
    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "class.secret"
    >>> len(secret_in(path)), secret_in(path) == secret_in(path), oct(path.stat().st_mode)[-3:]
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


def kept(folder):
    """Return all results kept in a folder, in the order of their names."""
    paths = sorted((pathlib.Path(folder) / "results").glob("*.json"))
    return [result for result in map(load, paths) if result]


def merge(folders, out):
    """Bring the results of several folders together in one, and return them.

    Raises
    ------
    Stopped
        Where two folders have different results of one submission.
    """
    merged = {}
    for folder in folders:
        for result in kept(folder):
            if merged.setdefault(result["id"], result) != result:
                raise Stopped(
                    f"{folder} and a folder before it have different results of "
                    f"{result['student']}. Which one counts? Take the other away, and merge again."
                )
    for id, result in merged.items():
        keep(path_of(out, id), result)
    return [merged[id] for id in sorted(merged)]


def with_marks(folder, results):
    """Return results with the marks given by hand in `overrides.csv`, and remarks on those marks."""
    overrides = read_overrides(pathlib.Path(folder) / "overrides.csv")
    return [marked(result, overrides) for result in results], strange_overrides(results, overrides)


def write_up(folder, results, roster=None, exercise=""):
    """Write gradebook, feedback and class report.

    Parameters
    ----------
    folder : path
    results : list of dict
        With the marks given by hand.
    roster : Roster, optional
        Who is on it and handed in nothing is in the gradebook, too.
    exercise : str
        For those.
    """
    folder = pathlib.Path(folder)
    for result in results:
        write_text(folder / "feedback" / f"{result['id']}.html", feedback_html(result))
    everybody = results + absent(roster, results, exercise)
    everybody.sort(key=lambda result: (result["exercise"], result["student"], result["id"]))
    write_text(folder / "gradebook.csv", gradebook(everybody))
    write_text(folder / "class_report.html", class_report_html(everybody))
