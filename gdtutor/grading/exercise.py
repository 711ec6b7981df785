"""What can be graded: the exercises, by the names of their notebooks."""

from dataclasses import dataclass

from .. import questions
from ..course import LESSONS


@dataclass(frozen=True)
class Exercise:
    """The exercises of a lesson, as they are handed in.

    Attributes
    ----------
    id : str
        The notebook's name without its ending: "03_update_rule".
    lesson : Lesson
    questions : dict of str to Question
        By name, in their order.

    Examples
    --------
    >>> exercise = find("update_rule")
    >>> exercise.id, exercise.points, list(exercise.questions)[:2]
    ('03_update_rule', 13, ['by_hand', 'step'])
    """

    id: str
    lesson: object
    questions: dict

    @property
    def points(self):
        """The points of all questions together."""
        return sum(question.points for question in self.questions.values())


EXERCISES = {
    f"{lesson.number:02}_{lesson.name}": Exercise(
        f"{lesson.number:02}_{lesson.name}", lesson, getattr(questions, lesson.name).questions
    )
    for lesson in LESSONS
    if lesson.name in questions.__all__
}


def find(name):
    """Return an exercise by its name, with or without number and ending.

    Examples
    --------
    >>> find("03_update_rule.ipynb").id == find("update_rule").id
    True
    >>> find("update rules")
    Traceback (most recent call last):
        ...
    LookupError: there is no exercise 'update rules'; there are 01_derivatives, 02_loss_functions, \
03_update_rule, 04_linear_regression, 05_batch_variants, 06_learning_rates, \
07_local_minima_and_saddles, 08_momentum, 09_adaptive_optimizers.
    """
    wanted = name.removesuffix(".ipynb")
    for exercise in EXERCISES.values():
        if wanted in (exercise.id, exercise.lesson.name):
            return exercise
    raise LookupError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}.")
