"""A question is data: what is asked, what may be answered, and what each answer says about its giver.

A `Choice` has options; one is right, and every other one is what somebody really believes: it explains
itself, and names the misconception behind it. A `Number` wants a number; numbers that are often given
instead are listed with the reason. `judge` turns an answer into a `Verdict`, and does nothing else.

Texts are plain, with `code` between backticks and *stress* between stars.
"""

import html
import math
import re
from dataclasses import dataclass
from fractions import Fraction

SURE = ("guessing", "fairly sure", "certain")


@dataclass(frozen=True)
class Option:
    """One answer to a choice: its text, what to say to who gives it, and the misconception behind it."""

    text: str
    because: str
    misconception: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What an answer was worth: right or not, the words for it, the misconception behind it if known."""

    answer: str
    right: bool
    because: str
    misconception: str | None = None


def right(text, because):
    """Return the right option of a choice."""
    return Option(text, because)


def wrong(text, because, misconception):
    """Return a wrong option of a choice, with the id of the misconception that leads to it."""
    return Option(text, because, misconception)


@dataclass(frozen=True)
class Choice:
    """A question with options, of which one is right.

    Attributes
    ----------
    name : str
        Its id, unique in its lesson.
    about : str
        The objective that it asks about: one of its own lesson, or "lesson.objective" of another one.
    ask : str
    options : tuple of Option

    Examples
    --------
    >>> top = choice(
    ...     "top", "climb", "Where does the walk end, from exactly the hilltop?",
    ...     wrong("in a valley", "The slope is 0, and 0 times any lr is 0.", "ball-physics"),
    ...     right("where it began", "Yes: a zero slope says “flat”."),
    ... )
    >>> top.judge(0).right, top.judge(0).misconception
    (False, 'ball-physics')
    >>> top.judge("where it began").right
    True
    """  # fmt: skip

    name: str
    about: str
    ask: str
    options: tuple[Option, ...]

    def judge(self, answer):
        """Return the verdict on an answer: the option's text, or its place, counted from 0."""
        texts = [option.text for option in self.options]
        if answer in texts:
            answer = texts.index(answer)
        if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(texts):
            raise ValueError(
                f"{self.name} has the answers 0 to {len(texts) - 1}: got {answer!r}. Give the number "
                "of an answer, or its text."
            )
        option = self.options[answer]
        return Verdict(
            option.text, option.misconception is None, option.because, option.misconception
        )

    @property
    def answer(self):
        """The text of the right option."""
        return next(option.text for option in self.options if option.misconception is None)


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number.

    Attributes
    ----------
    name, about, ask : str
        As in `Choice`.
    value : float
        The right answer.
    because : str
        Why it is right.
    traps : dict of float to (str, str)
        Wrong numbers that are often given: what to say, and the misconception behind it.
    hint : str
        What to say to any other number.
    tolerance : float
        How far an answer may be from a value, relative to it (absolute where the value is 0).

    Examples
    --------
    >>> third = number(
    ...     "third", "write", "f(x) = x², x₀ = 4, lr = 0.25. Where is x₃?", 0.5,
    ...     "Every step multiplies by ½.", hint="The slope at 4 is 8. Go on from there.",
    ...     traps={3.25: ("That would be three steps of 0.25.", "fixed-step")},
    ... )
    >>> third.judge("1/2").right, third.judge("3,25").misconception, third.judge(7).because
    (True, 'fixed-step', 'The slope at 4 is 8. Go on from there.')
    """  # fmt: skip

    name: str
    about: str
    ask: str
    value: float
    because: str
    traps: dict[float, tuple[str, str]]
    hint: str
    tolerance: float

    def judge(self, answer):
        """Return the verdict on an answer: a number, or a text such as "0.5", "1/2", "−2" or "1e-3"."""
        given = number_from(answer)
        if self.near(given, self.value):
            return Verdict(str(answer), True, self.because)
        for trap, (because, misconception) in self.traps.items():
            if self.near(given, trap):
                return Verdict(str(answer), False, because, misconception)
        return Verdict(str(answer), False, self.hint)

    def near(self, given, value):
        """Whether a given number is this one, up to the tolerance."""
        return abs(given - value) <= self.tolerance * (abs(value) or 1)

    @property
    def answer(self):
        """The right answer, as text."""
        return f"{self.value:.4g}"


def choice(name, about, ask, *options):
    """Return a question with options: one made by `right`, the others by `wrong`."""
    correct = sum(option.misconception is None for option in options)
    texts = {option.text for option in options}
    if len(options) < 2 or len(texts) < len(options) or correct != 1:
        raise ValueError(
            f"{name}: a choice has two different options or more, exactly one of them right: got "
            f"{len(options)} options with {len(texts)} different texts, {correct} of them right."
        )
    return Choice(name, about, ask, options)


def number(name, about, ask, value, because, *, hint, traps=None, tolerance=0.01):
    """Return a question whose answer is a number; see `Number`."""
    question = Number(name, about, ask, value, because, traps or {}, hint, tolerance)
    values = [value, *question.traps]
    for i, one in enumerate(values):
        for other in values[i + 1 :]:
            if question.near(one, other) or question.near(other, one):
                raise ValueError(f"{name}: {one} and {other} can't be told apart at {tolerance}.")
    return question


def number_from(text):
    """Return the number that a person wrote.

    Examples
    --------
    >>> [number_from(text) for text in ("0.5", "1/2", "0,5", " −2 ", "1e-3", 7)]
    [0.5, 0.5, 0.5, -2.0, 0.001, 7.0]
    >>> number_from("half")
    Traceback (most recent call last):
        ...
    ValueError: I can't read 'half' as a number. Write it like 0.5, 1/2, −2 or 1e-3.
    """
    written = str(text).strip().replace("−", "-").replace(",", ".")
    try:
        value = float(Fraction(written) if "/" in written else written)
    except (ValueError, ZeroDivisionError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        shown = str(text) if len(str(text)) <= 20 else f"{str(text)[:20]}…"
        raise ValueError(f"I can't read {shown!r} as a number. Write it like 0.5, 1/2, −2 or 1e-3.")
    return value


def as_html(text):
    """Return a question's text as HTML.

    Examples
    --------
    >>> as_html("Is `x < 3` *always* true?")
    'Is <code>x &lt; 3</code> <em>always</em> true?'
    """
    parts = re.split("`([^`]*)`", html.escape(text, quote=False))
    parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
    parts[::2] = [re.sub(r"\*(?=\S)([^*]+)(?<=\S)\*", r"<em>\1</em>", part) for part in parts[::2]]
    return "".join(parts)
