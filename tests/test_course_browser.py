"""Questions in the real JupyterLab: with the keyboard alone, by name, without a kernel."""

import json

import pytest
from browsing import open_notebook, order, run_all, running_lab, write_notebook

CELLS = [
    "from gdtutor.course import update_rule as lesson",
    'lesson.predict("steps")',
    'lesson.quiz("third", "hilltop")',
    "lesson.recap()",
]


@pytest.fixture
def questions(page, tmp_path, monkeypatch):
    """A page with a prediction, a quiz and a recap, in a folder of its own."""
    monkeypatch.delenv("GDTUTOR_PROGRESS")
    with running_lab(tmp_path) as lab:
        write_notebook(lab, "questions.ipynb", CELLS)
        open_notebook(page, lab, "questions.ipynb")
        run_all(page)
        page.locator(".gdt-sheet").nth(1).wait_for()
        yield page


def kept(folder):
    """Return the lines of the learner's file."""
    lines = (folder / "my_progress.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_prediction_with_the_keyboard_alone(questions, tmp_path):
    page, sheet = questions, questions.locator(".gdt-sheet").first
    assert sheet.get_attribute("aria-label") == "Predict"
    said = sheet.get_by_role("status")
    sheet.get_by_role("radio").first.focus()
    page.keyboard.press("Tab")  # on to how sure, without an answer
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert said.inner_text() == "Choose an answer first."

    sheet.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert said.inner_text() == "And how sure are you? A guess is fine."
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    sheet.get_by_text("Kept: they get shorter (fairly sure).").wait_for()
    assert kept(tmp_path)[0]["sure"] == "fairly sure"

    page.keyboard.press("Enter")  # the focus waits on the button that compares
    sheet.get_by_text("The slope shrinks on its own").wait_for()
    assert said.get_attribute("data-mark") == "✓"
    order(page, "notebook:run-all-cells")
    page.get_by_text("You predicted 1 of 1 rightly.").wait_for()
    page.get_by_text("Last time: they get shorter").wait_for()


def test_a_quiz_explains_itself(questions, tmp_path):
    sheet = questions.locator(".gdt-sheet").nth(1)
    field = sheet.get_by_role("textbox", name="your answer, a number")
    for answer, words in [
        ("about a half", "I can't read 'about a half' as a number."),
        ("3,25", "Not yet. That would be three steps of 0.25. The step is lr times the slope."),
        ("1/2", "Right. Every step multiplies by"),
    ]:
        field.fill(answer)
        field.press("Enter")
        sheet.get_by_text(words).wait_for()
    group = sheet.get_by_role("group", name="The walker stands exactly on a hilltop")
    group.get_by_role("radio", name="stays there for ever").check()
    group.get_by_role("button", name="Check").click()
    group.get_by_text("Zero slope says “flat”").wait_for()
    assert [entry["right"] for entry in kept(tmp_path)] == [False, True, True]


def test_every_control_has_a_name_and_questions_fit(questions):
    for width in (1400, 800):
        questions.set_viewport_size({"width": width, "height": 900})
        # JupyterLab lays out its panes some frames after the window has changed.
        questions.wait_for_function(
            """() => {
                const pane = document.querySelector('.jp-Notebook').getBoundingClientRect();
                return [...document.querySelectorAll('.gdt-sheet')].every(sheet =>
                    sheet.getBoundingClientRect().right <= pane.right);
            }""",
            timeout=10_000,
        )
        for sheet in questions.locator(".gdt-sheet").all():
            assert sheet.bounding_box()["height"] < 760
    unnamed = questions.evaluate(
        """() => [...document.querySelectorAll('.gdt-sheet :is(input, button)')].filter(control =>
            !control.getAttribute('aria-label') && !control.textContent.trim()
            && ![...control.labels ?? []].some(label => label.textContent.trim())).length"""
    )
    assert unnamed == 0


def test_without_a_kernel_it_says_what_to_do(questions):
    questions.evaluate(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
    )
    sheet = questions.locator(".gdt-sheet").nth(1)
    field = sheet.get_by_role("textbox")
    field.fill("0.5")
    field.press("Enter")
    sheet.get_by_text("Waiting for the kernel").wait_for(timeout=10_000)
