"""Exercises of lesson 9, adaptive rules."""

import numpy as np

from ..check import (
    Challenge,
    Question,
    RuleQuestion,
    ValueQuestion,
    drawn,
    hand,
    law,
    mistake,
    walk,
)
from ..check.exercises import Exercises
from ..check.tools import (
    bowl_gradient,
    canyon_gradient,
    saddle_gradient,
    valley_gradient,
    wells_gradient,
)
from ..optimizer import optimizer

# ---------------------------------------------------------------- guided: Adam's first step

first_step = ValueQuestion(
    "first_step",
    about="predict",
    points=1,
    level="guided",
    reference=[-0.02, 0.02],
    cases=[],
    returns="a list of two numbers, what is added to each coordinate",
    rtol=1e-4,  # with eps = 1e-8 or with 0
    mistakes=[
        mistake("gradient-descent", [-2e-5, 4.0], "That is lr times the gradient, gradient descent's step. What does Adam divide by, before lr comes in?"),
        mistake("uphill", [0.02, -0.02], "Both lengths are right. Where the slope is negative, which way is down?"),
        mistake("same-way", [-0.02, -0.02], "Both lengths are right, and so is the first sign. The second slope is negative: which way is down there?"),
        mistake("lengths-only", [0.02, 0.02], "Both lengths are right. The first slope is positive: does walking down make that coordinate larger?"),
        mistake("uncorrected", [-0.02 * np.sqrt(10), 0.02 * np.sqrt(10)], "These steps are 3.16 times too long: it looks like Adam without its bias correction. What are m̂ and v̂ after one step?"),
        mistake("v-uncorrected", [-0.2 * np.sqrt(10), 0.2 * np.sqrt(10)], "It looks like m was corrected and v wasn't. By what is v divided to make v̂?"),
        mistake("m-uncorrected", [-0.002, 0.002], "It looks like v was corrected and m wasn't. By what is m divided to make m̂?"),
        mistake("one-length-for-all", [-1e-7, 0.02], "It looks like both coordinates were divided by the length of the whole gradient. Whose v does each coordinate use?"),
        mistake("no-root", [-20.0, 1e-4], "It looks like the gradient was divided by its square. Which function is still missing around v̂?"),
        mistake("no-lr", [-1.0, 1.0], "m̂ / √v̂ is right. By what is it multiplied at the end?"),
        mistake("lr-of-the-lesson", [-0.1, 0.1], "In the lesson lr was 0.1. What is it here?"),
        mistake("lr-times-m", [-2e-6, 0.4], "It looks like lr · m, momentum without Adam's division. By what is m̂ divided?"),
    ],
    hints=[
        "After one step m is 0.1 · g and v is 0.001 · g². What do m̂ and v̂ become?",
        "The correction takes out just these factors: m̂ = g and v̂ = g².",
        "m̂ / √v̂ is g / |g|, so +1 or −1: only its sign is left. The step is −lr times that.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: AdaGrad's effective lr


def effective_lr(gradients, lr, eps):
    s = np.sum(gradients**2, axis=0)
    return lr / (np.sqrt(s) + eps)


def effective_lr_by_loops(gradients, lr, eps):
    answer = []
    for j in range(len(gradients[0])):
        s = 0
        for g in gradients:
            s += g[j] ** 2
        answer.append(lr / (s**0.5 + eps))
    return answer


def effective_lr_of(size, eps_inside=False):
    """Return the effective lr with another record of the gradients' size: for its mistakes."""

    def broken(gradients, lr, eps):
        s = size(gradients)
        return lr / (np.sqrt(s + eps) if eps_inside else np.sqrt(s) + eps)

    return broken


effective_lr_question = Question(
    "effective_lr",
    about="predict",
    points=1,
    level="guided",
    reference=effective_lr,
    returns="an array of shape (d,), one effective lr a coordinate",
    cases=[
        hand(np.array([[2.0, 0.3], [-1.0, 0.0], [2.0, 0.4]]), 0.1, 0.0, should="The first column has s = 4 + 1 + 4 = 9, the second 0.25."),
        hand(np.array([[3.0, 0.0], [4.0, 0.0], [0.0, 0.0]]), 0.1, 1.0, should="A coordinate that has never felt a slope has s = 0: its effective lr is lr / eps."),
        hand(np.array([[2.0, -1.0, 0.5]]), 0.6, 0.5, should="After a single step √s is |g|."),
        drawn(lambda rng: (rng.normal(size=(int(rng.integers(4, 9)), 3)), rng.uniform(0.01, 1), rng.uniform(0.1, 1))),
    ],
    laws=[law("An effective lr is above 0 and at most lr / eps.", lambda args, value: np.all(np.asarray(value) > 0) and np.all(np.asarray(value) * args[2] <= args[1]))],
    mistakes=[
        mistake("over-coordinates", effective_lr_of(lambda g: np.sum(g**2, axis=1)), "It looks like each *step* has a sum, and each coordinate should. Along which axis do the steps lie?"),
        mistake("one-for-all", effective_lr_of(lambda g: np.sum(g**2)), "It looks like all squares went into one sum. How many sums does AdaGrad keep?"),
        mistake("a-mean", effective_lr_of(lambda g: np.mean(g**2, axis=0)), "It looks like a mean of the squares. What does AdaGrad do with the squares that it meets?"),
        mistake("last-only", effective_lr_of(lambda g: g[-1] ** 2), "It looks like only the last gradient counts. Which ones does AdaGrad remember?"),
        mistake("sum-first", effective_lr_of(lambda g: np.sum(g, axis=0) ** 2), "It looks like gradients are added first and squared then, so + and − cancel. Which comes first?"),
        mistake("no-squares", effective_lr_of(lambda g: np.sum(np.abs(g), axis=0) ** 2), "It looks like |g| was added up. What does s add up?"),
        mistake("no-root", effective_lr_of(lambda g: np.sum(g**2, axis=0) ** 2), "It looks like lr is divided by s itself, which has the unit of a gradient squared. What is missing?"),
        mistake("eps-inside", effective_lr_of(lambda g: np.sum(g**2, axis=0), eps_inside=True), "Nearly: eps stands inside the root, it seems. Where does the lesson's AdaGrad add it?"),
        mistake("eps-forgotten", lambda g, lr, eps: lr / np.sqrt(np.sum(g**2, axis=0)), "It looks like eps plays no part. What becomes of a coordinate that has never felt a slope?"),
        mistake("last-missing", effective_lr_of(lambda g: np.sum(g[:-1] ** 2, axis=0)), "It looks like the last gradient isn't in s. Does AdaGrad update s before or after it divides?"),
        mistake("largest-only", effective_lr_of(lambda g: np.max(g**2, axis=0)), "It looks like only the largest gradient of each column counts. Which ones does AdaGrad remember?"),
        mistake("the-step", lambda g, lr, eps: lr * g[-1] / (np.sqrt(np.sum(g**2, axis=0)) + eps), "It looks like the last step came back. What is the gradient multiplied by in it?"),
        mistake("size-only", lambda g, lr, eps: np.sqrt(np.sum(g**2, axis=0)) + eps, "That is what AdaGrad divides by. Where does lr come in?"),
    ],
    hints=[
        "Each column belongs to one coordinate. What does AdaGrad remember of a column?",
        "`gradients**2` squares all entries; `np.sum(…, axis=0)` adds up each column.",
        "Call these sums s, as in the lesson. The effective lr is what g is multiplied by: lr / (√s + eps).",
    ],
    alternatives=[
        effective_lr_by_loops,
        lambda gradients, lr, eps: lr / (np.linalg.norm(gradients, axis=0) + eps),
        lambda g, lr, eps: lr / (eps + np.sqrt(np.einsum("ij,ij->j", g, g))),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: RMSProp


@optimizer
def rmsprop(t, x, g, s=0, *, lr=0.01, rho=0.99, eps=1e-8):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / (np.sqrt(s) + eps), s


def rms(
    keep=lambda s, g, rho: rho * s + (1 - rho) * g**2,
    size=lambda s, eps: np.sqrt(s) + eps,
    sign=-1,
    used=lambda old, new, t, rho: new,
    forgets=False,
):
    """Return RMSProp with something changed: for its mistakes."""

    def broken(t, x, g, s=0, *, lr=0.01, rho=0.99, eps=1e-8):
        old, s = s, keep(s, g, rho)
        return x + sign * lr * g / size(used(old, s, t, rho), eps), old if forgets else s

    return broken


def rms_then(last):
    """Return RMSProp with another last line."""

    def broken(t, x, g, s=0, *, lr=0.01, rho=0.99, eps=1e-8):
        return last(x, g, rho * s + (1 - rho) * g**2, lr, eps)

    return broken


def rms_in_place(t, x, g, s=0, *, lr=0.01, rho=0.99, eps=1e-8):
    s = rho * s + (1 - rho) * g**2
    x -= lr * g / (np.sqrt(s) + eps)
    return x, s


def rmsprop_by_loops(t, x, g, s=0, *, lr=0.01, rho=0.99, eps=1e-8):
    s, x = np.zeros(len(x)) + s, x.copy()
    for i in range(len(x)):
        s[i] = s[i] + (1 - rho) * (g[i] * g[i] - s[i])
        x[i] = x[i] - lr / (s[i] ** 0.5 + eps) * g[i]
    return x, s


def rmsprop_that_keeps_the_root(t, x, g, size=0, *, lr=0.01, rho=0.99, eps=1e-8):
    size = np.sqrt(rho * size**2 + (1 - rho) * np.einsum("i,i->i", g, g))
    return x + lr * -g / (eps + size), size


rmsprop_question = RuleQuestion(
    "rmsprop",
    about="implement",
    points=1,
    level="guided",
    reference=rmsprop,
    returns="the new x and the new s, arrays of shape (d,)",
    cases=[
        walk(bowl_gradient, (1.0, -2.0), 1, lr=0.1, rho=0.75, eps=0.0, should="Here g is (2, −4), and s becomes a quarter of g². So √s is |g| / 2, and each coordinate moves 0.2 towards 0."),
        walk(valley_gradient, (2.0, -0.1), 3, lr=0.1, rho=0.5, eps=1.0, should="eps is large here, so its place shows. From the second step on, the old s counts as well."),
        walk(bowl_gradient, (0.25, 3.0), 3, lr=0.2, rho=0.9, eps=0.5),
        drawn(lambda rng: (wells_gradient, tuple(rng.uniform(-2, 2, size=3).tolist()), int(rng.integers(4, 8)), {"lr": rng.uniform(0.01, 0.2), "rho": rng.uniform(0.6, 0.95), "eps": rng.uniform(0.1, 1)})),
    ],
    mistakes=[
        mistake("still-adagrad", rms(keep=lambda s, g, rho: s + g**2), "It looks like AdaGrad: s adds up for ever. What share of the old s does RMSProp keep?"),
        mistake("full-squares", rms(keep=lambda s, g, rho: rho * s + g**2), "The old s fades, as it should, but the new square comes in whole. Which share of it makes this a mean?"),
        mistake("new-squares-whole-s", rms(keep=lambda s, g, rho: s + (1 - rho) * g**2), "It looks like the old s is kept whole, so it can only grow. What share of it does RMSProp keep?"),
        mistake("rho-swapped", rms(keep=lambda s, g, rho: (1 - rho) * s + rho * g**2), "It looks like rho and 1 − rho changed places. With rho = 0.99, which should weigh more: the old or the new?"),
        mistake("no-squares", rms(keep=lambda s, g, rho: rho * s + (1 - rho) * g), "It looks like s is a mean of g itself, which is momentum. What should s be a mean of?"),
        mistake("no-memory", rms(keep=lambda s, g, rho: g**2), "It looks like s is the latest square alone. Where does the old s come in?"),
        mistake("no-root", rms(size=lambda s, eps: s + eps), "It looks like g is divided by s itself. Which function brings the unit of g back?"),
        mistake("eps-inside", rms(size=lambda s, eps: np.sqrt(s + eps)), "Nearly: eps stands inside the root, it seems. Where does the lesson's rule add it?"),
        mistake("eps-forgotten", rms(size=lambda s, eps: np.sqrt(s)), "It looks like eps plays no part. Where would it prevent a division by 0?"),
        mistake("one-for-all", rms(keep=lambda s, g, rho: rho * s + (1 - rho) * np.sum(g**2)), "It looks like the squares of all coordinates went into one s. How many should there be?"),
        mistake("old-s", rms(used=lambda old, new, t, rho: old), "It looks like the step divides by the s from before. Which line should come first?"),
        mistake("corrected", rms(used=lambda old, new, t, rho: new / (1 - rho**t)), "It looks like s got a bias correction. That is Adam's: does the lesson's RMSProp have one?"),
        mistake("uphill", rms(sign=1), "It looks like the walk goes uphill. Which sign turns it round?"),
        mistake("eps-beside", rms_then(lambda x, g, s, lr, eps: (x - lr * g / np.sqrt(s) + eps, s)), "It looks like eps is added to x, not to the root. Which part do brackets have to hold together?"),
        mistake("forgets", rms(used=lambda old, new, t, rho: new, forgets=True), "The first step is right. Then it looks as if s starts from 0 at every step. Which s does your rule hand on?"),
        mistake("order", rms_then(lambda x, g, s, lr, eps: (s, x - lr * g / (np.sqrt(s) + eps))), "It looks like s came back in the place of x. In which order are they returned?"),
        mistake("step-alone", rms_then(lambda x, g, s, lr, eps: (lr * g / (np.sqrt(s) + eps), s)), "It looks like the step itself came back. From where is it taken off?"),
        mistake("mean-of-sizes", rms(keep=lambda s, g, rho: rho * s + (1 - rho) * np.abs(g), size=lambda s, eps: s + eps), "It looks like a mean of |g|. That is a size as well, but not RMSProp's: what goes into s, and what comes out of it?"),
        mistake("no-gradient", rms_then(lambda x, g, s, lr, eps: (x - lr / (np.sqrt(s) + eps), s)), "It looks like lr is divided, and the gradient is missing from the step. What is the effective lr to be multiplied by?"),
        mistake("no-lr", rms_then(lambda x, g, s, lr, eps: (x - g / (np.sqrt(s) + eps), s)), "It looks like lr plays no part. What is it to multiply?"),
        mistake("sign-only", rms_then(lambda x, g, s, lr, eps: (x - lr * np.sign(g), s)), "It looks like every step is lr long, with the gradient's sign. What is g divided by in RMSProp?"),
        mistake("in-place", rms_in_place, "It looks like `x -= …` changed x in place, and with it every position before. What would make a new x?"),
    ],
    hints=[
        "Two lines: the first makes the new s, the second the step. AdaGrad's `s = s + g**2` is the one to change.",
        "A running mean keeps a share rho of the old s, and takes a share 1 − rho of the new square.",
        "The step is lr · g / (√s + eps), with the new s. Return the new x and s, in this order.",
    ],
    alternatives=[rmsprop_by_loops, rmsprop_that_keeps_the_root],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a broken Adam


@optimizer
def adam(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def broken_adam(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    return x - lr * m_hat / v_hat + eps, m, v


def adam_with(
    move=lambda x, lr, m_hat, v_hat, eps, part: x - lr * m_hat / (np.sqrt(v_hat) + eps),
    m_time=lambda t: t,
    v_time=lambda t: t,
    m_part=lambda beta, t: 1 - beta**t,
    v_part=lambda beta, t: 1 - beta**t,
    stored=False,
    swapped=False,
):
    """Return Adam with something changed: for its mistakes. Time inf means no correction."""

    def broken(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        beta1, beta2 = (beta2, beta1) if swapped else (beta1, beta2)
        part = v_part(beta2, v_time(t))
        m_hat = m / m_part(beta1, m_time(t))
        v_hat = v / part
        kept = (m_hat, v_hat) if stored else (m, v)
        return move(x, lr, m_hat, v_hat, eps, part), *kept

    return broken


def late(t):
    return t + 1


def early(t):
    return t - 1


def never(t):
    return np.inf


def once(t):
    return 1


def eps_too_early(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / (np.sqrt(v_hat) + eps / np.sqrt(part))


def in_place(x, lr, m_hat, v_hat, eps, part):
    x -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return x


def eps_beside(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / np.sqrt(v_hat) + eps


def eps_in_the_step(x, lr, m_hat, v_hat, eps, part):
    return x - lr * (m_hat / np.sqrt(v_hat) + eps)


def eps_inside(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / np.sqrt(v_hat + eps)


def eps_forgotten(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / np.sqrt(v_hat)


def rootless(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / (v_hat + eps)


def rootless_eps_beside(x, lr, m_hat, v_hat, eps, part):
    return x - lr * m_hat / v_hat + eps


def adam_in_one_line(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g * g - v)
    return x - lr / (1 - beta1**t) * m / ((v / (1 - beta2**t)) ** 0.5 + eps), m, v


def adam_by_loops(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, x = m + np.zeros(len(x)), v + np.zeros(len(x)), x.copy()
    for i in range(len(x)):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        root = np.sqrt(v[i]) / np.sqrt(1 - beta2**t)
        x[i] -= lr * m[i] / (1 - beta1**t) / (root + eps)
    return x, m, v


def adam_then(last):
    """Return Adam with another last line."""

    def broken(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2**t)) + eps
        return last(x, g, m, v, m / (1 - beta1**t), root, lr)

    return broken


adam_question = RuleQuestion(
    "adam",
    about="implement",
    points=3,
    level="independent",
    reference=adam,
    given=broken_adam,
    returns="the new x, m and v, arrays of shape (d,)",
    cases=[
        walk(bowl_gradient, (0.0005, -100.0), 1, lr=0.1, eps=0.0, should="Adam's first step is −lr · sign(g), for a slope of 0.001 and for one of −200: to −0.0995 and to −99.9."),
        walk(bowl_gradient, (0.25, -0.5), 1, lr=0.1, eps=0.5, should="Here g is (0.5, −1) and eps 0.5, so |g| / (|g| + eps) of the step lr is left: a half and two thirds."),
        walk(valley_gradient, (2.0, 0.05), 3, lr=0.1, beta1=0.5, beta2=0.75, eps=0.5, should="Three steps: the correction fades with t."),
        drawn(lambda rng: (wells_gradient, tuple(rng.uniform(-2, 2, size=3).tolist()), int(rng.integers(4, 8)), {"lr": rng.uniform(0.01, 0.2), "beta1": rng.uniform(0.5, 0.9), "beta2": rng.uniform(0.7, 0.99), "eps": rng.uniform(0.1, 1)})),
    ],
    mistakes=[
        mistake("t-mended", adam_with(rootless_eps_beside), "t is right now, and that was one bug. Two are left, both in the last line. What unit does m̂ / v̂ have?"),
        mistake("root-mended", adam_with(eps_beside, late, late), "The root is there now. Two bugs are left. What is t in the very first step, and what do the corrections make of it?"),
        mistake("eps-mended", adam_with(rootless, late, late), "It looks like eps is where it belongs, and two bugs are left. What unit does v̂ have, and what unit should it be divided by?"),
        mistake("t-left", adam_with(m_time=late, v_time=late), "The last line is right now, and one bug is left. What is t in the very first step?"),
        mistake("root-left", adam_with(rootless), "One bug is left. A slope ten times as large should make the same first step. What does dividing by v̂ make of it?"),
        mistake("eps-left", adam_with(eps_beside), "One bug is left. By hand: in a − b / c + d, what is divided by what, and where does eps end up?"),
        mistake("eps-in-the-step", adam_with(eps_in_the_step), "It looks like eps is added to the quotient. Where would it prevent a division by 0?"),
        mistake("eps-inside", adam_with(eps_inside), "It looks like eps stands inside the root, where 1e-8 acts like 1e-4. Where does the lesson's Adam add it?"),
        mistake("eps-inside-and-t", adam_with(eps_inside, late, late), "It looks like eps went inside the root, and t isn't mended either. Start with t: what is it in the very first step?"),
        mistake("eps-forgotten", adam_with(eps_forgotten), "It looks like eps is gone altogether. Where did it prevent a division by 0?"),
        mistake("t-minus-one", adam_with(m_time=early, v_time=early), "It looks like the first step divides by 1 − beta⁰, which is 0. From which number does t count here?"),
        mistake("m-left", adam_with(m_time=late), "v̂ is right now. Is m̂ made with the same t?"),
        mistake("v-left", adam_with(v_time=late), "m̂ is right now. Is v̂ made with the same t?"),
        mistake("uncorrected", adam_with(m_time=never, v_time=never), "It looks like nothing is corrected any more, and the first steps are too long. Which two numbers undo the bias?"),
        mistake("v-uncorrected", adam_with(v_time=never), "It looks like the step divides by √v, not by √v̂. Which of them is too small at the start?"),
        mistake("m-uncorrected", adam_with(m_time=never), "It looks like m goes into the step as it is, and m̂ doesn't. How large is m after the first step?"),
        mistake("no-t", adam_with(m_time=once, v_time=once), "The first step is right, the others too long: it looks like t is gone from the corrections. What should become of them in time?"),
        mistake("times-t", adam_with(m_part=lambda b, t: 1 - b * t, v_part=lambda b, t: 1 - b * t), "The first step is right. It looks like beta is multiplied by t. Which share of the start is left after t steps?"),
        mistake("multiplied", adam_with(m_part=lambda b, t: 1 / (1 - b**t), v_part=lambda b, t: 1 / (1 - b**t)), "It looks like m and v are multiplied by 1 − betaᵗ, and get smaller still. Should the correction make them larger or smaller?"),
        mistake("betas-swapped", adam_with(swapped=True), "It looks like each mean is corrected with the other one's beta. Which beta made m?"),
        mistake("eps-uncorrected", adam_with(eps_too_early), "It looks like eps is added to √v before the correction, as Keras does. Is it added to √v or to √v̂ in the lesson?"),
        mistake("eps-in-the-step-and-t", adam_with(eps_in_the_step, late, late), "It looks like eps is added to the quotient, and t isn't mended either. Start with t: what is it in the very first step?"),
        mistake("no-momentum", adam_then(lambda x, g, m, v, m_hat, root, lr: (x - lr * g / root, m, v)), "The first step is right. Then it looks like g stands above the line. What should be there in its place?"),
        mistake("order", adam_then(lambda x, g, m, v, m_hat, root, lr: (x - lr * m_hat / root, v, m)), "The first step is right. It looks like m and v changed places on their way out. In which order do they come in?"),
        mistake("uphill", adam_then(lambda x, g, m, v, m_hat, root, lr: (x + lr * m_hat / root, m, v)), "The lengths are right, and it looks like the walk goes uphill. Which sign turns it round?"),
        mistake("in-place", adam_with(in_place), "It looks like `x -= …` changed x in place, and with it every position before. What would make a new x?"),
        mistake("corrected-memory", adam_with(stored=True), "The first step is right. From the second on it looks like the corrected means are remembered. Which ones are to be passed on?"),
    ],
    hints=[
        "Three bugs: two in how the last line is put together, one in the two lines above it.",
        "In the first step t is 1, so m̂ should be exactly g. And v̂ is a squared size: what makes a size of it?",
        "1 − beta ** t, twice; and below the fraction stands (√v̂ + eps), in brackets.",
    ],
    alternatives=[adam_in_one_line, adam_by_loops],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a fair result


def fair_result(validation, test):
    best = np.median(validation, axis=0).argmin()
    losses = test[:, best]
    return [np.median(losses), losses.min(), losses.max()]


def fair_result_by_loops(validation, test):
    validation, test = np.array(validation).tolist(), np.array(test).tolist()

    def middle(numbers):
        n, numbers = len(numbers), sorted(numbers)
        return (numbers[n // 2] + numbers[(n - 1) // 2]) / 2

    lowest, best = np.inf, 0
    for j in range(len(validation[0])):
        here = middle([row[j] for row in validation])
        if here < lowest:
            lowest, best = here, j
    losses = [row[best] for row in test]
    return middle(losses), min(losses), max(losses)


def summary(losses):
    """Return the median, the lowest and the highest loss."""
    return [np.median(losses), np.min(losses), np.max(losses)]


def fair(
    choose=lambda v, t: np.median(v, axis=0).argmin(), report=lambda v, t, k: summary(t[:, k])
):
    """Return a report with another choice of lr, or of what is told about it: for its mistakes."""
    return lambda validation, test: report(validation, test, choose(validation, test))


def four_lr(rng):
    """Return losses on validation and test data: some lr are good, a large one is lost."""
    n, k = int(rng.integers(5, 10)), int(rng.integers(3, 5))
    middle = rng.uniform(0.2, 0.4, size=k)
    tables = [np.round(middle * rng.lognormal(0, 0.5, size=(n, k)), 4) for _ in range(2)]
    return tuple(np.column_stack([table, rng.uniform(50, 90, size=n).round()]) for table in tables)


fair_question = Question(
    "fair_result",
    about="compare",
    points=2,
    level="independent",
    reference=fair_result,
    returns="a list of three numbers: median, lowest and highest test loss",
    cases=[
        hand(
            np.array([[0.5, 0.3, 0.4, 0.2], [0.5, 0.3, 0.4, 0.6], [0.5, 0.9, 0.4, 0.7]]),
            np.array([[0.5, 0.35, 0.45, 0.25], [0.2, 0.25, 0.4, 0.7], [0.2, 0.8, 0.35, 0.9]]),
            should="On validation data the medians are 0.5, 0.3, 0.4 and 0.6, so it is the second lr that counts.",
        ),
        hand(
            np.array([[0.6, 0.2, 9.0], [0.4, 0.8, 0.1], [0.3, 0.2, 7.0], [0.5, 0.3, 8.0]]),
            np.array([[0.7, 0.4, 5.0], [0.1, 0.7, 0.2], [0.2, 0.6, 6.0], [0.1, 0.3, 9.0]]),
            should="The third lr is good in one seed, and lost in three.",
        ),
        drawn(four_lr),
    ],
    laws=[law("The median lies between the lowest and the highest.", lambda args, value: value[1] <= value[0] <= value[2])],
    mistakes=[
        mistake("peeking", fair(choose=lambda v, t: np.median(t, axis=0).argmin()), "It looks like the *test* data chose lr, so they can't judge it any more. Which data are there to choose with?"),
        mistake("validation-reported", fair(report=lambda v, t, k: summary(v[:, k])), "The choice is right, but these are losses on the data that chose. Which data haven't been looked at yet?"),
        mistake("each-seed-its-own", fair(report=lambda v, t, k: summary(t[np.arange(len(t)), v.argmin(axis=1)])), "It looks like every seed got an lr of its own. How many lr does one competitor enter the race with?"),
        mistake("best-of-each-seed", fair(report=lambda v, t, k: summary(t.min(axis=1))), "It looks like each seed reports its lowest test loss, over all lr. Which lr would you have picked without seeing them?"),
        mistake("luckiest", fair(choose=lambda v, t: v.min(axis=0).argmin()), "It looks like one lucky seed chose lr. What would all seeds together choose?"),
        mistake("chosen-by-mean", fair(choose=lambda v, t: v.mean(axis=0).argmin()), "It looks like the mean chose lr, and a single bad seed can spoil a mean. What does the text ask for?"),
        mistake("mean-reported", fair(report=lambda v, t, k: [t[:, k].mean(), *summary(t[:, k])[1:]]), "The choice is right, and so are the lowest and the highest. Is the first number a median?"),
        mistake("standard-deviation", fair(report=lambda v, t, k: [np.median(t[:, k]), np.median(t[:, k]) - t[:, k].std(), np.median(t[:, k]) + t[:, k].std()]), "It looks like the bars are one standard deviation. Which losses does the text ask for?"),
        mistake("lr-medians", fair(choose=lambda v, t: np.argmin(np.median(v, axis=1)) % v.shape[1]), "It looks like the median was taken over the lr, for each seed. Along which axis do the seeds lie?"),
        mistake("worst-lr", fair(choose=lambda v, t: np.median(v, axis=0).argmax()), "It looks like the lr with the *highest* median was chosen. Which one should win?"),
        mistake("all-lr", fair(report=lambda v, t, k: summary(t)), "It looks like all lr went into the report. Which column of `test` belongs to the chosen one?"),
        mistake("only-the-best", fair(report=lambda v, t, k: summary(np.median(t, axis=0))), "It looks like the spread is over the lr. The bars are to show how much *luck* there is: over what does luck vary?"),
        mistake("order", fair(report=lambda v, t, k: np.array(summary(t[:, k]))[[1, 0, 2]].tolist()), "All three numbers are right. In which order does the text ask for them?"),
        mistake("quartiles", fair(report=lambda v, t, k: np.percentile(t[:, k], [50, 25, 75])), "The choice and the median are right. It looks like the bars are quartiles: which losses does the text ask for?"),
        mistake("distances", fair(report=lambda v, t, k: [np.median(t[:, k]), np.median(t[:, k]) - t[:, k].min(), t[:, k].max() - np.median(t[:, k])]), "It looks like the bars are told as distances from the median. What does the text ask for, lengths or losses?"),
        mistake("means", fair(choose=lambda v, t: v.mean(axis=0).argmin(), report=lambda v, t, k: [t[:, k].mean(), *summary(t[:, k])[1:]]), "It looks like means throughout, and one bad seed can spoil a mean. What does the text take in its place?"),
        mistake("row", fair(report=lambda v, t, k: summary(t[k])), "It looks like a *row* of `test`, all losses of one seed. What are the columns?"),
        mistake("pooled", fair(choose=lambda v, t: np.median(np.vstack([v, t]), axis=0).argmin()), "It looks like validation and test data chose together. Which data mustn't have a say?"),
    ],
    hints=[
        "Two steps: `validation` chooses one lr (a column), then `test` says how it does.",
        "`np.median(validation, axis=0)` has one number for each lr; `.argmin()` gives the place of the lowest.",
        "With `losses = test[:, best]`, return np.median(losses), losses.min() and losses.max(), in a list.",
    ],
    alternatives=[
        fair_result_by_loops,
        lambda v, t: np.quantile(t[:, np.argmin(np.quantile(v, 0.5, axis=0))], [0.5, 0, 1]),
        lambda v, t: tuple(summary(t.T[np.median(v.T, axis=1).argsort()[0]])),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: AdamW


@optimizer
def adamw(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x
    return x - lr * step, m, v


def adamw_with(
    move=lambda x, lr, wd, m, root, g: x - lr * (m / root + wd * x),
    g_of_m=lambda g, x, wd: g,
    g_of_v=lambda g, x, wd: g,
    time=lambda t: t,
    eps_inside=False,
):
    """Return AdamW with something changed: for its mistakes."""

    def broken(t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
        m = beta1 * m + (1 - beta1) * g_of_m(g, x, weight_decay)
        v = beta2 * v + (1 - beta2) * g_of_v(g, x, weight_decay) ** 2
        v_hat = v / (1 - beta2 ** time(t))
        root = np.sqrt(v_hat + eps) if eps_inside else np.sqrt(v_hat) + eps
        return move(x, lr, weight_decay, m / (1 - beta1 ** time(t)), root, g), m, v

    return broken


def with_l2(g, x, wd):
    return g + wd * x


def decay_afterwards(x, lr, wd, m, root, g):
    x = x - lr * m / root
    return x - lr * wd * x


def adamw_in_place(x, lr, wd, m, root, g):
    x -= lr * (m / root + wd * x)
    return x


def adamw_shrinking_first(
    t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    x = x * (1 - lr * weight_decay)
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    return x - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adamw_by_loops(
    t, x, g, m=0, v=0, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2
):
    m, v, new = m + np.zeros(len(x)), v + np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        root = (v[i] / (1 - beta2**t)) ** 0.5
        new[i] = x[i] - lr * (m[i] / (1 - beta1**t) / (root + eps)) - lr * weight_decay * x[i]
    return new, m, v


adamw_question = RuleQuestion(
    "adamw",
    about="implement",
    points=2,
    level="independent",
    reference=adamw,
    returns="the new x, m and v, arrays of shape (d,)",
    cases=[
        walk(bowl_gradient, (2.0, -4.0), 1, lr=0.1, eps=0.0, weight_decay=0.5, should="Each coordinate moves lr = 0.1 towards 0, and on top loses 0.05 of itself, which is lr · weight_decay: to 1.8 and −3.7."),
        walk(saddle_gradient, (3.0, 0.5), 3, lr=0.1, beta1=0.5, beta2=0.75, eps=0.5, weight_decay=0.4, should="At first g is (3, −0.5). The decay pulls towards 0, also where the gradient pushes away from it."),
        walk(valley_gradient, (1.0, -0.1), 3, lr=0.1, eps=0.5, weight_decay=0.0, should="Without decay AdamW is Adam."),
        drawn(lambda rng: (wells_gradient, tuple(rng.uniform(-2, 2, size=3).tolist()), int(rng.integers(4, 8)), {"lr": rng.uniform(0.02, 0.2), "beta1": rng.uniform(0.5, 0.9), "beta2": rng.uniform(0.7, 0.99), "eps": rng.uniform(0.1, 1), "weight_decay": rng.uniform(0.1, 0.9)})),
    ],
    mistakes=[
        mistake("l2", adamw_with(g_of_m=with_l2, g_of_v=with_l2), "It looks like the decay joined the gradient, so √v̂ divides it as well: that is Adam with L2. Where does it stay undivided?"),
        mistake("l2-in-m", adamw_with(g_of_m=with_l2), "It looks like the decay went into m, and is divided by √v̂ with it. Where does it stay undivided?"),
        mistake("decay-divided", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m + wd * x) / root), "It looks like the decay stands in the fraction, above √v̂. Which brackets would let it out?"),
        mistake("without-lr", adamw_with(lambda x, lr, wd, m, root, g: x - lr * m / root - wd * x), "The decay looks right but for lr: it takes weight_decay · x off. What share does the lesson's AdamW take?"),
        mistake("growing", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root - wd * x)), "It looks like weights grow instead of decaying. Which sign pulls them towards 0?"),
        mistake("afterwards", adamw_with(decay_afterwards), "It looks like the decay is taken off the x *after* the step. Which x does the lesson's rule use?"),
        mistake("no-decay", adamw_with(lambda x, lr, wd, m, root, g: x - lr * m / root), "That is Adam, and correct as such. Where does weight_decay come in?"),
        mistake("penalty-itself", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root + wd * x**2)), "It looks like x² was taken off, which never points left. What is the gradient of a penalty on x²?"),
        mistake("doubled", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root + 2 * wd * x)), "It looks like the decay has a factor of 2. What share of x does the text take off?"),
        mistake("same-for-all", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root + wd)), "It looks like every weight loses the same amount. A share of what should it be?"),
        mistake("uncorrected", adamw_with(time=never), "The decay looks right. What are m and v divided by, to undo their bias?"),
        mistake("eps-inside", adamw_with(time=lambda t: t, eps_inside=True), "The decay looks right. eps seems to stand inside the root: where does the lesson's Adam add it?"),
        mistake("decay-of-g", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root + wd * g)), "It looks like a share of the gradient is taken off. What is it that decays?"),
        mistake("sign-of-x", adamw_with(lambda x, lr, wd, m, root, g: x - lr * (m / root + wd * np.sign(x))), "It looks like every weight shrinks by the same amount, whatever its size. A share of what should it be?"),
        mistake("decay-alone", adamw_with(lambda x, lr, wd, m, root, g: x - lr * wd * x), "The decay is right, and it looks like Adam's own step is missing. What else stands in the brackets?"),
        mistake("in-place", adamw_with(adamw_in_place), "It looks like `x -= …` changed x in place, and with it every position before. What would make a new x?"),
    ],
    hints=[
        "Begin with Adam as you know it. AdamW differs in a single place: which line moves x?",
        "The decay must not pass through m or v, nor be divided by √v̂ + eps. It does get multiplied by lr.",
        "In brackets behind lr stand two terms: Adam's quotient, and weight_decay · x.",
    ],
    alternatives=[adamw_shrinking_first, adamw_by_loops],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: your entry


@optimizer
def entry(t, x, g, m=0, v=0, *, lr=0.6, beta1=0.6, beta2=0.99, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def entry_slowing_down(t, x, g, m=0, v=0, *, lr=0.7, beta1=0.6, beta2=0.9, eps=1e-8, steps=60):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    lr = lr * (1 - (t - 1) / steps)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def entry_by_secants(t, x, g, x_before=0, g_before=0, *, lr=1e-3):
    """Barzilai & Borwein (1988): lr from the last step, and what it did to the gradient."""
    moved, turned = x - x_before, g - g_before
    if t > 1:
        lr = np.dot(moved, moved) / (np.dot(moved, turned) + 1e-300)
    return x - lr * g, x, g


race_question = Challenge(
    "entry",
    about="compare",
    points=3,
    level="stretch",
    reference=entry,
    returns="the new x, and your rule's memory",
    cases=[
        walk(valley_gradient, (3.1, 1.3), 60),
        walk(canyon_gradient, (-1.3, 0.8), 60),
    ],
    mistakes=[],
    hints=[
        "One lr has to do for two hills, one with slopes of 20, one with slopes of hundreds. Which rules don't mind?",
        "Begin with Adam or AdamW and tune lr: to Adam it is the length of a step, and there are 60 steps. Does decay help you here?",
        "With beta1 = 0.9 momentum remembers some ten steps of sixty, and swings. Try less of it, or let lr fall with t.",
    ],
    alternatives=[entry_slowing_down, entry_by_secants],
    tiers={1.0: 0.25, 0.1: 0.5, 1e-2: 0.75, 1e-4: 1.0},
)  # fmt: skip


adaptive_optimizers = Exercises("adaptive_optimizers", first_step, effective_lr_question, rmsprop_question, adam_question, fair_question, adamw_question, race_question)  # fmt: skip
