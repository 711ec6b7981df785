"""A class is graded: the same grades whatever happens to the grader on its way."""

import csv
import io
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from classroom import ROOT, RULE, cells, notebook, task, with_step

from gdtutor.grading import engine
from gdtutor.grading.engine import grade_class
from gdtutor.grading.ingest import ingest
from gdtutor.grading.results import load
from gdtutor.grading.sandbox import programs
from gdtutor.grading.task import INFRASTRUCTURE

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


@pytest.fixture(scope="module")
def class_of_14(tmp_path_factory):
    """A folder of 14 notebooks, right and wrong."""
    folder = tmp_path_factory.mktemp("class")
    for i in range(14):
        (folder / f"student {i:02}.ipynb").write_bytes(
            with_step(STEPS[i % len(STEPS)] + f"\n# {i}")
        )
    return folder


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    """A file with a secret."""
    path = tmp_path_factory.mktemp("secret") / "class.secret"
    path.write_text("a secret\n")
    return path


@pytest.fixture(scope="module")
def undisturbed(class_of_14, secret, tmp_path_factory):
    """Grades of that class, from a grader that nobody disturbed."""
    out = tmp_path_factory.mktemp("undisturbed")
    run = grade(class_of_14, out, "--secret", secret)
    assert run.returncode == 0, run.stdout + run.stderr
    return everything(out)


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


# ---------------------------------------------------------------- the same, whatever happens


def test_a_class_is_graded(undisturbed):
    table = list(csv.DictReader(io.StringIO(undisturbed["gradebook.csv"].decode())))
    assert [row["score"] for row in table] == ["13", "12", "12", "12", "12", "12", "12"] * 2
    kinds = [row for row in table if row["step"] == "1"]
    assert len(kinds) == 2
    first = json.loads(undisturbed["results/student_01-03_update_rule.json"])
    (step,) = [answer for answer in first["questions"] if answer["name"] == "step"]
    assert (step["mistake"], first["sandbox"]) == ("uphill", "bubblewrap")


@pytest.mark.parametrize("workers", [1, 4])
def test_the_number_of_workers_makes_no_difference(
    class_of_14, secret, undisturbed, tmp_path, workers
):
    assert grade(class_of_14, tmp_path, "--secret", secret, "--workers", workers).returncode == 0
    assert everything(tmp_path) == undisturbed


def test_the_order_makes_no_difference(class_of_14, secret, undisturbed, tmp_path):
    names = sorted(path.name for path in class_of_14.iterdir())
    random.Random(5).shuffle(names)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in names:
            archive.write(class_of_14 / name, name)
    assert grade(tmp_path / "class.zip", tmp_path / "out", "--secret", secret).returncode == 0
    assert everything(tmp_path / "out") == undisturbed


def test_killed_twenty_times_and_resumed(class_of_14, secret, undisturbed, tmp_path):
    """kill -9 at random moments, from before the first result to the writing of the gradebook."""
    moments = random.Random(9)
    command = [*GDTUTOR, "grade", class_of_14, "--out", tmp_path, "--secret", secret, "--resume"]
    seen = []
    for again in range(20):
        if again % 5 == 0:  # from the beginning, now and then
            shutil.rmtree(tmp_path / "results", ignore_errors=True)
        grader = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL)
        more = len(kept(tmp_path)) + moments.randrange(5)
        while len(kept(tmp_path)) < more and grader.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.4))
        grader.send_signal(signal.SIGKILL)
        seen.append((len(kept(tmp_path)), grader.wait()))
        assert all(load(path) for path in kept(tmp_path)), "whole, or not at all"
    assert sum(code == -signal.SIGKILL for _, code in seen) > 12, seen
    assert len({number for number, _ in seen}) > 4, seen
    assert grade(class_of_14, tmp_path, "--secret", secret, "--resume").returncode == 0
    assert everything(tmp_path) == undisturbed


def test_interrupted_by_the_keyboard(class_of_14, secret, undisturbed, tmp_path):
    command = [
        *GDTUTOR,
        "grade",
        class_of_14,
        "--out",
        tmp_path,
        "--secret",
        secret,
        "--workers",
        1,
    ]
    grader = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)
    while len(kept(tmp_path)) < 3:
        time.sleep(0.02)
    grader.send_signal(signal.SIGINT)
    said, _ = grader.communicate(timeout=30)
    assert grader.returncode == 130
    assert "Go on with --resume" in said
    assert "Traceback" not in said
    assert grade(class_of_14, tmp_path, "--secret", secret, "--resume").returncode == 0
    assert everything(tmp_path) == undisturbed


def test_in_parts_and_together(class_of_14, secret, undisturbed, tmp_path):
    for part in (1, 2):
        run = grade(class_of_14, tmp_path / f"{part}", "--secret", secret, "--shard", f"{part}/2")
        assert "7 results" in run.stdout, run.stdout + run.stderr
    parts = [tmp_path / f"{part}" for part in (2, 1)]
    run = grade(*parts[:1], tmp_path / "all", *parts[1:], "--merge")
    assert run.returncode == 0, run.stderr
    assert everything(tmp_path / "all") == undisturbed
    assert grade(class_of_14, tmp_path, "--shard", "3/2").returncode == 2


DASK = """
import os, signal, sys, threading, time, pathlib
from distributed import LocalCluster
from gdtutor.grading import engine
from gdtutor.cli import app

def end_a_worker():
    while len(list(pathlib.Path(sys.argv[2], "results").glob("*.json"))) < 3:
        time.sleep(0.02)
    victim = next(iter(cluster.workers.values()))
    os.kill(victim.pid, signal.SIGKILL)
    print("killed", flush=True)

if __name__ == "__main__":
    engine.SHARD = 3
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        threading.Thread(target=end_a_worker, daemon=True).start()
        options = ["--scheduler", cluster.scheduler_address, "--secret", sys.argv[3]]
        app(["grade", sys.argv[1], "--out", sys.argv[2], *options], standalone_mode=False)
"""


def test_by_dask_with_a_worker_killed_midway(class_of_14, secret, undisturbed, tmp_path):
    (tmp_path / "by_dask.py").write_text(DASK)
    words = [tmp_path / "by_dask.py", class_of_14, tmp_path / "out", secret]
    run = subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )
    assert "killed" in run.stdout, run.stdout + run.stderr
    assert everything(tmp_path / "out") == undisturbed


def test_without_a_scheduler_it_says_so(class_of_14, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 1)
    with pytest.raises(engine.Stopped, match=r"no Dask scheduler at tcp://127\.0\.0\.1:1"):
        next(grade_class([], tmp_path, scheduler="tcp://127.0.0.1:1"))


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


# ---------------------------------------------------------------- graded again


def test_only_what_has_changed_is_graded_again(class_of_14, secret, undisturbed, tmp_path):
    pile, out = tmp_path / "pile", tmp_path / "out"
    shutil.copytree(class_of_14, pile)
    assert grade(pile, out, "--secret", secret).returncode == 0
    before = stamps(out)
    assert grade(pile, out, "--secret", secret, "--resume").returncode == 0
    assert stamps(out) == before
    assert everything(out) == undisturbed

    (pile / "student 03.ipynb").write_bytes(with_step(STEPS[0]))
    (out / "results" / "student_05-03_update_rule.json").write_text("torn {")
    assert grade(pile, out, "--secret", secret, "--resume").returncode == 0
    changed = {name for name, stamp in stamps(out).items() if before[name] != stamp}
    assert changed == {"student_03-03_update_rule.json", "student_05-03_update_rule.json"}
    assert rows(out)[3]["score"] == "13"

    other = tmp_path / "other.secret"
    other.write_text("another secret")
    assert grade(pile, out, "--secret", other, "--resume").returncode == 0
    assert not set(stamps(out).values()) & set(before.values())


def stamps(out):
    """Return when each result was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "results").iterdir()}


def test_a_changed_question_is_another_version(monkeypatch, tmp_path):
    """The key holds the questions' source, and the judge's, so that either grades anew."""
    from gdtutor.grading import task

    task.version.cache_clear()
    before = task.version("update_rule"), task.version("momentum")
    copy = tmp_path / "questions"
    shutil.copytree(pathlib.Path(task.questions.__file__).parent, copy)
    with open(copy / "update_rule.py", "a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    monkeypatch.setattr(task.questions, "__file__", str(copy / "__init__.py"))
    task.version.cache_clear()
    after = task.version("update_rule"), task.version("momentum")
    task.version.cache_clear()
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_marks_by_hand_survive(class_of_14, secret, tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    shutil.copy(class_of_14 / "student 01.ipynb", pile)
    out = tmp_path / "out"
    assert grade(pile, out, "--secret", secret).returncode == 0
    marks = (out / "overrides.csv").read_text() + "student 01,update_rule,step,0.5,one slip\n"
    (out / "overrides.csv").write_text(marks)
    for options in ([], ["--resume"]):
        assert grade(pile, out, "--secret", secret, *options).returncode == 0
        (row,) = rows(out)
        assert (row["score"], row["step"], row["status"]) == ("12.5", "0.5", "graded by hand")
        assert (out / "overrides.csv").read_text() == marks
        assert "one slip" in next((out / "feedback").iterdir()).read_text()
    (out / "overrides.csv").write_text("nonsense")
    run = grade(pile, out, "--secret", secret, "--resume")
    assert run.returncode == 2
    assert "overrides.csv should be student,exercise,question,score,reason" in run.stderr
    assert (out / "overrides.csv").read_text() == "nonsense"


# ---------------------------------------------------------------- when the machine fails


def confined(*options):
    """Return the beginning of a command that runs as an ordinary user, with some files as given."""
    start = [
        programs()[0],
        "--unshare-user",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--dev-bind",
        "/",
        "/",
    ]
    return [*start, *map(str, options)]


def test_a_full_disk_stops_it_in_words_and_loses_nothing(class_of_14, secret, tmp_path):
    out = tmp_path / "small"
    out.mkdir()
    command = [*GDTUTOR, "grade", class_of_14, "--out", out, "--secret", secret]
    script = f"{' '.join(repr(str(word)) for word in command)}; echo code $?; cp -r {out} {tmp_path}/kept"
    run = subprocess.run(
        [*confined("--size", 30_000, "--tmpfs", out), "sh", "-c", script],
        capture_output=True,
        text=True,
    )
    assert "code 2" in run.stdout, run.stdout + run.stderr
    assert "No space left on device" in run.stderr
    assert "go on with --resume" in run.stderr
    assert "Traceback" not in run.stderr
    assert 2 < len(kept(tmp_path / "kept")) < 14
    assert all(load(path) for path in kept(tmp_path / "kept"))


def test_a_folder_that_cannot_be_written_to(class_of_14, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    command = [*GDTUTOR, "grade", class_of_14, "--out", out]
    run = subprocess.run(
        [*confined("--ro-bind", out, out), *map(str, command)], capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "Read-only file system" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_file_that_vanishes_costs_itself_and_never_a_zero(class_of_14, tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    for n in (0, 1, 2):
        shutil.copy(class_of_14 / f"student 0{n}.ipynb", pile)
    submissions = ingest(pile).submissions
    (pile / "student 01.ipynb").unlink()
    results = sorted(grade_class(submissions, tmp_path / "out"), key=lambda r: r["id"])
    assert [r["score"] for r in results] == [13, None, 12]
    assert results[1]["status"] == INFRASTRUCTURE
    assert "couldn't be read" in results[1]["words"]
    shutil.copy(class_of_14 / "student 01.ipynb", pile)
    again = grade_class(submissions, tmp_path / "out", resume=True)
    assert sorted(r["score"] for r in again) == [12, 12, 13]


def test_a_worker_that_dies_is_replaced(class_of_14, tmp_path, monkeypatch):
    """Its task is tried once more; a task that takes two along is told, and never a zero."""
    monkeypatch.setattr(engine.Worker, "COMMAND", [sys.executable, "-c", "import os; os._exit(1)"])
    (result,) = grade_class(ingest(class_of_14 / "student 00.ipynb").submissions, tmp_path)
    assert (result["status"], result["score"]) == (INFRASTRUCTURE, None)
    assert result["words"] == "a grading process died."


# ---------------------------------------------------------------- the command


def test_a_whole_mixed_pile(tmp_path):
    pile, out = tmp_path / "pile", tmp_path / "out"
    files = {
        "ada/03_update_rule.ipynb": notebook(cells()),
        "bob/03_update_rule.ipynb": b"",
        "bob/late/03_update_rule (1).ipynb": with_step(STEPS[1]),
        "cy/x.ipynb": notebook(cells("solutions", exercise=next(iter(engine_exercises())))),
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


def engine_exercises():
    from gdtutor.grading.exercise import EXERCISES

    return EXERCISES.values()


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
    assert (row["student"], row["score"], row["max_score"]) == ("unknown", "0", str(RULE.points))


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
