"""Who handed in what: from a folder, a zip, or a platform's download to submissions.

    SUBMISSIONS/ada.ipynb, ada_03_update_rule.ipynb, ada/03_update_rule.ipynb
    Canvas       lovelaceada_LATE_123_456_update-1.ipynb
    Moodle       Ada Lovelace_12345_assignsubmission_file_/update.ipynb
    Gradescope   assignment_1_export/submission_77/update.ipynb, submission_metadata.yml
    nbgrader     submitted/ada/03_update_rule/update.ipynb

Any of these may be zipped, and what a student handed in may be a zip, too. Nothing is unpacked to the
disk: a member of a zip is read when its turn comes. The order in which files come makes no difference.
"""

import os
import pathlib
import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field, replace

import yaml

from .exercise import EXERCISES, find
from .roster import fold
from .submission import Submission, Unreadable, cells, exercise_of, read

CANVAS = re.compile(r"^(?P<student>[^_]+)(?P<late>_LATE)?_(?P<lms_id>\d+)_\d+_(?P<file>.+)$")
MOODLE = re.compile(
    r"^(?P<student>.+?)_(?P<lms_id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$"
)
GRADESCOPE = re.compile(r"^submission_\d+$")
METADATA = "submission_metadata.yml"
COPY = re.compile(r"(?:[ _]?\((\d+)\)|-copy(\d*)|-(\d{1,2}))$", re.IGNORECASE)
SKIPPED = ("__MACOSX", ".ipynb_checkpoints")
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
MOST_FILES = 20_000
ZIPS_WITHIN = 2


@dataclass(frozen=True)
class Found:
    """A file, or an empty folder: the names that lead to it, and where its bytes are."""

    path: tuple
    source: pathlib.Path
    members: tuple = ()

    @property
    def name(self):
        """The file's name."""
        return self.path[-1]


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

    Examples
    --------
    >>> import tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "ada.ipynb").write_text('{"cells": []}')
    >>> [s.id for s in ingest(folder, "update_rule").submissions]
    ['ada-03_update_rule']
    """
    path = pathlib.Path(path)
    wanted = find(exercise).id if exercise else ""
    remarks = []
    files = sorted(files_in(path, remarks), key=lambda found: found.path)
    if not files:
        raise ValueError(f"There is nothing to grade in {path}. It should hold notebooks (.ipynb).")
    people = gradescope_people(files, remarks)
    shared = shared_folders(files)
    piles = {}
    for found in files:
        if found.name != METADATA:
            who = owner(found, shared, people)
            who = known(who, roster, remarks)
            piles.setdefault(who.student, []).append((who, found))
    submissions = [one for pile in piles.values() for one in handed_in(pile, wanted, remarks)]
    return Ingest(with_ids(submissions), sorted(set(remarks)))


# ---------------------------------------------------------------- files


def files_in(path, remarks):
    """Yield all regular files in a place, those in zips too."""
    if path.is_file() and path.suffix.lower() == ".zip":
        yield from in_zip(Found((), path), remarks)
    elif path.is_file():
        yield Found((path.name,), path)
    elif path.is_dir():
        yield from in_folder(path, remarks)
    else:
        raise ValueError(f"There is no {path}. Give a folder, a zip, or a notebook.")


def in_folder(top, remarks):
    """Yield the files in a folder: regular ones, really in it."""
    number = 0
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not skipped(name))
        here = pathlib.Path(folder)
        parts = tuple(nfc(part) for part in here.relative_to(top).parts)
        if parts and not folders and not any(not skipped(name) for name in names):
            yield Found((*parts, ""), here)
        for name in sorted(names):
            number += 1
            if number > MOST_FILES:
                raise ValueError(
                    f"{top} has more than {MOST_FILES:,} files: is it the right folder?"
                )
            found = Found((*parts, nfc(name)), here / name)
            if skipped(name):
                continue
            if not stat.S_ISREG(os.lstat(found.source).st_mode):
                remarks.append(f"{'/'.join(found.path)} isn't a regular file, and was left out.")
            elif name.lower().endswith(".zip"):
                yield from in_zip(found, remarks)
            else:
                yield found


def in_zip(outer, remarks):
    """Yield the files in a zip, and in zips within it."""
    try:
        with open(outer.source, "rb") as file:
            yield from members(file, outer, remarks)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        if not outer.path:
            raise ValueError(f"{outer.source} can't be opened as a zip: {error}") from error
        remarks.append(f"{'/'.join(outer.path)} can't be opened as a zip: {error}")
        yield outer


def members(file, outer, remarks):
    """Yield the files in an open zip."""
    with zipfile.ZipFile(file) as archive:
        if len(archive.infolist()) > MOST_FILES:
            raise ValueError(f"it has more than {MOST_FILES:,} files")
        names = [info.filename for info in archive.infolist()]
        for info in archive.infolist():
            parts = tuple(
                nfc(p) for p in re.split(r"[/\\]", info.filename) if p not in ("", ".", "..")
            )
            told = "/".join((*outer.path, *parts))
            if any(skipped(part) for part in parts):
                continue
            if info.is_dir():
                if not any(
                    name != info.filename and name.startswith(info.filename) for name in names
                ):
                    yield Found(
                        (*outer.path, *parts, ""), outer.source, (*outer.members, info.filename)
                    )
                continue
            found = Found((*outer.path, *parts), outer.source, (*outer.members, info.filename))
            if stat.S_ISLNK(info.external_attr >> 16):
                remarks.append(f"{told} isn't a regular file, and was left out.")
            elif info.flag_bits & 1:
                remarks.append(f"{told} is encrypted, and was left out.")
            elif found.name.lower().endswith(".zip") and len(found.members) < ZIPS_WITHIN:
                yield from zip_within(archive, info, found, remarks)
            else:
                yield found


def zip_within(archive, info, found, remarks):
    """Yield the files in a zip that is a member of another."""
    try:
        with archive.open(info) as file:
            yield from members(file, found, remarks)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        remarks.append(f"{'/'.join(found.path)} can't be opened as a zip: {error}")
        yield found


def skipped(name):
    """Return whether a file or folder is the system's, not a student's."""
    return name.startswith(".") or name in SKIPPED


def nfc(text):
    """Return a name in the form in which equal names are equal."""
    clean = text.encode("utf-8", "replace").decode()  # names in no encoding at all
    return unicodedata.normalize("NFC", clean)


# ---------------------------------------------------------------- people


@dataclass(frozen=True)
class Owner:
    """Whose a file is, and the file's own name where a platform has put more in front of it."""

    student: str
    lms_id: str = ""
    email: str = ""
    file: str = ""
    late: bool = False


def owner(found, shared, people):
    """Return whose a file is, by the names that lead to it."""
    for part in found.path:
        if GRADESCOPE.match(part) and part in people:
            return people[part]
        match = MOODLE.match(part) or CANVAS.match(part)
        if match:
            named = match.groupdict()
            return Owner(
                **named | {"file": match["file"] or found.name, "late": bool(named.get("late"))}
            )
    folders = [bare(part) for part in found.path[:-1]]
    own = [folder for folder in folders[shared:] if folder and folder != "submitted"]
    name = bare(copy_of(stem(found.name))[0])
    student = (
        next(iter(own), "") or name or next((f for f in reversed(folders) if f), "") or "unknown"
    )
    return Owner(student, file=found.name)


def bare(name):
    """Return a name without the exercise's name, or the ending of a zip.

    Examples
    --------
    >>> bare("03_update_rule_ada"), bare("ada-update_rule"), bare("03_update_rule"), bare("ada.zip")
    ('ada', 'ada', '', 'ada')
    """
    name = re.sub(r"\.zip$", "", name, flags=re.IGNORECASE)
    for exercise in EXERCISES.values():
        pattern = exercise.lesson.name.replace("_", "[ _-]")
        name = re.sub(
            rf"(?:\b|(?<=_))(?:\d\d[ _-])?{pattern}(?=\b|_)", "", name, flags=re.IGNORECASE
        )
    return name.strip(" _-")


def copy_of(stem):
    """Return a file's name without the number of a copy, and that number.

    Examples
    --------
    >>> copy_of("ada (2)"), copy_of("update-1"), copy_of("update-Copy1"), copy_of("ada")
    (('ada', 2), ('update', 1), ('update', 1), ('ada', 0))
    """
    match = COPY.search(stem)
    if not match:
        return stem, 0
    return stem[: match.start()], int(next((n for n in match.groups() if n), "1"))


def shared_folders(files):
    """Return how many folders at the top are the same for all files: they say nothing of students.

    The last of them does where it holds but one notebook, perhaps in several copies.
    """
    folders = [found.path[:-1] for found in files]
    shared = 0
    while all(len(f) > shared for f in folders) and len({f[shared] for f in folders}) == 1:
        shared += 1
    notebooks = {copy_of(stem(found.name))[0] for found in files if found.name.endswith(".ipynb")}
    alone = len(notebooks) == 1 and all(len(f) == shared for f in folders)
    return shared - 1 if alone and shared else shared


def stem(name):
    """Return a notebook's name without its ending."""
    return re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE)


def gradescope_people(files, remarks):
    """Return who handed in what by Gradescope's own list: "submission_77" → owner."""
    people = {}
    for found in files:
        if found.name != METADATA:
            continue
        try:
            told = yaml.safe_load(read(found.source, found.members).decode("utf-8-sig"))
            for number, entry in told.items():
                first = entry[":submitters"][0]
                student, sid, email = (
                    str(first.get(f":{k}") or "") for k in ("name", "sid", "email")
                )
                people[str(number)] = Owner(nfc(student or sid or email), sid, email)
        except (
            yaml.YAMLError,
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
        ) as error:
            remarks.append(f"{METADATA} can't be understood: {type(error).__name__}.")
    return people


def known(who, roster, remarks):
    """Return an owner with the name that the roster has."""
    if roster is None:
        return who
    person = roster.match(who.lms_id, who.email, who.student)
    if person is None:
        remarks.append(f"{who.student} isn't on the roster, or could be more than one of it.")
        return who
    return replace(
        who,
        student=person.student,
        email=who.email or person.email,
        lms_id=who.lms_id or person.lms_id,
    )


# ---------------------------------------------------------------- submissions


def handed_in(pile, wanted, remarks):
    """Return the submissions among what one student handed in: one for each exercise."""
    who = pile[0][0]
    notebooks = [entry for entry in pile if entry[1].name.lower().endswith(".ipynb")]
    others = [found for who, found in pile if found.name and (who, found) not in notebooks]
    if not notebooks and who.file in [found.path[-1] for found in others if len(found.path) == 1]:
        remarks += [f"{found.name} isn't a notebook, and was left out." for found in others]
        return []  # a file that lies about, nobody's folder
    if not notebooks:
        named = ", ".join(found.name for found in others)
        words = (
            f"no notebook was handed in, only {named}."
            if named
            else "nothing was handed in: an empty folder."
        )
        return [submission(who, pile[0][1], wanted, words[0].upper() + words[1:])]
    remarks += [f"{'/'.join(found.path)} isn't a notebook, and was left out." for found in others]
    by_exercise = {}
    for who, found in notebooks:
        by_exercise.setdefault(*looked_at(found, who, wanted)[:1], []).append((who, found))
    if wanted and wanted in by_exercise:
        for about, entries in by_exercise.items():
            if about != wanted:
                remarks += [f"{who.student} also handed in {found.name}, of {about or 'no exercise'}."
                            for who, found in entries]  # fmt: skip
        by_exercise = {wanted: by_exercise[wanted]}
    return [best(about, entries, wanted) for about, entries in by_exercise.items()]


def looked_at(found, who, wanted):
    """Return the exercise that a notebook is about, and what keeps it from being read."""
    try:
        sources = cells(read(found.source, found.members))
    except Unreadable as error:
        return exercise_of([], who.file, list(EXERCISES)) or wanted, str(error)
    except OSError as error:
        return wanted, str(error)
    return exercise_of(sources, who.file, list(EXERCISES)) or wanted, ""


def best(about, entries, wanted):
    """Return the submission for an exercise: of several notebooks the one with the highest number."""
    ranked = sorted(
        entries,
        key=lambda e: (copy_of(stem(e[0].file))[1], e[1].path),
        reverse=True,
    )
    who, found = ranked[0]
    problem = ""
    if not about:
        problem = "Which exercise is this? Its first cell doesn't say. Give --exercise."
    elif wanted and about != wanted:
        problem = f"This is a notebook of {about}, not of {wanted}."
    others = ", ".join(sorted(other.name for _, other in ranked[1:]))
    notes = (
        (f"Of {len(ranked)} notebooks for this exercise, {found.name} counts; not {others}.",)
        if others
        else ()
    )
    notes += ("Canvas says that it came late.",) * who.late
    return submission(who, found, wanted or about, problem, notes)


def submission(who, found, exercise, problem="", notes=()):
    """Return a submission that has no id yet."""
    return Submission(
        id="", student=who.student, lms_id=who.lms_id, email=who.email, exercise=exercise,
        file=found.name, source=found.source, members=found.members, problem=problem, notes=notes,
    )  # fmt: skip


def with_ids(submissions):
    """Return submissions sorted, each with an id of its own."""
    taken, done = set(), []
    for one in sorted(submissions, key=lambda s: (fold(s.student), s.student, s.exercise, s.file)):
        stem = safe(one.student) + (f"-{one.exercise}" if one.exercise else "")
        id, number = stem, 1
        while id.casefold() in taken:
            number += 1
            id = f"{stem}-{number}"
        taken.add(id.casefold())
        done.append(replace(one, id=id))
    return done


def safe(name):
    """Return a name that every system takes for a file.

    Examples
    --------
    >>> safe("../Ada: <b>"), safe("李明"), safe("con"), safe("")
    ('Ada_b', '李明', '_con', '_')
    """
    name = FORBIDDEN.sub("_", name)[:50].strip("._- ")
    return f"_{name}" if not name or RESERVED.match(name) else name
