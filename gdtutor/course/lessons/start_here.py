"""Lesson 0: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

start_here = Lesson(
    number=0,
    name="start_here",
    title="Start here",
    minutes=15,
    story="a first walk downhill, how a lesson works, and five questions that say where to begin",
    needs=(),
    objectives={
        "play": "walk down a hill, and say what the walker feels",
        "find": "find your way: how a lesson works, where help is, which lesson to open next",
    },
    misconceptions={
        "sees-the-valley": "Gradient descent looks around and picks the nearest, or deepest, valley.",
        "slope-is-height": "The slope at a point is the height of the curve there.",
        "slope-keeps-x": "The derivative of x² is x.",
        "negative-means-left": "A negative slope means that downhill is to the left.",
        "one-slope-for-all": "However many variables there are, a function has one slope.",
        "step-is-lr": "A step of gradient descent is as long as the learning rate.",
        "walk-uphill": "The step goes the way that the slope points.",
        "wait-it-out": "A loss that grows will come down if one only trains for longer.",
    },
    words={
        "landscape": "a function seen as ground: its value is the height at each point",
        "slope": "how much the ground rises for a small step to the right, divided by the length of the step",
        "gradient": "the slopes along all axes, as one vector: it points uphill, the steepest way",
    },
    predictions=(
        choice(
            "other-start",
            "play",
            "The next walk starts a little farther to the right, at (0.5, −1.0). Where does it end?",
            wrong(
                "in the same valley",
                "The hilltop lies between the two starts, so downhill points the other way.",
                "sees-the-valley",
            ),
            right(
                "in another valley",
                "Near the top a small difference decides which valley it is. Lesson 7 draws the map of that.",
            ),
            wrong(
                "in the deepest valley",
                "All four are equally deep; and the walker feels the ground underfoot, and sees no valley.",
                "sees-the-valley",
            ),
        ),
    ),
    questions=(
        choice(
            "feels",
            "play",
            "What does the walker know about the landscape, before a step?",
            wrong(
                "where the nearest valley is",
                "That would be a map. The walk from the top ended in whichever valley the slope led to.",
                "sees-the-valley",
            ),
            right(
                "how steep it is underfoot, and which way is up",
                "That is all: the gradient at one point. Everything else in this course follows from it.",
            ),
            wrong(
                "the height of the ground all around",
                "Not even that. The slope is felt at one point; the height isn't used at all.",
                "slope-is-height",
            ),
        ),
        number(
            "steep",
            "find",
            "f(x) = x². How steep is it at x = 3?",
            2 * 3,
            "f′(x) = 2x: around x = 3 the curve rises by 6 for every 1 to the right.",
            hint="Lesson 1 begins with this question: open it next.",
            traps={
                3**2: (
                    "9 is the height there. How fast does it grow? Lesson 1 begins with that.",
                    "slope-is-height",
                ),
                3: (
                    "The power comes down as a factor: 2x, not x. Lesson 1 shows why.",
                    "slope-keeps-x",
                ),
            },
        ),
        choice(
            "downhill",
            "find",
            "The derivative of a function is negative at x = 2. Which way is downhill?",
            right("to the right", "The function falls as x grows."),
            wrong(
                "to the left",
                "Negative slope: a step to the *right* leads down. To the left it goes up. Lesson 1 begins there.",
                "negative-means-left",
            ),
            wrong(
                "it depends on how high f is",
                "The height doesn't matter, only how it changes. Lesson 1 begins there.",
                "slope-is-height",
            ),
        ),
        choice(
            "two-slopes",
            "find",
            "What is the gradient of f(x, y) = x² + 3y at (1, 1)?",
            wrong(
                "5, since 2 + 3 = 5",
                "Two variables, two slopes, kept apart: one along x, one along y. Lesson 1 gets there.",
                "one-slope-for-all",
            ),
            wrong(
                "4, since 1 + 3 = 4",
                "That is the height at (1, 1). The gradient holds two slopes. Lesson 1 gets there.",
                "slope-is-height",
            ),
            right("(2, 3)", "The slope along x is 2x = 2, and along y it is 3."),
        ),
        number(
            "first-step",
            "find",
            "One step of gradient descent on f(x) = x² from x = 4, with learning rate 0.25. Where do you land?",
            4 - 0.25 * 8,
            "The slope is 8, and 4 − 0.25 · 8 = 2.",
            hint="Lesson 3 is about exactly this: open it when you know what a derivative is.",
            traps={
                4 - 0.25: (
                    "The step is the learning rate *times the slope*: lesson 3.",
                    "step-is-lr",
                ),
                4 + 0.25 * 8: (
                    "That is uphill. Gradient descent takes the slope off: lesson 3.",
                    "walk-uphill",
                ),
                4 - 0.25 * 4: ("The slope of x² at 4 is 8, not 4: lesson 1.", "slope-keeps-x"),
            },
        ),
        choice(
            "explodes",
            "find",
            "The loss zigzags, and after some steps it grows without end. What do you change first?",
            wrong(
                "nothing: it needs more steps",
                "Each step lands higher than the one before; more steps make it worse. Lesson 3 shows the picture.",
                "wait-it-out",
            ),
            right(
                "the learning rate: smaller",
                "It is too large for this landscape. Lesson 6 says how large it may be.",
            ),
            wrong(
                "the sign of the step",
                "With the wrong sign it would grow from the start, without a zigzag. Lesson 3 has both pictures.",
                "walk-uphill",
            ),
        ),
    ),
    routes={
        "steep": "derivatives",
        "downhill": "derivatives",
        "two-slopes": "update_rule",
        "first-step": "update_rule",
        "explodes": "update_rule",
        "": "learning_rates",
    },
)
