"""A sheet of questions in a notebook: native radio buttons and fields, judged in the kernel.

The browser shows and asks (browser/sheet.js), and sends what was answered; the verdict comes from the
questions themselves, so that a sheet, a terminal and a test judge alike. Where widgets aren't shown, the
output has the same questions as HTML with the answers folded away, and as text. Neither depends on what
was answered: two runs give the same output.
"""

import html
import pathlib

import anywidget
import traitlets

from . import record
from .questions import SURE, Number, as_html

BROWSER = pathlib.Path(__file__).parent / "browser"
ELEMENT = BROWSER.parents[1] / "live" / "browser" / "element.js"
VIEW = "application/vnd.jupyter.widget-view+json"
TRIES = 3  # so many wrong numbers, and the answer is told


class Sheet(anywidget.AnyWidget):
    """Questions of a lesson, to be answered.

    Parameters
    ----------
    lesson : Lesson
    title : str
    questions : list of Choice or Number
    predict : bool
        Whether they are predictions: then the learner also says how sure, and the verdict waits until
        it is asked for.
    """

    _esm = "\n".join(path.read_text(encoding="utf-8") for path in (ELEMENT, BROWSER / "sheet.js"))
    _css = (BROWSER / "sheet.css").read_text(encoding="utf-8")
    title = traitlets.Unicode().tag(sync=True)
    items = traitlets.List().tag(sync=True)
    sure = traitlets.List().tag(sync=True)
    said = traitlets.Dict().tag(sync=True)  # {name: what the browser shows below the question}

    def __init__(self, lesson, title, questions, predict):
        self.lesson, self.questions, self.predict = lesson, list(questions), predict
        super().__init__(
            title=title,
            items=[item(q) for q in self.questions],
            sure=list(SURE) if predict else [],
            said=self._earlier(),
        )
        self.on_msg(hear)

    def _earlier(self):
        """Return what is said of questions that were answered before."""
        kept, said = record.answers(), {}
        for q in self.questions:
            if given := kept.get(self.lesson.id_of(q.name)):
                last = given[-1]
                mark = "" if self.predict else (" ✓" if last["right"] else " ✗")
                said[q.name] = {"mark": "", "words": as_html(f"Last time: {last['answer']}{mark}")}
        return said

    def tell(self, name, mark, words, **more):
        """Show words below a question, even if they are the same as before."""
        turn = self.said.get(name, {}).get("turn", 0) + 1
        self.said = self.said | {name: {"mark": mark, "words": words, "turn": turn, **more}}

    def take(self, name, answer, sure):
        """Take an answer: keep it, and say what is to say."""
        verdict = self.lesson.answer(name, answer, sure)
        if self.predict:
            words = f"Kept: {verdict.answer} ({sure}). Now run the cell below, then compare."
            self.tell(name, "", as_html(words), kept=True)
        else:
            mark, words = self.feedback(name, verdict)
            if not record.lasting():
                words += " (Kept in memory only: this folder can't be written to.)"
            self.tell(name, mark, words)

    def compare(self, name):
        """Say how a prediction did."""
        question = self.lesson.find(name)
        last = record.answers()[self.lesson.id_of(name)][-1]
        mark, words = self.feedback(name, question.judge(last["answer"]))
        self.tell(name, mark, words, kept=True, compared=True)

    def feedback(self, name, verdict):
        """Return a mark and the words, as HTML, for an answer."""
        if verdict.right:
            return "✓", f"<b>Right.</b> {as_html(verdict.because)}"
        verb = "It comes out differently." if self.predict else "Not yet."
        words = f"<b>{verb}</b> {as_html(verdict.because)}"
        question = self.lesson.find(name)
        given = record.answers().get(self.lesson.id_of(name), [])
        if self.predict or (isinstance(question, Number) and len(given) >= TRIES):
            words += f" Right would have been: <b>{as_html(question.answer)}</b>."
            words += f" {as_html(question.because)}" if isinstance(question, Number) else ""
        return "✗", words

    def html(self):
        """Return the questions as HTML that needs no widgets: an answer opens when it is clicked on."""
        parts = [f"<p><b>{self.title}</b></p>"]
        for n, q in enumerate(self.questions, 1):
            label = f"<b>{n}.</b> " if len(self.questions) > 1 else ""
            parts.append(f"<p>{label}{as_html(q.ask)}</p>")
            folded = [("the answer", f"{q.answer}. {q.because}")] if isinstance(q, Number) else [
                (option.text, option.because) for option in q.options
            ]  # fmt: skip
            parts += [
                f"<details><summary>{as_html(text)}</summary>{as_html(because)}</details>"
                for text, because in folded
            ]
        return "\n".join(parts)

    def __repr__(self):
        lines = [self.title]
        for q in self.questions:
            lines.append(f"{q.name}: {q.ask}")
            if not isinstance(q, Number):
                lines += [f"  {i}  {option.text}" for i, option in enumerate(q.options)]
        lines.append(f"To answer in code: lesson.answer({self.questions[0].name!r}, …)")
        return "\n".join(lines)

    def _ipython_display_(self, **_):
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is None:  # a script: words are all it can show
            print(repr(self))
            return
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        data = {VIEW: view, "text/html": self.html(), "text/plain": repr(self)}
        display(data, raw=True)


def item(question):
    """Return what the browser must know of a question: not the answer."""
    options = [] if isinstance(question, Number) else [as_html(o.text) for o in question.options]
    return {"name": question.name, "ask": as_html(question.ask), "options": options}


def hear(sheet, message, _):
    """Answer the browser: an answer, or the wish to compare."""
    name = message["question"]
    try:
        if message.get("compare"):
            sheet.compare(name)
        else:
            sheet.take(name, message["answer"], message.get("sure"))
    except ValueError as problem:
        sheet.tell(name, "!", html.escape(str(problem)))
