"""Answers: judged, kept in the learner's folder through every accident, and turned into advice."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from gdtutor.course import LESSONS, progress, record, start_here, update_rule
from gdtutor.course.journey import Journey
from gdtutor.course.questions import as_html, choice, number, number_from, right, wrong


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """A learner's file of its own."""
    path = tmp_path / "my_progress.jsonl"
    monkeypatch.setenv("GDTUTOR_PROGRESS", str(path))
    monkeypatch.setattr(record, "_in_memory", [])
    return path


# ---------------------------------------------------------------- judging


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_answer_gets_its_own_verdict(lesson):
    for q in lesson.asked.values():
        if hasattr(q, "options"):
            verdicts = [q.judge(i) for i in range(len(q.options))]
            assert [v.because for v in verdicts] == [o.because for o in q.options]
            assert sum(v.right for v in verdicts) == 1
            assert q.judge(q.answer).right
        else:
            assert q.judge(repr(float(q.value))).right
            assert q.judge(q.answer).right, "the answer as it is told counts as right"
            for trap, (because, misconception) in q.traps.items():
                verdict = q.judge(trap)
                assert (verdict.right, verdict.because) == (False, because)
                assert verdict.misconception == misconception
            assert not q.judge(q.value * 1.3 + 7).right


@pytest.mark.parametrize("answer", [-1, 3, True, None, 1.0, "no such option", [0]])
def test_a_choice_refuses_what_it_does_not_offer(answer):
    with pytest.raises(ValueError, match="steps has the answers 0 to 2: got"):
        update_rule.find("steps").judge(answer)


@pytest.mark.parametrize(
    "text", ["", "half", "nan", "inf", "1/0", "1e999", "--2", "1 000", "x" * 99]
)
def test_what_is_no_number_is_told_kindly(text):
    with pytest.raises(ValueError, match=r"I can't read '.{0,21}' as a number. Write it like 0.5"):
        number_from(text)


def test_a_question_that_cannot_be_judged_is_refused():
    with pytest.raises(ValueError, match="exactly one of them right: got 2 options"):
        choice("a", "b", "?", right("x", "."), right("y", "."))
    with pytest.raises(ValueError, match="with 1 different texts"):
        choice("a", "b", "?", right("x", "."), wrong("x", ".", "m"))
    with pytest.raises(ValueError, match=r"2 and 2.01 can't be told apart at 0.01"):
        number("a", "b", "?", 2, ".", hint=".", traps={2.01: (".", "m")})


def test_texts_become_harmless_html():
    assert as_html("<b>") == "&lt;b&gt;"
    assert as_html("2 * x * y, *so*, `a * b`") == "2 * x * y, <em>so</em>, <code>a * b</code>"


# ---------------------------------------------------------------- the file


def test_an_answer_is_one_readable_line(file):
    verdict = update_rule.answer("steps", "they stay equal", sure="certain")
    assert verdict.misconception == "fixed-step"
    assert file.read_text(encoding="utf-8") == (
        '{"question": "update_rule.steps", "answer": "they stay equal", "right": false, '
        '"sure": "certain"}\n'
    )


def test_nothing_is_kept_of_what_is_no_answer(file):
    for name, answer, sure in [("steps", 7, None), ("nothing", 0, None), ("steps", 0, "very")]:
        with pytest.raises(ValueError, match=r"has the answers|has no question|sure is one of"):
            update_rule.answer(name, answer, sure)
    assert not file.exists()


def test_one_file_serves_all_folders_of_the_course(tmp_path, monkeypatch):
    monkeypatch.delenv("GDTUTOR_PROGRESS")
    places = []
    for name in ("", "notebooks", "exercises", "solutions"):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / name)
        places.append(record.place())
    assert set(places) == {tmp_path / "my_progress.jsonl"}


def test_two_notebooks_at_once_lose_nothing(file):
    code = (
        "import sys; from gdtutor.course import record\n"
        "for i in range(200): record.add(f'{sys.argv[1]}.{i}', 'ü' * 50, True)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("a", "b")]
    assert [process.wait(60) for process in both] == [0, 0]
    found, damaged = record.entries()
    assert (len(found), damaged) == (400, 0)
    assert {e["question"] for e in found} == {f"{n}.{i}" for n in "ab" for i in range(200)}


@pytest.mark.parametrize(
    "damage",
    [
        b'{"question": "a.b", "answ',
        b"\xff\xfe\x00garbage",
        b"[]",
        b"null",
        b'{"question": 3, "answer": "x", "right": true}',
        b'{"question": "a.b", "answer": "x", "right": "yes"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_line_costs_that_line_alone(file, damage):
    update_rule.answer("third", 0.5)
    with open(file, "ab") as torn:
        torn.write(damage)  # without an end of line, as when a machine died
    update_rule.answer("hilltop", 1)
    before = file.read_bytes()
    assert list(record.answers()) == ["update_rule.third", "update_rule.hilltop"]
    assert damage in before
    assert record.troubles() == [
        "One line of my_progress.jsonl couldn't be read and stayed as before; all others count."
    ]
    assert "One line" in repr(progress())
    assert file.read_bytes() == before


def test_without_a_writable_folder_answers_stay_in_memory(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GDTUTOR_PROGRESS", str(tmp_path / "file" / "my_progress.jsonl"))
    update_rule.answer("third", 0.5)
    assert record.answers()["update_rule.third"][0]["right"]
    assert record.troubles() == [
        "my_progress.jsonl can't be written here: your answers last as long as this kernel."
    ]
    assert "written here: your answers last" in progress()._repr_html_()
    said = tell(update_rule.quiz(), question="third", answer="0.5")
    assert said["words"].endswith("(Kept in memory only: this folder can't be written to.)")


def test_a_folder_in_the_place_of_the_file_is_no_catastrophe(file):
    file.mkdir()
    update_rule.answer("third", 0.5)
    assert len(record.answers()) == 1
    assert len(record.troubles()) == 1


# ---------------------------------------------------------------- recap and map


def test_the_recap_counts_first_predictions():
    assert "none kept yet" in repr(update_rule.recap())
    update_rule.answer("steps", "they stay equal", "certain")
    update_rule.answer("steps", "they get shorter", "certain")  # too late: it has been seen
    update_rule.answer("factor", 1, "guessing")
    said = update_rule.recap().lines()
    assert (
        said[0]
        == f"You predicted 1 of 2 rightly. ({len(update_rule.predictions) - 2} more in this lesson.)"
    )
    assert said[1:3] == ["When you were certain: 0 of 1.", "When you were guessing: 1 of 1."]
    assert said[3].endswith("You said: they stay equal.")
    assert len(said) == 4


def answer_quiz(lesson, *missed):
    """Answer a lesson's whole quiz, rightly but for these."""
    for q in lesson.questions:
        wrong_one = 0 if hasattr(q, "options") and q.options[0].text != q.answer else 1
        if not hasattr(q, "options"):
            wrong_one = q.value + 1000
        lesson.answer(q.name, wrong_one if q.name in missed else q.answer)


@pytest.mark.parametrize(
    ("missed", "next_lesson"),
    [
        (["steep"], "derivatives"),
        (["explodes", "downhill"], "derivatives"),
        (["first-step"], "update_rule"),
        ([], "learning_rates"),
        (["feels"], "learning_rates"),
    ],
)
def test_the_first_quiz_says_where_to_begin(missed, next_lesson):
    answer_quiz(start_here, *missed)
    assert progress().next()[1].name == next_lesson


def test_the_map_leads_through_the_whole_course():
    way = []
    for _ in range(len(LESSONS)):
        _, lesson = progress().next()
        way.append(lesson.name)
        answer_quiz(lesson, *(["steep"] if lesson is start_here else []))
    assert way == [lesson.name for lesson in LESSONS]
    for lesson in LESSONS:
        for name in lesson.exercises:
            record.add(f"{lesson.name}.{name}", "", True)
    assert progress().next() == (
        "You have reached the bottom of the hill: there is nothing left to do.",
        None,
    )
    assert "10 of 10 lessons done" in progress()._repr_html_()


def test_advice_looks_back_before_it_goes_on():
    answer_quiz(start_here, "steep")
    update_rule.answer("third", 3.25)
    assert (
        progress().next()[0].startswith("Look again at a question of “The update rule”: f(x) = x²")
    )
    update_rule.answer("third", 0.5)
    left = len(update_rule.questions) - 1
    assert f"{left} questions of its quiz to go" in progress().next()[0]
    answer_quiz(update_rule)
    assert "Open lesson 1, " in progress().next()[0]
    assert (
        "Lesson 3 has 7 exercises for you: exercises/03_update_rule.ipynb." in progress().next()[0]
    )


def test_questions_that_are_gone_do_no_harm():
    record.add("update_rule.no_longer_asked", "x", True)
    record.add("no_longer_a_lesson.third", "x", True)
    assert progress().next()[1] is start_here


def test_a_map_of_one_lesson_is_drawn():
    alone = replace(update_rule, needs=())
    assert "0 of 1 lessons done" in Journey([alone])._repr_html_()


# ---------------------------------------------------------------- the sheet


def tell(sheet, **message):
    """Send what the browser would send; what the sheet shows then."""
    sheet._handle_custom_msg(message, [])
    return sheet.said[message["question"]]


def test_a_quiz_answers_and_explains(file):
    sheet = update_rule.quiz()
    said = tell(sheet, question="third", answer="3,25")
    assert said["mark"] == "✗"
    assert "three steps of 0.25" in said["words"]
    assert "It is" not in said["words"]
    said = tell(sheet, question="third", answer="½")
    assert said == {
        "mark": "!",
        "turn": 2,
        "words": "I can&#x27;t read &#x27;½&#x27; as a number. Write it like 0.5, 1/2, −2 or 1e-3.",
    }
    assert tell(sheet, question="third", answer="1/2")["mark"] == "✓"
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_after_three_wrong_numbers_the_answer_is_told():
    sheet = update_rule.quiz("third")
    words = [tell(sheet, question="third", answer=str(n))["words"] for n in (7, 8, 9)]
    assert ["<b>0.5</b>" in text for text in words] == [False, False, True]


def test_a_prediction_is_kept_and_judged_when_asked():
    sheet = update_rule.predict("steps")
    said = tell(sheet, question="steps", answer=2, sure="certain")
    assert said["kept"]
    assert said["words"].startswith("Kept: they stay equal (certain).")
    said = tell(sheet, question="steps", compare=True)
    assert said["mark"] == "✗"
    assert "product of both" in said["words"]
    assert "they get shorter" in said["words"]


def test_a_new_sheet_knows_what_was_answered():
    update_rule.answer("third", 3.25)
    update_rule.answer("steps", 1, "guessing")
    assert update_rule.quiz().said["third"]["words"] == "Last time: 3.25 ✗"
    assert update_rule.predict("steps").said["steps"]["words"] == "Last time: they get shorter"


def test_the_browser_is_not_told_the_answers():
    sent = json.dumps([update_rule.quiz().items, update_rule.predict("steps").items])
    for q in update_rule.asked.values():
        if hasattr(q, "options"):
            assert all(o.because not in sent for o in q.options)


def test_what_is_stored_does_not_depend_on_answers():
    before = [repr(update_rule.quiz()), update_rule.quiz().html()]
    answer_quiz(update_rule)
    assert [repr(update_rule.quiz()), update_rule.quiz().html()] == before
    assert "third: f(x) = x²" in before[0]
    assert "lesson.answer('third', …)" in before[0]
    assert before[1].count("<details>") == 1 + sum(
        len(q.options) for q in update_rule.questions if hasattr(q, "options")
    )


def test_a_quiz_is_no_prediction():
    with pytest.raises(ValueError, match="'third' isn't a prediction: quiz"):
        update_rule.predict("third")
    with pytest.raises(ValueError, match="no question 'thrid'; it has uphill, power"):
        update_rule.quiz("thrid")
