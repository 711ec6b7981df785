"""Lesson 3: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

update_rule = Lesson(
    number=3,
    name="update_rule",
    title="The update rule",
    minutes=60,
    story="one step, the loop, how far to step, when to stop, how to climb",
    needs=("derivatives",),
    objectives={
        "write": "write gradient descent from memory, as a loop of five lines",
        "stop": "say when it should stop, and when a stopping rule is fooled",
        "climb": "turn it round and climb, and say what happens on a hilltop",
    },
    misconceptions={
        "fixed-step": "A fixed lr means steps of a fixed length.",
        "must-decay": "lr must be made smaller near the minimum.",
        "zero-is-minimum": "Where the gradient is zero, there is a minimum.",
        "slow-is-done": "When the loss hardly changes any more, the walk has converged.",
        "ball-physics": "A walker on a hilltop rolls down by itself, as a ball would.",
        "knows-the-goal": "Gradient descent knows where the minimum is.",
        "lr-in-zero-one": "The learning rate is a number between 0 and 1.",
        "faster-is-faster": "A larger learning rate always converges faster.",
        "sign-slip": "The sign of the step doesn't matter as long as lr is small.",
        "off-by-one": "x₃ is what comes after two steps, since x₁ is the start.",
    },
    words={},
    retrieval=(
        choice(
            "uphill",
            "derivatives.compass",
            "f(x) = x². You stand at x = −2. Which way is *uphill*?",
            right(
                "to the left",
                "Yes. f′(−2) = −4 is negative: the ground falls as x grows, so it rises to the left.",
            ),
            wrong(
                "to the right",
                "Not here. At x = +2 it would be. The sign of f′(−2) = −4 says that the ground falls to "
                "the right.",
                "uphill-is-right",
            ),
        ),
    ),
    predictions=(
        choice(
            "steps",
            "write",
            "As you come near the bottom, `lr` stays the same. What do the steps do?",
            wrong(
                "they get longer",
                "The step is lr × slope, and the slope shrinks near the bottom.",
                "ball-physics",
            ),
            right("they get shorter", "The slope shrinks on its own, and the step is lr × slope."),
            wrong(
                "they stay equal",
                "lr stays, the slope doesn't, and the step is the product of both.",
                "fixed-step",
            ),
        ),
    ),
    questions=(
        number(
            "third",
            "write",
            "f(x) = x², start at x₀ = 4, lr = 0.25. Where is x₃?",
            0.5,
            "Every step multiplies by 1 − 2 · 0.25 = ½, so 4 → 2 → 1 → 0.5.",
            hint="The slope at 4 is 8, so the first step leads to 4 − 0.25 · 8. Go on from there.",
            traps={
                3.25: (
                    "That would be three steps of 0.25. The step is lr times the *slope*.",
                    "fixed-step",
                ),
                1: ("That is x₂. Count the steps: x₀ is where you start.", "off-by-one"),
            },
        ),
    ),
    exercises={"step": "write", "loop": "stop", "backtracking": "write"},
)
