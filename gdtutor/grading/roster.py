"""The class list: who is who, whatever a platform calls them.

A CSV file with a header. Of these columns it needs one of the first two; the others help to match:
id (or student, student id, id number), name (or first name and last name), email, login, LMS ids.
"""

import csv
import io
import pathlib
import unicodedata
from dataclasses import dataclass

COLUMNS = {
    "id": ("id", "student", "student id", "id number", "matriculation number"),
    "name": ("name", "full name", "student name", "display name"),
    "first": ("first name", "firstname", "given name", "forename"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "e-mail", "email address", "mail"),
    "login": ("login", "username", "user name", "sis login id", "sis user id", "user"),
    "lms_id": (
        "lms id",
        "canvas id",
        "moodle id",
        "participant",
        "identifier",
        "sid",
        "gradescope id",
    ),
}
# Canvas's own gradebook: its "Student" is a name, and its "ID" a number of Canvas's.
CANVAS = {"id": ("id",), "name": ("student",), "lms_id": ("id",)}
NAMES = ("name", "id", "login", "email")
NOBODY = ("points possible",)  # a row of Canvas's


@dataclass(frozen=True)
class Person:
    """Somebody on the roster."""

    id: str = ""
    name: str = ""
    email: str = ""
    login: str = ""
    lms_id: str = ""

    @property
    def student(self):
        """What the gradebook calls them: the id, or the name where there is none."""
        return self.id or self.name

    def known_as(self, kinds, form):
        """Return what stands for this person among some kinds of names, each in a form."""
        names = {getattr(self, kind) for kind in kinds}
        if "name" in kinds:
            names |= set(orders(self.name))
        return {form(name) for name in names} - {""}


def fold(text, accents=True):
    """Return a text without case, spaces and punctuation, so that spellings of a name are one.

    Examples
    --------
    >>> fold("Lovelace, Ada") == fold("lovelaceada"), fold("Élise", accents=False)
    (True, 'elise')
    """
    form = unicodedata.normalize("NFKC" if accents else "NFKD", text).casefold()
    return "".join(c for c in form if unicodedata.category(c)[0] in ("LNM" if accents else "LN"))


def orders(name):
    """Return a name with its words in every rotation: "Ada King Lovelace" → "Lovelace Ada King", …"""
    words = name.replace(",", " ").split()
    return [" ".join(words[i:] + words[:i]) for i in range(len(words))]


@dataclass(frozen=True)
class Roster:
    r"""The class list.

    Examples
    --------
    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "roster.csv"
    >>> _ = path.write_text("id,name,email\n17,Ada Lovelace,ada@uni.example\n")
    >>> roster = Roster.read(path)
    >>> roster.match("lovelaceada").student, roster.match("bob")
    ('17', None)
    """

    people: list

    @classmethod
    def read(cls, path):
        """Return the roster in a CSV file.

        Raises
        ------
        ValueError
            Where it has no header with an id or a name, or an id twice.
        OSError
            Where there is no such file.
        """
        try:
            rows = list(table(pathlib.Path(path).read_bytes()))
        except csv.Error as error:
            raise ValueError(f"{path} isn't a CSV file that can be read: {error}.") from error
        header = [name.strip().casefold() for name in rows[0]] if rows else []
        columns = COLUMNS | (CANVAS if {"student", "id"} <= set(header) else {})
        places = {
            kind: [header.index(name) for name in names if name in header]
            for kind, names in columns.items()
        }
        if not (places["id"] or places["name"] or places["last"]):
            raise ValueError(
                f"{path} needs a header with a column 'id' or 'name'; it has {header}."
            )
        people = [person(row, places) for row in rows[1:] if any(cell.strip() for cell in row)]
        people = [somebody for somebody in people if somebody.name.casefold() not in NOBODY]
        seen = set()
        for somebody in people:
            if somebody.student in seen:
                raise ValueError(
                    f"{path} has {somebody.student!r} twice. Each student needs an id of its own."
                )
            seen.add(somebody.student)
        return cls(people)

    def match(self, name, lms_id="", email=""):
        """Return the person whom a platform's id, an email or a name stands for; None if not just one.

        A platform's id is looked for among such ids first: other numbers are other people's.
        """
        for given, kinds in (
            (lms_id, ("lms_id",)),
            (email, ("email",)),
            (name, NAMES),
            (lms_id, ("id",)),
        ):
            for form in (str.strip, fold, lambda text: fold(text, accents=False)):
                found = [
                    p for p in self.people if form(given) and form(given) in p.known_as(kinds, form)
                ]
                if len(found) == 1:
                    return found[0]
        return None


def person(row, places):
    """Return the person in a row of the roster."""
    cells = [cell.strip() for cell in row]
    found = {
        kind: next((cells[i] for i in where if i < len(cells) and cells[i]), "")
        for kind, where in places.items()
    }
    first, last = found.pop("first"), found.pop("last")
    found["name"] = found["name"] or f"{first} {last}".strip()
    return Person(**{kind: unicodedata.normalize("NFC", text) for kind, text in found.items()})


def table(data):
    """Yield the rows of a CSV file, whichever of the usual encodings and separators it has."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:  # as old spreadsheets in western Europe write it
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
