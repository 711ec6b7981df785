"""Lesson 8: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

momentum = Lesson(
    number=8,
    name="momentum",
    title="Momentum and Nesterov",
    minutes=60,
    story="to be written",
    needs=("learning_rates",),
    objectives={
        "implement": "write heavy-ball and Nesterov momentum",
        "accelerate": "explain where the speed comes from, and what it costs",
        "convert": "translate between the ways in which libraries write momentum",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
