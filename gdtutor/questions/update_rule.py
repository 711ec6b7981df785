"""Exercises of lesson 3, the update rule."""

import numpy as np

from ..check import PlotQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises
from ..check.tools import plateau, quartic, quartic_slope, square, square_slope, wavy, wavy_slope

# ---------------------------------------------------------------- guided: three steps by hand

by_hand = ValueQuestion(
    "by_hand",
    about="write",
    points=1,
    level="guided",
    reference=[2.0, 1.0, 0.5],
    cases=[],
    returns="a list of the three numbers x₁, x₂ and x₃",
    mistakes=[
        mistake("fixed-step", [3.75, 3.5, 3.25], "It looks like each step took 0.25 off. The step is lr times the *slope*: what is the slope at 4?"),
        mistake("slope-is-x", [3.0, 2.25, 1.6875], "It looks like you took x for the slope. What is the derivative of x²?"),
        mistake("same-slope", [2.0, 0.0, -2.0], "The first step is right. At x = 2 the slope isn't 8 any more: what is it there?"),
        mistake("with-start", [4.0, 2.0, 1.0], "The numbers are right, and 4 is x₀, where you start. What comes after 1?"),
        mistake("uphill", [6.0, 9.0, 13.5], "It looks like you walked uphill. Is lr · slope added, or taken off?"),
        mistake("heights", [4.0, 1.0, 0.25], "These look like the heights f(x). Where is the walker?"),
    ],
    hints=[
        "The first step: the slope at 4 is 8, and 0.25 · 8 is 2.",
        "So x₁ = 4 − 2. For the next step take the slope at the new place.",
        "Every step halves x.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: the rule


def step(x, slope, lr):
    return x - lr * slope


step_question = Question(
    "step",
    about="write",
    points=1,
    level="guided",
    reference=step,
    returns="the new x, a number",
    cases=[
        hand(3.0, 6.0, 0.1, should="At x = 3 the ground rises to the right, so a step downhill lands left of 3."),
        hand(-2.0, -4.0, 0.1, should="At x = −2 the ground falls to the right, so a step downhill lands right of −2."),
        hand(1.0, 0.0, 0.5, should="Where the ground is level, it rightly stays put."),
        drawn(lambda rng: (rng.normal(), rng.normal(), rng.uniform(0.01, 2))),
    ],
    laws=[law("A step downhill goes against the slope.", lambda args, x: np.sign(x - args[0]) == -np.sign(args[1]))],
    mistakes=[
        mistake("uphill", lambda x, slope, lr: x + lr * slope, "It looks like you walked *with* the slope. What single sign would turn you round?"),
        mistake("fixed-step", lambda x, slope, lr: x - lr, "It looks like every step has the length lr. Should a gentle and a steep slope give the same step?"),
        mistake("sign-only", lambda x, slope, lr: x - lr * np.sign(slope), "The direction is right, and the length is always lr. What makes steps shorter where it is flatter?"),
        mistake("no-lr", lambda x, slope, lr: x - slope, "It looks like lr plays no part. Where does it belong?"),
        mistake("step-alone", lambda x, slope, lr: -lr * slope, "It looks like the step itself came back, without the place it starts from. Where does the walker end?"),
        mistake("divided", lambda x, slope, lr: x - slope / lr, "It looks like you divided by lr. Should a larger lr make the step longer or shorter?"),
    ],
    hints=[
        "The step is lr times the slope. Which way should it go?",
        "Uphill is where the slope points; you want the other way.",
        "Take lr · slope off x.",
    ],
    alternatives=[
        lambda position, gradient, rate: position + rate * -gradient,
        lambda x, slope, lr: np.float64(x) - np.multiply(lr, slope),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: the loop


def gradient_descent(f, slope, x, lr, gtol, ftol, max_steps):
    history = [x]
    for _ in range(max_steps):
        if abs(slope(x)) <= gtol:
            break
        x_new = x - lr * slope(x)
        change = abs(f(x_new) - f(x))
        x = x_new
        history.append(x)
        if change <= ftol:
            break
    return history


def loop(
    sign=-1,
    start=True,
    size=abs,
    more=0,
    change=lambda f, x, new: abs(f(new) - f(x)),
    when="before",
):
    """Return the loop with something changed: for its mistakes."""

    def broken(f, slope, x, lr, gtol, ftol, max_steps):
        history = [x] if start else []
        for _ in range(max_steps + more):
            if when == "before" and size(slope(x)) <= gtol:
                break
            x, old = x + sign * lr * slope(x), x
            history.append(x)
            if when == "after" and size(slope(x)) <= gtol:
                break
            if change(f, old, x) <= ftol:
                break
        return history

    return broken


def while_loop(f, slope, x, lr, gtol, ftol, max_steps):
    history, change = [x], np.inf
    while len(history) <= max_steps and abs(slope(x)) > gtol and change > ftol:
        history.append(x - lr * slope(x))
        change = abs(f(history[-1]) - f(x))
        x = history[-1]
    return history


def last_not_kept(f, slope, x, lr, gtol, ftol, max_steps):
    history = [x]
    for _ in range(max_steps):
        x_new = x - lr * slope(x)
        if abs(slope(x)) <= gtol or abs(f(x_new) - f(x)) <= ftol:
            break
        x = x_new
        history.append(x)
    return history


loop_question = Question(
    "gradient_descent",
    about="stop",
    points=3,
    level="independent",
    reference=gradient_descent,
    returns="a list of all positions, the start among them",
    cases=[
        hand(square, square_slope, 3.0, 0.1, 0.0, -1.0, 3, should="Three steps at most: four positions with the start."),
        hand(square, square_slope, 0.0, 0.1, 1e-6, -1.0, 100, should="At the bottom the slope is 0 ≤ gtol, so no step is taken."),
        hand(square, square_slope, -3.0, 0.1, 1e-2, -1.0, 100, should="The slope at −3 is −6. That isn't small."),
        hand(square, square_slope, 3.0, 0.1, -1.0, 1e-2, 100, should="It stops after the step that changed f by 0.01 or less."),
        hand(quartic, quartic_slope, 1.5, 0.2, -1.0, 1e-4, 60),
        drawn(lambda rng: (wavy, wavy_slope, rng.uniform(-4, 4), rng.uniform(0.05, 0.5), 1e-3, 1e-6, int(rng.integers(5, 60)))),
    ],
    mistakes=[
        mistake("no-start", loop(start=False), "The positions look right, but the start is missing. Where could it go in?"),
        mistake("uphill", loop(sign=1), "It looks like the walk goes uphill. What single sign would turn it round?"),
        mistake("no-abs", loop(size=lambda s: s), "A slope of −6 seems to count as small. What is missing around the slope?"),
        mistake("one-more", loop(more=1), "It looks like there is one step too many. How often does the loop run?"),
        mistake("one-less", loop(more=-1), "It looks like there is one step too few. How often does the loop run?"),
        mistake("change-of-x", loop(change=lambda f, x, new: abs(new - x)), "It looks like ftol was compared with the change of x. What does it limit?"),
        mistake("ftol-ignored", loop(change=lambda f, x, new: np.inf), "It looks like ftol never stops the walk. Where is the change of f compared with it?"),
        mistake("slope-after-step", loop(when="after"), "It looks like the slope is tested only after a step. What should happen when the walk starts at the bottom?"),
        mistake("last-not-kept", last_not_kept, "It looks like the step that ends the walk is taken, but isn't in your list. Which comes first, `append` or `break`?"),
        mistake("new-against-new", loop(change=lambda f, x, new: 0.0), "It looks like f never seems to change. Which x does f(x) use when you compare: the one before the step, or after it?"),
        mistake("last-only", lambda *args: gradient_descent(*args)[-1], "It looks like only the last position came back. What should the list hold?"),
    ],
    hints=[
        "What does the loop know before a step, and what only after it?",
        "Test the slope at the top of the loop, and the change of f at its end. `break` leaves a loop.",
        "Begin with `history = [x]`, and append every new x before you compare |f(new) − f(old)| with ftol.",
    ],
    alternatives=[while_loop, lambda *args: np.array(gradient_descent(*args), dtype=np.float64), lambda *args: tuple(gradient_descent(*args))],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: how far?

largest_lr = ValueQuestion(
    "largest_lr",
    about="write",
    points=1,
    level="independent",
    reference=200.0,
    cases=[],
    returns="a number: the lr below which the walk on f(x) = 0.005 x² converges",
    mistakes=[
        mistake("one", 1.0, "No law ends lr at 1. By what does a step multiply x here, where the slope is 0.01 x?"),
        mistake("the-best", 100.0, "100 is the best one: home in one step. How far beyond it may you go before it never comes home?"),
        mistake("slope-off-by-two", 400.0, "It looks like you took 0.005 x for the slope. What is the derivative of 0.005 x²?"),
        mistake("upside-down", 0.02, "It looks upside down: a flatter hill allows a *larger* lr. What would 1 − lr · 0.01 have to be?"),
        mistake("of-x-squared", 0.5, "That was the best one on x². This hill is much flatter. By what does a step multiply x here?"),
    ],
    hints=[
        "The slope is 0.01 x. By what number does one step multiply x?",
        "By 1 − 0.01 · lr. It converges while that number lies between −1 and 1.",
        "At the limit it bounces for ever: 1 − 0.01 · lr = −1.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a broken climb


def climb(slope, x, lr, steps):
    for _ in range(steps):
        x = x + lr * slope(x)
    return x


def broken_climb(slope, x, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
        return x


def only_one_step(slope, x, lr, steps):
    for _ in range(steps):
        x = x + lr * slope(x)
        return x


def still_downhill(slope, x, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


def slope_of_the_start(slope, x, lr, steps):
    return x + steps * lr * slope(x)


def recursive_climb(slope, x, lr, steps):
    return x if steps == 0 else recursive_climb(slope, x + lr * slope(x), lr, steps - 1)


climb_question = Question(
    "climb",
    about="climb",
    points=2,
    level="independent",
    reference=climb,
    given=broken_climb,
    returns="where the walk ends, a number",
    cases=[
        hand(wavy_slope, 0.0, 0.1, 3, should="From 0 the ground rises to the right, so the climb ends right of 0."),
        hand(square_slope, 1.0, 0.1, 2, should="On x² there is no top: from 1 two steps lead to 1.44."),
        drawn(lambda rng: (wavy_slope, rng.uniform(-3, 3), rng.uniform(0.05, 0.4), int(rng.integers(4, 30)))),
    ],
    mistakes=[
        mistake("only-one-step", only_one_step, "It climbs, but only one step. How far to the right does `return` stand?"),
        mistake("still-downhill", still_downhill, "All steps are taken now, and they still lead down. Which sign climbs?"),
        mistake("slope-of-the-start", slope_of_the_start, "It looks like the slope of the start is used for all steps. Where should it be asked for?"),
        mistake("one-step-late", lambda s, x, lr, n: climb(s, x, lr, n + 1), "It looks like there is one step too many. How often does the loop run?"),
    ],
    hints=[
        "There are two bugs. One decides which way it goes, the other how often.",
        "`return` ends the function at once, even inside a loop.",
        "A plus in the rule, and `return x` below the loop, not in it.",
    ],
    alternatives=[recursive_climb, lambda slope, x, lr, steps: [x := x - lr * -slope(x) for _ in range(steps)][-1]],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a curve to read


def loss_curve(ax, f, history):
    steps = range(len(history))
    ax.plot(steps, [f(x) for x in history], "o-")
    ax.set_yscale("log")


def with_semilogy(ax, f, history):
    ax.semilogy(np.arange(len(history)), f(np.array(history)), label="loss")
    ax.set_xlabel("step")


def one_by_one(ax, f, history):
    ax.set_yscale("log")
    heights = []
    for x in history:
        heights.append(f(x))
    ax.plot(heights)
    ax.set_title("loss")


loss_curve_question = PlotQuestion(
    "loss_curve",
    about="stop",
    points=2,
    level="independent",
    reference=loss_curve,
    returns="one curve: the loss at every position, over the steps 0, 1, 2 …, on a logarithmic axis",
    cases=[
        hand(square, [4.0, 2.0, 1.0], should="The losses are 16, 4 and 1, at the steps 0, 1 and 2."),
        hand(quartic, [2.0, 1.0], should="The losses are 4 and 0.25, at the steps 0 and 1."),
        drawn(lambda rng: (plateau, [round(x, 2) for x in rng.uniform(0.5, 3, rng.integers(3, 7))])),
    ],
    mistakes=[
        mistake("positions", lambda ax, f, history: ax.semilogy(history), "It looks like the positions were drawn. What is to be drawn of each position?"),
        mistake("over-positions", lambda ax, f, history: ax.semilogy(history, [f(x) for x in history]), "The losses are right, but they stand over the positions. What is to be on the axis below?"),
        mistake("from-one", lambda ax, f, history: ax.semilogy(range(1, len(history) + 1), [f(x) for x in history]), "It looks like the start is counted as step 1. How many steps lead to the start?"),
        mistake("not-logarithmic", lambda ax, f, history: ax.plot([f(x) for x in history]), "The curve is right. On this axis it sticks to the floor after a few steps: which kind of axis shows equal factors?"),
        mistake("log-of-loss", lambda ax, f, history: ax.plot([np.log10(f(x)) for x in history]), "It looks like the logarithm was drawn, on an ordinary axis. Which call makes the axis logarithmic, so that its marks stay losses?"),
        mistake("both-logarithmic", lambda ax, f, history: ax.loglog([f(x) for x in history]), "Both axes are logarithmic now, and step 0 can't be shown. Which of them should be?"),
        mistake("no-start", lambda ax, f, history: ax.semilogy([f(x) for x in history[1:]]), "It looks like the start is missing. Where does the curve begin?"),
        mistake("last-only", lambda ax, f, history: ax.semilogy([f(history[-1])]), "It looks like only the last loss was drawn. How do you get one for every position?"),
    ],
    hints=[
        "For every position one loss: f(x). Over it the number of the step.",
        "`[f(x) for x in history]` are the heights, `range(len(history))` the steps.",
        "`ax.plot(steps, losses)` draws it, and `ax.set_yscale(\"log\")` makes the axis logarithmic.",
    ],
    alternatives=[with_semilogy, one_by_one],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: feel your way


def backtrack(f, slope, x, lr):
    g = slope(x)
    while f(x - lr * g) > f(x) - 1e-4 * lr * g**2:
        lr = lr / 2
    return x - lr * g


def recursive_backtrack(f, slope, x, lr):
    enough = f(x - lr * slope(x)) <= f(x) - 1e-4 * lr * slope(x) ** 2
    return x - lr * slope(x) if enough else recursive_backtrack(f, slope, x, lr / 2)


def tries(f, slope, x, lr):
    for k in range(200):
        a = lr * 0.5**k
        if f(x) - f(x - a * slope(x)) >= 1e-4 * a * slope(x) * slope(x):
            return x - a * slope(x)
    return x


def any_gain(f, slope, x, lr):
    g = slope(x)
    while f(x - lr * g) > f(x):
        lr = lr / 2
    return x - lr * g


def halved_once(f, slope, x, lr):
    g = slope(x)
    if f(x - lr * g) > f(x) - 1e-4 * lr * g**2:
        lr = lr / 2
    return x - lr * g


def lr_itself(f, slope, x, lr):
    g = slope(x)
    while f(x - lr * g) > f(x) - 1e-4 * lr * g**2:
        lr = lr / 2
    return lr


def tenths(f, slope, x, lr):
    g = slope(x)
    while f(x - lr * g) > f(x) - 1e-4 * lr * g**2:
        lr = lr / 10
    return x - lr * g


backtrack_question = Question(
    "backtrack",
    about="write",
    points=3,
    level="stretch",
    reference=backtrack,
    returns="the new x, a number",
    cases=[
        hand(square, square_slope, 3.0, 0.25, should="lr = 0.25 is good at once: from 3 to 1.5."),
        hand(square, square_slope, 3.0, 1.0, should="lr = 1 leads to −3, just as high: that gains nothing. Half of it leads to 0."),
        hand(quartic, quartic_slope, 1.5, 8.0, should="8, 4, 2 and 1 are all too far."),
        hand(quartic, quartic_slope, 0.0, 1.0, should="At the bottom the slope is 0: it stays, and the loop ends."),
        drawn(lambda rng: (wavy, wavy_slope, rng.uniform(-4, 4), rng.uniform(2, 40))),
    ],
    mistakes=[
        mistake("any-gain", any_gain, "It looks like any step that doesn't go up is taken. With lr = 1 on x² the walk then bounces for ever. What does the condition ask beyond that?"),
        mistake("halved-once", halved_once, "It looks like lr is halved once at most. Which word repeats until something holds?"),
        mistake("lr-itself", lr_itself, "It looks like lr came back. What is asked for is where the step leads: which line gives it?"),
        mistake("tenths", tenths, "It looks like lr is divided by more than 2. What does the text say?"),
        mistake("first-lr", lambda f, slope, x, lr: x - lr * slope(x), "It looks like the first lr is always taken. Where is the step tried?"),
        mistake("uphill", lambda f, slope, x, lr: 2 * x - backtrack(f, slope, x, lr), "It looks like the step leads uphill. Which sign is it in the last line?"),
    ],
    hints=[
        "Try a step; while it isn't worth it, halve lr and try again.",
        "`while f(x − lr·g) > f(x) − 0.0001·lr·g²:` says “while it isn't worth it”.",
        "Inside the loop there is one line: lr = lr / 2. After it, return x − lr · g.",
    ],
    alternatives=[recursive_backtrack, tries],
)  # fmt: skip


update_rule = Exercises("update_rule", by_hand, step_question, loop_question, largest_lr, climb_question, loss_curve_question, backtrack_question)  # fmt: skip
