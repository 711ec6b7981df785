"""The exercise notebooks: made from their solutions, quiet where nothing is done, patient with oddities."""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from gdtutor import optimizer, questions
from gdtutor.check.judge import CANNOT_CHECK, CORRECT, INCORRECT, NOT_STARTED, WAITING
from gdtutor.check.message import text
from gdtutor.course import LESSONS, record

ROOT = pathlib.Path(__file__).parents[1]
WITH_EXERCISES = [lesson for lesson in LESSONS if lesson.exercises]
PARTS = ("answer", "check", "why")


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A learner's file of its own."""
    monkeypatch.setenv("GDTUTOR_PROGRESS", str(tmp_path / "my_progress.jsonl"))
    monkeypatch.setattr(record, "_in_memory", [])


@pytest.fixture(params=WITH_EXERCISES, ids=lambda lesson: lesson.name)
def lesson(request):
    """A lesson that has exercises."""
    return request.param


def cells(folder, lesson):
    """Return the cells of a notebook as {id: source}, and the whole."""
    notebook = json.loads((ROOT / folder / lesson.file).read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}, notebook


def run(lesson, sources):
    """Run all cells of code; return the verdicts of the checks, by question."""
    namespace, verdicts = {"__name__": "__main__"}, {}
    for name, source in sources.items():
        question, _, part = name.partition("-")
        if part == "check":
            verdicts[question] = eval(source, namespace).verdict
        elif part == "answer" or name == "setup":
            exec(source, namespace)
    return verdicts


def test_exercises_are_made_from_solutions():
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_exercises.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (made.stdout, made.stderr) == ("", "")


def test_a_solution_has_all_parts(lesson):
    sources, _ = cells("solutions", lesson)
    for name in lesson.exercises:
        assert [f"{name}-{part}" in sources for part in PARTS] == [True] * 3
        assert sources[f"{name}-check"] == f'ex.check("{name}")'
        why = sources[f"{name}-why"]
        assert re.search(
            r"\*\*Why\.\*\*.*\*\*The usual mistake:\*\*.*\*\*Another way:\*\*", why, re.DOTALL
        )
    for name, source in sources.items():
        assert len(source.split()) <= 125, name
        if name.endswith("-answer"):
            assert len(source.splitlines()) <= 24, name


def test_solved_everything_is_correct(lesson):
    verdicts = run(lesson, cells("solutions", lesson)[0])
    assert {name: verdict.status for name, verdict in verdicts.items()} == dict.fromkeys(
        lesson.exercises, CORRECT
    )


def test_stored_solutions_say_so(lesson):
    _, notebook = cells("solutions", lesson)
    asked = getattr(questions, lesson.name).questions
    for cell in notebook["cells"]:
        name, _, part = cell["id"].partition("-")
        if part == "check":
            data = cell["outputs"][0]["data"]
            assert "✓ correct" in "".join(data["text/html"])
            assert float("".join(data["text/plain"])) == asked[name].points


def test_unsolved_nothing_is_started(lesson, capsys):
    verdicts = run(lesson, cells("exercises", lesson)[0])
    asked = getattr(questions, lesson.name).questions
    for name, verdict in verdicts.items():
        assert verdict.status == (WAITING if asked[name].needs else NOT_STARTED), name
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(verdicts)
    assert record.entries() == ([], 0), "nothing is held against anyone"


def test_half_solved_the_rest_is_not_started(lesson):
    sources, solved = cells("exercises", lesson)[0], cells("solutions", lesson)[0]
    half = list(lesson.exercises)[::2]
    for name in half:
        sources[f"{name}-answer"] = solved[f"{name}-answer"]
    asked = getattr(questions, lesson.name).questions
    for name, verdict in run(lesson, sources).items():
        if name in half:
            ready = set(asked[name].needs) <= set(half)
            assert verdict.status == (CORRECT if ready else WAITING)
        else:
            assert verdict.status in (NOT_STARTED, WAITING)


def test_an_exercise_is_an_nbgrader_assignment(lesson):
    _, notebook = cells("exercises", lesson)
    asked = getattr(questions, lesson.name).questions
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        facts, (name, _, part) = cell["metadata"]["nbgrader"], cell["id"].partition("-")
        assert facts["schema_version"] == 3
        assert facts["solution"] == (part == "answer")
        assert facts["grade"] == (part == "check")
        assert facts.get("points") == (asked[name].points if part == "check" else None)
        assert not cell.get("outputs")
        assert "BEGIN SOLUTION" not in "".join(cell["source"])
        assert "#:" not in "".join(cell["source"])


# ---------------------------------------------------------------- odd styles

ODD = {
    "a lambda": "step = lambda x, slope, lr: x - lr * slope",
    "an object that can be called": (
        "class Step:\n    def __call__(self, x, slope, lr):\n        return x - lr * slope\nstep = Step()"
    ),
    "numpy scalars": "import numpy as np\ndef step(x, slope, lr):\n    return np.float64(x - lr * slope)",
    "extra prints": "def step(x, slope, lr):\n    print('x =', x)\n    return x - lr * slope",
    "renamed arguments": "def step(position, gradient, rate):\n    return position - rate * gradient",
    "defaults": "def step(x, slope, lr=0.1, debug=False):\n    return x - lr * slope",
    "defined twice": (
        "def step(x, slope, lr):\n    return x + lr * slope\n"
        "def step(x, slope, lr):\n    return x - lr * slope"
    ),
    "a helper": "def move(x, by):\n    return x + by\ndef step(x, s, lr):\n    return move(x, -lr * s)",
    "a partial": (
        "import functools\ndef rule(x, slope, lr, sign):\n    return x + sign * lr * slope\n"
        "step = functools.partial(rule, sign=-1)"
    ),
    "a closure": "def make():\n    return lambda x, s, lr: x - lr * s\nstep = make()",
    "recursion": "def step(x, s, lr):\n    return x if not lr else -step(-x, 0, 0) - lr * s",
    "type hints": "def step(x: float, slope: float, lr: float) -> float:\n    return x - lr * slope",
    "star args": "def step(*args):\n    x, slope, lr = args\n    return x - lr * slope",
    "a static method": (
        "class Rules:\n    @staticmethod\n    def go(x, s, lr):\n        return x - lr * s\nstep = Rules.go"
    ),
}


@pytest.mark.parametrize("code", ODD.values(), ids=ODD)
def test_odd_styles_are_right_as_well(code):
    namespace = {}
    exec("from gdtutor.questions import update_rule as ex\n" + code, namespace)
    assert eval("ex.check('step')", namespace).verdict.status == CORRECT
    assert eval("ex.check(step, 'step')", namespace) == 1.0
    assert eval("ex.check(step)", namespace) == 1.0


WRONG = {
    "def step(x, slope, lr):\n    x = x - lr * slope": "Did you forget `return`?",
    "def step(x, slope, lr):\n    print(x - lr * slope)": "Did you forget `return`?",
    "def step(x):\n    return x": "Which parameters does the question ask for?",
    "step = 2.4": "should be a function, made with `def`",
    "def step(x, slope, lr):\n    return x - lr * gradient": "That name isn't known",
    "def step(x, slope, lr):\n    while True:\n        pass": "a loop that never ends",
    "def step(x, slope, lr):\n    while True:\n        try:\n            x = x\n        except:\n            pass": (
        "a loop that never ends"
    ),
    "def step(x, slope, lr):\n    raise SystemExit": "Call it yourself",
    "def step(x, slope, lr):\n    return step(x, slope, lr)": "RecursionError",
    "n = 0\ndef step(x, slope, lr):\n    global n\n    n += 1\n    return x - lr * slope + (n > 6)": "the second time",
    "import random\ndef step(x, slope, lr):\n    return random.random()": "Work it out by hand",
    "def step(x, slope, lr):\n    return (x - lr * slope,)": "it should be the new x, a number",
    "def step(x, slope, lr):\n    return round(x - lr * slope, 2)": "Were numbers rounded",
    "def step(x, slope, lr):\n    return 2.4": "Other cases come out right",
    "def step(x, slope, lr):\n    return -(x - lr * slope)": "the sign is turned round",
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_wrong_answers_that_nobody_listed_are_named(code, capsys):
    namespace = {}
    exec("from gdtutor.questions import update_rule as ex\n" + code, namespace)
    assert eval("ex.check('step')", namespace) == 0.0
    said = capsys.readouterr().out
    assert WRONG[code] in said
    assert said.startswith("✗ not yet")
    assert len(said.split()) <= 80


def test_dots_that_are_left_are_no_mistake(capsys):
    namespace = {}
    exec(
        "from gdtutor.questions import update_rule as ex\n"
        "def step(x, slope, lr):\n    return x - ... * slope\nby_hand = [2.0, ..., ...]",
        namespace,
    )
    for name in ("step", "by_hand"):
        assert eval(f"ex.check('{name}')", namespace).verdict.status == NOT_STARTED


def test_nothing_else_changes(capsys):
    import random

    from matplotlib import pyplot as plt

    code = """
from gdtutor.questions import update_rule as ex
def step(x, slope, lr):
    import numpy as np, random, warnings
    from matplotlib import pyplot as plt
    np.random.seed(0); random.seed(0); plt.figure(); warnings.warn("here"); print("noise")
    return x - lr * slope
"""
    namespace = {}
    exec(code, namespace)
    plt.close("all")
    state, pythons = np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002
    assert eval("ex.check('step')", namespace) == 1.0
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
    assert random.getstate() == pythons
    assert plt.get_fignums() == []
    assert capsys.readouterr().out == "✓ correct\n"


def test_unknown_names_are_answered_in_words(capsys):
    from gdtutor.questions import update_rule as ex

    for given in ("stepp", 3, None, lambda: 0):
        assert ex.check(given).verdict.status == CANNOT_CHECK
    assert "I don't know which exercise this is: there are by_hand, step" in capsys.readouterr().out
    ex.hint("nothing")
    ex.solution("nothing")
    assert capsys.readouterr().out.count("There is no exercise 'nothing'; there are by_hand") == 2


def test_help_comes_step_by_step(capsys):
    from gdtutor.check.exercises import Exercises
    from gdtutor.questions import update_rule

    ex = Exercises("update_rule", *update_rule.questions.values())
    for _ in range(4):
        ex.hint("step")
    said = capsys.readouterr().out.splitlines()
    assert [line[:11] for line in said] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
    ]
    ex.solution("step")
    assert capsys.readouterr().out.startswith("Sure?")
    ex.solution("step")
    assert "return x - lr * slope" in capsys.readouterr().out

    def step(x, slope, lr):
        return x

    ex.check(step)
    assert "Stuck?" not in capsys.readouterr().out
    ex.check(step)
    assert 'Stuck? `ex.hint("step")` gives a nudge.' in capsys.readouterr().out
    ex.progress()
    assert "✗ step (guided, 1 point)" in capsys.readouterr().out
    assert record.answers()["update_rule.step"][-1]["right"] is False


def test_a_question_waits_for_another():
    from dataclasses import replace

    from gdtutor.check.exercises import Exercises
    from gdtutor.questions import update_rule

    later = replace(update_rule.questions["climb"], needs=("step",))
    ex = Exercises("update_rule", update_rule.questions["step"], later)
    climb = later.reference
    assert ex.check("climb").verdict.status == WAITING
    assert (
        eval(
            "ex.check('climb')", {"ex": ex, "step": ex.questions["step"].reference, "climb": climb}
        )
        == 2
    )


def test_a_mistake_is_kept_for_the_teacher():
    from gdtutor.questions import update_rule as ex

    verdict = ex.check(lambda x, slope, lr: x + lr * slope, "step").verdict
    assert (verdict.status, verdict.mistake) == (INCORRECT, "uphill")
    assert record.answers()["update_rule.step"] == [
        {"question": "update_rule.step", "answer": "uphill", "right": False}
    ]


# ---------------------------------------------------------------- as beginners answer

ANSWERS = tomllib.loads((ROOT / "tests" / "wrong_answers.toml").read_text(encoding="utf-8"))[
    "answer"
]


@pytest.mark.parametrize("given", ANSWERS, ids=lambda given: given["question"])
def test_beginners_wrong_answers_are_named(given):
    lesson, name = given["question"].split(".")
    namespace = {"np": np, "optimizer": optimizer}
    exec(f"from gdtutor.questions import {lesson} as ex\n{given['code']}", namespace)
    verdict = eval(f"ex.check({name!r})", namespace).verdict
    assert verdict.status == INCORRECT
    assert (verdict.mistake or "") == given["named"], text(verdict)
    assert len(text(verdict).split()) <= 80


def test_most_of_them_are():
    named = [given for given in ANSWERS if given["named"]]
    assert len({given["question"] for given in ANSWERS}) >= 10
    assert len(ANSWERS) >= 30
    assert len(named) >= 2 / 3 * len(ANSWERS)


def test_an_endless_loop_is_stopped_where_there_are_no_signals():
    from concurrent.futures import ThreadPoolExecutor

    from gdtutor.check.calls import Call, answer

    def endless():
        while True:
            pass

    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(answer, Call("endless", ()), {"endless": endless}, 0.2).result(10)
    assert reply.trouble.kind == "time"
