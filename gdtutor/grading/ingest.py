"""Who handed in what: from a folder, a zip, or a platform's download to submissions.

    SUBMISSIONS/ada.ipynb, ada_03_update_rule.ipynb, ada/03_update_rule.ipynb
    Canvas       lovelaceada_LATE_123_456_update-1.ipynb
    Moodle       Ada Lovelace_12345_assignsubmission_file_/update.ipynb
    Gradescope   assignment_1_export/submission_77/update.ipynb, submission_metadata.yml
    nbgrader     submitted/ada/03_update_rule/update.ipynb

Any of these may be zipped, and what a student handed in may be a zip, too. Data flow one way:

    walk → File → looked_at → Work, with its owners → settled → Submission

The order in which files come makes no difference.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace

from ..course.record import FOLDERS
from .exercise import EXERCISES, find
from .files import READ, File, ending, walk
from .owners import METADATA, copy_number, folders_around, owners_of, submitters_in
from .submission import Submission, Unreadable, cells, exercise_of

EMPTY, STRAY, NOTEBOOK = range(3)  # kinds of work
OURS = set(FOLDERS) - {"exercises"}  # in a zip of the whole course: not the student's work
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)  # by Windows
UNKNOWN = "Which exercise is this? Its first cell doesn't say. Give --exercise."


@dataclass
class Ingest:
    """What was handed in: submissions, sorted, and remarks about all else."""

    submissions: list
    remarks: list = field(default_factory=list)


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
    LookupError
        Where there is no such exercise.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "ada.ipynb").write_text('{"cells": []}')
    >>> [s.id for s in ingest(folder, "update_rule").submissions]
    ['ada-03_update_rule']
    """
    wanted = find(exercise).id if exercise else ""
    works, people, remarks = [], {}, []
    for file in walk(path):
        if file.name != METADATA or file.zips:
            works.append(looked_at(file, wanted))
            continue
        try:
            people[file.parts[:-1]] = submitters_in(file)
        except ValueError as error:
            remarks.append(str(error))
    around = folders_around([work.file.parts for work in works if work.kind != STRAY])
    piles = {}
    for work in works:
        owners = owners_of(work.file, around, people)
        remarks += [] if owners else [work.remark]
        for owner in owners:
            owner, remark = on_roster(owner, roster)
            remarks += [remark] if remark else []
            key = (owner.student, "" if owner.rostered else owner.lms_id, owner.rostered)
            piles.setdefault(key, []).append((owner, work))
    submissions = []
    for key in sorted(piles):
        graded, words = settled(piles[key], wanted)
        submissions += graded
        remarks += words
    remarks = sorted(set(remarks))
    if not submissions:
        words = f"There is nothing to grade in {path}. It should hold notebooks (.ipynb)."
        raise ValueError(" ".join([words, *remarks[:3]]))
    return Ingest(with_ids(submissions), remarks)


@dataclass(frozen=True)
class Work:
    """A file, and what it is.

    Attributes
    ----------
    file : File
    kind : int
        An empty folder, a file of another kind, a notebook (or a zip that should hold one).
    exercise : str
        "" if it isn't known.
    problem : str
        Why it can't be graded, in words.
    """

    file: File
    kind: int
    exercise: str = ""
    problem: str = ""

    def fits(self, exercise):
        """Return whether it is of this exercise, as far as one can tell."""
        return self.exercise in (exercise, "")

    @property
    def remark(self):
        """What a teacher should know, where it isn't graded."""
        if self.kind == STRAY:
            return f"{self.file.path} isn't a notebook, and was left out."
        words = self.problem or f"A notebook of {self.exercise}."
        return f"{self.file.path} was left out: {words}"


def looked_at(file, wanted):
    """Return what a file is. Its bytes aren't kept."""
    if not file.name:
        return Work(file, EMPTY, problem=file.trouble or "Nothing was handed in: an empty folder.")
    if ending(file.name) not in READ:
        return Work(file, STRAY, problem=f"No notebook was handed in, only {file.name}.")
    if file.trouble:
        return Work(file, NOTEBOOK, exercise_in(file), trouble_of(file, file.trouble))
    try:
        sources = cells(file.read())
    except Unreadable as error:
        return Work(file, NOTEBOOK, exercise_in(file), str(error))
    except OSError as error:
        # What is wrong with the teacher's own copy isn't the student's fault: grading will say so.
        return Work(file, NOTEBOOK, exercise_in(file), f"{error}." if file.zips else "")
    about = exercise_of(sources, file.path, list(EXERCISES))
    return Work(file, NOTEBOOK, about, "" if about or wanted else UNKNOWN)


def exercise_in(file):
    """Return the exercise that the names which lead to a file tell."""
    return exercise_of([], file.path, list(EXERCISES))


def trouble_of(file, words):
    """Return what is wrong with a file as a sentence."""
    return words if words.endswith(".") else f"{file.name} {words}."


def on_roster(owner, roster):
    """Return an owner as the roster calls them, and a remark about who isn't on it, or not for sure."""
    if roster is None:
        return owner, ""
    found = roster.candidates(owner.student, owner.lms_id, owner.email, owner.file)
    if len(found) != 1:
        names = listed([person.name or person.student for person in found])
        where = f"could be any of these on the roster: {names}" if found else "isn't on the roster"
        return owner, f"{owner.student} {where}."
    (person,) = found
    lms_id, email = owner.lms_id or person.lms_id, owner.email or person.email
    return replace(owner, student=person.student, lms_id=lms_id, email=email, rostered=True), ""


def settled(pile, wanted):
    """Return the submissions in what a student handed in, one for each exercise; remarks on the rest.

    Parameters
    ----------
    pile : list of (Owner, Work)
    wanted : str
        The exercise that is to be graded, or "" for all.
    """
    abouts = {wanted} if wanted else {work.exercise for _, work in pile} - {""} or {""}
    submissions, left = [], [work for _, work in pile if work.kind != EMPTY]
    for about in sorted(abouts):
        rivals = [item for item in pile if about in (wanted, item[1].exercise)]
        owner, best = max(rivals, key=lambda item: worth(*item, about))
        others = [w for _, w in rivals if w is not best and w.kind == NOTEBOOK and w.fits(about)]
        told = [best, *others] if best.fits(about) else [best]
        left = [work for work in left if work not in told]
        problem, notes = best.problem, []
        if not best.fits(about):
            problem = f"This is a notebook of {best.exercise}, not of {about}."
        elif others:
            names = [w.file.name for w in others]
            if best.file.name in names:  # in other folders
                names = [w.file.path for w in others]
            notes.append(
                f"Of {len(others) + 1} notebooks for this exercise, {best.file.name} counts; "
                f"not {listed(sorted(names))}."
            )
        if owner.late:
            notes.append("Canvas says that it came late.")
        submissions.append(
            Submission("", owner.student, owner.lms_id, owner.email, about, best.file.name,
                       best.file.source, best.file.members, problem, tuple(notes))
        )  # fmt: skip
    return submissions, [work.remark for work in left]


def worth(owner, work, about):
    """Return what decides which of several works is graded: the greatest."""
    parts = work.file.parts
    return (
        work.kind,
        work.fits(about),
        not work.problem,
        work.exercise == about,
        not OURS.intersection(parts[owner.place + 1 : -1]),
        owner.number,
        copy_number(parts[owner.place]),
        copy_number(parts[-1]),
        parts[-1],
        parts,
    )


def with_ids(submissions):
    """Return submissions sorted, each with an id of its own, also where case makes no difference."""
    taken, done = set(), []
    for one in sorted(
        submissions, key=lambda s: (s.student.casefold(), s.student, s.exercise, s.lms_id)
    ):
        base = safe(one.student) + (f"-{one.exercise}" if one.exercise else "")
        ids = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
        id = next(id for id in ids if id.casefold() not in taken)
        taken.add(id.casefold())
        done.append(replace(one, id=id))
    return done


def safe(name):
    """Return a name that every system takes for a file: of letters and numbers of any script, and short.

    Examples
    --------
    >>> safe("../Ada: <b>"), safe("李明"), safe("con"), safe("")
    ('Ada_b', '李明', '_con', '_')
    """
    form = unicodedata.normalize("NFKC", name)  # ：and ¹ as they may be read
    kept = "".join(c if c == "-" or unicodedata.category(c)[0] in "LMN" else " " for c in form)
    name = "_".join(kept.split())[:50].strip("_-")
    return f"_{name}" if not name or RESERVED.fullmatch(name) else name


def listed(names, most=5):
    """Return names in a row, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
