"""Lesson 6: its objectives, its questions, and the beliefs it sets right."""

import math

from ..lesson import Lesson
from ..questions import choice, number, right, wrong


def fewest(kappa):
    """Return how many steps the best lr takes to 1e-6 where curvatures go from 1 to kappa."""
    return math.ceil(math.log(1e-6) / math.log((kappa - 1) / (kappa + 1)))


learning_rates = Lesson(
    number=6,
    name="learning_rates",
    title="Learning rates, conditioning, schedules",
    minutes=90,
    story="how far a step may go, why valleys are slow, what scaling repairs, when lr should change",
    needs=("linear_regression",),
    objectives={
        "limit": "derive the largest lr that works, 2/L, and recognise the five regimes",
        "condition": "compute a condition number, and make it smaller by scaling",
        "schedule": "choose a schedule, and say what each of its phases is for",
    },
    misconceptions={
        "divergence-is-bug": "A loss that grows means a mistake in the code.",
        "start-decides-divergence": "Whether a walk diverges depends on where it starts.",
        "zigzag-is-divergence": "Jumping from side to side is how divergence begins.",
        "steep-is-fast": "With the same lr, a steeper hill is walked down sooner.",
        "lr-transfers": "A good lr stays good on another problem, and in other units.",
        "loss-factor-is-harmless": "A factor in front of the loss moves no minimum, so lr can stay.",
        "best-is-one-over-l": "The best lr is 1/L: there a single step is enough.",
        "largest-lr-is-best": "The best lr is the largest one that doesn't diverge.",
        "flat-way-sets-lr": "In a valley the longest way decides how long steps may be.",
        "kappa-is-looks": "A long narrow valley looks odd, but it takes no more steps.",
        "kappa-costs-a-root": "Ten times the condition number costs √10 times the steps.",
        "kappa-is-largest": "The condition number is the largest curvature.",
        "kappa-upside-down": "The condition number is the smallest curvature over the largest.",
        "scaling-changes-fit": "Scaling the features changes which fit is the best.",
        "weights-have-no-unit": "A feature has one true weight, whatever its unit.",
        "noise-averages-out": "With enough steps the noise averages out, whatever lr is.",
        "smaller-is-slower": "A smaller lr can only make progress slower.",
        "stuck-needs-a-push": "A loss that no longer falls needs a larger lr.",
        "decay-always-helps": "Making lr smaller on the way always ends lower.",
        "quiet-is-all-the-same": "Without noise every schedule ends at the same loss.",
        "warmup-only-slows": "Warm-up is a slow start and nothing else.",
        "warmup-calms-noise": "Warm-up is there to average out the noise of the first batches.",
        "limit-is-a-wall": "Beyond 2/L every training diverges, that of a network too.",
        "net-ignores-curvature": "Curvature is a matter of quadratics: networks don't feel it.",
    },
    words={
        "curvature (L)": "how much the slope changes from one metre to the next; on ½Lx² it is L",
        "regime": "a kind of behaviour: settles, one step, zigzag, bounces for ever, diverges",
        "stability limit (2/L)": "the lr below which gradient descent converges on a quadratic, and above "
        "which it diverges",
        "eigenvector": "a direction along which the gradient of a quadratic points straight, with no "
        "part to the side",
        "eigenvalue (λ)": "the curvature along an eigenvector",
        "rate": "what a step multiplies the slowest part of the error by: the closer to 1, the slower",
        "condition number (κ)": "the largest curvature divided by the smallest one",
        "power iteration": "to multiply a direction by the Hessian again and again: it turns into the "
        "steepest one, and its growth is the largest curvature",
        "schedule": "a rule that says which lr each step has",
        "decay": "making lr smaller on the way: in steps, or as 1/t, an exponential or a cosine",
        "warm-up": "raising lr from near zero in the first steps",
        "peak lr": "the largest lr of a schedule",
        "range test": "one short run in which lr grows at every step, to see where the loss turns",
        "sharpness": "the largest curvature at the place where a training stands",
        "edge of stability": "what networks often do: their sharpness climbs to 2/lr and stays there",
    },
    retrieval=(
        choice(
            "which-gradient",
            "linear_regression.derive",
            "X has a row for each of n examples, and r = Xw − y is a number for each example. Which is "
            "the gradient of the mean squared error?",
            wrong(
                "2/n · r",
                "That has an entry for each *example*. A gradient has one for each weight: how the loss "
                "changes with it, summed over all examples.",
                "line-entry-per-example",
            ),
            right(
                "2/n · Xᵀ r",
                "One entry for each weight: its column of X times the residuals, summed over the "
                "examples.",
            ),
            wrong(
                "1/n · Xᵀ r",
                "The derivative of r² is 2r. Without the 2 you walk with half the lr: harmless here, but "
                "then “largest lr” means something else.",
                "line-lost-two",
            ),
        ),
        choice(
            "not-yet-equal",
            "linear_regression.match",
            "Five points: 1000 steps with lr 0.01 give the slope 0.618, least squares gives 0.6. Why?",
            right(
                "it hasn't walked far enough yet",
                "More steps bring it to 0.6. Why one of its two directions is so slow is what today's "
                "lesson is about.",
            ),
            wrong(
                "it has ended in another minimum than least squares",
                "The squared loss of a line is a bowl: it has one minimum, and every walk that "
                "converges ends there. This one is still on its way.",
                "line-local-minima",
            ),
            wrong(
                "it has arrived; the rest is rounding",
                "Rounding is some 10⁻¹⁶. This gap halves every 200 steps or so: it is a way "
                "not yet walked.",
                "line-thousand-is-plenty",
            ),
        ),
        choice(
            "dear-formula",
            "linear_regression.cost",
            "When is solving the normal equation the worse choice?",
            wrong(
                "with many examples: ten million rows, five features",
                "It needs one pass over the rows to make a table of 5 × 5, and solving that is nothing. "
                "Gradient descent passes over the rows at every step.",
                "line-rows-decide",
            ),
            wrong(
                "never: it is exact, and one formula is cheaper than many steps",
                "Its table is d × d, and solving it takes about d³ operations. With 100 000 features "
                "that is 10¹⁵, and 80 GB for the table.",
                "line-exact-is-better",
            ),
            right(
                "with many features: d in the tens of thousands",
                "The table XᵀX has d² entries, and solving it takes about d³ operations. A step of "
                "gradient descent takes n · d.",
            ),
        ),
    ),
    predictions=(
        choice(
            "steeper-hill",
            "limit",
            "On ½x², lr = 0.8 brings the walker home in a few steps. The next hill, ½ · 4x², is four "
            "times as curved. With the same lr = 0.8 …",
            wrong(
                "the walk is over sooner",
                "Steeper ground does give longer steps, four times as long. So long that they land "
                "beyond the bottom, and higher than they took off.",
                "steep-is-fast",
            ),
            wrong(
                "it takes about as many steps",
                "An lr is good *for a hill*. What counts is lr times curvature, and that has gone from "
                "0.8 to 3.2.",
                "lr-transfers",
            ),
            right(
                "every step lands farther away than it took off",
                "A step multiplies x by 1 − 0.8 · 4 = −2.2: to the other side, and more than twice as "
                "far out.",
            ),
        ),
        choice(
            "growing-loss",
            "limit",
            "A hill that nobody can see. Your loss prints 1.00, 1.44, 2.07, 2.99, …, and x changes sides "
            "at every step. What do you suspect first?",
            wrong(
                "a mistake in the code of the gradient",
                "A wrong sign would run away to *one* side. Changing sides while growing is what correct "
                "code does wherever lr is above 2/L, and trying a smaller lr costs one number.",
                "divergence-is-bug",
            ),
            right(
                "an lr above what this hill bears",
                "A constant factor from line to line, and from side to side, is what lr > 2/L looks like; "
                "the factor even says by how much.",
            ),
            wrong(
                "an unlucky start",
                "On a quadratic every start grows by the same factor, near and far: 1 − lr·L has no x "
                "in it.",
                "start-decides-divergence",
            ),
        ),
        choice(
            "valley-lr",
            "limit",
            "f(x, y) = ½(x² + 100y²): curvature 1 along the valley, 100 across it. From (1, 1), which "
            "constant lr brings *both* x and y below 10⁻⁶ in the fewest steps?",
            wrong(
                "0.01: across the valley a single step is enough",
                "It is, for y. But x then keeps 99 % at every step. A larger lr is worse for y, better "
                "for x, and both must arrive.",
                "best-is-one-over-l",
            ),
            right(
                "0.0198, a hair below the limit 0.02",
                "There both shrink alike: x by 0.98 a step, y by −0.98. Any other lr makes one of them "
                "slower.",
            ),
            wrong(
                "1: along the valley, the longer way, a single step is enough",
                "For x it is. But y is multiplied by 1 − 100 = −99 at every step: the steepest "
                "direction sets the limit for all.",
                "flat-way-sets-lr",
            ),
        ),
        number(
            "ten-times",
            "condition",
            "With curvatures 1 and 100 the best lr took 691 steps. How many does it take with 1 and "
            "1000?",
            fewest(1000),
            "Ten times as narrow, ten times as many: 6908. A step can be no longer than the steep "
            "direction allows, and the way along the flat one is the same.",
            hint="The rate goes from 99/101 = 1 − 0.0198 to 999/1001 = 1 − 0.001998. How many more "
            "steps does that make?",
            traps={
                fewest(100): (
                    "The path along the valley is as long as before, but steps must now be ten times "
                    "shorter, or they diverge across it.",
                    "kappa-is-looks",
                ),
                round(fewest(100) * 10**0.5): (
                    "That is what momentum achieves, in lesson 8: steps in proportion to √κ. Plain "
                    "gradient descent pays for κ itself.",
                    "kappa-costs-a-root",
                ),
            },
            tolerance=0.02,
        ),
        choice(
            "same-fit",
            "condition",
            "Standardising subtracts a feature's mean and divides by its spread. Compare the *best* fits "
            "to two features, before and after.",
            right(
                "the same predictions, made by other weights",
                "Whatever one can predict, the other can: a weight ten times as large makes up for a "
                "feature ten times as small.",
            ),
            wrong(
                "better predictions after standardising",
                "The lines and planes to choose from are the same, so the best of them is the same. "
                "Only the way there is another.",
                "scaling-changes-fit",
            ),
            wrong(
                "the same weights, and the same predictions",
                "A weight says “per unit of the feature”. Change the unit, and it must change too, or "
                "the predictions would.",
                "weights-have-no-unit",
            ),
        ),
        choice(
            "first-cut",
            "schedule",
            "Mini-batches of 32 patients, lr = 0.1. Since epoch 10 or so the loss jitters and hardly "
            "falls. At epoch 30 lr is cut to a tenth. What does the loss do in the next ten epochs?",
            wrong(
                "it falls more slowly than before: steps are shorter",
                "Shorter steps are slower where there is a way to go. Here noise holds the loss up, and "
                "a smaller lr lets less of it in.",
                "smaller-is-slower",
            ),
            wrong(
                "nothing: the noise has averaged out by then",
                "Noise comes in anew with every batch. With a constant lr old and new noise balance at "
                "a height that is about proportional to lr.",
                "noise-averages-out",
            ),
            right(
                "it drops, to about a tenth",
                "The height at which the loss jitters is about proportional to lr. A tenth of the lr, "
                "and the jitter shrinks to about a tenth.",
            ),
        ),
        choice(
            "quiet-decay",
            "schedule",
            "Now all 442 patients in every step: no noise. Which ends lower after 1400 steps, a "
            "constant lr of 0.1, or a cosine from 0.1 down to 0?",
            right(
                "the constant lr",
                "Without noise nothing has to settle, and the cosine walks half as far: its lr is half "
                "as large on average.",
            ),
            wrong(
                "the cosine: small steps at the end come closer",
                "Steps shrink by themselves as the slope does (lesson 3). Small lr only helps where "
                "something keeps kicking, and that is noise.",
                "decay-always-helps",
            ),
            wrong(
                "they end alike",
                "Both go to the same minimum, but in 1400 steps neither is there. The cosine's lr adds "
                "up to half as much way.",
                "quiet-is-all-the-same",
            ),
        ),
        choice(
            "slow-start",
            "schedule",
            "A canyon: curvature 13 high up, where the walk starts, 1 at the bottom. Of 200 steps the "
            "first 20 are a warm-up. What is that good for?",
            wrong(
                "nothing: 20 steps are lost to a slow start",
                "At the *same* peak lr it does cost a little. But after a warm-up the peak may be much "
                "larger, and 180 long steps outweigh 20 short ones.",
                "warmup-only-slows",
            ),
            right(
                "a larger lr afterwards, and a lower end",
                "Short steps while the ground is sharply curved; once down, ground that bears an lr "
                "several times as large.",
            ),
            wrong(
                "calm: the noise of the first steps is averaged out",
                "Small steps do let less noise in, but what is noisy early doesn't matter at the end. "
                "It is the curvature at the start that short steps are for.",
                "warmup-calms-noise",
            ),
        ),
        choice(
            "at-the-edge",
            "limit",
            "A small network is trained with a constant lr, all examples in every step. On the way its "
            "largest curvature grows until it reaches 2/lr. What then?",
            wrong(
                "the training diverges: 2/L is a wall",
                "It is one on a quadratic, where L never changes. A network's curvature changes with the "
                "weights, and the first overshoots push it to where the curvature is smaller.",
                "limit-is-a-wall",
            ),
            wrong(
                "nothing: networks aren't quadratics",
                "Something does happen: from there on the loss rises in many steps. It feels the "
                "curvature, and answers to it.",
                "net-ignores-curvature",
            ),
            right(
                "the curvature hovers at 2/lr, and the loss still falls, unevenly",
                "That was described in 2021 and is called the edge of stability. Why the curvature grows to "
                "there at all is still being worked out.",
            ),
        ),
    ),
    questions=(
        choice(
            "shape",
            "limit",
            "f = ½Lx² and lr · L = 1.5. What does the walk look like?",
            wrong(
                "from side to side, farther each time",
                "The factor is 1 − 1.5 = −0.5. The minus changes sides; its size, ½, says that it "
                "shrinks. It grows only beyond lr·L = 2.",
                "zigzag-is-divergence",
            ),
            right(
                "from side to side, half as far each time",
                "Every step multiplies x by 1 − 1.5 = −½.",
            ),
            wrong(
                "straight home, sooner than with lr · L = 1",
                "lr·L = 1 is home in one step, and nothing is sooner than that. At 1.5 every step goes "
                "half as far again, beyond the bottom.",
                "largest-lr-is-best",
            ),
        ),
        number(
            "loss-times-ten",
            "limit",
            "Your loss is the mean over ten examples, and the largest lr that works is 0.02. A colleague "
            "takes the sum, so her loss is 10 times yours. What is the largest lr for it?",
            0.02 / 10,
            "Ten times the loss has ten times the slope and ten times the curvature, so 2/L is a tenth.",
            hint="What happens to L when f becomes 10 f?",
            traps={
                0.02: (
                    "The minimum stays where it was, but the slope and the curvature are ten times as "
                    "large. The limit is 2/L.",
                    "loss-factor-is-harmless",
                ),
                0.2: (
                    "The other way: the ground is ten times as curved now, so it bears a tenth of the "
                    "lr.",
                    "steep-is-fast",
                ),
            },
        ),
        number(
            "kappa",
            "condition",
            "The Hessian of a loss has the eigenvalues 4, 0.02 and 1. What is its condition number?",
            4 / 0.02,
            "The largest over the smallest: 4 / 0.02 = 200. The one between doesn't matter.",
            hint="Largest curvature divided by smallest.",
            traps={
                4: (
                    "That is L, the largest curvature. κ says how far apart the largest and the smallest "
                    "are: divide.",
                    "kappa-is-largest",
                ),
                0.02 / 4: (
                    "Upside down: κ is at least 1, and the larger it is, the narrower the valley.",
                    "kappa-upside-down",
                ),
            },
        ),
        number(
            "best-lr",
            "limit",
            "A valley has the curvatures 1 and 9. Which constant lr shrinks the error fastest?",
            2 / (1 + 9),
            "2/(1 + 9) = 0.2 makes both ends shrink alike: 1 − 0.2 = 0.8 and 1 − 1.8 = −0.8.",
            hint="Both |1 − lr · 1| and |1 − lr · 9| should be small. For which lr are they equal?",
            traps={
                1 / 9: (
                    "There the steep direction is done in one step, and the flat one keeps 8/9 = 0.89 at "
                    "every step. A little more lr helps it.",
                    "best-is-one-over-l",
                ),
                2 / 9: (
                    "That is the limit: the steep direction is multiplied by 1 − 2 = −1 and bounces for "
                    "ever.",
                    "largest-lr-is-best",
                ),
            },
        ),
        choice(
            "other-units",
            "condition",
            "lr = 0.1 trains well on standardised features. A colleague feeds the same features in their "
            "own units. What do you tell her?",
            wrong(
                "“0.1 will do: it is the same data.”",
                "Make a feature ten times as large, and the curvature along its weight is a hundred times "
                "as large. On the "
                "patients' data the limit falls from 0.25 to 0.000014.",
                "lr-transfers",
            ),
            wrong(
                "“Don't: the best fit would be a worse one.”",
                "The best fit predicts exactly the same. What gets worse is the way there.",
                "scaling-changes-fit",
            ),
            right(
                "“Your best fit is mine, but you need another lr, and probably more steps.”",
                "Other units make other curvatures: another limit and another condition number, but the "
                "same best predictions.",
            ),
        ),
        choice(
            "which-phase",
            "schedule",
            "With lr = 0.3 a training is lost within the first ten steps. With 0.1 it survives, but is "
            "slow. Taken up from where that is after 50 steps, 0.3 works. What would you try?",
            wrong(
                "decay: lr should fall from the first step on",
                "Decay begins with the largest lr, just where this training is lost. It is for the end, "
                "where noise has to settle.",
                "decay-always-helps",
            ),
            right(
                "warm-up: raise lr to its peak over the first steps",
                "Only the start can't bear the large lr: it is too sharply curved. Short steps get you "
                "past it.",
            ),
            wrong(
                "look for the mistake in the gradient",
                "It trains with 0.1, and with 0.3 once the start is behind it, so the gradient is fine. "
                "Only the start can't bear the large lr.",
                "divergence-is-bug",
            ),
        ),
        choice(
            "jitter",
            "schedule",
            "Batches of 32, constant lr. The loss fell for 20 epochs, and for 40 epochs now it has "
            "jittered at the same height. 20 epochs are left. What helps most?",
            wrong(
                "nothing new: in 20 epochs the noise will average out",
                "It comes in anew with every batch. At a constant lr the jitter stays as high as it is.",
                "noise-averages-out",
            ),
            wrong(
                "a larger lr: it is stuck and needs a push",
                "It isn't stuck, it is being shaken. A larger lr shakes harder: the height grows about "
                "in proportion.",
                "stuck-needs-a-push",
            ),
            right(
                "decay: let lr fall towards 0 over what is left",
                "The height of the jitter is about proportional to lr, so it sinks with lr. All at "
                "once or along a cosine: both work here.",
            ),
        ),
    ),
    exercises={
        "which_walk": "limit",
        "regime": "limit",
        "tenfold": "condition",
        "curvature_and_lr": "limit",
        "kappas": "condition",
        "warm_cosine": "schedule",
        "expedition": "schedule",
    },
)
