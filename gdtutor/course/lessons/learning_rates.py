"""Lesson 6: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

learning_rates = Lesson(
    number=6,
    name="learning_rates",
    title="Learning rates, conditioning, schedules",
    minutes=90,
    story="to be written",
    needs=("linear_regression",),
    objectives={
        "limit": "derive the largest lr that works, 2/L, and recognise the five regimes",
        "condition": "compute a condition number, and make it smaller by scaling",
        "schedule": "choose a schedule, and say what each of its phases is for",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
