"""Exercises of lesson 5, batch, stochastic and mini-batch."""

import numpy as np

from ..check import ChoiceQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises

# ---------------------------------------------------------------- guided: the batches of an epoch


def cut(order, batch_size):
    batches = []
    for start in range(0, len(order), batch_size):
        batches.append(order[start : start + batch_size])
    return batches


def cut_even(order, batch_size):
    return np.array_split(order, -(-len(order) // batch_size))


def cut_full_only(order, batch_size):
    full = len(order) // batch_size * batch_size
    return cut(order[:full], batch_size)


def cut_rest_joined(order, batch_size):
    full = len(order) // batch_size
    return np.split(order, [i * batch_size for i in range(1, full)])


def cut_filled_up(order, batch_size):
    twice = np.concatenate([order, order])
    return [twice[i : i + batch_size] for i in range(0, len(order), batch_size)]


def cut_one_round_more(order, batch_size):
    rounds = len(order) // batch_size + 1
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(rounds)]


def cut_by_while(order, batch_size):
    batches, rest = [], list(order)
    while rest:
        batches.append(rest[:batch_size])
        rest = rest[batch_size:]
    return batches


cut_question = Question(
    "cut",
    about="implement",
    points=1,
    level="guided",
    reference=cut,
    returns="a list of arrays of indices, a batch each",
    cases=[
        hand(np.array([4, 0, 6, 2, 5, 1, 3]), 3, should="Seven indices in threes, from front to back: [4, 0, 6], [2, 5, 1], and a ragged batch that holds 3 alone."),
        hand(np.array([2, 0, 3, 1]), 2, should="Four indices in twos: two batches, and nothing is left over."),
        hand(np.array([1, 4, 0, 2, 3]), 8, should="Five indices don't fill a batch of 8: they make one smaller batch."),
        drawn(lambda rng: (rng.permutation(int(rng.integers(9, 30))), int(rng.integers(2, 8)))),
    ],
    laws=[law("Every index should be in one batch.", lambda args, value: sorted(np.concatenate(value)) == sorted(args[0]))],
    mistakes=[
        mistake("rest-lost", cut_full_only, "It looks like what doesn't fill a batch is thrown away. Which indices are missing, and where could they go?"),
        mistake("rest-joined", cut_rest_joined, "It looks like the rest was put into the batch before it. How long may a batch be?"),
        mistake("filled-up", cut_filled_up, "It looks like the last batch was filled up with indices from the front, which are then seen twice in an epoch. May a batch be smaller?"),
        mistake("evenly", cut_even, "It looks like all batches were made about equally long. Which of them may be shorter than `batch_size`?"),
        mistake("so-many-batches", lambda order, batch_size: np.array_split(order, batch_size), "It looks like there are `batch_size` batches. Is it their number, or how many indices are in each?"),
        mistake("one-round-more", cut_one_round_more, "It looks like an empty batch comes last where nothing is left over. How often should the loop run then?"),
        mistake("places", lambda order, batch_size: cut(np.arange(len(order)), batch_size), "The lengths are right, but these look like 0, 1, 2, … in turn. Where does the shuffle in `order` go in?"),
        mistake("step-one", lambda order, batch_size: [order[i : i + batch_size] for i in range(len(order))], "It looks like a new batch begins at every index, so that they overlap. How far apart should two beginnings be?"),
        mistake("end-fixed", lambda order, batch_size: [order[i:batch_size] for i in range(0, len(order), batch_size)], "The first batch is right, and then they run dry. Does a slice end at `batch_size`, or so far beyond its own beginning?"),
        mistake("one-short", lambda order, batch_size: [order[i : i + batch_size - 1] for i in range(0, len(order), batch_size)], "It looks like each batch lacks its last index. Is `b` itself part of the slice `a : b`?"),
        mistake("first-only", lambda order, batch_size: [order[:batch_size]], "It looks like only the first batch came back. How far to the right does `return` stand?"),
        mistake("flat", lambda order, batch_size: list(order), "It looks like one long list: the batches are joined again. Does `extend` or `append` keep them apart?"),
        mistake("beginnings", lambda order, batch_size: list(range(0, len(order), batch_size)), "These look like the places where batches begin. What stands in `order` from each of them on?"),
        mistake("dealt-out", lambda order, batch_size: [order[i :: -(-len(order) // batch_size)] for i in range(-(-len(order) // batch_size))], "It looks like the indices are dealt out like cards. Which ones stand next to each other in `order`?"),
        mistake("one-long", lambda order, batch_size: [order[i : i + batch_size + 1] for i in range(0, len(order), batch_size)], "It looks like each batch holds the first index of the next one, too. Is `b` itself part of the slice `a : b`?"),
        mistake("sorted", lambda order, batch_size: [np.sort(batch) for batch in cut(order, batch_size)], "The batches hold the right indices, and it looks like they were sorted. In which order does `order` have them?"),
    ],
    hints=[
        "The first batch is `order[0 : batch_size]`. Where does the second one begin?",
        "`range(0, n, batch_size)` gives all beginnings. A slice that reaches beyond the end stops there.",
        "For each `start` in that range, the batch is `order[start : start + batch_size]`.",
    ],
    alternatives=[
        cut_by_while,
        lambda order, batch_size: np.split(order, np.arange(batch_size, len(order), batch_size)),
        lambda order, batch_size: tuple(order[i : i + batch_size].tolist() for i in range(0, len(order), batch_size)),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: the bill

SIZES = np.array([1, 16, 64, 442])
UPDATES = np.array([320, 22, 9, 5])

bill = ValueQuestion(
    "bill",
    about="noise",
    points=1,
    level="guided",
    reference=[3360.0, 396.0, 378.0, 1155.0],
    cases=[],
    returns="an array or a list of four total costs, one for each batch size",
    mistakes=[
        mistake("examples-only", UPDATES * SIZES / 2, "It looks like only the examples are on the bill. What does an update cost before it has looked at any?"),
        mistake("fixed-only", UPDATES * 10, "It looks like the examples are free here. How many does an update look at, and what does that cost?"),
        mistake("one-update", 10 + SIZES / 2, "It looks like these are the costs of a single update each. How many are needed?"),
        mistake("examples-once", UPDATES * 10 + SIZES / 2, "It looks like each batch was paid for once. How often are that many examples looked at? (Mind the brackets.)"),
        mistake("fixed-once", 10 + UPDATES * SIZES / 2, "It looks like the 10 was paid once for the whole run. How often is it due?"),
        mistake("whole-price", UPDATES * (10 + SIZES), "It looks like an example was counted as 1. What does the text say?"),
        mistake("all-examples", UPDATES * (10 + 442 / 2), "It looks like every update pays for all 442. How many examples does it look at?"),
        mistake("the-best-size", 64, "It looks like the cheapest B. What is asked for is the whole bill: what does each of the four cost?"),
        mistake("the-lowest", 378.0, "That is the lowest of the four. What do the others cost?"),
        mistake("all-four", 5289.0, "It looks like the sum of the four. What does each of them cost?"),
        mistake("relative", UPDATES * (10 + SIZES / 2) / 378, "It looks like each cost was divided by the lowest, as in the lesson's figure. What is it before that, in units of time?"),
        mistake("exchanged", SIZES * (10 + UPDATES / 2), "It looks like `sizes` and `updates` changed places. Which of them is multiplied by ½?"),
    ],
    hints=[
        "What does *one* update with B = 16 cost? It looks at 16 examples.",
        "10 + 16 / 2 = 18. How many updates of that price are needed?",
        "Multiply the number of updates by the price of one, 10 + B / 2, for all four: arrays do that at once.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: SGD


def sgd(X, y, w, lr, batches):
    path = []
    for batch in batches:
        miss = X[batch] @ w - y[batch]
        grad = 2 / len(batch) * X[batch].T @ miss
        w = w - lr * grad
        path.append(w)
    return np.array(path)


def slope_at(X, y, w):
    """The gradient of the mean of squares."""
    return 2 / len(y) * X.T @ (X @ w - y)


def sgd_with(
    sign=-1, times=lambda batch, batches, y: 1, rows=lambda batch, seen, n: batch, at="now"
):
    """Return SGD with something changed: for its mistakes."""

    def broken(X, y, w, lr, batches):
        path, start, seen = [], w, 0
        for batch in batches:
            chosen = rows(batch, seen, len(y))
            seen += len(batch)
            grad = slope_at(X[chosen], y[chosen], start if at == "start" else w)
            step = sign * lr * times(batch, batches, y) * grad
            path.append((start if at == "lost" else w) + step)
            w = w if at == "lost" else path[-1]
        return np.array(path)

    return broken


def sgd_one_array(X, y, w, lr, batches):
    path, w = [], w.copy()
    for batch in batches:
        w -= lr * slope_at(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def sgd_in_place(X, y, w, lr, batches):
    path = []
    for batch in batches:
        w -= lr * slope_at(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def sgd_one_update(X, y, w, lr, batches):
    grads = [slope_at(X[batch], y[batch], w) for batch in batches]
    return np.array([w - lr * np.mean(grads, axis=0)])


def sgd_by_example(X, y, w, lr, batches):
    path = []
    for batch in batches:
        for i in batch:
            w = w - lr * 2 * (X[i] @ w - y[i]) * X[i]
        path.append(w)
    return np.array(path)


def sgd_on_means(X, y, w, lr, batches):
    path = []
    for batch in batches:
        row = X[batch].mean(axis=0)
        w = w - lr * 2 * (row @ w - y[batch].mean()) * row
        path.append(w)
    return np.array(path)


def sgd_by_loops(X, y, w, lr, batches):
    path = []
    for batch in batches:
        grad = np.zeros(len(w))
        for i in batch:
            grad += 2 * (sum(X[i, j] * w[j] for j in range(len(w))) - y[i]) * X[i]
        w = [w[j] - lr * grad[j] / len(batch) for j in range(len(w))]
        path.append(w)
    return path


def sgd_by_einsum(X, y, w, lr, batches):
    path = np.zeros((len(batches), len(w)))
    for t, batch in enumerate(batches):
        each = 2 * np.einsum("bd,b->bd", X[batch], np.einsum("bd,d->b", X[batch], w) - y[batch])
        w = w - lr * each.mean(axis=0)
        path[t] = w
    return path


def draw_shuffled(rng):
    """Arguments for `sgd`: batches without replacement, the last one ragged."""
    d, batch_size = rng.integers([2, 3], [4, 5]).tolist()
    n = 2 * batch_size + int(rng.integers(1, batch_size))
    batches = cut(rng.permutation(n), batch_size)
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), 0.1, batches


def draw_replaced(rng):
    """Arguments for `sgd`: batches with replacement."""
    n, d = rng.integers([5, 3], [8, 5]).tolist()
    batches = [rng.integers(n, size=4) for _ in range(5)]
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), 0.1, batches


X3 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 2.0]])
Y3 = np.array([1.0, 2.0, 3.0])
W3 = np.zeros(2)

sgd_question = Question(
    "sgd",
    about="implement",
    points=3,
    level="independent",
    reference=sgd,
    returns="an array of shape (number of batches, d): w after every update",
    cases=[
        hand(X3, Y3, W3, 0.5, [np.array([2, 0]), np.array([1])], should="Two batches, so two updates. The first leads to (2, 3); the second starts there, and hears a single example."),
        hand(X3, Y3, W3, 0.5, [np.array([1, 1, 0])], should="With replacement an example may come twice in a batch. Then it counts twice in the mean."),
        drawn(draw_shuffled),
        drawn(draw_replaced),
    ],
    mistakes=[
        mistake("uphill", sgd_with(sign=1), "It looks like every update goes uphill. What single sign would turn it round?"),
        mistake("all-rows", sgd_with(rows=lambda batch, seen, n: np.arange(n)), "It looks like every update uses all examples. Which rows of X and y belong to the batch?"),
        mistake("in-turn", sgd_with(rows=lambda batch, seen, n: np.arange(seen, seen + len(batch)) % n), "It looks like the rows are taken in the order of the table. What do the numbers in a batch stand for?"),
        mistake("once-each", sgd_with(rows=lambda batch, seen, n: np.unique(batch)), "It looks like an example that was drawn twice counts once. What does `X[batch]` do with a repeated index?"),
        mistake("sum", sgd_with(times=lambda batch, batches, y: len(batch)), "It looks like the gradients of a batch are summed. Should a batch twice as large make a step twice as long?"),
        mistake("by-n", sgd_with(times=lambda batch, batches, y: len(batch) / len(y)), "It looks like each batch is divided by n. How many examples is its gradient the mean over?"),
        mistake("full-size", sgd_with(times=lambda batch, batches, y: len(batch) / len(batches[0])), "Full batches come out right. It looks like the last, smaller one is divided by the size of a full one: what is it the mean over?"),
        mistake("no-two", sgd_with(times=lambda batch, batches, y: 0.5), "It looks like the 2 went missing. What is the derivative of a square?"),
        mistake("slope-of-the-start", sgd_with(at="start"), "It looks like all gradients are taken at the first w. Where is the walker when the second batch speaks?"),
        mistake("not-kept", sgd_with(at="lost"), "It looks like every update begins at the first w again. Which line should change w itself?"),
        mistake("one-array", sgd_one_array, "It looks like all rows of your answer are the last w: `-=` changes the one array that the list holds many times. How do you make a new one?"),
        mistake("in-place", sgd_in_place, "It looks like `-=` changed the one array that your list holds many times, and the caller's w as well. How do you make a new one?"),
        mistake("last-only", lambda *args: sgd(*args)[-1], "It looks like only the last w came back. What should be kept after every update?"),
        mistake("one-update", sgd_one_update, "It looks like the batches were averaged into a single update. How many updates does an epoch have?"),
        mistake("one-by-one", sgd_by_example, "It looks like w moves for every single example. What do the examples of a batch do together, before w moves?"),
        mistake("mean-example", sgd_on_means, "It looks like the examples were averaged, and the gradient taken at their mean. Take each example's gradient first: what is averaged then?"),
        mistake("before-update", lambda X, y, w, lr, batches: np.array([w, *sgd(X, y, w, lr, batches)[:-1]]), "It looks like w is kept before it is updated, so that the start comes first and the end is missing. Where should `append` stand?"),
        mistake("with-start", lambda X, y, w, lr, batches: np.array([w, *sgd(X, y, w, lr, batches)]), "The numbers are right, and the start is among them. What should the first row be?"),
        mistake("first-batch-only", lambda X, y, w, lr, batches: sgd(X, y, w, lr, batches[:1]), "It looks like only the first batch was used. How far to the right does `return` stand?"),
        mistake("divided-twice", sgd_with(times=lambda batch, batches, y: 1 / len(batch)), "It looks like the gradient was divided by the batch's length twice. Which of your lines divide by it?"),
        mistake("mask", sgd_with(times=lambda batch, batches, y: len(np.unique(batch)) / len(batch), rows=lambda batch, seen, n: np.unique(batch)), "It looks like an example that was drawn twice is used once. What does `X[batch]` do with a repeated index?"),
        mistake("no-lr", lambda X, y, w, lr, batches: sgd(X, y, w, 1.0, batches), "It looks like lr plays no part. Where does it belong?"),
        mistake("kept-at-the-end", lambda *args: sgd(*args)[-1:], "It looks like only the last w was kept. How far to the right does `append` stand?"),
    ],
    hints=[
        "A loop over the batches: each gives one gradient, and one update of w.",
        "`X[batch]` and `y[batch]` are the batch's rows. The rest is the gradient of lesson 4 on these rows alone.",
        "grad = 2 / len(batch) · X[batch].T @ (X[batch] @ w − y[batch]); then w = w − lr · grad; then append w.",
    ],
    alternatives=[sgd_by_loops, sgd_by_einsum, lambda *args: [w.tolist() for w in sgd(*args)]],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: a broken training


def train(X, y, w, lr, batch_size, orders):
    for order in orders:
        A, z = X[order], y[order]
        for i in range(0, len(y), batch_size):
            rows, targets = A[i : i + batch_size], z[i : i + batch_size]
            grad = 2 / len(targets) * rows.T @ (rows @ w - targets)
            w = w - lr * grad
    return w


def broken_train(X, y, w, lr, batch_size, orders):
    for order in orders:
        A, z = X[order], y
        for i in range(0, len(y), batch_size):
            rows, targets = A[i : i + batch_size], z[i : i + batch_size]
            grad = 2 / batch_size * rows.T @ (rows @ w - targets)
            w = w - lr * grad
    return w


def train_with(
    orders_of=lambda X, y, order: (X[order], y[order]),
    size=lambda targets, batch_size, n: len(targets),
    full_only=False,
):
    """Return the training with something changed: for its mistakes."""

    def broken(X, y, w, lr, batch_size, orders):
        n = len(y)
        for order in orders:
            A, z = orders_of(X, y, order)
            for i in range(0, n - batch_size + 1 if full_only else n, batch_size):
                rows, targets = A[i : i + batch_size], z[i : i + batch_size]
                w = w - lr * 2 / size(targets, batch_size, n) * rows.T @ (rows @ w - targets)
        return w

    return broken


def train_on_top(X, y, w, lr, batch_size, orders):
    for order in orders:
        X, y = X[order], y[order]
        for i in range(0, len(y), batch_size):
            w = w - lr * slope_at(X[i : i + batch_size], y[i : i + batch_size], w)
    return w


def train_without_last(X, y, w, lr, batch_size, orders):
    for order in orders:
        for batch in cut(order, batch_size)[:-1]:
            w = w - lr * slope_at(X[batch], y[batch], w)
    return w


def train_y_on_top(X, y, w, lr, batch_size, orders):
    for order in orders:
        y = y[order]
        w = train(X[order], y, w, lr, batch_size, [range(len(y))])
    return w


def train_by_index(X, y, w, lr, batch_size, orders):
    for order in orders:
        for batch in cut(order, batch_size):
            each = 2 * (X[batch] @ w - y[batch])[:, None] * X[batch]
            w = w - lr * each.mean(axis=0)
    return w


def train_by_sgd(X, y, w, lr, batch_size, orders):
    batches = [batch for order in orders for batch in cut(order, batch_size)]
    return sgd(X, y, w, lr, batches)[-1].tolist()


def draw_training(rng):
    """Arguments for `train`."""
    d, batch_size, epochs = rng.integers([2, 3, 2], [4, 5, 4]).tolist()
    n = 2 * batch_size + int(rng.integers(1, batch_size))
    orders = np.array([rng.permutation(n) for _ in range(epochs)])
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), 0.05, batch_size, orders


train_question = Question(
    "train",
    about="implement",
    points=2,
    level="independent",
    reference=train,
    given=broken_train,
    returns="w after the last update, an array of shape (d,)",
    cases=[
        hand(X3, Y3, W3, 0.5, 2, np.array([[0, 1, 2]]), should="Nothing is shuffled here, and the last batch holds one example: its gradient is that example's own, and w ends at (1, 2)."),
        hand(X3, Y3, W3, 0.1, 3, np.array([[2, 0, 1]]), should="All three at once: then the order can't matter, and w is (0.267, 0.533)."),
        hand(X3, Y3, W3, 0.1, 2, np.array([[2, 0, 1], [1, 2, 0]])),
        drawn(draw_training),
    ],
    mistakes=[
        mistake("still-full-size", train_with(size=lambda targets, batch_size, n: batch_size), "One bug is gone: row and target belong together. How many examples does the last batch hold, and what is its gradient the mean over?"),
        mistake("still-torn-apart", train_with(orders_of=lambda X, y, order: (X[order], y)), "One bug is gone: each batch is averaged over its own length. Take the order [2, 0, 1]: which row is first in A, and which target in z?"),
        mistake("no-shuffle", train_with(orders_of=lambda X, y, order: (X, y)), "Row and target belong together, but it looks like `order` isn't used any more. What was the shuffle for?"),
        mistake("no-shuffle-full-size", train_with(orders_of=lambda X, y, order: (X, y), size=lambda targets, batch_size, n: batch_size), "It looks like `order` isn't used any more, so nothing is shuffled. Can row and target stay together *in* the new order?"),
        mistake("rest-lost", train_with(full_only=True), "It looks like the last, smaller batch is left out, which hides its bug. What would its examples say to that?"),
        mistake("last-lost", train_without_last, "It looks like the last batch of each epoch is left out, even a full one. How far does `range` have to count?"),
        mistake("by-n", train_with(size=lambda targets, batch_size, n: n), "Row and target belong together now. It looks like each batch is divided by n: how many examples is its gradient the mean over?"),
        mistake("on-top", train_on_top, "It looks like each epoch shuffles what the epoch before had shuffled. Which table is `order` meant for?"),
        mistake("one-epoch", lambda X, y, w, lr, batch_size, orders: train(X, y, w, lr, batch_size, orders[:1]), "The first epoch is right, and it looks like the only one. How far to the right does `return` stand?"),
        mistake("rest-lost-torn-apart", train_with(orders_of=lambda X, y, order: (X[order], y), full_only=True), "It looks like the ragged batch is left out, which hides one bug. For the order [2, 0, 1], which row is first in A, which target in z?"),
        mistake("half-step", lambda X, y, w, lr, batch_size, orders: train(X, y, w, lr / 2, batch_size, orders), "Both bugs are gone, and it looks like the 2 is, too. What is the derivative of a square?"),
        mistake("only-y", train_with(orders_of=lambda X, y, order: (X, y[order])), "One bug is gone. It looks like y is shuffled now, and X isn't. Take the order [2, 0, 1]: which row is first in A, and which target in z?"),
        mistake("y-on-top", train_y_on_top, "The first epoch is right now. It looks like later ones shuffle y once more, on top of the last time. Which y is `order` meant for?"),
        mistake("sum", train_with(size=lambda targets, batch_size, n: 1), "Row and target belong together now. It looks like the gradients of a batch are summed: by what is a mean divided?"),
        mistake("first-batch", lambda X, y, w, lr, batch_size, orders: train(X[orders[0][:batch_size]], y[orders[0][:batch_size]], w, lr, batch_size, [range(min(batch_size, len(y)))]), "It looks like only the first batch is used. How far to the right does `return` stand?"),
    ],
    hints=[
        "There are two bugs. One shows in the very first batch, the other only in the last one.",
        "Print A[0] and z[0] for the order [2, 0, 1]. Print how many rows the last batch has.",
        "y needs the same shuffle as X; and a mean is divided by the number of its own rows.",
    ],
    alternatives=[train_by_index, train_by_sgd],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: the noise, measured


def batch_noise(each, batches):
    off = each[batches].mean(axis=1) - each.mean(axis=0)
    return np.sqrt((off**2).sum(axis=1).mean())


def noise_by_loops(each, batches):
    grad, total = sum(each) / len(each), 0.0
    for batch in batches:
        estimate = sum(each[i] for i in batch) / len(batch)
        total += sum((a - b) ** 2 for a, b in zip(estimate, grad))
    return (total / len(batches)) ** 0.5


def noise_by_einsum(each, batches):
    off = each[batches].mean(axis=1) - each.mean(axis=0)
    return float(np.einsum("kd,kd->", off, off) / len(batches)) ** 0.5


def off(each, batches):
    """How far off each estimate is, shape (k, d)."""
    return each[batches].mean(axis=1) - each.mean(axis=0)


def length(table):
    """The root of the mean squared length of the rows."""
    return np.sqrt((table**2).sum(axis=-1).mean())


def draw_gradients(rng):
    """Arguments for `batch_noise`."""
    n, d, k, batch_size = rng.integers([7, 2, 10, 4], [10, 4, 14, 7]).tolist()
    batches = rng.integers(n, size=(k, batch_size))
    return rng.normal(1.0, 1.0, size=(n, d)), batches


EACH4 = np.array([[4.0, 0.0], [0.0, 2.0], [4.0, 6.0], [0.0, 0.0]])

noise_question = Question(
    "batch_noise",
    about="noise",
    points=2,
    level="independent",
    reference=batch_noise,
    returns="the noise, a number",
    cases=[
        hand(EACH4, np.array([[0], [2], [3]]), should="The full gradient is (2, 2). The three estimates are off by (2, −2), (2, 4) and (−2, −2): squared lengths 8, 20 and 8, on average 12."),
        hand(EACH4, np.array([[0, 1, 2, 3], [3, 1, 0, 2]]), should="All four together are exact: no noise."),
        hand(EACH4, np.array([[0, 1], [2, 2]]), should="The full gradient is (2, 2). The estimates are (2, 1) and (4, 6)."),
        drawn(draw_gradients),
    ],
    mistakes=[
        mistake("variance", lambda each, batches: batch_noise(each, batches) ** 2, "It looks like the variance. What turns it into a standard deviation, which is what noise means here?"),
        mistake("mean-length", lambda each, batches: np.linalg.norm(off(each, batches), axis=1).mean(), "It looks like the mean of the distances. “Root of the mean of squares”: in which order is that done?"),
        mistake("sum-of-squares", lambda each, batches: np.sqrt((off(each, batches) ** 2).sum()), "It looks like the squared distances are summed over the batches. Should a second thousand of draws double them?"),
        mistake("coordinates-averaged", lambda each, batches: np.sqrt((off(each, batches) ** 2).mean()), "It looks like the d coordinates were averaged as well. How does Pythagoras put them together?"),
        mistake("coordinates-apart", lambda each, batches: np.sqrt((off(each, batches) ** 2).mean(axis=0)), "It looks like there is a noise for each coordinate. How does Pythagoras make one distance of them?"),
        mistake("one-each", lambda each, batches: np.sqrt((off(each, batches) ** 2).sum(axis=1)), "It looks like there is one distance for each batch. How are all the draws brought into one number?"),
        mistake("own-mean", lambda each, batches: length(each[batches].mean(axis=1) - each[batches].mean(axis=(0, 1))), "It looks like the distance from the mean of these estimates. What are they estimates *of*?"),
        mistake("from-zero", lambda each, batches: length(each[batches].mean(axis=1)), "It looks like the length of the estimates themselves. What should they be compared with?"),
        mistake("cancelled", lambda each, batches: np.linalg.norm(off(each, batches).mean(axis=0)), "It looks like the errors were averaged before they were squared, so that they cancel. Which comes first?"),
        mistake("single-examples", lambda each, batches: length(each[batches] - each.mean(axis=0)), "It looks like the noise of single examples. When does a batch become *one* estimate?"),
        mistake("wrong-axis", lambda each, batches: length(each[batches].mean(axis=0) - each.mean(axis=0)), "It looks like the mean went across the batches. `each[batches]` has shape (k, B, d): which axis is a batch?"),
        mistake("the-law", lambda each, batches: length(each - each.mean(axis=0)) / np.sqrt(batches.shape[1]), "It looks like σ/√B, which these batches come near on average. How far off are they themselves?"),
        mistake("summed-batch", lambda each, batches: length(each[batches].sum(axis=1) - each.mean(axis=0)), "It looks like the gradients of a batch are summed. What is an estimate?"),
        mistake("one-too-few", lambda each, batches: np.sqrt((off(each, batches) ** 2).sum() / (len(batches) - 1)), "It looks like the squares were divided by k − 1. The full gradient is known here, and not estimated: what is the plain mean?"),
        mistake("all-in-one", lambda each, batches: np.std(each[batches].mean(axis=1)), "It looks like `np.std` over all entries: all coordinates around one common mean. Which gradient should each estimate be compared with?"),
        mistake("round-the-corner", lambda each, batches: np.abs(off(each, batches)).sum(axis=1).mean(), "It looks like the coordinates' distances were added, as if walking round the corner. How long is the straight line?"),
        mistake("coordinates-joined", lambda each, batches: np.sqrt((off(each, batches).sum(axis=1) ** 2).mean()), "It looks like the coordinates were added before they were squared. What does Pythagoras do first?"),
        mistake("axes-exchanged", lambda each, batches: np.sqrt((off(each, batches) ** 2).sum(axis=0).mean()), "It looks like the sum went over the batches, and the mean over the coordinates. Which axis is which?"),
    ],
    hints=[
        "First the estimates, one for each batch: shape (k, d). What are they off from?",
        "`each[batches]` has shape (k, B, d); its mean over axis 1 holds the estimates. Take the full gradient off.",
        "Square, sum over the coordinates, average over the batches, and take the root, in this order.",
    ],
    alternatives=[
        noise_by_loops,
        noise_by_einsum,
        lambda each, batches: np.sqrt(np.mean([np.linalg.norm(each[b].mean(0) - each.mean(0)) ** 2 for b in batches])),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- guided: a calmer walk

calmer = ChoiceQuestion(
    "calmer",
    about="noise",
    points=1,
    level="guided",
    reference=("d", 3),
    cases=[],
    returns="a letter in quotes and a number, with a comma between them",
    mistakes=[
        mistake("more-updates", ("a", None), "It has come as near as it will, so more of the same changes nothing. What decides how much fresh noise an update brings?"),
        mistake("half-the-lr", ("b", None), "That helps, and not enough. What is lr/(2 − lr) for lr = 0.1, and for 0.05?"),
        mistake("twice-the-batch", ("c", None), "That helps, and not enough. Twice the batch: by what does the *variance* of an estimate fall?"),
        mistake("right-by-waiting", ("d", 1), "The change is right. Would it be needed, though, if updates averaged the noise away?"),
        mistake("right-by-b", ("d", 2), "The change is right. If that were the reason, the variance would fall to a sixteenth. How does the noise fall with B?"),
        mistake("right-by-lr", ("d", 4), "The change is right, and it leaves lr alone. How does the noise of an estimate fall with B?"),
    ],
    hints=[
        "The floor is lr/(2 − lr) times the variance of one estimate. For which change is it a quarter?",
        "Half the lr: about half of lr/(2 − lr). And the noise of an estimate is σ/√B: what is its square?",
        "The variance of an estimate is σ²/B. Which B makes that a quarter?",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: the floor


def noise_floor(lr, batch_size, heard):
    x = np.zeros(heard.shape[1])
    for start in range(0, len(heard), batch_size):
        estimate = heard[start : start + batch_size].mean(axis=0)
        x = x - lr * (x - estimate)
    return x.var(), lr / (2 - lr) / batch_size


def estimates(batch_size, heard):
    """What each walker hears in each step, shape (steps, walkers)."""
    return heard.reshape(-1, batch_size, heard.shape[1]).mean(axis=1)


def places(lr, batch_size, heard, pull=lambda x, value: x - value):
    """Where the walkers are after every step."""
    x, path = np.zeros(heard.shape[1]), []
    for value in estimates(batch_size, heard):
        x = x - lr * pull(x, value)
        path.append(x)
    return np.array(path)


def floor_with(walk=places, spread=lambda path: path[-1].var(), theory=None):
    """Return the experiment with something changed: for its mistakes."""

    def broken(lr, batch_size, heard):
        formula = lr / (2 - lr) / batch_size if theory is None else theory(lr, batch_size, heard)
        return spread(walk(lr, batch_size, heard)), formula

    return broken


def floor_by_weights(lr, batch_size, heard):
    means = estimates(batch_size, heard)
    x = lr * (1 - lr) ** np.arange(len(means))[::-1] @ means
    return [float(np.mean((x - np.mean(x)) ** 2)), lr / (batch_size * (2 - lr))]


def floor_by_walker(lr, batch_size, heard):
    ends = []
    for column in heard.T:
        x = 0.0
        for part in np.array_split(column, len(column) // batch_size):
            x = (1 - lr) * x + lr * sum(part) / batch_size
        ends.append(x)
    return np.array([np.std(ends) ** 2, lr**2 / (1 - (1 - lr) ** 2) / batch_size])


def floor_by_windows(lr, batch_size, heard, share=lambda batch_size: 1):
    x = np.zeros(heard.shape[1])
    for start in range(len(heard) // share(batch_size)):
        x = x - lr * (x - heard[start : start + batch_size].mean(axis=0))
    return x.var(), lr / (2 - lr) / batch_size


def floor_by_first_windows(lr, batch_size, heard):
    return floor_by_windows(lr, batch_size, heard, share=lambda batch_size: batch_size)


def draw_walkers(rng):
    """Arguments for `noise_floor`."""
    batch_size, steps, walkers = rng.integers([2, 5, 9], [5, 9, 14]).tolist()
    return rng.uniform(0.1, 0.9), batch_size, rng.normal(size=(steps * batch_size, walkers))


floor_question = Question(
    "noise_floor",
    about="noise",
    points=3,
    level="stretch",
    reference=noise_floor,
    returns="two numbers: the measured variance and the theory's",
    cases=[
        hand(0.5, 1, np.array([[1.0, -1.0]]), should="One step of two walkers, from 0 to 0.5 and −0.5: their variance is 0.25. The theory says 0.5/1.5 = 0.333."),
        hand(0.5, 2, np.array([[1.0, -1.0], [3.0, 0.0], [0.0, 2.0], [2.0, 0.0]]), should="B = 2, so two rows make one step. The first means, 2 and −0.5, lead to 1 and −0.25; then both hear 1, and end at 1 and 0.375."),
        hand(0.2, 1, np.array([[1.0, 0.0, 2.0], [1.0, -2.0, 0.0]]), should="Two steps. The first leads to 0.2, 0 and 0.4, the second to 0.36, −0.4 and 0.32."),
        drawn(draw_walkers),
        drawn(lambda rng: (rng.uniform(0.05, 1.5), 1, rng.normal(size=(40, 200))), n=1),
    ],
    mistakes=[
        mistake("deviation", floor_with(spread=lambda path: path[-1].std()), "The theory is right. It looks like a standard deviation was measured: what is asked for, and how do the two hang together?"),
        mistake("both-deviations", lambda lr, batch_size, heard: tuple(np.sqrt(noise_floor(lr, batch_size, heard))), "It looks like both are standard deviations. Does the text ask for them, or for variances?"),
        mistake("around-zero", floor_with(spread=lambda path: np.mean(path[-1] ** 2)), "It looks like the mean square distance from 0. A variance is taken around … what?"),
        mistake("one-too-few", floor_with(spread=lambda path: path[-1].var(ddof=1)), "It looks like the variance was divided by one walker too few (`ddof=1`). These are all the walkers there are: what is the plain mean of squares?"),
        mistake("all-the-way", floor_with(spread=lambda path: path.var()), "It looks like the places of all steps went into the variance, those on the way, too. When is it to be measured?"),
        mistake("in-time", floor_with(spread=lambda path: path[:, 0].var()), "It looks like the variance of one walker in time. Which walkers, and at which step, are meant?"),
        mistake("single-voices", floor_with(walk=lambda lr, batch_size, heard: places(lr, 1, heard)), "The theory is right. It looks like each row makes a step of its own: how many rows does a step take when `batch_size` is 2?"),
        mistake("first-of-each", floor_with(walk=lambda lr, batch_size, heard: places(lr, 1, heard[::batch_size])), "It looks like only one row of each batch is heard. What do the others say?"),
        mistake("sum", floor_with(walk=lambda lr, batch_size, heard: places(lr, 1, batch_size * estimates(batch_size, heard))), "It looks like the values of a batch are summed. How does a batch make *one* value?"),
        mistake("no-way-back", floor_with(walk=lambda lr, batch_size, heard: places(lr, batch_size, heard, lambda x, value: -value)), "It looks like x plays no part in the slope, so nothing pulls the walkers back. What is the derivative of ½(x − y)²?"),
        mistake("uphill", floor_with(walk=lambda lr, batch_size, heard: places(lr, batch_size, heard, lambda x, value: value - x)), "It looks like the walkers run away from what they hear. Which sign brings them nearer?"),
        mistake("weights-swapped", floor_with(walk=lambda lr, batch_size, heard: places(1 - lr, batch_size, heard)), "It looks like lr and 1 − lr changed places. Which part of the old x does a small step keep?"),
        mistake("theory-without-b", floor_with(theory=lambda lr, batch_size, heard: lr / (2 - lr)), "The measurement is right. It looks like the theory is that for B = 1. What does a batch do to the variance of what is heard?"),
        mistake("theory-by-root", floor_with(theory=lambda lr, batch_size, heard: lr / (2 - lr) / np.sqrt(batch_size)), "The measurement is right. It looks like the theory falls as 1/√B. Is it the noise that does so, or the variance?"),
        mistake("small-lr", floor_with(theory=lambda lr, batch_size, heard: lr / 2 / batch_size), "The measurement is right. It looks like the theory is lr/2, which is near for a small lr. What is it for any?"),
        mistake("first-step", floor_with(theory=lambda lr, batch_size, heard: lr**2 / batch_size), "The measurement is right. It looks like the theory stops after one step. When does v = (1 − lr)² v + lr² no longer change?"),
        mistake("own-sigma", floor_with(theory=lambda lr, batch_size, heard: heard.var() * lr / (2 - lr) / batch_size), "The measurement is right. It looks like the theory uses the variance of these very values. With which one were they drawn?"),
        mistake("swapped", lambda lr, batch_size, heard: noise_floor(lr, batch_size, heard)[::-1], "Both numbers are right, and it looks like they have changed places. Which comes first?"),
        mistake("measured-only", lambda lr, batch_size, heard: noise_floor(lr, batch_size, heard)[0], "What was measured is right. Two numbers are asked for: what does theory say to this lr and this batch size?"),
        mistake("the-places", floor_with(spread=lambda path: path[-1]), "It looks like the places of the walkers came back. Which number says how far they are spread?"),
        mistake("windows", floor_by_windows, "It looks like the batches overlap: each step moves on by one row. How many rows are used up by a step?"),
        mistake("first-windows", floor_by_first_windows, "It looks like the steps are counted right, but each begins one row after the last. How many rows are used up by a step?"),
        mistake("one-for-all", floor_with(walk=lambda lr, batch_size, heard: places(lr, batch_size, heard.mean(axis=1, keepdims=True) + 0 * heard)), "It looks like all walkers hear the same. `heard` has a column for each: along which axis is the mean?"),
        mistake("doubled", floor_with(walk=lambda lr, batch_size, heard: places(2 * lr, batch_size, heard)), "It looks like each step is twice as long as it should be. What is the derivative of ½(x − y)²?"),
        mistake("b-twice", floor_with(walk=lambda lr, batch_size, heard: places(lr, batch_size, heard) / np.sqrt(batch_size)), "It looks like the measured variance was divided by `batch_size`, too. What have the walkers done about the batch already?"),
        mistake("theory-deviation", floor_with(theory=lambda lr, batch_size, heard: np.sqrt(lr / (2 - lr) / batch_size)), "The measurement is right. It looks like the theory is a standard deviation. What is asked for?"),
        mistake("other-denominator", floor_with(theory=lambda lr, batch_size, heard: lr / (1 - lr) / batch_size), "The measurement is right. In the theory it looks like the denominator is 1 − lr. At which lr does the floor grow without limit?"),
    ],
    hints=[
        "All walkers at once: x is an array, one place for each. What does one step do to it?",
        "A batch is `batch_size` rows; their mean over axis 0 is what each walker hears. Then x = x − lr · (x − heard).",
        "After the loop, `x.var()`. A mean of B values has a B-th of the variance, so lr / (2 − lr) is divided by B.",
    ],
    alternatives=[floor_by_weights, floor_by_walker],
)  # fmt: skip


batch_variants = Exercises("batch_variants", cut_question, bill, sgd_question, train_question, noise_question, calmer, floor_question)  # fmt: skip
