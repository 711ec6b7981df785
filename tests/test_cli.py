"""The command `gdtutor`."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gdtutor import questions
from gdtutor.cli import app


def gdtutor(*words):
    """Run the command; its exit code and what it printed."""
    run = CliRunner().invoke(app, words, env={"COLUMNS": "100"})
    return run.exit_code, run.output


def test_questions_are_listed_with_all_that_an_instructor_wants():
    code, said = gdtutor("questions", "update_rule")
    assert code == 0
    for name, question in questions.update_rule.questions.items():
        assert f"update_rule.{name}" in said
        for mistake in question.mistakes:
            assert mistake.name in said
    assert "guided, 1 point. To write gradient descent from memory" in said
    assert said.count("hint") >= 3 * len(questions.update_rule.questions)


def test_every_mistake_is_recognised_as_itself():
    code, said = gdtutor("confusion")
    n = sum(
        len(q.mistakes)
        for name in questions.__all__
        for q in getattr(questions, name).questions.values()
    )
    assert f"{n} of {n} mistakes are recognised as themselves." in said
    assert code == 0


@pytest.mark.parametrize("command", ["questions", "confusion"])
def test_an_unknown_lesson_is_told_with_the_known_ones(command):
    code, said = gdtutor(command, "updaterule")
    assert code == 2
    assert "there is no lesson 'updaterule'" in said.replace("│", "")


def test_the_command_is_installed():
    run = subprocess.run(
        [sys.executable, "-c", "from gdtutor.cli import app; app()", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "confusion" in run.stdout
