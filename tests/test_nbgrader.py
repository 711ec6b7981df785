"""Exercises as nbgrader's assignments, graded by nbgrader itself, and by nbgrader with our sandbox."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from classroom import ROOT, RULE
from test_sandbox import CHEATS

pytest.importorskip("nbgrader", reason='for nbgrader: pip install "gdtutor[nbgrader]"')
import nbformat
from nbgrader.api import Gradebook

from gdtutor.grading.nbgrader import SandboxExecute

ID = RULE.id
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
    "elsewhere": dict.fromkeys(RULE.questions) | {"top": "from gdtutor.questions import derivatives"},
}  # fmt: skip
PLAIN = {"solved": 13, "half": 6, "unsolved": 0}
SANDBOX = PLAIN | {"warned": 13, "nan": 12, "equal": 12, "agrees": 12, "gone": 12, "elsewhere": 0}
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'gd'\n"
WITH_SANDBOX = (
    "from gdtutor.grading.nbgrader import configure\n"
    + CONFIG
    + "configure(c, secret='class.secret')\n"
)


def handed_in(answers):
    """Return the exercise as a student hands it in: solved, but for these answers (None: as given).

    A cell of the student's own stands at its top.
    """
    exercise = json.loads((ROOT / "exercises" / f"{ID}.ipynb").read_text(encoding="utf-8"))
    solved = json.loads((ROOT / "solutions" / f"{ID}.ipynb").read_text(encoding="utf-8"))
    right = {cell["id"]: cell["source"] for cell in solved["cells"]}
    for cell in exercise["cells"]:
        name = cell["id"].removesuffix("-answer")
        if cell["id"].endswith("-answer"):
            answer = answers.get(name, right.get(cell["id"], cell["source"]))
            cell["source"] = cell["source"] if answer is None else answer
    own = {"id": "top", "source": answers.get("top", ""), "metadata": {}}
    own |= {"cell_type": "code", "execution_count": None, "outputs": []}
    exercise["cells"].insert(0, own)
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


def course_of(folder, config, students, changes=None):
    """Return a course's folder with the exercise generated, and students' work handed in.

    Changes to nbgrader's metadata go by the ids of cells.
    """
    (folder / "nbgrader_config.py").write_text(config)
    source = folder / "source" / ID
    source.mkdir(parents=True)
    exercise = json.loads((ROOT / "exercises" / f"{ID}.ipynb").read_text(encoding="utf-8"))
    for cell in exercise["cells"]:
        cell["metadata"]["nbgrader"] |= (changes or {}).get(cell["id"], {})
    (source / f"{ID}.ipynb").write_text(json.dumps(exercise))
    nbgrader(folder, "generate_assignment", ID)
    for student in students:
        place = folder / "submitted" / student / ID
        place.mkdir(parents=True)
        (place / f"{ID}.ipynb").write_text(handed_in(STUDENTS[student]))
    return folder


def scores(course):
    """Grade a course; the scores by student, in nbgrader's gradebook."""
    nbgrader(course, "autograde", ID)
    with Gradebook(database(course)) as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(ID)}


def database(course):
    """Return the address of a course's gradebook."""
    return f"sqlite:///{course / 'gradebook.db'}"


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


def test_without_nbgrader_it_says_what_to_install():
    code = "import sys; sys.modules['nbgrader'] = None; import gdtutor.grading.nbgrader"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode != 0
    assert 'pip install "gdtutor[nbgrader]"' in run.stderr


@pytest.fixture(scope="module")
def reweighted(tmp_path_factory):
    """A course with a student who solved half, where `step` is worth 10 points."""
    folder = tmp_path_factory.mktemp("reweighted")
    return course_of(folder, WITH_SANDBOX, ["half"], {"step-check": {"points": 10}})


def test_a_failure_of_ours_is_no_grade(reweighted):
    """Without a sandbox nothing is run, nbgrader says so, and grades when there is one again."""
    graded = reweighted / "autograded" / "half" / ID / f"{ID}.ipynb"
    broken = "import gdtutor.grading.sandbox as s\ns.programs = lambda: ['/bin/false']\n"
    (reweighted / "nbgrader_config.py").write_text(broken + WITH_SANDBOX)
    run = tried(reweighted, "autograde", ID)
    assert run.returncode != 0
    assert "The sandbox doesn't start" in run.stdout + run.stderr
    assert not graded.exists()

    (reweighted / "nbgrader_config.py").write_text(WITH_SANDBOX)
    assert scores(reweighted) == {"half": PLAIN["half"] + 9}, "points are those of the assignment"
    assert graded.exists()


def test_a_graded_cell_that_is_no_check_of_ours_is_refused(reweighted):
    """Without an output it would have all its points for nothing."""
    notebook = nbformat.read(reweighted / "release" / ID / f"{ID}.ipynb", 4)
    (step,) = [cell for cell in notebook.cells if cell.source == 'ex.check("step")']
    step.metadata.nbgrader.grade_id = "own-check"
    about = {"db_url": database(reweighted), "notebook": ID, "assignment": ID}
    with pytest.raises(
        LookupError, match="'own-check' is graded, but isn't a check of 03_update_rule"
    ):
        SandboxExecute().preprocess(notebook, {"nbgrader": about})
