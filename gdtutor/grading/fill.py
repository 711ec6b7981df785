"""Scores into the learning platform's own export: one column of it, and nothing else.

A teacher downloads the platform's gradebook as CSV, has one column filled, and uploads it again. Every
other byte stays as it was: encoding, separators, quotes, line ends, students whom we don't know.
"""

import re
from dataclasses import dataclass

from .exercise import EXERCISES
from .gradebook import number
from .roster import fold, orders

# Columns that say who somebody is, in Canvas, Moodle and Blackboard. The surest first.
WHO = (
    ("id", "participant", "identifier"),
    ("email address", "email", "sis login id", "username", "sis user id", "id number"),
    ("student", "full name", "name"),
)
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
        Of one exercise.

    Raises
    ------
    ValueError
        Where there is no such column: a new one would become a new assignment.

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
    header = [meant(cell, delimiter).strip() for cell in rows[0][0]] if rows else []
    place = column_place(header, column)
    names = [name.casefold().lstrip("\ufeff") for name in header]
    people = who_is_who(results)
    out, done, found, remarks = [rows[0]], 0, set(), []
    for cells, end in rows[1:]:
        told = [meant(cell, delimiter).strip() for cell in cells]
        if any(cell.casefold() in MOST for cell in told):
            remarks += points_remark(told, place, results)
        else:
            result = person(names, told, people)
            if result is not None and place < len(cells):
                found.add(result["student"])
                if result["score"] is not None:
                    cells = [*cells[:place], number(result["score"]), *cells[place + 1 :]]
                    done += 1
        out.append((cells, end))
    for result in results:
        if result["student"] not in found and result["score"] is not None:
            remarks.append(
                f"{result['student']} isn't in the file, or could be more than one of its rows."
            )
    filled = "".join(delimiter.join(cells) + end for cells, end in out)
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
    first = text.partition("\n")[0]
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


def meant(cell, delimiter):
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
    return places[0]


def who_is_who(results):
    """Return results by everything that may stand for their student; what stands for two is left out."""
    index = {}
    for result in results:
        for key in {fold(k) for k in (result["student"], result["lms_id"], result["email"])} - {""}:
            index.setdefault(key, []).append(result)
    return {key: found[0] for key, found in index.items() if len(found) == 1}


def person(names, told, people):
    """Return the result of the student in a row, by the surest column that knows one."""
    row = dict(zip(names, told))
    ids = [re.sub(r"^Participant\s+", "", row.get(name, "")) for group in WHO[:2] for name in group]
    whole = [row.get(name, "") for name in WHO[2]]
    parts = [next((row[n] for n in group if n in row), "") for group in (FIRST, LAST)]
    for name in [*ids, *(o for text in (*whole, " ".join(parts)) for o in orders(text))]:
        if fold(name) in people:
            return people[fold(name)]
    return None


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
