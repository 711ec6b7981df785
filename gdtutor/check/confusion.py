"""Which mistake is recognised as which: a table that should be the identity."""

from .calls import answer
from .judge import judge


def confusion(question, seed=0):
    """Return {mistake: what the judge called it}, for every mistake of a question.

    Examples
    --------
    >>> from gdtutor.questions import update_rule
    >>> confusion(update_rule.questions["climb"])["still-downhill"]
    'still-downhill'
    """
    return {
        mistake.name: judge(
            question, lambda probe, m=mistake: answer(probe, {question.name: m.does}), seed
        ).mistake
        for mistake in question.mistakes
    }
