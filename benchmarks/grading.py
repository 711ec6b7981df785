"""How fast a class is graded: the same notebooks by nbgrader, otter and gdtutor, in one run.

    python benchmarks/grading.py --otter OTHER_ENVIRONMENT/bin/python
    python benchmarks/grading.py --many 1000        # only ours: is memory bounded?

Each grader is run as its user runs it, by its own command, with as many workers as it can use (otter
and nbgrader: one; ours: one more than cores). otter isn't among our extras: name the Python of an
environment with `pip install otter-grader -e .`. Points are compared, too. Do it on an idle machine.
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import psutil

from gdtutor.grading.exercise import find

ROOT = pathlib.Path(__file__).parent.parent
EXERCISE = find("update_rule")
NAME = f"{EXERCISE.id}.ipynb"
WRONG = "def step(x, slope, lr):\n    return x + lr * slope"
OTTER = """OK_FORMAT = False
from otter.test_files import test_case

name = "{name}"
points = {points}


@test_case(points={points})
def test_it(env):
    from gdtutor.questions import {lesson} as ex

    assert float(ex.check(env["{name}"], "{name}")) == {points}
"""


def class_of(number, folder):
    """Write so many notebooks: a third solved, a third half solved, a third with a mistake."""
    exercise = json.loads((ROOT / "exercises" / NAME).read_text(encoding="utf-8"))
    solved = json.loads((ROOT / "solutions" / NAME).read_text(encoding="utf-8"))
    right = {cell["id"]: cell["source"] for cell in solved["cells"]}
    answers = [cell["id"] for cell in exercise["cells"] if cell["id"].endswith("-answer")]
    for i in range(number):
        done = answers if i % 3 != 1 else answers[: len(answers) // 2]
        notebook = json.loads(json.dumps(exercise))
        for cell in notebook["cells"]:
            if cell["id"] in done:
                cell["source"] = right[cell["id"]]
            if cell["id"] == "step-answer" and i % 3 == 2:
                cell["source"] = WRONG
        place = folder / f"s{i:04}" / EXERCISE.id
        place.mkdir(parents=True)
        (place / NAME).write_text(json.dumps(notebook))
    return folder


def run(*words, python=sys.executable, **more):
    """Run a command with its environment's programs on the path."""
    path = f"{pathlib.Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*map(str, words)], env=os.environ | {"PATH": path}, capture_output=True, text=True, **more
    )
    if done.returncode:
        raise SystemExit(f"{words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def by_nbgrader(pile, folder):
    """Grade with nbgrader; its assignment is generated before the clock starts."""
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'b'\n"
    )
    (folder / "source" / EXERCISE.id).mkdir(parents=True)
    shutil.copy(ROOT / "exercises" / NAME, folder / "source" / EXERCISE.id)
    shutil.copytree(pile, folder / "submitted")
    run("nbgrader", "generate_assignment", EXERCISE.id, cwd=folder)
    begin = time.perf_counter()
    run("nbgrader", "autograde", EXERCISE.id, cwd=folder)
    seconds = time.perf_counter() - begin
    run("nbgrader", "export", cwd=folder)
    with open(folder / "grades.csv", newline="") as file:
        return seconds, {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def by_otter(pile, folder, python):
    """Grade with otter, one submission after the other; its zip is made before the clock starts."""
    (folder / "tests").mkdir(parents=True)
    for name, question in EXERCISE.questions.items():
        text = OTTER.format(name=name, points=question.points, lesson=EXERCISE.lesson.name)
        (folder / "tests" / f"{name}.py").write_text(text)
    run("otter", "generate", "-t", "tests", "-o", "autograder.zip", python=python, cwd=folder)
    scores, begin = {}, time.perf_counter()
    for student in sorted(pile.iterdir()):
        out = folder / student.name
        out.mkdir()
        notebook = student / EXERCISE.id / NAME
        words = ["otter", "run", "--no-logo", "-a", "autograder.zip", "-o", out, notebook]
        run(*words, python=python, cwd=folder)
        tests = json.loads((out / "results.json").read_text())["tests"]
        scores[student.name] = float(sum(test.get("score") or 0 for test in tests))
    return time.perf_counter() - begin, scores


def by_gdtutor(pile, folder):
    """Grade with gdtutor: gradebook, feedback and report are made, too."""
    begin = time.perf_counter()
    run(sys.executable, "-m", "gdtutor.cli", "grade", pile, "--out", folder / "grades")
    seconds = time.perf_counter() - begin
    with open(folder / "grades" / "gradebook.csv", newline="") as file:
        return seconds, {row["student"]: float(row["score"]) for row in csv.DictReader(file)}


def watched(number, folder):
    """Grade many, and print the most memory that the grader and all it started took meanwhile."""
    pile = class_of(number, folder / "pile")
    command = [sys.executable, "-m", "gdtutor.cli", "grade", pile, "--out", folder / "grades"]
    begin = time.perf_counter()
    grader = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL)
    peaks = []

    def look():
        while grader.poll() is None:
            try:
                family = psutil.Process(grader.pid).children(recursive=True)
                own = psutil.Process(grader.pid).memory_info().rss
                peaks.append((own, own + sum(p.memory_info().rss for p in family)))
            except psutil.Error:
                pass  # somebody ended while we looked
            time.sleep(0.2)

    watcher = threading.Thread(target=look)
    watcher.start()
    grader.wait()
    watcher.join()
    seconds = time.perf_counter() - begin
    half = len(peaks) // 2
    for name, part in (("first half", peaks[:half]), ("second half", peaks[half:])):
        own, together = (max(column) / 1e6 for column in zip(*part))
        print(f"{name}: the grader {own:.0f} MB, with all that it started {together:.0f} MB")
    print(f"{number} notebooks in {seconds:.0f} s, {number / seconds:.1f} a second")


def main():
    """Print a line for each grader."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--number", type=int, default=40)
    options.add_argument("--otter", help="Python of an environment with otter-grader")
    options.add_argument("--many", type=int, default=0, help="only ours, with a look at memory")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if given.many:
            return watched(given.many, folder)
        pile = class_of(given.number, folder / "pile")
        places = {name: folder / name for name in ("nbgrader", "otter", "gdtutor")}
        for place in places.values():
            place.mkdir()
        found = {"nbgrader": by_nbgrader(pile, places["nbgrader"])}
        if given.otter:
            found["otter"] = by_otter(pile, places["otter"], given.otter)
        found["gdtutor"] = by_gdtutor(pile, places["gdtutor"])
    ours, scores = found["gdtutor"]
    print(f"{given.number} notebooks of {EXERCISE.id}, {os.cpu_count()} cores")
    print(f"{'grader':10} {'seconds':>8} {'a notebook':>11} {'ours is faster':>15}  same scores")
    for name, (seconds, their_scores) in found.items():
        same = "yes" if their_scores == scores else "no"
        each = seconds / given.number
        print(f"{name:10} {seconds:8.1f} {each:9.2f} s {seconds / ours:13.1f} x  {same}")
    return None


if __name__ == "__main__":
    main()
