"""Exercises of lesson 2, loss functions."""

import math

import numpy as np

from ..check import ChoiceQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises

# ---------------------------------------------------------------- guided: what an outlier moves

best_guess = ValueQuestion(
    "best_guess",
    about="choose",
    points=1,
    level="guided",
    reference=[5.0, 23.0, 4.0, 4.0],
    cases=[],
    returns="a list of four numbers: MSE before and after, MAE before and after",
    mistakes=[
        mistake("exchanged", [4.0, 4.0, 5.0, 23.0], "Four right numbers, in the other order. Which of the two losses has the mean as its best guess?"),
        mistake("mae-follows", [5.0, 23.0, 4.0, 22.0], "The first three are right. For the MAE, how many numbers pull to the left of 4 after the slip, and how many to the right?"),
        mistake("outvoted", [5.0, 5.0, 4.0, 4.0], "It looks like the slip was outvoted in the MSE as well. What is the mean, now that the last number is 100?"),
        mistake("unsorted", [5.0, 23.0, 2.0, 2.0], "It looks like you took the third number as it stands in the row. As many lie above the median as below: how many lie above 2?"),
        mistake("halfway", [6.0, 51.0, 4.0, 4.0], "It looks like you went halfway between the smallest and the largest for the MSE. Do the other three numbers pull as well?"),
        mistake("dropped", [5.0, 3.75, 4.0, 3.5], "It looks like the slip was left out. Nobody has found it yet: what do the losses make of all five?"),
        mistake("heights", [8.0, 1484.0, 2.2, 20.2], "These look like the lowest losses. At which guess c are they reached?"),
        mistake("other-order", [5.0, 4.0, 23.0, 4.0], "Four right numbers, in another order: the MSE before and after comes first, then the MAE. Which of yours belong to the MSE?"),
        mistake("sums", [25.0, 115.0, 4.0, 4.0], "It looks like the sums for the MSE. One guess stands for all five numbers: what is their mean?"),
        mistake("mean-for-both", [5.0, 23.0, 5.0, 23.0], "It looks like the mean is given for both losses. For the MAE each number pulls alike: where do the pulls balance?"),
        mistake("median-for-both", [4.0, 4.0, 4.0, 4.0], "It looks like the median is given for both losses. For the MSE a farther number pulls harder: where do the pulls balance?"),
    ],
    hints=[
        "One loss is lowest at the mean, the other at the median. Which is which?",
        "The mean of the five is 25 / 5. For the median, put them in order first.",
        "After the slip the sum is 115. The number in the middle is the same as before.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: the gradient of the MSE


def mse_grad(prediction, y):
    return 2 * (prediction - y) / len(y)


def mse_grad_in_a_loop(prediction, y):
    grad = []
    for p, target in zip(prediction, y):
        grad.append(2 / len(y) * (p - target))
    return grad


def pairs(rng):
    """Return predictions and targets, as many as it happens."""
    n = int(rng.integers(3, 9))
    return rng.normal(size=n), rng.normal(size=n) * 3


mse_grad_question = Question(
    "mse_grad",
    about="code",
    points=1,
    level="guided",
    reference=mse_grad,
    returns="an array of shape (n,), one slope for each prediction",
    cases=[
        hand(np.array([2.0, 4.0, 1.0]), np.array([3.0, 1.0, 1.0]), should="The first prediction is too low: the loss falls as it grows, so its slope is negative. The second is too high, the third is right."),
        hand(np.array([0.0, 0.0, 0.0, 0.0]), np.array([1.0, 2.0, 4.0, 8.0]), should="These are 1, 2, 4 and 8 too low, so the slopes are as 1 to 2 to 4 to 8."),
        drawn(pairs),
    ],
    laws=[law("Where a prediction is too high, the slope is positive; where it is too low, negative.", lambda args, grad: np.all(np.sign(grad) == np.sign(args[0] - args[1])))],
    mistakes=[
        mistake("downhill", lambda p, y: 2 * (y - p) / len(y), "It looks like y − prediction, so that every sign is turned round. A gradient points uphill: which of the two comes first?"),
        mistake("loss", lambda p, y: np.mean((p - y) ** 2), "It looks like the loss itself came back. How much does it change when *one* of the predictions grows a little?"),
        mistake("averaged", lambda p, y: np.mean(2 * (p - y)), "It looks like all slopes were averaged into one number. The 1/n stays, but each prediction has a slope of its own. How many come back?"),
        mistake("still-squared", lambda p, y: 2 * (p - y) ** 2 / len(y), "It looks like the residual is still squared. What is the derivative of r²?"),
        mistake("not-differentiated", lambda p, y: (p - y) ** 2 / len(y), "It looks like each example's share of the loss. How *steep* is r² at r?"),
        mistake("no-sign", lambda p, y: 2 * np.abs(p - y) / len(y), "The sizes are right, the signs are lost. Should too high and too low give the same slope?"),
        mistake("mae", lambda p, y: np.sign(p - y) / len(y), "It looks like the gradient of the MAE, which pulls alike from everywhere. Should a miss of 3 pull harder than a miss of 1?"),
        mistake("no-target", lambda p, y: 2 * p / len(y), "It looks like the slope of prediction². What is squared in the MSE?"),
        mistake("only-y-divided", lambda p, y: 2 * p - y / len(y), "It looks like only y is divided by n: × and / come before −. What should stand in brackets?"),
        mistake("all-alike", lambda p, y: 2 * np.mean(p - y) * np.ones(len(y)), "It looks like every prediction gets the mean slope. Does a prediction that is exactly right pull?"),
        mistake("first-only", lambda p, y: 2 * (p[0] - y[0]) / len(y), "It looks like only the first slope came back. A `return` inside a loop ends the function in the first round: where should it stand?"),
        mistake("rmse", lambda p, y: (p - y) / len(y) / np.sqrt(np.mean((p - y) ** 2)), "It looks like the gradient of the root of the MSE. Is there a root in the loss that is asked for?"),
    ],
    hints=[
        "One prediction first: the residual is r = prediction − y. How steep is r²?",
        "r² has slope 2r. The mean over n examples divides each of these by n.",
        "Twice the residual, divided by len(y): for whole arrays at once, no loop is needed.",
    ],
    alternatives=[
        mse_grad_in_a_loop,
        lambda prediction, target: -2 / np.size(target) * np.subtract(target, prediction),
        lambda prediction, y: np.einsum("i,->i", prediction - y, 2 / y.shape[0]),
        lambda prediction, y: (2 * (prediction - y) / len(y)).astype(np.float32),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: Huber's loss


def huber(prediction, y, delta):
    r = np.abs(prediction - y)
    return np.mean(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))


def huber_in_a_loop(prediction, y, delta):
    total = 0.0
    for p, target in zip(prediction, y):
        miss = abs(p - target)
        if miss < delta:
            total += 0.5 * miss**2
        else:
            total += delta * miss - 0.5 * delta**2
    return total / len(y)


def huber_by_clipping(prediction, y, delta):
    r = prediction - y
    pull = np.clip(r, -delta, delta)
    return np.float32(np.mean(pull * (r - pull / 2)))


def huber_masked(prediction, y, delta):
    r = np.abs(prediction - y)
    loss = r**2 / 2
    loss[r > delta] -= (r[r > delta] - delta) ** 2 / 2
    return loss.mean()


def glued(inside=lambda r, d: r**2 / 2, beyond=lambda r, d: d * (r - d / 2), size=np.abs):
    """Return Huber's loss with another piece inside or beyond: for its mistakes."""

    def broken(prediction, y, delta):
        r = size(prediction - y)
        return np.mean(np.where(r <= delta, inside(r, delta), beyond(r, delta)))

    return broken


def asked_by_if(prediction, y, delta):
    r = np.abs(prediction - y)
    if r <= delta:
        return np.mean(r**2 / 2)
    return np.mean(delta * (r - delta / 2))


def one_for_all(together):
    """Return Huber's loss with the same piece for all examples: for its mistakes."""

    def broken(prediction, y, delta):
        r = np.abs(prediction - y)
        if together(r <= delta):
            return np.mean(r**2 / 2)
        return np.mean(delta * (r - delta / 2))

    return broken


def two_means(prediction, y, delta):
    r = np.abs(prediction - y)
    small, large = r[r <= delta], r[r > delta]
    return np.mean(small**2 / 2) + np.mean(delta * (large - delta / 2))


def pseudo_huber(prediction, y, delta):
    return np.mean(delta**2 * (np.sqrt(1 + ((prediction - y) / delta) ** 2) - 1))


def pairs_and_delta(rng):
    """Return predictions, targets and a δ that lies among the misses."""
    n = int(rng.integers(3, 9))
    y = rng.normal(size=n)
    misses = rng.choice([-1, 1], size=n) * rng.permutation(np.linspace(0.3, 4, n))
    return y + misses, y, rng.uniform(1.2, 3)


ONE_FOR_ALL = "It looks like one answer decides for all examples: parabola or line. Which NumPy function chooses for each of them?"
IF_ON_ARRAY = "If that says “truth value”: an `if` wants one yes or no, not n. Which NumPy function chooses for each?"

huber_question = Question(
    "huber",
    about="code",
    points=2,
    level="independent",
    reference=huber,
    returns="the loss, a number",
    cases=[
        hand(np.array([2.0, 4.0, 1.0]), np.array([3.0, 1.0, 1.0]), 2.0, should="With δ = 2, the misses −1, 3 and 0 cost 0.5, 4 and 0."),
        hand(np.array([0.0, 0.0, 0.5]), np.array([5.0, -5.0, 0.0]), 1.0, should="Misses of −5 and 5 cost the same: 4.5 each, with δ = 1."),
        hand(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 4.0, 3.0, 0.0]), 100.0, should="No miss comes near δ = 100: this is half the MSE."),
        hand(np.array([3.0, 0.0, 0.0]), np.array([0.0, 3.0, -6.0]), 1.0, should="All three misses, 3, −3 and 6, lie beyond δ = 1: they cost 2.5, 2.5 and 5.5."),
        drawn(pairs_and_delta),
    ],
    laws=[
        law("A loss is never negative.", lambda args, loss: loss >= 0),
        law("Huber's loss is never above half the MSE.", lambda args, loss: loss <= np.mean((args[0] - args[1]) ** 2) / 2 + 1e-9),
    ],
    mistakes=[
        mistake("jump", glued(beyond=lambda r, d: d * r), "It looks like the line beyond δ starts too high. At |r| = δ the parabola has reached ½δ²: what should the line give there?"),
        mistake("slope-one", glued(beyond=lambda r, d: r - d / 2), "It looks like the line beyond δ has slope 1. How steep is the parabola at |r| = δ, where the line takes over?"),
        mistake("mae-beyond", glued(beyond=lambda r, d: r), "It looks like the plain |r| beyond δ. Does it meet the parabola at |r| = δ, in height and in slope?"),
        mistake("half-of-one", glued(beyond=lambda r, d: d * (r - 0.5)), "It looks like δ|r| − ½δ beyond δ. At |r| = δ the parabola has reached ½δ²: what has to be taken off δ · δ to meet it?"),
        mistake("minus-half", glued(beyond=lambda r, d: d * r - 0.5), "It looks like ½ is taken off beyond δ, which fits δ = 1 alone. What does the parabola cost at |r| = δ, and what the line?"),
        mistake("whole-delta", glued(beyond=lambda r, d: d * (r - d)), "It looks like δ(|r| − δ) beyond δ: that line starts at 0. At which height does the parabola end?"),
        mistake("no-half", glued(inside=lambda r, d: r**2), "It looks like r² within δ. Huber's parabola is flatter: which one meets the line at |r| = δ?"),
        mistake("not-squared", glued(inside=lambda r, d: r / 2), "It looks like ½|r| within δ. What makes a parabola of it?"),
        mistake("no-abs", glued(size=lambda r: r), "A residual of −5 seems to count as small. What is missing around the residual?"),
        mistake("flat", glued(beyond=lambda r, d: d**2 / 2 + 0 * r), "It looks like the loss stops growing beyond δ: a miss of 5 costs no more than one of δ. How does it go on?"),
        mistake("nothing-beyond", glued(beyond=lambda r, d: 0.0 * r), "It looks like misses beyond δ cost nothing. Should a large miss cost less than a small one?"),
        mistake("exchanged", glued(inside=lambda r, d: d * (r - d / 2), beyond=lambda r, d: r**2 / 2), "It looks like parabola and line have changed places. Which one belongs to small misses?"),
        mistake("delta-is-one", lambda p, y, delta: huber(p, y, 1.0), "It looks like δ is 1, whatever is asked for. Where does delta come in?"),
        mistake("smooth-l1", glued(lambda r, d: r**2 / (2 * d), lambda r, d: r - d / 2), "It looks like Huber's loss divided by δ, which some packages call “smooth L1”. How steep should the line beyond δ be?"),
        mistake("half-mse", lambda p, y, d: np.mean((p - y) ** 2 / 2), "It looks like half the MSE: the parabola for every miss. What happens beyond δ?"),
        mistake("mse", lambda p, y, d: np.mean((p - y) ** 2), "It looks like the MSE. Where does δ come in?"),
        mistake("mae", lambda p, y, d: np.mean(np.abs(p - y)), "It looks like the MAE. Where does δ come in?"),
        mistake("line-for-all", lambda p, y, d: np.mean(d * (np.abs(p - y) - d / 2)), "It looks like the line for every miss, small ones, too. What does a miss of 0 cost?"),
        mistake("sizes-first", lambda p, y, d: huber(np.abs(p), np.abs(y), d), "It looks like |prediction| − |y|. A prediction of 3 where −3 is right: how large is the miss?"),
        mistake("mean-first", lambda p, y, d: huber(np.mean(np.abs(p - y)), 0.0, d), "It looks like the loss of the mean miss. What comes first: the loss of each example, or the mean?"),
        mistake("two-means", two_means, "It looks like a mean for each of the two groups, and then their sum. By how many is the total to be divided?"),
        mistake("first-only", lambda p, y, d: huber(p[:1], y[:1], d), "It looks like only the first example's loss. A `return` inside a loop ends the function in the first round: where should it stand?"),
        mistake("pseudo-huber", pseudo_huber, "It looks like pseudo-Huber, a smooth relative of it. The one of the lesson has two pieces: which?"),
        mistake("if", asked_by_if, IF_ON_ARRAY),
        mistake("all-together", one_for_all(np.all), ONE_FOR_ALL),
        mistake("any-together", one_for_all(np.any), ONE_FOR_ALL),
        mistake("mean-decides", lambda p, y, delta: one_for_all(np.all)(p, y, delta) if np.mean(np.abs(p - y)) > delta else np.mean((p - y) ** 2 / 2), ONE_FOR_ALL),
        mistake("one-each", lambda p, y, delta: np.array([huber(p[[i]], y[[i]], delta) for i in range(len(y))]), "It looks like one loss for each example. Which one number stands for them all?"),
    ],
    hints=[
        "Two pieces: ½r² up to δ, a straight line beyond. Both speak of the *size* of r.",
        "`np.where(condition, this, that)` chooses for each example. Beyond δ it is δ(|r| − ½δ).",
        "Let r be np.abs(prediction − y). Choose by r <= delta between r**2 / 2 and the line, then take the mean.",
    ],
    alternatives=[huber_in_a_loop, huber_by_clipping, huber_masked],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: how hard Huber pulls


def huber_grad(prediction, y, delta):
    return np.clip(prediction - y, -delta, delta) / len(y)


def huber_grad_in_a_loop(prediction, y, delta):
    grad = []
    for p, target in zip(prediction, y):
        r = p - target
        if abs(r) > delta:
            r = delta if r > 0 else -delta
        grad.append(r / len(y))
    return grad


def pulls(beyond, inside=lambda r, d: r):
    """Return Huber's gradient with another pull inside or beyond: for its mistakes."""

    def broken(prediction, y, delta):
        r = prediction - y
        return np.where(np.abs(r) <= delta, inside(r, delta), beyond(r, delta)) / len(y)

    return broken


def grad_asked_by_if(prediction, y, delta):
    r = prediction - y
    if abs(r) <= delta:
        return r / len(y)
    return delta * np.sign(r) / len(y)


huber_grad_question = Question(
    "huber_grad",
    about="code",
    points=2,
    level="independent",
    reference=huber_grad,
    returns="an array of shape (n,), one slope for each prediction",
    cases=[
        hand(np.array([2.0, 4.0, 1.0]), np.array([3.0, 1.0, 1.0]), 2.0, should="With δ = 2, the misses −1, 3, 0 pull with −1, 2, 0, each divided by 3."),
        hand(np.array([0.0, 0.0, 0.5]), np.array([7.0, -7.0, 0.0]), 1.0, should="Misses of −7 and 7 pull with −1 and 1, where δ = 1, and then the mean divides by 3."),
        hand(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 4.0, 3.0, 0.0]), 100.0, should="No miss comes near δ = 100: nothing is capped, each pulls with r / 4."),
        drawn(pairs_and_delta),
    ],
    laws=[
        law("Where a prediction is too high, the slope is positive; where it is too low, negative.", lambda args, grad: np.all(np.sign(grad) == np.sign(args[0] - args[1]))),
        law("No pull is larger than δ/n.", lambda args, grad: np.max(np.abs(grad)) <= args[2] / len(args[1]) + 1e-9),
    ],
    mistakes=[
        mistake("no-sign", lambda p, y, d: np.minimum(np.abs(p - y), d) / len(y), "The sizes are right, the signs are lost. Where the prediction is too low, does the loss rise or fall as it grows?"),
        mistake("no-sign-beyond", pulls(lambda r, d: d), "It looks like every miss beyond δ pulls with +δ, on either side. Which sign should a miss of −7 have?"),
        mistake("one-sided", lambda p, y, d: np.minimum(p - y, d) / len(y), "Misses above are capped, misses below aren't. What is the lower limit?"),
        mistake("upper-half", lambda p, y, d: np.clip(p - y, 0, d) / len(y), "It looks like a prediction that is too low doesn't pull at all. How far below 0 may a pull go?"),
        mistake("minus-delta", lambda p, y, d: np.full(len(y), -d) / len(y), "It looks like everything ends at −δ. Which residuals does the lower limit concern: those below −δ, or those below δ?"),
        mistake("minus-delta-below", lambda p, y, d: np.where(p - y >= d, d, -d) / len(y), "It looks like everything below δ ends at −δ. Which residuals does the lower limit concern?"),
        mistake("always-delta", lambda p, y, d: d * np.sign(p - y) / len(y), "It looks like every miss pulls with δ, small ones, too. How steep is ½r² at a small r?"),
        mistake("ignored-beyond", pulls(lambda r, d: 0.0), "It looks like misses beyond δ don't pull at all. How steep is the straight line out there?"),
        mistake("mae", lambda p, y, d: np.sign(p - y) / len(y), "It looks like the gradient of the MAE. Where does δ come in, and what happens within it?"),
        mistake("slope-one", pulls(lambda r, d: np.sign(r)), "It looks like misses beyond δ pull with 1. How steep is δ(|r| − ½δ)?"),
        mistake("delta-times-r", pulls(lambda r, d: d * r), "It looks like δ · r beyond δ, which grows and grows. How steep is δ(|r| − ½δ)?"),
        mistake("loss-beyond", pulls(lambda r, d: d * (np.abs(r) - d / 2)), "Within δ it is the slope, beyond it the loss came back. How steep is that line?"),
        mistake("loss-each", pulls(lambda r, d: d * (np.abs(r) - d / 2), lambda r, d: r**2 / 2), "It looks like each example's loss came back, divided by n. How *steep* is each of the two pieces?"),
        mistake("loss-of-each", lambda p, y, d: np.array([huber(p[[i]], y[[i]], d) for i in range(len(y))]), "It looks like the loss of each example. How *steep* is each of the two pieces?"),
        mistake("mse-capped", lambda p, y, d: np.clip(2 * (p - y), -d, d) / len(y), "It looks like the MSE's 2r, capped. Huber's parabola is ½r²: how steep is that one?"),
        mistake("mse-inside", pulls(lambda r, d: d * np.sign(r), lambda r, d: 2 * r), "Beyond δ it is right, within δ twice as steep as it should be. What is the slope of ½r²?"),
        mistake("clipped-late", lambda p, y, d: np.clip((p - y) / len(y), -d, d), "It looks like 1/n came before the cap. What is compared with δ: a residual, or its nth part?"),
        mistake("delta-is-one", lambda p, y, d: np.clip(p - y, -1, 1) / len(y), "It looks like the cap is 1, whatever δ is asked for. Where does delta come in?"),
        mistake("divided-by-delta", lambda p, y, d: np.clip((p - y) / d, -1, 1) / len(y), "It looks like the right gradient, divided by δ. How steep is ½r² at r?"),
        mistake("clipped-mse-grad", lambda p, y, d: np.clip(2 * (p - y) / len(y), -d, d), "It looks like the gradient of the MSE, capped at the end. Whose size is compared with δ: the residual's, or the gradient's?"),
        mistake("no-cap", lambda p, y, d: (p - y) / len(y), "It looks like δ plays no part: that is half the MSE's gradient. What happens to a pull beyond δ?"),
        mistake("averaged", lambda p, y, d: np.mean(np.clip(p - y, -d, d)), "It looks like all slopes were averaged into one number. Each prediction has a slope of its own: how many come back?"),
        mistake("if", grad_asked_by_if, IF_ON_ARRAY),
    ],
    hints=[
        "Within δ it is the slope of ½r², beyond δ that of a straight line. What are they?",
        "r within δ; beyond it δ, with the sign of r. So r never gets past ±δ.",
        "`np.clip(x, low, high)` keeps numbers between two limits. And the 1/n of the mean comes last.",
    ],
    alternatives=[
        huber_grad_in_a_loop,
        lambda prediction, y, delta: np.where(np.abs(prediction - y) < delta, prediction - y, delta * np.sign(prediction - y)) / y.size,
        lambda prediction, y, delta: np.maximum(-delta, np.minimum(delta, prediction - y)).astype(np.float32) / len(y),
        lambda prediction, y, delta: [max(-delta, min(delta, p - t)) / len(y) for p, t in zip(prediction, y)],
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: which loss?

which_loss = ChoiceQuestion(
    "which_loss",
    about="choose",
    points=1,
    level="independent",
    reference=("b", 2),
    cases=[],
    returns='a letter and a number, as in `which_loss = "a", 1`',
    mistakes=[
        mistake("mse", ("a", None), "With the MSE a slip that is off by 700 pulls 140 times as hard as a miss of 5. Which loss keeps its pull down?"),
        mistake("delta-too-large", ("c", None), "With δ = 500 the pull of a slip is capped at 500, and an ordinary miss pulls with 5. What is δ to be compared with?"),
        mistake("cross-entropy", ("d", None), "Cross-entropy measures a probability. What does the clinic predict?"),
        mistake("lowest-number", ("b", 1), "The loss fits the job. But each loss has a scale of its own: do their numbers tell which one to take?"),
        mistake("ignored", ("b", 3), "The loss fits the job. But beyond δ its slope isn't 0: how hard does a slip still pull?"),
        mistake("the-mean", ("b", 4), "The loss fits the job. But which loss is it that aims at the mean, and what do slips do to a mean?"),
        mistake("no-such-reason", ("b", None), "The loss fits the job. Which of the reasons 1 to 4 is yours? Give it as a number."),
    ],
    hints=[
        "What should the slips do to the line? And what is wanted: a typical time, or a total?",
        "The pull of an example is the slope of its loss. In which of these is a pull of 700 kept down to that of an ordinary miss?",
        "δ has the units of y, and says up to where a miss is ordinary: here about 5 minutes. Beyond it a pull is capped, but not gone.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: yes or no


def bce_grad(z, y):
    p = 1 / (1 + np.exp(-z))
    return (p - y) / len(y)


def bce_grad_in_a_loop(z, y):
    grad = []
    for logit, happened in zip(z, y):
        p = 1 / (1 + math.exp(-logit))
        grad.append((p - 1 if happened else p) / len(y))
    return grad


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def overflowing(z, y):
    p = np.exp(z) / (1 + np.exp(z))
    return (p - y) / len(y)


def by_p(z, y):
    p = sigmoid(z)
    return (-y / p + (1 - y) / (1 - p)) / len(y)


def each_log(z, y):
    p = sigmoid(z)
    return y * np.log(p) + (1 - y) * np.log(1 - p)


def asked_by_if_of_y(z, y):
    p = sigmoid(z)
    if y == 1:
        return (p - 1) / len(y)
    return p / len(y)


def squared_error(z, y):
    p = sigmoid(z)
    return 2 * (p - y) * p * (1 - p) / len(y)


def logits_and_answers(rng):
    """Return logits, one of them large, and what happened: both answers occur."""
    n = int(rng.integers(4, 9))
    z = rng.normal(size=n) * 2
    z[0] = 1000
    return z, rng.permutation(np.arange(n) % 2)


bce_grad_question = Question(
    "bce_grad",
    about="code",
    points=2,
    level="independent",
    reference=bce_grad,
    returns="an array of shape (n,), one slope for each logit",
    cases=[
        hand(np.array([0.0, 0.0, 2.0, -1.0]), np.array([1, 0, 0, 1]), should="Logit 0 means p = ½: the slope is −½ for a yes, ½ for a no, each divided by 4."),
        hand(np.array([-40.0, 0.0, 40.0]), np.array([1, 1, 1]), should="At z = −40 the model is sure, and wrong: that pulls with full strength, −1, divided by 3."),
        hand(np.array([1000.0, 1000.0, 3.0]), np.array([1, 0, 0]), should="At z = 1000 it is p = 1: no pull where the answer is yes, full pull where it is no."),
        drawn(logits_and_answers),
    ],
    laws=[
        law("Where the answer is yes, the loss falls as z grows: no slope is positive there.", lambda args, grad: np.all(grad[args[1] == 1] <= 0)),
        law("No pull is larger than 1/n.", lambda args, grad: np.max(np.abs(grad)) <= 1 / len(args[1]) + 1e-9),
    ],
    mistakes=[
        mistake("squared-error", squared_error, "It looks like the slope of (σ(z) − y)², which dies where the model is sure and wrong. Which loss of p is asked for here?"),
        mistake("by-p", by_p, "It looks like the slope by p. The logit comes first: by which factor does p change when z does?"),
        mistake("overflow", overflowing, "It looks like σ was computed from e^z, and e^1000 is beyond the largest float. Which way of writing σ(z) needs no large number here?"),
        mistake("no-sigmoid", lambda z, y: (z - y) / len(y), "It looks like z − y. A logit is any number: what makes a probability of it?"),
        mistake("answers", lambda z, y: ((z > 0) - y) / len(y), "It looks like the yes or no of the model was taken, not its probability. Should a doubtful miss pull as hard as a sure one?"),
        mistake("always-yes", lambda z, y: (sigmoid(z) - 1) / len(y), "It looks like every answer was taken for a yes. Where does y come in?"),
        mistake("no-and-yes", lambda z, y: (sigmoid(-z) - y) / len(y), "It looks like p falls as z grows. Is z the logit of “yes” or of “no”?"),
        mistake("downhill", lambda z, y: (y - sigmoid(z)) / len(y), "It looks like every sign is turned round. Where the answer is yes, does the loss rise or fall as z grows?"),
        mistake("averaged", lambda z, y: np.mean(sigmoid(z) - y), "It looks like all slopes were averaged into one number. Each logit has a slope of its own: how many come back?"),
        mistake("no-sign", lambda z, y: np.abs(sigmoid(z) - y) / len(y), "The sizes are right, the signs are lost. Where the answer is yes, does the loss rise or fall as z grows?"),
        mistake("no-turned-round", lambda z, y: np.where(y == 1, sigmoid(z) - 1, 1 - sigmoid(z)) / len(y), "Where the answer is yes it is right. Where it is no, a surer yes is worse: how hard should p = 0.9 pull there?"),
        mistake("no-y", lambda z, y: sigmoid(z) / len(y), "It looks like every answer was taken for a no. Where does y come in?"),
        mistake("y-inside", lambda z, y: sigmoid(z - y) / len(y), "It looks like σ(z − y). Which is compared with y: the logit, or the probability?"),
        mistake("sigmoid-slope", lambda z, y: sigmoid(z) * (1 - sigmoid(z)) / len(y), "It looks like the slope of the sigmoid alone. Which other factor does the chain have, and where does y come in?"),
        mistake("loss-of-each", lambda z, y: -each_log(z, y) / len(y), "It looks like the loss of each example. How *steep* is it, as z grows?"),
        mistake("loss", lambda z, y: -np.mean(each_log(z, y)), "It looks like the loss itself came back. How much does it change when *one* of the logits grows a little?"),
        mistake("missing-brackets", lambda z, y: (1 / 1 + np.exp(-z) - y) / len(y), "It looks like 1 / 1 + e^−z: a division comes before a sum. What should stand in brackets?"),
        mistake("times-z", lambda z, y: (sigmoid(z) - y) * z / len(y), "It looks like z stands there as a factor. By what is the slope taken: by z, or by a weight?"),
        mistake("softmax", lambda z, y: (np.exp(z) / np.exp(z).sum() - y) / len(y), "It looks like a softmax over the examples. They don't compete, each is a yes or a no: which function takes one logit?"),
        mistake("if", asked_by_if_of_y, IF_ON_ARRAY),
        mistake("factor-kept", lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(y), "It looks like p(1 − p) is still there. The slope of −log p is −1/p: what becomes of the product?"),
    ],
    hints=[
        "Turn the logit into a probability first. What is the slope of −log p, by z?",
        "The chain rule: −1/p times p(1 − p) is p − 1 where the answer is yes. And p where it is no.",
        "Both in one: p − y, with p = 1 / (1 + e^−z). Then the 1/n of the mean.",
    ],
    alternatives=[
        bce_grad_in_a_loop,
        lambda z, y: ((1 + np.tanh(z / 2)) / 2 - y) / y.size,
        lambda z, y: np.where(y == 1, -sigmoid(-z.clip(-500, 500)), sigmoid(z)) / len(y),
        lambda z, y: ((sigmoid(z) - y) / len(y)).astype(np.float32),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: logits of a thousand


def cross_entropy(z, y):
    top = z.max(axis=1)
    log_sum_exp = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return np.mean(log_sum_exp - z[np.arange(len(y)), y])


def cross_entropy_in_a_loop(z, y):
    total = 0.0
    for row, right in zip(z.tolist(), y.tolist()):
        top = max(row)
        total += top + math.log(sum(math.exp(value - top) for value in row)) - row[right]
    return total / len(y)


def cross_entropy_one_hot(z, y):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.einsum("ij,ij->", np.eye(z.shape[1])[y], log_p) / len(y)


def log_sum(z):
    top = z.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1))


def of_right_class(table, y):
    return table[np.arange(len(y)), y]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def on_paper(z, y):
    e = np.exp(z)
    return -np.mean(np.log(of_right_class(e / e.sum(axis=1, keepdims=True), y)))


def one_top(z, y):
    top = z.max()
    return np.mean(top + np.log(np.exp(z - top).sum(axis=1)) - of_right_class(z, y))


def by_columns(z, y):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return -np.mean(np.log(of_right_class(e / e.sum(axis=0), y)))


def no_axis(z, y):
    top = z.max(axis=1)
    return np.mean(top + np.log(np.exp(z - top[:, None]).sum()) - of_right_class(z, y))


def whole_table(z, y):
    e = np.exp(z - z.max())
    return -np.mean(np.log(of_right_class(e / e.sum(), y)))


def shifted_by(what):
    """Return a cross-entropy that pulls something else out of each row: for its mistakes."""

    def broken(z, y):
        shifted = z - what(z, axis=1)[:, None]
        return np.mean(np.log(np.exp(shifted).sum(axis=1)) - of_right_class(shifted, y))

    return broken


def lost_top(z, y):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - of_right_class(z, y))


def top_counted_twice(z, y):
    return np.mean(log_sum(z) - of_right_class(z, y) + z.max(axis=1))


def tiny_added(tiny):
    """Return a cross-entropy that adds a tiny number before the log: for its mistakes."""
    return lambda z, y: -np.mean(np.log(of_right_class(softmax(z), y) + tiny))


def no_second_axis(z, y):
    top = z.max(axis=1)
    return np.mean(top + np.log(np.exp(z - top).sum(axis=1)) - of_right_class(z, y))


def logits_and_classes(scale):
    """Return a function that draws logits of some scale, more rows than columns; row 0 is a miss."""

    def draw(rng):
        k = int(rng.integers(2, 6))
        n = k + int(rng.integers(1, 4))
        z, y = rng.normal(size=(n, k)) * scale, rng.integers(k, size=n)
        y[0] = z[0].argmin()  # a loss near 0 would be all round-off
        return z, y

    return draw


ON_PAPER = "On paper it is right. But e^1000 is beyond the largest float, and all e^−1000 together are 0. What may be subtracted from a row without changing its probabilities?"
TINY = "It looks like a tiny number keeps the log away from 0: then no miss costs more than its −log. Can you do without the log of a probability?"

cross_entropy_question = Question(
    "cross_entropy",
    about="stable",
    points=3,
    level="stretch",
    reference=cross_entropy,
    returns="the loss, a number",
    cases=[
        hand(np.zeros((4, 3)), np.array([0, 1, 2, 0]), should="All logits are 0: to be undecided between three classes costs log 3 = 1.0986."),
        hand(np.array([[2.0, 0.0], [2.0, 0.0], [0.0, 1.0]]), np.array([0, 1, 1]), should="The rows cost 0.127, 2.127 and 0.313."),
        hand(np.array([[1000.0, 0.0], [0.0, 1000.0], [3.0, 1.0]]), np.array([0, 1, 1]), should="The first two rows are sure and right: they cost 0. The third costs 2.127."),
        hand(np.array([[1000.0, 0.0], [1000.0, 0.0], [3.0, 1.0]]), np.array([0, 1, 1]), should="The first row is right and costs 0; the second misses by 1000 and costs 1000; the third costs 2.127."),
        hand(np.array([[-1000.0, -1000.0], [0.0, 0.0], [500.0, 500.0]]), np.array([0, 1, 1]), should="Only differences count: each row is undecided between two classes and costs log 2 = 0.693."),
        drawn(logits_and_classes(2.0)),
        drawn(logits_and_classes(600.0)),
    ],
    laws=[law("Minus the log of a probability is never negative.", lambda args, loss: loss >= 0)],
    mistakes=[
        mistake("on-paper", on_paper, ON_PAPER),
        mistake("lse-on-paper", lambda z, y: np.mean(np.log(np.exp(z).sum(axis=1)) - of_right_class(z, y)), ON_PAPER),
        mistake("log-of-zero", lambda z, y: -np.mean(np.log(of_right_class(softmax(z), y))), "The softmax looks safe now, but a probability has become 0, and then comes its log. What is log(e^a / b) without the division?"),
        *[mistake(f"tiny-{tiny:.0e}", tiny_added(tiny), TINY) for tiny in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)],
        mistake("one-top", one_top, "It looks like the largest logit of the *whole* table is subtracted: a row far below it becomes all zeros. Along which axis is the largest to be taken?"),
        mistake("smallest", shifted_by(np.min), "It looks like the *smallest* logit of a row is subtracted: the largest is as far above it as before. Which one leaves no exponent above 0?"),
        mistake("middle", shifted_by(np.mean), "It looks like the mean of a row is subtracted: some exponents are still huge. Which number leaves none above 0?"),
        mistake("clipped-logits", lambda z, y: on_paper(np.clip(z, -500, 500), y), "It looks like the logits were cut off at ±500: then no miss can cost 1000. What can be done to a whole row that leaves its differences alone?"),
        mistake("columns", by_columns, "It looks like the columns sum to 1. One example is one row: along which axis does the sum go?"),
        mistake("no-axis", no_axis, "It looks like one sum over the whole table. Each row has probabilities of its own: along which axis does the sum go?"),
        mistake("whole-table", whole_table, "It looks like one softmax for the whole table. Each row has probabilities of its own: along which axis do they sum to 1?"),
        mistake("lost-top", lost_top, "It looks like the largest logit was pulled out of the sum, and never put back. What is log(e^top · s)?"),
        mistake("top-taken-off", lambda z, y: np.mean(log_sum(z) - 2 * z.max(axis=1) - of_right_class(z, y)), "It looks like the largest logit is taken off at the end, too. What is log(e^top · s)?"),
        mistake("top-twice", top_counted_twice, "It looks like the largest logit is there once too often. Is the right class's logit the one before the subtraction, or the one after it?"),
        mistake("only-top", lambda z, y: np.mean(z.max(axis=1) - of_right_class(z, y)), "It looks like the largest logit, minus the right one. Where all are equal, that is 0: what does an undecided model lose?"),
        mistake("from-one", lambda z, y: np.mean(log_sum(z) - z[np.arange(len(y)), y - 1]), "It looks like y − 1 picks the class. From which number on are the columns counted?"),
        mistake("no-right-class", lambda z, y: np.mean(log_sum(z)), "It looks like log-sum-exp alone. Which logit is to be subtracted from it in each row?"),
        mistake("every-pair", lambda z, y: np.mean(log_sum(z)[:, None] - z[:, y]), "It looks like z[:, y], a table: every row with everybody's class. How do you pick *one* entry in each row?"),
        mistake("all-classes", lambda z, y: np.mean(log_sum(z)[:, None] - z), "It looks like the mean runs over all classes. What does y say about each row?"),
        mistake("n-times-k", lambda z, y: cross_entropy(z, y) / z.shape[1], "It looks like the mean runs over n · k places, most of them 0. How many examples are there?"),
        mistake("own-favourite", lambda z, y: np.mean(log_sum(z) - z.max(axis=1)), "It looks like the class with the largest logit is taken for the right one. Who says which one was right?"),
        mistake("one-each", lambda z, y: log_sum(z) - of_right_class(z, y), "It looks like one loss for each example. Which one number stands for them all?"),
        mistake("shapes", no_second_axis, "It looks like two shapes met that don't fit. Print them: which array should be (n,), and which (n, 1)?"),
    ],
    hints=[
        "−log softmax is log-sum-exp minus the right class's logit: no division, no log of a probability.",
        "log Σ e^z is top + log Σ e^(z − top), with top the largest of the row. `z[np.arange(n), y]` picks one entry from each row.",
        "top = z.max(axis=1). In z − top[:, None] every row has a largest of 0: exp, sum along axis 1, log, plus top, minus the picked logits, mean.",
    ],
    alternatives=[
        cross_entropy_in_a_loop,
        cross_entropy_one_hot,
        lambda z, y: np.mean(np.logaddexp.reduce(z, axis=1) - np.take_along_axis(z, y[:, None], 1)[:, 0]),
        lambda z, y: np.float32(np.mean(log_sum(z - of_right_class(z, y)[:, None]))),
    ],
)  # fmt: skip


loss_functions = Exercises("loss_functions", best_guess, mse_grad_question, huber_question, huber_grad_question, which_loss, bce_grad_question, cross_entropy_question)  # fmt: skip
