"""The command `gdtutor`, for instructors: what is asked, what is given out, what it is worth."""

import contextlib
import os
import pathlib
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from . import course
from . import questions as exercises
from .check.confusion import confusion as confusions
from .course.recap import count
from .grading import run
from .grading.engine import Stopped
from .grading.sandbox import NoSandbox

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


About = Annotated[str, typer.Argument(help="Such as 03_update_rule.")]
Secret = Annotated[
    pathlib.Path | None,
    typer.Option(help="File with the secret of hidden cases; made if there is none."),
]
STOPPED = 2  # exit code
WORKERS = (os.cpu_count() or 1) + 1  # one more than cores: each now and then waits for its sandbox


@contextlib.contextmanager
def in_words():
    """End with a sentence, not with a traceback, where something can't be done."""
    try:
        yield
    except (Stopped, NoSandbox, LookupError, ValueError, OSError) as error:
        told = error.args[0] if isinstance(error, LookupError) else str(error)
        Console(stderr=True).print(told, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(STOPPED) from error


@app.command()
def grade(
    submissions: Annotated[
        list[pathlib.Path] | None,
        typer.Argument(
            help="A folder, a zip, a platform's download; with --merge, folders of grades."
        ),
    ] = None,
    out: Annotated[pathlib.Path, typer.Option(help="Where grades are kept.")] = pathlib.Path(
        "grades"
    ),
    exercise: Annotated[
        str, typer.Option(help="Such as 03_update_rule; else each notebook's own.")
    ] = "",
    secret: Secret = None,
    roster: Annotated[
        pathlib.Path | None, typer.Option(help="CSV with the class: id, name, email, …")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes here.")] = WORKERS,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only what is new or has changed.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust-submissions", help="Run strangers' code without a sandbox.")
    ] = False,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler: work there.")] = "",
    shard: Annotated[str, typer.Option(help="Only the i-th of N parts, such as 2/8.")] = "",
    merge: Annotated[
        bool, typer.Option("--merge", help="Bring folders of grades together.")
    ] = False,
    fill: Annotated[
        pathlib.Path | None,
        typer.Option(help="A platform's own CSV, to write scores of --out into."),
    ] = None,
    column: Annotated[str, typer.Option(help="The column for --fill.")] = "",
    gradescope: Annotated[
        pathlib.Path | None, typer.Option(help="Write Gradescope's results.json.")
    ] = None,
    junit: Annotated[pathlib.Path | None, typer.Option(help="Write JUnit's XML.")] = None,
    fail_under: Annotated[float, typer.Option(help="Percent that each should have.")] = 0,
):
    """Grade notebooks, each in a sandbox; write gradebook, feedback and a class report.

    Exit codes: 0 all graded; 1 some couldn't be, for a reason of ours; 2 nothing could be done;
    3 a submission has less than --fail-under; 130 interrupted.
    """
    with in_words():
        if fill is not None:
            code = run.fill_in(fill, column, out, exercise)
        elif merge:
            code = run.merge(submissions or [], out, roster, exercise, junit, fail_under)
        else:
            options = {"trust": trust, "workers": workers, "scheduler": scheduler, "resume": resume}
            code = run.grade(
                submissions or [], out, exercise, secret, roster, shard, options,
                gradescope, junit, fail_under,
            )  # fmt: skip
    raise typer.Exit(code)


@app.command()
def release(
    exercise: About,
    out: Annotated[pathlib.Path, typer.Option(help="A folder for what students get.")],
):
    """Write what students get: the notebook, how to begin, gdtutor itself."""
    with in_words():
        run.release(exercise, out)


@app.command()
def autograder(
    exercise: About,
    out: Annotated[pathlib.Path, typer.Option(help="The zip to upload to Gradescope.")],
    secret: Secret = None,
):
    """Write an autograder for Gradescope."""
    with in_words():
        run.autograder(exercise, out, secret)


if __name__ == "__main__":
    app()
