"""The judge: what a learner's answer is worth, and which mistake it shows.

It asks (`ask` takes a probe and returns a reply, wherever the code runs), compares the replies with
those of the reference, and looks for the mistake that gives the same replies on every case. It sees
plain data only. The same judge sits in a notebook and in the grader.
"""

import re
from dataclasses import dataclass

import numpy as np

from .calls import Read, Tool, Walk
from .detect import DETECTORS, TECHNICAL, Evidence
from .plain import DOTS, as_array, same, shown
from .question import Challenge
from .tools import TOOLS

CORRECT, PARTIAL, INCORRECT = "correct", "partial", "incorrect"
NOT_STARTED, WAITING, CANNOT_CHECK = "not started", "waiting", "cannot check"
BY_HAND = "Work it out by hand for these numbers: where do you and your code part?"
AS_GIVEN = "This is the code as it was given. Something in it is wrong: what?"
NOT_IT = "That isn't it yet. Which step of your working would you check first?"
DOTS_LEFT = re.compile("'ellipsis'|an ellipsis|type ellipsis")  # in an exception's message
DIVERGED = "It diverges. Is a step too long for the steepest direction, or a sign turned round?"
NO_RULE = "A rule takes t, x, g, and returns the new x (and its memory): finite numbers."


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth.

    Attributes
    ----------
    question : str
    status : str
    share : float
        Of the points, from 0 to 1.
    mistake : str or None
        The id of a mistake of the question, or of a detector: "shape", "uphill".
    called, came, should, words : str
        What was called, what came back, what should hold, and what to do next.
    """

    question: str
    status: str
    share: float = 0.0
    mistake: str | None = None
    called: str = ""
    came: str = ""
    should: str = ""
    words: str = ""


def judge(question, ask, seed=0):
    """Return the verdict on the answer that `ask` gives access to.

    Parameters
    ----------
    question : Question
    ask : callable
        `ask(probe)` returns a Reply.
    seed : int
        Of the drawn cases.
    """
    if isinstance(question, Challenge):
        return judge_challenge(question, ask, seed)
    cases = question.settled(seed)
    probes = [question.probe(case) for case in [*cases, cases[0]]]
    replies = []
    for probe in probes:
        replies.append(ask(probe))
        early = unanswered(question, replies[-1])
        if early:
            return early
        if kind_of_trouble(replies[-1]) in ("time", "died"):
            break  # once is enough
    probes = probes[: len(replies)]
    expected = question.replies(question.reference, probes)
    right = [agrees(question, a, b) for a, b in zip(replies, expected)]
    if all(right):
        return Verdict(question.name, CORRECT, 1.0)
    if question.given is not None and matches(question, replies, question.given, probes):
        return Verdict(question.name, NOT_STARTED, words=AS_GIVEN)
    for mistake in question.mistakes:
        if matches(question, replies, mistake.does, probes):
            return explained(question, cases, probes, replies, right, mistake.name, mistake.words)
    evidence = Evidence(question, probes, replies, expected, right)
    for detect in DETECTORS:
        words = detect(evidence)
        if words:
            return explained(question, cases, probes, replies, right, detect.__name__, words)
    words = NOT_IT if isinstance(probes[0], Read) else BY_HAND
    return explained(question, cases, probes, replies, right, None, words)


def judge_all(questions, ask, seed=lambda question: 0):
    """Return the verdicts on several questions, by name; one that needs another waits for it.

    Parameters
    ----------
    questions : dict of str to Question
        Each behind those that it needs.
    ask : callable
        `ask(probe)` returns a Reply.
    seed : callable
        `seed(question)` returns the seed of its drawn cases.
    """
    verdicts = {}
    for name, question in questions.items():
        waits_for = [need for need in question.needs if verdicts[need].status != CORRECT]
        if waits_for:
            words = f"This one uses `{waits_for[0]}`. Get that one right first."
            verdicts[name] = Verdict(name, WAITING, words=words)
        else:
            verdicts[name] = judge(question, ask, seed(question))
    return verdicts


def unanswered(question, reply):
    """Return the verdict on an answer that isn't there yet, or None."""
    if reply.trouble and reply.trouble.kind == "undefined":
        words = f"There is no `{question.name}` yet. Run the cell that makes it."
        return Verdict(question.name, NOT_STARTED, words=words)
    if has_dots(reply.value) or (reply.trouble and DOTS_LEFT.search(reply.trouble.message)):
        words = "Replace the dots, run that cell, then this one."
        return Verdict(question.name, NOT_STARTED, words=words)
    return None


def has_dots(value):
    """Return whether dots that were to be replaced are still there, perhaps among other things."""
    if isinstance(value, dict):
        return any(has_dots(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(has_dots(part) for part in value)
    return type(value) is type(DOTS) and value == DOTS


def agrees(question, reply, expected):
    """Return whether a reply is right: no trouble, the value, and the arguments left as they were."""
    return (
        reply.trouble is None
        and question.accepts(reply.value, expected.value)
        and same(reply.after, expected.after, question.rtol)
    )


def matches(question, replies, code, probes):
    """Return whether all replies are those of some wrong code; the first that differs decides."""
    for a, probe in zip(replies, probes):
        (b,) = question.replies(code, [probe])
        if kind_of_trouble(a) != kind_of_trouble(b):
            return False
        if not a.trouble and not (question.alike(a.value, b.value) and same(a.after, b.after)):
            return False
    return True


def kind_of_trouble(reply):
    """Return the name of a reply's exception; None if there is none."""
    return reply.trouble and reply.trouble.kind


def explained(question, cases, probes, replies, right, mistake, words):
    """Return the verdict on a wrong answer, told by the first case that shows it."""
    i = right.index(False)
    if i == len(cases):
        i = 0  # only the repetition differs: the first call stands for it
    broken = [law.words for law in question.laws if not holds(law, probes[i], replies[i])]
    beside = mistake in TECHNICAL or replies[i].trouble
    should = "" if beside else next(filter(None, [cases[i].should, *broken]), "")
    if should and words == NOT_IT:
        words = ""  # a law has said more
    called, came_back = str(probes[i]), came(replies[i])
    if isinstance(probes[i], Read):
        called, came_back = "", f"`{question.name}` is {shown(replies[i].value)}"
    return Verdict(
        question.name, INCORRECT, mistake=mistake, called=called, came=came_back, should=should,
        words=words,
    )  # fmt: skip


def came(reply):
    """Return in words what came back."""
    trouble = reply.trouble
    if trouble is None:
        return f"got {shown(told(reply.value))}"
    if trouble.kind == "time":
        return f"nothing came back within {trouble.message} seconds"
    if trouble.kind == "died":
        return f"it ended Python itself: {trouble.message}"
    where = f" in line {trouble.line}, `{trouble.code}`" if trouble.line and trouble.code else ""
    return f"it stopped{where} with {trouble.kind}: {trouble.message.rstrip('.')}"


def told(value):
    """Return what is worth telling of a reply: of a walk the positions, of a drawing the curves."""
    parts = value if isinstance(value, dict) else {}
    return parts.get("curves", parts.get("x", value))


def holds(law, probe, reply):
    """Return whether a law holds of a reply; where it can't be tried, it does."""
    try:
        args = [
            TOOLS[arg.name] if isinstance(arg, Tool) else arg for arg in getattr(probe, "args", ())
        ]
        return bool(law.holds(args, reply.value))
    except Exception:  # the value isn't of a kind that the law speaks about: others say that
        return True


def judge_challenge(question, ask, seed):
    """Return the verdict on a rule that is to get low in few gradients."""
    cases, lowest = question.settled(seed), []
    for case in cases:
        found = lowest_loss(question, ask, *case.args)
        if isinstance(found, Verdict):
            return found
        lowest.append(found)
    worst, steps = max(lowest), cases[0].args[2]
    share = max((part for loss, part in question.tiers.items() if worst <= loss), default=0.0)
    status = CORRECT if share == 1 else PARTIAL if share else INCORRECT
    better = [loss for loss, part in question.tiers.items() if part > share]
    words = "" if share == 1 else f"Next mark: {max(better):g}, in the same number of steps."
    return Verdict(
        question.name, status, share, called=f"{question.name} for {steps} steps",
        came=f"the lowest loss is {worst:.2g}", words=words,
    )  # fmt: skip


def lowest_loss(question, ask, gradient, start, steps, knobs):
    """Return the lowest loss on a walk, or the verdict on a rule that can't walk.

    The gradients are taken here, one for each step, so that the budget can't be overdrawn.
    """
    height = TOOLS[gradient.name.removesuffix("_slope").removesuffix("_gradient")]
    x, gradients, best = np.array(start, dtype=float), [], np.inf
    for step in range(1, steps + 1):
        with np.errstate(all="ignore"):
            gradients.append(tuple(np.asarray(TOOLS[gradient.name](x), dtype=float).tolist()))
        probe = Walk(question.name, tuple(start), tuple(gradients), knobs)
        reply = ask(probe)
        early = unanswered(question, reply)
        if early:
            return early
        x = as_array(reply.value["x"][-1]) if reply.trouble is None else None
        if x is None or x.shape != np.shape(start):
            return Verdict(
                question.name, INCORRECT, mistake="rule", called=str(probe), came=came(reply),
                words=NO_RULE,
            )  # fmt: skip
        with np.errstate(all="ignore"):
            loss = float(height(x))
        if not np.isfinite(loss):
            return Verdict(
                question.name, INCORRECT, mistake="diverged", words=DIVERGED,
                called=f"{question.name} for {steps} steps", came=f"at step {step} it left all bounds",
            )  # fmt: skip
        best = min(best, loss)
    return best
