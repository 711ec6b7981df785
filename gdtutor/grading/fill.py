"""Scores into the learning platform's own export: one column of it, and nothing else.

A teacher downloads the platform's gradebook as CSV, has one column filled, and uploads it again. Every
other byte stays as it was: encoding, separators, quotes, line ends, students whom we don't know.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from .exercise import EXERCISES
from .gradebook import number
from .roster import fold, orders

# Columns that say who somebody is, in Canvas, Moodle and Blackboard.
IDS = ("id", "participant", "identifier")
LOGINS = ("email address", "email", "sis login id", "username", "sis user id", "id number")
NAMES = ("student", "full name", "name")
FIRST, LAST = ("first name", "firstname"), ("last name", "surname", "lastname")
MOST = ("points possible",)  # the row in which Canvas says how many points there are


@dataclass(frozen=True)
class Filled:
    """A platform's file with its column filled.

    Attributes
    ----------
    data : bytes
    done : int
        How many scores were written.
    remarks : list of str
        Who wasn't found, and what else a teacher should know.
    """

    data: bytes
    done: int
    remarks: list


def fill(data, column, results):
    r"""Return a platform's file with the scores in a column.

    Parameters
    ----------
    data : bytes
        The export.
    column : str
        The column's name; in Canvas with or without the id behind it: "Exercise 3 (1234)".
    results : list of dict
        Of one exercise. Scores are written with a decimal point, whatever the file has elsewhere.

    Raises
    ------
    ValueError
        Where there is no such column: a new one would become a new assignment. Or where the column
        says who somebody is.

    Examples
    --------
    >>> export = b"Identifier,Full name,Grade\r\nParticipant 17,Ada Lovelace,\r\n"
    >>> ada = {"student": "ada", "lms_id": "17", "email": "", "score": 7.5, "max_score": 13,
    ...        "exercise": "03_update_rule"}
    >>> fill(export, "Grade", [ada]).data
    b'Identifier,Full name,Grade\r\nParticipant 17,Ada Lovelace,7.5\r\n'
    """
    encoding = encoding_of(data)
    text = data.decode(encoding)
    rows, delimiter = raw_rows(text)
    header = [meant(cell).strip() for cell in rows[0][0]] if rows else []
    place = column_place(header, column)
    names = [name.casefold().lstrip("\ufeff") for name in header]
    people, remarks = {}, []
    for row, (cells, _) in enumerate(rows[1:], start=1):
        told = [meant(cell).strip() for cell in cells]
        if any(cell.casefold() in MOST for cell in told):
            remarks += points_remark(told, place, results)
        elif place < len(cells):
            people[row] = dict(zip(names, told))
    meant_by = who_is_who(people, results)
    for row, i in meant_by.items():
        if results[i]["score"] is not None:
            rows[row][0][place] = number(results[i]["score"])
    found = set(meant_by.values())
    for i, result in enumerate(results):
        if i not in found and result["score"] is not None:
            remarks.append(
                f"{result['student']} isn't in the file, or could be more than one of its rows."
            )
    done = sum(results[i]["score"] is not None for i in found)
    filled = "".join(delimiter.join(cells) + end for cells, end in rows)
    return Filled(filled.encode(encoding), done, remarks)


def encoding_of(data):
    """Return a file's encoding, such that decoding and encoding give the same bytes."""
    if data[:2] == b"\xff\xfe":
        return "utf-16-le"
    if data[:2] == b"\xfe\xff":
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def raw_rows(text):
    """Return the rows of a CSV text as (raw cells, line end), and the separator."""
    first = re.sub('"[^"]*"', "", text).partition("\n")[0]  # what is quoted doesn't part cells
    delimiter = max(",;\t", key=first.count)
    cell = re.compile(rf'((?:"[^"]*"|[^{delimiter}\r\n"])*)({delimiter}|\r\n|\n|\r|$)')
    rows, cells, place = [], [], 0
    while place < len(text):
        match = cell.match(text, place)
        if match is None:
            raise ValueError(f"line {len(rows) + 1} of the file isn't CSV: a quote isn't closed.")
        cells.append(match[1])
        place = match.end()
        if match[2] != delimiter:
            rows.append((cells, match[2]))
            cells = []
    if cells:  # a separator at the very end of the file
        rows.append(([*cells, ""], ""))
    return rows, delimiter


def meant(cell):
    """Return what a raw cell says: without quotes, and without the mark of the encoding."""
    cell = cell.lstrip("\ufeff")
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def column_place(header, column):
    """Return where a column is."""
    plain = [re.sub(r"\s*\(\d+\)$", "", name) for name in header]
    places = [i for i, name in enumerate(header) if name == column]
    places = places or [i for i, name in enumerate(plain) if name == column]
    if len(places) != 1:
        how = "no column" if not places else "more than one column"
        raise ValueError(
            f"There is {how} {column!r} in the file; it has {', '.join(map(repr, header))}."
        )
    if header[places[0]].casefold() in (*IDS, *LOGINS, *NAMES, *FIRST, *LAST):
        raise ValueError(f"The column {column!r} says who somebody is: scores don't go there.")
    return places[0]


def who_is_who(people, results):
    """Return which result belongs to which row, as far as there is no doubt.

    The surest ways to tell come first. Where a row may be two students', or a student may be in two
    rows, nobody gets anything, and a less sure way doesn't decide it.

    Parameters
    ----------
    people : dict of int to dict
        The rows, by number: what each column says.
    results : list of dict

    Returns
    -------
    dict of int to int
        For a row, the place of its result.
    """
    sure, rows, left = {}, set(people), set(range(len(results)))
    for in_row, in_result in WAYS:
        index = {}
        for i in left:
            for key in in_result(results[i]):
                index.setdefault(key, set()).add(i)
        may_be = {
            row: set().union(*(index.get(k, ()) for k in in_row(people[row]))) for row in rows
        }
        claims = Counter(i for found in may_be.values() for i in found)
        for row, found in may_be.items():
            if len(found) == 1 and claims[min(found)] == 1:
                sure[row] = min(found)
        rows -= {row for row, found in may_be.items() if found}
        left -= set(claims)
    return sure


def exact(*texts):
    """Return ids and addresses as they are compared: case doesn't count, every other sign does.

    Examples
    --------
    >>> exact("J.Smith", "") == exact("j.smith"), exact("j.smith") == exact("jsmith")
    (True, False)
    """
    return {unicodedata.normalize("NFC", text.strip().casefold()) for text in texts} - {""}


def ids_in(row):
    """Return what a row says in columns of the platform's own ids."""
    return exact(*(re.sub(r"^Participant\s+", "", row.get(name, "")) for name in IDS))


def logins_in(row):
    """Return all ids, logins and addresses in a row."""
    return ids_in(row) | exact(*(row.get(name, "") for name in LOGINS))


def names_in(row):
    """Return the names in a row, folded, with their words in every rotation."""
    parts = [next((row[n] for n in group if n in row), "") for group in (FIRST, LAST)]
    names = [*(row.get(name, "") for name in NAMES), " ".join(parts)]
    return {fold(order) for name in names for order in orders(name)} - {""}


WAYS = (  # what a row says, and what stands for the student of a result; the surest first
    (ids_in, lambda result: exact(result["lms_id"])),
    (logins_in, lambda result: exact(result["lms_id"], result["email"], result["student"])),
    (names_in, lambda result: {fold(result["student"])} - {""}),
)


def points_remark(told, place, results):
    """Return a remark where the platform's points for the column aren't ours."""
    theirs = told[place] if place < len(told) else ""
    ours = {number(EXERCISES[r["exercise"]].points) for r in results if r["exercise"] in EXERCISES}
    try:
        same = not ours or number(float(theirs)) in ours
    except ValueError:
        same = True
    return (
        []
        if same
        else [f"The file says {theirs} points for this column, the exercise has {ours.pop()}."]
    )
