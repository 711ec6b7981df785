"""A small class for tests: notebooks of lesson 3 as students hand them in, and results."""

import csv
import dataclasses
import io
import json
import os
import pathlib
import subprocess
import sys

from gdtutor.check.calls import answer
from gdtutor.check.judge import judge_all
from gdtutor.grading.exercise import find
from gdtutor.grading.submission import Submission
from gdtutor.grading.task import Task

ROOT = pathlib.Path(__file__).parent.parent
RULE = find("update_rule")


def cells(kind="solutions", exercise=RULE):
    """Return the code cells of an exercise, solved or not."""
    notebook = json.loads((ROOT / kind / f"{exercise.id}.ipynb").read_text(encoding="utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def notebook(sources):
    """Return the bytes of a notebook with these code cells."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def with_step(step):
    """Return the bytes of a solved notebook with this in the place of the answer to `step`."""
    return notebook([step if cell.startswith("def step(") else cell for cell in cells()])


def submission(student, **more):
    """Return a submission for lesson 3."""
    told = {
        "id": student, "student": student, "lms_id": "", "email": "", "exercise": RULE.id,
        "file": "x.ipynb", "source": ROOT, "members": (), "problem": "", "notes": (),
    }  # fmt: skip
    return Submission(**told | more)


def task(student, data, **more):
    """Return the task to grade a notebook of lesson 3."""
    return Task(submission(student, **more), data, b"secret")


def result(student, code="", **more):
    """Return the result of a solved exercise with some code in the place of the answers it has."""
    namespace = {name: q.reference for name, q in RULE.questions.items()}
    exec(code, namespace)
    verdicts = judge_all(RULE.questions, lambda probe: answer(probe, namespace))
    answers = []
    for name, verdict in verdicts.items():
        told = dataclasses.asdict(verdict)
        del told["question"]
        points = RULE.questions[name].points
        answers.append({"name": name, "points": points, "score": verdict.share * points, **told})
    told = {
        "id": f"{student}-{RULE.id}", "student": student, "lms_id": "", "email": "", "exercise": RULE.id,
        "file": "x.ipynb", "status": "graded", "words": "", "score": sum(a["score"] for a in answers),
        "max_score": RULE.points, "questions": answers, "notes": [], "sandbox": "bubblewrap", "key": "k",
    }  # fmt: skip
    return told | more


def ungraded(student, status, words, score):
    """Return the result of a submission that wasn't graded."""
    return result(student) | {"status": status, "words": words, "score": score, "questions": []}


GDTUTOR = [sys.executable, "-m", "gdtutor.cli"]
STEPS = [
    "def step(x, slope, lr):\n    return x - lr * slope",
    "def step(x, slope, lr):\n    return x + lr * slope",
    "def step(x, slope, lr):\n    return x - lr",
    "def step(x, slope, lr):\n    return ...",
    "def step(x, slope, lr):\n    print('<script>')\n    raise ValueError('<script>')",
    "import os\nos._exit(0)",
    "import pandas",
]


def grade(*words, **more):
    """Run `gdtutor grade`: the first word is the pile, the second where grades go."""
    pile, out, *options = words
    command = [*GDTUTOR, "grade", pile, "--out", out, *options]
    env = os.environ | {"COLUMNS": "200"}
    return subprocess.run([*map(str, command)], capture_output=True, text=True, env=env, **more)


def everything(folder):
    """Return all files in a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kept(folder):
    """Return the paths of the results in a folder of grades."""
    return list((folder / "results").glob("*.json"))


def rows(folder):
    return list(csv.DictReader(io.StringIO((folder / "gradebook.csv").read_text(encoding="utf-8"))))
