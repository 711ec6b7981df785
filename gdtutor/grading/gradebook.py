"""The gradebook: a row for each submission, from its result and from marks given by hand.

`overrides.csv` beside it holds those marks. It is written once, with its header alone, and never again:
grading anew changes results, not what a teacher has decided.
"""

import csv
import io
import pathlib
import re
from collections import Counter
from dataclasses import dataclass

from .exercise import EXERCISES, find
from .results import write_text
from .roster import table

HEADER = ("student", "exercise", "question", "score", "reason")
BY_HAND, MISSING = "graded by hand", "missing"
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Override:
    """A mark given by hand: for a question, or for all of a submission where none is named."""

    student: str
    exercise: str
    question: str
    score: float
    reason: str


def read_overrides(path):
    r"""Return the marks given by hand; where there is no file yet, make one to fill in.

    Raises
    ------
    ValueError
        Where a line isn't understood. It says which, and what is expected.

    Examples
    --------
    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "overrides.csv"
    >>> read_overrides(path), path.read_text()
    ([], 'student,exercise,question,score,reason\n')
    >>> _ = path.write_text(path.read_text() + "ada,update_rule,step,0.5,it was a slip\n")
    >>> read_overrides(path)[0].score
    0.5
    """
    path = pathlib.Path(path)
    if not path.exists():
        write_text(path, ",".join(HEADER) + "\n")
    rows = list(table(path.read_bytes()))
    if not rows or [name.strip().lower() for name in rows[0]] != list(HEADER):
        raise ValueError(f"The first line of {path} should be {','.join(HEADER)}")
    return [override(path, n, row) for n, row in enumerate(rows[1:], start=2) if any(row)]


def override(path, number, row):
    """Return the mark in a line of the file."""
    where = f"Line {number} of {path}"
    if len(row) != len(HEADER):
        raise ValueError(
            f"{where} should have {len(HEADER)} cells, {','.join(HEADER)}; it has {len(row)}."
        )
    student, exercise, question, score, reason = (cell.strip() for cell in row)
    try:
        about = find(exercise)
    except LookupError:
        raise ValueError(
            f"{where} names no exercise but {exercise!r}; there are {', '.join(EXERCISES)}."
        ) from None
    if question and question not in about.questions:
        raise ValueError(
            f"{where}: {about.id} has no question {question!r}, but {', '.join(about.questions)}."
        )
    try:
        points = float(score)
    except ValueError:
        raise ValueError(f"{where}: the score {score!r} should be a number, such as 2.5.") from None
    if not 0 <= points < 1000:
        raise ValueError(f"{where}: the score {score} should be from 0 up.")
    return Override(student, about.id, question, points, reason)


def marked(result, overrides):
    """Return a result with the marks given by hand in the place of those that they replace.

    Of two lines for the same, the later counts. What isn't graded for a reason of ours has no score, so
    marks for single questions wait until it is; a mark for the whole settles it.

    Examples
    --------
    >>> step = {"name": "step", "points": 1, "score": 0, "status": "incorrect"}
    >>> result = {"student": "ada", "exercise": "03_update_rule", "status": "graded", "score": 0,
    ...           "words": "", "notes": [], "questions": [step]}
    >>> marked(result, [Override("ada", "03_update_rule", "step", 0.5, "a slip")])["score"]
    0.5
    """
    mine = [
        o for o in overrides if (o.student, o.exercise) == (result["student"], result["exercise"])
    ]
    if not mine:
        return result
    by_question = {o.question: o for o in mine}
    if result["score"] is None and "" not in by_question:
        return result
    questions = [
        {**answer, "score": by_question[answer["name"]].score}
        if answer["name"] in by_question
        else answer
        for answer in result["questions"]
    ]
    graded = {answer["name"]: answer["score"] for answer in questions}
    by_hand = {name: o.score for name, o in by_question.items() if name}
    score = round(sum((graded | by_hand).values()), 6)
    if "" in by_question:
        score = by_question[""].score
    notes = [
        f"Marked by hand: {o.question or 'the whole'} gets {number(o.score)}. {o.reason}".strip()
        for o in by_question.values()
    ]
    words = "" if result["score"] is None else result["words"]  # of this machine: not for students
    return result | {
        "questions": questions, "score": score, "status": BY_HAND, "words": words,
        "notes": [*result["notes"], *notes],
    }  # fmt: skip


def absent(roster, results, exercise):
    """Return rows for those on the roster who handed in nothing."""
    there = {result["student"] for result in results}
    people = sorted(p.student for p in roster.people) if roster else []
    return [
        {"id": "", "student": name, "lms_id": "", "email": "", "exercise": exercise, "file": "",
         "status": MISSING, "words": "", "score": None, "max_score": None, "questions": [], "notes": []}
        for name in people if name not in there
    ]  # fmt: skip


def gradebook(results):
    """Return the gradebook as CSV: a row for each result, a column for each question.

    Examples
    --------
    >>> print(gradebook([{"student": "=Ada", "exercise": "03_update_rule", "score": 1.5, "max_score": 13,
    ...                   "status": "graded", "questions": [{"name": "step", "score": 1.0}]}]))
    student,exercise,score,max_score,step,status
    '=Ada,03_update_rule,1.5,13,1,graded
    <BLANKLINE>
    """
    named = {answer["name"] for result in results for answer in result["questions"]}
    columns = [name for e in EXERCISES.values() for name in e.questions if name in named]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["student", "exercise", "score", "max_score", *columns, "status"])
    for result in results:
        scores = {answer["name"]: answer["score"] for answer in result["questions"]}
        write(
            [
                inert(result["student"]),
                result["exercise"],
                number(result["score"]),
                number(result["max_score"]),
                *(number(scores.get(name)) for name in columns),
                result["status"],
            ]
        )
    return out.getvalue()


def inert(text):
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> inert("=cmd|'/c calc'!A1"), inert("Ada")
    ("'=cmd|'/c calc'!A1", 'Ada')
    """
    text = re.sub(r"[\t\r\n]", " ", text)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def number(value):
    """Return a score as text: 13, 7.5, or nothing where there is none.

    Examples
    --------
    >>> number(13.0), number(7.5), number(None)
    ('13', '7.5', '')
    """
    return "" if value is None else f"{round(value, 4):g}"


def strange_overrides(results, overrides):
    """Return remarks on marks given by hand that belong to nobody, or are above what there is to get."""
    known = {(result["student"], result["exercise"]): result for result in results}
    several = Counter((result["student"], result["exercise"]) for result in results)
    remarks = []
    for o in overrides:
        result = known.get((o.student, o.exercise))
        if result is None:
            remarks.append(
                f"overrides.csv marks {o.student} in {o.exercise}, who isn't among the results."
            )
            continue
        if several[o.student, o.exercise] > 1:
            remarks.append(
                f"overrides.csv marks {o.student} in {o.exercise}: {several[o.student, o.exercise]} "
                "submissions have that name, and all got the mark. A roster tells them apart."
            )
        points = EXERCISES[o.exercise]
        most = points.questions[o.question].points if o.question else points.points
        if o.score > most:
            remarks.append(
                f"overrides.csv gives {o.student} {number(o.score)} of {number(most)} points."
            )
    return remarks
