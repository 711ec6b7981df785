"""One run of the grader as its user sees it: what is said, the progress bar, the exit code."""

import collections
import json

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ..course.recap import count
from . import desk, fill, formats
from . import release as giving_out
from .engine import Stopped, grade_class
from .exercise import find
from .gradebook import number
from .ingest import ingest
from .results import write_bytes, write_text
from .roster import Roster
from .sandbox import tier
from .task import INFRASTRUCTURE, UNGRADABLE

FINE, FAILED, BELOW, INTERRUPTED = 0, 1, 3, 130  # exit codes
COLUMNS = (
    TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
    TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
)  # fmt: skip


def grade(piles, out, exercise, secret, roster, shard, options, gradescope, junit, fail_under):
    """Grade a pile of submissions, write up what came of it, and return the exit code.

    The arguments are the options of `gdtutor grade`; `options` go to `engine.grade_class`.
    """
    console, about = Console(highlight=False, soft_wrap=True), find(exercise).id if exercise else ""
    if len(piles) != 1:
        raise Stopped(
            f"Where are the submissions? Give one folder, zip or notebook, not {len(piles)}."
        )
    people = Roster.read(roster) if roster else None
    handed_in = ingest(piles[0], about, people)
    submissions = part_of(handed_in.submissions, shard)
    secret = desk.secret_in(secret) if secret else b""
    console.print(f"Sandbox: {tier(options['trust']).name}.")
    try:
        results = with_a_bar(console, submissions, out, secret, options)
    except KeyboardInterrupt:
        console.print(f"Stopped. What was graded is kept in {out}. Go on with --resume.")
        return INTERRUPTED
    if shard:
        console.print(
            f"{count(len(results), 'result')} in {out}. Bring all parts together: --merge."
        )
        return code_of(results, 0)
    return written_up(
        console, out, results, people, about, handed_in.remarks, gradescope, junit, fail_under
    )


def merge(folders, out, roster, exercise, junit, fail_under):
    """Bring folders of results together, write up what is there, and return the exit code."""
    people, about = Roster.read(roster) if roster else None, find(exercise).id if exercise else ""
    results = desk.merge(folders, out)
    return written_up(
        Console(highlight=False, soft_wrap=True),
        out,
        results,
        people,
        about,
        [],
        None,
        junit,
        fail_under,
    )


def written_up(console, out, results, people, about, remarks, gradescope, junit, fail_under):
    """Write all that is made from results, say what came of it, and return the exit code."""
    results, more = desk.with_marks(out, results)
    desk.write_up(out, results, people, about)
    if gradescope is not None:
        write_text(gradescope, json.dumps(formats.gradescope(only(results)), indent=1) + "\n")
    if junit is not None:
        write_text(junit, formats.junit(results))
    summary(console, results, [*remarks, *more], out)
    return code_of(results, fail_under)


def only(results):
    """Return the one result that Gradescope asks for; of several notebooks none counts."""
    if len(results) == 1:
        return results[0]
    words = f"Hand in one notebook: there are {len(results)}."
    return {"status": UNGRADABLE, "words": words, "score": 0, "notes": [], "questions": []}


def part_of(submissions, shard):
    """Return the i-th of N parts of the submissions; all of them where no part is named.

    Examples
    --------
    >>> part_of("abcdefg", "2/3"), part_of("abc", "")
    ('be', 'abc')
    """
    if not shard:
        return submissions
    part, _, parts = shard.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise Stopped(f"--shard {shard} should be a part and how many there are, such as 2/8.")
    return submissions[int(part) - 1 :: int(parts)]


def with_a_bar(console, submissions, out, secret, options):
    """Return the results of submissions, with a progress bar while they come."""
    results = []
    with Progress(*COLUMNS, console=console) as progress:
        bar = progress.add_task("grading", total=len(submissions), rate="")
        for result in grade_class(submissions, out, secret, **options):
            results.append(result)
            speed = progress.tasks[bar].speed
            progress.update(bar, advance=1, rate=f"{speed:.1f} a second" if speed else "")
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
        mean = number(sum(known) / len(known)) if known else ""
        table.add_row(exercise, status, str(len(scores)), mean)
    console.print(table)
    told = [f"{result['student']}: {result['words']}" for result in results if result["words"]]
    for remark in [*remarks, *told]:
        console.print(f"- {remark}", markup=False)
    console.print(f"See gradebook.csv, class_report.html and feedback/ in {out}.")


def code_of(results, fail_under):
    """Return the exit code that goes with results."""
    if any(result["status"] == INFRASTRUCTURE for result in results):
        return FAILED
    below = any(100 * result["score"] < fail_under * result["max_score"] for result in results)
    return BELOW if below else FINE


def fill_in(path, column, out, exercise):
    """Write the scores of an exercise into a platform's own file, and return the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    results, _ = desk.with_marks(out, desk.kept(out))
    names = sorted({result["exercise"] for result in results})
    about = find(exercise).id if exercise else names[0] if len(names) == 1 else None
    if about is None:
        raise Stopped(
            f"Which --exercise? There are results of {', '.join(names) or 'none'} in {out}."
        )
    filled = fill.fill(path.read_bytes(), column, [r for r in results if r["exercise"] == about])
    write_bytes(path, filled.data)
    for remark in filled.remarks:
        console.print(f"- {remark}", markup=False)
    console.print(
        f"{count(filled.done, 'score')} written into column {column!r} of {path}.", markup=False
    )
    return FINE


def release(exercise, out):
    """Write what students get."""
    names = giving_out.release(find(exercise), out)
    Console(highlight=False, soft_wrap=True).print(f"{', '.join(names)} in {out}.")


def autograder(exercise, out, secret):
    """Write an autograder for Gradescope."""
    giving_out.autograder(find(exercise), out, desk.secret_in(secret) if secret else b"")
    Console(highlight=False, soft_wrap=True).print(
        f"{out}: upload it in the assignment's settings."
    )
