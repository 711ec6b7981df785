"""Who handed in what: from a folder, a zip, or a platform's download to submissions.

    SUBMISSIONS/ada.ipynb, ada_03_update_rule.ipynb, ada/03_update_rule.ipynb
    Canvas       lovelaceada_LATE_123_456_update-1.ipynb
    Moodle       Ada Lovelace_12345_assignsubmission_file_/update.ipynb
    Gradescope   assignment_1_export/submission_77/update.ipynb, submission_metadata.yml
    nbgrader     submitted/ada/03_update_rule/update.ipynb

Any of these may be zipped, and what a student handed in may be a zip, too. The order in which files
come makes no difference. `files` walks, `owners` says whose a file is; here it is settled what counts.
"""

import pathlib
import re
from dataclasses import dataclass, field, replace

from .exercise import EXERCISES, find
from .files import Found, walk
from .owners import METADATA, Owner, gradescope_people, owners, shared_names
from .roster import fold
from .submission import Submission, Unreadable, cells, exercise_of, read

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
KNOWN = list(EXERCISES)


@dataclass
class Ingest:
    """What was handed in: submissions, sorted, and remarks about all else."""

    submissions: list
    remarks: list = field(default_factory=list)


@dataclass(frozen=True)
class Notebook:
    """A notebook, looked at: whose it is, what it is about, and what keeps it from being read."""

    who: Owner
    found: Found
    about: str
    problem: str

    @property
    def rank(self):
        """Of several the highest counts: one that can be read, the latest copy, the last by name."""
        return not self.problem, self.who.copy, self.found.path


def ingest(path, exercise="", roster=None):
    """Return what was handed in.

    Parameters
    ----------
    path : path
        A folder, a zip, or one notebook.
    exercise : str
        Which exercise is to be graded; without it, whichever each notebook is about.
    roster : Roster, optional
        Names for the students.

    Raises
    ------
    ValueError
        Where there is nothing to grade in that place.

    Examples
    --------
    >>> import tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "ada.ipynb").write_text('{"cells": []}')
    >>> [s.id for s in ingest(folder, "update_rule").submissions]
    ['ada-03_update_rule']
    """
    wanted, remarks = find(exercise).id if exercise else "", []
    files = sorted(walk(pathlib.Path(path), remarks), key=lambda found: (found.path, found.members))
    if not files:
        raise ValueError(f"There is nothing to grade in {path}. It should hold notebooks (.ipynb).")
    people, shared, piles = gradescope_people(files, remarks), shared_names(files), {}
    for found in files:
        if found.name == METADATA:
            continue
        for who in owners(found, shared, people):
            who = known(who, roster, remarks)
            piles.setdefault((who.student, who.lms_id), []).append((who, found))
    submissions = [one for pile in piles.values() for one in handed_in(pile, wanted, remarks)]
    return Ingest(with_ids(submissions), sorted(set(remarks)))


def known(who, roster, remarks):
    """Return an owner with the name that the roster has."""
    if roster is None:
        return who
    person = roster.match(who.student, who.lms_id, who.email)
    if person is None:
        remarks.append(f"{who.student} isn't on the roster, or could be more than one of it.")
        return who
    lms_id, email = who.lms_id or person.lms_id, who.email or person.email
    return replace(who, student=person.student, email=email, lms_id=lms_id)


def handed_in(pile, wanted, remarks):
    """Return the submissions among what one student handed in: one for each exercise."""
    notebooks = [looked_at(*entry, wanted) for entry in pile if is_notebook(entry[1])]
    others = [found for _, found in pile if found.name and not is_notebook(found)]
    who, first = pile[0]
    if not notebooks and not who.lms_id and all(lies_about(found) for _, found in pile):
        remarks += [f"{found.name} isn't a notebook, and was left out." for found in others]
        return []
    if not notebooks:
        named = ", ".join(found.name for found in others)
        words = (
            f"No notebook was handed in, only {named}."
            if named
            else "Nothing was handed in: an empty folder."
        )
        return [submission(who, first, wanted, words)]
    remarks += [f"{'/'.join(found.path)} isn't a notebook, and was left out." for found in others]
    abouts = dict.fromkeys(notebook.about for notebook in notebooks)
    if wanted in abouts:
        for notebook in notebooks:
            if notebook.about != wanted:
                what = notebook.about or "no exercise"
                remarks.append(f"{who.student} also handed in {notebook.found.name}, of {what}.")
        abouts = [wanted]
    return [best([n for n in notebooks if n.about == about], wanted) for about in abouts]


def is_notebook(found):
    """Return whether a file is called as notebooks are."""
    return found.name.lower().endswith(".ipynb")


def lies_about(found):
    """Return whether a file lies in nobody's folder, and is nobody's zip."""
    return len(found.path) == 1 and not found.name.lower().endswith(".zip")


def looked_at(who, found, wanted):
    """Return a notebook with what it is about: by its code, its name, or the folders it lies in."""
    sources, problem = [], ""
    try:
        sources = cells(read(found.source, found.members))
    except (Unreadable, OSError) as error:
        problem = str(error)
    names = (exercise_of(sources, name, KNOWN) for name in reversed(found.path))
    return Notebook(who, found, next(filter(None, names), "") or wanted, problem)


def best(notebooks, wanted):
    """Return the submission for an exercise: of several notebooks the one that ranks highest."""
    first, *others = sorted(notebooks, key=lambda notebook: notebook.rank, reverse=True)
    problem = ""
    if not first.about:
        problem = "Which exercise is this? Its first cell doesn't say. Give --exercise."
    elif wanted and first.about != wanted:
        problem = f"This is a notebook of {first.about}, not of {wanted}."
    notes = ()
    if others:
        left = ", ".join(sorted(notebook.found.name for notebook in others))
        name = first.found.name
        notes = (f"Of {len(notebooks)} notebooks for this exercise, {name} counts; not {left}.",)
    notes += ("Canvas says that it came late.",) * first.who.late
    return submission(first.who, first.found, wanted or first.about, problem, notes)


def submission(who, found, exercise, problem="", notes=()):
    """Return a submission that has no id yet."""
    return Submission(
        id="", student=who.student, lms_id=who.lms_id, email=who.email, exercise=exercise,
        file=found.name, source=found.source, members=found.members, problem=problem, notes=notes,
    )  # fmt: skip


def with_ids(submissions):
    """Return submissions sorted, each with an id of its own."""
    taken, done = set(), []
    for one in sorted(submissions, key=order):
        stem = safe(one.student) + (f"-{one.exercise}" if one.exercise else "")
        id, number = stem, 1
        while id.casefold() in taken:
            number += 1
            id = f"{stem}-{number}"
        taken.add(id.casefold())
        done.append(replace(one, id=id))
    return done


def order(one):
    """Return what submissions are sorted by."""
    return fold(one.student), one.student, one.lms_id, one.exercise, one.file, one.members


def safe(name):
    """Return a name that every system takes for a file.

    Examples
    --------
    >>> safe("../Ada: <b>"), safe("李明"), safe("con"), safe("")
    ('Ada_b', '李明', '_con', '_')
    """
    name = FORBIDDEN.sub("_", name)[:50].strip("._- ")
    return f"_{name}" if not name or RESERVED.match(name) else name
