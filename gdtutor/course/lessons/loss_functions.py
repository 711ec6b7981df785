"""Lesson 2: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

loss_functions = Lesson(
    number=2,
    name="loss_functions",
    title="Loss functions",
    minutes=50,
    story="to be written",
    needs=("derivatives",),
    objectives={
        "code": "write six losses and their gradients in NumPy",
        "stable": "write a cross-entropy that survives logits of 1000",
        "choose": "choose a loss, and say what an outlier does to it",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
