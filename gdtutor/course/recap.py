"""How a learner's predictions did: how many came true, and how sure the learner was of them.

The first answer to a prediction counts. Being certain and wrong is worth most: what surprised is
remembered, so those are named.
"""

from . import record
from .questions import SURE, as_html


class Recap:
    """How the predictions of a lesson did, as text and as HTML."""

    def __init__(self, lesson):
        self.lesson = lesson

    def lines(self):
        """Return what is to say, in sentences."""
        kept, asked = record.answers(), self.lesson.predictions
        first = {
            q.name: kept[self.lesson.id_of(q.name)][0]
            for q in asked
            if self.lesson.id_of(q.name) in kept
        }
        if not first:
            return [
                f"{count(len(asked), 'prediction')} in this lesson, none kept yet. Make them, and run "
                "this cell again: it says how they did."
            ]
        right = sum(entry["right"] for entry in first.values())
        said = [f"You predicted {right} of {len(first)} rightly."]
        if len(first) < len(asked):
            said[0] += f" ({len(asked) - len(first)} more in this lesson.)"
        for sure in reversed(SURE):
            given = [entry["right"] for entry in first.values() if entry.get("sure") == sure]
            if given:
                said.append(f"When you were {sure}: {sum(given)} of {len(given)}.")
        for q in asked:
            entry = first.get(q.name, {"right": True})
            if not entry["right"] and entry.get("sure") != SURE[0]:
                said.append(f"A surprise worth a second look: {q.ask} You said: {entry['answer']}.")
        return said + record.troubles()

    def __repr__(self):
        return "\n".join(self.lines())

    def _repr_html_(self):
        return "".join(f"<p>{as_html(line)}</p>" for line in self.lines())


def count(n, thing):
    """Return "1 thing", "3 things".

    Examples
    --------
    >>> count(1, "prediction"), count(0, "prediction")
    ('1 prediction', '0 predictions')
    """
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"
