"""The class list: who is who, whatever a platform calls them.

    Roster.read("class.csv").match("lovelaceada")  →  Person(id="17", name="Lovelace, Ada", …)

A CSV file with a header. It needs a column that says who somebody is: id, student, name (or first and
last name), login, or email. All others help to match. The lists that Canvas, Moodle and Gradescope
export will do as they are.
"""

import csv
import functools
import io
import itertools
import json
import pathlib
import re
import unicodedata
from dataclasses import dataclass

COLUMNS = {  # what a person has: the columns that may say it, the best first
    "id": ("id", "student id", "student number", "id number", "matriculation number", "sis id",
           "sis user id", "student"),
    "name": ("name", "full name", "student name", "display name", "student"),
    "first": ("first name", "firstname", "given name", "forename"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "login": ("login", "login id", "sis login id", "username", "user name", "user"),
    "lms_id": ("lms id", "canvas id", "canvas user id", "moodle id", "identifier", "participant id",
               "sid", "gradescope id"),
}  # fmt: skip
NOBODY = ("points possible", "student, test")  # rows that Canvas adds


@dataclass(frozen=True)
class Person:
    """Somebody on the roster.

    Attributes
    ----------
    id, name, email, login, lms_id : str
        What the roster says of them, or "".
    others : tuple of str
        All ids and logins, where the roster has several.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    login: str = ""
    lms_id: str = ""
    others: tuple[str, ...] = ()

    @property
    def student(self):
        """What the gradebook calls them: the id, or the name where there is none.

        Examples
        --------
        >>> Person("17", "Ada").student, Person(name="Ada").student
        ('17', 'Ada')
        """
        return self.id or self.name or self.login or self.email

    @property
    def spellings(self):
        """All that may stand for them."""
        ids = {self.id, self.lms_id, self.login, *self.others}
        return {*ids, self.email, *orders(self.name)} - {""}


def fold(text):
    """Return a text without case, spaces and punctuation, so that spellings of a name are one.

    Examples
    --------
    >>> fold("Lovelace, Ada") == fold("lovelaceada"), fold("Élise O'Neil")
    (True, 'éliseoneil')
    """
    form = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in form if unicodedata.category(c)[0] in "LMN")


def unaccented(text):
    """Return a folded text without accents; the vowels that some scripts write as marks stay.

    Examples
    --------
    >>> unaccented("Élise")
    'elise'
    """
    return "".join(
        c for c in unicodedata.normalize("NFKD", fold(text)) if unicodedata.combining(c) < 200
    )


def orders(name):
    """Return a name with its words in every rotation.

    Examples
    --------
    >>> orders("King Lovelace, Ada")
    ['King Lovelace Ada', 'Lovelace Ada King', 'Ada King Lovelace']
    """
    words = name.replace(",", " ").split()
    return [" ".join(words[i:] + words[:i]) for i in range(len(words))]


@dataclass(frozen=True)
class Roster:
    r"""The class list.

    Examples
    --------
    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "class.csv"
    >>> _ = path.write_text("id,name,email\n17,Ada Lovelace,ada@uni.example\n")
    >>> roster = Roster.read(path)
    >>> roster.match("lovelaceada").student, roster.match("bob")
    ('17', None)
    """

    people: tuple[Person, ...]

    @classmethod
    def read(cls, path):
        """Return the roster in a CSV file.

        Raises
        ------
        ValueError
            Where it isn't CSV, has no header that says who somebody is, or an id twice.
        OSError
            Where there is no such file.
        """
        try:
            rows = list(table(pathlib.Path(path).read_bytes()))
        except ValueError as error:
            raise ValueError(f"The roster {path} can't be read: {error}") from error
        header = [" ".join(name.split()).casefold() for name in rows[0]] if rows else []
        places = {
            kind: [header.index(name) for name in names if name in header]
            for kind, names in COLUMNS.items()
        }
        if "sis user id" in header:  # from Canvas, whose own id is called ID
            places["lms_id"] += places["id"][:1]
        if not any(places.values()):
            raise ValueError(
                f"The roster {path} needs a header with a column such as id, name or email; "
                f"its first line is {', '.join(header)[:80] or 'empty'}."
            )
        people = [person(row, places) for row in rows[1:]]
        people = [p for p in people if p.student and p.name.casefold() not in NOBODY]
        seen = set()
        for somebody in people:
            if somebody.student in seen:
                raise ValueError(
                    f"The roster {path} has {somebody.student!r} twice. Give each student an id of "
                    "their own, in a column id."
                )
            seen.add(somebody.student)
        return cls(tuple(people))

    def match(self, student, lms_id="", email="", file=""):
        """Return the one person who is meant; None if that is nobody, or could be several.

        Parameters
        ----------
        student : str
            A name or an id, however spelled.
        lms_id, email : str
            What a platform says of them.
        file : str
            A file's name in which theirs may stand; it only counts where all else says nothing.
        """
        found = self.candidates(student, lms_id, email, file)
        return found[0] if len(found) == 1 else None

    def candidates(self, student, lms_id="", email="", file=""):
        """Return all who may be meant, in the roster's order. See `match`."""
        told = [
            self._who("lms_id", lms_id) or self._who("id", lms_id),
            self._who("email", email),
            self._who("name", student),
        ]
        told = [people for people in told if people] or [self._in(file)]
        # Where an id says one person and a name says another, nobody knows.
        meant = set.intersection(*told) or set.union(*told)
        return [person for person in self.people if person in meant]

    def _who(self, kind, text):
        """Return all of whom a text is a spelling; if that is nobody, then regardless of accents."""
        return self._index.get((kind, fold, fold(text))) or self._index.get(
            (kind, unaccented, unaccented(text)), set()
        )

    @functools.cached_property
    def _index(self):
        """The people by what may be said of them, folded in either way."""
        index = {}
        for somebody in self.people:
            told = {"lms_id": {somebody.lms_id}, "id": {somebody.id, somebody.login},
                    "email": {somebody.email}, "name": somebody.spellings}  # fmt: skip
            for kind, form in itertools.product(told, (fold, unaccented)):
                for text in filter(None, map(form, told[kind])):
                    index.setdefault((kind, form, text), set()).add(somebody)
        return index

    def _in(self, file):
        """Return all whose id, login or whole name is among the words of a file's name."""
        words = set(map(fold, re.split(r"[\s_.()-]+", pathlib.PurePath(file).stem)))
        found = set()
        for somebody in self.people:
            ids = {fold(text) for text in (somebody.id, somebody.login, *somebody.others)}
            name = {fold(word) for word in re.split(r"[\s,_.()-]+", somebody.name)} - {""}
            if any(len(id) > 2 for id in ids & words) or (name and name <= words):
                found.add(somebody)
        return found


def person(row, places):
    """Return the person in a row of the roster."""
    row = [" ".join(unicodedata.normalize("NFC", cell).split()) for cell in row]
    told = {kind: [row[i] for i in where if i < len(row)] for kind, where in places.items()}
    found = {kind: next(filter(None, texts), "") for kind, texts in told.items()}
    first, last = found.pop("first"), found.pop("last")
    found["name"] = found["name"] or f"{first} {last}".strip()
    found["lms_id"] = found["lms_id"].rpartition(" ")[2]  # Moodle: "Participant 12345"
    return Person(**found, others=tuple(t for t in told["id"] + told["login"] if t))


def table(data):
    r"""Yield the rows of a CSV file, whichever of the usual encodings and separators it has.

    Raises
    ------
    ValueError
        Where it isn't text.

    Examples
    --------
    >>> list(table("sep=;\nname;id\nÉlise;7".encode("utf-16")))
    [['name', 'id'], ['Élise', '7']]
    """
    try:
        text = data.decode(json.detect_encoding(data))  # by its mark, or where its zeros are
    except ValueError:
        raise ValueError(
            "it isn't in UTF-8. Save it as “CSV UTF-8”, as spreadsheets call it."
        ) from None
    if "\0" in text:
        raise ValueError("it isn't a CSV file. In the spreadsheet, save it as “CSV UTF-8”.")
    if text[:4].lower() == "sep=":  # a line for Excel
        text = text.partition("\n")[2]
    header = next(iter(text.splitlines()), "")
    try:
        yield from csv.reader(
            io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count)
        )
    except csv.Error as error:
        raise ValueError(f"it isn't a CSV file: {error}.") from error
