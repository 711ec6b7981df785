"""A lesson is data as well: what it is for, what it needs, and what it asks.

In a notebook, a lesson asks its questions itself:

    from gdtutor.course import update_rule as lesson
    lesson.remember()             # three questions about earlier lessons
    lesson.predict("steps")       # before a cell is run; the answer is kept
    lesson.quiz()
    lesson.recap()                # how the predictions did
"""

from dataclasses import dataclass, field

from . import record
from .questions import SURE


@dataclass(frozen=True, repr=False)
class Lesson:
    """A lesson of the course.

    Attributes
    ----------
    number : int
    name : str
        Its id; with the number, the name of its notebook: 03_update_rule.ipynb.
    title : str
    minutes : int
        Time for a person who studies alone.
    story : str
        What happens in it, in a line: for the map of the course.
    needs : tuple of str
        Names of the lessons that it builds on.
    objectives : dict of str to str
        What a learner can do afterwards, by id: "write gradient descent from memory".
    misconceptions : dict of str to str
        What it sets right, by id: the belief in one sentence, as one who holds it would say it. An id is
        unique in the course: questions of any lesson may name it.
    words : dict of str to str
        The terms that it introduces, with what they mean in a sentence: the glossary is made of them.
    retrieval, predictions, questions : tuple of Choice or Number
        About earlier lessons; before cells are run; at the end.
    exercises : dict of str to str
        Its exercises by id, with the objective that each is about.
    routes : dict of str to str
        Only where the quiz is to find out where to begin: for a question that was missed, the lesson to
        open, the first one counts; and under "" the lesson for those who missed none.
    """

    number: int
    name: str
    title: str
    minutes: int
    story: str
    needs: tuple[str, ...]
    objectives: dict[str, str]
    misconceptions: dict[str, str]
    words: dict[str, str]
    predictions: tuple
    questions: tuple
    retrieval: tuple = ()
    exercises: dict[str, str] = field(default_factory=dict)
    routes: dict[str, str] = field(default_factory=dict)

    def __repr__(self):
        return f"<Lesson {self.number}, {self.name}>"

    @property
    def file(self):
        """The name of its notebook."""
        return f"{self.number:02d}_{self.name}.ipynb"

    @property
    def asked(self):
        """All its questions, by name."""
        return {q.name: q for q in (*self.retrieval, *self.predictions, *self.questions)}

    def find(self, name):
        """Return its question of this name."""
        if name not in self.asked:
            raise ValueError(
                f"{self.name} has no question {name!r}; it has {', '.join(self.asked)}."
            )
        return self.asked[name]

    def id_of(self, name):
        """Return the id of its question under which answers are kept."""
        return f"{self.name}.{self.find(name).name}"

    def answer(self, name, answer, sure=None):
        """Answer a question, keep the answer, and return the verdict on it.

        The questions in a notebook do the same; this is the way without widgets.

        Parameters
        ----------
        name : str
            The question's.
        answer : int or str or float
            An option's place (counted from 0) or its text; a number for a question that wants one.
        sure : str, optional
            For a prediction: "guessing", "fairly sure" or "certain".
        """
        if sure is not None and sure not in SURE:
            raise ValueError(f"sure is one of {', '.join(SURE)}: got {sure!r}.")
        verdict = self.find(name).judge(answer)
        record.add(self.id_of(name), verdict.answer, verdict.right, sure)
        return verdict

    def remember(self):
        """Ask about earlier lessons."""
        return self._sheet("Do you remember?", self.retrieval)

    def predict(self, name):
        """Ask what is going to happen, and how sure the learner is."""
        if self.find(name) not in self.predictions:
            raise ValueError(f"{name!r} isn't a prediction: quiz({name!r}) asks it.")
        return self._sheet("Predict", [self.find(name)], predict=True)

    def quiz(self, *names):
        """Ask the lesson's questions, or those of these names."""
        return self._sheet("Quiz", [self.find(name) for name in names] or self.questions)

    def recap(self):
        """Say how the learner's predictions did, and how sure the learner was."""
        from .recap import Recap

        return Recap(self)

    def _sheet(self, title, questions, predict=False):
        from .sheet import Sheet

        return Sheet(self, title, questions, predict)
