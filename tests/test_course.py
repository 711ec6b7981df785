"""The course as data: every objective is asked about, every belief is met, lessons keep their shape."""

import json
import pathlib
import re
import subprocess
import sys

import pytest

from gdtutor.course import LESSONS
from gdtutor.course.questions import Choice, Number

ROOT = pathlib.Path(__file__).parents[1]
BELIEFS = {name: belief for lesson in LESSONS for name, belief in lesson.misconceptions.items()}
NAMES = [lesson.name for lesson in LESSONS]


@pytest.fixture(params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    """A lesson."""
    return request.param


@pytest.fixture
def notebook(lesson):
    """Its notebook, as a list of (kind, source)."""
    text = (ROOT / "notebooks" / lesson.file).read_text(encoding="utf-8")
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]


def wrongs(question):
    """Return the misconceptions that a question's wrong answers name."""
    if isinstance(question, Number):
        return [misconception for _, misconception in question.traps.values()]
    return [option.misconception for option in question.options if option.misconception]


def test_lessons_come_in_order_and_need_earlier_ones():
    assert [lesson.number for lesson in LESSONS] == list(range(len(LESSONS)))
    for lesson in LESSONS:
        assert set(lesson.needs) <= set(NAMES[: lesson.number])


def test_every_objective_is_asked_about_or_exercised(lesson):
    asked = {q.about for q in lesson.questions} | set(lesson.exercises.values())
    assert set(lesson.objectives) - asked == set()


def test_questions_are_about_objectives_that_exist(lesson):
    objectives = {
        f"{other.name}.{name}" for other in LESSONS[: lesson.number] for name in other.objectives
    }
    for question in (*lesson.predictions, *lesson.questions):
        assert question.about in set(lesson.objectives) | objectives, question.name
    for question in lesson.retrieval:
        assert question.about in objectives, question.name
    assert set(lesson.exercises.values()) <= set(lesson.objectives)


def test_names_are_ids(lesson):
    asked = [*lesson.retrieval, *lesson.predictions, *lesson.questions]
    assert len({q.name for q in asked}) == len(asked)
    for name in [*lesson.asked, *lesson.misconceptions, *lesson.objectives]:
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)


def test_a_belief_belongs_to_one_lesson():
    assert sum(len(lesson.misconceptions) for lesson in LESSONS) == len(BELIEFS)


def test_a_word_is_introduced_once():
    words = [word.lower() for lesson in LESSONS for word in lesson.words]
    assert sorted(words) == sorted(set(words))


def test_every_wrong_answer_names_a_belief(lesson):
    for question in lesson.asked.values():
        named = wrongs(question)
        assert named, question.name
        assert set(named) <= set(BELIEFS), question.name


def test_every_belief_is_met_by_a_question(lesson):
    met = {name for other in LESSONS for q in other.asked.values() for name in wrongs(q)}
    assert set(lesson.misconceptions) - met == set()


def test_there_is_enough_to_answer(lesson):
    if lesson.number:
        assert len(lesson.predictions) >= 4
        assert 4 <= len(lesson.questions) <= 8
    assert len(lesson.retrieval) == (0 if lesson.number < 3 else 3)


def test_the_right_answer_has_no_favourite_place(lesson):
    choices = [q for q in lesson.asked.values() if isinstance(q, Choice)]
    places = [[o.misconception for o in q.options].index(None) for q in choices]
    assert max(map(places.count, places)) <= 0.6 * len(places) + 1
    longest = [
        max(q.options, key=lambda option: len(option.text)).text == q.answer for q in choices
    ]
    assert sum(longest) <= 0.65 * len(longest) + 1, "the right answer is too often the longest"


def test_words_are_few_and_kind(lesson):
    for question in lesson.asked.values():
        said = [question.ask]
        if isinstance(question, Number):
            said += [question.because, question.hint, *(why for why, _ in question.traps.values())]
        else:
            said += [option.because for option in question.options]
        for text in said:
            assert len(text.split()) <= 60, text
            assert text == text.strip()
            assert text[-1] in ".?!…”)", text
            assert not re.match("(Right|Correct|Yes|No|Wrong)[.,:!]", text), text


# ---------------------------------------------------------------- the notebooks


def test_the_title_says_what_the_manifest_says(lesson, notebook):
    title = notebook[0][1]
    assert title.startswith(f"# {lesson.number} · {lesson.title}\n")
    assert f"**{lesson.minutes} minutes.**" in title
    words = " ".join(title.split())
    for objective in lesson.objectives.values():
        assert objective in words
    assert "(glossary.ipynb)" in title


def test_every_question_is_asked_once_and_in_its_place(lesson, notebook):
    code = [source for kind, source in notebook if kind == "code"]
    predicted = [re.fullmatch(r'lesson\.predict\("([a-z0-9-]+)"\)', source) for source in code]
    names = [found[1] for found in predicted if found]
    assert sorted(names) == sorted(q.name for q in lesson.predictions)
    assert names == [q.name for q in lesson.predictions], "in the order of the notebook"
    assert code.count("lesson.quiz()") == 1
    assert code.count("lesson.remember()") == bool(lesson.retrieval)
    assert code.count("lesson.recap()") == bool(lesson.predictions)


def test_every_new_word_stands_out_where_it_is_introduced(lesson, notebook):
    text = "\n".join(source for kind, source in notebook if kind == "markdown").lower()
    text = re.sub("`[^`]*`", "", text)
    bold = " ".join(" ".join(re.findall(r"\*\*([^*]+)\*\*", text)).split())
    missing = [word for word in lesson.words if re.sub(r" \(.*", "", word).lower() not in bold]
    assert missing == []


def test_something_to_do_comes_every_120_words(lesson, notebook):
    run, texts = 0, []
    for kind, source in notebook[1:]:
        run = 0 if kind == "code" else run + len(re.sub("<[^>]+>|[#*|-]", " ", source).split())
        texts.append((run, source[:60]))
    assert [text for text in texts[:-3] if text[0] > 125] == []


def test_recap_and_what_next(notebook):
    texts = [source for kind, source in notebook if kind == "markdown"]
    assert any(re.match(r"## In \w+ lines\n", text) for text in texts[-3:])
    assert texts[-1].startswith("## What next\n")


def test_every_cell_knows_its_slide(lesson):
    text = (ROOT / "notebooks" / lesson.file).read_text(encoding="utf-8")
    kinds = [cell["metadata"]["slideshow"]["slide_type"] for cell in json.loads(text)["cells"]]
    assert kinds[0] == "slide"
    assert set(kinds) <= {"slide", "subslide", "-", "skip"}


def test_a_deck_is_made_of_the_marks(tmp_path):
    lesson = LESSONS[3]
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "slides", ROOT / "notebooks" / lesson.file,
         "--output-dir", tmp_path, "--log-level", "ERROR"],
        check=True,
    )  # fmt: skip
    deck = (tmp_path / lesson.file.replace(".ipynb", ".slides.html")).read_text(encoding="utf-8")
    assert deck.count("<section") > 30
    words = re.sub("<[^>]+>", "", deck)
    assert "lesson.predict" in words
    assert "import numpy" not in words, "imports are no slide"
