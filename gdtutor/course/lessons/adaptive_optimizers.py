"""Lesson 9: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

adaptive_optimizers = Lesson(
    number=9,
    name="adaptive_optimizers",
    title="Adaptive rules: AdaGrad to AdamW",
    minutes=90,
    story="a step size for every coordinate, what it costs, and a fair race on real data",
    needs=("momentum", "batch_variants"),
    objectives={
        "implement": "write AdaGrad, RMSProp, AdaDelta, Adam and AdamW",
        "predict": "predict the effective step of every coordinate",
        "compare": "compare optimizers fairly: tuned, with seeds and error bars",
    },
    misconceptions={
        "adaptive-needs-no-tuning": "An adaptive rule finds its own lr, so there is nothing to tune.",
        "steeper-means-longer": "Whatever the rule, a larger gradient makes a longer step.",
        "stall-means-arrived": "AdaGrad slows down because it comes near the minimum.",
        "memory-keeps-the-pace": "A rule with a fixed lr covers the same distance every hundred steps.",
        "rare-goes-farther": "AdaGrad moves the weights of rare features farther than those of common ones.",
        "memory-is-a-window": "A running mean looks at the last few gradients and at no other.",
        "memory-is-forever": "What has once gone into a running mean stays in it in full.",
        "squares-are-momentum": "The running mean of the squares is momentum under another name.",
        "correction-speeds-up": "Bias correction makes Adam's first steps longer, to speed up the start.",
        "correction-is-cosmetic": "Without the bias correction Adam does the same, but for round-off.",
        "eps-is-negligible": "eps only prevents a division by zero; its value never matters.",
        "any-valley-any-way": "An adaptive rule evens out every narrow valley, whichever way it lies.",
        "decay-is-l2": "Weight decay and L2 in the loss are two names for the same thing.",
        "scaled-away": "Adam divides by the gradient's size, so L2 in its gradient has no effect.",
        "adam-always-better": "Adam is better than the older rules, on any problem.",
        "adaptive-generalises-worse": "Adaptive rules always do worse on new data than gradient descent.",
        "defaults-are-fair": "To race everyone at the library's default lr is fair to everyone.",
        "one-way-down-is-a-top": "Where the ground falls away somewhere, it is a maximum.",
        "runs-are-the-cost": "What a search costs is the number of its runs.",
        "fewer-knobs-cost-less": "The method with fewer parameters to set is the cheaper one.",
        "lowest-is-best": "Whoever has the lowest loss at the end is the better optimizer.",
    },
    words={
        "adaptive rule": "an update rule that gives every coordinate a step size of its own, from the "
        "gradients that this coordinate has had",
        "effective lr of a coordinate (lr / (√s + eps))": "what its gradient is multiplied by in the "
        "end, after the rule has divided lr by its record of past gradients",
        "AdaGrad": "the rule that divides every gradient by the root of the sum of all its squares so far",
        "RMSProp": "AdaGrad with a running mean of the squares in place of their sum",
        "AdaDelta": "RMSProp with the size of its own last steps in place of a learning rate",
        "Adam": "the rule that divides a running mean of the gradient by the root of a running mean of "
        "its square, both corrected for having started at 0",
        "bias correction (m̂, v̂)": "dividing a running mean by 1 − betaᵗ, because it started at 0 and "
        "is too small in its first steps",
        "eps (ε)": "a small number added to what a rule divides by; gradients much smaller than it "
        "make short steps",
        "L2 penalty": "a penalty on the squares of the weights, which adds weight_decay · x to the gradient",
        "weight decay (weight_decay)": "taking the same small share off every weight at every step",
        "AdamW": "Adam with weight decay outside the division",
        "tuning budget": "how many settings each competitor in a comparison may try before the race",
    },
    retrieval=(
        choice(
            "nearly-flat",
            "local_minima_and_saddles.classify",
            "The gradient is 0, and the Hessian's eigenvalues are 2, ½ and −0.001. What is this place?",
            wrong(
                "a minimum, but for round-off",
                "A small negative curvature is still negative: along that direction the ground falls "
                "away, slowly at first.",
                "near-zero-is-zero",
            ),
            wrong(
                "a maximum",
                "From a maximum the ground falls in *every* direction. Here it rises along two of three.",
                "one-way-down-is-a-top",
            ),
            right(
                "a saddle",
                "Two directions curve up, one down, however little. Leaving it takes long.",
            ),
        ),
        number(
            "restarts",
            "local_minima_and_saddles.escape",
            "From a random start, gradient descent finds the deepest valley with probability 0.2. "
            "You start 10 times. With what probability is it found at least once?",
            1 - 0.8**10,
            "Each start misses with probability 0.8, all ten with 0.8¹⁰ = 0.107.",
            hint="With what probability do all ten starts miss it?",
            traps={
                2: (
                    "10 · 0.2 counts how many hits to expect. A probability can't be above 1.",
                    "restarts-add-up",
                ),
                0.2: (
                    "That is one start. The others have their chance too.",
                    "restart-repeats",
                ),
            },
        ),
        choice(
            "equal-cost",
            "local_minima_and_saddles.escape",
            "Restarts found the valley after 20 runs, annealing after 1 run. Which way out is better?",
            right(
                "can't be said: how many evaluations did each take?",
                "Equal cost means equal evaluations of loss or gradient. One long run may cost more "
                "than 20 short ones.",
            ),
            wrong(
                "annealing: it needed one run only",
                "A run may be ten steps or ten million. What costs is the evaluations in it.",
                "runs-are-the-cost",
            ),
            wrong(
                "restarts: they have no parameters to choose",
                "That is a convenience, not a result. The question was what each has cost.",
                "fewer-knobs-cost-less",
            ),
        ),
    ),
    predictions=(
        choice(
            "four-times",
            "predict",
            "A hill whose slope is 1 everywhere, lr = 0.1. In 100 steps AdaGrad walks 1.86 far. How far "
            "in 400 steps?",
            wrong(
                "about four times as far",
                "That is a constant pace. AdaGrad's steps get shorter even where the slope stays as it is.",
                "memory-keeps-the-pace",
            ),
            right(
                "about twice as far",
                "The sum under the root grows like t, so the steps shrink like 1/√t, and the distance "
                "grows like √t.",
            ),
            wrong(
                "hardly farther: it has come to rest",
                "There is no minimum here to rest in. It slows down, and never stops.",
                "stall-means-arrived",
            ),
        ),
        choice(
            "rare",
            "predict",
            "A feature is seen in 1 of 100 examples; its gradient is 1 then, and 0 otherwise. Another one is "
            "seen always. After 1000 steps of AdaGrad, the weight of the rare one has moved …",
            wrong(
                "farther",
                "Each of its steps is longer. But there are a hundred times fewer of them.",
                "rare-goes-farther",
            ),
            wrong(
                "a hundredth as far",
                "So it would with gradient descent. AdaGrad makes up for part of it with longer steps.",
                "memory-keeps-the-pace",
            ),
            right(
                "about a tenth as far",
                "The distance goes like the root of the number of sightings: √(1/100).",
            ),
        ),
        choice(
            "first-step",
            "predict",
            "Leave the bias correction out of Adam. What becomes of the very first step?",
            wrong(
                "it gets shorter: the correction speeds up the start",
                "`m` is too small without it, but so is the `√v` that it is divided by, and by more.",
                "correction-speeds-up",
            ),
            right(
                "it gets longer",
                "`m` is 10 times too small, `√v` 31.6 times. The quotient is 3.16 times too large.",
            ),
            wrong(
                "nothing: both means are too small alike",
                "Both are, but not alike: beta1 is 0.9, beta2 is 0.999.",
                "correction-is-cosmetic",
            ),
        ),
        choice(
            "hundredfold",
            "predict",
            "The loss is multiplied by 100, lr stays the same. Gradient descent or Adam: whose path through "
            "the valley changes?",
            wrong(
                "both paths",
                "Adam divides the gradient by its own size, so the factor drops out.",
                "steeper-means-longer",
            ),
            wrong(
                "neither: the valley has the same shape",
                "The shape is the same, the gradient isn't. What does lr · gradient become?",
                "scale-is-invisible",
            ),
            right(
                "gradient descent's, not Adam's",
                "Its step is lr · gradient. In Adam the 100 stands above and below the line.",
            ),
        ),
        choice(
            "turned",
            "predict",
            "The valley is turned, so that it runs diagonally. What is left of AdaGrad's lead over "
            "gradient descent?",
            right(
                "nothing",
                "Both coordinates feel the steep wall alike now, so both get the same effective lr.",
            ),
            wrong(
                "all of it: it is the same valley",
                "To gradient descent it is. AdaGrad sees coordinates, and these have changed.",
                "any-valley-any-way",
            ),
            wrong(
                "all of it, once lr is tuned anew",
                "Tuning can't bring it back: one lr for two equal coordinates is gradient descent's lot.",
                "adaptive-needs-no-tuning",
            ),
        ),
        choice(
            "decay",
            "predict",
            "A weight of 1 has no data gradient; lr = 0.01, weight_decay = 0.1, 100 steps. AdamW leaves "
            "0.905 of it. And Adam with L2?",
            wrong(
                "0.905 as well",
                "So it would be in gradient descent. Adam divides whatever is in its gradient, the L2 part too.",
                "decay-is-l2",
            ),
            wrong(
                "nearly all of it",
                "It does divide the decay by its size. But 0.1 divided by its own size is 1, a full step.",
                "scaled-away",
            ),
            right(
                "less than a quarter",
                "With no other gradient, the first step is lr long, however weak the decay, and the next "
                "ones are little shorter.",
            ),
        ),
        choice(
            "untuned",
            "compare",
            "Handwritten digits, a linear model, 200 batches, every rule at the lr that PyTorch "
            "gives it. Which has the lowest loss on new digits?",
            wrong(
                "Adam",
                "Its default, 0.001, is the length of each of its steps: too short for 200 of them here.",
                "adam-always-better",
            ),
            right("momentum", "Its default happens to suit these data. It needn't suit others."),
            wrong(
                "they are about level: defaults are well chosen",
                "Nobody who chose them has seen your data. An lr has units.",
                "defaults-are-fair",
            ),
        ),
        choice(
            "tuned",
            "compare",
            "The same race, with the best of 15 lr for everyone. On new digits …",
            wrong(
                "Adam is clearly ahead",
                "Seed by seed, tuned Adam beats tuned gradient descent in 5 of 10: a coin would do that.",
                "adam-always-better",
            ),
            wrong(
                "the adaptive rules are clearly behind",
                "Some studies found that, on some networks. Here they are level or a little ahead.",
                "adaptive-generalises-worse",
            ),
            right(
                "all are about level",
                "The medians lie within 0.02 of each other. Untuned, it was 0.26.",
            ),
        ),
    ),
    questions=(
        number(
            "adam-first",
            "predict",
            "Adam with lr = 0.1 takes its first step. The gradient is (0.001, −200). By how much does "
            "the second coordinate grow?",
            0.1,
            "The first step is −lr · sign(g): −0.1 for the first coordinate, +0.1 for the second.",
            hint="After one step, m̂ is g and v̂ is g². What is their quotient, m̂ / √v̂?",
            traps={
                20: (
                    "That is lr · gradient, gradient descent's step. Adam divides 200 by its own size.",
                    "steeper-means-longer",
                ),
                -0.1: (
                    "The length fits. But the slope is negative: downhill is where this coordinate grows.",
                    "uphill-is-right",
                ),
                0.1 * 0.1 / 0.001**0.5: (
                    "That is Adam without bias correction, which is 3.16 times too long.",
                    "correction-speeds-up",
                ),
            },
        ),
        choice(
            "stall",
            "predict",
            "Far from the minimum, AdaGrad's steps have become tiny. Why?",
            wrong(
                "it feels that the minimum is near",
                "No rule knows where the minimum is. On an endless slope AdaGrad slows down as well.",
                "stall-means-arrived",
            ),
            right(
                "its sum of squares can only grow",
                "And so its effective lr can only fall, whatever the ground is like.",
            ),
            wrong(
                "it remembers only the latest gradients",
                "That would be the cure: RMSProp. AdaGrad remembers all of them, for ever.",
                "memory-is-a-window",
            ),
        ),
        choice(
            "mean-to-sum",
            "predict",
            "Someone changes the loss from the mean over 100 examples to their sum. Who must divide lr by "
            "100 to walk the same path?",
            right(
                "gradient descent, not Adam",
                "The gradient is 100 times as long. Adam's quotient doesn't notice.",
            ),
            wrong(
                "both",
                "In Adam the factor stands in m̂ and in √v̂, and drops out.",
                "steeper-means-longer",
            ),
            wrong(
                "neither",
                "The minimum stays where it is, but gradient descent's steps are 100 times as long.",
                "scale-is-invisible",
            ),
        ),
        choice(
            "one-line",
            "implement",
            "AdaGrad says `s = s + g**2`. Which line makes RMSProp of it?",
            wrong(
                "`s = rho * s + (1 - rho) * g`",
                "That is a mean of the gradient itself: momentum. The rule divides by √s, a size, so it "
                "needs squares.",
                "squares-are-momentum",
            ),
            wrong(
                "`s = s + (1 - rho) * g**2`",
                "This still adds up for ever: old squares must lose weight, too.",
                "memory-is-forever",
            ),
            wrong(
                "`s = g**2`",
                "No memory at all: every step would be lr long, with the gradient's sign.",
                "memory-is-a-window",
            ),
            right(
                "`s = rho * s + (1 - rho) * g**2`",
                "A share rho is kept, a share 1 − rho is new.",
            ),
        ),
        choice(
            "tiny-gradients",
            "predict",
            "On a long, nearly level stretch all gradients are 1e-10. Adam has eps = 1e-8. How long are its "
            "steps?",
            wrong(
                "about lr, as always",
                "So they would be with eps = 0. Here √v̂ + eps is nearly all eps.",
                "eps-is-negligible",
            ),
            right(
                "about a hundredth of lr",
                "1e-10 / (1e-10 + 1e-8) is 0.0099.",
            ),
            wrong(
                "about lr · 1e-10",
                "That is gradient descent's step. Adam still divides, by about 1e-8.",
                "steeper-means-longer",
            ),
        ),
        choice(
            "same-thing",
            "implement",
            "For which rule is adding `weight_decay * x` to the gradient the same as taking the share "
            "lr · weight_decay off every weight?",
            wrong(
                "for every rule",
                "Any rule that divides the gradient divides the added part as well.",
                "decay-is-l2",
            ),
            wrong(
                "for Adam",
                "Adam divides the added part by √v̂: weights with large gradients hardly decay.",
                "decay-is-l2",
            ),
            right(
                "for gradient descent",
                "x − lr · (g + wd · x) is (1 − lr · wd) · x − lr · g.",
            ),
            wrong(
                "for none: L2 has no effect on an optimizer",
                "Its gradient pulls every weight towards 0. Write out one step of gradient descent.",
                "scaled-away",
            ),
        ),
        choice(
            "blog",
            "compare",
            "A blog tunes its new rule over 50 lr, runs Adam at its default, one seed each: "
            "loss 0.15 against 0.24. What does that show?",
            wrong(
                "the new rule is better",
                "It shows that a tuned rule beat an untuned one, once. Our untuned Adam had 0.24 on the "
                "digits, too.",
                "lowest-is-best",
            ),
            wrong(
                "the new rule is better than Adam as people use it",
                "A default is a starting point. And one seed doesn't say how much is luck.",
                "defaults-are-fair",
            ),
            wrong(
                "nothing is unfair: Adam is adaptive",
                "It adapts the *ratio* of its steps. Their length is lr, and that was left to chance.",
                "adaptive-needs-no-tuning",
            ),
            right(
                "little: give both 50 lr and ten seeds",
                "The same tuning budget, several seeds, and a spread beside each number.",
            ),
        ),
    ),
    exercises={
        "first_step": "predict",
        "effective_lr": "predict",
        "rmsprop": "implement",
        "adam": "implement",
        "fair_result": "compare",
        "adamw": "implement",
        "entry": "compare",
    },
)
