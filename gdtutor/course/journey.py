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
LEFT = "style='text-align:left'"


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
        """Whether the quiz is answered: rightly, but where it only finds out where to begin."""
        tried = self.answered + (len(self.missed) if self.lesson.routes else 0)
        return tried == len(self.lesson.questions)

    @property
    def route(self):
        """The name of the lesson that the answers lead to, or None."""
        if not (self.lesson.routes and self.done):
            return None
        led = (lesson for question, lesson in self.lesson.routes.items() if question in self.missed)
        return next(led, self.lesson.routes[""])


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
        found = self._look_again() or self._go_on() or self._open()
        advice, lesson = found or ("", None)
        advice = " ".join(filter(None, [advice, self._exercise()]))
        return (
            advice or "You have reached the bottom of the hill: there is nothing left to do.",
            lesson,
        )

    def _look_again(self):
        for s in self.stations:
            if s.missed and not s.lesson.routes:
                ask = s.lesson.find(s.missed[0]).ask
                return f"Look again at a question of “{s.lesson.title}”: {ask}", s.lesson
        return None

    def _go_on(self):
        for s in self.stations:
            if s.touched and not s.done:
                left = count(len(s.lesson.questions) - s.answered - len(s.missed), "question")
                return f"Go on with “{s.lesson.title}”: {left} of its quiz to go.", s.lesson
        return None

    def _open(self):
        """Advise a new lesson: where the first quiz led, else the first that can be understood."""
        routed = next((s.route for s in self.stations if s.route), None)
        known = self._needed(routed) if routed else set()
        ready = known | {s.lesson.name for s in self.stations if s.done}
        candidates = [
            s.lesson
            for s in sorted(self.stations, key=lambda s: s.lesson.name != routed)
            if s.lesson.name not in ready and set(s.lesson.needs) <= ready
        ]
        if not candidates:
            return None
        lesson = candidates[0]
        return f"Open lesson {lesson.number}, “{lesson.title}” ({lesson.minutes} minutes).", lesson

    def _needed(self, name):
        """Return the names of all lessons that a lesson builds on."""
        needs = {s.lesson.name: s.lesson.needs for s in self.stations}
        return set().union(*({other} | self._needed(other) for other in needs[name]))

    def _exercise(self):
        """Remind of the exercises of lessons that are done."""
        for s in self.stations:
            if s.done and s.solved < len(s.lesson.exercises):
                left = count(len(s.lesson.exercises) - s.solved, "exercise")
                return f"Lesson {s.lesson.number} has {left} for you: exercises/{s.lesson.file}."
        return None

    def rows(self):
        """Yield (station, predictions, quiz, exercises) in words; dots where a lesson isn't begun."""
        for s in self.stations:
            parts = [
                (s.predicted, s.lesson.predictions),
                (s.answered, s.lesson.questions),
                (s.solved, s.lesson.exercises),
            ]
            yield s, *(f"{n} of {len(asked)}" if s.touched else "·" for n, asked in parts)

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
        heads = ["<th></th>", f"<th {LEFT}>lesson</th>"]
        heads += [f"<th>{head}</th>" for head in ("predicted", "quiz", "exercises")]
        lines = [heads]
        for s, *words in self.rows():
            link = f"<a href='{folder}{s.lesson.file}'>{html.escape(s.lesson.title)}</a>"
            line = [f"<td>{s.lesson.number}</td>", f"<td {LEFT}>{link}</td>"]
            lines.append(line + [f"<td>{text}</td>" for text in words])
        table = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
        troubles = "".join(f"<p>{html.escape(line)}</p>" for line in record.troubles())
        advice = f"<p><b>Next:</b> {html.escape(advice)}</p>"
        return f"{hill(self.stations, goal)}{advice}<table>{table}</table>{troubles}"


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
