"""Exercises as nbgrader's assignments, graded by nbgrader itself, and by nbgrader with our sandbox."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from classroom import ROOT, RULE
from test_sandbox import CHEATS

pytest.importorskip("nbgrader", reason='for nbgrader: pip install "gdtutor[nbgrader]"')

ID = RULE.id
PARTIAL = "def rule(t, x, g, *, lr=0.1): return x"
STUDENTS = {
    "solved": {},
    "half": {"climb": "def climb(slope, x, lr, steps): return x", "loss_curve": None, "backtrack": None},
    "unsolved": dict.fromkeys(RULE.questions),
    "warned": {"step": "import sys\nprint('oh dear', file=sys.stderr)\ndef step(x, slope, lr):\n"
                       "    print('oh dear', file=sys.stderr)\n    return x - lr * slope"},
    "nan": {"step": CHEATS["not a number"]},
    "equal": {"step": CHEATS["equal to everything"]},
    "agrees": {"step": CHEATS["numpy always agrees"]},
    "gone": {"step": "import os\ndef step(x, slope, lr): return x\nos._exit(0)"},
}  # fmt: skip
PLAIN = {"solved": 13, "half": 6, "unsolved": 0}
SANDBOX = PLAIN | {"warned": 13, "nan": 12, "equal": 12, "agrees": 12, "gone": 12}
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'gd'\n"
WITH_SANDBOX = (
    "from gdtutor.grading.nbgrader import configure\n"
    + CONFIG
    + "configure(c, secret='class.secret')\n"
)


def handed_in(answers):
    """Return the exercise as a student hands it in: solved, but for these answers (None: as given)."""
    exercise = json.loads((ROOT / "exercises" / f"{ID}.ipynb").read_text(encoding="utf-8"))
    solved = json.loads((ROOT / "solutions" / f"{ID}.ipynb").read_text(encoding="utf-8"))
    right = {cell["id"]: cell["source"] for cell in solved["cells"]}
    for cell in exercise["cells"]:
        name = cell["id"].removesuffix("-answer")
        if cell["id"].endswith("-answer"):
            answer = answers.get(name, right.get(cell["id"], cell["source"]))
            cell["source"] = cell["source"] if answer is None else answer
    return json.dumps(exercise)


def nbgrader(course, *words):
    """Run nbgrader in a course's folder, and return what it says."""
    run = tried(course, *words)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def tried(course, *words):
    """Run nbgrader, which finds a program of its own on the path."""
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(course), "IPYTHONDIR": str(course), "PATH": path}
    command = [sys.executable, "-m", "nbgrader", *words]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, env=env)


def course_of(folder, config, students):
    """Return a course's folder with the exercise generated, and students' work handed in."""
    (folder / "nbgrader_config.py").write_text(config)
    source = folder / "source" / ID
    source.mkdir(parents=True)
    shutil.copy(ROOT / "exercises" / f"{ID}.ipynb", source)
    nbgrader(folder, "generate_assignment", ID)
    for student in students:
        place = folder / "submitted" / student / ID
        place.mkdir(parents=True)
        (place / f"{ID}.ipynb").write_text(handed_in(STUDENTS[student]))
    return folder


def scores(course):
    """Grade a course; the scores by student."""
    nbgrader(course, "autograde", ID)
    nbgrader(course, "export")
    with open(course / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_exercises_are_assignments_as_they_are(tmp_path):
    course = course_of(tmp_path, CONFIG, PLAIN)
    released = json.loads((course / "release" / ID / f"{ID}.ipynb").read_text())
    assert (
        sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in released["cells"])
        == 13
    )
    said = nbgrader(course, "validate", f"submitted/solved/{ID}/{ID}.ipynb")
    assert "Success! Your notebook passes all the tests." in said
    said = nbgrader(course, "validate", f"release/{ID}/{ID}.ipynb")
    assert said.count("Partial credit") == len(RULE.questions)
    assert scores(course) == PLAIN


def test_with_the_sandbox_cheats_get_nothing(tmp_path):
    course = course_of(tmp_path, WITH_SANDBOX, SANDBOX)
    assert scores(course) == SANDBOX
    graded = json.loads((course / "autograded" / "gone" / ID / f"{ID}.ipynb").read_text())
    (cell,) = [c for c in graded["cells"] if "".join(c["source"]) == 'ex.check("step")']
    (output,) = cell["outputs"]
    assert "".join(output["data"]["text/plain"]) == "0.0"
    assert "ended Python itself" in "".join(output["data"]["text/html"])


def test_a_failure_of_ours_is_no_grade(tmp_path):
    """Without a sandbox nothing is run, nbgrader says so, and there is no score."""
    course = course_of(tmp_path, WITH_SANDBOX, ["solved"])
    broken = (
        "import gdtutor.grading.sandbox as s\ns.programs = lambda: ['/bin/false']\n" + WITH_SANDBOX
    )
    (course / "nbgrader_config.py").write_text(broken)
    run = tried(course, "autograde", ID)
    assert run.returncode != 0
    assert "The sandbox doesn't start" in run.stdout + run.stderr
    assert not (course / "autograded" / "solved" / ID / f"{ID}.ipynb").exists()
