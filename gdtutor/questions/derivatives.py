"""Exercises of lesson 1, derivatives."""

import inspect
import math
from dataclasses import dataclass

import numpy as np

from ..check import ChoiceQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises
from ..check.plain import Strange
from ..check.tools import (
    bowl,
    bowl_gradient,
    hilly,
    hilly_gradient,
    ladder,
    quartic,
    saddle,
    saddle_gradient,
    square,
    two_ways,
    valley,
    valley_gradient,
    wavy,
)

length = np.linalg.norm


def close(a, b):
    """Return whether two numbers are equal, up to round-off."""
    return math.isclose(a, b, rel_tol=1e-6)


def short(number):
    """Return a number that can be copied from a message."""
    return round(float(number), 2)


def place(rng, d=None):
    """Return a random array of short numbers, of shape (d,), where d is 3 to 5 if it isn't given."""
    return np.round(rng.normal(size=d or rng.integers(3, 6)), 2)


# ---------------------------------------------------------------- guided: the central difference


def central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def with_names(f, x, h):
    left, right = x - h, x + h
    rise = f(right) - f(left)
    run = right - left
    return rise / run


central_question = Question(
    "central",
    about="compute",
    points=1,
    level="guided",
    reference=central,
    returns="the slope, a number",
    cases=[
        hand(square, 3.0, 0.5, should="On x² a central difference is exact: at 3 the slope is 6."),
        hand(quartic, 2.0, 1.0, should="From 1 to 3 this curve rises from 0.25 to 20.25: by 20, over a run of 2."),
        hand(square, -1.0, 0.25, should="At −1, x² falls to the right: with the slope −2."),
        drawn(lambda rng: (wavy, short(rng.uniform(-3, 3)), short(rng.uniform(0.05, 0.8)))),
    ],
    mistakes=[
        mistake("forward", lambda f, x, h: (f(x + h) - f(x)) / h, "It looks like a forward difference: it starts at x. Where does a central one start?"),
        mistake("backward", lambda f, x, h: (f(x) - f(x - h)) / h, "It looks like a backward difference: it ends at x. Where does a central one end?"),
        mistake("over-h", lambda f, x, h: (f(x + h) - f(x - h)) / h, "It looks like you divided by h. How far apart are the two points?"),
        mistake("forward-over-2h", lambda f, x, h: (f(x + h) - f(x)) / (2 * h), "It looks like the run is 2h and the rise is that from x to x + h alone. Do both have the same two ends?"),
        mistake("divides-then-multiplies", lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h, "It looks like `/ 2 * h`: Python divides by 2, and then *multiplies* by h. What makes 2 * h one number?"),
        mistake("numerator-open", lambda f, x, h: f(x + h) - f(x - h) / (2 * h), "It looks like only the second height is divided. What makes the whole rise one number?"),
        mistake("rise-only", lambda f, x, h: f(x + h) - f(x - h), "It looks like the rise alone came back. What is it divided by to make a slope?"),
        mistake("h-forgotten", lambda f, x, h: (f(x + h) - f(x - h)) / 2, "It looks like the rise was halved, as in a mean. A slope is rise over *run*: how far apart are the two points?"),
        mistake("twice-ahead", lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h), "The run of 2h is right. It looks like it begins at x: where would it have to begin for x to be in the middle?"),
        mistake("half-steps", lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h, "It looks like you went h/2 to each side. That is a slope as well; the question goes h to each side. What is the run then?"),
        mistake("sum-of-heights", lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h), "It looks like the two heights were added. What is the rise from one to the other?"),
        mistake("backwards", lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h), "It looks like the rise was taken from right to left, and the run from left to right. Which height comes first?"),
        mistake("an-h-of-its-own", lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, "It looks like h is always 1e-5, whatever h is given. Where should the argument go?"),
    ],
    hints=[
        "A slope is rise over run. Which two points does a central difference take?",
        "The points are x − h and x + h. How far apart are they?",
        "Divide f(x + h) − f(x − h) by 2h, and put brackets around both.",
    ],
    alternatives=[
        with_names,
        lambda f, x, h: ((f(x + h) - f(x)) / h + (f(x) - f(x - h)) / h) / 2,
        lambda f, x, h: np.diff([f(x - h), f(x + h)])[0] / h / 2,
        lambda f, x, h: (f(x - h) - f(x + h)) / (-2 * h),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: what is wrong with this h?

repair = ChoiceQuestion(
    "repair",
    about="check",
    points=1,
    level="guided",
    reference=("b", 3),
    cases=[],
    returns="a letter in quotes and the number of a reason",
    mistakes=[
        mistake("smaller", ("a", None), "The error *grew* each time h became smaller. Why should that turn round at 1e−15?"),
        mistake("formula", ("c", None), "A bug in the formula gives about the same error for every sensible h. Does this one stay the same from row to row?"),
        mistake("elsewhere", ("d", None), "At the minimum the true gradient is 0, and even a right formula fails the check. What in the table changes from row to row?"),
        mistake("repair-factor", ("b", 1), "The repair is right. But a lost factor 2 gives 1/3, with any h: what makes *these* errors grow a hundredfold from row to row?"),
        mistake("repair-bends", ("b", 2), "The repair is right. But over a shorter run a curve bends *less*: which error gets worse when h shrinks?"),
        mistake("repair-flat", ("b", 4), "The repair is right. But the place was drawn at random: is the gradient likely to be 0 there?"),
    ],
    hints=[
        "Go down the table: what happens to the error when h gets a hundred times smaller?",
        "Two errors pull in opposite directions: the bend of the curve, which a small h makes harmless, and another one.",
        "The losses are known to 16 digits. Their difference is divided by h: what does a tiny h do to the last digit?",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a broken gradient


def numerical_gradient(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def broken_gradient(f, x, h):
    slopes = np.zeros(len(x))
    step = np.zeros(len(x))
    for i in range(len(x)):
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / 2 * h
    return slopes


def piled_up(run):
    """Return the gradient whose steps pile up, with this run."""

    def broken(f, x, h):
        slopes, step = np.zeros(len(x)), np.zeros(len(x))
        for i in range(len(x)):
            step[i] = h
            slopes[i] = (f(x + step) - f(x - step)) / run(h)
        return slopes

    return broken


def one_at_a_time(slope, basis=lambda x: np.eye(len(x))):
    """Return a gradient in which coordinates move one at a time: `slope(f, x, e, h)` along e."""
    return lambda f, x, h: np.array([slope(f, x, e, h) for e in basis(x)])


def stops_early(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
        return slopes


def all_move(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        slopes[i] = (f(x + h) - f(x - h)) / (2 * h)
    return slopes


def whole_steps(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def left_moved(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        high = f(x)
        x[i] -= 2 * h
        slopes[i] = (high - f(x)) / (2 * h)
    return slopes


def moved_in_place(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        high = f(x)
        x[i] -= 2 * h
        low = f(x)
        x[i] += h
        slopes[i] = (high - low) / (2 * h)
    return slopes


def second_name(f, x, h):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        right, left = x, x.copy()
        right[i] += h
        left[i] -= h
        slopes[i] = (f(right) - f(left)) / (2 * h)
    return slopes


def moved_and_back(f, x, h):
    x = [float(number) for number in x]
    slopes = []
    for i, middle in enumerate(x):
        x[i] = middle + h
        high = f(np.array(x))
        x[i] = middle - h
        low = f(np.array(x))
        x[i] = middle
        slopes.append((high - low) / (2 * h))
    return slopes


def step_taken_back(f, x, h):
    slopes, step = np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        step[i] = h
        slopes[i] = (f(x + step) - f(x - step)) / h / 2
        step[i] = 0
    return slopes


gradient_question = Question(
    "numerical_gradient",
    about="compute",
    points=2,
    level="independent",
    reference=numerical_gradient,
    given=broken_gradient,
    returns="an array of shape (d,), one slope for each coordinate",
    cases=[
        hand(bowl, np.array([1.0, 2.0]), 0.5, should="On x₀² + x₁² the slopes at (1, 2) are 2 and 4, and central differences have them exactly."),
        hand(hilly, np.array([0.0, 1.0, 2.0]), 0.1),
        hand(valley, np.array([1, 2]), 0.5, should="These are whole numbers; on (x₀² + 20 x₁²) / 2 the slopes there are 1 and 40."),
        drawn(lambda rng: (hilly, place(rng), short(rng.uniform(0.05, 0.4)))),
    ],
    mistakes=[
        mistake("steps-pile-up", piled_up(lambda h: 2 * h), "The run is right now. But from the second slope on, more than one coordinate moves. What is left in `step` from the round before?"),
        mistake("divides-then-multiplies", one_at_a_time(lambda f, x, e, h: (f(x + h * e) - f(x - h * e)) / 2 * h), "One coordinate moves at a time now. But `/ 2 * h` divides by 2 and then *multiplies* by h: what does the rise have to be divided by?"),
        mistake("over-h", one_at_a_time(lambda f, x, e, h: (f(x + h * e) - f(x - h * e)) / h), "One coordinate moves at a time now. How far is it from x − step to x + step?"),
        mistake("over-h-piled-up", piled_up(lambda h: h), "Two things are left. How far apart are the two points, and what is still in `step` from the round before?"),
        mistake("all-move", all_move, "It looks like every entry holds the slopes of all coordinates together. How does entry number i get the one of coordinate i alone?"),
        mistake("forward", one_at_a_time(lambda f, x, e, h: (f(x + h * e) - f(x)) / h), "It looks like forward differences. The text asks for central ones: where do they start?"),
        mistake("left-moved", left_moved, "It looks like x itself is moved, and stays h to the left while the next slope is measured. What could move instead of x?"),
        mistake("second-name", second_name, "It looks like `=` gave x a second name: what moves is x itself, and it stays moved. How do you get a copy?"),
        mistake("moved-in-place", moved_in_place, "It looks like x itself is moved, and moved back. Where it holds whole numbers, h is cut off on the way. What could move instead of x?"),
        mistake("stops-early", stops_early, "It looks like only the first slope was measured. How far to the right does `return` stand?"),
        mistake("whole-steps", whole_steps, "It looks like `step` was made like x: if x holds whole numbers, so does `step`, and h is cut to 0. Which zeros can hold 0.5?"),
    ],
    hints=[
        "There are two bugs. Print `step` in every round: is it what it should be?",
        "From the second round on, `step` still holds the h of the rounds before. And work `6 / 2 * 0.5` out, from left to right.",
        "Make `step` anew inside the loop, and divide by `(2 * h)`, with brackets.",
    ],
    alternatives=[
        moved_and_back,
        step_taken_back,
        one_at_a_time(lambda f, x, e, h: (f(x + h * e) - f(x - h * e)) / (2 * h)),
        lambda f, x, h: tuple(central(lambda move, e=e: f(x + move * e), 0.0, h) for e in np.eye(len(x))),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: any direction


def slope_along(gradient, direction):
    return np.dot(gradient, direction) / np.linalg.norm(direction)


def slope_along_looped(gradient, direction):
    total, squares = 0.0, 0.0
    for slope, part in zip(gradient, direction):
        total += slope * part
        squares += part**2
    return total / math.sqrt(squares)


def slope_along_unit(gradient, direction):
    u = direction / np.linalg.norm(direction)
    return np.sum(gradient * u)


def slope_along_cosine(gradient, direction):
    cosine = gradient @ direction / (length(gradient) * length(direction))
    return length(gradient) * cosine


def even_fall(g, u):
    cosine = np.clip(g @ u / (length(g) * length(u)), -1, 1)
    return length(g) * (1 - np.degrees(np.arccos(cosine)) / 90)


along_question = Question(
    "slope_along",
    about="compass",
    points=2,
    level="independent",
    reference=slope_along,
    returns="the slope in that direction, a number",
    cases=[
        hand(np.array([3.0, 4.0]), np.array([1.0, 0.0]), should="Straight along x it is ∂f/∂x alone: 3."),
        hand(np.array([3.0, 4.0]), np.array([0.0, 2.0]), should="Straight along y it is 4, however long the arrow is that says so."),
        hand(np.array([3.0, 4.0]), np.array([6.0, 8.0]), should="Along the gradient itself it is as steep as it gets: 5."),
        hand(np.array([3.0, 4.0]), np.array([-4.0, -3.0]), should="This way leads down: a step of length 5 goes 4 to the west and 3 to the south."),
        drawn(lambda rng: [place(rng, d) for d in [rng.integers(3, 6)] * 2]),
    ],
    laws=[law("No direction is steeper than that of ∇f, where the slope is ‖∇f‖.", lambda args, slope: abs(slope) <= length(args[0]) * (1 + 1e-9))],
    mistakes=[
        mistake("any-length", lambda g, u: g @ u, "It looks like a longer arrow gives a steeper slope. How long must u be in ∇f · u?"),
        mistake("cosine", lambda g, u: g @ u / (length(g) * length(u)), "It looks like the cosine of the angle: between −1 and 1, on any hill. Where does the steepness of the hill come in?"),
        mistake("wrong-length", lambda g, u: g @ u / length(g), "It looks like you divided by the length of the gradient. Which of the two arrows is to get the length 1?"),
        mistake("square-of-length", lambda g, u: g @ u / (u @ u), "It looks like you divided by u · u. What is the *length* of u?"),
        mistake("sum-as-length", lambda g, u: g @ u / np.sum(np.abs(u)), "It looks like the entries of the direction were added up for its length. What did Pythagoras do first?"),
        mistake("steepest", lambda g, u: length(g), "It looks like the length of the gradient, whatever the direction. That is the slope in *one* direction: which?"),
        mistake("not-added", lambda g, u: g * u / length(u), "One number for each axis came back: what each part of the step climbs. What does the whole step climb?"),
        mistake("an-arrow", lambda g, u: g @ u / (u @ u) * u, "It looks like an arrow along the direction. A slope is a number: which part of your formula is it?"),
        mistake("even-fall", even_fall, "It looks like the slope falls evenly with the angle. Which function of the angle did the ring trace?"),
        mistake("len-as-length", lambda g, u: g @ u / len(u), "It looks like you divided by len(direction), which counts its entries. What measures how *long* an arrow is?"),
        mistake("times-steepest", lambda g, u: length(g) * (g @ u) / length(u), "It looks like ∇f · u was multiplied by ‖∇f‖ once more. Is ∇f · u the cosine, or the slope already?"),
        mistake("an-angle", lambda g, u: np.degrees(np.arccos(np.clip(g @ u / (length(g) * length(u)), -1, 1))), "It looks like the angle between the two. How does the slope follow from an angle?"),
        mistake("never-down", lambda g, u: np.abs(g @ u) / length(u), "It looks like the slope is never negative. What does its sign tell a walker?"),
        mistake("two-only", lambda g, u: (g[0] * u[0] + g[1] * u[1]) / math.hypot(u[0], u[1]), "It looks like the first two coordinates count alone. How many are there here?"),
        mistake("sums-all", lambda g, u: np.sum(g) * np.sum(u) / length(u), "It looks like all slopes meet all parts of the direction. Which part climbs with which slope?"),
    ],
    hints=[
        "A step along u goes a little along each axis, and climbs with each axis' own slope. What becomes of these rises?",
        "∇f · u is the sum of all slopes times all parts, for a u of length 1. Is this one's length 1?",
        "Divide the product ∇f · direction by the length of the direction, np.linalg.norm(direction).",
    ],
    alternatives=[
        slope_along_looped,
        slope_along_unit,
        slope_along_cosine,
        lambda g, u: np.einsum("i,i->", g, u) / np.sqrt(np.einsum("i,i->", u, u)),
        lambda g, u: (g @ u) / (u @ u) ** 0.5,
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: the gradient check


def gradient_check(f, gradient, x, h):
    g = gradient(x)
    measured = numerical_gradient(f, x, h)
    length = np.linalg.norm
    return length(g - measured) / (length(g) + length(measured))


def gradient_check_looped(f, gradient, x, h):
    difference, formula, measured = 0.0, 0.0, 0.0
    for a, b in zip(gradient(x), moved_and_back(f, x, h)):
        difference += (a - b) ** 2
        formula += a**2
        measured += b**2
    return math.sqrt(difference) / (math.sqrt(formula) + math.sqrt(measured))


def checked(error, measure=numerical_gradient):
    """Return a gradient check with another error: for its mistakes."""
    return lambda f, gradient, x, h: error(gradient(x), measure(f, x, h))


def relative(g, m):
    return length(g - m) / (length(g) + length(m))


check_question = Question(
    "gradient_check",
    about="check",
    points=3,
    level="independent",
    reference=gradient_check,
    returns="the relative error, a number",
    needs=("numerical_gradient",),
    cases=[
        hand(bowl, saddle_gradient, np.array([1.0, 0.0]), 0.5, should="The formula says (1, 0), the differences say (2, 0). They are 1 apart, and their lengths add up to 3."),
        hand(saddle, bowl_gradient, np.array([0.0, 1.0]), 0.5, should="The formula says (0, 2), the differences say (0, −1): they point in opposite directions."),
        hand(hilly, hilly_gradient, np.array([0.0, 1.0, 2.0]), 0.5, should="The formula is right. With an h as large as 0.5 the differences are a little off."),
        hand(bowl, bowl_gradient, np.array([1.0, 2.0]), 0.5, should="The formula is right, and here the differences are exact: the error is 0."),
        drawn(lambda rng: (hilly, hilly_gradient, place(rng), short(rng.uniform(0.1, 0.4)))),
        drawn(lambda rng: (saddle, valley_gradient, place(rng, 2), short(rng.uniform(0.1, 0.4)))),
    ],
    laws=[law("A relative error lies between 0 and 1.", lambda args, error: 0 <= error <= 1)],
    mistakes=[
        mistake("over-formula", checked(lambda g, m: length(g - m) / length(g)), "It looks like you divided by the length of the formula's gradient alone. What else stands below the line?"),
        mistake("over-measured", checked(lambda g, m: length(g - m) / length(m)), "It looks like you divided by the length of the measured gradient alone. What else stands below the line?"),
        mistake("not-relative", checked(lambda g, m: length(g - m)), "It looks like the length of the difference alone. In other units it would be another number: what is it divided by?"),
        mistake("lengths-compared", checked(lambda g, m: abs(length(g) - length(m)) / (length(g) + length(m))), "It looks like only the lengths were compared. Can two arrows be as long as each other, and differ?"),
        mistake("lengths-subtracted", checked(lambda g, m: (length(g) - length(m)) / (length(g) + length(m))), "It looks like one length was taken off the other. Subtract the arrows first: what is the length of that?"),
        mistake("over-larger", checked(lambda g, m: length(g - m) / max(length(g), length(m))), "It looks like you divided by the larger of the two lengths. What does the lesson do with both?"),
        mistake("no-roots", checked(lambda g, m: np.sum((g - m) ** 2) / (np.sum(g**2) + np.sum(m**2))), "It looks like sums of squares, as they stand. What makes a length of a sum of squares?"),
        mistake("length-of-sum", checked(lambda g, m: length(g - m) / length(g + m)), "It looks like you added the arrows and then took the length. What if they point in opposite directions?"),
        mistake("lengths-multiplied", checked(lambda g, m: length(g - m) / (length(g) * length(m))), "It looks like the two lengths were multiplied. What does the lesson's formula do with them?"),
        mistake("no-brackets", checked(lambda g, m: length(g - m) / length(g) + length(m)), "It looks like only the first length divides, and the second is added afterwards. What makes the two one number?"),
        mistake("entry-by-entry", checked(lambda g, m: np.abs(g - m) / (np.abs(g) + np.abs(m))), "One error for each entry came back. What makes one length of many entries?"),
        mistake("worst-entry", checked(lambda g, m: np.max(np.abs(g - m) / (np.abs(g) + np.abs(m)))), "It looks like the largest error of a single entry, which is 0/0 where both are 0. Which lengths does the question ask for?"),
        mistake("mean-difference", checked(lambda g, m: np.mean(np.abs(g - m))), "It looks like the mean difference of the entries. In other units it would be another number: what is it divided by?"),
        mistake("sums-as-lengths", checked(lambda g, m: np.sum(np.abs(g - m)) / (np.sum(np.abs(g)) + np.sum(np.abs(m)))), "It looks like entries were added up instead of taking lengths. What does Pythagoras do with them?"),
        mistake("cosine", checked(lambda g, m: g @ m / (length(g) * length(m))), "It looks like the cosine of the angle between the two: 1 where they agree. What is the *error* there?"),
        mistake("forward", checked(relative, one_at_a_time(lambda f, x, e, h: (f(x + h * e) - f(x)) / h)), "The error is taken rightly, but of forward differences. Where does your own numerical_gradient come in?"),
        mistake("an-h-of-its-own", checked(relative, lambda f, x, h: numerical_gradient(f, x, 1e-5)), "It looks like the differences use an h of their own. Where does the argument h go?"),
        mistake("verdict", checked(lambda g, m: bool(relative(g, m) < 1e-7)), "True or False came back. The question asks for the number: which did you compare?"),
    ],
    hints=[
        "Three lengths are needed: of which three arrows?",
        "Call gradient(x) and your numerical_gradient(f, x, h), and take np.linalg.norm of both, and of their difference.",
        "Divide the length of the difference by the *sum* of the two lengths, with brackets around the sum.",
    ],
    alternatives=[
        gradient_check_looped,
        checked(lambda g, m: np.sqrt(np.sum((m - g) ** 2)) / (np.sqrt(g @ g) + np.sqrt(m @ m))),
        checked(relative, lambda f, x, h: np.array(moved_and_back(f, x, h))),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: a sweep by hand

traced = ValueQuestion(
    "traced",
    about="trace",
    points=1,
    level="guided",
    reference=[24, 7, 204, 99],
    cases=[],
    returns="a list of four numbers: ∂a/∂x, ∂f/∂a, ∂f/∂x and ∂f/∂y",
    laws=[
        law("The first number is the slope of a = x²y along x, with y held still at 4.", lambda _, v: close(v[0], 24)),
        law("The second says how fast f = a · b grows with a.", lambda _, v: close(v[1], 7)),
        law("A nudge of x reaches f in two ways: through a, and through b.", lambda _, v: close(v[2], v[1] * v[0] + 36)),
        law("A nudge of y reaches f in two ways as well.", lambda _, v: close(v[3], v[1] * 9 + 36)),
    ],
    mistakes=[
        mistake("through-a-only", [24, 7, 168, 63], "It looks like you followed the way through a. Where else does a nudge of x go?"),
        mistake("through-b-only", [24, 7, 36, 36], "It looks like you followed the way through b. Where else does a nudge of x go?"),
        mistake("ways-multiply", [24, 7, 6048, 2268], "It looks like the two ways were multiplied. They act side by side: what becomes of their shares?"),
        mistake("chain-adds", [24, 7, 68, 53], "It looks like slopes along a way were added. Along a way they are gears: what do gears do?"),
        mistake("b-as-one", [24, 7, 169, 64], "The way through a is right. It looks like b's share is taken for 1. How fast does f grow with b?"),
        mistake("own-factor", [24, 36, 871, 331], "It looks like ∂f/∂a is a itself. How much does a · b grow when a grows by 1?"),
        mistake("power-keeps", [72, 7, 540, 99], "It looks like the exponent of x² came down, and stayed up as well. What is the slope of x²?"),
        mistake("power-lost", [12, 7, 120, 99], "It looks like the exponent of x² got smaller, but didn't come down in front. What is the slope of x²?"),
        mistake("held-still-vanishes", [6, 7, 78, 99], "It looks like y dropped out of ∂a/∂x. Held still, it is a factor: what does it do to the slope of x²?"),
        mistake("axes-swapped", [9, 7, 99, 204], "It looks like x was held still where y should be. Which of them moves in ∂a/∂x?"),
        mistake("x-through-a-only", [24, 7, 168, 99], "∂f/∂y has both of its ways. It looks like ∂f/∂x has one: where else does a nudge of x go?"),
        mistake("y-through-a-only", [24, 7, 204, 63], "∂f/∂x has both of its ways. It looks like ∂f/∂y has one: where else does a nudge of y go?"),
        mistake("own-factor-once", [24, 36, 204, 99], "The last two are right. It looks like ∂f/∂a is a itself: what did you multiply by on the way through a?"),
        mistake("power-keeps-one-way", [72, 7, 504, 63], "Begin with the first: it looks like the exponent of x² came down, and stayed up as well. What is the slope of x²?"),
        mistake("power-lost-one-way", [12, 7, 84, 63], "Begin with the first: it looks like the exponent of x² didn't come down in front. What is the slope of x²?"),
        mistake("held-still-vanishes-one-way", [6, 7, 42, 63], "Begin with the first: it looks like y dropped out of ∂a/∂x. Held still, it is a factor: what does it do to the slope of x²?"),
    ],
    hints=[
        "Values first: a = 36, b = 7. Then the links: a grows 9 times as fast as y; how fast does it grow with x?",
        "∂f/∂a is b, and ∂f/∂b is a. For x and y multiply along each way, then add the two ways.",
        "With y held still a is 4x², with the slope 8x. Then ∂f/∂x = 7 · (that slope) + 36 · 1.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: an engine


class Value:
    def __init__(self, value, *ways):
        self.value, self.slope, self.ways = value, 0.0, ways
        Value.tape.append(self)

    def __add__(a, b):
        return Value(a.value + b.value, (a, 1), (b, 1))

    def __mul__(a, b):
        return Value(a.value * b.value, (a, b.value), (b, a.value))


def slopes(f, x):
    Value.tape = []
    inputs = [Value(number) for number in x]
    f(inputs).slope = 1.0
    for box in reversed(Value.tape):
        for source, rate in box.ways:
            source.slope += box.slope * rate
    return [box.slope for box in inputs]


def engine(
    first=lambda end, inputs: end,
    start=lambda end: 1.0,
    sum_rates=lambda v, w: (1, 1),
    rates=lambda v, w: (w, v),
    share=lambda box, rate: box.slope * rate,
    collect=lambda before, more: before + more,
    order=reversed,
    result="slope",
):
    """Return the engine with something changed: for its mistakes."""

    class Box(Value):
        def __add__(self, other):
            v, w = sum_rates(self.value, other.value)
            return Box(self.value + other.value, (self, v), (other, w))

        def __mul__(self, other):
            v, w = rates(self.value, other.value)
            return Box(self.value * other.value, (self, v), (other, w))

    def broken(f, x):
        Value.tape = []
        inputs = [Box(number) for number in x]
        begin = first(f(inputs), inputs)
        begin.slope = start(begin)
        for box in order(Value.tape):
            for source, rate in box.ways:
                source.slope = collect(source.slope, share(box, rate))
        return [getattr(box, result) for box in inputs]

    return broken


def passed_on_again(f, x):
    def back(box):
        for source, rate in box.ways:
            source.slope += box.slope * rate
            back(source)

    Value.tape = []
    inputs = [Value(number) for number in x]
    end = f(inputs)
    end.slope = 1.0
    back(end)
    return [box.slope for box in inputs]


def whole_tape(f, x):
    slopes(f, x)
    return [box.slope for box in Value.tape]


def boxes(f, x):
    slopes(f, x)
    return Value.tape[: len(x)]


def along_every_way(f, x):
    def back(box, slope):
        box.slope += slope
        for source, rate in box.ways:
            back(source, slope * rate)

    Value.tape = []
    inputs = [Value(number) for number in x]
    back(f(inputs), 1.0)
    return tuple(box.slope for box in inputs)


class Closure:
    """Another engine, in which each value knows how to pass its slope on, and the order is looked for."""

    def __init__(self, data, sources=()):
        self.data, self.grad, self.sources = data, 0.0, sources
        self.pass_on = lambda: None

    def __add__(self, other):
        out = Closure(self.data + other.data, (self, other))

        def pass_on():
            self.grad += out.grad
            other.grad += out.grad

        out.pass_on = pass_on
        return out

    def __mul__(self, other):
        out = Closure(self.data * other.data, (self, other))

        def pass_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.pass_on = pass_on
        return out


def by_closures(f, x):
    order, inputs = [], [Closure(number) for number in x]

    def visit(box):
        if not any(box is seen for seen in order):
            for source in box.sources:
                visit(source)
            order.append(box)

    end = f(inputs)
    visit(end)
    end.grad = 1.0
    for box in reversed(order):
        box.pass_on()
    return np.array([box.grad for box in inputs])


def are_boxes(value):
    """Return whether a reply is a list of objects."""
    return isinstance(value, list) and value and all(isinstance(part, Strange) for part in value)


@dataclass(frozen=True)
class EngineQuestion(Question):
    """A question about a class, asked through a function that uses it: its solution shows both."""

    def alike(self, value, other):
        """Return whether a value is a mistake's; boxes, which are no plain data, are like boxes."""
        return super().alike(value, other) or (are_boxes(value) and are_boxes(other))

    @property
    def solution(self):
        """The source of the class and of the function."""
        return f"{inspect.getsource(Value)}\n\n{inspect.getsource(self.reference)}"


engine_question = EngineQuestion(
    "slopes",
    about="trace",
    points=3,
    level="stretch",
    reference=slopes,
    returns="a list of slopes, one for each number in x",
    rtol=1e-9,  # differences don't pass for an engine
    cases=[
        hand(two_ways, [2.0, 3.0], should="This is the lesson's f = (x₀ x₁) · (x₀ + x₁), with the slopes 21 and 16."),
        hand(ladder, [3.0, 1.0], should="This is x₀ · x₀ + x₁: its slopes are 2x₀ = 6 and 1."),
        hand(ladder, [1.0, 2.0, 3.0], should="This is r · r + x₂, where r = x₀ · x₀ + x₁ = 3."),
        drawn(lambda rng: (two_ways, place(rng, 2).tolist())),
        drawn(lambda rng: (ladder, np.round(rng.uniform(-1, 1, size=rng.integers(3, 6)), 2).tolist())),
    ],
    mistakes=[
        mistake("last-way-wins", engine(collect=lambda before, more: more), "It looks like a value keeps only what the last way brought. What becomes of the shares where ways meet?"),
        mistake("own-factor", engine(rates=lambda v, w: (v, w)), "It looks like each factor got its own value for a rate. When a alone grows by 1, how much does a · b grow?"),
        mistake("product-like-sum", engine(rates=lambda v, w: (1, 1)), "It looks like a product passes slopes on as a sum does. When a grows by 1, how much does a · b grow?"),
        mistake("chain-adds", engine(share=lambda box, rate: box.slope + rate), "It looks like slope and rate are added along a way. What do gears do?"),
        mistake("rate-alone", engine(share=lambda box, rate: rate), "It looks like each value gets its rate alone, whatever comes after. What has the sweep already found out about the box it comes from?"),
        mistake("forwards", engine(order=list), "It looks like only what f is made from at the very end got a slope. Does the sweep begin at the end, and go on to the beginning?"),
        mistake("no-beginning", engine(start=lambda end: 0.0), "All slopes are 0. The sweep begins at the end of the computation: how fast does f grow with f itself?"),
        mistake("begins-at-input", engine(first=lambda end, inputs: inputs[0]), "It looks like the sweep begins at the first input. Of which box is the slope known beforehand?"),
        mistake("begins-with-value", engine(start=lambda end: end.value), "It looks like the sweep begins with the value of f. How fast does f grow with f itself?"),
        mistake("value-for-slope", engine(share=lambda box, rate: box.value * rate), "It looks like a box passes on its value, times the rate. What has the sweep found out about the box before?"),
        mistake("sum-like-product", engine(sum_rates=lambda v, w: (w, v)), "It looks like a sum passes slopes on as a product does. When a grows by 1, how much does a + b grow?"),
        mistake("one-source-of-a-sum", engine(sum_rates=lambda v, w: (1, 0)), "It looks like a sum passes its slope to its first part alone. Does a + b grow with b?"),
        mistake("one-source-of-a-product", engine(rates=lambda v, w: (w, 0)), "It looks like a product passes its slope to its first factor alone. Does a · b grow with b?"),
        mistake("whole-tape", whole_tape, "It looks like the slopes of all boxes on the tape came back. Which of them belong to the numbers in x?"),
        mistake("boxes", boxes, "The boxes themselves came back, not numbers. Which part of a box is its slope?"),
        mistake("values", engine(result="value"), "It looks like the inputs themselves came back. Which part of them holds the slope?"),
        mistake("passed-on-again", passed_on_again, "It looks like a value that is used twice passes its slope on twice, and the second time with the first share in it. When is its slope complete?"),
        mistake("ways-multiply", engine(collect=lambda before, more: before * more if before else more), "It looks like the shares of several ways are multiplied. They act side by side: what becomes of them?"),
    ],
    hints=[
        "Each arrow needs two things: where it comes from, and the rate. In a · b, what is the rate from a?",
        "`a * b` is `Value(a.value * b.value, (a, b.value), (b, a.value))`. In `slopes`, give the end the slope 1 and go through Value.tape in reverse.",
        "For each box on the tape and each (source, rate) in its ways: `source.slope += box.slope * rate`.",
    ],
    alternatives=[along_every_way, by_closures],
)  # fmt: skip


derivatives = Exercises("derivatives", central_question, repair, gradient_question, along_question, check_question, traced, engine_question)  # fmt: skip
