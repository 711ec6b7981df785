"""Make what follows from the manifest: README's map, the instructors' schedule, the glossary.

    python tools/make_pages.py           # writes them
    python tools/make_pages.py --check   # says which of them are out of date

A generated part of a page stands between two comments that name it.
"""

import argparse
import json
import pathlib
import re
import sys

from gdtutor.course import LESSONS
from gdtutor.course.notation import NOTATION

ROOT = pathlib.Path(__file__).parents[1]


def course_map():
    """Return README's table of lessons."""
    rows = ["| | lesson | what happens | minutes |", "|---|---|---|---|"]
    for lesson in LESSONS:
        links = f"[{lesson.title}](notebooks/{lesson.file})"
        if lesson.exercises:
            links += f", [exercises](exercises/{lesson.file})"
        rows.append(f"| {lesson.number:02d} | {links} | {lesson.story} | {lesson.minutes} |")
    return "\n".join(rows)


def schedule():
    """Return the instructors' table: per lesson minutes, needs, objectives, and the beliefs it meets."""
    parts = []
    for lesson in LESSONS:
        needs = ", ".join(str(other.number) for other in LESSONS if other.name in lesson.needs)
        plan = f"docs/instructors/{lesson.file.replace('.ipynb', '.md')}"
        title = f"{lesson.number:02d} · {lesson.title}"
        if (ROOT / plan).exists():
            title = f"[{title}]({pathlib.Path(plan).name})"
        parts.append(f"### {title}\n")
        facts = [f"{lesson.minutes} minutes alone", f"needs {needs or 'nothing'}"]
        parts.append("; ".join(facts) + ".\n")
        parts.append("Afterwards they can")
        parts += [f"- {objective}" for objective in lesson.objectives.values()]
        if lesson.misconceptions:
            parts.append("\nWhat they may believe before:")
            parts += [f"- *{belief}* (`{name}`)" for name, belief in lesson.misconceptions.items()]
        parts.append("")
    return "\n".join(parts).rstrip()


def glossary():
    """Return the notebook with the table of notation and all words."""
    rows = ["| mathematics | Python | what it is | lesson |", "|---|---|---|---|"]
    for symbol, code, meaning, number in NOTATION:
        names = ", ".join(f"`{name}`" for name in re.split("[,;] ", code))
        symbol = symbol.replace("|", "\\|")
        rows.append(f"| {symbol} | {names} | {meaning} | {link(LESSONS[number])} |")
    words = sorted(
        (word, meaning, lesson) for lesson in LESSONS for word, meaning in lesson.words.items()
    )
    words.sort(key=lambda row: row[0].lower())
    entries = [f"**{word}**: {meaning} ({link(lesson)})" for word, meaning, lesson in words]
    cells = [
        (
            "title",
            "# Words and symbols\n\nOne name for one thing, in all lessons. First the symbols, then the "
            "words; each says which lesson brings it in.",
        ),
        ("notation", "## Symbols\n\n" + "\n".join(rows)),
        ("words", "## Words\n\n" + "\n\n".join(entries)),
    ]
    notebook = {
        "cells": [
            {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(True)}
            for name, text in cells
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def link(lesson):
    """Return a link from the glossary to a lesson."""
    return f"[{lesson.number}]({lesson.file})"


def between(page, name, text):
    """Return the page with its generated part of this name replaced."""
    begin, end = f"<!-- {name}: made by tools/make_pages.py -->", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page has no part between {begin!r} and {end!r}.")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def pages():
    """Yield (path, its text as it should be)."""
    for name, part, text in [
        ("README.md", "course map", course_map()),
        ("docs/instructors/README.md", "schedule", schedule()),
    ]:
        path = ROOT / name
        yield path, between(path.read_text(encoding="utf-8"), part, text)
    yield ROOT / "notebooks" / "glossary.ipynb", glossary()


def main(check):
    """Write the pages, or say which are out of date."""
    stale = []
    for path, text in pages():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'out of date; run python tools/make_pages.py' if check else 'written'}")
    return bool(stale and check)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    sys.exit(main(parser.parse_args().check))
