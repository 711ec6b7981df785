"""Lesson 2: its objectives, its questions, and the beliefs it sets right."""

import math

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

loss_functions = Lesson(
    number=2,
    name="loss_functions",
    title="Loss functions",
    minutes=50,
    story="who makes the hill: six losses, what each of them pulls on, and which to choose",
    needs=("derivatives",),
    objectives={
        "code": "write six losses and their gradients in NumPy",
        "stable": "write a cross-entropy that survives logits of 1000",
        "choose": "choose a loss, and say what an outlier does to it",
    },
    misconceptions={
        "corner-has-no-slope": "A loss with a corner has no slope, so it can't be descended.",
        "lower-number-wins": "A lower loss means a better model, whichever loss it is.",
        "mae-eases-off": "The gradient of the MAE shrinks as you come near the minimum.",
        "accuracy-descends": "If accuracy is what I want, I can descend on accuracy itself.",
        "scale-moves-minimum": "The 1/n or the ½ in front of a loss changes where its minimum is.",
        "scale-is-invisible": "A factor in front of a loss changes nothing at all.",
        "all-pull-alike": "Losses differ in how high they are; they pull alike.",
        "higher-is-steeper": "The higher a loss is, the steeper it is, so bad mistakes mend first.",
        "outlier-outvoted": "One bad point among many hardly matters: the others outvote it.",
        "worst-only": "A squared loss listens to its worst example alone.",
        "only-the-miss-counts": "An outlier's pull depends on its miss, not on where it sits.",
        "robust-is-safer": "A loss that ignores outliers is always the safer choice.",
        "rmse-is-mae": "The root of the MSE is the MAE, so that the two can be compared.",
        "clip-forgets-sign": "Huber's gradient is a size: it has no sign beyond δ.",
        "exp-never-breaks": "What is right on paper is right in floating point.",
        "big-logit-is-sure": "A large logit means a sure model.",
    },
    words={
        "prediction (ŷ)": "what the model says about an example",
        "residual (r)": "by how much it is off: prediction − y",
        "loss (L)": "a number that says how badly a model does: the height of its hill",
        "mean squared error (MSE)": "the mean of the squared residuals",
        "mean absolute error (MAE)": "the mean of the residuals without their signs",
        "minimiser": "the place where a loss is lowest",
        "outlier": "an example far from what all the others say",
        "kink": "a corner of a curve: a slope on its left, another one on its right",
        "subgradient": "at a kink, the slope of a line that touches the curve and is nowhere above it",
        "Huber loss (δ)": "a parabola for residuals up to δ that goes on as a straight line",
        "logit (z)": "a model's score for “yes”: any number, 0 means undecided",
        "sigmoid (σ)": "the curve 1 / (1 + e^−z), which turns a logit into a probability",
        "binary cross-entropy": "minus the logarithm of the probability given to what happened",
        "softmax": "what turns a logit for each class into probabilities that sum to 1",
        "cross-entropy": "the same for several classes: minus the logarithm of the right one's probability",
        "log-sum-exp": "log Σ e^z, computed with the largest z pulled out so that nothing overflows",
        "margin": "label ±1 times score: positive on the right side, and larger farther from the border",
        "hinge loss": "max(0, 1 − margin): nothing once an example is safe",
        "accuracy": "the share of examples with the right answer",
    },
    predictions=(
        number(
            "best-guess",
            "code",
            "One guess c for the five numbers 1, 2, 3, 4, 10. Which c makes the mean *squared* error "
            "smallest?",
            (1 + 2 + 3 + 4 + 10) / 5,
            "The pulls 2(c − y) cancel at the mean: 20 / 5 = 4. The 10 has drawn it up.",
            hint="The pull of each number is 2(c − y). At the best c these add up to 0.",
            traps={
                3: (
                    "That is the middle number, where as many lie above as below. Squares listen to "
                    "*how far* above, too.",
                    "all-pull-alike",
                ),
                5.5: (
                    "Halfway between 1 and 10: best if the largest miss were all that counts. The "
                    "other three pull as well.",
                    "worst-only",
                ),
            },
        ),
        choice(
            "near-bottom",
            "code",
            "You come nearer and nearer to the bottom of |r|: r = 100, 1, 0.01. What does its slope do?",
            wrong(
                "it shrinks, as near every bottom",
                "So it does for r². But |r| is a straight line on either side: steep until the last "
                "hair's breadth.",
                "mae-eases-off",
            ),
            wrong(
                "there is none: |r| has a corner",
                "At the corner itself, r = 0, there is no single slope. But on either side |r| is a "
                "straight line, and that has one.",
                "corner-has-no-slope",
            ),
            right("it stays 1", "Straight lines have one slope, and |r| is made of two of them."),
        ),
        choice(
            "sum",
            "code",
            "You leave the 1/n away: the *sum* of the squared errors, not the mean. What happens to "
            "the best guess?",
            right(
                "it stays where it is",
                "Every height is multiplied by n, and the lowest place remains the lowest.",
            ),
            wrong(
                "it grows with n",
                "The heights grow with n, all by the same factor. Which place is lowest doesn't change.",
                "scale-moves-minimum",
            ),
            wrong(
                "it moves towards the outlier",
                "The sum magnifies the outlier's share n times, and everybody else's n times, too.",
                "scale-moves-minimum",
            ),
        ),
        choice(
            "two-numbers",
            "choose",
            "Two lines through the same patients. Line A: MSE 3890. Line B: MAE 51. Which fits better?",
            wrong(
                "B: 51 is far below 3890",
                "One counts squares of points, the other points. That is like saying that 51 metres "
                "is less than 3890 square metres.",
                "lower-number-wins",
            ),
            wrong(
                "B: even √3890 = 62 is above 51",
                "The root of the MSE is never below the MAE of the same line, so this proves nothing.",
                "rmse-is-mae",
            ),
            right(
                "these numbers can't tell",
                "Two losses have two scales. Compare both lines by one and the same loss.",
            ),
        ),
        choice(
            "typo",
            "choose",
            "442 patients; the line with the lowest MSE has slope 45. For one of them, the one with the "
            "highest bmi, 242 is typed as 2420. What does the slope become?",
            wrong(
                "still 45, or very nearly",
                "One of 442, you'd think. But its residual is that of hundreds of ordinary misses, and "
                "it sits at the end of the lever.",
                "outlier-outvoted",
            ),
            right(
                "about 63",
                "One residual of 2106, and far from the middle: 442 patients, and one slip turns the "
                "line by 39 %.",
            ),
            wrong(
                "about 450: ten times the number, ten times the slope",
                "The other 441 pull as well. The line is a compromise between squares, not the "
                "servant of the largest.",
                "worst-only",
            ),
        ),
        choice(
            "confident",
            "code",
            "A model says z = −8 (“benign? 0.03 %”), and the tumour *is* benign. Which loss is steeper "
            "there, as a function of z?",
            wrong(
                "the squared error (σ(z) − 1)²: it is nearly at its highest",
                "High, but flat: it can't rise above 1, so that it levels out. Slopes move a walker, "
                "not heights.",
                "higher-is-steeper",
            ),
            right(
                "−log σ(z), by a factor of more than 1000",
                "−log σ(z) goes on as a straight line of slope 1, while the square runs out flat.",
            ),
            wrong(
                "they are about alike: both are bad mistakes",
                "Both say “bad”. But the one is a plain there, the other a slope.",
                "all-pull-alike",
            ),
        ),
        choice(
            "thousand",
            "stable",
            "Two classes with logits 1000 and 0. You compute softmax as on paper, e^1000 / (e^1000 + e^0) "
            "and e^0 / (e^1000 + e^0). What does NumPy answer?",
            right(
                "nan (not a number) and 0",
                "e^1000 is beyond the largest float: inf / inf is nan, and 1 / inf is 0.",
            ),
            wrong(
                "1 and 0",
                "So says the mathematics. But e^1000 is beyond the largest float, 1.8e308, and inf / "
                "inf isn't 1.",
                "exp-never-breaks",
            ),
            wrong(
                "1 and something tiny, 5e-435",
                "That's what it is on paper. Floats have no 5e-435, and no e^1000 either.",
                "exp-never-breaks",
            ),
        ),
        choice(
            "accuracy",
            "choose",
            "The share of wrong answers, as a function of the threshold t. Near a place picked at "
            "random, what is its slope?",
            wrong(
                "small, and it points to a better t",
                "Too small to see would do. But between two tumours no answer changes at all: the "
                "slope isn't small, it is 0.",
                "accuracy-descends",
            ),
            wrong(
                "large: it jumps",
                "It jumps at 437 places and is level between them. A place at random is never on a "
                "jump.",
                "higher-is-steeper",
            ),
            right("exactly 0", "Move t a little, and no tumour changes sides: the same answers."),
        ),
    ),
    questions=(
        choice(
            "constant",
            "code",
            "Residuals 100, 1, 0.01, −0.01 have the gradients 1, 1, 1, −1. Which loss is this?",
            wrong(
                "MSE",
                "Its gradient is 2r: 200, 2, 0.02, −0.02. What is far away pulls harder.",
                "all-pull-alike",
            ),
            wrong(
                "Huber with δ = 1",
                "Nearly: 1, 1, then 0.01, −0.01. Inside δ it eases off like a parabola.",
                "mae-eases-off",
            ),
            right("MAE", "sign(r): the same size at any distance, and a jump at 0."),
        ),
        choice(
            "mean-to-sum",
            "code",
            "1000 examples. Somebody replaces the mean of the squared errors by their sum, and leaves "
            "lr as it was. What changes?",
            right(
                "from the same place, a step is 1000 times as long",
                "The slope is 1000 times as steep, the minimum where it was. With lr / 1000 the walk "
                "is the old one.",
            ),
            wrong(
                "the minimum moves",
                "Multiply every height of a hill by 1000: the lowest place is still the lowest.",
                "scale-moves-minimum",
            ),
            wrong(
                "nothing: it is the same loss",
                "The same minimum, but 1000 times as steep, and a step is lr times the slope. It will "
                "most likely explode.",
                "scale-is-invisible",
            ),
        ),
        choice(
            "lever",
            "choose",
            "Five points on a line, at x = 1, 2, 3, 4, 5. One of them is lifted. Which lift changes the "
            "*slope* of the MSE's line most?",
            wrong(
                "the one at x = 3, by 15",
                "The largest miss, but in the middle: it lifts the whole line and doesn't turn it.",
                "only-the-miss-counts",
            ),
            right(
                "the one at x = 5, by 10",
                "Lift times lever, its distance from the middle: 10 · (5 − 3) = 20. At x = 4 that is "
                "12 · 1, at x = 3 it is 15 · 0.",
            ),
            wrong(
                "the one at x = 4, by 12",
                "Lift times lever is 12 · (4 − 3) = 12 here, and 10 · (5 − 3) = 20 at x = 5: a smaller "
                "miss, but a longer lever.",
                "only-the-miss-counts",
            ),
            wrong(
                "none turns it much: it is one of five",
                "Lifted by 10, the one at x = 5 adds 2 to the slope. Among squares, the other four "
                "don't outvote it.",
                "outlier-outvoted",
            ),
        ),
        number(
            "huber-slope",
            "code",
            "Huber's loss with δ = 2, one example with residual r = −7. What is the gradient, by the "
            "prediction?",
            max(-2, min(-7, 2)),
            "Huber's gradient is r, clipped to ±δ: −7 becomes −2.",
            hint="The gradient is r itself up to δ, and goes no farther. Which sign has it?",
            traps={
                -7: (
                    "That would be r itself, as within δ. But |−7| is beyond 2: the pull is capped.",
                    "all-pull-alike",
                ),
                2 * -7: (
                    "That is the MSE's 2r. Huber's begins as ½r², and is capped at δ.",
                    "all-pull-alike",
                ),
                2: (
                    "The right size. But the prediction is too low (r < 0), so the loss falls as it "
                    "grows: the slope is negative.",
                    "clip-forgets-sign",
                ),
            },
        ),
        number(
            "logits",
            "stable",
            "Logits (1000, 1000), and the right class is the first. What is the cross-entropy?",
            math.log(2),
            "Only differences of logits count: two equal ones mean ½ and ½, and −log ½ = 0.693.",
            hint="Subtract 1000 from both logits. What does softmax make of (0, 0)?",
            traps={
                0: (
                    "It would be 0 if the model were sure. The other class has the same logit, so it is "
                    "undecided.",
                    "big-logit-is-sure",
                ),
                1000: (
                    "That is nearly log Σ e^z = 1000.69. The right class's own logit is still to be "
                    "subtracted.",
                    "big-logit-is-sure",
                ),
            },
        ),
        choice(
            "want-accuracy",
            "choose",
            "You are judged by accuracy. What do you give to gradient descent?",
            wrong(
                "1 − accuracy, with a small lr",
                "Its slope is 0 at nearly every place, and 0 times any lr, small or large, is 0.",
                "accuracy-descends",
            ),
            wrong(
                "1 − accuracy, averaged over more data",
                "More data make more stairs, and smaller ones. Each of them is still level.",
                "accuracy-descends",
            ),
            right(
                "cross-entropy or hinge; accuracy is reported",
                "A stand-in with a slope that points to better answers, and the stairs only to look at.",
            ),
        ),
        choice(
            "insurer",
            "choose",
            "An insurer predicts next year's claims to set a premium. A few claims are enormous, and "
            "real. Which loss?",
            wrong(
                "MAE: it isn't misled by a few enormous ones",
                "It would predict the median, as if they didn't exist. The bills come all the same.",
                "robust-is-safer",
            ),
            right(
                "MSE",
                "It aims at the mean, and the mean times the number of customers is the bill.",
            ),
            wrong(
                "whichever ends at the lower number",
                "Losses have units of their own. Ask which *statistic* you need: here the mean.",
                "lower-number-wins",
            ),
        ),
    ),
    exercises={
        "best_guess": "choose",
        "mse_grad": "code",
        "huber": "code",
        "huber_grad": "code",
        "which_loss": "choose",
        "bce_grad": "code",
        "cross_entropy": "stable",
    },
)
