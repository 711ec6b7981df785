"""The questions of a lesson, in a learner's notebook.

    from gdtutor.questions import update_rule as ex
    ex.check("step")        # finds the learner's `step`, says how it does
    ex.hint("step")         # a nudge, then an idea, then nearly the answer
    ex.solution("step")     # asks once whether you are sure
    ex.progress()

Nothing here raises, whatever the learner's code does: "Run all" goes through.
"""

import html
import pathlib
import sys

from ..course import record
from ..course.recap import count
from . import message
from .calls import answer
from .judge import CANNOT_CHECK, CORRECT, NOT_STARTED, WAITING, Verdict, judge_all


class Grade(float):
    """Points, as a number; in a notebook it shows the message that goes with them.

    It is what a check cell returns, so that a grader that reads a cell's last value finds the points.
    """

    def __new__(cls, points, verdict, more=""):
        grade = super().__new__(cls, points)
        grade.verdict, grade.more = verdict, more
        return grade

    def _repr_html_(self):
        return message.as_html(self.verdict, self.more)


class Exercises:
    """The questions about one lesson.

    Parameters
    ----------
    lesson : str
        The lesson's name.
    questions : Question

    Examples
    --------
    >>> from gdtutor.questions import update_rule as ex
    >>> ex.hint("step")
    Hint 1 of 3: The step is lr times the slope. Which way should it go?
    """

    def __init__(self, lesson, *questions):
        self.lesson = lesson
        self.questions = {question.name: question for question in questions}
        self._failures, self._hints, self._asked = {}, {}, set()

    def __repr__(self):
        return f"<exercises of {self.lesson}: {', '.join(self.questions)}>"

    def check(self, answer, name=None):
        """Check an answer, say what it is worth, and return the points.

        Parameters
        ----------
        answer : str or object
            The name of a question, or the function itself.
        name : str, optional
            The question, where the function has another name.
        """
        namespace = sys._getframe(1).f_globals
        name = name or self._name_of(answer, namespace)
        if name not in self.questions:
            words = f"I don't know which exercise this is: there are {', '.join(self.questions)}."
            words += f' Say which, as in `ex.check(…, "{next(iter(self.questions))}")`.'
            return self._show(Verdict(str(name), CANNOT_CHECK, words=words), 0)
        if not isinstance(answer, str):
            namespace = namespace | {name: answer}
        return self._check(self.questions[name], namespace)

    def _name_of(self, given, namespace):
        """Return the name of the question that is meant."""
        if isinstance(given, str):
            return given
        names = [getattr(given, "__name__", None)]
        names += [name for name in self.questions if namespace.get(name, names) is given]
        return next((name for name in names if name in self.questions), names[0])

    def _check(self, question, namespace):
        try:
            verdict = self._verdict(question, namespace)
        except Exception as error:  # ours: the learner isn't to blame
            words = f"The check itself failed ({type(error).__name__}). It is our fault: report it."
            return self._show(Verdict(question.name, CANNOT_CHECK, words=words), 0)
        more = ""
        if verdict.status not in (NOT_STARTED, WAITING):
            right = verdict.status == CORRECT
            said = verdict.mistake or verdict.status
            if pathlib.Path.cwd().name != "solutions":  # reading a solution isn't solving
                record.add(f"{self.lesson}.{question.name}", said, right)
            more = self._offer(question.name, message.text(verdict), right)
        return self._show(verdict, verdict.share * question.points, more)

    def _verdict(self, question, namespace):
        """Return the verdict on an answer; it waits for those that it needs."""
        asked = {name: self.questions[name] for name in (*question.needs, question.name)}
        return judge_all(asked, lambda probe: answer(probe, namespace))[question.name]

    def _offer(self, name, said, right):
        """Return the offer of a hint, after the same failure twice."""
        again = self._failures.get(name) == said
        self._failures[name] = None if right else said
        return f' Stuck? `ex.hint("{name}")` gives a nudge.' if again and not right else ""

    def _show(self, verdict, points, more=""):
        if not in_notebook():
            print(message.text(verdict) + more)
        return Grade(points, verdict, more)

    def hint(self, name):
        """Show the next of three hints."""
        question = self._find(name)
        if question is None:
            return
        n = min(self._hints.get(name, 0) + 1, len(question.hints))
        self._hints[name] = n
        tell(f"Hint {n} of {len(question.hints)}: {question.hints[n - 1]}")

    def solution(self, name):
        """Show the solution. Asks once whether you are sure, unless yours is right already."""
        question = self._find(name)
        if question is None:
            return
        solved = any(e["right"] for e in record.answers().get(f"{self.lesson}.{name}", []))
        if name not in self._asked and not solved:
            self._asked.add(name)
            tell(
                f'Sure? `ex.hint("{name}")` gives a nudge. Run this cell again to see the solution.'
            )
            return
        tell("One right answer:", question.solution)

    def _find(self, name):
        """Return a question by its name or its function; None, with words, where there is none."""
        name = getattr(name, "__name__", name)
        if name not in self.questions:
            tell(f"There is no exercise {name!r}; there are {', '.join(self.questions)}.")
        return self.questions.get(name)

    def progress(self):
        """Show how far you have come with these exercises."""
        kept = record.answers()
        lines = []
        for name, question in self.questions.items():
            given = kept.get(f"{self.lesson}.{name}", [])
            right = any(entry["right"] for entry in given)
            mark = "✓" if right else "✗" if given else "…"
            lines.append(f"{mark} {name} ({question.level}, {count(question.points, 'point')})")
        tell("\n".join(lines))


def in_notebook():
    """Return whether there is a notebook to show HTML."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def tell(words, code=""):
    """Show words, and code below them, as HTML where there is a notebook."""
    if not in_notebook():
        print(words + ("\n\n" + code if code else ""))
        return
    from IPython.display import HTML, display

    lines = "<br>".join(message.words(line) for line in words.splitlines())
    block = f"<pre>{html.escape(code)}</pre>" if code else ""
    display(HTML(f"<div>{lines}</div>{block}"))
