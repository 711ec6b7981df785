"""The command `gdtutor`, for instructors: what is asked, and whether the checks tell mistakes apart."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from . import course
from . import questions as exercises
from .check.confusion import confusion as confusions
from .course.recap import count

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Lesson = Annotated[str, typer.Argument(help="A lesson, such as update_rule; all without it.")]
Seed = Annotated[int, typer.Option(help="Of the drawn cases.")]


def chosen(lesson):
    """Return the exercises of a lesson, or of all."""
    names = exercises.__all__
    if lesson and lesson not in names:
        raise typer.BadParameter(f"there is no lesson {lesson!r}; there are {', '.join(names)}.")
    return [getattr(exercises, name) for name in ([lesson] if lesson else names)]


@app.command()
def questions(lesson: Lesson = ""):
    """List all questions with points, objectives, mistakes and hints."""
    console = Console()
    for group in chosen(lesson):
        for question in group.questions.values():
            console.rule(f"{group.lesson}.{question.name}", align="left")
            objective = getattr(course, group.lesson).objectives[question.about]
            points = count(question.points, "point")
            console.print(
                f"{question.level}, {points}. To {objective}.\nWanted: {question.returns}."
            )
            table = Table(show_header=False, box=None, pad_edge=False)
            for mistake in question.mistakes:
                table.add_row("✗", mistake.name, mistake.words)
            for hint in question.hints:
                table.add_row("?", "hint", hint)
            console.print(table)


@app.command()
def confusion(lesson: Lesson = "", seed: Seed = 0):
    """Judge every listed mistake: each should be recognised as itself. Fails where one isn't."""
    console, total, wrong = Console(), 0, []
    for group in chosen(lesson):
        table = Table(title=group.lesson, title_justify="left")
        for head in ("question", "mistakes", "recognised as themselves", "taken for another"):
            table.add_column(head)
        for question in group.questions.values():
            found = confusions(question, seed)
            others = [f"{a} → {b}" for a, b in found.items() if a != b]
            table.add_row(
                question.name, str(len(found)), str(len(found) - len(others)), ", ".join(others)
            )
            total, wrong = total + len(found), wrong + others
        console.print(table)
    console.print(f"{total - len(wrong)} of {total} mistakes are recognised as themselves.")
    raise typer.Exit(bool(wrong))
