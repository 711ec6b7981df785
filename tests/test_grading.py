"""A class is graded: the same grades whatever happens to the grader on its way."""

import csv
import io
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from classroom import GDTUTOR, STEPS, everything, grade, kept, rows, with_step

from gdtutor.grading import engine
from gdtutor.grading.engine import grade_class
from gdtutor.grading.ingest import ingest
from gdtutor.grading.results import load
from gdtutor.grading.sandbox import programs
from gdtutor.grading.task import INFRASTRUCTURE


@pytest.fixture(scope="module")
def undisturbed(class_of_14, secret, tmp_path_factory):
    """Grades of that class, from a grader that nobody disturbed."""
    out = tmp_path_factory.mktemp("undisturbed")
    run = grade(class_of_14, out, "--secret", secret)
    assert run.returncode == 0, run.stdout + run.stderr
    return everything(out)


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
    for place in ("", "results", "feedback"):  # as a kill in the middle of writing leaves them
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / ".writing-half").write_text("half")
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
    # A process that was started in the background ignores Ctrl-C, and so would its children.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from gdtutor.cli import app; app()"
    options = ["--out", tmp_path, "--secret", secret, "--workers", 1]
    command = [sys.executable, "-c", code, "grade", class_of_14, *options]
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
