"""Every question keeps its promises: these tests come from the specs, so a new one has them at once.

Right answers are right in every dress, each mistake is caught with its own words, and no answer that
isn't one is taken for one.
"""

import time

import numpy as np
import pytest

from gdtutor import questions
from gdtutor.check.calls import answer
from gdtutor.check.judge import CORRECT, INCORRECT, NOT_STARTED, PARTIAL, judge
from gdtutor.check.message import as_html, text
from gdtutor.check.question import Challenge, RuleQuestion, ValueQuestion
from gdtutor.course import LESSONS

EXERCISES = [getattr(questions, name) for name in questions.__all__]
QUESTIONS = [q for ex in EXERCISES for q in ex.questions.values()]
SECRET = 20_261_125  # a seed that no notebook uses


def every(questions):
    """Run a test for every one of these questions."""
    return pytest.mark.parametrize("question", questions, ids=lambda q: q.name)


every_question = every(QUESTIONS)
every_piece_of_code = every([q for q in QUESTIONS if not isinstance(q, ValueQuestion)])
every_rule = every(
    [q for q in QUESTIONS if isinstance(q, RuleQuestion) and not isinstance(q, Challenge)]
)


def verdict(question, code, seed=0):
    """Return the verdict on some code."""
    return judge(question, lambda probe: answer(probe, {question.name: code}), seed)


class AlwaysEqual:
    """An object that calls itself equal to everything, whatever NumPy asks it."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None
    shape = ()
    dtype = np.dtype(float)

    def __array__(self, *_, **__):
        return np.zeros(())

    def __array_function__(self, *_, **__):
        return True

    def __array_ufunc__(self, *_, **__):
        return self

    def __bool__(self):
        return True

    def __len__(self):
        return 1

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __float__(self):
        return 1.0

    def __iter__(self):
        return iter([self])


class LyingFloat(float):
    """A float that calls itself equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class LyingArray(np.ndarray):
    """An array that agrees with everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


def endless_generator():
    while True:
        yield 1.0


def deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value


def circular():
    value = []
    value.append(value)
    return value


HOSTILE = [
    None, True, False, "", "correct", "0" * 10_000_000, b"1", [], (), {}, set(), object(), object, type,
    AlwaysEqual(), [AlwaysEqual()], LyingFloat(1.0), np.zeros(3).view(LyingArray), np.ma.masked, np,
    np.nan, np.inf, -np.inf, 1j, 10**5000, -1e308, 1e-320, np.zeros(0), np.zeros((0, 3)),
    np.zeros(10**7), np.zeros((1, 1, 1, 1)), np.array([None]), np.array(["1"]),
    np.array([object()], dtype=object), np.ma.zeros(3), np.zeros(3, dtype="datetime64[s]"),
    np.zeros(2, dtype=[("a", float)]), range(10**12), endless_generator(), lambda: 1, NotImplemented,
    print, deep(), circular(), {"x": float("nan")}, [[1], [2, 3]], memoryview(b"ab"),
]  # fmt: skip


@every_question
def test_the_reference_is_right(question):
    for seed in (0, 1, SECRET):
        assert verdict(question, question.reference, seed).status == CORRECT


@every_piece_of_code
def test_right_answers_are_right_in_every_dress(question):
    assert len(question.alternatives) >= 2
    for code in question.alternatives:
        for seed in (0, SECRET):
            found = verdict(question, code, seed)
            assert found.status == CORRECT, text(found)


@every_question
def test_every_mistake_is_caught_with_its_own_words(question):
    assert len(question.mistakes) >= 4 or isinstance(question, Challenge)
    for mistake in question.mistakes:
        for seed in (0, SECRET):
            found = verdict(question, mistake.does, seed)
            assert (found.status, found.mistake) == (INCORRECT, mistake.name)
            assert found.words == mistake.words


@every_question
def test_hostile_values_are_never_right_and_never_trouble(question):
    for value in HOSTILE:
        code = value if isinstance(question, ValueQuestion) else lambda *_, **__: value  # noqa: B023
        if isinstance(question, RuleQuestion):
            code.__wrapped__ = question.reference
        begin = time.perf_counter()
        found = verdict(question, code)
        assert found.status in (INCORRECT, NOT_STARTED), repr(value)[:80]
        assert len(text(found).split()) <= 80
        assert as_html(found)
        assert time.perf_counter() - begin < 1.5


@every_question
def test_dots_are_not_started(question):
    code = ... if isinstance(question, ValueQuestion) else lambda *_, **__: ...
    if isinstance(question, RuleQuestion):
        code.__wrapped__ = question.reference  # with the parameters that a rule is to have
    assert verdict(question, code).status == NOT_STARTED
    assert judge(question, lambda probe: answer(probe, {})).status == NOT_STARTED


@every_question
def test_words_are_short_and_lead_on(question):
    for mistake in question.mistakes:
        said = text(verdict(question, mistake.does))
        assert len(said.split()) <= 80, said
        assert mistake.words.count("?") <= 1, "one next step"
        assert mistake.words[-1] in ".?)…", mistake.words
    assert len(question.hints) == 3
    for hint in question.hints:
        assert 3 <= len(hint.split()) <= 45


@pytest.mark.parametrize("exercises", EXERCISES, ids=lambda ex: ex.lesson)
def test_a_lesson_has_enough_questions_of_every_level(exercises):
    lesson = next(lesson for lesson in LESSONS if lesson.name == exercises.lesson)
    asked = exercises.questions.values()
    levels = [q.level for q in asked]
    assert len(levels) >= 5
    assert levels.count("guided") >= 2
    assert levels.count("independent") >= 2
    assert "stretch" in levels
    assert set(levels) <= {"guided", "independent", "stretch"}
    assert {q.name: q.about for q in asked} == lesson.exercises
    assert all(set(q.needs) <= set(exercises.questions) for q in asked)


@every_question
def test_a_check_takes_less_than_a_tenth_of_a_second_of_our_own(question):
    verdict(question, question.reference)
    begin = time.process_time()
    for mistake in question.mistakes[:1]:
        verdict(question, mistake.does)
    assert time.process_time() - begin < 0.5  # a guard against slips; benchmarks measure it


@every_rule
def test_rules_are_compared_step_by_step(question):
    assert len({case.args[0].name for case in question.settled(0)}) >= 2, "several landscapes"


def test_partial_credit_belongs_to_challenges():
    for question in QUESTIONS:
        if isinstance(question, Challenge):
            assert list(question.tiers.values())[-1] == 1
            shares = {verdict(question, m.does).status for m in question.mistakes}
            assert shares <= {INCORRECT, PARTIAL}
