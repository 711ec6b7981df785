"""Strangers' cells: whatever they do is kept in, and costs no more than it must."""

import os
import re
import subprocess
import sys
import time

import pytest
from attacks import ATTACKS
from classroom import ROOT, RULE, cells, notebook, task

from gdtutor.grading import examine as examining
from gdtutor.grading.engine import on_this_machine
from gdtutor.grading.examine import examine
from gdtutor.grading.exercise import EXERCISES
from gdtutor.grading.sandbox import programs


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Don't wait ten seconds for a cell that never ends."""
    monkeypatch.setattr(examining, "QUICK", 0.8)
    monkeypatch.setattr(examining, "CELL", 1.5)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_its_cell(name):
    attack, whole = ATTACKS[name], cells()
    begun = time.monotonic()
    examination = examine([*whole[:7], attack.cell, *whole[7:]], RULE, b"secret")
    assert time.monotonic() - begun < 30
    status = {n: v.status for n, v in examination.verdicts.items()}
    told = "\n".join(examination.notes)
    print(status, told)
    if not attack.costs:
        assert set(status.values()) == {"correct"}, told
    if attack.noted:
        assert re.search(attack.noted, told)
        assert "Cell 8" in told


def answered(step, *before):
    """Return the verdict on `step` and the others' statuses, with this in the place of its answer."""
    whole = [step if cell.startswith("def step(") else cell for cell in cells()]
    assert step in whole
    examination = examine([whole[0], *before, *whole[1:]], RULE, b"secret")
    others = [v.status for n, v in examination.verdicts.items() if n != "step"]
    return examination.verdicts["step"], others


EQUAL_TO_ALL = """
class Yes:
    def __eq__(self, other): return True
    def __array_function__(self, *a): return True
    def __array__(self, *a, **k): return 1 / 0
    def __float__(self): return 0.0
    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
"""
FORGED = """
import json, os, struct, sys
def step(x, slope, lr):
    text = json.dumps({"Reply": [2.4, {"tuple": [x, slope, lr]}, None]}).encode()
    for fd in range(3, 200):
        try: os.write(fd, struct.pack("!I", len(text)) + text)
        except OSError: pass
    return "score: 10"
"""
CHEATS = {
    "equal to everything": EQUAL_TO_ALL + "def step(x, slope, lr):\n    return Yes()",
    "an answer equal to everything": EQUAL_TO_ALL + "step = Yes()",
    "numpy always agrees": "import numpy as np\nnp.isclose = np.allclose = lambda *a, **k: True\n"
    "def step(x, slope, lr):\n    return 17.0",
    "judge always agrees": "import sys\nfor m in list(sys.modules.values()):\n"
    "    for n in ('same', 'accepts', 'allclose'):\n        if hasattr(m, n): setattr(m, n, "
    "lambda *a, **k: True)\ndef step(x, slope, lr):\n    return 17.0",
    "forged frames": FORGED,
    "a score printed": "def step(x, slope, lr):\n    print('score: 10', '10/10', 'correct')\n    return 0.0",
    "a grade returned": "class Grade(float):\n    share = 1.0\n    status = 'correct'\n"
    "def step(x, slope, lr):\n    return Grade(10)",
    "a verdict returned": "def step(x, slope, lr):\n    return {'status': 'correct', 'share': 1.0}",
    "the reference asked for": "from gdtutor.questions.update_rule import step_question\n"
    "step = step_question.reference",
    "gdtutor's own rule": "from gdtutor import gd\ndef step(x, slope, lr):\n    return gd(lr=lr)(x, slope)",
    "the solution imported": "import sys; sys.path.insert(0, '/solutions')\n"
    "from solutions.update_rule import step",
    "hard-coded for the cases shown": "def step(x, slope, lr):\n    return {3.0: 2.4, -2.0: -1.6, 1.0: 1.0}"
    ".get(x, 0.0)",
    "not a number": "def step(x, slope, lr):\n    return float('nan')",
    "infinite": "def step(x, slope, lr):\n    return float('inf')",
    "a complex number": "def step(x, slope, lr):\n    return x - lr * slope + 0.001j",
    "an array of objects": "import numpy as np\ndef step(x, slope, lr):\n"
    "    return np.array([x - lr * slope, None], dtype=object)",
    "a hundred million bytes": "import numpy as np\ndef step(x, slope, lr):\n    return np.zeros(12_500_000)",
    "a list without end": "def step(x, slope, lr):\n    a = []\n    a.append(a)\n    return a",
    "a malicious pickle": "import os\nclass Evil:\n    def __reduce__(self):\n"
    "        return os.system, ('touch /tmp/evil',)\ndef step(x, slope, lr):\n    return Evil()",
    "an exception that can't be told": "class Bad(Exception):\n    def __str__(self): return 1 / 0\n"
    "def step(x, slope, lr):\n    raise Bad",
    "an exception of a megabyte": "def step(x, slope, lr):\n    raise ValueError('<script>' * 10**6)",
    "ends Python": "import os\ndef step(x, slope, lr):\n    os._exit(0)",
    "kills all": "import os\ndef step(x, slope, lr):\n    os.kill(-1, 9)",
    "never ends": "def step(x, slope, lr):\n    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass",
    "forks": "import os\ndef step(x, slope, lr):\n    os.fork()\n    return 0.0",
    "right only the first time": "calls = []\ndef step(x, slope, lr):\n    calls.append(x)\n"
    "    return x - lr * slope if len(calls) < 1 else 0.0",
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_gets_nothing_and_costs_nobody_else(name):
    verdict, others = answered(CHEATS[name])
    assert verdict.share == 0, verdict
    assert set(others) == {"correct"}, others


def test_a_right_answer_may_look_odd():
    for right in (
        "step = lambda x, slope, lr: x - lr * slope",
        "import numpy as np\ndef step(x, slope, lr):\n    print('hm')\n    return np.float64(x - lr * slope)",
        "%time def step(x, slope, lr): return x - lr * slope",
    ):
        assert answered(right)[0].status == "correct", right


def test_the_verdict_is_the_one_of_the_notebook():
    verdict, _ = answered("def step(x, slope, lr):\n    return x + lr * slope")
    assert (verdict.mistake, verdict.came) == ("uphill", "got 3.6")
    verdict, _ = answered("def step(x, slope, lr):\n    return x - lr * slop")
    assert verdict.came == (
        "it stopped in line 2, `return x - lr * slop` with NameError: name 'slop' is not defined"
    )


def test_an_answer_that_changes_from_call_to_call_is_seen():
    """As in the notebook, all calls for a question come to the same process."""
    verdict, _ = answered(
        "calls = []\ndef step(x, slope, lr):\n    calls.append(x)\n"
        "    return x - lr * slope if len(calls) < 7 else 0.0"
    )
    assert (verdict.status, verdict.share) == ("incorrect", 0)
    assert verdict.mistake == "forgetful"


def test_an_answer_that_its_cell_never_reached_is_told_so():
    verdict, _ = answered("import pandas\ndef step(x, slope, lr):\n    return x - lr * slope")
    assert verdict.status == "not started"
    assert "Cell 4 stopped in line 1, `import pandas` with ModuleNotFoundError" in verdict.words


def test_exercises_come_out_as_not_started_and_solutions_as_right():
    for exercise in EXERCISES.values():
        verdicts = examine(cells("exercises", exercise), exercise).verdicts
        assert {v.status for v in verdicts.values()} <= {"not started", "waiting"}
        for secret in (b"", b"another"):
            examination = examine(cells("solutions", exercise), exercise, secret)
            assert {v.status for v in examination.verdicts.values()} == {"correct"}
            assert examination.notes == []


def test_nothing_passes_from_one_student_to_the_next():
    leave = "open('/tmp/left', 'w').write('x')\nimport builtins\nbuiltins.left = 1"
    find_it = "import os, builtins\nassert not os.path.exists('/tmp/left')\nassert not hasattr(builtins, 'left')"
    assert examine([leave], RULE).notes == []
    assert examine([find_it], RULE).notes == []
    assert examine([leave, find_it], RULE).notes != []  # the finder finds


def test_random_numbers_without_a_seed_repeat():
    draw = (
        "import numpy as np, random\n"
        "raise ValueError(np.random.default_rng().random(), np.random.rand(), random.random())"
    )
    assert examine([draw], RULE).notes == examine([draw], RULE).notes


def test_a_seed_lasts_from_cell_to_cell():
    """Each cell is run in a fork, and Python seeds its random numbers anew there."""
    seeds = "import random, numpy as np\nrandom.seed(7)\nnp.random.seed(7)"
    draws = "raise ValueError(random.random(), np.random.rand())"
    (note,) = examine([seeds, "x = 1", draws], RULE).notes
    assert note.endswith("ValueError: (0.32383276483316237, 0.07630828937395717)")


HEAVY = ["fork bomb", "a list that grows", "many files", "kills everything"]


def test_a_neighbour_keeps_its_score():
    """Two workers: one gets nothing but attacks, the other an honest notebook, at the same time."""
    whole = cells()
    bad = notebook([*whole[:7], *(ATTACKS[name].cell for name in HEAVY), *whole[7:]])
    good = notebook(whole)
    tasks = [task("ada", good), task("eve", bad), task("bob", good), task("mallory", bad)]
    results = {result["id"]: result for result in on_this_machine(tasks, workers=2)}
    assert {id: results[id]["score"] for id in ("ada", "bob")} == {"ada": 13, "bob": 13}
    assert results["ada"]["notes"] == results["bob"]["notes"] == []
    assert results["eve"]["score"] == results["mallory"]["score"] == 13


AS_SOMEBODY = """
import os, sys
sys.path.insert(0, "tests")
from test_sandbox import *
from gdtutor.grading.sandbox import tier
examination = examine([*cells(), "import os\\nos._exit(3)", "open('/evil', 'w')"], RULE, trust=TRUST)
print(os.geteuid(), tier(TRUST).name, {v.status for v in examination.verdicts.values()}, examination.notes)
"""


def as_somebody(code, *options):
    """Run code as an ordinary user: in a user namespace of its own, with all files where they are."""
    start = [programs()[0], "--unshare-user", *options, "--uid", "1000", "--gid", "1000"]
    return subprocess.run(
        [*start, "--dev-bind", "/", "/", sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip


def test_it_works_for_somebody_who_is_not_root():
    run = as_somebody("TRUST = False\n" + AS_SOMEBODY)
    assert run.stdout.startswith("1000 bubblewrap {'correct'} ["), run.stdout + run.stderr
    assert "exit code 3" in run.stdout
    assert "Read-only file system" in run.stdout


def test_trusted_submissions_are_run_without_one():
    run = as_somebody("TRUST = True\n" + AS_SOMEBODY)
    assert run.stdout.startswith("1000 none {'correct'} ["), run.stdout + run.stderr
    assert "exit code 3" in run.stdout


WITHOUT = """
from gdtutor.grading.sandbox import tier, NoSandbox
try:
    print(tier())
except NoSandbox as error:
    print(error)
"""


def test_without_a_sandbox_it_refuses_and_says_what_to_do():
    """Where namespaces are forbidden (here: within a sandbox that forbids them) nothing is run."""
    run = as_somebody(WITHOUT, "--disable-userns")
    assert "The sandbox doesn't start on this machine" in run.stdout, run.stdout + run.stderr
    assert "namespace" in run.stdout.splitlines()[0]
    assert "--trust-submissions" in run.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="for root: others have no other user to become")
def test_root_runs_students_code_as_somebody_else():
    assert "PermissionError" in examine(["import os\nos.setuid(0)"], RULE).notes[0]
    (note,) = examine(["import os\nraise ValueError(os.getuid(), os.getgroups())"], RULE).notes
    assert re.search(r"ValueError: \(6\d{4}, \[\]\)", note)
