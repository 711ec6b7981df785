"""Exercises of lesson 7, local minima and saddles."""

import numpy as np

from ..check import ChoiceQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises
from ..check.tools import saddle_gradient, wells, wells_gradient

# ---------------------------------------------------------------- guided: six places

UP, DOWN, SADDLE, OPEN = "minimum", "maximum", "saddle", "can't tell"


RIGHT = [UP, SADDLE, DOWN, SADDLE, OPEN, SADDLE]
LOOK = [
    "at its eigenvalues, 2 and 5",
    "along (1, 1) and (1, −1)",
    "along (1, 1) and (1, −1)",
    "at the signs on its diagonal",
    "at its eigenvalue 0",
    "along (1, 1) and (1, −1)",
]


def right_at(i):
    """Return a law that says which place isn't right yet, and where to look."""
    words = f"Place {'ABCDEF'[i]} isn't right yet; look {LOOK[i]}."
    return law(words, lambda args, value: value[i] == RIGHT[i])


six_places = ValueQuestion(
    "six_places",
    about="classify",
    points=1,
    level="guided",
    reference=RIGHT,
    cases=[],
    returns="a list of six texts, for the places A to F",
    laws=[
        law(
            'Each entry should be one of "minimum", "maximum", "saddle" and "can\'t tell", spelled like this.',
            lambda args, value: all(kind in (UP, DOWN, SADDLE, OPEN) for kind in value),
        ),
        *[right_at(i) for i in range(6)],
    ],
    mistakes=[
        mistake("diagonal", [UP, UP, DOWN, SADDLE, OPEN, OPEN], "It looks like you read the diagonal of H. Those are the curvatures along the axes only: which numbers are those along H's own directions?"),
        mistake("diagonal-of-b", [UP, UP, DOWN, SADDLE, OPEN, SADDLE], "Along both axes B curves up. But are the axes H's own directions?"),
        mistake("signs-of-entries", [UP, SADDLE, SADDLE, SADDLE, OPEN, SADDLE], "It looks like the mixed signs among the *entries* of C decided. Which numbers tell the kind of a place?"),
        mistake("near-zero", [UP, SADDLE, DOWN, OPEN, OPEN, SADDLE], "It looks like −0.01 counted as zero. A step multiplies that distance by 1 + lr · 0.01: where does a walker end after many of them?"),
        mistake("small-ignored", [UP, SADDLE, DOWN, UP, OPEN, SADDLE], "It looks like −0.01 was left out, as if nothing so small mattered. Which way does the ground curve there?"),
        mistake("level-is-up", [UP, SADDLE, DOWN, SADDLE, UP, SADDLE], "x² + y³, x² + y⁴ and x² − y⁴ all have a Hessian like E's at 0. Are they all minima?"),
        mistake("level-is-down", [UP, SADDLE, DOWN, SADDLE, SADDLE, SADDLE], "A saddle has a direction that curves *down*. Which sign has E's lowest eigenvalue?"),
        mistake("zeros-of-f", [UP, SADDLE, DOWN, SADDLE, OPEN, OPEN], "On the axes x · y is level, so the *diagonal* of its H is 0. Are the axes H's own directions?"),
        mistake("no-minus-in-f", [UP, SADDLE, DOWN, SADDLE, OPEN, UP], "x · y is positive along (1, 1). And along (1, −1)?"),
        mistake("determinant", [UP, SADDLE, UP, SADDLE, OPEN, SADDLE], "It looks like a positive determinant made C a minimum. Two negative eigenvalues multiply to a positive number, too: which are C's?"),
        mistake("swapped", [DOWN, SADDLE, UP, SADDLE, OPEN, SADDLE], "Minimum and maximum look exchanged. If the ground curves *up* all around, where do you stand?"),
        mistake("all-minima", [UP] * 6, "It looks like level ground was enough for a minimum. Where else is the ground level?"),
    ],
    hints=[
        "Signs of the eigenvalues: all positive, all negative, or some of both. `np.linalg.eigvalsh(H)` gives them.",
        "For [[p, q], [q, p]] they are p + q, along (1, 1), and p − q, along (1, −1). Of a diagonal table they are the diagonal.",
        "B has 4 and −2, C has −1 and −3, and F's Hessian is [[0, 1], [1, 0]]: 1 and −1. With an eigenvalue of 0 and no negative one, H can't tell.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a broken classifier


def kind_of(H, zero):
    curvatures = np.linalg.eigvalsh(H)
    low, high = curvatures.min(), curvatures.max()
    if low > zero:
        return "minimum"
    if high < -zero:
        return "maximum"
    if low < -zero and high > zero:
        return "saddle"
    return "can't tell"


def classifier(curvatures=np.linalg.eigvalsh, up="low", down="high", level=1, ends=True, names=(UP, DOWN)):  # fmt: skip
    """Return the classifier with something changed: for its mistakes."""

    def broken(H, zero):
        found, zero = curvatures(H), level * zero
        low, high = (found.min(), found.max()) if ends else (found[0], found[-1])
        if (low if up == "low" else high) > zero:
            return names[0]
        if (high if down == "high" else low) < -zero:
            return names[1]
        return SADDLE if low < -zero and high > zero else OPEN

    return broken


def determinant(H, zero):
    if np.linalg.det(H) > zero:
        return UP if H[0, 0] > 0 else DOWN
    return SADDLE if np.linalg.det(H) < -zero else OPEN


def saddle_otherwise(H, zero):
    low, high = np.linalg.eigvalsh(H)[[0, -1]]
    return UP if low > zero else DOWN if high < -zero else SADDLE


def one_sided(H, zero):
    low, high = np.linalg.eigvalsh(H)[[0, -1]]
    if low > zero:
        return UP
    return DOWN if high < zero else SADDLE if low < zero and high > zero else OPEN


def level_is_fine(H, zero):
    low, high = np.linalg.eigvalsh(H)[[0, -1]]
    return UP if low >= -zero else DOWN if high <= zero else SADDLE


def counted(H, zero):
    values = np.linalg.eigh(H)[0]
    up, down = int((values > zero).sum()), int((values < -zero).sum())
    if up and down:
        return "saddle"
    return {up: "minimum", down: "maximum"}.get(len(H), "can't tell")


def by_lists(H, zero):
    values = np.linalg.eigvals(np.array(H)).real.tolist()
    if all(value > zero for value in values):
        return "minimum"
    if all(value < -zero for value in values):
        return "maximum"
    both = any(value > zero for value in values) and any(value < -zero for value in values)
    return "saddle" if both else "can't tell"


def level_place(rng):
    """Return a Hessian of a random kind, with eigenvalues that are clearly up, down or level."""
    d, kind = int(rng.integers(2, 6)), rng.integers(5)
    values = rng.uniform(0.3, 3, d) * [[1], [-1], rng.permutation([1, -1] * d)[:d], [1], [-1]][kind]
    if kind >= 3:
        values[0] = rng.uniform(-0.04, 0.04)
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    H = axes * values @ axes.T
    return (H + H.T) / 2, 0.05


kind_question = Question(
    "kind_of",
    about="classify",
    points=2,
    level="independent",
    reference=kind_of,
    given=classifier(np.diag, up="high", down="low"),
    returns='one of the texts "minimum", "maximum", "saddle" and "can\'t tell"',
    cases=[
        hand(np.array([[2.0, 0.0], [0.0, 5.0]]), 0.01, should="Both axes curve up: a minimum."),
        hand(np.array([[3.0, 0.0], [0.0, -1.0]]), 0.01, should="One axis curves up and one down: a saddle."),
        hand(np.array([[1.0, 3.0], [3.0, 1.0]]), 0.01, should="Along (1, 1) the curvature is 4, along (1, −1) it is −2: a saddle."),
        hand(np.array([[-1.0, 3.0], [3.0, -1.0]]), 0.01, should="Both axes curve down, and along (1, 1) the ground curves up by 2: a saddle."),
        hand(np.array([[-2.0, 1.0], [1.0, -2.0]]), 0.01, should="Along (1, 1) the curvature is −1, along (1, −1) it is −3: a maximum."),
        hand(np.array([[3.0, 0.0], [0.0, 0.001]]), 0.01, should="With zero = 0.01, a curvature of 0.001 counts as level, and the other is up: H can't tell."),
        hand(np.array([[-3.0, 0.0], [0.0, 0.001]]), 0.01, should="One curvature is down, the other counts as level: H can't tell."),
        hand(np.diag([-1.0, -3.0, 2.0]), 0.01, should="Two directions lead down and one up: a saddle."),
        drawn(level_place, n=6),
    ],
    mistakes=[
        mistake("only-the-tests", classifier(np.diag), "The tests look right now. The diagonal of H holds the curvatures along the axes: in which directions are they lowest and highest?"),
        mistake("only-the-curvatures", classifier(up="high", down="low"), "The curvatures look right now. For a minimum *all* of them are positive: which one has to be tested, the lowest or the highest?"),
        mistake("minimum-still-broken", classifier(up="high"), "Something that also curves down seems to count as a minimum. Which of the curvatures must be above zero, so that all are?"),
        mistake("maximum-still-broken", classifier(down="low"), "Something that also curves up seems to count as a maximum. Which of the curvatures must be below −zero, so that all are?"),
        mistake("unsorted", classifier(np.linalg.eigvals, ends=False), "It looks like the first eigenvalue was taken for the lowest, and the last for the highest. Does `eigvals` sort them?"),
        mistake("determinant", determinant, "It looks like the determinant decides. That is a rule for two directions: what does it say of −1, −3 and 2?"),
        mistake("swapped", classifier(names=(DOWN, UP)), "Minimum and maximum look exchanged. If the lowest curvature is positive, which way does the ground curve?"),
        mistake("zero-ignored", classifier(level=0), "It looks like `zero` plays no part, so that round-off decides on level ground. What should a curvature be compared with?"),
        mistake("saddle-otherwise", saddle_otherwise, "It looks like all that is neither minimum nor maximum counts as a saddle. What has to be below −zero there?"),
        mistake("one-sided", one_sided, "It looks like a curvature a little above 0 counts as down. What should be compared with *minus* zero?"),
        mistake("level-is-fine", level_is_fine, "It looks like level directions are let pass. x² + y³ has the eigenvalues 2 and 0 at 0: is it a minimum?"),
    ],
    hints=[
        "There are two kinds of bugs: what is taken for the curvatures, and how they are tested.",
        "The diagonal knows the axes only; `np.linalg.eigvalsh(H)` gives the curvatures along the directions of H's own. And all curvatures are above zero if … one is.",
        "`curvatures = np.linalg.eigvalsh(H)`; a minimum has low > zero, a maximum high < −zero.",
    ],
    alternatives=[counted, by_lists],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: what next?

what_next = ChoiceQuestion(
    "what_next",
    about="classify",
    points=1,
    level="independent",
    reference=("c", 2),
    cases=[],
    returns='a pair: the letter of the option and the number of the reason, as in "a", 1',
    laws=[law('The letter is "a", "b", "c" or "d", and the number 1, 2, 3 or 4.', lambda args, value: value[0] in ("a", "b", "c", "d") and value[1] in (1, 2, 3, 4))],
    mistakes=[
        mistake("patience", ("a", None), "The gradient is 10⁻⁹, so ten thousand steps together move x next to nothing. What would have to be different for patience to help?"),
        mistake("nudge", ("b", None), "A nudge helps where some direction leads down. What sign does the lowest eigenvalue have?"),
        mistake("smaller-lr", ("d", None), "A walk that jumps over the bottom has a gradient that isn't small. How large is it here?"),
        mistake("saddles-everywhere", ("c", 1), "The option is right. That most *random* level places are saddles is true, but the eigenvalues of this one are known: which sign have they?"),
        mistake("near-zero-is-zero", ("c", 3), "The option is right. On a plateau the curvature is next to none in *every* direction. Here they run from 0.0015 to 0.31, all far above round-off. Is any direction flat?"),
        mistake("too-long-steps", ("c", 4), "The option is right. Does a gradient of 10⁻⁹ look like a walk that jumps to and fro?"),
    ],
    hints=[
        "‖g‖ ≈ 0 has several explanations: minimum, saddle, plateau. What tells them apart?",
        "All eigenvalues lie between 0.0015 and 0.31. So which way does the ground curve, in every direction?",
        "Up all around: a minimum. What is small, a nudge or a step, leads back, so something must begin elsewhere.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: at equal cost


def chance_to_find(p, cost, looks):
    k = looks // cost
    return 1 - (1 - p) ** k


def one_by_one(p, cost, looks):
    chances = []
    for one, price in zip(p, cost):
        missed, left = 1.0, looks
        while left >= price:
            missed, left = missed * (1 - one), left - price
        chances.append(1 - missed)
    return chances


chance_question = Question(
    "chance_to_find",
    about="escape",
    points=1,
    level="guided",
    reference=chance_to_find,
    returns="an array of shape (m,), a probability for each method",
    cases=[
        hand(np.array([0.5]), np.array([100]), 200, should="Two runs: both miss with probability 0.5 · 0.5 = 0.25."),
        hand(np.array([0.7, 0.2]), np.array([3000, 300]), 3000, should="One run of the first, ten of the second, which all miss with probability 0.8¹⁰ = 0.107."),
        hand(np.array([0.3, 0.3, 0.9]), np.array([400, 600, 2000]), 1000, should="Two runs, one and none: what isn't paid for in full isn't run."),
        drawn(lambda rng: (rng.uniform(0.05, 0.8, m := int(rng.integers(2, 7))), rng.integers(100, 900, m), int(rng.integers(1000, 4000)))),
    ],
    laws=[law("A probability lies between 0 and 1.", lambda args, value: np.all((np.asarray(value) >= 0) & (np.asarray(value) <= 1)))],
    mistakes=[
        mistake("k-times-p", lambda p, cost, looks: looks // cost * p, "It looks like k runs count as k · p, which may pass 1. Several runs may find it: with what probability do all of them *miss*?"),
        mistake("k-times-p-capped", lambda p, cost, looks: np.minimum(1, looks // cost * p), "It looks like k · p, cut off at 1. Is it ever certain that one of the runs finds it?"),
        mistake("all-miss", lambda p, cost, looks: (1 - p) ** (looks // cost), "That looks like the probability that all runs miss. And that at least one doesn't?"),
        mistake("all-find", lambda p, cost, looks: p ** (looks // cost), "It looks like p to the power k: that *every* run finds it. How many have to?"),
        mistake("not-all-find", lambda p, cost, looks: 1 - p ** (looks // cost), "That looks like the probability that not *every* run finds it. How many have to?"),
        mistake("part-of-a-run", lambda p, cost, looks: 1 - (1 - p) ** (looks / cost), "It looks like parts of a run count, too. How many *whole* runs do the looks pay for?"),
        mistake("last-run-on-credit", lambda p, cost, looks: 1 - (1 - p) ** np.ceil(looks / cost), "It looks like a run is begun that the looks don't pay for in full. Which way should the number of runs be rounded?"),
        mistake("to-the-nearest", lambda p, cost, looks: 1 - (1 - p) ** np.round(looks / cost), "It looks like the number of runs is rounded to the nearest. What if that is more than the looks pay for?"),
        mistake("one-run-each", lambda p, cost, looks: 1.0 * p, "It looks like each method gets one run. How many can it have for that many looks?"),
        mistake("cost-forgotten", lambda p, cost, looks: 1 - (1 - p) ** looks, "It looks like every look counts as a run. What does a run cost?"),
        mistake("upside-down", lambda p, cost, looks: 1 - (1 - p) ** (cost // looks), "It looks like cost was divided by looks. If a run costs 100 and you have 200 looks, how many runs is that?"),
        mistake("best-only", lambda p, cost, looks: np.max(1 - (1 - p) ** (looks // cost)), "It looks like the best method's probability came back alone. How many does the text ask for?"),
    ],
    hints=[
        "How many whole runs k do the looks pay for? `//` divides and drops the rest.",
        "Ask for the opposite: that all k runs miss.",
        "One run misses with probability 1 − p, k runs with (1 − p)ᵏ. All other cases are a find.",
    ],
    alternatives=[
        one_by_one,
        lambda p, cost, looks: 1 - np.exp(np.log1p(-p) * np.floor(looks / cost)),
        lambda p, cost, looks: [1 - (1 - a) ** int(looks / c) for a, c in zip(p.tolist(), cost.tolist())],
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: restarts


def restarts(f, grad, starts, lr, steps):
    best = starts[0]
    lowest = np.inf
    for x in starts:
        for _ in range(steps):
            x = x - lr * grad(x)
        if f(x) < lowest:
            best, lowest = x, f(x)
    return best


def ends_of(grad, starts, lr, steps):
    """Return where the walks end, one row for each start."""
    x = starts
    for _ in range(steps):
        x = x - lr * grad(x)
    return x


def all_at_once(f, grad, starts, lr, steps):
    x = ends_of(grad, starts, lr, steps)
    return x[np.argmin(f(x))]


def sorted_ends(f, grad, starts, lr, steps):
    ends = [ends_of(grad, np.array(x), lr, steps) for x in starts.tolist()]
    return min(ends, key=f).tolist()


def keep_if_lower(f, grad, starts, lr, steps):
    best = ends_of(grad, starts[0], lr, steps)
    for x in starts[1:]:
        end = ends_of(grad, x, lr, steps)
        best = np.where(f(end) < f(best), end, best)
    return best


def chosen(by, then=ends_of, f=lambda f, grad, x: f(x)):
    """Return restarts that choose a row by something else: for the mistakes."""

    def broken(heights, grad, starts, lr, steps):
        ends = then(grad, starts, lr, steps)
        return by(ends, f(heights, grad, ends), heights(starts))

    return broken


def chained(f, grad, starts, lr, steps):
    x = starts[0]
    best = x
    for _ in starts:
        x = ends_of(grad, x, lr, steps)
        if f(x) < f(best):
            best = x
    return best


def below_zero(f, grad, starts, lr, steps):
    best, lowest = starts[0], 0
    for x in ends_of(grad, starts, lr, steps):
        if f(x) < lowest:
            best, lowest = x, f(x)
    return best


def best_start_kept(f, grad, starts, lr, steps):
    ends = ends_of(grad, starts, lr, steps)
    better = np.minimum.accumulate(f(starts))
    kept = [0] + [i for i in range(1, len(starts)) if f(ends)[i] < better[i - 1]]
    return ends[kept[-1]]


restarts_question = Question(
    "restarts",
    about="escape",
    points=3,
    level="independent",
    reference=restarts,
    returns="where the lowest walk ends, an array of shape (d,)",
    cases=[
        hand(wells, wells_gradient, np.array([[-1.5], [1.5]]), 0.05, 30, should="The first walk ends in the deep valley, near −1.036, the second in the shallow one."),
        hand(wells, wells_gradient, np.array([[-1.9], [0.9], [1.2]]), 0.05, 60, should="The first start lies highest, and its walk ends lowest."),
        hand(wells, wells_gradient, np.array([[1.5, 1.5], [-0.5, 0.5], [-0.4, -0.6], [0.5, -0.5]]), 0.05, 20, should="The third walk ends in the deepest of four valleys, near (−1, −1)."),
        hand(wells, wells_gradient, np.array([[0.5], [0.0]]), 0.05, 2, should="After two steps only, the first walk has come down to 0.56, the second to 0.99."),
        drawn(lambda rng: (wells, wells_gradient, rng.uniform(-1.8, 1.8, (int(rng.integers(4, 9)), int(rng.integers(1, 5)))), rng.uniform(0.01, 0.06), int(rng.integers(3, 40)))),
    ],
    mistakes=[
        mistake("last-end", chosen(lambda ends, f, before: ends[-1]), "It looks like the last walk's end came back. Are the ends compared, and is the lowest height so far kept up to date?"),
        mistake("first-end", chosen(lambda ends, f, before: ends[0]), "It looks like the first walk's end came back. What becomes of the other starts?"),
        mistake("chained", chained, "It looks like each walk begins where the one before it ended. Where should it begin?"),
        mistake("best-start", chosen(lambda ends, f, before: ends[np.argmin(before)]), "It looks like the lowest *start* was chosen. Does the lowest walk always begin lowest?"),
        mistake("start-of-the-best", lambda f, grad, starts, lr, steps: starts[np.argmin(f(ends_of(grad, starts, lr, steps)))], "It looks like the *start* of the lowest walk came back. Where does that walk end?"),
        mistake("no-walk", chosen(lambda ends, f, before: ends[np.argmin(f)], then=lambda grad, starts, lr, steps: starts), "It looks like one of the starts came back. Does anybody walk?"),
        mistake("highest", chosen(lambda ends, f, before: ends[np.argmax(f)]), "It looks like the highest end came back. Which way round is the comparison?"),
        mistake("height", chosen(lambda ends, f, before: f.min()), "It looks like the lowest height came back. And the place where it is?"),
        mistake("row", chosen(lambda ends, f, before: int(np.argmin(f))), "It looks like the *number* of the best walk came back. Where does that walk end?"),
        mistake("all-ends", chosen(lambda ends, f, before: ends), "It looks like all ends came back. Which one is asked for?"),
        mistake("mean-of-ends", chosen(lambda ends, f, before: ends.mean(axis=0)), "It looks like the mean of all ends came back. What lies between two valleys?"),
        mistake("lowest-coordinates", chosen(lambda ends, f, before: ends.min(axis=0)), "It looks like the smallest *coordinates* came back, of several walks. What should be smallest?"),
        mistake("flattest", chosen(lambda ends, f, before: ends[np.argmin(f)], f=lambda f, grad, x: np.linalg.norm(grad(x), axis=-1)), "It looks like the end with the smallest gradient was chosen. That is the most level place: is it the lowest one?"),
        mistake("uphill", lambda f, grad, starts, lr, steps: all_at_once(f, grad, starts, -lr, steps), "It looks like the walks go uphill. Which sign has the step?"),
        mistake("one-step", lambda f, grad, starts, lr, steps: all_at_once(f, grad, starts, lr, 1), "It looks like each walk takes one step. How often does the inner loop run?"),
        mistake("return-in-the-loop", lambda f, grad, starts, lr, steps: ends_of(grad, starts[0], lr, 1), "It looks like one step of the first walk came back. How far to the right does `return` stand?"),
        mistake("one-step-less", lambda f, grad, starts, lr, steps: all_at_once(f, grad, starts, lr, steps - 1), "It looks like each walk is a step short. How often does the inner loop run?"),
        mistake("one-step-more", lambda f, grad, starts, lr, steps: all_at_once(f, grad, starts, lr, steps + 1), "It looks like each walk takes a step too many. How often does the inner loop run?"),
        mistake("slope-of-the-start", lambda f, grad, starts, lr, steps: all_at_once(f, grad, starts, lr * steps, 1), "It looks like the gradient of the start is used for all steps. Where should it be asked for?"),
        mistake("below-zero", below_zero, "It looks like only ends below height 0 count. With which height can the search begin, so that any end is lower?"),
        mistake("compared-with-starts", best_start_kept, "It looks like the lowest height so far is that of a *start*. When should f be asked, before a walk or after it?"),
    ],
    hints=[
        "One walk you know from lesson 3. Around it goes a loop over the starts: `for x in starts:`.",
        "After each walk compare f(x) with the lowest height so far, and keep the place as well as the height.",
        "Before the loops `lowest = np.inf`. After each walk: if f(x) < lowest, then best, lowest = x, f(x).",
    ],
    alternatives=[all_at_once, sorted_ends, keep_if_lower],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a hop where it is level


def perturbed_gd(grad, x, hops, lr, threshold):
    for hop in hops:
        g = grad(x)
        level = np.linalg.norm(g) <= threshold
        x = x + hop if level else x - lr * g
    return x


def hopping(small=lambda g, limit: np.linalg.norm(g) <= limit, move=lambda x, g, hop, lr: x + hop, use=None):  # fmt: skip
    """Return the walk with something changed: for its mistakes."""

    def broken(grad, x, hops, lr, threshold):
        used = 0
        for t in range(len(hops)):
            g = grad(x)
            if small(g, threshold):
                hop = hops[t] if use is None else hops[min(use(used), len(hops) - 1)]
                x, used = move(x, g, hop, lr), used + 1
            else:
                x = x - lr * g
        return x

    return broken


def hop_then_step(grad, x, hops, lr, threshold):
    for hop in hops:
        if np.linalg.norm(grad(x)) <= threshold:
            x = x + hop
        x = x - lr * grad(x)
    return x


def stops(grad, x, hops, lr, threshold):
    for _ in hops:
        if np.linalg.norm(grad(x)) <= threshold:
            break
        x = x - lr * grad(x)
    return x


def hops_at_the_end(grad, x, hops, lr, threshold):
    for hop in hops:
        x = x - lr * grad(x)
        if np.linalg.norm(grad(x)) <= threshold:
            x = x + hop
    return x


def step_for_gradient(grad, x, hops, lr, threshold):
    return hopping(small=lambda g, limit: np.linalg.norm(lr * g) <= limit)(
        grad, x, hops, lr, threshold
    )


def constant(g):
    """Return a function that always gives the same gradient: for a mistake."""
    return lambda x: g


def by_where(grad, x, hops, lr, threshold):
    for t in range(hops.shape[0]):
        g = np.asarray(grad(x))
        level = np.sqrt((g * g).sum()) < threshold + 1e-15
        x = np.where(level, x + hops[t], x - lr * g)
    return x


def recursive_hops(grad, x, hops, lr, threshold):
    if len(hops) == 0:
        return x
    g = grad(x)
    x = x + hops[0] if g @ g <= threshold**2 else x - lr * g
    return recursive_hops(grad, x, hops[1:], lr, threshold)


def some_hops(rng):
    """Return arguments with which some steps hop and others don't."""
    steps, d = int(rng.integers(12, 25)), int(rng.integers(2, 6))
    x, hops = rng.uniform(-1.3, 1.3, d), rng.normal(0, 0.3, (steps, d))
    return wells_gradient, x, hops, rng.uniform(0.04, 0.09), rng.uniform(0.8, 1.2) * np.sqrt(d)


perturbed_question = Question(
    "perturbed_gd",
    about="escape",
    points=3,
    level="independent",
    reference=perturbed_gd,
    returns="where the walk ends, an array of shape (d,)",
    cases=[
        hand(saddle_gradient, np.array([0.0, 0.0]), np.array([[0.1, 0.2], [0.3, 0.3]]), 0.5, 0.01, should="On the saddle the gradient is 0: first a hop to (0.1, 0.2), then a step to (0.05, 0.3)."),
        hand(saddle_gradient, np.array([0.0, 1.0]), np.array([[0.1, 0.2]]), 0.5, 0.01, should="The gradient is (0, −1): not small, so it is a step to (0, 1.5)."),
        hand(saddle_gradient, np.array([0.4, 0.4]), np.array([[0.1, 0.1]]), 0.5, 0.5, should="The gradient (0.4, −0.4) has the length 0.57, above 0.5: a step to (0.2, 0.6)."),
        hand(saddle_gradient, np.array([0.4, 0.0]), np.array([[0.0, 0.1], [0.0, 0.1], [0.3, 0.2]]), 0.5, 0.35, should="A step to (0.2, 0). There the gradient has the length 0.2, so hops follow: to (0.2, 0.1), and to (0.5, 0.3)."),
        hand(saddle_gradient, np.array([0.3, 0.3]), np.array([[0.1, 0.1]]), 0.5, 0.5, should="The gradient (0.3, −0.3) has the length 0.42, at most 0.5: a hop to (0.4, 0.4)."),
        hand(saddle_gradient, np.array([0.3, 0.0]), np.array([[0.0, 0.1]]), 0.5, 0.2, should="The length 0.3 is above 0.2, so it is a step to (0.15, 0)."),
        drawn(some_hops, n=4),
    ],
    mistakes=[
        mistake("hop-and-step", hopping(move=lambda x, g, hop, lr: x + hop - lr * g), "It looks like a round may hop *and* step. Which word makes it one or the other?"),
        mistake("hop-then-step", hop_then_step, "It looks like a hop is followed by a step in the same round. Which word makes it one or the other?"),
        mistake("always-hops", hopping(small=lambda g, limit: True), "It looks like it hops everywhere. What has to be small for a hop?"),
        mistake("never-hops", hopping(small=lambda g, limit: False), "It looks like it never hops. Is the gradient compared with threshold anywhere?"),
        mistake("noise-everywhere", hopping(small=lambda g, limit: True, move=lambda x, g, hop, lr: x - lr * g + hop), "It looks like every step is shaken, as with small batches. Where is a hop wanted?"),
        mistake("turned-round", hopping(small=lambda g, limit: np.linalg.norm(g) > limit), "It looks like it hops where the ground is steep, and steps where it is level. Which way round is the comparison?"),
        mistake("no-length", hopping(small=lambda g, limit: np.all(g <= limit)), "A gradient with a large *negative* entry seems to count as small. What is the length of an array?"),
        mistake("sum", hopping(small=lambda g, limit: abs(np.sum(g)) <= limit), "It looks like entries of opposite sign cancel, so that a steep slope counts as level. What is the length of an array?"),
        mistake("largest-entry", hopping(small=lambda g, limit: np.max(np.abs(g)) <= limit), "It looks like only the largest entry is compared. What is the length of (0.4, −0.4)?"),
        mistake("length-squared", hopping(small=lambda g, limit: g @ g <= limit), "It looks like the *square* of the length is compared with threshold. What is missing?"),
        mistake("sum-of-sizes", hopping(small=lambda g, limit: np.abs(g).sum() <= limit), "It looks like the sizes of the entries are added up. How long is the straight way (0.3, −0.3)?"),
        mistake("step-for-gradient", step_for_gradient, "It looks like the length of the *step*, lr · g, is compared with threshold. What does the text compare?"),
        mistake("hop-times-lr", hopping(move=lambda x, g, hop, lr: x + lr * hop), "It looks like the hop is multiplied by lr. What does the text say a hop is?"),
        mistake("hop-for-place", hopping(move=lambda x, g, hop, lr: hop), "It looks like x *becomes* the hop. From where does a hop lead away?"),
        mistake("same-hop", hopping(use=lambda used: 0), "It looks like it is always the first hop. Which one belongs to round t?"),
        mistake("next-hop", hopping(use=lambda used: used), "It looks like hops are used up one after the other. There is one for each *round*, used or not: which one is it in round t?"),
        mistake("stops", stops, "It looks like the walk ends where the ground is level. That is how to stop at a minimum: what should happen on a saddle?"),
        mistake("late", hops_at_the_end, "It looks like the gradient is tested only after a step. What should happen in the first round, if the walk starts on a saddle?"),
        mistake("gradient-of-the-start", lambda grad, x, hops, lr, threshold: perturbed_gd(constant(grad(x)), x, hops, lr, threshold), "It looks like the gradient of the start is used in every round. Where should it be asked for?"),
        mistake("uphill", lambda grad, x, hops, lr, threshold: perturbed_gd(grad, x, hops, -lr, threshold), "It looks like the steps lead uphill. Which sign have they?"),
    ],
    hints=[
        "Each round does one of two things. What decides?",
        "`np.linalg.norm(g)` is the length of the gradient. `for hop in hops:` gives each round its own.",
        "In each round: if the length is at most threshold, then x = x + hop, else x = x − lr · g.",
    ],
    alternatives=[by_where, recursive_hops, lambda *args: perturbed_gd(*args).tolist()],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: annealing


def anneal(f, x, jolts, coins, hot, cooling):
    places, T = [x], hot
    for jolt, coin in zip(jolts, coins):
        proposal = x + jolt
        rise = f(proposal) - f(x)
        if rise <= 0 or coin < np.exp(-rise / T):
            x = proposal
        places.append(x)
        T = cooling * T
    return places


def annealer(
    propose=lambda x, start, jolt: x + jolt,
    rise=lambda f, new, x, start: f(new) - f(x),
    accept=lambda rise, T, coin: rise <= 0 or coin < np.exp(-rise / T),
    T=lambda hot, cooling, t: hot * cooling**t,
    keep=lambda new, x, taken: [x],
):
    """Return annealing with something changed: for its mistakes."""

    def broken(f, x, jolts, coins, hot, cooling):
        start, places = x, [x]
        for t, (jolt, coin) in enumerate(zip(jolts, coins)):
            new = propose(x, start, jolt)
            taken = accept(rise(f, new, x, start), T(hot, cooling, t), coin)
            x = new if taken else x
            places += keep(new, x, taken)
        return places

    return broken


def cools_when_taken(f, x, jolts, coins, hot, cooling):
    places, T = [x], hot
    for jolt, coin in zip(jolts, coins):
        rise = f(x + jolt) - f(x)
        if rise <= 0 or coin < np.exp(-rise / T):
            x, T = x + jolt, cooling * T
        places.append(x)
    return places


def lowest_so_far(f, places):
    lowest = places[:1]
    for x in places[1:]:
        lowest.append(x if f(x) < f(lowest[-1]) else lowest[-1])
    return lowest


def one_array(f, x, jolts, coins, hot, cooling):
    places, T = [x], hot
    for jolt, coin in zip(jolts, coins):
        rise = f(x + jolt) - f(x)
        if rise <= 0 or coin < np.exp(-rise / T):
            x += jolt
        places.append(x)
        T = cooling * T
    return places


def in_an_array(f, x, jolts, coins, hot, cooling):
    temperatures = hot * cooling ** np.arange(len(coins))
    places = np.empty((len(coins) + 1, len(x)))
    places[0] = x
    for t in range(len(coins)):
        new = places[t] + jolts[t]
        chance = min(1.0, np.exp(-(f(new) - f(places[t])) / temperatures[t]))
        places[t + 1] = new if coins[t] < chance else places[t]
    return places


def with_lists(f, x, jolts, coins, hot, cooling):
    places = [np.array(x)]
    for t, jolt in enumerate(jolts.tolist()):
        new = places[-1] + jolt
        worse = f(new) > f(places[-1])
        refused = worse and np.log(coins[t]) * hot * cooling**t >= f(places[-1]) - f(new)
        places.append(places[-1] if refused else new)
    return tuple(place.tolist() for place in places)


def warm_walk(rng):
    """Return arguments with which some worse places are taken and others aren't."""
    steps, d = int(rng.integers(15, 25)), int(rng.integers(1, 5))
    x, jolts = rng.uniform(-1, 1, d), rng.normal(0, 0.4, (steps, d))
    return (
        wells,
        x,
        jolts,
        rng.uniform(0.01, 0.99, steps),
        rng.uniform(1, 3),
        rng.uniform(0.8, 0.92),
    )


anneal_question = Question(
    "anneal",
    about="escape",
    points=3,
    level="stretch",
    reference=anneal,
    returns="a list of rounds + 1 places, the start among them, each of shape (d,)",
    cases=[
        hand(wells, np.array([1.0]), np.array([[-1.0]]), np.array([0.4]), 1.0, 0.5, should="From height 0.3 to 1, a rise of 0.7 at T = 1: 0.4 is below exp(−0.7) = 0.50, so it is taken."),
        hand(wells, np.array([1.0]), np.array([[-1.0]]), np.array([0.6]), 1.0, 0.5, should="From height 0.3 to 1, a rise of 0.7 at T = 1: 0.6 is above exp(−0.7) = 0.50, so it stays, and the place is listed again."),
        hand(wells, np.array([0.0]), np.array([[-1.0]]), np.array([0.9]), 1.0, 0.5, should="From height 1 to −0.3: better, so it is taken, whatever the coin says."),
        hand(wells, np.array([1.0]), np.array([[-3.0], [-1.0]]), np.array([0.9, 0.4]), 1.0, 0.5, should="The first jolt is refused. In round 1 T = 0.5, and 0.4 is above exp(−0.7 / 0.5) = 0.25: refused."),
        hand(wells, np.array([0.0, 1.0]), np.array([[-1.0, 0.0], [0.5, 0.0], [0.0, -1.0]]), np.array([0.9, 0.5, 0.1]), 2.0, 0.5),
        drawn(warm_walk, n=4),
    ],
    mistakes=[
        mistake("never-uphill", annealer(accept=lambda rise, T, coin: rise <= 0), "It looks like worse places are never taken. So nobody ever leaves a valley: what are the coins for?"),
        mistake("always", annealer(accept=lambda rise, T, coin: True), "It looks like every jolt is taken. For a rise, exp(−rise / T) should be below 1: are its signs right, and is the coin compared with it?"),
        mistake("sign", annealer(accept=lambda rise, T, coin: coin < np.exp(rise / T)), "It looks like rises are always taken, and falls often refused. Which of the two should make the exponent negative?"),
        mistake("coin-turned-round", annealer(accept=lambda rise, T, coin: rise <= 0 or coin > np.exp(-rise / T)), "It looks like the coin is compared the other way round. A small rise should be taken *often*: for which coins?"),
        mistake("refuses-better", annealer(accept=lambda rise, T, coin: rise > 0 and coin < np.exp(-rise / T)), "It looks like better places are refused. When is a place taken without a look at the coin?"),
        mistake("times-T", annealer(accept=lambda rise, T, coin: coin < np.exp(-rise * T)), "It looks like the rise is multiplied by T. Should heat make a rise easier or harder to take?"),
        mistake("heat-for-chance", annealer(accept=lambda rise, T, coin: rise <= 0 or coin < T), "It looks like the coin is compared with T itself. Should a rise of 0.01 and one of 10 be taken equally often?"),
        mistake("never-cools", annealer(T=lambda hot, cooling, t: hot), "It looks like T stays as hot as at first. Where is it multiplied by cooling?"),
        mistake("cools-early", annealer(T=lambda hot, cooling, t: hot * cooling ** (t + 1)), "It looks like it has cooled already before round 0. Which T belongs to the first round?"),
        mistake("heats", annealer(T=lambda hot, cooling, t: hot / cooling**t), "It looks like T grows. With cooling = 0.9, what does cooling do to T each round?"),
        mistake("subtracts", annealer(T=lambda hot, cooling, t: hot - t * cooling), "It looks like `cooling` is taken off T in each round. What does the text do with the two?"),
        mistake("one-minus-cooling", annealer(T=lambda hot, cooling, t: hot * (1 - cooling) ** t), "It looks like T is multiplied by 1 − cooling. With cooling = 0.9, how much of T should be left after a round?"),
        mistake("cools-ever-faster", annealer(T=lambda hot, cooling, t: hot * cooling ** (t * (t + 1) / 2)), "It looks like T falls faster and faster. By what is it multiplied in each round?"),
        mistake("cools-ever-faster-later", annealer(T=lambda hot, cooling, t: hot * cooling ** (t * (t - 1) / 2)), "It looks like T falls faster and faster. By what is it multiplied in each round?"),
        mistake("cools-when-taken", cools_when_taken, "It looks like T cools only in rounds that take the jolt. What does the text say of “every round”?"),
        mistake("from-the-start", annealer(propose=lambda x, start, jolt: start + jolt), "It looks like every jolt begins at the start. Where does the walker stand in round t?"),
        mistake("jolts-for-places", annealer(propose=lambda x, start, jolt: jolt), "It looks like the jolt itself is the proposal. From where does it lead away?"),
        mistake("rise-from-the-start", annealer(rise=lambda f, new, x, start: f(new) - f(start)), "It looks like the rise is measured from the start. With which place should the proposal be compared?"),
        mistake("height-for-rise", annealer(rise=lambda f, new, x, start: f(new)), "It looks like the height of the proposal stands in the place of the rise. Higher than what?"),
        mistake("only-taken", annealer(keep=lambda new, x, taken: [x] if taken else []), "It looks like a round that stays isn't listed. How many rows should there be?"),
        mistake("proposals", annealer(keep=lambda new, x, taken: [new]), "It looks like the list holds all *proposals*. Where was the walker after each round?"),
        mistake("no-start", lambda *args: anneal(*args)[1:], "The rounds look right, but the start is missing. Where could it go in?"),
        mistake("last-only", lambda *args: anneal(*args)[-1], "It looks like only the last place came back. What should the list hold?"),
        mistake("best-so-far", lambda f, *args: lowest_so_far(f, anneal(f, *args)), "It looks like the lowest place so far is listed. Where was the walker after each round?"),
        mistake("one-array", one_array, "All places look the same: the list may hold one array many times, changed by `+=`. How do you make a new one?"),
    ],
    hints=[
        "In each round: propose, measure the rise, take it or stay, list the place, cool.",
        "It is taken if rise ≤ 0, or if the coin is below exp(−rise / T). A place is listed in either case.",
        "Begin with places = [x] and T = hot. At the end of every round, outside of the `if`: places.append(x), and T = cooling · T.",
    ],
    alternatives=[in_an_array, with_lists, lambda *args: np.array(anneal(*args))],
)  # fmt: skip


local_minima_and_saddles = Exercises("local_minima_and_saddles", six_places, kind_question, what_next, chance_question, restarts_question, perturbed_question, anneal_question)  # fmt: skip
