"""Mistakes that need no authoring: what a wrong answer shows, whatever the question was.

Each detector looks at the evidence and returns words, hedged and with one next step, or "". They are asked
in this order; the first that has something to say is right.
"""

from dataclasses import dataclass

import numpy as np

from .calls import Draw, Read, Reply, Walk
from .plain import Strange, as_array, kind_of, same
from .question import Question


@dataclass(frozen=True)
class Evidence:
    """What was asked, what came, and what should have come."""

    question: Question
    probes: list
    replies: list[Reply]
    expected: list[Reply]
    right: list[bool]

    @property
    def first(self):
        """The first reply that is wrong, and what should have come."""
        i = self.right.index(False)
        return self.replies[i], self.expected[i]

    def pairs(self):
        """Return (value, right value) of all cases as arrays, or None where one of them isn't numbers."""
        pairs = [
            (as_array(a.value), as_array(b.value)) for a, b in zip(self.replies, self.expected)
        ]
        pairs = pairs[:-1] or pairs
        if any(a is None or b is None or a.shape != b.shape for a, b in pairs):
            return None
        return [(a.astype(complex).real, b.astype(complex).real) for a, b in pairs]


def endless(e):
    """A loop that never ends."""
    reply, _ = e.first
    if reply.trouble and reply.trouble.kind == "time":
        return "It looks like a loop that never ends, so it was stopped. What should make it stop?"
    return ""


def arguments(e):
    """A function that can't be called as the question says."""
    reply, _ = e.first
    message = reply.trouble.message if reply.trouble else ""
    own = message.startswith((e.question.name, "<lambda>")) or "__call__" in message
    if own and ("positional argument" in message or "unexpected keyword" in message):
        return f"Your `{e.question.name}` can't be called like this. Which parameters does the question ask for?"
    if "not callable" in message and e.question.name in message + str(e.probes[0]):
        return f"`{e.question.name}` should be a function, made with `def`. Is there a variable of that name?"
    return ""


def exception(e):
    """Any other exception."""
    reply, _ = e.first
    if reply.trouble is None:
        return ""
    if reply.trouble.kind in ("NameError", "UnboundLocalError"):
        return "That name isn't known inside your function. Is it spelled as in the first line, or made in another cell?"
    if isinstance(e.probes[0], Walk):
        return "Take one step with numbers by hand: what comes in, and what should come out?"
    return "Call it yourself with these arguments, and read the last line of what comes."


def nothing(e):
    """None where a value is asked for."""
    reply, right = e.first
    if isinstance(e.probes[0], Draw) and reply.trouble is None and not reply.value["curves"]:
        return "Nothing was drawn. Use the `ax` that is given: `ax.plot(…)`."
    if reply.value is None and right.value is not None and isinstance(e.probes[0], Read):
        return f"It should be {e.question.returns}. Which line gives it its value?"
    if reply.value is None and right.value is not None:
        return f"Nothing came back. Did you forget `return`? It should be {e.question.returns}."
    return ""


def strange(e):
    """Something that is no plain data."""
    reply, _ = e.first
    parts = reply.value if isinstance(reply.value, list | tuple) else []
    inside = [part for part in parts if isinstance(part, Strange)]
    if inside:
        return f"There is {kind_of(inside[0])} in it. It should be {e.question.returns}: which line makes it?"
    if isinstance(reply.value, Strange):
        return f"{kind_of(reply.value).capitalize()} came back. It should be {e.question.returns}: which line makes it?"
    return ""


def changed(e):
    """Arguments that were changed in place."""
    if all(
        same(a.value, b.value, e.question.rtol) for a, b in zip(e.replies, e.expected)
    ) and not all(same(a.after, b.after, e.question.rtol) for a, b in zip(e.replies, e.expected)):
        return (
            "The answer is right, but your function also changed its argument, and whoever called it will wonder. "
            "Can you compute a new array instead of using `+=`, `-=` or `[…] =`?"
        )
    return ""


def forgetful(e):
    """An answer that differs when asked again."""
    if len(e.replies) > 1 and not same(e.replies[0].value, e.replies[-1].value, 1e-12):
        return (
            "The same call gave something else the second time. Does your code use a variable from outside, "
            "or random numbers?"
        )
    return ""


def column(e):
    """(n, 1) or (1, n) for (n,)."""
    value, right = shapes(e)
    if len(right) == 1 and value in ((*right, 1), (1, *right)):
        return (
            f"Your answer has shape {value}, and {right} is right. NumPy treats the two differently: "
            "where does the extra axis come from?"
        )
    return ""


def table(e):
    """(n, n) for (n,): a broadcast."""
    value, right = shapes(e)
    if len(right) == 1 and right[0] > 1 and value == (right[0], right[0]):
        return (
            f"Your answer is a table of shape {value}: it looks like shapes (n,) and (n, 1) met, and NumPy paired each "
            "with each. Which of your arrays has a second axis?"
        )
    return ""


def length(e):
    """A list that is too short or too long."""
    reply, right = e.first
    lists = isinstance(right.value, list | tuple) and isinstance(reply.value, list | tuple)
    if lists and len(reply.value) != len(right.value):
        return (
            f"Your list has {len(reply.value)} entries; {len(right.value)} are right here. Go through this call on "
            "paper: which is the first that is missing, or too many?"
        )
    return ""


def shape(e):
    """Any other shape."""
    value, right = shapes(e)
    if value is not None and right is not None and value != right:
        came, there = (
            kind_of(e.first[0].value).capitalize(),
            "Print the shapes on the way: where do they part?",
        )
        return f"{came} came back; it should be {e.question.returns}. {where_to_look(e, there)}"
    return ""


def kind(e):
    """A text for a number, a number for a list."""
    reply, right = e.first
    if isinstance(e.probes[0], Walk | Draw):
        return ""
    if as_array(reply.value) is None or as_array(right.value) is None:
        there = where_to_look(e, "What does your `return` give?")
        if type(reply.value) is not type(right.value):
            return f"{kind_of(reply.value).capitalize()} came back; it should be {e.question.returns}. {there}"
    return ""


def where_to_look(e, there):
    """Return what to do next: for a function this, for a variable something else."""
    return "Look at the line that gives it its value." if isinstance(e.probes[0], Read) else there


def not_finite(e):
    """nan or inf where a number is right."""
    reply, right = e.first
    value, good = as_array(reply.value), as_array(right.value)
    if value is None or good is None or value.shape != good.shape or value.dtype.kind not in "fc":
        return ""
    bad = ~np.isfinite(value) & np.isfinite(good)
    if bad.any():
        place = np.argwhere(bad)[0].tolist()
        where = f" at index {place if len(place) > 1 else place[0]}" if place else ""
        return f"There is {value[tuple(place)]}{where}. Which step divides by 0, takes the log of 0, or grows too large?"
    return ""


def rounded(e):
    """Right to two or three digits."""
    pairs = e.pairs() or [(1, 0)]
    digits = [all(np.allclose(a, np.round(b, k), atol=1e-12) for a, b in pairs) for k in range(5)]
    if any(digits) or all(np.allclose(a, b, rtol=5e-3, atol=1e-12) for a, b in pairs):
        return (
            "Nearly right: the first digits agree. Were numbers rounded on the way, or is an approximation "
            "in place of the formula?"
        )
    return ""


def ratio(e):
    """A constant times the right answer, the same constant on every case."""
    pairs = e.pairs()
    if not pairs:
        return ""
    names = [
        ("−1", lambda a, i: -1.0, "the sign is turned round. Which way should it point?"),
        ("2", lambda a, i: 2.0, "a factor of 2 too much. Where does a 2 come from, or a ½ go missing?"),
        ("½", lambda a, i: 0.5, "half of what it should be. Where does a 2 go missing?"),
        ("n", lambda a, i: rows(a), "n times too large. Is it a mean, or a sum, over the examples?"),
        ("1/n", lambda a, i: 1 / rows(a), "n times too small. Was it divided by n once too often?"),
        ("n/2", lambda a, i: rows(a) / 2, "n/2 times too large. Where do the 2 and the n of a mean of squares go?"),
    ]  # fmt: skip
    for _, factor, words in names:
        factors = [factor(probe, i) for i, probe in enumerate(e.probes)]
        if all(
            np.isfinite(f) and np.allclose(a, f * b, rtol=1e-6, atol=1e-12)
            for f, (a, b) in zip(factors, pairs)
        ) and any(np.any(b != 0) and not np.allclose(a, b) for a, b in pairs):
            return f"In every case it looks like {words}"
    return ""


def transposed(e):
    """A table with rows and columns exchanged."""
    arrays = [(as_array(a.value), as_array(b.value)) for a, b in zip(e.replies, e.expected)]
    if all(
        a is not None and b is not None and b.ndim == 2 and a.shape == b.T.shape for a, b in arrays
    ) and all(np.allclose(a, b.T) for a, b in arrays):
        return "Rows and columns look exchanged. What is the first axis of the answer, and what the second?"
    return ""


def one_off(e):
    """A sequence that is one step early or late."""
    sequences = [(as_array(a.value), as_array(b.value)) for a, b in zip(e.replies, e.expected)]
    if any(
        a is None or b is None or a.ndim == 0 or b.ndim == 0 or a.shape[1:] != b.shape[1:]
        for a, b in sequences
    ):
        return ""
    shifts = {
        "Your list begins one step late: is the start in it?": lambda a, b: same(a, b[1:]),
        "Your list ends one step early. How often does the loop run?": lambda a, b: same(a, b[:-1]),
        "Your list has one entry too many at its end. When should the loop stop?": lambda a, b: (
            same(a[:-1], b)
        ),
        "Your list has one entry too many at its beginning. What is the first one to be?": lambda a, b: (
            same(a[1:], b)
        ),
    }
    for words, shifted in shifts.items():
        if all(len(b) > 1 and shifted(a, b) for a, b in sequences):
            return words
    return ""


def one_entry(e):
    """All right but for one entry, always the same: often the intercept."""
    pairs = e.pairs()
    if not pairs or any(a.ndim != 1 or len(a) < 2 for a, _ in pairs):
        return ""
    for index, name in ((-1, "last"), (0, "first")):
        if all(
            not np.isclose(a[index], b[index])
            and np.allclose(np.delete(a, index), np.delete(b, index))
            for a, b in pairs
        ):
            return f"All entries are right but the {name} one. What is special about it?"
    return ""


def first_step(e):
    """For a rule: the first step that differs, if it isn't the very first."""
    reply, right = e.first
    if not isinstance(e.probes[0], Walk) or not isinstance(reply.value, dict):
        return ""
    same_so_far = [same(a, b) for a, b in zip(reply.value["x"], right.value["x"])]
    if False in same_so_far[1:] and same_so_far[0]:
        step = same_so_far.index(False) + 1
        return f"Up to step {step - 1} it is right, step {step} differs. What has the rule to remember, and how does it enter?"
    return ""


def only_some(e):
    """Right on the first cases, wrong on later ones."""
    if e.right[0] and len(e.right) > 1:
        return "Other cases come out right, this one doesn't. What is different about it?"
    return ""


def shapes(e):
    """Return the shapes of the first wrong answer and of the right one; None where there is none."""
    reply, right = e.first
    value, good = as_array(reply.value), as_array(right.value)
    return (None, ()) if value is None or good is None else (value.shape, good.shape)


def rows(probe):
    """Return how many rows the first array among the arguments has; nan where there is none."""
    for arg in getattr(probe, "args", ()):
        array = as_array(arg) if isinstance(arg, np.ndarray | list) else None
        if array is not None and array.ndim and array.shape[0] > 2:
            return float(array.shape[0])
    return np.nan


DETECTORS = (
    endless, arguments, exception, nothing, strange, changed, forgetful, column, table, one_off, length, shape, kind,
    not_finite, rounded, ratio, transposed, one_entry, first_step, only_some,
)  # fmt: skip

# Where one of these spoke, what should hold of the value is beside the point.
TECHNICAL = {
    detect.__name__
    for detect in (
        endless,
        arguments,
        exception,
        nothing,
        strange,
        changed,
        forgetful,
        shape,
        kind,
    )
}
