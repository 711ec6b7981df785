"""Whose a file is: by the names that lead to it, as teachers and platforms make them.

    owners_of(File(("lovelaceada_123_456_update.ipynb",), …), 0, {})  →  (Owner("lovelaceada", "123"),)

The outermost name that can say whose a file is says it: what is further in, a student has chosen.
"""

import functools
import re
from dataclasses import dataclass, replace

import yaml

from ..course.record import FOLDERS
from .exercise import EXERCISES
from .files import READ, clean, ending, stem
from .submission import LARGEST, named

CANVAS = re.compile(  # ids never begin with 0: ada_2024_03_update_rule isn't from Canvas
    r"(?P<student>.+?)(?P<late>_LATE)?_(?P<lms_id>[1-9]\d{0,18})_[1-9]\d{0,18}_(?P<file>.+)"
)
MOODLE = re.compile(
    r"(?P<student>.+)_(?P<lms_id>\d{1,19})_assignsubmission_[a-z]+(?:_(?P<file>.*))?"
)
GRADESCOPE = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"
WRAPPER = re.compile(r"submitted|submissions?|assignment_\d+_export", re.IGNORECASE)
COPY = re.compile(r"(?:[ _]?\((\d{1,4})\)|-copy(\d{0,4}))$", re.IGNORECASE)
RESUBMITTED = re.compile(r"-(\d{1,4})$")  # Canvas puts it; elsewhere it may be student-11
# It makes texts only: 007 stays 007, and the tags that Gradescope writes for Ruby are ignored.
YAML = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes
    ----------
    student, lms_id, email : str
    place : int
        Which of the file's parts says so.
    file : str
        The file's name, where nothing but that says so.
    number : int
        Of the resubmission, as Canvas counts.
    late : bool
        Whether Canvas says that it came late.
    rostered : bool
        Whether it is somebody on the roster.
    """

    student: str
    lms_id: str = ""
    email: str = ""
    place: int = 0
    file: str = ""
    number: int = 0
    late: bool = False
    rostered: bool = False


def owners_of(file, around, submitters):
    """Return whose a file is: mostly one person, several for a group on Gradescope, or nobody.

    Parameters
    ----------
    file : File
    around : int
        How many folders are around all files.
    submitters : dict
        What Gradescope says: by the folder that holds them, a dict of submissions' names to owners.
    """
    last = len(file.parts) - 1
    folders = range(around, last)
    place = next((i for i in folders if not says_nothing(file.parts[i])), last)
    part = file.parts[place]
    if GRADESCOPE.fullmatch(part) and place < last:
        people = submitters.get(file.parts[:place], {}).get(part) or (Owner(part),)
        return tuple(replace(owner, place=place) for owner in people)
    match = by_platform(part)
    if match:
        told = match.groupdict()
        again = RESUBMITTED.search(stem(part)) if match.re is CANVAS else None
        number, late = int(again[1]) if again else 0, bool(told.get("late"))
        student = clean(told["student"])
        return (Owner(student, told["lms_id"], place=place, number=number, late=late),)
    if place < last:
        return (Owner(person_in(part), place=place),)
    if ending(part) in READ:
        return (Owner(person_in(part) or stem(part), place=place, file=part),)
    return ()  # a file that lies about


def by_platform(part):
    """Return the match of a name as Moodle or Canvas gives it, or None."""
    return MOODLE.fullmatch(part) or CANVAS.fullmatch(part)


def says_nothing(part):
    """Return whether a folder's name says nothing of students."""
    return bool(WRAPPER.fullmatch(part)) or not person_in(part)


@functools.lru_cache(10_000)
def person_in(part):
    """Return the student's name in a name that may hold an exercise's, and the number of a copy.

    Examples
    --------
    >>> [person_in(part) for part in ("ada_03_update_rule (1).ipynb", "Update-Rule Ada", "momentum")]
    ['ada', 'Ada', '']
    """
    name = COPY.sub("", stem(part))
    for exercise in EXERCISES:
        name = named(exercise).sub("", name)
    return name.strip(" _-.,;+~")


def copy_number(name):
    """Return the number that a browser or Jupyter has given to a copy.

    Examples
    --------
    >>> copy_number("ada (2).ipynb"), copy_number("ada-Copy1.ipynb"), copy_number("ada-2.ipynb")
    (2, 1, 0)
    """
    match = COPY.search(stem(name))
    return int(match[1] or match[2] or 1) if match else 0


def folders_around(paths):
    """Return how many folders lie around all files without being a student's: a zipped folder's name.

    A folder that is alone is a student's own, unless in it are the names of several, or of a platform.

    Examples
    --------
    >>> folders_around([("homework 3", "ada.ipynb"), ("homework 3", "bob.ipynb")])
    1
    >>> folders_around([("ada", "03_update_rule.ipynb"), ("ada", "08_momentum.ipynb")])
    0
    """
    around = 0
    while paths and all(len(path) > around + 1 for path in paths):
        heads, below = ({path[i] for path in paths} for i in (around, around + 1))
        people = {person_in(part) for part in below - set(FOLDERS)} - {""}
        platform = any(by_platform(part) or GRADESCOPE.fullmatch(part) for part in below)
        (head, *others) = heads
        if others or by_platform(head) or GRADESCOPE.fullmatch(head):
            break
        if not (says_nothing(head) or platform or len(people) > 1):
            break
        around += 1
    return around


def submitters_in(file):
    """Return what Gradescope says: {"submission_77": owners}.

    Raises
    ------
    ValueError
        Where it can't be understood.
    """
    try:
        told = yaml.load(file.read(), Loader=YAML) if file.size <= LARGEST else None
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"{METADATA} can't be understood: {type(error).__name__}.") from error
    lists = {name: submitters(entry) for name, entry in told.items()} if type(told) is dict else {}
    if not any(lists.values()):
        raise ValueError(f"{METADATA} can't be understood: it names nobody.")
    return lists


def submitters(entry):
    """Return the owners that Gradescope names for a submission."""
    people = entry.get(":submitters") if type(entry) is dict else None
    owners = []
    for person in people[:20] if type(people) is list else ():
        told = person if type(person) is dict else {}
        texts = (told.get(f":{key}") for key in ("name", "sid", "email"))
        name, sid, email = (clean(text) if type(text) is str and text else "" for text in texts)
        if name or email or sid:
            owners.append(Owner(name or email or sid, sid, email))
    return tuple(owners)
