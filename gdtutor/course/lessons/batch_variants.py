"""Lesson 5: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

batch_variants = Lesson(
    number=5,
    name="batch_variants",
    title="Batch, stochastic, mini-batch",
    minutes=60,
    story="to be written",
    needs=("linear_regression",),
    objectives={
        "implement": "write batch, stochastic and mini-batch gradient descent",
        "noise": "say how noise and cost depend on the batch size, in numbers",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
