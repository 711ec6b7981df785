r"""Whose a file is, by the names that lead to it.

The outermost name that can say it says it: what lies further in, a student has chosen, and could have
chosen to look like somebody else's.
"""

import re
from dataclasses import dataclass

import yaml

from .exercise import EXERCISES
from .files import clean
from .submission import read

ID = r"[1-9]\d{0,18}"
CANVAS = re.compile(rf"^(?P<student>[^_]+)(?P<late>_LATE)?_(?P<lms_id>{ID})_{ID}_(?P<file>.+)$")
MOODLE = re.compile(
    r"^(?P<student>.+?)_(?P<lms_id>\d{1,19})_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$"
)
GRADESCOPE = re.compile(r"^submission_\d+$")
METADATA = "submission_metadata.yml"
COPY = re.compile(r"(?:[ _]?\((\d{1,4})\)|-copy(\d{0,4}))$", re.IGNORECASE)
AGAIN = re.compile(r"-(\d{1,4})$")  # a resubmission, in Canvas
SAYS_NOTHING = ("submitted", "submissions")


@dataclass(frozen=True)
class Owner:
    """Whose a file is, and what the names say besides.

    Attributes
    ----------
    student, lms_id, email : str
    late : bool
        Whether Canvas says that it came late.
    copy : int
        The number of a copy: "update (2).ipynb", or of a resubmission.
    """

    student: str
    lms_id: str = ""
    email: str = ""
    late: bool = False
    copy: int = 0


def owners(found, shared, people):
    """Return whose a file is: mostly one, for a group all of its members.

    Parameters
    ----------
    found : Found
    shared : int
        How many names at the beginning are the same for all.
    people : dict
        Of Gradescope's own list.
    """
    names = [name for name in found.path[shared:] if name.lower() not in SAYS_NOTHING]
    for name in names:
        if GRADESCOPE.match(name) and name in people:
            return people[name]
        match = MOODLE.match(name) or CANVAS.match(name)
        if match:
            told = match.groupdict()
            number = copy_of(stem(match["file"] or found.name), AGAIN, COPY)[1]
            late = bool(told.get("late"))
            return (Owner(clean(match["student"]), match["lms_id"], "", late, number),)
        student = bare(name if name is not found.path[-1] else copy_of(stem(name), COPY)[0])
        if student:
            break
    else:  # nothing but the exercise's name: the folder around it, or the name as it is
        around = [bare(name) for name in found.path[:shared]]
        student = next((name for name in reversed(around) if name), stem(found.name))
    return (Owner(student, copy=copy_of(stem(found.name), COPY)[1]),)


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
        pattern = rf"(?:\b|(?<=_))(?:\d\d[ _-])?{pattern}(?=\b|_)"
        name = re.sub(pattern, "", name, flags=re.IGNORECASE)
    return name.strip(" _-")


def stem(name):
    """Return a notebook's name without its ending."""
    return re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE)


def copy_of(name, *patterns):
    """Return a name without the number of a copy, and that number.

    Examples
    --------
    >>> copy_of("ada (2)", COPY), copy_of("x-Copy1", COPY), copy_of("x-1", AGAIN), copy_of("x-1", COPY)
    (('ada', 2), ('x', 1), ('x', 1), ('x-1', 0))
    """
    for pattern in patterns:
        match = pattern.search(name)
        if match:
            return name[: match.start()], int(next((n for n in match.groups() if n), "1"))
    return name, 0


def shared_names(files):
    """Return how many folders at the top are the same for all files, and so say nothing of students.

    The last of them does where it holds but one notebook, perhaps in several copies.
    """
    folders = [found.path[:-1] for found in files]
    shared = 0
    while all(len(names) > shared for names in folders):
        (name, *others) = {names[shared] for names in folders}
        if others or MOODLE.match(name) or CANVAS.match(name) or GRADESCOPE.match(name):
            return shared
        shared += 1
    notebooks = {copy_of(stem(f.name), COPY)[0] for f in files if f.name.endswith(".ipynb")}
    alone = len(notebooks) == 1 and all(len(names) == shared for names in folders)
    return shared - 1 if alone and shared else shared


def gradescope_people(files, remarks):
    """Return who handed in what, by Gradescope's own list: "submission_77" → owners.

    Only the list beside the submissions counts, not one that a student has handed in.
    """
    lists = sorted((f for f in files if f.name == METADATA), key=lambda f: len(f.path))
    people = {}
    for found in lists[:1]:
        try:
            text = read(found.source, found.members).decode("utf-8-sig")
            for number, entry in yaml.load(text, TEXTS).items():
                people[number] = tuple(map(submitter, entry[":submitters"]))
        except (
            yaml.YAMLError,
            RecursionError,
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
        ) as e:
            remarks.append(f"{METADATA} can't be understood: {type(e).__name__}.")
    return people


# It makes texts only: 007 stays 007, and the tags that Gradescope writes for Ruby are ignored.
TEXTS = yaml.BaseLoader


def submitter(entry):
    """Return the owner that an entry of Gradescope's list stands for."""
    name, sid, email = (str(entry.get(f":{key}") or "") for key in ("name", "sid", "email"))
    return Owner(clean(name or sid or email), sid, email)
