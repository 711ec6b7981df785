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
        "must-decay": "The learning rate must be made smaller near the minimum.",
        "zero-is-minimum": "Where the gradient is zero, there is a minimum.",
        "slow-is-done": "When the loss hardly changes any more, the walk has converged.",
        "ball-physics": "The walker rolls like a ball: it gathers speed, and falls off a hilltop by itself.",
        "knows-the-goal": "Gradient descent knows where the minimum is, and heads for it.",
        "lr-in-zero-one": "The learning rate is a number between 0 and 1.",
        "larger-is-faster": "A larger learning rate always gets there faster.",
        "sign-is-detail": "Whether the step is added or subtracted doesn't matter if lr is small.",
        "divergence-at-once": "A wrong step makes everything explode at once.",
        "slope-off-by-a-factor": "On f(x) = x² the slope is x, or the step is lr itself.",
        "start-counts-as-step": "The start is x₁, so that x₃ comes after two steps.",
        "steps-are-even": "Every step does an equal share of the way.",
        "uphill-is-right": "Uphill is where x grows.",
        "power-stays": "The derivative of 2x⁴ is 8x⁴: the power comes down, and stays.",
        "gradient-adds-up": "A gradient is one number: the slopes along the axes, added up.",
    },
    words={
        "learning rate (lr, α, η)": "how far to step for a given slope",
        "update rule": "the line that says where the next step leads: x ← x − lr · slope",
        "gradient descent": "to feel the slope and step downhill, again and again",
        "gradient ascent": "the same uphill: x ← x + lr · slope",
        "converge": "to come as near to a point as you like, and stay there",
        "diverge": "to get farther and farther away",
        "tolerance": "a number so small that what lies below it counts as zero",
        "stopping rule": "what ends the loop: a small gradient, step or change of the loss, or a number of steps",
        "plateau": "ground that is nearly level, far from any minimum",
    },
    retrieval=(
        choice(
            "uphill",
            "derivatives.compass",
            "f(x) = x². You stand at x = −2. Which way is *uphill*?",
            right(
                "to the left",
                "f′(−2) = −4 is negative: the ground falls as x grows, so it rises to the left.",
            ),
            wrong(
                "to the right",
                "At x = +2 it would be. The sign of f′(−2) = −4 says that the ground falls to the right.",
                "uphill-is-right",
            ),
        ),
        choice(
            "power",
            "derivatives.compute",
            "What is the derivative of 2x⁴?",
            wrong("8x⁴", "Almost: the power also goes down by one.", "power-stays"),
            right("8x³", "Bring the 4 down, and take one off the power."),
        ),
        choice(
            "kind",
            "derivatives.compass",
            "f(x, y) = x² + y². The gradient at (1, 2) is …",
            right("the vector (2, 4)", "(2x, 2y): one slope along each axis."),
            wrong(
                "the number 6",
                "A gradient has one entry for every variable, and here there are two.",
                "gradient-adds-up",
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
                "Nothing gathers speed here. The step is lr × slope, and the slope shrinks near the bottom.",
                "ball-physics",
            ),
            right("they get shorter", "The slope shrinks on its own, and the step is lr × slope."),
            wrong(
                "they stay equal",
                "lr stays, the slope doesn't, and the step is the product of both.",
                "fixed-step",
            ),
        ),
        choice(
            "factor",
            "write",
            "On f(x) = x² with lr = 0.1, every step multiplies x by 0.8: x − 0.1 · 2x. By what does "
            "*lr = 1.1* multiply it, and where does that lead?",
            wrong(
                "by −0.1, so it gets there faster",
                "1 − 1.1 would be −0.1, but the slope is 2x, not x: 1 − 2 · 1.1 = −1.2.",
                "slope-off-by-a-factor",
            ),
            right(
                "by −1.2, so it jumps from side to side, farther each time",
                "1 − 2 · 1.1 = −1.2. The minus changes the side, the 1.2 makes it worse each time.",
            ),
            wrong(
                "by 0.2, because a larger lr is faster",
                "1 − 2 · 1.1 is negative: the step is so long that it lands beyond the bottom, and higher up.",
                "larger-is-faster",
            ),
        ),
        number(
            "flat-hill",
            "write",
            "A hill that is a thousand times flatter: f(x) = 0.001 x². Which `lr` is the best one?",
            1 / (2 * 0.001),
            "The slope is 0.002 x, so a step multiplies x by 1 − 0.002 · lr: home in one step at 500.",
            hint="On x² it was ½, since 1 − 2 · ½ = 0. Here a step multiplies x by 1 − 0.002 · lr.",
            traps={
                0.5: (
                    "That was the best one on x². This hill is a thousand times flatter.",
                    "lr-in-zero-one",
                ),
                1: (
                    "No law ends lr at 1: it has units, and depends on how steep the hill is.",
                    "lr-in-zero-one",
                ),
            },
        ),
        choice(
            "thousand",
            "stop",
            "The loop stops when the slope is below 10⁻⁶, or after 1000 steps. On x² from x = 3 with lr = 0.01, "
            "will it stop before step 1000?",
            right(
                "yes: x shrinks by 2 % a step, and that adds up",
                "0.98 to the power 773 is below 10⁻⁶ / 6. Equal *factors*, not equal distances.",
            ),
            wrong(
                "no: the steps get so short that it never arrives",
                "They get short because the way that is left does. Each step takes 2 % off it.",
                "must-decay",
            ),
            wrong(
                "no: at 0.01 a step, 3 units need 300 steps, and then it overshoots",
                "The step isn't 0.01. It is 0.01 times the slope, which begins at 6 and shrinks.",
                "fixed-step",
            ),
        ),
        choice(
            "first-rule",
            "stop",
            "Three rules with the same tolerance 10⁻⁴: a small gradient, a small step, a small change of the loss. "
            "Which stops first on x², with lr = 0.1?",
            wrong(
                "the gradient: it measures the distance",
                "It is the last of the three here: near the bottom the gradient is larger than step and change.",
                "knows-the-goal",
            ),
            wrong(
                "all at the same step, since the tolerance is the same",
                "The three measure different things: 2x, 0.2x, and about 0.36x².",
                "slow-is-done",
            ),
            right(
                "the change of the loss",
                "It goes with the *square* of the distance, so it is small long before the others.",
            ),
        ),
        choice(
            "fooled",
            "stop",
            "Three more walks: two start on a plain, one has a tiny lr. How many of them are at the bottom when their "
            "rule says stop?",
            wrong(
                "all three: that is what the rule is for",
                "A rule sees the ground under the walker. It knows nothing of a bottom elsewhere.",
                "knows-the-goal",
            ),
            wrong(
                "the one with the small gradient",
                "At x = 5 on the plain the slope is 0.00002, and the bottom is five away.",
                "zero-is-minimum",
            ),
            right("none of them", "Small changes say “I am slow”. Why, they don't say."),
        ),
        choice(
            "hilltop-start",
            "climb",
            "Two valleys with a hill between them. Where does the walk go from *exactly* the top?",
            wrong(
                "into the deeper valley",
                "The rule sees one slope, and it is 0. It knows nothing of valleys.",
                "knows-the-goal",
            ),
            right("nowhere", "0 times any lr is 0. A millionth to the side is enough, though."),
            wrong(
                "left or right, by chance",
                "There is no chance in the rule: the same start gives the same walk, and here it is standing still.",
                "ball-physics",
            ),
        ),
        choice(
            "straight",
            "write",
            "Two dimensions. From (3, 2) the walk goes straight to the bottom …",
            right(
                "in a round bowl, but not in a narrow valley",
                "Downhill is at right angles to the contours. Only on circles does that point at the middle.",
            ),
            wrong(
                "in both: the gradient points away from the minimum",
                "It points up the steepest way *here*, whatever lies in the distance.",
                "knows-the-goal",
            ),
            wrong(
                "in neither: it curves like a ball that rolls",
                "Nothing rolls. In the round bowl every step points at the middle.",
                "ball-physics",
            ),
        ),
        choice(
            "five-steps",
            "stop",
            "A line fitted to 442 patients, with lr = 0.1, which multiplies the error by 0.8 a step. How much of the way "
            "is left after 5 steps?",
            wrong(
                "none: the data are only one line's worth",
                "Each step takes a fifth of what is *left*, so something always is.",
                "larger-is-faster",
            ),
            wrong(
                "nine tenths, since 5 of 50 steps are done",
                "The first steps are the longest: 0.8⁵ = 0.33.",
                "steps-are-even",
            ),
            right("about a third", "0.8⁵ = 0.33, and after 50 steps 0.8⁵⁰ = 0.00001."),
        ),
    ),
    questions=(
        number(
            "third",
            "write",
            "f(x) = x², start at x₀ = 4, lr = 0.25. Where is x₃?",
            4 * 0.5**3,
            "Every step multiplies by 1 − 2 · 0.25 = ½, so 4 → 2 → 1 → 0.5.",
            hint="The slope at 4 is 8, so the first step leads to 4 − 0.25 · 8. Go on from there.",
            traps={
                4 - 3 * 0.25: (
                    "That would be three steps of 0.25. The step is lr times the *slope*.",
                    "fixed-step",
                ),
                4 * 0.5**2: (
                    "That is x₂. Count the steps: x₀ is where you start.",
                    "start-counts-as-step",
                ),
                4 * 0.75**3: ("The slope of x² is 2x, not x.", "slope-off-by-a-factor"),
            },
        ),
        choice(
            "hilltop",
            "climb",
            "The walker stands exactly on a hilltop. What does gradient descent do?",
            wrong(
                "rolls down, left or right by chance",
                "The rule has no chance in it: slope 0 times any lr is 0.",
                "ball-physics",
            ),
            right(
                "stays there for ever",
                "Zero slope says “flat”, not “lowest”. Lesson 7 tells the two apart.",
            ),
            wrong(
                "stops with an error",
                "Nothing is wrong from its point of view: a zero slope meets its stopping rule.",
                "knows-the-goal",
            ),
        ),
        choice(
            "zero",
            "climb",
            "The gradient is zero at some point. What do you know about the point?",
            wrong(
                "it is a minimum",
                "A hilltop and a terrace are level, too.",
                "zero-is-minimum",
            ),
            wrong(
                "it is a minimum, if gradient descent ended there",
                "Started at exactly a maximum it ends there as well.",
                "zero-is-minimum",
            ),
            right(
                "the ground is level there",
                "Valley, hilltop or terrace: the slope alone can't say.",
            ),
        ),
        choice(
            "still",
            "stop",
            "Training has run for an hour, and the loss has changed by less than 10⁻⁶ over the last step. It has …",
            wrong(
                "converged",
                "Perhaps. On a plain, or with a tiny lr, the loss hardly changes either. Try a larger lr, or another start.",
                "slow-is-done",
            ),
            right(
                "slowed down; why remains to be seen",
                "A small change measures speed, not distance.",
            ),
        ),
        choice(
            "near-bottom",
            "stop",
            "On a smooth hill, a friend halves lr every 5 steps, “because one must be careful near the minimum”. "
            "What comes of it?",
            right(
                "it may stop on the way, however long you wait",
                "The steps then shrink faster than the way that is left. In the lesson it ended at 0.35.",
            ),
            wrong(
                "a safer walk to the same place",
                "The slope already makes the steps shorter. Halving lr as well makes their sum finite: it may not reach.",
                "must-decay",
            ),
            wrong(
                "it is needed: a fixed lr never arrives",
                "On a smooth hill it does: 10⁻¹⁹ after 200 steps. Noise changes that, in lesson 5.",
                "must-decay",
            ),
        ),
        choice(
            "plus",
            "climb",
            "Somebody writes `x = x + lr * grad(x)`. What does that do?",
            wrong(
                "it descends, if lr is small",
                "A small lr makes small steps. The sign says where they go.",
                "sign-is-detail",
            ),
            wrong(
                "it diverges at once",
                "It may, where there is no top above you. From 0.5 on our hill it reached the top.",
                "divergence-at-once",
            ),
            right("it climbs", "Gradient ascent, towards a maximum if there is one."),
        ),
    ),
    exercises={
        "by_hand": "write",
        "step": "write",
        "gradient_descent": "stop",
        "largest_lr": "write",
        "climb": "climb",
        "loss_curve": "stop",
        "backtrack": "write",
    },
)
