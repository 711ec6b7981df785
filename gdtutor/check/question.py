"""A question is data: the right answer as code, cases to try it on, and the mistakes that people make.

    step = question(
        "step", about="write", points=1,
        reference=step,                              # as a learner would write it; the solution shows it
        cases=[hand(3.0, 6.0, 0.1), drawn(lambda rng: …)],
        mistakes=[mistake("uphill", lambda x, slope, lr: x + lr * slope, "It looks like …")],
        hints=["…", "…", "…"],
    )

A mistake is a wrong answer that runs. It recognises itself in a learner's answer, it is a test of the
question, and it tells a teacher what learners believe. The kinds of question differ in what they ask
of the code (`probes`); the judge treats them alike.
"""

import inspect
import textwrap
from dataclasses import dataclass, field

import numpy as np

from .calls import Call, Draw, Read, Tool, Walk, answer
from .plain import same
from .tools import TOOLS

DRAWS = 3  # random cases, of each kind


@dataclass(frozen=True)
class Case:
    """Arguments to try, and what should hold of the answer, in words (for cases made by hand)."""

    args: tuple
    should: str = ""


@dataclass(frozen=True)
class Drawn:
    """Cases drawn at random, by a function of a generator that returns the arguments."""

    make: object
    n: int = DRAWS


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that runs.

    Attributes
    ----------
    name : str
        Its id, unique in the question.
    does : object
        The wrong function, rule or value.
    words : str
        What to say: hedged ("It looks like …"), with one question or step at the end.
    """

    name: str
    does: object
    words: str


@dataclass(frozen=True)
class Law:
    """What holds of every right answer, in words, and a test of it: `holds(args, value)`."""

    words: str
    holds: object


@dataclass(frozen=True)
class Question:
    """A question about code.

    Attributes
    ----------
    name : str
        The name of the learner's function, rule or variable.
    about : str
        The objective of the lesson that it asks about.
    points : float
    level : str
        "guided", "independent" or "stretch".
    reference : object
        The right answer, written as a learner would write it.
    cases : list of Case or Drawn
        Small ones first.
    mistakes : list of Mistake
    hints : list of str
        Three: a nudge, an idea, nearly the answer.
    returns : str
        What the answer is, with shape and units: "the new x, a number".
    laws : list of Law
    needs : tuple of str
        Questions that must be answered first, because their functions are used here.
    alternatives : list
        Other right answers; tests hold that they are accepted.
    given : object
        Broken code that the learner is to mend, if any: unchanged, it is "not started".
    rtol : float

    Examples
    --------
    >>> from gdtutor.questions import update_rule
    >>> step = update_rule.questions["step"]
    >>> step.points, [m.name for m in step.mistakes][:3]
    (1, ['uphill', 'fixed-step', 'sign-only'])
    >>> [str(step.probe(case)) for case in step.settled(seed=0)][:2]
    ['step(3.0, 6.0, 0.1)', 'step(-2.0, -4.0, 0.1)']
    """

    name: str
    about: str
    points: float
    level: str
    reference: object
    cases: list
    mistakes: list
    hints: list
    returns: str
    laws: list = field(default_factory=list)
    needs: tuple = ()
    alternatives: list = field(default_factory=list)
    given: object = None
    rtol: float = 1e-6

    def settled(self, seed):
        """Return all cases, the drawn ones from this seed."""
        rng, found = np.random.default_rng(seed), []
        for case in self.cases:
            if isinstance(case, Drawn):
                found += [Case(as_args(case.make(rng))) for _ in range(case.n)]
            else:
                found.append(case)
        return found

    def probe(self, case):
        """Return the probe for a case."""
        return Call(self.name, case.args)

    def accepts(self, value, expected):
        """Return whether a value is the right one."""
        return same(value, expected, self.rtol)

    def alike(self, value, other):
        """Return whether a value is the one that a mistake leads to."""
        return same(value, other, self.rtol) or (value is None and other is None)

    def replies(self, code, probes):
        """Return how some code (the reference, a mistake) replies to the probes."""
        return [answer(probe, {self.name: code}) for probe in probes]

    @property
    def solution(self):
        """The source of the right answer."""
        return textwrap.dedent(inspect.getsource(self.reference))


@dataclass(frozen=True)
class RuleQuestion(Question):
    """A question whose answer is an update rule under `@optimizer`.

    Its cases are walks: `walk(gradient, start, steps, lr=…)`. The rule is fed the gradients of the
    reference's own walk, so that the first step that differs is the one to talk about.

    Examples
    --------
    >>> from gdtutor.check.tools import bowl_gradient
    >>> def gd(t, x, g, *, lr=0.1):
    ...     return x - lr * g
    >>> rule = RuleQuestion(
    ...     "gd", "write", 1, "guided", gd, [walk(bowl_gradient, (1.0, 2.0), 3, lr=0.25)], [], [], "x"
    ... )
    >>> rule.probe(rule.settled(0)[0]).gradients
    ((2.0, 4.0), (1.0, 2.0), (0.5, 1.0))
    """

    def accepts(self, value, expected):
        """Return whether the positions are right. How it remembers is its own affair."""
        return isinstance(value, dict) and same(value["x"], expected["x"], self.rtol)

    def alike(self, value, other):
        """Return whether the positions are those of a wrong rule."""
        return isinstance(value, dict) and same(value["x"], other["x"], self.rtol)

    def probe(self, case):
        """Return a walk along the reference's gradients."""
        gradient, start, steps, knobs = case.args
        feed = Walk(self.name, start, (), knobs)
        gradients, x = [], np.array(start, dtype=float)
        for _ in range(steps):
            gradients.append(tuple(np.asarray(TOOLS[gradient.name](x), dtype=float).tolist()))
            feed = Walk(self.name, start, tuple(gradients), knobs)
            x = answer(feed, {self.name: self.reference}).value["x"][-1]
        return feed


@dataclass(frozen=True)
class ValueQuestion(Question):
    """A question whose answer is a number, an array, or a text.

    Examples
    --------
    >>> print(ValueQuestion("lr", "write", 1, "guided", 0.5, [], [], [], "a number").solution)
    lr = 0.5
    """

    def settled(self, seed):
        """Return the one case there is: nothing is drawn."""
        return [Case(())]

    def probe(self, case):
        """Return the one probe: the variable is read."""
        return Read(self.name)

    @property
    def solution(self):
        """The assignment."""
        return f"{self.name} = {self.reference!r}"


@dataclass(frozen=True)
class ChoiceQuestion(ValueQuestion):
    """A question whose answer is an option and a reason: `which = "b", 2`.

    A mistake names a wrong option, with None for any reason, or the right option with a wrong reason.

    Examples
    --------
    >>> which = ChoiceQuestion("which", "stop", 1, "guided", ("b", 2), [], [], [], "a letter, a number")
    >>> which.alike(("a", 7), ("a", None)), which.alike(("b", 1), ("b", 2))
    (True, False)
    """

    def accepts(self, value, expected):
        """Return whether these are the right option and the right reason."""
        return tidy(value) == expected

    def alike(self, value, other):
        """Return whether these are a mistake's option and reason."""
        option, reason = tidy(value)
        return option == other[0] and other[1] in (None, reason)


def tidy(value):
    """Return an option and a reason as they are meant: a small letter and a number.

    Examples
    --------
    >>> tidy(("B ", "2")), tidy("b")
    (('b', 2), (None, None))
    """
    whole = isinstance(value, tuple | list) and len(value) == 2
    option, reason = value if whole else (None, None)
    option = option.strip().lower() if isinstance(option, str) else None
    reason = int(reason) if isinstance(reason, str) and reason.strip().isdecimal() else reason
    return option, reason if type(reason) is int else None


@dataclass(frozen=True)
class PlotQuestion(Question):
    """A question whose answer draws on axes: its data are compared, not its looks.

    Examples
    --------
    >>> def draw(ax, x):
    ...     ax.plot(x, [value**2 for value in x], "o-", label="x²")
    >>> plot = PlotQuestion("draw", "stop", 1, "guided", draw, [hand([1, 2])], [], [], "a line")
    >>> plot.replies(draw, [plot.probe(case) for case in plot.settled(0)])[0].value
    {'curves': [([1, 2], [1, 4])], 'logarithmic': ''}
    """

    def probe(self, case):
        """Return a drawing."""
        return Draw(self.name, case.args)


@dataclass(frozen=True)
class Challenge(RuleQuestion):
    """A rule of the learner's own that gets as low as it can in so many gradients.

    Its cases are walks; on each, the lowest loss reached gives a share of the points.

    Attributes
    ----------
    tiers : dict of float to float
        Loss to reach → share of the points: {1e-2: 0.5, 1e-6: 1.0}.

    Examples
    --------
    >>> from gdtutor.check.calls import answer
    >>> from gdtutor.check.judge import judge
    >>> from gdtutor.check.tools import bowl_gradient
    >>> def rule(t, x, g, *, lr=0.4):
    ...     return x - lr * g
    >>> low = Challenge(
    ...     "rule", "write", 2, "stretch", rule, [walk(bowl_gradient, (1.0, 2.0), 3)], [], [], "x",
    ...     tiers={1e-2: 0.5, 1e-6: 1.0},
    ... )
    >>> verdict = judge(low, lambda probe: answer(probe, {"rule": rule}))
    >>> verdict.status, verdict.share, verdict.came
    ('partial', 0.5, 'the lowest loss is 0.00032')
    """  # fmt: skip

    tiers: dict = field(default_factory=dict)


def hand(*args, should=""):
    """Return a case made by hand: arguments small enough to print, and what should hold.

    Examples
    --------
    >>> hand(3.0, 0.1, should="It goes left.")
    Case(args=(3.0, 0.1), should='It goes left.')
    """
    return Case(as_args(args), should)


def drawn(make, n=DRAWS):
    """Return cases drawn at random: `make(rng)` returns the arguments.

    Examples
    --------
    >>> drawn(lambda rng: (rng.normal(),), n=5).n
    5
    """
    return Drawn(make, n)


def walk(gradient, start, steps, should="", **knobs):
    """Return a case for a rule: from a start, along the gradients of a function of `tools`.

    Examples
    --------
    >>> from gdtutor.check.tools import bowl_gradient
    >>> walk(bowl_gradient, (1.0, 2.0), 6, lr=0.1).args
    (Tool(name='bowl_gradient'), (1.0, 2.0), 6, {'lr': 0.1})
    """
    return Case((as_args([gradient])[0], tuple(start), steps, knobs), should)


def as_args(args):
    """Return arguments with functions of `tools` by name."""
    args = args if isinstance(args, tuple | list) else (args,)
    return tuple(
        Tool(arg.__name__) if callable(arg) and TOOLS.get(arg.__name__) is arg else arg
        for arg in args
    )


def mistake(name, does, words):
    """Return a mistake; see `Mistake`.

    Examples
    --------
    >>> mistake("uphill", lambda x, slope, lr: x + lr * slope, "Which sign turns you round?").name
    'uphill'
    """
    return Mistake(name, does, words)


def law(words, holds):
    """Return a law; see `Law`.

    Examples
    --------
    >>> law("A loss is never negative.", lambda args, value: value >= 0).words
    'A loss is never negative.'
    """
    return Law(words, holds)
