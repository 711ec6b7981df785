"""Lesson 4: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

linear_regression = Lesson(
    number=4,
    name="linear_regression",
    title="Linear regression from scratch",
    minutes=60,
    story="to be written",
    needs=("loss_functions", "update_rule"),
    objectives={
        "derive": "derive the gradient of the squared loss, and write it without a loop",
        "match": "fit a line that agrees with least squares to six digits",
        "cost": "say when the normal equation is the worse choice",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
