"""Exercises of lesson 4, linear regression from scratch."""

import math
from dataclasses import dataclass

import numpy as np

from ..check import ChoiceQuestion, Question, ValueQuestion, drawn, hand, law, mistake
from ..check.exercises import Exercises
from ..check.plain import same

# ---------------------------------------------------------------- guided: predictions and loss


def evaluate(X, y, w, b):
    predictions = X @ w + b
    loss = np.mean((predictions - y) ** 2)
    return predictions, loss


def evaluated(
    predict=lambda X, w, b: X @ w + b,
    lose=lambda r: np.mean(r**2),
    pair=lambda predictions, y, loss: (predictions, loss),
):
    """Return predictions and loss with something changed: for their mistakes."""

    def broken(X, y, w, b):
        predictions = predict(X, w, b)
        return pair(predictions, y, lose(predictions - y))

    return broken


def evaluate_by_loops(X, y, w, b):
    predictions, total = [], 0.0
    for row, target in zip(X, y):
        prediction = b
        for x, weight in zip(row, w):
            prediction += x * weight
        predictions.append(prediction)
        total += (prediction - target) ** 2
    return predictions, total / len(y)


def evaluate_by_einsum(X, y, w, b):
    predictions = np.einsum("nd,d->n", X, w) + b
    r = predictions - y
    return [predictions.tolist(), r @ r / len(r)]


def evaluate_with_ones(X, y, w, b):
    A = np.column_stack([X, np.ones(len(X))])
    predictions = A @ np.append(w, b)
    return predictions, np.square(y - predictions).sum() / y.size


def draw_line(rng):
    """X, y, w and b: n rows, d features."""
    d = int(rng.integers(2, 5))
    n = d + int(rng.integers(2, 6))
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), float(rng.normal())


evaluate_question = Question(
    "evaluate",
    about="derive",
    points=1,
    level="guided",
    reference=evaluate,
    returns="two things: the predictions, an array of shape (n,), and the loss, a number",
    cases=[
        hand(np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]]), np.array([3.0, 1.0, 8.0]), np.array([2.0, 1.0]), 1.0, should="The predictions are 3, 2 and 6, off by 0, 1 and −2."),
        hand(np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0, 2.0]), np.array([0.5]), -1.0, should="One feature: the line 0.5·x − 1. All three predictions are too low, by 1.5, 2 and 1."),
        hand(np.array([[5.0, 7.0], [1.0, 4.0], [0.0, 3.0], [2.0, 2.0]]), np.array([4.0, 2.0, 2.0, 4.0]), np.zeros(2), 3.0, should="With all weights 0 every prediction is b = 3, and each is off by 1."),
        drawn(draw_line),
    ],
    laws=[law("A mean of squares is never negative.", lambda args, value: value[1] >= 0)],
    mistakes=[
        mistake("no-b", evaluated(lambda X, w, b: X @ w), "It looks like the intercept plays no part. Where does b lift the predictions?"),
        mistake("minus-b", evaluated(lambda X, w, b: X @ w - b), "It looks like b was taken off. Does an intercept of 3 lift a line, or lower it?"),
        mistake("b-for-each-feature", evaluated(lambda X, w, b: (X * w + b).sum(axis=1)), "It looks like b was added once for each feature. How often does it lift a prediction?"),
        mistake("not-added-up", evaluated(lambda X, w, b: X * w + b), "It looks like X * w, a product for each number of the table. A prediction adds up its row: which operator does both?"),
        mistake("order", evaluated(lambda X, w, b: w @ X + b), "Two shapes don't fit. X has shape (n, d), w has (d,): in which order do they meet along d?"),
        mistake("all-columns", evaluated(lambda X, w, b: X @ w[:, None] + b), "It looks like the predictions are a column, (n, 1). Minus y that gives n × n: each against every y. How do they become (n,)?"),
        mistake("each-with-each", lambda X, y, w, b: (X @ w + b, np.mean((X @ w + b - y[:, None]) ** 2)), "The predictions are right. In the loss each seems to meet *every* y: what does `(predictions - y).shape` say?"),
        mistake("column", lambda X, y, w, b: ((X @ w + b)[:, None], evaluate(X, y, w, b)[1]), "The loss is right, and the predictions are a column, (n, 1). Where does the second axis come from?"),
        mistake("first-feature", evaluated(lambda X, w, b: X[:, 0] * w[0] + b), "It looks like only the first feature counts. What do the other columns of X add to a prediction?"),
        mistake("one-total", evaluated(lambda X, w, b: (X * w + b).sum()), "It looks like the whole table was added up into one number. How many predictions are there, and along which axis does each add up?"),
        mistake("b-times", evaluated(lambda X, w, b: X @ w * b), "It looks like b multiplies the predictions. Does an intercept stretch a line, or lift it?"),
        mistake("sum", evaluated(lose=lambda r: np.sum(r**2)), "The predictions are right, and the loss looks like a sum. Should twice as many examples give twice the loss?"),
        mistake("half", evaluated(lose=lambda r: np.mean(r**2) / 2), "The predictions are right, and the loss is half of what it should be. Does the *mean* squared error have a ½?"),
        mistake("root", evaluated(lose=lambda r: np.sqrt(np.mean(r**2))), "The predictions are right. It looks like the root of the loss: is one asked for?"),
        mistake("length", evaluated(lose=np.linalg.norm), "The predictions are right. It looks like the length of the residuals, √(Σr²). How does a mean of squares differ?"),
        mistake("absolute", evaluated(lose=lambda r: np.mean(np.abs(r))), "The predictions are right. It looks like the mean *absolute* error: what does a miss of 2 cost when squared?"),
        mistake("not-squared", evaluated(lose=np.mean), "The predictions are right. It looks like the plain mean of the misses, where +2 and −2 make up for each other. What comes before the mean?"),
        mistake("mean-first", evaluated(lose=lambda r: np.mean(r) ** 2), "The predictions are right. It looks like the mean was taken before the square, so that +2 and −2 cancel. What comes first?"),
        mistake("variance", evaluated(lose=np.var), "The predictions are right. It looks like the variance of the residuals, which forgives a line that is too low everywhere. From where are misses counted?"),
        mistake("plus", lambda X, y, w, b: (X @ w + b, np.mean((X @ w + b + y) ** 2)), "The predictions are right. In the loss y seems to be added to them. What is a residual?"),
        mistake("sum-first", evaluated(lose=lambda r: np.sum(r) ** 2 / len(r)), "The predictions are right. It looks like the misses were added up before the square, so that +2 and −2 cancel. What comes first?"),
        mistake("one-short", evaluated(lose=lambda r: np.sum(r**2) / (len(r) - 1)), "The predictions are right. It looks like the loss was divided by n − 1. Over how many examples is the mean?"),
        mistake("by-features", lambda X, y, w, b: (X @ w + b, np.sum((X @ w + b - y) ** 2) / len(w)), "The predictions are right. It looks like the loss was divided by the number of features. Over what is the mean?"),
        mistake("loss-of-each", evaluated(lose=lambda r: r**2), "The predictions are right. It looks like each example's square came back: which one number stands for them all?"),
        mistake("rounded", evaluated(pair=lambda p, y, loss: (np.round(p, 2), np.round(loss, 2))), "It looks like the numbers were rounded to two digits. Where did the others go?"),
        mistake("exchanged", evaluated(pair=lambda p, y, loss: (loss, p)), "Both are right, and in the other order. Which one is to come first?"),
        mistake("residuals", evaluated(pair=lambda p, y, loss: (p - y, loss)), "The loss is right. It looks like the residuals came back with it. What are the predictions, before y is taken off?"),
    ],
    hints=[
        "One example first: multiply each of its numbers by its weight, add them up, and add b.",
        "`X @ w` does that for all rows at once, and has shape (n,). b is added to each.",
        "predictions = X @ w + b. The loss is `np.mean` of (predictions − y) ** 2.",
    ],
    alternatives=[evaluate_by_loops, evaluate_by_einsum, evaluate_with_ones],
)  # fmt: skip


# ---------------------------------------------------------------- guided: twins


@dataclass(frozen=True)
class RowsQuestion(ValueQuestion):
    """A value of some rows; in a mistake, None stands for any row."""

    def alike(self, value, other):
        """Return whether the rows that a mistake names are these."""
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, list | tuple) or len(value) != len(other):
            return False
        return all(row is None or same(given, row, self.rtol) for given, row in zip(value, other))


HALVES = [0.5, 0.5]

twins = RowsQuestion(
    "twins",
    about="match",
    points=1,
    level="guided",
    reference=[[0.5, 0.5], [0.7, 0.3]],
    cases=[],
    laws=[
        law("Either pair should predict y = 1, 2, 3.", lambda args, value: np.allclose(np.sum(value, axis=1), 1)),
        law("Both weights change alike in every step.", lambda args, value: np.allclose(np.diff(value, axis=1).ravel(), [0, -0.4])),
    ],
    returns="a list of two pairs: where the walk from (0, 0) ends, and where that from (0.6, 0.2)",
    mistakes=[
        mistake("printed", [[0.99935587, 0.99933838], None], "That is what the article prints. What do these weights predict for x₁ = x₂ = 3, where y is 3?"),
        mistake("each-alone", [[1.0, 1.0], None], "Each column alone would get the weight 1. What do (1, 1) together predict for x₁ = x₂ = 3?"),
        mistake("first-takes-all", [[1.0, 0.0], None], "(1, 0) would fit. But both columns are equal, so their gradients are: how could one weight move, and the other stay at 0?"),
        mistake("second-takes-all", [[0.0, 1.0], None], "(0, 1) would fit. But both columns are equal, so their gradients are: how could one weight move, and the other stay at 0?"),
        mistake("start-forgotten", [HALVES, [0.5, 0.5]], "The first pair is right. From (0.6, 0.2) both weights change by the *same* amount: what is left of their difference?"),
        mistake("stays", [HALVES, [0.6, 0.2]], "The first pair is right. At (0.6, 0.2) the weights add up to 0.8, so the predictions are too low: can the walk rest there?"),
        mistake("shared-in-proportion", [HALVES, [0.75, 0.25]], "The first pair is right. The second keeps the ratio of its start; but a step *adds* the same to both weights. How much is missing?"),
        mistake("all-to-the-first", [HALVES, [0.8, 0.2]], "The first pair is right. In the second, only the first weight moved. The columns are equal: what does the other one do?"),
        mistake("all-to-the-second", [HALVES, [0.6, 0.4]], "The first pair is right. In the second, only the second weight moved. The columns are equal: what does the other one do?"),
        mistake("twice-the-rest", [HALVES, [0.8, 0.4]], "The first pair is right. In the second, both weights got all that was missing. To what do they add up now?"),
        mistake("down", [HALVES, [0.5, 0.1]], "The first pair is right. The second went the other way: does 0.5 + 0.1 predict more than 0.6 + 0.2 did?"),
        mistake("swapped", [HALVES, [0.3, 0.7]], "The first pair is right. The second has its weights in the other order: which of them was ahead at the start?"),
    ],
    hints=[
        "Equal columns, equal entries of the gradient: in every step both weights change by the same amount.",
        "The walk rests where the predictions fit, and they fit where w₁ + w₂ = 1.",
        "From (0.6, 0.2) 0.2 is missing, and each of the two weights gets half of that.",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: the gradient


def gradient(X, y, w, b):
    r = X @ w + b - y
    dw = 2 / len(y) * X.T @ r
    db = 2 * np.mean(r)
    return np.append(dw, db)


def by_levers(
    residual=lambda X, y, w, b: X @ w + b - y,
    of_w=lambda X, r: 2 / len(r) * X.T @ r,
    of_b=lambda r: 2 * np.mean(r),
    join=np.append,
):
    """Return the gradient with something changed: for its mistakes."""

    def broken(X, y, w, b):
        r = residual(X, y, w, b)
        return join(of_w(X, r), of_b(r))

    return broken


def gradient_by_loop(X, y, w, b):
    dw, db = [0.0] * len(w), 0.0
    for row, target in zip(X, y):
        r = sum(x * weight for x, weight in zip(row, w)) + b - target
        for j in range(len(w)):
            dw[j] += 2 * r * row[j] / len(y)
        db += 2 * r / len(y)
    return [*dw, db]


def gradient_with_ones(X, y, w, b):
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / len(y) * A.T @ (A @ np.append(w, b) - y)


def gradient_by_einsum(X, y, w, b):
    r = y - np.einsum("nd,d->n", X, w) - b
    levers = np.hstack([X, np.ones((len(X), 1))])
    return -2 * np.einsum("nd,n->nd", levers, r).mean(axis=0)


gradient_question = Question(
    "gradient",
    about="derive",
    points=2,
    level="independent",
    reference=gradient,
    returns="an array of shape (d + 1,): an entry for each weight, and b's entry last",
    cases=[
        hand(np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]]), np.array([0.0, 3.0, 1.0]), np.array([1.0, -1.0]), 2.0, should="The residuals are 3, −3 and 3. The lever of b is 1, so its entry is twice their mean: 2."),
        hand(np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 3.0, 7.0]), np.array([2.0]), -1.0, should="The line 2·x − 1 hits all three points: every entry is 0."),
        hand(np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]), np.array([2.0, 4.0, 5.0, 4.0, 5.0]), np.zeros(1), 0.0, should="The lesson's five points, at (0, 0): −26.4 and −8."),
        drawn(draw_line),
    ],
    laws=[law("b's entry has the sign of the mean residual.", lambda args, value: np.sign(value[-1]) == np.sign(np.mean(args[0] @ args[2] + args[3] - args[1])))],
    mistakes=[
        mistake("measured-minus-predicted", by_levers(lambda X, y, w, b: y - X @ w - b), "It looks like the residual is measured minus predicted, so that the gradient points downhill. In which order does the lesson subtract?"),
        mistake("no-two", by_levers(of_w=lambda X, r: X.T @ r / len(r), of_b=np.mean), "It looks like the 2 went missing. What is the derivative of r²?"),
        mistake("sum", by_levers(of_w=lambda X, r: 2 * X.T @ r, of_b=lambda r: 2 * np.sum(r)), "It looks like the sum over the examples. What makes a mean of it?"),
        mistake("sum-no-two", by_levers(of_w=lambda X, r: X.T @ r, of_b=np.sum), "It looks like lever times residual, added up, and no more. Which factor comes from the square, and which from the mean?"),
        mistake("by-features", lambda X, y, w, b: gradient(X, y, w, b) * len(y) / len(w), "It looks like the sums were divided by the number of features. Over what is the mean taken?"),
        mistake("by-all-entries", lambda X, y, w, b: gradient(X, y, w, b) / len(w), "It looks like the sums were divided by n · d, as `np.mean` of a whole table does. Along which axis should it go?"),
        mistake("no-b", by_levers(lambda X, y, w, b: X @ w - y), "It looks like the residuals were taken without b. What does the line predict?"),
        mistake("no-lever", by_levers(of_w=lambda X, r: np.full(X.shape[1], 2 * np.mean(r))), "It looks like every weight got the entry of b. By how much does a residual grow when w grows by 1?"),
        mistake("mean-first", by_levers(of_w=lambda X, r: 2 * np.mean(r) * X.mean(axis=0)), "It looks like the mean residual times the mean lever. Which comes first: the product for each example, or the mean?"),
        mistake("b-first", by_levers(join=lambda dw, db: np.append(db, dw)), "The entries are right, and b's comes first. Where does the text want it?"),
        mistake("w-only", by_levers(join=lambda dw, db: dw), "The entries of w are right, and one is missing. Which other number does the walk change?"),
        mistake("b-sum", by_levers(of_b=lambda r: 2 * np.sum(r)), "The entries of w are right. It looks like b's is a sum: what makes a mean of it?"),
        mistake("b-no-two", by_levers(of_b=np.mean), "The entries of w are right. In b's the 2 went missing: which r is squared there?"),
        mistake("b-minus", by_levers(of_b=lambda r: -2 * np.mean(r)), "The entries of w are right, b's has the other sign. Does raising b raise the residuals, or lower them?"),
        mistake("w-no-two", by_levers(of_w=lambda X, r: X.T @ r / len(r)), "b's entry is right. In those of w the 2 went missing: whose square is it that is derived?"),
        mistake("w-sum", by_levers(of_w=lambda X, r: 2 * X.T @ r), "b's entry is right. Those of w look like sums: what makes means of them?"),
        mistake("for-each-example", by_levers(of_w=lambda X, r: 2 * r[:, None] * X, of_b=lambda r: 2 * r, join=lambda dw, db: np.column_stack([dw, db])), "It looks like a row for each example. The loss is their mean: what happens to the rows?"),
        mistake("by-predictions", by_levers(of_w=lambda X, r: 2 / len(r) * r, join=lambda dw, db: dw), "It looks like an entry for each example. How many weights are there to be moved, and what is each one's lever?"),
        mistake("not-on-its-side", by_levers(of_w=lambda X, r: 2 / len(r) * X @ r), "Two shapes don't fit. Write down those of X, w and the residuals, and of each product: where do the inner numbers differ?"),
        mistake("rows-by-columns", by_levers(of_w=lambda X, r: 2 * np.mean(r * X, axis=0)), "It looks like r * X: NumPy lines up the n residuals with the *columns* of X. What makes each residual meet its row?"),
        mistake("one-for-all", by_levers(of_w=lambda X, r: 2 * np.mean(r[:, None] * X)), "It looks like one mean over the whole table, for all weights together. Along which axis does each weight get its own?"),
        mistake("squared", by_levers(lambda X, y, w, b: (X @ w + b - y) ** 2), "It looks like lever times *squared* residual. What is the derivative of r²?"),
        mistake("b-zero", by_levers(of_b=lambda r: 0.0), "The entries of w are right. It looks like b's is 0: does the loss stay the same when the line is lifted?"),
        mistake("b-times-b", lambda X, y, w, b: gradient(X, y, w, b) * np.append(np.ones(len(w)), b), "The entries of w are right. It looks like b's was multiplied by b. By how much do the residuals grow when b grows by 1?"),
        mistake("last-row", lambda X, y, w, b: gradient(X[-1:], y[-1:], w, b) / len(y), "It looks like only the last example counts. Does the loop add to what it has, or write over it?"),
        mistake("first-row", lambda X, y, w, b: gradient(X[:1], y[:1], w, b) / len(y), "It looks like only the first example counts. How far to the right does `return` stand?"),
        mistake("a-step", lambda X, y, w, b: np.append(w, b) - gradient(X, y, w, b), "It looks like a step was made, with lr = 1. What is asked for: new weights, or the gradient?"),
        mistake("absolute", by_levers(of_w=lambda X, r: X.T @ np.sign(r) / len(r), of_b=lambda r: np.mean(np.sign(r))), "It looks like the gradient of the mean *absolute* error. What does a larger residual do to the slope of its square?"),
    ],
    hints=[
        "Begin with the n residuals, r = predicted − measured. By how much does each grow if w₁ grows by 1, or b?",
        "Each entry is the mean of 2 · residual · lever. The levers of a weight are its column of X, those of b are 1.",
        "dw = 2 / n · X.T @ r, db = 2 · np.mean(r). `np.append(dw, db)` puts one behind the other.",
    ],
    alternatives=[gradient_by_loop, gradient_with_ones, gradient_by_einsum],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: the fit


def fit(X, y, lr, gtol, max_steps):
    A = np.column_stack([X, np.ones(len(X))])
    weights = np.zeros(A.shape[1])
    for _ in range(max_steps):
        grad = 2 / len(y) * A.T @ (A @ weights - y)
        if np.max(np.abs(grad)) <= gtol:
            break
        weights = weights - lr * grad
    return weights


def fitted(
    grad_of=lambda A, y, weights: 2 / len(y) * A.T @ (A @ weights - y),
    sign=-1,
    ones=lambda X: np.column_stack([X, np.ones(len(X))]),
    begin=np.zeros,
    enough=lambda grad, gtol: np.max(np.abs(grad)) <= gtol,
    when="before",
    more=0,
    in_turn=False,
):
    """Return the fit with something changed: for its mistakes."""

    def broken(X, y, lr, gtol, max_steps):
        A = ones(X)
        weights = begin(A.shape[1])
        for _ in range(max_steps + more):
            grad = grad_of(A, y, weights)
            if when == "before" and enough(grad, gtol):
                break
            moved = weights + sign * lr * grad
            if in_turn:
                halfway = np.append(moved[:-1], weights[-1])
                moved[-1] = weights[-1] - lr * grad_of(A, y, halfway)[-1]
            weights = moved
            if when == "after" and enough(grad, gtol):
                break
        return weights

    return broken


def fit_by_while(X, y, lr, gtol, max_steps):
    A = np.hstack([X, np.ones((len(y), 1))])
    weights, grad, steps = np.zeros(A.shape[1]), -2 * A.T @ y / len(y), 0
    while steps < max_steps and not np.all(np.abs(grad) <= gtol):
        weights -= lr * grad
        grad = 2 * A.T @ (A @ weights - y) / len(y)
        steps += 1
    return weights


def fit_by_w_and_b(X, y, lr, gtol, max_steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(max_steps):
        r = X @ w + b - y
        dw, db = 2 * np.einsum("nd,n->d", X, r) / len(r), 2 * r.mean()
        if max(abs(db), *(abs(entry) for entry in dw)) <= gtol:
            return [*w, b]
        w, b = w - lr * dw, b - lr * db
    return [*w, b]


def exact(X, y, lr, gtol, max_steps):
    return np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]


def by_loss(when):
    """Return the fit that stops where the loss hardly changes."""

    def broken(X, y, lr, gtol, max_steps):
        A = np.column_stack([X, np.ones(len(X))])
        weights, loss = np.zeros(A.shape[1]), np.inf
        for _ in range(max_steps):
            moved = weights - lr * 2 / len(y) * A.T @ (A @ weights - y)
            last, loss = loss, np.mean((A @ (moved if when == "after" else weights) - y) ** 2)
            if abs(last - loss) <= gtol:
                return moved if when == "after" else weights
            weights = moved
        return weights

    return broken


def until_both(X, y, lr, gtol, max_steps):
    weights, grad, steps = np.zeros(X.shape[1] + 1), np.inf, 0
    while steps < max_steps or np.max(np.abs(grad)) > gtol:
        grad = gradient(X, y, weights[:-1], weights[-1])
        weights = weights - lr * grad
        steps += 1
        if not np.all(np.isfinite(grad)):
            break
    return weights


def without_b(X, y, lr, gtol, max_steps):
    weights = np.zeros(X.shape[1] + 1)
    for _ in range(max_steps):
        grad = gradient(X, y, weights[:-1], weights[-1])
        if np.max(np.abs(grad)) <= gtol:
            break
        weights = weights - lr * np.append(grad[:-1], 0)
    return weights


def small_at_last(X, y, lr, gtol, max_steps):
    """Whether the gradient is found small before the last step."""
    *_, w = whole_path(X, y, lr, gtol, max_steps - 1)
    return np.max(np.abs(gradient(X, y, w[:-1], w[-1]))) <= gtol


def whole_path(X, y, lr, gtol, max_steps):
    path = [np.zeros(X.shape[1] + 1)]
    for _ in range(max_steps):
        grad = gradient(X, y, path[-1][:-1], path[-1][-1])
        if np.max(np.abs(grad)) <= gtol:
            break
        path.append(path[-1] - lr * grad)
    return np.array(path)


def only_gtol(X, y, lr, gtol, max_steps):
    return fit(X, y, lr, gtol, 3000)


def draw_fit(rng, gtol, max_steps):
    """Arguments for `fit`, with an lr of 1 / L."""
    d = int(rng.integers(2, 4))
    n = 6 * d + int(rng.integers(2, 6))
    X = rng.normal(size=(n, d)) + 0.2
    y = X @ rng.normal(size=d) + rng.normal(1, 1, size=n)
    A = np.column_stack([X, np.ones(n)])
    lr = round(1 / float(np.linalg.eigvalsh(2 / n * A.T @ A)[-1]), 3)
    return X, y, lr, gtol, max_steps


IN_TURN = "It looks like b's update already sees the new w. Where are both entries of a gradient to be taken?"
LOSS_CHANGE = "It looks like the change of the loss is compared with gtol. On a nearly level floor it is tiny: what does the text compare?"
X3 = np.array([[1.0], [2.0], [3.0]])
Y3 = np.array([2.0, 2.0, 5.0])
MANY = 500  # steps, more than enough for what `draw_fit` draws

fit_question = Question(
    "fit",
    about="match",
    points=3,
    level="independent",
    reference=fit,
    returns="the weights, an array of shape (d + 1,), b last",
    cases=[
        hand(X3, Y3, 0.1, 1e-8, 1, should="At zero the gradient is (−14, −6), so one step leads to (1.4, 0.6)."),
        hand(X3, Y3, 0.1, 1e-8, 2, should="Two steps at most: the second starts at (1.4, 0.6)."),
        hand(X3, Y3, 0.1, 14.5, 100, should="No entry of (−14, −6) is larger than 14.5 in size: it stays at zero."),
        hand(X3, Y3, 0.1, 10.0, 100, should="An entry of −14 is larger than 10 in size: it must step."),
        hand(np.array([[-1.0], [0.0], [1.0]]), np.array([3.0, 6.0, 3.0]), 0.25, 1e-8, 1, should="At zero the gradient is (0, −8): b's entry isn't small, so one step leads to (0, 2)."),
        hand(np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]]), np.array([4.0, 4.0, 0.0, 0.0]), 0.25, 1e-8, 1, should="At zero the gradient is (0, −4, −4): one entry is small, and two aren't. One step leads to (0, 1, 1)."),
        drawn(lambda rng: draw_fit(rng, 1e-8, MANY), n=2),
        drawn(lambda rng: draw_fit(rng, 0.2, MANY), n=2),
    ],
    laws=[law("It should agree with least squares to 1e-6.", lambda args, value: args[3] > 1e-8 or args[4] < MANY or np.abs(value - exact(*args)).max() < 1e-6)],
    mistakes=[
        mistake("uphill", fitted(sign=1), "It looks like each step goes uphill. What single sign would turn it round, in the step or in the residual?"),
        mistake("no-two", fitted(lambda A, y, w: A.T @ (A @ w - y) / len(y)), "It looks like every step is half as long as it should be. What is the derivative of r²?"),
        mistake("sum", fitted(lambda A, y, w: 2 * A.T @ (A @ w - y)), "It looks like the gradients of the examples are summed: with more of them the walk would fly away. What makes a mean of it?"),
        mistake("sum-no-two", fitted(lambda A, y, w: A.T @ (A @ w - y)), "It looks like the gradient is Aᵀr alone. Which factor comes from the square, and which from the mean?"),
        mistake("in-turn", fitted(in_turn=True), IN_TURN),
        mistake("in-turn-late", fitted(in_turn=True, when="after"), IN_TURN),
        mistake("start-only", fitted(lambda A, y, w: -2 / len(y) * A.T @ y), "It looks like every step uses the gradient of the start. Where in the loop should it be computed?"),
        mistake("no-intercept", fitted(ones=lambda X: X), "It looks like the intercept is missing. Which column does X need besides its own?"),
        mistake("ones-first", fitted(ones=lambda X: np.column_stack([np.ones(len(X)), X])), "It looks like the column of ones comes first, so that the intercept does. Where does the text want it?"),
        mistake("from-ones", fitted(begin=np.ones), "It looks like the walk begins at weights of 1. Where should it start?"),
        mistake("no-abs", fitted(enough=lambda grad, gtol: np.max(grad) <= gtol), "It looks like an entry of −14 counts as small. What is missing around the gradient?"),
        mistake("length", fitted(enough=lambda grad, gtol: np.linalg.norm(grad) <= gtol), "It looks like the gradient's *length* is compared with gtol. What does the text compare?"),
        mistake("one-is-enough", fitted(enough=lambda grad, gtol: np.min(np.abs(grad)) <= gtol), "It looks like the walk stops as soon as *one* entry is small. Which of the entries tells whether they all are?"),
        mistake("either", fitted(enough=lambda grad, gtol: abs(grad[-1]) <= gtol or np.max(np.abs(grad[:-1])) <= gtol), "It looks like the walk stops as soon as w's entries *or* b's entry are small. Which word joins the two conditions?"),
        mistake("mean-entry", fitted(enough=lambda grad, gtol: np.mean(np.abs(grad)) <= gtol), "It looks like the mean entry is compared with gtol. Could one entry be large, and the mean still small?"),
        mistake("b-not-tested", fitted(enough=lambda grad, gtol: np.max(np.abs(grad[:-1])) <= gtol), "It looks like b's entry is never compared with gtol. With a gradient of (0, −8), is the walk at its end?"),
        mistake("loss-change", by_loss("before"), LOSS_CHANGE),
        mistake("loss-change-after", by_loss("after"), LOSS_CHANGE),
        mistake("gtol-ignored", fitted(enough=lambda grad, gtol: False), "It looks like gtol never stops the walk. Where is the gradient compared with it?"),
        mistake("test-after-step", fitted(when="after"), "It looks like a last step is made after the gradient was found small. Should the test stand before the step, or after it?"),
        mistake("max-steps-ignored", only_gtol, "It looks like max_steps never stops the walk. How often may the loop run?"),
        mistake("while-or", until_both, "It looks like the walk goes on until it has made max_steps steps *and* the gradient is small. Which of the two should be enough to stop it?"),
        mistake("one-more", fitted(more=1), "It looks like there is one step too many. How often does the loop run?"),
        mistake("one-less", fitted(more=-1), "It looks like there is one step too few. How often does the loop run?"),
        mistake("only-one-step", lambda X, y, lr, gtol, max_steps: fit(X, y, lr, gtol, min(max_steps, 1)), "It looks like there is one step, and no second. How far to the right does `return` stand?"),
        mistake("return-inside", lambda *args: fit(*args) if small_at_last(*args) else None, "After max_steps steps nothing came back. It looks like `return` stands only where the gradient is small: what comes below the loop?"),
        mistake("whole-path", whole_path, "It looks like the weights after every step came back. Which row is asked for?"),
        mistake("no-lr", lambda X, y, lr, gtol, max_steps: fit(X, y, 1.0, gtol, max_steps), "It looks like lr plays no part. Where does it belong?"),
        mistake("b-stays", without_b, "It looks like b stays 0. Which line of the loop moves it?"),
        mistake("centred", lambda X, y, lr, gtol, max_steps: fit(X - X.mean(axis=0), y, lr, gtol, max_steps), "It looks like X was centred first. That is quicker, and b then belongs to another zero: which X does the question ask about?"),
        mistake("exact", exact, "It looks like the exact answer, without any walking. Where would two steps from zero lead?"),
    ],
    hints=[
        "Three parts: the table A with its column of ones, a loop of at most max_steps rounds, and the gradient inside it.",
        "A = np.column_stack([X, np.ones(len(X))]), weights = np.zeros(A.shape[1]). The gradient is 2/n · Aᵀ(A·weights − y).",
        "In the loop: compute grad; if np.max(np.abs(grad)) <= gtol, break; weights = weights − lr · grad. Return the weights below it.",
    ],
    alternatives=[fit_by_while, fit_by_w_and_b, lambda *args: fit(*args).tolist()],
)  # fmt: skip


# ---------------------------------------------------------------- guided: which way is the cheaper?


def break_even(n, d):
    exact_way = n * d**2 + d**3 / 3
    one_step = 2 * n * d
    return exact_way / one_step


def break_even_by_loop(n, d):
    work, passes = 0.0, 0
    while work + n * d <= n * d**2:
        work, passes = work + n * d, passes + 1
    return passes / 2 + d**2 / (6 * n)


ONE_STEP = "A walk of as many steps should cost as much as solving the normal equation."

break_even_question = Question(
    "break_even",
    about="cost",
    points=1,
    level="guided",
    reference=break_even,
    returns="a number of steps, which needn't be whole",
    cases=[
        hand(6, 3, should="Solving takes 54 + 9 = 63 multiplications, a step 36."),
        hand(442, 11, should="The patients of the lesson: some 54 000 multiplications against 9724 for a step."),
        hand(200, 300, should="More features than rows: 18 and 9 million multiplications, against 120 000."),
        drawn(lambda rng: (int(rng.integers(50, 5000)), int(rng.integers(4, 300)))),
    ],
    laws=[law(ONE_STEP, lambda args, value: math.isclose(value * 2 * args[0] * args[1], args[0] * args[1] ** 2 + args[1] ** 3 / 3, rel_tol=1e-6))],
    mistakes=[
        mistake("one-product", lambda n, d: 2 * break_even(n, d), "It looks like a step was counted as n·d. How many products with the table does it take?"),
        mistake("no-elimination", lambda n, d: d / 2, "It looks like AᵀA was formed, and the d equations were solved for nothing. Which part of the price is missing?"),
        mistake("elimination-only", lambda n, d: d**2 / (6 * n), "It looks like the equations were solved, and AᵀA came for nothing. Which part of the price is missing?"),
        mistake("whole-cube", lambda n, d: (n * d**2 + d**3) / (2 * n * d), "It looks like the elimination was counted as d³. What does the text divide it by?"),
        mistake("third-of-both", lambda n, d: (n * d**2 + d**3) / 3 / (2 * n * d), "It looks like the whole price was divided by 3. Which part of it does the third belong to?"),
        mistake("not-squared", lambda n, d: (n * d + d**3 / 3) / (2 * n * d), "It looks like AᵀA was counted as n·d. How many entries has it, and how many products does each take?"),
        mistake("linear", lambda n, d: (n * d + d / 3) / (2 * n * d), "It looks like d stands there without its powers. By what does n·d² grow when d is doubled?"),
        mistake("rows-squared", lambda n, d: (n**2 * d + d**3 / 3) / (2 * n * d), "It looks like n was squared. Which of the two does the text square: rows, or features?"),
        mistake("exchanged", lambda n, d: break_even(d, n), "It looks like n and d have changed places. Which one counts the features?"),
        mistake("upside-down", lambda n, d: 1 / break_even(n, d), "It looks upside down. Is it asked how many steps cost as much as one solution, or the other way round?"),
        mistake("difference", lambda n, d: n * d**2 + d**3 / 3 - 2 * n * d, "It looks like the price of a step was taken off once. How *many* steps could be paid?"),
        mistake("price", lambda n, d: n * d**2 + d**3 / 3, "It looks like the price of the normal equation. How many steps of gradient descent could be paid with it?"),
        mistake("price-of-a-step", lambda n, d: 2 * n * d, "It looks like the price of one step. How many of these make up the price of the normal equation?"),
        mistake("brackets-above", lambda n, d: n * d**2 + d**3 / 3 / (2 * n * d), "It looks like only d³/3 was divided by the price of a step. Which brackets would hold the sum together?"),
        mistake("brackets-below", lambda n, d: (n * d**2 + d**3 / 3) / 2 * n * d, "It looks like the n·d of a step went on top: Python reads a / 2 * n * d from left to right. Where do brackets belong?"),
        mistake("no-rows", lambda n, d: (n * d**2 + d**3 / 3) / (2 * d), "It looks like a step was counted as 2·d. How many rows does it go through?"),
        mistake("no-features", lambda n, d: (n * d**2 + d**3 / 3) / (2 * n), "It looks like a step was counted as 2·n. How many numbers has a row?"),
        mistake("cut-off", lambda n, d: int(break_even(n, d)), "It looks like it was cut off to a whole number. May it keep its fraction?"),
        mistake("rounded-up", lambda n, d: math.ceil(break_even(n, d)), "It looks like it was rounded up to a whole number. May it keep its fraction?"),
    ],
    hints=[
        "Two prices: that of the normal equation, and that of one step. How often is the second contained in the first?",
        "The first is n·d² + d³/3, the second 2·n·d. Give each a name of its own.",
        "Divide the first by the second; with names you need no brackets.",
    ],
    alternatives=[
        lambda n, d: d / 2 + d**2 / (6 * n),
        break_even_by_loop,
        lambda n, d: np.float64(d) * (3 * n + d) / (6 * n),
    ],
)  # fmt: skip


# ---------------------------------------------------------------- on your own: why so slow?

slow = ChoiceQuestion(
    "slow",
    about="match",
    points=2,
    level="independent",
    reference=("c", 2),
    cases=[],
    returns="a letter in quotes and the number of a reason",
    mistakes=[
        mistake("larger-lr", ("a", None), "With 1/L the steepest direction is crossed in one step, and beyond 2/L the walk flies away. What about the flattest one?"),
        mistake("once-more", ("b", None), "A column with mean 0 and deviation 1 stays as it is when standardised again. What do the three columns still have in common?"),
        mistake("more-rows", ("d", None), "The curvatures are means over the rows, so more rows of the same kind leave them as they are. What makes the floor so flat?"),
        mistake("right-by-size", ("c", 1), "The repair is right. But standardised columns are of one size already, and need 37 000 steps all the same. What else is wrong with them?"),
        mistake("right-by-valleys", ("c", 3), "The repair is right. But the features changed, not the model: it is linear in its weights, so the loss is a mean of parabolas. How many valleys has that?"),
        mistake("right-by-number", ("c", 4), "The repair is right. But there are four weights in all three rows, and the steps differ a hundredfold. What differs between the columns?"),
    ],
    hints=[
        "Look at the second row: the columns are of one size there. Why is it still slow?",
        "Think of s1 and s2 in the lesson. From 0 to 10, when x is large, what are x² and x³?",
        "Columns that rise together are nearly twins. Around 0, x² falls and rises again: which order of steps puts x around 0?",
    ],
)  # fmt: skip


# ---------------------------------------------------------------- to stretch: features to walk on


def powers(x, degree):
    z = (x - np.mean(x)) / np.std(x)
    columns = []
    for k in range(1, degree + 1):
        column = z**k
        columns.append((column - np.mean(column)) / np.std(column))
    return np.column_stack(columns)


def unit(table, ddof=0):
    """Each column at mean 0 and standard deviation 1."""
    return (table - table.mean(axis=0)) / table.std(axis=0, ddof=ddof)


def powered(
    first=unit,
    exponents=lambda degree: np.arange(1, degree + 1),
    then=unit,
):
    """Return the features with something changed: for their mistakes."""
    return lambda x, degree: then(first(x)[:, None] ** exponents(degree))


def powers_by_broadcasting(x, degree):
    Z = ((x - x.mean()) / x.std())[:, None] ** np.arange(1, degree + 1)
    return (Z - Z.mean(axis=0)) / Z.std(axis=0)


def powers_in_lists(x, degree):
    def standard(column):
        m = sum(column) / len(column)
        s = math.sqrt(sum((value - m) ** 2 for value in column) / len(column))
        return [(value - m) / s for value in column]

    z = standard(x.tolist())
    columns = [standard([value**k for value in z]) for k in range(1, degree + 1)]
    return [list(row) for row in zip(*columns)]


def powers_by_vander(x, degree):
    Z = np.vander(unit(x), degree + 1, increasing=True)[:, 1:]
    Z = Z - Z.mean(axis=0)
    return Z / np.sqrt(np.einsum("nd,nd->d", Z, Z) / len(x))


def off_brackets(table):
    """As `unit`, without its brackets."""
    return table - table.mean(axis=0) / table.std(axis=0)


def too_soon(x, degree):
    columns = [unit(x)]
    for _ in range(degree - 1):
        columns.append(unit(columns[-1] * columns[0]))
    return np.column_stack(columns)


def between(table):
    """Each column from 0 to 1."""
    return (table - table.min(axis=0)) / np.ptp(table, axis=0)


powers_question = Question(
    "powers",
    about="match",
    points=3,
    level="stretch",
    reference=powers,
    returns="an array of shape (n, degree): a row for each example, a column for each power",
    cases=[
        hand(np.array([1.0, 2.0, 3.0, 6.0]), 1, should="One power: x itself, at mean 0 and standard deviation 1."),
        hand(np.array([1.0, 2.0, 3.0]), 2, should="z is −1.2247, 0 and 1.2247. Its squares are 1.5, 0 and 1.5, with mean 1 and deviation 0.7071."),
        hand(np.array([0.0, 1.0, 2.0, 5.0]), 3, should="Each of the three columns has mean 0 and standard deviation 1."),
        drawn(lambda rng: (rng.uniform(0, 10, size=int(rng.integers(6, 12))), int(rng.integers(2, 6)))),
    ],
    laws=[
        law("Each column should have mean 0.", lambda args, value: np.allclose(np.mean(value, axis=0), 0, atol=1e-9)),
        law("Each column should have standard deviation 1.", lambda args, value: np.allclose(np.std(value, axis=0), 1)),
    ],
    mistakes=[
        mistake("columns-only", powered(first=lambda x: x), "It looks like the powers of x itself were standardised: still nearly twins. What should happen to x *before* it is raised?"),
        mistake("x-only", powered(then=lambda Z: Z), "It looks like x was standardised, and its powers weren't. What is the mean of z²?"),
        mistake("neither", powered(first=lambda x: x, then=lambda Z: Z), "It looks like the plain powers of x. Where do mean and standard deviation come in?"),
        mistake("whole-table", powered(then=lambda Z: (Z - Z.mean()) / Z.std()), "It looks like one mean and one deviation for the whole table. Along which axis does each column get its own?"),
        mistake("along-rows", powered(then=lambda Z: (Z - Z.mean(axis=1, keepdims=True)) / Z.std(axis=1, keepdims=True)), "It looks like each *row* was standardised. Which axis runs down a column?"),
        mistake("centred-only", powered(then=lambda Z: Z - Z.mean(axis=0)), "The means are right. What is still missing to bring each column to a standard deviation of 1?"),
        mistake("never-scaled", powered(first=lambda x: x - x.mean(), then=lambda Z: Z - Z.mean(axis=0)), "It looks like means were taken off, and nothing was divided. How large is a cube beside its root?"),
        mistake("scaled-only", powered(then=lambda Z: Z / Z.std(axis=0)), "Each column was divided by its deviation, it seems. What comes off before that?"),
        mistake("variance", powered(first=lambda x: (x - x.mean()) / x.var(), then=lambda Z: (Z - Z.mean(axis=0)) / Z.var(axis=0)), "It looks like you divided by the variance. In which units is it, if x is in metres?"),
        mistake("n-minus-one", powered(first=lambda x: unit(x, ddof=1), then=lambda Z: unit(Z, ddof=1)), "It looks like a standard deviation with n − 1. Which one does `np.std` give when asked for nothing else?"),
        mistake("brackets", lambda x, degree: off_brackets(off_brackets(x)[:, None] ** np.arange(1, degree + 1)), "It looks like only the mean was divided by the deviation: / comes before −. What would brackets hold together?"),
        mistake("one-short", powered(exponents=lambda degree: np.arange(1, degree)), "It looks like the highest power is missing. Is `b` itself part of `range(a, b)`?"),
        mistake("none-for-one", lambda x, degree: np.column_stack([unit(unit(x) ** k) for k in range(1, degree)]), "It looks like the highest power is missing, and of one power nothing is left. Is `b` itself part of `range(a, b)`?"),
        mistake("first-only", lambda x, degree: powers(x, 1), "It looks like only the first power came back. How far to the right does `return` stand?"),
        mistake("with-ones", lambda x, degree: np.column_stack([powers(x, degree), np.ones(len(x))]), "The powers are right, and there is a column of ones beside them. Does the text ask for one?"),
        mistake("too-soon", too_soon, "It looks like each power was made from a column that was standardised already. From which numbers does the text raise?"),
        mistake("from-zero", powered(exponents=np.arange), "It looks like the powers begin at 0: a constant column has no deviation to be divided by. Which is the first one asked for?"),
        mistake("with-zero", powered(exponents=lambda degree: np.arange(degree + 1)), "It looks like there is a column of z⁰ as well: it is constant, and has no deviation to be divided by. Which power comes first?"),
        mistake("highest-first", powered(exponents=lambda degree: np.arange(degree, 0, -1)), "The columns are right, with the highest power first. Which one should begin?"),
        mistake("highest-only", powered(exponents=lambda degree: np.array([degree])), "It looks like only the highest power came back. Which others belong to the table?"),
        mistake("on-its-side", lambda x, degree: powers(x, degree).T, "It looks like a *row* for each power. What does a row stand for in X?"),
        mistake("zero-to-one", powered(first=between, then=between), "It looks like each column goes from 0 to 1. Standardising uses two other numbers than least and largest: which?"),
        mistake("multiples", lambda x, degree: unit(unit(x)[:, None] * np.arange(1, degree + 1)), "All columns look equal: multiples of z, not its powers. How is a power written in Python?"),
        mistake("median", powered(first=lambda x: (x - np.median(x)) / x.std(), then=lambda Z: (Z - np.median(Z, axis=0)) / Z.std(axis=0)), "It looks like the median was taken off. Which middle gives a column whose numbers add up to 0?"),
    ],
    hints=[
        "Three stages: standardise x, raise it to the powers, standardise each column.",
        "z = (x − mean) / std. A loop over k from 1 to degree makes a column z ** k, which goes through the same formula.",
        "Collect the columns in a list, each as (column − np.mean(column)) / np.std(column); `np.column_stack` makes the table.",
    ],
    alternatives=[
        powers_by_broadcasting,
        powers_in_lists,
        powers_by_vander,
        powered(first=lambda x: x - x.mean()),  # what z was divided by, the last stage takes out
    ],
)  # fmt: skip


linear_regression = Exercises("linear_regression", evaluate_question, twins, gradient_question, fit_question, break_even_question, slow, powers_question)  # fmt: skip
