"""Lesson 1: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

derivatives = Lesson(
    number=1,
    name="derivatives",
    title="Derivatives: the gradient as a compass",
    minutes=75,
    story="to be written",
    needs=(),
    objectives={
        "compute": "compute derivatives: with numbers, by the power rule, and one variable at a time",
        "compass": "read a gradient: where it points, how long it is, what kind of thing it is",
        "check": "check a gradient against differences, with a fitting h",
        "trace": "follow a derivative through a computation, forwards and backwards",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
