"""A learner's map of the course: what is done, what is begun, and what to do next.

It is read off the answers in the learner's file, and draws itself as text and as HTML.
"""

import html
import pathlib
from dataclasses import dataclass

from . import record
from .lesson import Lesson
from .recap import count

# Where the lessons are, seen from the folder of a notebook.
LESSONS_FROM = {"notebooks": "", "exercises": "../notebooks/", "solutions": "../notebooks/"}


@dataclass(frozen=True)
class Station:
    """How far a learner has come in one lesson.

    Attributes
    ----------
    predicted, answered, solved : int
        Predictions made; quiz questions and exercises answered rightly at last.
    missed : tuple of str
        Quiz questions whose last answer was wrong.
    touched : bool
        Whether anything in the lesson was answered.
    """

    lesson: Lesson
    predicted: int
    answered: int
    solved: int
    missed: tuple[str, ...]
    touched: bool

    @property
    def done(self):
        """Whether every question of the quiz is answered rightly."""
        return self.answered == len(self.lesson.questions)


def station(lesson, kept):
    """Return how far a learner has come in a lesson, from {question: answers}."""
    last = {
        name: kept[f"{lesson.name}.{name}"][-1]["right"]
        for name in (*lesson.asked, *lesson.exercises)
        if f"{lesson.name}.{name}" in kept
    }
    quiz = [q.name for q in lesson.questions]
    return Station(
        lesson,
        predicted=sum(q.name in last for q in lesson.predictions),
        answered=sum(last.get(name, False) for name in quiz),
        solved=sum(last.get(name, False) for name in lesson.exercises),
        missed=tuple(name for name in quiz if not last.get(name, True)),
        touched=bool(last),
    )


class Journey:
    """The map: a station for every lesson, on the way down the hill."""

    def __init__(self, lessons):
        kept = record.answers()
        self.stations = [station(lesson, kept) for lesson in lessons]

    def next(self):
        """Return what to do next, in a sentence, and the lesson that it is about (None at the end)."""
        begun = [s for s in self.stations if s.touched and not s.done]
        for s in begun:
            if s.missed:
                ask = s.lesson.find(s.missed[0]).ask
                return f"Look again at a question of “{s.lesson.title}”: {ask}", s.lesson
        for s in begun:
            left = len(s.lesson.questions) - s.answered
            return (
                f"Go on with “{s.lesson.title}”: {count(left, 'question')} of its quiz to go.",
                s.lesson,
            )
        for s in self.stations:
            if s.done and s.solved < len(s.lesson.exercises):
                left = len(s.lesson.exercises) - s.solved
                return (
                    f"“{s.lesson.title}” has {count(left, 'exercise')} for you: "
                    f"exercises/{s.lesson.file}.",
                    s.lesson,
                )
        done = {s.lesson.name for s in self.stations if s.done}
        for s in self.stations:
            if not s.done and set(s.lesson.needs) <= done:
                minutes = f"{s.lesson.minutes} minutes"
                return f"Open lesson {s.lesson.number}, “{s.lesson.title}” ({minutes}).", s.lesson
        return "You have reached the bottom of the hill. All of it.", None

    def rows(self):
        """Yield (station, predictions, quiz, exercises) in words."""
        for s in self.stations:
            parts = [
                (s.predicted, s.lesson.predictions),
                (s.answered, s.lesson.questions),
                (s.solved, s.lesson.exercises),
            ]
            yield s, *(f"{n} of {len(all_)}" if all_ else "–" for n, all_ in parts)

    def __repr__(self):
        width = max(len(s.lesson.title) for s in self.stations)
        lines = [f"    {'':{width}}  predicted  quiz     exercises"]
        for s, predicted, quiz, solved in self.rows():
            mark = "✓" if s.done else ("…" if s.touched else " ")
            lines.append(
                f"{mark} {s.lesson.number} {s.lesson.title:{width}}  {predicted:9}  {quiz:7}  {solved}"
            )
        return "\n".join([*lines, f"Next: {self.next()[0]}", *record.troubles()])

    def _repr_html_(self):
        advice, goal = self.next()
        folder = LESSONS_FROM.get(pathlib.Path.cwd().name, "notebooks/")
        cells = "".join(
            f"<tr><td>{s.lesson.number}</td><td style='text-align:left'>"
            f"<a href='{folder}{s.lesson.file}'>{html.escape(s.lesson.title)}</a></td>"
            f"<td>{predicted}</td><td>{quiz}</td><td>{solved}</td></tr>"
            for s, predicted, quiz, solved in self.rows()
        )
        heads = "".join(
            f"<th>{head}</th>" for head in ("", "lesson", "predicted", "quiz", "exercises")
        )
        troubles = "".join(f"<p>{html.escape(line)}</p>" for line in record.troubles())
        return (
            f"{hill(self.stations, goal)}<p><b>Next:</b> {html.escape(advice)}</p>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table>{troubles}"
        )


def hill(stations, goal):
    """Return the way down the hill as SVG: a full circle is a lesson done, a dot one that is begun."""
    wide, high, points = 760, 150, []
    for i in range(len(stations)):
        share = i / max(len(stations) - 1, 1)
        points.append((40 + (wide - 80) * share, 40 + (high - 75) * (1 - (1 - share) ** 2)))
    parts = [
        '<polyline fill="none" stroke="currentColor" stroke-opacity=".45" stroke-width="3" points="'
        + " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        + '"/>'
    ]
    for (x, y), s in zip(points, stations):
        words, inside = ("done", 12) if s.done else ("begun", 6) if s.touched else ("not begun", 0)
        parts.append(
            f"<g><title>{s.lesson.number} {html.escape(s.lesson.title)}: {words}</title>"
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="12" fill="white" stroke="#0072b2" stroke-width="3"/>'
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{inside}" fill="#0072b2"/>'
            f'<text x="{x:.0f}" y="{y + 32:.0f}" text-anchor="middle" fill="currentColor" '
            f'font-size="14">{s.lesson.number}</text></g>'
        )
        if s.lesson is goal:
            parts.append(
                f'<text x="{x:.0f}" y="{y - 18:.0f}" text-anchor="middle" fill="currentColor" '
                f'font-size="14" font-weight="bold">next</text>'
            )
    done = sum(s.done for s in stations)
    label = f"The way down the hill: {done} of {len(stations)} lessons done."
    return (
        f'<svg viewBox="0 0 {wide} {high}" width="{wide}" style="max-width:100%" role="img" '
        f'aria-label="{label}">{"".join(parts)}</svg>'
    )
