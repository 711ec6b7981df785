"""Checks that name the mistake: questions as data, and a judge that sees plain data only.

`question` says what a question is; `calls` asks a learner's code, `plain` keeps what comes back, `judge`
compares it and `detect` finds mistakes that need no authoring; `message` says it kindly, and
`exercises` is what a notebook uses. The questions themselves are in `gdtutor.questions`.
"""

from .question import (
    Challenge,
    ChoiceQuestion,
    PlotQuestion,
    Question,
    RuleQuestion,
    ValueQuestion,
    drawn,
    hand,
    law,
    mistake,
    walk,
)

__all__ = [
    "Challenge",
    "ChoiceQuestion",
    "PlotQuestion",
    "Question",
    "RuleQuestion",
    "ValueQuestion",
    "drawn",
    "hand",
    "law",
    "mistake",
    "walk",
]
