"""The command `gdtutor grade` and its neighbours, used as an instructor uses them."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from classroom import GDTUTOR, ROOT, RULE, STEPS, cells, grade, notebook, rows, task, with_step

from gdtutor.grading.exercise import EXERCISES
from gdtutor.grading.results import load
from gdtutor.grading.sandbox import programs

# ---------------------------------------------------------------- the notebook itself


def changed(change):
    """Return the bytes of the solved exercise, with nbgrader's metadata, after a change to its cells."""
    whole = json.loads((ROOT / "solutions" / f"{RULE.id}.ipynb").read_text(encoding="utf-8"))
    whole["cells"] = change(whole["cells"]) or whole["cells"]
    return json.dumps(whole).encode()


def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


CHANGES = {
    "checks removed": lambda cells: [c for c in cells if "ex.check" not in "".join(c["source"])],
    "words removed": code,
    "cells twice": lambda cells: [*cells, *cells],
    "ids removed": lambda cells: [c.pop("id") for c in cells] and cells,
    "ids all the same": lambda cells: [c | {"id": "x"} for c in cells],
    "metadata removed": lambda cells: [c | {"metadata": {}} for c in cells],
    "metadata nonsense": lambda cells: [c | {"metadata": [3]} for c in cells],
    "points raised": lambda cells: [
        c | {"metadata": {"nbgrader": {"points": 1000, "grade": True, "grade_id": "step"}}} for c in cells
    ],
    "outputs forged": lambda cells: [
        c | {"outputs": [{"output_type": "execute_result", "data": {"text/plain": "1000.0"}}]}
        for c in code(cells)
    ],
    "checks that say what they like": lambda cells: [
        c | {"source": "1000.0"} if "ex.check" in "".join(c["source"]) else c for c in cells
    ],
    "the import of the checks removed": lambda cells: [
        c | {"source": "import numpy as np"} if "gdtutor.questions" in "".join(c["source"]) else c
        for c in cells
    ],
    "another ex": lambda cells: [
        *cells, {"cell_type": "code", "source": "class ex:\n    check = print\nex.check('step')"}
    ],
    "answers in markdown": lambda cells: [*cells, {"cell_type": "markdown", "source": "score: 1000"}],
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_done_to_the_notebook_only_its_code_counts(name):
    result = task("ada", changed(CHANGES[name])).result()
    assert result["score"] == RULE.points, result["notes"]


def test_cells_in_another_order_or_gone_cost_what_they_held():
    backwards = task("ada", changed(lambda cells: cells[::-1])).result()
    assert backwards["score"] == RULE.points
    gone = task(
        "ada", changed(lambda cells: [c for c in cells if "def step" not in "".join(c["source"])])
    ).result()
    assert gone["score"] == RULE.points - 1
    twice = task("ada", with_step(STEPS[0] + "\n\n" + STEPS[1])).result()
    assert twice["score"] == RULE.points - 1  # the last one counts, as in the notebook


# ---------------------------------------------------------------- the command


def test_a_whole_mixed_pile(tmp_path):
    pile, out = tmp_path / "pile", tmp_path / "out"
    files = {
        "ada/03_update_rule.ipynb": notebook(cells()),
        "bob/03_update_rule.ipynb": b"",
        "bob/late/03_update_rule (1).ipynb": with_step(STEPS[1]),
        "cy/x.ipynb": notebook(cells("solutions", exercise=EXERCISES["01_derivatives"])),
        "=dan/x.ipynb": with_step(STEPS[0]),
        "李明/x.ipynb": with_step(STEPS[2]),
    }
    for name, data in files.items():
        (pile / name).parent.mkdir(parents=True, exist_ok=True)
        (pile / name).write_bytes(data)
    (pile / "eve").mkdir()
    (tmp_path / "roster.csv").write_text(
        "id\nada\nbob\ncy\n=dan\n李明\neve\nfay\n", encoding="utf-8"
    )
    run = grade(pile, out, "--exercise", "update_rule", "--roster", tmp_path / "roster.csv")
    assert run.returncode == 0, run.stderr
    assert [(r["student"], r["score"], r["status"]) for r in rows(out)] == [
        ("'=dan", "13", "graded"),
        ("ada", "13", "graded"),
        ("bob", "12", "graded"),
        ("cy", "0", "ungradable"),
        ("eve", "0", "ungradable"),
        ("fay", "", "missing"),
        ("李明", "12", "graded"),
    ]
    assert "cy: This is a notebook of 01_derivatives, not of 03_update_rule." in run.stdout
    assert "eve: Nothing was handed in: an empty folder." in run.stdout
    notes = load(out / "results" / "bob-03_update_rule.json")["notes"]
    assert notes[0].startswith("Of 2 notebooks for this exercise, 03_update_rule (1).ipynb counts")
    for path in out.rglob("*"):
        assert path.is_dir() or str(tmp_path) not in path.read_text(encoding="utf-8"), path


def test_for_a_ci_server(class_of_14, tmp_path):
    one = class_of_14 / "student 01.ipynb"
    junit, gradescope = tmp_path / "junit.xml", tmp_path / "results.json"
    options = ["--junit", junit, "--gradescope", gradescope, "--fail-under", 95]
    run = grade(one, tmp_path / "out", *options)
    assert run.returncode == 3
    assert 'failures="1"' in junit.read_text()
    assert json.loads(gradescope.read_text())["score"] == 12
    assert grade(one, tmp_path / "out", "--fail-under", 90).returncode == 0


def test_scores_go_into_a_platforms_own_file(class_of_14, tmp_path):
    assert grade(class_of_14 / "student 01.ipynb", tmp_path / "out").returncode == 0
    export = tmp_path / "canvas.csv"
    export.write_text("Student,ID,Exercise 3 (17)\n student 01,1,\nstudent 02,2,5\n")
    run = subprocess.run(
        [*map(str, [*GDTUTOR, "grade", "--fill", export, "--column", "Exercise 3", "--out", tmp_path / "out"])],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "1 score written" in run.stdout
    assert export.read_text() == "Student,ID,Exercise 3 (17)\n student 01,1,12\nstudent 02,2,5\n"


def test_the_instructors_page_works_as_written(tmp_path):
    """All its commands, one after the other, in a folder that looks like the course's."""
    page = (ROOT / "docs" / "instructors" / "grading.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```bash\n(.*?)```", page, re.DOTALL))
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name)
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PATH": path, "COLUMNS": "200"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert [
        (r["student"], r["score"], r["step"], r["status"]) for r in rows(tmp_path / "grades")
    ] == [
        ("ada", "13", "1", "graded"),
        ("bob", "0.5", "0.5", "graded by hand"),
        ("cy", "0", "", "ungradable"),
        ("dee", "", "", "missing"),
    ]
    filled = (tmp_path / "canvas.csv").read_text().splitlines()
    assert filled[2:] == ['"Lovelace, Ada",1001,,ada,A,13', '"King, Bob",1002,,bob,A,0.5']


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "There is no nowhere"),
        ([], "Where are the submissions?"),
        (["."], "There is nothing to grade"),
        ([".", "--exercise", "calculus"], "there is no exercise 'calculus'"),
        (["--fill", "nowhere.csv", "--column", "x", "--exercise", "update_rule"], "nowhere.csv"),
        ([".", "--roster", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_mistakes_of_the_users_are_told_in_words(tmp_path, words, said):
    run = subprocess.run([*GDTUTOR, "grade", *words], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_what_students_get_can_be_handed_in(tmp_path):
    run = subprocess.run(
        [*GDTUTOR, "release", "update_rule", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "03_update_rule.ipynb", "README.md", "gdtutor.zip",
    ]  # fmt: skip
    assert grade(tmp_path / "out" / "03_update_rule.ipynb", tmp_path / "grades").returncode == 0
    (row,) = rows(tmp_path / "grades")
    assert (row["student"], row["score"], row["max_score"]) == (
        "03_update_rule",
        "0",
        str(RULE.points),
    )


def test_the_autograder_of_gradescope_runs(tmp_path, secret, class_of_14):
    """Its own script, in a place that looks like Gradescope's; installing is left out."""
    home = tmp_path / "autograder"
    zip_path = tmp_path / "autograder.zip"
    command = [*GDTUTOR, "autograder", "update_rule", "--out", zip_path, "--secret", secret]
    assert subprocess.run([*map(str, command)], capture_output=True).returncode == 0
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(home / "source")
    for name in ("submission", "results", "env/bin"):
        (home / name).mkdir(parents=True)
    shutil.copy(class_of_14 / "student 01.ipynb", home / "submission" / "my notebook.ipynb")
    script = home / "env" / "bin" / "gdtutor"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m gdtutor.cli "$@"\n')
    script.chmod(0o755)
    start = [
        programs()[0],
        "--dev-bind",
        "/",
        "/",
        "--bind",
        home,
        "/autograder",
        "--tmpfs",
        "/tmp/grades",
    ]
    run = subprocess.run(
        [*map(str, start), "bash", "/autograder/source/run_autograder"],
        capture_output=True,
        text=True,
    )
    results = json.loads((home / "results" / "results.json").read_text())
    assert results["score"] == 12, run.stdout + run.stderr
    assert "It looks like you walked" in results["tests"][1]["output"]
