"""What a verdict says, as text and as HTML: what was called, what came, what should hold, what next."""

from ..course.questions import as_html as words
from .judge import CANNOT_CHECK, CORRECT, INCORRECT, NOT_STARTED, PARTIAL, WAITING

MARKS = {
    CORRECT: "✓ correct",
    PARTIAL: "◐ partly",
    INCORRECT: "✗ not yet",
    NOT_STARTED: "… not started",
    WAITING: "… waiting",
    CANNOT_CHECK: "⚠ cannot check",
}
COLOURS = {CORRECT: "#009e73", PARTIAL: "#e69f00", INCORRECT: "#d55e00"}


def text(verdict):
    """Return the message as plain text.

    Examples
    --------
    >>> from .judge import Verdict
    >>> verdict = Verdict("step", INCORRECT, called="step(3, 6, 1)", came="got 9", words="Which way?")
    >>> print(text(verdict))
    ✗ not yet: I called `step(3, 6, 1)` and got 9. Which way?
    """
    parts = []
    if verdict.called:
        came = f" and {verdict.came}" if verdict.came.startswith("got") else f": {verdict.came}"
        parts.append(f"I called `{verdict.called}`{came}.")
    elif verdict.came:
        parts.append(f"{verdict.came}.")
    parts += [part for part in (verdict.should, verdict.words) if part]
    return f"{MARKS[verdict.status]}: {' '.join(parts)}" if parts else MARKS[verdict.status]


def as_html(verdict, more=""):
    """Return the message as HTML: a paragraph with a mark, in the colours of the page it stands on."""
    mark, _, rest = text(verdict).partition(":")
    colour = COLOURS.get(verdict.status, "currentColor")
    return (
        f'<p role="status" style="border-left:4px solid {colour};padding:2px 10px;margin:4px 0;'
        f'max-width:760px;line-height:1.5"><b>{mark}</b>{":" if rest else ""}{words(rest + more)}</p>'
    )
