"""Exercises of lesson 6, learning rates, conditioning and schedules."""

import numpy as np

from ..check import (
    Challenge,
    ChoiceQuestion,
    Question,
    ValueQuestion,
    drawn,
    hand,
    law,
    mistake,
    walk,
)
from ..check.exercises import Exercises
from ..check.tools import gorge_gradient
from ..optimizer import optimizer

# ---------------------------------------------------------------- guided: read walks

which_walk = ChoiceQuestion(
    "which_walk",
    about="limit",
    points=1,
    level="guided",
    reference=("b", 2),
    cases=[],
    returns="a letter in quotes and a number, with a comma between them",
    mistakes=[
        mistake("settles", ("a", None), "Each step of walk a multiplies x by 0.7, which is 1 − lr·L. For which of the four factors is lr·L the largest?"),
        mistake("slow-is-large", ("c", None), "Walk c is slow, and stays on its side. Is a factor close to 1 the work of a large lr, or of a small one?"),
        mistake("fast-is-large", ("d", None), "Walk d is home first, which isn't the same as the largest lr. What is its factor, and what is lr·L then?"),
        mistake("right-by-speed", ("b", 1), "The walk is right. It isn't the last one to come home, though: which walk is even slower?"),
        mistake("right-by-size", ("b", 3), "The walk is right. Its factor has a sign, too: what is 1 − lr·L for lr·L = 0.2?"),
        mistake("right-by-divergence", ("b", 4), "The walk is right. It changes sides, but do its steps take it farther out, or closer?"),
    ],
    hints=[
        "Divide each x by the one before: every walk has one factor.",
        "The factor is 1 − lr·L, and L is the same for all four. What is lr·L for each?",
        "The factors are 0.7, −0.8, 0.95 and −0.2. The larger lr·L, the farther below 1 they lie.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: name the regime


def regime(lr, L):
    if lr * L < 1:
        return "settles"
    if lr * L == 1:
        return "one step"
    if lr * L < 2:
        return "zigzag"
    if lr * L == 2:
        return "bounces for ever"
    return "diverges"


def regime_of(below_1, at_1, below_2, at_2, above_2, number=lambda lr, L: lr * L):
    """Return the five branches with other words, or of another number: for the mistakes."""

    def classified(lr, L):
        a = number(lr, L)
        words = (below_1, at_1, below_2, at_2, above_2)
        return words[int(a >= 1) + int(a > 1) + int(a >= 2) + int(a > 2)]

    return classified


FIVE = ("settles", "one step", "zigzag", "bounces for ever", "diverges")


def regime_by_factor(lr, L):
    factor = 1 - lr * L
    if factor == 0:
        return "one step"
    if abs(factor) == 1:
        return "bounces for ever"
    if abs(factor) > 1:
        return "diverges"
    return "settles" if factor > 0 else "zigzag"


def regime_by_factor_alone(lr, L):
    factor = 1 - lr * L
    if factor == 0:
        return "one step"
    return "settles" if factor < 1 else "diverges"


def some_product(rng):
    """Return lr and L with lr · L in one of the five regimes, exactly."""
    product = rng.choice([rng.uniform(0.1, 0.9), 1, rng.uniform(1.1, 1.9), 2, rng.uniform(2.1, 4)])
    L = 2.0 ** rng.integers(-6, 7)
    return product / L, L


regime_question = Question(
    "regime",
    about="limit",
    points=1,
    level="guided",
    reference=regime,
    returns="one of the five words, a text",
    cases=[
        hand(0.5, 1.0, should="A step multiplies x by 1 − 0.5: half of it is left, on the same side."),
        hand(0.25, 4.0, should="A step multiplies x by 1 − 1 = 0."),
        hand(0.75, 2.0, should="A step multiplies x by 1 − 1.5 = −0.5: it changes sides, and comes closer."),
        hand(0.5, 4.0, should="A step multiplies x by 1 − 2 = −1: it neither comes closer nor goes away."),
        hand(0.25, 12.0, should="A step multiplies x by 1 − 3 = −2: twice as far out each time."),
        hand(100.0, 0.005, should="The hill is very flat: a step multiplies x by 1 − 0.5, whatever lr alone is."),
        hand(1.5, 0.5, should="A step multiplies x by 1 − 0.75: a quarter is left, on the same side."),
        hand(1.5, 2.0, should="A step multiplies x by 1 − 3 = −2: twice as far out each time."),
        hand(2.0, 0.5, should="A step multiplies x by 1 − 1 = 0."),
        drawn(some_product, n=5),
    ],
    mistakes=[
        mistake("zigzag-diverges", regime_of("settles", "one step", "diverges", "diverges", "diverges"), "It looks like everything beyond 1 counts as diverging. At lr·L = 1.5 the factor is −0.5: does |x| grow?"),
        mistake("lr-alone", regime_of(*FIVE, number=lambda lr, L: lr), "It looks like lr alone decides, whatever L is. On a flat hill, may lr be 100?"),
        mistake("lr-up-to-one", regime_of("settles", "one step", "diverges", "diverges", "diverges", number=lambda lr, L: lr), "It looks like lr has to lie below 1, whatever L is. On a flat hill, may lr be 100?"),
        mistake("divided", regime_of(*FIVE, number=lambda lr, L: lr / L), "It looks like lr is divided by L. Should a steeper hill bear a larger lr, or a smaller one?"),
        mistake("no-one-step", regime_of("settles", "settles", *FIVE[2:]), "It looks like lr·L = 1 is taken for a regime beside it. How much is left after a step there?"),
        mistake("one-is-zigzag", regime_of("settles", "zigzag", *FIVE[2:]), "It looks like lr·L = 1 counts as a zigzag. Which side of the bottom is 0 times x on?"),
        mistake("two-diverges", regime_of(*FIVE[:3], "diverges", "diverges"), "It looks like lr·L = 2 counts as diverging. At a factor of −1, does |x| grow?"),
        mistake("two-zigzags", regime_of(*FIVE[:3], "zigzag", "diverges"), "It looks like lr·L = 2 counts as a zigzag, which comes closer. At a factor of −1, does it?"),
        mistake("sign-forgotten", regime_by_factor_alone, "It looks like the factor counts as small when it is below 1. So is −3: what tells whether x shrinks?"),
        mistake("later-ifs-win", regime_of("zigzag", "zigzag", "zigzag", "bounces for ever", "diverges"), "It looks like a later test wins: 0.5 is below 1, but below 2 as well. Which of your lines is reached after the first one was true?"),
        mistake("spelling", regime_of(*FIVE[:3], "bounces forever", "diverges"), "It looks right but for one spelling. How does the text write “bounces for ever”?"),
        mistake("capitals", regime_of(*[word.capitalize() for word in FIVE]), "The regimes look right. How are the five words written in the text, with or without capitals?"),
        mistake("sides-forgotten", regime_of("settles", "settles", "settles", "bounces for ever", "diverges"), "It looks like only the size of the factor counts. Which regimes below lr·L = 2 differ by the *side* on which they land?"),
        mistake("all-beyond-one-zigzag", regime_of("settles", "one step", "zigzag", "zigzag", "zigzag"), "It looks like everything beyond 1 counts as a zigzag, which comes closer. At lr·L = 3 the factor is −2: does |x| shrink?"),
        mistake("sides-exchanged", regime_of("zigzag", "one step", "settles", *FIVE[3:]), "It looks like “settles” and “zigzag” are exchanged. At lr·L = 0.5 the factor is ½: does x change sides?"),
    ],
    hints=[
        "What does a step multiply x by, and what is that for lr·L = 0.5, 1, 1.5, 2 and 3?",
        "Only the product counts. Go upwards through its five ranges, with `if` and `return`.",
        "`if lr * L < 1:` settles; at 1, one step; then below 2, at 2, and the rest.",
    ],
    alternatives=[
        regime_by_factor,
        lambda lr, L: str(np.select([lr * L < 1, lr * L == 1, lr * L < 2, lr * L == 2], FIVE[:4], FIVE[4])),
        lambda lr, L: FIVE[2 * ((lr * L >= 1) + (lr * L >= 2)) - (lr * L in (1, 2))],
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: ten times the loss

WRONG_KAPPAS = {
    "kappa-times-ten": (400.0, "It looks like κ grew with the factor. Largest and smallest curvature both become ten times as large: what does that do to their ratio?"),
    "kappa-is-largest": (200.0, "200 is the largest curvature of the new loss. κ says how far apart the largest and the smallest are: how do you compare them?"),
    "kappa-is-old-largest": (20.0, "20 is the largest curvature of the old loss. κ says how far apart the largest and the smallest are: how do you compare them?"),
    "kappa-upside-down": (0.025, "κ looks upside down: it is never below 1. Which curvature goes on top?"),
    "kappa-of-neighbours": (5.0, "It looks like κ was taken from 20 and 4. Which curvature belongs at the other end?"),
}  # fmt: skip
WRONG_LIMITS = {
    "lr-unchanged": (0.1, "0.1 is the limit of the mean. The sum is ten times as curved: what is 2/L for it?"),
    "lr-times-ten": (1.0, "It looks like the limit grew with the loss. Does steeper ground bear a longer lr, or a shorter one?"),
    "one-over-l": (0.005, "0.005 is 1/L, where the steepest direction needs one step. How far beyond that may you go?"),
    "old-one-over-l": (0.05, "0.05 is 1/L of the mean. Which L has the sum, and how far beyond 1/L may you go?"),
    "flattest-sets-it": (0.4, "It looks like you took the flattest direction. What would lr = 0.3 do along the steepest one?"),
    "the-best": (2 / 205, "That is the *best* lr, for curvatures 5 and 200. Which is the largest one that works?"),
    "l-alone": (200.0, "200 is L itself. How do you get from a curvature to an lr?"),
}  # fmt: skip

tenfold = ValueQuestion(
    "tenfold",
    about="condition",
    points=1,
    level="independent",
    reference=[40.0, 0.01],
    cases=[],
    returns="a list of two numbers: κ, and the lr below which the walk converges",
    mistakes=[
        *[mistake(name, [40.0, lr], f"κ is right. {words}") for name, (lr, words) in WRONG_LIMITS.items()],
        *[mistake(name, [kappa, 0.01], f"The lr is right. {words}") for name, (kappa, words) in WRONG_KAPPAS.items()],
        *[
            mistake(f"{one}-and-{other}", [kappa, lr], f"Neither number is right yet. First κ. {words}")
            for one, (kappa, words) in WRONG_KAPPAS.items()
            for other, (lr, _) in WRONG_LIMITS.items()
        ],
        *[mistake(f"the-best-{digits}", [40.0, digits], "κ is right. That looks like the *best* lr, rounded. Which is the largest one that works?") for digits in (0.0098, 0.00976, 0.009756)],
        mistake("exchanged", [0.01, 40.0], "These are the right two numbers, the other way round. Which is asked for first?"),
    ],
    hints=[
        "What are the three curvatures of 10 f?",
        "5, 40 and 200. κ is the largest over the smallest; the limit is 2 over the largest.",
        "κ = 200 / 5, and lr stays below 2 / 200.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: find L


def curvature_and_lr(X, v, steps):
    v = v / np.linalg.norm(v)
    for _ in range(steps):
        Hv = 2 / len(X) * X.T @ (X @ v)
        L = np.linalg.norm(Hv)
        v = Hv / L
    return L, 1 / L


def power(
    factor=lambda X: 2 / len(X),
    size=lambda v, Hv: np.linalg.norm(Hv),
    start=lambda v: v / np.linalg.norm(v),
    next=lambda v, Hv: Hv / np.linalg.norm(Hv),
    more=0,
    lr=lambda L: 1 / L,
):
    """Return power iteration with something changed: for the mistakes."""

    def broken(X, v, steps):
        v = start(v)
        for _ in range(steps + more):
            Hv = factor(X) * X.T @ (X @ v)
            L = size(v, Hv)
            v = next(v, Hv)
        return L, lr(L)

    return broken


def exact(X, v, steps):
    L = np.linalg.eigvalsh(2 / len(X) * X.T @ X)[-1]
    return L, 1 / L


def with_the_table(X, v, steps):
    H = 2 / X.shape[0] * np.einsum("ni,nj->ij", X, X)
    before = np.linalg.matrix_power(H, steps - 1) @ v
    L = np.sqrt(np.sum((H @ before) ** 2) / np.sum(before**2))
    return np.array([L, 1 / L])


def in_loops(X, v, steps):
    n, v = len(X), [float(value) for value in v]
    for _ in range(steps):
        length = sum(value**2 for value in v) ** 0.5
        v = [value / length for value in v]
        dots = [sum(a * b for a, b in zip(row, v)) for row in X]
        v = [2 / n * sum(row[j] * dot for row, dot in zip(X, dots)) for j in range(len(v))]
    L = sum(value**2 for value in v) ** 0.5
    return [L, 1 / L]


def some_table(rng):
    """Return X, v and steps: few enough not to have arrived."""
    n, d = int(rng.integers(5, 9)), int(rng.integers(3, 5))
    return rng.normal(size=(n, d)), rng.uniform(0.5, 2, size=d), int(rng.integers(2, 5))


curvature_question = Question(
    "curvature_and_lr",
    about="limit",
    points=3,
    level="independent",
    reference=curvature_and_lr,
    returns="L and lr, two numbers",
    cases=[
        hand(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([0.0, 2.0]), 1, should="(0, 2) is an eigenvector: H leaves its direction, and the curvature there is 1, however long v is."),
        hand(np.array([[3.0, 0.0], [0.0, 1.0]]), np.array([3.0, 4.0]), 1, should="Of length 1, v is (0.6, 0.8), and H times that is (5.4, 0.8)."),
        hand(np.array([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]]), np.array([1.0, 1.0]), 20, should="After 20 multiplications v has turned: L is the largest eigenvalue of 2/n · XᵀX, 7.135."),
        drawn(some_table),
    ],
    laws=[law("Half of the limit is 1/L, so L times lr is 1.", lambda args, value: np.isclose(value[0] * value[1], 1))],
    mistakes=[
        mistake("lr-at-the-limit", power(lr=lambda L: 2 / L), "L is right. lr looks like the limit itself, where the walk bounces for ever. Which part of it is asked for?"),
        mistake("lr-upside-down", power(lr=lambda L: L / 2), "L is right. It looks like lr grows with it. Should steeper ground have a larger lr?"),
        mistake("lr-half-again", power(lr=lambda L: 0.5 / L), "L is right. It looks like lr is half of 1/L. The limit isn't 1/L: what is it?"),
        mistake("never-shortened", power(next=lambda v, Hv: Hv), "It looks like v isn't brought back to length 1, so lengths multiply from round to round. What should happen to Hv before the next one?"),
        mistake("long-start", power(start=lambda v: v), "It looks like the first v is used at its full length. Growth is *per unit of length*: what should happen to v before the loop?"),
        mistake("no-two", power(factor=lambda X: 1 / len(X)), "L is half of what it should be. What is the derivative of r², and what of that again?"),
        mistake("no-mean", power(factor=lambda X: 2.0), "L looks n times too large. Is the loss a sum over the examples, or a mean?"),
        mistake("v-stays", power(next=lambda v, Hv: v), "It looks like only one multiplication counts, whatever `steps` is. Does the loop run to its end, each round with the v of the one before?"),
        mistake("length-squared", power(size=lambda v, Hv: Hv @ Hv), "It looks like L is a sum of squares. What is missing to make it a length?"),
        mistake("largest-entry", power(size=lambda v, Hv: np.abs(Hv).max()), "It looks like L is the largest entry of Hv. How do you get a vector's length?"),
        mistake("rayleigh", power(size=lambda v, Hv: v @ Hv), "It looks like L is v · Hv: a good estimate, too, and the same in the end. Here the length of Hv is asked for: which line is that?"),
        mistake("one-more", power(more=1), "It looks like there is one multiplication too many. How often does the loop run?"),
        mistake("unit-length", power(size=lambda v, Hv: 1.0), "It looks like the length was measured after v was made 1 long. What is the order of the lines in the loop?"),
        mistake("d-for-n", power(factor=lambda X: 2 / X.shape[1]), "It looks like it was divided by d, the number of features. Over what is the mean of a loss taken?"),
        mistake("all-eigenvalues", exact, "It looks like L comes from all eigenvalues: the right number in the end, but made from the whole table. What does power iteration give after `steps` rounds?"),
        mistake("exchanged", lambda X, v, steps: curvature_and_lr(X, v, steps)[::-1], "These look like the right two numbers, the other way round. Which is asked for first?"),
    ],
    hints=[
        "Three lines in a loop: multiply, measure the length, make it 1 again.",
        "H v without H: first `X @ v`, n numbers, then `X.T @` that, times 2/n.",
        "Before the loop `v = v / np.linalg.norm(v)`. In it Hv, then `L = np.linalg.norm(Hv)`, then `v = Hv / L`. The limit is 2/L.",
    ],
    alternatives=[with_the_table, in_loops],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: scale


def kappas(X):
    found = []
    for table in (X, (X - X.mean(axis=0)) / X.std(axis=0)):
        curvatures = np.linalg.eigvalsh(2 / len(X) * table.T @ table)
        found.append(curvatures[-1] / curvatures[0])
    return found


def condition(table):
    """Return κ of the mean squared error on a table."""
    return np.linalg.cond(table.T @ table)


def kappas_with(scale, kappa=condition):
    """Return the answer with another way to scale, or another κ: for the mistakes."""
    return lambda X: [kappa(X), kappa(scale(X))]


def standard(X):
    """Return X with each column standardised."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def largest(table):
    """Return the largest curvature."""
    return np.linalg.eigvalsh(2 / len(table) * table.T @ table)[-1]


def by_singular_values(X):
    values = [np.linalg.svd(table, compute_uv=False) for table in (X, standard(X))]
    return tuple((s[0] / s[-1]) ** 2 for s in values)


def by_correlations(X):
    curvatures = np.linalg.eigvalsh(np.corrcoef(X, rowvar=False))
    return np.array([np.linalg.cond(X) ** 2, curvatures.max() / curvatures.min()])


def some_features(rng):
    """Return a table whose columns have units and means of their own."""
    n, d = int(rng.integers(7, 12)), int(rng.integers(3, 5))
    return (rng.normal(size=(n, d)) * 4 ** rng.uniform(-1, 1, size=d) + rng.uniform(1, 3, size=d),)


kappas_question = Question(
    "kappas",
    about="condition",
    points=2,
    level="independent",
    reference=kappas,
    returns="two numbers: κ of X as it is, and κ of X standardised",
    cases=[
        hand(np.array([[1.0, 10.0], [-1.0, 10.0], [1.0, -10.0], [-1.0, -10.0]]), should="The second column is ten times as large, so its curvature is 100 times as large: κ is 100. Standardised, it is 1."),
        hand(np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 5.0], [4.0, 2.0]])),
        drawn(some_features),
    ],
    laws=[law("The largest over the smallest is never below 1.", lambda args, value: np.min(value) >= 1 - 1e-9)],
    mistakes=[
        mistake("of-x-not-of-h", kappas_with(standard, np.linalg.cond), "It looks like κ is of X itself, not of its Hessian: the root of what it should be. Which table has curvatures for its eigenvalues?"),
        mistake("upside-down", kappas_with(standard, lambda table: 1 / condition(table)), "Both look upside down: κ is never below 1. Which end of the sorted curvatures is the largest?"),
        mistake("largest-only", kappas_with(standard, largest), "It looks like the largest curvature came back. What does κ divide it by?"),
        mistake("mean-only", kappas_with(lambda X: X - X.mean(axis=0)), "κ as it is comes out right. For the other it looks like only the mean was subtracted. What else belongs to standardising?"),
        mistake("spread-only", kappas_with(lambda X: X / X.std(axis=0)), "κ as it is comes out right. For the other it looks like the columns were only divided. What comes before that?"),
        mistake("whole-table", kappas_with(lambda X: (X - X.mean()) / X.std()), "κ as it is comes out right. For the other it looks like one mean and one spread serve all columns. What does `axis=0` do?"),
        mistake("variance", kappas_with(lambda X: (X - X.mean(axis=0)) / X.var(axis=0)), "κ as it is comes out right. For the other it looks like the columns were divided by their variance. Which has the column's own unit, variance or spread?"),
        mistake("to-zero-one", kappas_with(lambda X: (X - X.min(axis=0)) / np.ptp(X, axis=0)), "κ as it is comes out right. For the other it looks like each column was brought to 0 … 1. Which mean and which spread does standardising give?"),
        mistake("not-scaled", kappas_with(lambda X: X), "It looks like X was measured twice, as it is. Where does the standardised table go in?"),
        mistake("exchanged", lambda X: kappas(X)[::-1], "These look like the right two numbers, the other way round. Which is asked for first?"),
    ],
    hints=[
        "Make the second table first: each column minus its mean, divided by its spread.",
        "The Hessian of the mean squared error is 2/n · XᵀX. `np.linalg.eigvalsh` returns its eigenvalues, sorted upwards.",
        "κ is the last of them over the first. Do it for X and for `(X - X.mean(axis=0)) / X.std(axis=0)`.",
    ],
    alternatives=[by_singular_values, by_correlations],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: up, then down


def warm_cosine(t, peak, warmup, steps):
    if t < warmup:
        return peak * (t + 1) / warmup
    part = (t - warmup) / (steps - warmup)
    return peak * (1 + np.cos(np.pi * part)) / 2


def schedule(
    rise=lambda t, peak, warmup: peak * (t + 1) / warmup,
    part=lambda t, warmup, steps: (t - warmup) / (steps - warmup),
    fall=lambda u: (1 + np.cos(np.pi * u)) / 2,
    last=0,
):
    """Return the schedule with something changed: for its mistakes."""

    def broken(t, peak, warmup, steps):
        if t < warmup + last:
            return rise(t, peak, warmup)
        return peak * fall(part(t, warmup, steps))

    return broken


def in_one_line(t, peak, warmup, steps):
    u = max(t - warmup, 0) / (steps - warmup)
    return peak * min(1, (t + 1) / warmup) * np.cos(np.pi * u / 2) ** 2


def from_a_table(t, peak, warmup, steps):
    rise = np.arange(1, warmup + 1) / warmup
    fall = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, steps - warmup + 1))
    return peak * np.concatenate([rise, fall])[t]


def some_moment(low, high):
    """Return a draw of arguments with t at some part of the phases."""

    def draw(rng):
        warmup, rest = int(rng.integers(3, 10)), int(rng.integers(10, 40))
        t = int(warmup * low + rest * high * rng.uniform(0.1, 0.9))
        return t, rng.uniform(0.05, 3), warmup, warmup + rest

    return draw


warm_cosine_question = Question(
    "warm_cosine",
    about="schedule",
    points=2,
    level="independent",
    reference=warm_cosine,
    returns="lr at step t, a number",
    cases=[
        hand(0, 2.0, 4, 12, should="The first of four steps up: a quarter of the peak."),
        hand(3, 2.0, 4, 12, should="The last step of the warm-up has the peak lr."),
        hand(4, 2.0, 4, 12, should="The cosine begins at the peak."),
        hand(8, 2.0, 4, 12, should="Half of the fall is over, and a cosine is half-way down there."),
        hand(10, 2.0, 4, 12, should="Three quarters of the fall are over: lr is 0.293."),
        drawn(some_moment(0.5, 0.0)),
        drawn(some_moment(1.0, 1.0)),
    ],
    mistakes=[
        mistake("zero-first", schedule(rise=lambda t, peak, warmup: peak * t / warmup), "It looks like the warm-up starts at 0, so the first step does nothing. Which step is t = 0, the first or the one before it?"),
        mistake("peak-forgotten", schedule(rise=lambda t, peak, warmup: (t + 1) / warmup), "The fall comes out right. It looks like the warm-up rises to 1. What should it rise to?"),
        mistake("no-warm-up", schedule(rise=lambda t, peak, warmup: peak), "The fall comes out right, and it looks like there is no warm-up: lr is at its peak from the first step. What does t < warmup ask for?"),
        mistake("cosine-only", lambda t, peak, warmup, steps: peak * (1 + np.cos(np.pi * t / steps)) / 2, "It looks like a cosine from the first step to the last. Where does the warm-up come in?"),
        mistake("no-fall", schedule(fall=lambda u: 1), "The rise comes out right. It looks like lr stays at its peak. What should happen from t = warmup on?"),
        mistake("clock-not-reset", schedule(part=lambda t, warmup, steps: t / steps), "The rise comes out right. It looks like the cosine has been running since t = 0. Where is it at t = warmup?"),
        mistake("fall-too-long", schedule(part=lambda t, warmup, steps: (t - warmup) / steps), "The cosine begins at the right moment, but it looks like its fall takes `steps` steps, and ends too late. How many are left?"),
        mistake("multiplied", lambda t, peak, warmup, steps: min(1, (t + 1) / warmup) * peak * (1 + np.cos(np.pi * t / steps)) / 2, "It looks like rise and fall run at once, multiplied. Here one follows the other: where does the fall begin?"),
        mistake("not-halved", schedule(fall=lambda u: 1 + np.cos(np.pi * u)), "The rise comes out right. It looks like the fall begins at twice the peak. What is 1 + cos 0?"),
        mistake("bare-cosine", schedule(fall=lambda u: np.cos(np.pi * u)), "The rise comes out right. It looks like lr becomes negative: a cosine falls from 1 to −1. How do you bring that to 1 … 0?"),
        mistake("quarter", schedule(fall=lambda u: np.cos(np.pi * u / 2)), "It looks like a quarter of a cosine: steep at the end. How far does half a cosine's angle go?"),
        mistake("whole", schedule(fall=lambda u: (1 + np.cos(2 * np.pi * u)) / 2), "It looks like a whole cosine, which climbs again. How far does half a cosine's angle go?"),
        mistake("degrees", schedule(fall=lambda u: (1 + np.cos(180 * u)) / 2), "It looks like the angle is in degrees. In which unit does `np.cos` want it?"),
        mistake("straight", schedule(fall=lambda u: 1 - u), "It looks like a straight line down: right half-way, not elsewhere. Where does the cosine come in?"),
        mistake("one-step-too-far", schedule(last=1), "It looks like the rise goes on for one step beyond the peak. Is t = warmup still part of the warm-up?"),
        mistake("straight-from-zero", schedule(rise=lambda t, peak, warmup: peak * t / max(warmup - 1, 1)), "The fall comes out right. It looks like the rise begins at 0, and reaches the peak in time. Which part of the peak does step t = 0 have?"),
        mistake("rise-over-all", lambda t, peak, warmup, steps: schedule(rise=lambda t, peak, warmup: peak * (t + 1) / steps)(t, peak, warmup, steps), "The fall comes out right. It looks like the rise is spread over all steps. How many does it have?"),
        mistake("upside-down", schedule(fall=lambda u: (1 - np.cos(np.pi * u)) / 2), "The rise comes out right. It looks like the second phase rises, too. What is 1 − cos 0?"),
        mistake("fall-early", schedule(part=lambda t, warmup, steps: (t - warmup + 1) / (steps - warmup)), "The rise comes out right. It looks like the fall is one step ahead. How much of it is over at t = warmup?"),
        mistake("no-pi", schedule(fall=lambda u: (1 + np.cos(u)) / 2), "The rise comes out right. It looks like the cosine doesn't get far. At which angle is a cosine −1?"),
        mistake("peak-in-rise-only", lambda t, peak, warmup, steps: warm_cosine(t, peak if t < warmup else 1, warmup, steps), "The rise comes out right. It looks like the fall begins at 1. Where should it begin?"),
    ],
    hints=[
        "Two phases, so an `if`. Which part of the rise is done after step t, if t = 0 is the first?",
        "In the fall, let a number run from 0 at t = warmup to 1 at t = steps. The cosine needs π times it.",
        "`part = (t - warmup) / (steps - warmup)`, and then the lesson's line with `part` for its `epochs / 100`.",
    ],
    alternatives=[in_one_line, from_a_table],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: sixty gradients


@optimizer
def expedition(t, x, g, *, peak=1.9, warmup=10):
    lr = peak * min(1, t / warmup)
    return x - lr * g


@optimizer
def down_first(t, x, g):
    lr = 0.1 if t <= 10 else 1.0 if t <= 20 else 50.0
    return x - lr * g


@optimizer
def axis_by_axis(t, x, g, *, lr=0.1):
    return x - np.array([50.0, lr]) * g


expedition_question = Challenge(
    "expedition",
    about="schedule",
    points=3,
    level="stretch",
    reference=expedition,
    returns="the new x, shape (2,)",
    cases=[walk(gorge_gradient, (10.0, 2.0), 60), walk(gorge_gradient, (-10.0, 1.5), 60)],
    mistakes=[],
    hints=[
        "The start bears little lr: the curvature across is 1 + 3y². What is it at y = 2, and at the bottom?",
        "Along x the curvature is 0.02, so the way wants as large an lr as possible, as soon as y is small. Which phase gets you there? And does decay help, where nothing is noisy?",
        "Let lr rise over ten steps or so, `peak * min(1, t / 10)`, and stay. At the bottom the limit is 2/1.",
    ],
    alternatives=[down_first, axis_by_axis],
    tiers={0.35: 1 / 3, 0.1: 2 / 3, 0.02: 1.0},
)  # fmt: skip


learning_rates = Exercises("learning_rates", which_walk, regime_question, tenfold, curvature_question, kappas_question, warm_cosine_question, expedition_question)  # fmt: skip
