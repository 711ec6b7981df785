"""Make the exercise notebooks from the solutions.

    python tools/make_exercises.py           # writes exercises/NN_*.ipynb
    python tools/make_exercises.py --check   # says which of them are out of date

In a solution, a question is four cells, known by their ids: `NAME` (the text), `NAME-answer`,
`NAME-check` and `NAME-why`. The exercise leaves out the last one, and in the answer what stands
between these lines:

    # BEGIN SOLUTION
    #: return ...
    return x - lr * slope
    # END SOLUTION

Lines behind `#:` are what the learner finds there instead; without any, three dots. All cells carry
nbgrader's metadata (schema 3), so that an exercise is an nbgrader assignment as it is.
"""

import argparse
import json
import pathlib
import re
import sys

from gdtutor import questions
from gdtutor.course import LESSONS

ROOT = pathlib.Path(__file__).parents[1]


def exercise(solution, lesson, asked):
    """Return the exercise notebook that belongs to a solution notebook, both as dicts."""
    cells = []
    for cell in solution["cells"]:
        name, _, part = cell["id"].partition("-")
        if part == "why":
            continue
        source = "".join(cell["source"])
        if cell["id"] == "title":
            source = title(lesson, asked)
        if part == "answer":
            source = without_solution(source)
        made = {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": metadata(cell["id"], part, asked.questions.get(name)),
            "source": source.splitlines(True),
        }
        if cell["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
        cells.append(made)
    kept = ("metadata", "nbformat", "nbformat_minor")
    return {"cells": cells} | {name: solution[name] for name in kept}


TITLE = """# Exercises for lesson {number} · {title}

{n} questions, {points:g} points: {guided} guided, {independent} on your own, {stretch} to stretch.
They ask for what [the lesson](../notebooks/{file}) taught. Replace the dots, run the cell, then the
check below it: it says what it tried, and what came.

Stuck? In a cell of your own, `ex.hint("{first}")` gives a nudge, `ex.solution("{first}")` the answer.
Checks never count against you, and nothing here stops if you leave something out."""


def title(lesson, asked):
    """Return an exercise notebook's first cell."""
    levels = [question.level for question in asked.questions.values()]
    return TITLE.format(
        number=lesson.number,
        title=lesson.title,
        file=lesson.file,
        n=len(levels),
        points=sum(question.points for question in asked.questions.values()),
        first=next(iter(asked.questions)),
        **{level: levels.count(level) for level in ("guided", "independent", "stretch")},
    )


def without_solution(source):
    """Return code with each solution replaced by its stub."""
    lines, inside, stub = [], False, []
    for line in source.splitlines():
        indent, text = re.match(r"( *)(.*)", line).groups()
        if text == "# BEGIN SOLUTION":
            inside, stub = True, []
        elif text == "# END SOLUTION":
            lines += [indent + kept for kept in stub or ["..."]]
            inside = False
        elif not inside:
            lines.append(line)
        elif text.startswith("#:"):
            stub.append(text[2:].removeprefix(" "))
    if inside:
        raise ValueError("a solution has no end: # END SOLUTION is missing.")
    return "\n".join(lines)


def metadata(name, part, question):
    """Return a cell's metadata: nbgrader's, and that what a check says depends on the learner."""
    graded = part == "check"
    nbgrader = {
        "grade": graded,
        "grade_id": name,
        "locked": part != "answer",
        "schema_version": 3,
        "solution": part == "answer",
        "task": False,
    }
    if graded:
        nbgrader["points"] = question.points
    return {"nbgrader": nbgrader} | ({"tags": ["nbval-ignore-output"]} if graded else {})


def main(check):
    """Write the exercises, or say which are out of date."""
    stale = []
    for lesson in LESSONS:
        source = ROOT / "solutions" / lesson.file
        if not lesson.exercises:
            continue
        made = exercise(
            json.loads(source.read_text(encoding="utf-8")), lesson, getattr(questions, lesson.name)
        )
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        path = ROOT / "exercises" / lesson.file
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    for path in stale:
        what = "out of date; run python tools/make_exercises.py" if check else "written"
        print(f"exercises/{path.name}: {what}")
    return bool(stale and check)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    sys.exit(main(parser.parse_args().check))
