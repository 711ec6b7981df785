"""The course: its lessons, what they ask, and what a learner has answered.

    from gdtutor.course import update_rule as lesson
    lesson.quiz()

    from gdtutor.course import progress
    progress()

`questions` says what a question is, `lesson` what a lesson is, and `lessons` holds them; `sheet` asks in
a notebook, `record` keeps the answers in the learner's folder, `recap` and `journey` read them.
"""

from .journey import Journey
from .lessons.adaptive_optimizers import adaptive_optimizers
from .lessons.batch_variants import batch_variants
from .lessons.derivatives import derivatives
from .lessons.learning_rates import learning_rates
from .lessons.linear_regression import linear_regression
from .lessons.local_minima_and_saddles import local_minima_and_saddles
from .lessons.loss_functions import loss_functions
from .lessons.momentum import momentum
from .lessons.start_here import start_here
from .lessons.update_rule import update_rule

LESSONS = (
    start_here,
    derivatives,
    loss_functions,
    update_rule,
    linear_regression,
    batch_variants,
    learning_rates,
    local_minima_and_saddles,
    momentum,
    adaptive_optimizers,
)


def progress():
    """Return your map of the course: predictions, quizzes, exercises, and what to do next.

    Examples
    --------
    >>> [s.lesson for s in progress().stations][:2]
    [<Lesson 0, start_here>, <Lesson 1, derivatives>]
    """
    return Journey(LESSONS)


__all__ = ["LESSONS", "progress", *(lesson.name for lesson in LESSONS)]
