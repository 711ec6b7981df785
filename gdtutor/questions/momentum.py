"""Exercises of lesson 8, momentum and Nesterov."""

import itertools

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
    quartic_slope,
    saddle_gradient,
    square_slope,
    valley_gradient,
    wavy_slope,
)
from ..optimizer import optimizer


def point(rng, low=1, high=6):
    """Return a point of a few coordinates."""
    return rng.uniform(-2, 2, size=rng.integers(low, high))


# ---------------------------------------------------------------- guided: three velocities by hand

velocities = ValueQuestion(
    "velocities",
    about="accelerate",
    points=1,
    level="guided",
    reference=[4.0, 6.0, -1.0],
    cases=[],
    returns="a list of the three velocities, numbers",
    mistakes=[
        mistake("new-fades-too", [2.0, 3.0, -0.5], "It looks like the new gradient was halved, too, as in a running mean. Here only the *old* v is halved: what is v after the first step?"),
        mistake("one-step-memory", [4.0, 6.0, -2.0], "The first two are right. The third looks like it keeps half of the last *gradient*. What did v hold by then?"),
        mistake("nothing-kept", [4.0, 4.0, -4.0], "These are the gradients themselves. How much of the last v should be kept at each step?"),
        mistake("nothing-fades", [4.0, 8.0, 4.0], "It looks like the gradients were added up, and nothing fades. What does the 0.5 do?"),
        mistake("sign-lost", [4.0, 6.0, 7.0], "The first two are right. At the third step the ground has turned: which sign has that gradient?"),
        mistake("with-rest", [0.0, 4.0, 6.0], "0 is v at rest, before the first gradient. What is v after the *third*?"),
        mistake("kept-with-minus", [4.0, 2.0, -5.0], "It looks like what is kept was taken *off* the gradient. Which sign stands between 0.5 · v and g?"),
        mistake("sign-of-the-sum", [4.0, 6.0, 1.0], "The sizes are right. At the third step, which is larger: what is kept of v, or the new gradient? The larger one gives the sign."),
        mistake("running-total", [4.0, 10.0, 9.0], "It looks like the velocities were added up on the way. That says how far it has come: what is the velocity itself?"),
        mistake("wrong-one-fades", [2.0, 4.0, 2.0], "It looks like g was halved and v kept in full. In 0.5 · v + g, which of them fades?"),
    ],
    hints=[
        "The first step: half of 0, plus 4.",
        "For each step take the v that you have just found, halve it, and add the new gradient.",
        "4, then 2 + 4, then 3 − 4.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: heavy ball


@optimizer
def heavy_ball(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + g
    return x - lr * v, v


def rule(velocity, place, memory=lambda v, new, g, m: new):
    """Return a rule made of a new velocity, a new place and what is remembered: for mistakes."""

    def broken(t, x, g, v=0, *, lr=0.1, momentum=0.9):
        new = velocity(v, g, momentum)
        return place(x, v, new, g, lr, momentum), memory(v, new, g, momentum)

    return broken


def swapped_return(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + g
    return v, x - lr * v


def x_in_place(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + g
    x -= lr * v
    return x, v


def total(v, g, m):
    """Return the new velocity, as it should be."""
    return m * v + g


def moved(x, v, new, g, lr, m):
    """Return the new place of the heavy ball, as it should be."""
    return x - lr * new


@optimizer
def keras_heavy_ball(t, x, g, step=0, *, lr=0.1, momentum=0.9):
    step = momentum * step - lr * g
    return x + step, step


heavy_ball_question = RuleQuestion(
    "heavy_ball",
    about="implement",
    points=1,
    level="guided",
    reference=heavy_ball,
    returns="the new x and the new v, each of the shape of x",
    cases=[
        walk(bowl_gradient, (1.0, 2.0), 3, lr=0.1, momentum=0.9, should="Where f is x₀² + x₁², the first step leads to (0.8, 1.6), the second to (0.46, 0.92)."),
        walk(bowl_gradient, (1.0, 2.0), 2, lr=0.25, momentum=0.0, should="With momentum 0 it is gradient descent: (0.5, 1), then (0.25, 0.5)."),
        walk(valley_gradient, (-3.5, 1.0), 6, lr=0.05, momentum=0.6),
        walk(saddle_gradient, (1.0, 0.1), 6, lr=0.2, momentum=0.8),
        drawn(lambda rng: (wavy_slope, point(rng).tolist(), int(rng.integers(4, 12)), {"lr": rng.uniform(0.02, 0.3), "momentum": rng.uniform(0.3, 0.95)})),
    ],
    mistakes=[
        mistake("mean", rule(lambda v, g, m: m * v + (1 - m) * g, moved), "It looks like v is a running mean, with 1 − momentum in front of g. Here v is a *sum*: how much of g goes in?"),
        mistake("forgets", rule(total, moved, lambda v, new, g, m: v), "It looks like each step feels its own slope only, as without momentum. What does v hold when the second step begins?"),
        mistake("moves-first", rule(total, lambda x, v, new, g, lr, m: x - lr * v), "It looks like x moves with the old v, so the first step leads nowhere. Which of the two lines comes first?"),
        mistake("one-step-memory", rule(total, moved, lambda v, new, g, m: g), "It looks like only the last gradient is remembered. What should the next step find in v?"),
        mistake("nothing-fades", rule(lambda v, g, m: v + m * g, moved), "It looks like g is multiplied by momentum, and the old v isn't. Which of them should fade?"),
        mistake("all-fades", rule(lambda v, g, m: m * (v + g), moved), "It looks like the new gradient fades, too. How much of it does v take in, before anything has faded?"),
        mistake("uphill", rule(total, lambda x, v, new, g, lr, m: x + lr * new), "It looks like the walk goes uphill. Which way does your v point, and is it added to x or taken off?"),
        mistake("no-lr", rule(total, lambda x, v, new, g, lr, m: x - new), "It looks like lr plays no part. What does it multiply?"),
        mistake("nesterov", rule(total, lambda x, v, new, g, lr, m: x - lr * (g + m * new)), "It looks like g counts twice, as in Nesterov's momentum. How does the heavy ball move, once v is known?"),
        mistake("counted-twice", rule(total, lambda x, v, new, g, lr, m: x - lr * (g + new)), "It looks like g is added to x once more, beside v. What is in v already?"),
        mistake("kept-in-full-and-more", rule(lambda v, g, m: v + m * v + g, moved), "It looks like all of v is kept, and momentum times v comes on top: `v +=` does that. How much of the old v should be left?"),
        mistake("lr-twice", rule(lambda v, g, m: m * v + g, lambda x, v, new, g, lr, m: x - lr * lr * new), "It looks like lr went in twice, into v and once more on the way to x. Where does it stand in PyTorch's way?"),
        mistake("one-minus-momentum-kept", rule(lambda v, g, m: (1 - m) * v + g, moved), "It looks like 1 − momentum of the old v is kept. Is momentum the share that is kept, or the share that is lost?"),
        mistake("effective-at-once", rule(total, lambda x, v, new, g, lr, m: x - lr * g / (1 - m)), "It looks like each step is lr/(1 − momentum) times its own slope. That is where a *steady* slope leads in time. What is v after one step?"),
        mistake("x-and-v-exchanged", swapped_return, "It looks like v came back in the place of x. In which order does a rule return the two?"),
        mistake("in-place", x_in_place, "It looks like `-=` changed the array x itself, and earlier places of the walk with it. How could a *new* x be made?"),
    ],
    hints=[
        "Two lines: first the velocity, then the place.",
        "The new v is momentum times the old v, plus g. All of x's step comes from v.",
        "`v = momentum * v + g`, and return x − lr · v together with v.",
    ],
    alternatives=[
        lambda t, x, g, v=0, *, lr=0.1, momentum=0.9: (x - lr * momentum * v - lr * g, g + v * momentum),
        lambda t, x, g, v=0, *, lr=0.1, momentum=0.9: (np.subtract(x, lr * np.add(momentum * np.asarray(v), g)), np.add(momentum * np.asarray(v), g)),
        keras_heavy_ball,
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: Nesterov, PyTorch's form


@optimizer
def nesterov(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + g
    return x - lr * (g + momentum * v), v


def stepped(x, v, new, g, lr, m):
    """Return the new place of Nesterov's momentum, as it should be."""
    return x - lr * (g + m * new)


@optimizer
def two_places(t, x, g, y=None, *, lr=0.1, momentum=0.9):
    y = x if y is None else y
    downhill = x - lr * g
    return downhill + momentum * (downhill - y), downhill


def nesterov_with_lr_in_v(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + lr * g
    return x - lr * (g + momentum * v), v


def nesterov_in_place(t, x, g, v=0, *, lr=0.1, momentum=0.9):
    v = momentum * v + g
    x -= lr * (g + momentum * v)
    return x, v


nesterov_question = RuleQuestion(
    "nesterov",
    about="implement",
    points=2,
    level="independent",
    reference=nesterov,
    returns="the new x and the new v, each of the shape of x",
    cases=[
        walk(bowl_gradient, (1.0, 2.0), 3, lr=0.1, momentum=0.5, should="Where f is x₀² + x₁², the first step leads to (0.7, 1.4), the second to (0.44, 0.88)."),
        walk(bowl_gradient, (1.0, 2.0), 2, lr=0.25, momentum=0.0, should="With momentum 0 it is gradient descent: (0.5, 1), then (0.25, 0.5)."),
        walk(valley_gradient, (-3.5, 1.0), 6, lr=0.05, momentum=0.6),
        walk(saddle_gradient, (1.0, 0.1), 6, lr=0.2, momentum=0.8),
        drawn(lambda rng: (quartic_slope, point(rng).tolist(), int(rng.integers(4, 12)), {"lr": rng.uniform(0.02, 0.1), "momentum": rng.uniform(0.3, 0.95)})),
    ],
    mistakes=[
        mistake("heavy-ball", rule(total, moved), "It looks like heavy ball, perhaps with the *old* v in g + momentum · v. At the first step the new v is g: how often does g count?"),
        mistake("no-momentum-before-v", rule(total, lambda x, v, new, g, lr, m: x - lr * (g + new)), "It looks like v is added to g in full. How much of v will be left at the next step?"),
        mistake("v-for-g", rule(total, lambda x, v, new, g, lr, m: x - lr * (new + m * new)), "It looks like v counts twice: once in full, once with momentum in front. Which of them should be something else?"),
        mistake("only-v", rule(total, lambda x, v, new, g, lr, m: x - lr * m * new), "It looks like momentum · v alone moves x. What stands beside it in the rule?"),
        mistake("stores-the-step", rule(total, stepped, lambda v, new, g, m: g + m * new), "The first step is right. It looks like g + momentum · v is then remembered as v. What should the next step find there?"),
        mistake("forgets", rule(total, stepped, lambda v, new, g, m: v), "It looks like v is 0 at every step. Which v is handed on to the next, the old or the new?"),
        mistake("mean", rule(lambda v, g, m: m * v + (1 - m) * g, stepped), "It looks like v is a running mean, with 1 − momentum in front of g. Here v is a *sum*: how much of g goes in?"),
        mistake("uphill", rule(total, lambda x, v, new, g, lr, m: x + lr * (g + m * new)), "It looks like the walk goes uphill. Here v and g both point up: which sign takes you down?"),
        mistake("lr-for-g-alone", rule(total, lambda x, v, new, g, lr, m: x - lr * g - m * new), "It looks like lr multiplies g alone, and momentum · v goes without. Where do the brackets go?"),
        mistake("v-uphill", rule(total, lambda x, v, new, g, lr, m: x - lr * g + lr * m * new), "It looks like g leads downhill, and v up. Which way does a sum of slopes point?"),
        mistake("old-and-new", rule(total, lambda x, v, new, g, lr, m: x - lr * (m * v + new)), "It looks like x moves by what was left of the *old* v, and then by the new v. What do g, and what is left of the new v, give?"),
        mistake("twice-in-v", rule(lambda v, g, m: m * v + 2 * g, moved), "It looks like g was doubled inside v. v itself is made as in the heavy ball: where does g come in a second time?"),
        mistake("lr-in-v-too", nesterov_with_lr_in_v, "It looks like lr went into v, and v is then multiplied by it once more. Where does lr stand in PyTorch's way?"),
        mistake("in-place", nesterov_in_place, "It looks like `-=` changed the array x itself, and earlier places of the walk with it. How could a *new* x be made?"),
        mistake("weights-swapped", rule(total, lambda x, v, new, g, lr, m: x - lr * (m * g + new)), "It looks like momentum stands before g, and v counts in full. Which of the two is what will be left of the old?"),
    ],
    hints=[
        "v is made as in the heavy ball. The difference is in how x moves.",
        "x moves by g and by what will be left of the *new* v at the next step.",
        "`v = momentum * v + g`; then x − lr · (g + momentum · v), and v.",
    ],
    alternatives=[
        lambda t, x, g, v=0, *, lr=0.1, momentum=0.9: (x - lr * (1 + momentum) * g - lr * momentum**2 * v, momentum * v + g),
        lambda t, x, g, v=0, *, lr=0.1, momentum=0.9: (x + momentum * (momentum * v - lr * g) - lr * g, momentum * v - lr * g),
        two_places,
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: Nesterov, looking ahead


def lookahead(grad, x, lr, beta, steps):
    v = 0 * x
    points = [x]
    for _ in range(steps):
        v = beta * v - lr * grad(x + beta * v)
        x = x + v
        points.append(x + beta * v)
    return np.array(points)


def looking(
    feels=lambda grad, x, v, lr, beta: x + beta * v,
    point=lambda x, v, beta: x + beta * v,
    kept=True,
    sign=-1,
):
    """Return a walk that feels the slope elsewhere, or keeps other points: for mistakes."""

    def broken(grad, x, lr, beta, steps):
        v, points = 0 * x, [x]
        for _ in range(steps):
            v = (beta * v if kept else 0) + sign * lr * grad(feels(grad, x, v, lr, beta))
            x = x + v
            points.append(point(x, v, beta))
        return np.array(points)

    return broken


def moved_twice(grad, x, lr, beta, steps):
    v, points = 0 * x, [x]
    for _ in range(steps):
        x = x + beta * v
        v = beta * v - lr * grad(x)
        x = x + v
        points.append(x + beta * v)
    return np.array(points)


def in_place(grad, x, lr, beta, steps):
    v, points = 0 * x, [x]
    for _ in range(steps):
        v = beta * v - lr * grad(x + beta * v)
        x += v
        points.append(x + beta * v)
    return np.array(points)


def two_kinds_of_v(grad, x, lr, beta, steps):
    v, points = 0 * x, [x]
    for _ in range(steps):
        v = beta * v + grad(x + beta * v)
        x = x - lr * v
        points.append(x - lr * beta * v)
    return np.array(points)


def noted_too_early(grad, x, lr, beta, steps):
    v, points = 0 * x, [x]
    for _ in range(steps):
        points.append(x + beta * v)
        v = beta * v - lr * grad(points[-1])
        x = x + v
    return np.array(points)


def second_form(grad, x, lr, beta, steps):
    points, v = [x], 0.0
    for _ in range(steps):
        g = grad(points[-1])
        v = beta * v + g
        points.append(points[-1] - lr * (g + beta * v))
    return np.stack(points)


def row_by_row(grad, x, lr, beta, steps):
    y, v = np.zeros((steps + 1, len(x))), np.zeros(len(x))
    y[0] = x
    for t in range(steps):
        v = beta * v - lr * grad(y[t])
        x = x + v
        y[t + 1] = x + beta * v
    return y.tolist()


lookahead_question = Question(
    "lookahead",
    about="implement",
    points=2,
    level="independent",
    reference=lookahead,
    returns="an array of shape (steps + 1, d): the points at which the slope is felt, the start first",
    cases=[
        hand(square_slope, np.array([1.0]), 0.1, 0.5, 1, should="On x² from 1 the first step is −0.2, and half of it is ahead: 1, then 0.8 − 0.1."),
        hand(bowl_gradient, np.array([1.0, 2.0]), 0.1, 0.5, 3, should="These are the points of `nesterov`: (1, 2), (0.7, 1.4), (0.44, 0.88), (0.256, 0.512)."),
        hand(valley_gradient, np.array([-3.5, 1.0]), 0.05, 0.0, 2, should="With beta 0 nothing is ahead: it is gradient descent, from (−3.5, 1) to (−3.325, 0)."),
        hand(valley_gradient, np.array([1.0, 1.0]), 0.02, 0.9, 4),
        drawn(lambda rng: (wavy_slope, point(rng, 2, 6), rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.95), int(rng.integers(6, 14)))),
    ],
    laws=[law("The list begins with the start.", lambda args, points: np.allclose(points[0], args[1]))],
    mistakes=[
        mistake("places", looking(point=lambda x, v, beta: x), "The walk looks right, and these are its places x. At which points is the slope felt?"),
        mistake("heavy-ball", looking(feels=lambda grad, x, v, lr, beta: x), "It looks like the slope is felt at x, as in the heavy ball. Where will the velocity alone carry it?"),
        mistake("heavy-ball-places", looking(feels=lambda grad, x, v, lr, beta: x, point=lambda x, v, beta: x), "It looks like the heavy ball: the slope is felt at x, and x is kept. Where does Nesterov feel it?"),
        mistake("behind", looking(feels=lambda grad, x, v, lr, beta: x - beta * v), "It looks like the slope is felt *behind*. In this form v is the step itself: with which sign does it lead ahead?"),
        mistake("along-the-slope", looking(feels=lambda grad, x, v, lr, beta: x - lr * grad(x)), "It looks like a step down the slope is tried first. Nesterov looks ahead along the *velocity*: what point is that?"),
        mistake("a-whole-v-ahead", looking(feels=lambda grad, x, v, lr, beta: x + v), "It looks like the slope is felt a whole v ahead. How much of the velocity is kept?"),
        mistake("moved-twice", moved_twice, "It looks like x is carried to the lookahead point, and from there by v once more. Is looking ahead the same as going there?"),
        mistake("no-memory", looking(kept=False), "It looks like v starts from 0 in every round. Which line stands before the loop, and which in it?"),
        mistake("in-place", in_place, "It looks like `+=` changed the array x itself, and with it the start in your list. How could a *new* x be made?"),
        mistake("one-less", lambda grad, x, lr, beta, steps: lookahead(grad, x, lr, beta, steps - 1), "It looks like there is one step too few. How often should the loop run?"),
        mistake("no-start", lambda *args: lookahead(*args)[1:], "The points look right, but the start is missing. Where could it go in?"),
        mistake("two-kinds-of-v", two_kinds_of_v, "It looks like v is a sum of slopes here, with lr left for later, and still x + β·v is asked. What must v be, for that to lie ahead?"),
        mistake("uphill", looking(sign=1), "It looks like the walk climbs: v is the step itself here. With which sign does the slope go into it?"),
        mistake("noted-too-early", noted_too_early, "It looks like a point is put into the list before the step, so that the start is there twice. Where in the round is it known?"),
        mistake("whole-v-kept", looking(point=lambda x, v, beta: x + v), "The walk looks right, and the points in your list are a whole v ahead. How much of v is kept?"),
    ],
    hints=[
        "Keep x and v. The slope is asked for at x + beta · v, and v is then made from it.",
        "In a round: v = beta · v − lr · (slope ahead); x moves by v; the next point ahead goes into the list.",
        "`v = beta * v - lr * grad(x + beta * v)`, `x = x + v`, and append x + beta · v. Begin with `v = 0 * x`.",
    ],
    alternatives=[second_form, row_by_row],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: from dialect to dialect


def port(lr, beta, old, new):
    if old == "mean":
        lr = lr * (1 - beta)
    if new == "mean":
        lr = lr / (1 - beta)
    return lr


def ported(sizes):
    """Return a conversion by the size of v in each way: for mistakes."""
    return lambda lr, beta, old, new: lr * sizes(beta)[old] / sizes(beta)[new]


def either_or(lr, beta, old, new):
    if old == "mean":
        return lr * (1 - beta)
    if new == "mean":
        return lr / (1 - beta)
    return lr


def keras_forgotten(lr, beta, old, new):
    return lr if "keras" in (old, new) else port(lr, beta, old, new)


def any_change(lr, beta, old, new):
    if old == new:
        return lr
    return lr / (1 - beta) if new == "mean" else lr * (1 - beta)


def upside_down_elif(lr, beta, old, new):
    if old == "mean":
        return lr / (1 - beta)
    return lr * (1 - beta) if new == "mean" else lr


def by_a_long_sum(lr, beta, old, new):
    if (old == "mean") == (new == "mean"):
        return lr
    longer = 1 / (1 - np.float64(beta))
    return lr * longer if new == "mean" else lr / longer


WAYS = ("torch", "keras", "mean")

port_question = Question(
    "port",
    about="convert",
    points=2,
    level="independent",
    reference=port,
    returns="the lr for the new way, a number",
    cases=[
        hand(0.1, 0.9, "torch", "mean", should="In a running mean v is ten times smaller here, so lr must be ten times larger: 1."),
        hand(0.5, 0.8, "mean", "torch", should="PyTorch's v is five times larger here, so lr must be five times smaller: 0.1."),
        hand(0.1, 0.9, "torch", "keras", should="At a constant lr PyTorch's and Keras's way are one path."),
        hand(0.3, 0.5, "mean", "mean", should="From a way to itself nothing changes."),
        hand(1.0, 0.75, "mean", "keras", should="Keras's steps are a sum, like PyTorch's: four times as much, so lr is 0.25."),
        drawn(lambda rng: (rng.uniform(0.01, 1), rng.uniform(0.1, 0.99), str(rng.choice(WAYS)), str(rng.choice(WAYS))), n=6),
    ],
    mistakes=[
        mistake("the-same-lr", lambda lr, beta, old, new: lr, "It looks like lr never changes. On a steady slope of 1, what is v in a running mean, and what is it in a sum?"),
        mistake("upside-down", ported(lambda b: {"torch": 1, "keras": 1, "mean": 1 / (1 - b)}), "It looks like the factor is upside down. Where v is smaller, should lr be larger or smaller?"),
        mistake("keras-too", ported(lambda b: {"torch": 1, "keras": 1 - b, "mean": 1 - b}), "It looks like Keras's way counts as a running mean. Its v is β·v − lr·g: what stands before g, apart from lr?"),
        mistake("only-into-a-mean", lambda lr, beta, old, new: lr / (1 - beta) if new == "mean" else lr, "It looks like `old` plays no part. What if the recipe was written for a running mean?"),
        mistake("only-from-a-mean", lambda lr, beta, old, new: lr * (1 - beta) if old == "mean" else lr, "It looks like `new` plays no part. What if your library keeps a running mean?"),
        mistake("either-or", either_or, "It looks like one case shuts out the other. What should come of a running mean to a running mean?"),
        mistake("keras-forgotten", keras_forgotten, "It looks like Keras's way into or out of a running mean is left out. Which of the other two does Keras's v resemble?"),
        mistake("any-change", any_change, "It looks like every change of way changes lr. Which two of the three make the same walk with the same lr?"),
        mistake("upside-down-elif", upside_down_elif, "It looks like the factor is upside down, out of a mean and into one. Where v is smaller, should lr be larger or smaller?"),
        mistake("minus-for-keras", lambda lr, beta, old, new: -port(lr, beta, old, new) if new == "keras" else port(lr, beta, old, new), "It looks like Keras's minus went into lr. It stands in Keras's formula: does a recipe's lr have a sign?"),
        mistake("plus", ported(lambda b: {"torch": 1, "keras": 1, "mean": 1 + b}), "It looks like 1 + β was taken. That belongs to slopes that alternate; what do slopes that agree add up to?"),
        mistake("beta-itself", ported(lambda b: {"torch": 1, "keras": 1, "mean": b}), "It looks like β was taken as the factor. In a running mean, what stands before g?"),
        mistake("always-effective", lambda lr, beta, old, new: lr / (1 - beta), "It looks like every answer is lr/(1 − β), the effective lr. Does every change of dialect change lr?"),
        mistake("torch-is-a-mean", ported(lambda b: {"torch": 1 - b, "keras": 1, "mean": 1 - b}), "It looks like PyTorch's v counts as a mean, and Keras's as a sum. Which of the three has 1 − β before g?"),
    ],
    hints=[
        "On a steady slope of 1, what does v settle at in each of the three ways? Where v is small, lr must be large.",
        "v settles at 1/(1 − β) in a sum, and at 1 in a running mean. Keras's has lr inside, and adds up, too.",
        "Out of a mean: times 1 − β. Into a mean: divided by 1 − β. Two `if`s, one after the other.",
    ],
    alternatives=[ported(lambda b: {"torch": 1, "keras": 1, "mean": 1 - b}), by_a_long_sum],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: search for the best pair


def search(lrs, betas, curvatures, steps):
    best = None, None, np.inf
    for lr in lrs:
        for beta in betas:
            x, v = np.ones(len(curvatures)), 0.0
            for _ in range(steps):
                v = beta * v + curvatures * x
                x = x - lr * v
            error = np.max(np.abs(x))
            if error < best[2]:
                best = lr, beta, error
    return best


def searching(
    error=lambda xs, curvatures: np.max(np.abs(xs[-1])),
    better=lambda error, lowest: error < lowest,
    worst=np.inf,
    pull=lambda curvatures: curvatures,
    fades=lambda beta: (beta, 1.0),
    late=False,
    reset="xv",
    only=None,
    more=0,
    gives=lambda lr, beta, error, i, j: (lr, beta, error),
):
    """Return a search with something changed: for its mistakes."""

    def broken(lrs, betas, curvatures, steps):
        answer, lowest = None, worst
        curvatures = curvatures if only is None else np.sort(curvatures)[[only]]
        x, v = np.ones(len(curvatures)), 0.0
        for (i, lr), (j, beta) in itertools.product(enumerate(lrs), enumerate(betas)):
            x = np.ones(len(curvatures)) if "x" in reset else x
            v = 0.0 if "v" in reset else v
            keep, take = fades(beta)
            xs = [x]
            for _ in range(steps + more):
                before, v = v, keep * v + take * pull(curvatures) * x
                x = x - lr * (before if late else v)
                xs.append(x)
            e = error(xs, curvatures)
            if better(e, lowest):
                answer, lowest = gives(lr, beta, e, i, j), e
        return answer

    return broken


def side_by_side(lrs, betas, curvatures, steps):
    pairs = [search([lr], [beta], curvatures, steps) for lr, beta in zip(lrs, betas)]
    return min(pairs, key=lambda pair: pair[2])


def last_pair_lowest_error(lrs, betas, curvatures, steps):
    return lrs[-1], betas[-1], search(lrs, betas, curvatures, steps)[2]


def all_at_once(lrs, betas, curvatures, steps):
    lr = np.array(lrs)[:, None, None]
    beta = np.array(betas)[None, :, None]
    x, v = np.ones((len(lrs), len(betas), len(curvatures))), 0.0
    for _ in range(steps):
        v = beta * v + curvatures * x
        x = x - lr * v
    errors = np.abs(x).max(axis=2)
    i, j = np.unravel_index(errors.argmin(), errors.shape)
    return lrs[i], betas[j], errors[i, j]


def by_powers(lrs, betas, curvatures, steps):
    found = []
    for lr, beta in itertools.product(lrs, betas):
        left = []
        for c in curvatures:
            M = np.linalg.matrix_power(np.array([[1 + beta - lr * c, -beta], [1, 0]]), steps)
            left.append(abs(M[0].sum()))
        found.append((max(left), lr, beta))
    error, lr, beta = min(found)
    return [lr, beta, error]


search_question = Question(
    "search",
    about="accelerate",
    points=3,
    level="stretch",
    reference=search,
    returns="three numbers: the best lr, the best β, and the error they leave",
    cases=[
        hand(np.array([0.5]), np.array([0.0]), np.array([1.0]), 2, should="One pair, without momentum: each step halves x, so 0.25 is left after two."),
        hand(np.array([0.5]), np.array([0.5]), np.array([1.0]), 3, should="This walk goes 1, 0.5, 0, −0.25: an error of 0.25, since an error has no sign."),
        hand(np.array([0.4]), np.array([0.5]), np.array([1.0, 4.0]), 3, should="What is left is −0.124 along one curvature, 0.344 along the other: 0.344 counts."),
        hand(np.array([0.2, 0.3, 0.4]), np.array([0.1, 0.25, 0.5]), np.array([1.0, 4.0]), 3, should="The best of these nine pairs is 0.3 with 0.5. It leaves 0.068 at most."),
        drawn(
            lambda rng: (
                rng.uniform(0.005, 0.06, size=rng.integers(4, 7)),
                rng.uniform(0.05, 0.95, size=rng.integers(2, 5)),
                np.sort(rng.uniform(1, 60, size=rng.integers(3, 8))),
                int(rng.integers(4, 12)),
            ),
            n=5,
        ),
    ],
    laws=[
        law("The best lr is one of those that were given.", lambda args, found: np.any(np.isclose(args[0], found[0]))),
        law("The best β is one of those that were given.", lambda args, found: np.any(np.isclose(args[1], found[1]))),
        law("An error is never negative.", lambda args, found: found[2] >= 0),
    ],
    mistakes=[
        mistake("mean-of-errors", searching(error=lambda xs, c: np.mean(np.abs(xs[-1]))), "It looks like the errors were averaged over the curvatures. The walk has arrived when the *slowest* has: which number tells?"),
        mistake("no-abs", searching(error=lambda xs, c: np.max(xs[-1])), "It looks like an error can be negative here, so that −0.25 beats 0.1. How large is it, whichever side it is on?"),
        mistake("easiest", searching(error=lambda xs, c: np.min(np.abs(xs[-1]))), "It looks like the *smallest* error over the curvatures was taken. One direction is home: and the others?"),
        mistake("loss", searching(error=lambda xs, c: np.sum(c * xs[-1] ** 2) / 2), "It looks like the loss was compared. What does the text call a pair's error?"),
        mistake("lowest-on-the-way", searching(error=lambda xs, c: min(np.max(np.abs(x)) for x in xs)), "It looks like the lowest error on the way counts, even if the walk went on from there. When should it be taken?"),
        mistake("never-reset", searching(reset=""), "It looks like each pair goes on where the last one stopped. What should stand inside the two loops?"),
        mistake("v-kept", searching(reset="x"), "It looks like x starts anew for each pair, and v doesn't. What does “at rest” mean for v?"),
        mistake("no-momentum", searching(fades=lambda beta: (0.0, 1.0)), "It looks like β plays no part in the walk. In which line does it belong?"),
        mistake("steepest-only", searching(only=-1), "It looks like only the steepest curvature counts. Which direction does a walk with a small lr keep waiting for?"),
        mistake("running-mean", searching(fades=lambda beta: (beta, 1 - beta)), "It looks like v is a running mean here. In the heavy ball v is a sum: how much of the gradient goes in?"),
        mistake("moves-first", searching(late=True), "It looks like x moves with the old v, so the first step leads nowhere. Which line comes first?"),
        mistake("worst-pair", searching(better=lambda e, lowest: e > lowest, worst=-np.inf), "It looks like the pair with the *largest* error came back. Which way round is the comparison?"),
        mistake("last-pair", searching(better=lambda e, lowest: True), "It looks like the last pair came back, good or bad. What should be kept from round to round?"),
        mistake("first-pair", searching(better=lambda e, lowest: lowest == np.inf), "It looks like the first pair came back, and the others weren't tried. Where does `return` stand?"),
        mistake("side-by-side", side_by_side, "It looks like each lr met one β only, the one beside it. How many pairs do k values of lr and m values of β make?"),
        mistake("last-pair-lowest-error", last_pair_lowest_error, "The error is that of the best pair, but lr and β look like the last ones tried. What else must be remembered with the lowest error?"),
        mistake("length", searching(error=lambda xs, c: np.linalg.norm(xs[-1])), "It looks like the errors of all curvatures were put together into one length. What does the text call a pair's error?"),
        mistake("no-curvature", searching(pull=lambda c: np.ones(len(c))), "It looks like the curvatures play no part in the walk. What is the gradient along a direction of curvature λ?"),
        mistake("one-more", searching(more=1), "It looks like each walk takes one step too many. How often does the inner loop run?"),
        mistake("one-less", searching(more=-1), "It looks like each walk takes one step too few. How often does the inner loop run?"),
        mistake("places-in-the-list", searching(gives=lambda lr, beta, e, i, j: (i, j, e)), "It looks like you return where the pair stands in its lists. What are lr and β there?"),
        mistake("swapped", searching(gives=lambda lr, beta, e, i, j: (beta, lr, e)), "The right pair, it seems, with β first. Which order does the text ask for?"),
    ],
    hints=[
        "Write the walk for one pair first; then put two loops around it.",
        "x can be an array with an entry for each curvature: the gradient is curvatures · x. Remember the best pair and its error so far.",
        "For each pair: x of ones, v = 0, then `steps` times v = beta · v + curvatures · x and x = x − lr · v. Keep the pair if max |x| is lower than ever.",
    ],
    alternatives=[all_at_once, by_powers],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: thirty gradients


@optimizer
def racer(t, x, g, v=0, *, lr=0.13, momentum=0.45):
    v = momentum * v + g
    return x - lr * v, v


@optimizer
def theorys_racer(t, x, g, v=0, *, lr=(2 / (1 + 20**0.5)) ** 2, momentum=0.403):
    v = momentum * v + g
    return x - lr * v, v


@optimizer
def own_curvatures(t, x, g, *, lr=1.0):
    return x - lr * g / np.array([1.0, 20.0])


racer_question = Challenge(
    "racer",
    about="accelerate",
    points=3,
    level="stretch",
    reference=racer,
    returns="the new x, and the memory if there is one",
    cases=[
        walk(valley_gradient, (-3.5, 1.0), 30),
        walk(valley_gradient, (2.0, -3.0), 30),
    ],
    mistakes=[],
    hints=[
        "Gradient descent at its best lr, 2/(1 + 20), earns one point. What has a narrow valley to do with κ, and what with √κ?",
        "Heavy ball with the best pair for the curvatures 1 and 20. `search` finds one, and theory has a formula.",
        "Theory's pair is lr = (2/(1 + √20))², near 0.13, with a momentum near 0.40. For a short race a little more momentum is better.",
    ],
    alternatives=[theorys_racer, own_curvatures],
    tiers={0.5: 1 / 3, 1e-3: 2 / 3, 1e-5: 1.0},
)  # fmt: skip


momentum = Exercises("momentum", velocities, heavy_ball_question, nesterov_question, lookahead_question, port_question, search_question, racer_question)  # fmt: skip
