"""What is told: to each student what came of every answer, to the teacher what to teach again.

Both pages stand alone: no script, nothing from elsewhere. Whatever a student wrote is text there.
"""

import collections
import io
import statistics

import jinja2
from markupsafe import Markup

from ..check import message
from ..check.judge import CORRECT, INCORRECT, NOT_STARTED, PARTIAL, WAITING, Verdict
from .exercise import EXERCISES
from .gradebook import number

PAGES = jinja2.Environment(
    loader=jinja2.PackageLoader("gdtutor.grading"), autoescape=True, undefined=jinja2.StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
PAGES.filters["words"] = lambda text: Markup(message.words(text))  # `code` and *stress*
VERDICT = tuple(name for name in Verdict.__dataclass_fields__ if name != "question")
# How answers are counted: right, partly, wrong, not started. Colours that all can tell apart, hatched.
GROUPS = {
    "right": ((CORRECT,), "#009e73", ""),
    "partly": ((PARTIAL,), "#e69f00", "//"),
    "wrong": ((INCORRECT,), "#d55e00", "xx"),
    "not started": ((NOT_STARTED, WAITING), "#c8ced4", ".."),
}
MISTAKES = 5  # shown of each question


def verdict_of(answer):
    """Return the verdict on an answer, from its entry in a result."""
    return Verdict(answer["name"], **{name: answer[name] for name in VERDICT})


def feedback_html(result):
    """Return the page for a student: the score, and for every question the notebook's own message.

    Parameters
    ----------
    result : dict
        See `gdtutor.grading.task`.

    Examples
    --------
    >>> page = feedback_html({"student": "<b>Ada", "exercise": "03_update_rule", "file": "a.ipynb",
    ...     "status": "ungradable", "words": "The file is empty.", "score": 0, "max_score": 13,
    ...     "questions": [], "notes": []})
    >>> "&lt;b&gt;Ada" in page, "<script" in page
    (True, False)
    """
    exercise = EXERCISES.get(result["exercise"])
    answers = []
    for answer in result["questions"]:
        question = exercise.questions[answer["name"]]
        wrong = answer["status"] in (INCORRECT, PARTIAL)
        shown = Markup(message.as_html(verdict_of(answer)))
        answers.append(answer | {"message": shown, "hint": question.hints[0] if wrong else ""})
    title = f"Exercises: {exercise.lesson.title}" if exercise else "Exercises"
    page = PAGES.get_template("feedback.html")
    return page.render(result=result, answers=answers, title=title, number=number)


def class_report_html(results):
    """Return the page for the teacher.

    Parameters
    ----------
    results : list of dict
        Those of students who handed in nothing may be among them.

    Examples
    --------
    >>> "Nothing has been graded yet" in class_report_html([])
    True
    """
    groups = [
        about(exercise, [r for r in results if r["exercise"] == exercise.id and r["questions"]])
        for exercise in EXERCISES.values()
        if any(r["exercise"] == exercise.id for r in results)
    ]
    ungraded = [result for result in results if not result["questions"]]
    page = PAGES.get_template("class_report.html")
    return page.render(exercises=groups, ungraded=ungraded, number=number)


def about(exercise, results):
    """Return what the report says of an exercise."""
    scores = [result["score"] for result in results] or [0]
    questions = [
        about_question(exercise, question, results) for question in exercise.questions.values()
    ]
    return {
        "title": f"Exercises: {exercise.lesson.title}",
        "lesson": f"lesson {exercise.lesson.number}, {exercise.lesson.title}",
        "n": len(results),
        "points": exercise.points,
        "mean": statistics.mean(scores),
        "median": statistics.median(scores),
        "least": min(scores),
        "most": max(scores),
        "questions": questions,
        "chart": Markup(chart(questions)) if results else "",
    }


def about_question(exercise, question, results):
    """Return what the report says of a question: how many were right, and what went wrong."""
    answers = [a for result in results for a in result["questions"] if a["name"] == question.name]
    counts = [sum(a["status"] in group[0] for a in answers) for group in GROUPS.values()]
    wrong = [a for a in answers if a["status"] in (INCORRECT, PARTIAL)]
    words = {mistake.name: mistake.words for mistake in question.mistakes}
    mistakes = []
    for name, n in sorted(
        collections.Counter(a["mistake"] or "" for a in wrong).items(), key=by_number
    ):
        one = next(a for a in wrong if (a["mistake"] or "") == name)
        example = f"`{one['called']}`: {one['came']}." if one["called"] else f"{one['came']}."
        mistakes.append(
            {
                "n": n,
                "name": name or "nothing known",
                "words": words.get(name) or one["words"],
                "example": "" if example == "." else example,
            }
        )
    return {
        "name": question.name,
        "points": question.points,
        "counts": counts,
        "rate": counts[0] / len(answers) if answers else 0,
        "mean": statistics.mean([a["score"] for a in answers] or [0]),
        "objective": exercise.lesson.objectives[question.about],
        "mistakes": mistakes[:MISTAKES],
    }


def by_number(item):
    """Return the key that sorts the most frequent first, and equals by name."""
    name, n = item
    return -n, name


def chart(questions):
    """Return an SVG: for every question a bar, parted by how the class did."""
    from matplotlib import rc_context  # it takes as long as all else that the command imports
    from matplotlib.figure import Figure

    hold = {
        "svg.hashsalt": "gdtutor",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 11,
    }
    with rc_context(hold):
        fig = Figure(figsize=(8, 0.9 + 0.42 * len(questions)), layout="constrained")
        ax = fig.add_subplot()
        left = [0] * len(questions)
        names = [question["name"] for question in questions]
        for i, (label, (_, colour, hatch)) in enumerate(GROUPS.items()):
            widths = [question["counts"][i] for question in questions]
            ax.barh(
                names, widths, left=left, label=label, color=colour, hatch=hatch, edgecolor="white"
            )
            left = [a + b for a, b in zip(left, widths)]
        ax.invert_yaxis()
        ax.set_xlabel("students")
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.spines[["top", "right"]].set_visible(False)
        fig.legend(loc="outside upper left", ncols=len(GROUPS), frameon=False)
        out = io.StringIO()
        fig.savefig(
            out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
        )
    svg = out.getvalue()
    told = "; ".join(
        f"{q['name']}: {q['counts'][0]} of {sum(q['counts'])} right" for q in questions
    )
    return svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{told}"', 1)
