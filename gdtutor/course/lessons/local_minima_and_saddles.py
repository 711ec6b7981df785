"""Lesson 7: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

local_minima_and_saddles = Lesson(
    number=7,
    name="local_minima_and_saddles",
    title="Local minima and saddles",
    minutes=75,
    story="to be written",
    needs=("learning_rates",),
    objectives={
        "classify": "tell minima, maxima and saddles apart by the Hessian's eigenvalues",
        "escape": "compare ways out of a valley at equal cost",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
