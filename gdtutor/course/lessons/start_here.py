"""Lesson 0: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson

start_here = Lesson(
    number=0,
    name="start_here",
    title="Start here",
    minutes=15,
    story="to be written",
    needs=(),
    objectives={
        "play": "walk down a hill, and say what the walker feels",
        "find": "find your way: how a lesson works, where help is, which lesson to open next",
    },
    misconceptions={},
    words={},
    predictions=(),
    questions=(),
)
