"""The command `gdtutor`, for instructors: what is asked, what is given out, what it is worth."""

import collections
import contextlib
import json
import os
import pathlib
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from . import course
from . import questions as exercises
from .check.confusion import confusion as confusions
from .course.recap import count
from .grading import desk
from .grading import release as giving_out
from .grading.engine import Stopped, grade_class
from .grading.exercise import find
from .grading.fill import fill as filled_in
from .grading.formats import gradescope as as_gradescope
from .grading.formats import junit as as_junit
from .grading.gradebook import number
from .grading.ingest import ingest
from .grading.results import write_bytes, write_text
from .grading.roster import Roster
from .grading.sandbox import NoSandbox, tier
from .grading.task import INFRASTRUCTURE

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


Pile = Annotated[
    list[pathlib.Path],
    typer.Argument(help="A folder, a zip, a platform's download; with --merge, folders of grades."),
]
Folder = Annotated[pathlib.Path, typer.Option("--out", help="Where grades are kept.")]
About = Annotated[str, typer.Option(help="Such as 03_update_rule; else each notebook's own.")]
Secret = Annotated[
    pathlib.Path, typer.Option(help="File with the secret of hidden cases; made if there is none.")
]
Names = Annotated[pathlib.Path, typer.Option(help="CSV with the class: id, name, email, …")]
FAILED, STOPPED, BELOW, INTERRUPTED = 1, 2, 3, 130  # exit codes


@contextlib.contextmanager
def in_words():
    """End with a sentence, not with a traceback, where something can't be done."""
    try:
        yield
    except (Stopped, NoSandbox, LookupError, ValueError, OSError) as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(STOPPED) from error


@app.command()
def grade(
    submissions: Pile = (),
    out: Folder = pathlib.Path("grades"),
    exercise: About = "",
    secret: Secret = None,
    roster: Names = None,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes on this machine.")
    ] = os.cpu_count(),
    resume: Annotated[
        bool, typer.Option("--resume", help="Grade only what is new or has changed.")
    ] = False,
    trust_submissions: Annotated[
        bool, typer.Option("--trust-submissions", help="Run strangers' code without a sandbox.")
    ] = False,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler to work there.")] = "",
    shard: Annotated[str, typer.Option(help="Only the i-th of N parts: 2/8. See --merge.")] = "",
    merge: Annotated[
        bool, typer.Option("--merge", help="Bring folders of grades together.")
    ] = False,
    fill: Annotated[
        pathlib.Path, typer.Option(help="A platform's own CSV, to write scores of --out into.")
    ] = None,
    column: Annotated[str, typer.Option(help="The column of --fill.")] = "",
    gradescope: Annotated[
        pathlib.Path, typer.Option(help="Write results.json for Gradescope.")
    ] = None,
    junit: Annotated[pathlib.Path, typer.Option(help="Write JUnit's XML for a CI server.")] = None,
    fail_under: Annotated[
        float, typer.Option(help="Percent: exit code 3 if any submission has less.")
    ] = 0,
):
    """Grade notebooks: each runs in a sandbox; then gradebook, feedback and a class report are written.

    Exit code 0: all graded. 1: some couldn't be, for a reason of ours. 2: nothing could be done. 3: --fail-under.
    """
    console = Console()
    with in_words():
        if fill is not None:
            return fill_in(console, fill, column, out, exercise)
        people = Roster.read(roster) if roster else None
        if merge:
            results, remarks = desk.merge(submissions, out), []
        else:
            pile = one_pile(submissions)
            handed_in = ingest(pile, exercise, people)
            part, whole = part_of(handed_in.submissions, shard)
            options = {
                "secret": desk.secret_in(secret) if secret else b"",
                "trust": trust_submissions, "workers": workers, "scheduler": scheduler, "resume": resume,
            }  # fmt: skip
            console.print(f"Sandbox: {tier(trust_submissions).name}.")
            results, remarks = graded(console, part, out, options), handed_in.remarks
            if not whole:
                console.print(
                    f"{count(len(results), 'result')} in {out}. Bring all parts together with --merge."
                )
                raise typer.Exit(code_of(results, 0))
        results, more = desk.write_up(out, results, people, find(exercise).id if exercise else "")
        if gradescope is not None:
            if len(results) != 1:
                raise Stopped(f"--gradescope is for one submission; there are {len(results)}.")
            write_text(gradescope, json.dumps(as_gradescope(results[0]), indent=1) + "\n")
        if junit is not None:
            write_text(junit, as_junit(results))
    summary(console, results, remarks + more, out)
    raise typer.Exit(code_of(results, fail_under))


def one_pile(paths):
    """Return the one place where submissions are."""
    if len(paths) != 1:
        raise ValueError(
            f"Say where the submissions are: one folder, zip or notebook, not {len(paths)}."
        )
    return paths[0]


def part_of(submissions, shard):
    """Return the i-th of N parts of the submissions, and whether that is all there is."""
    if not shard:
        return submissions, True
    number, _, parts = shard.partition("/")
    if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise ValueError(f"--shard {shard} should be a part and how many there are, such as 2/8.")
    return submissions[int(number) - 1 :: int(parts)], False


def graded(console, submissions, out, options):
    """Return the results of submissions, with a progress bar while they come."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    results = []
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("grading", total=len(submissions), rate="")
        try:
            for result in grade_class(submissions, out, **options):
                results.append(result)
                speed = progress.tasks[bar].speed
                progress.update(bar, advance=1, rate=f"{speed:.1f} a second" if speed else "")
        except KeyboardInterrupt:
            progress.stop()
            console.print(
                f"Stopped. {len(results)} of {len(submissions)} are graded, and kept in {out}. "
                "Go on with --resume."
            )
            raise typer.Exit(INTERRUPTED) from None
    return sorted(results, key=lambda result: result["id"])


def summary(console, results, remarks, out):
    """Say what came of it."""
    table = Table(title="Results", title_justify="left")
    for head in ("exercise", "status", "submissions", "mean score"):
        table.add_column(head)
    groups = collections.defaultdict(list)
    for result in results:
        groups[result["exercise"] or "unknown", result["status"]].append(result["score"])
    for (exercise, status), scores in sorted(groups.items()):
        known = [score for score in scores if score is not None]
        table.add_row(
            exercise, status, str(len(scores)), number(sum(known) / len(known)) if known else ""
        )
    console.print(table)
    for result in results:
        if result["words"]:
            remarks = [*remarks, f"{result['student']}: {result['words']}"]
    for remark in remarks:
        console.print(f"- {remark}", markup=False, highlight=False)
    console.print(f"See gradebook.csv, class_report.html and feedback/ in {out}.", highlight=False)


def code_of(results, fail_under):
    """Return the exit code that goes with results."""
    if any(result["status"] == INFRASTRUCTURE for result in results):
        return FAILED
    below = any(100 * result["score"] < fail_under * result["max_score"] for result in results)
    return BELOW if below else 0


def fill_in(console, path, column, out, exercise):
    """Write the scores of an exercise into a platform's own file."""
    results, _ = desk.write_up(out, desk.kept(out))
    names = sorted({result["exercise"] for result in results})
    wanted = find(exercise).id if exercise else names[0] if len(names) == 1 else None
    if wanted is None:
        raise ValueError(
            f"Which exercise? There are results of {', '.join(names) or 'none'} in {out}."
        )
    mine = [result for result in results if result["exercise"] == wanted]
    filled = filled_in(path.read_bytes(), column, mine)
    write_bytes(path, filled.data)
    for remark in filled.remarks:
        console.print(f"- {remark}", markup=False, highlight=False)
    console.print(
        f"{count(filled.done, 'score')} written into the column {column!r} of {path}.",
        highlight=False,
    )


@app.command()
def release(
    exercise: Annotated[str, typer.Argument(help="Such as 03_update_rule.")],
    out: Annotated[pathlib.Path, typer.Option(help="A folder for what students get.")],
):
    """Write what students get: the notebook, how to begin, gdtutor itself."""
    with in_words():
        names = giving_out.release(find(exercise), out)
    Console().print(f"{', '.join(names)} in {out}.", highlight=False)


@app.command()
def autograder(
    exercise: Annotated[str, typer.Argument(help="Such as 03_update_rule.")],
    out: Annotated[pathlib.Path, typer.Option(help="The zip to upload to Gradescope.")],
    secret: Secret = None,
):
    """Write an autograder for Gradescope."""
    with in_words():
        giving_out.autograder(find(exercise), out, desk.secret_in(secret) if secret else b"")
    Console().print(f"{out}: upload it in the assignment's settings.", highlight=False)
