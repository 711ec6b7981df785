"""What a learner has answered: a small file in the learner's folder, one line an answer.

    {"question": "update_rule.hilltop", "answer": "stays there for ever", "right": true}

Lines are only ever added, each in one piece, so that two notebooks open at once can't overwrite each
other, and a damaged line costs that line alone. Everything else (what was answered first, how often) is
read off the lines. Where the folder can't be written to, the answers live as long as the kernel.
"""

import json
import os
import pathlib
import tempfile

FOLDERS = ("notebooks", "exercises", "solutions")
ELSEWHERE = "GDTUTOR_PROGRESS"  # a variable of the environment: the path of another file
NAME = "my_progress.jsonl"

_in_memory = []


def place():
    """Return the path of the learner's file: one for the whole course."""
    if os.environ.get(ELSEWHERE):
        return pathlib.Path(os.environ[ELSEWHERE])
    here = pathlib.Path.cwd()
    return (here.parent if here.name in FOLDERS else here) / NAME


def add(question, answer, right, sure=None):
    """Keep an answer to a question.

    Parameters
    ----------
    question : str
        Its id, with the lesson: "update_rule.hilltop".
    answer : str
    right : bool
    sure : str, optional
        How sure the learner was.
    """
    entry = {"question": question, "answer": answer, "right": right}
    if sure is not None:
        entry["sure"] = sure
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    try:
        _append(place(), line.encode())
    except OSError:
        _in_memory.append(entry)


def _append(path, line):
    """Add a line to a file, in one piece, also after a line that was cut off."""
    with open(path, "a+b", buffering=0) as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = b"\n" + line
        file.write(line)


def entries():
    """Return all answers, the oldest first, and how many lines couldn't be read."""
    try:
        lines = place().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    read = [_entry(line) for line in lines if line.strip()]
    found = [entry for entry in read if entry is not None]
    return found + _in_memory, len(read) - len(found)


def _entry(line):
    """Return the answer that a line holds, or None."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    whole = (
        isinstance(entry, dict)
        and isinstance(entry.get("question"), str)
        and isinstance(entry.get("answer"), str)
        and isinstance(entry.get("right"), bool)
        and isinstance(entry.get("sure", ""), str)
    )
    return entry if whole else None


def answers():
    """Return {question: list of its answers, the oldest first}."""
    found = {}
    for entry in entries()[0]:
        found.setdefault(entry["question"], []).append(entry)
    return found


def lasting():
    """Whether answers outlive the kernel."""
    return not _in_memory and _writable(place())


def troubles():
    """Return what the learner should know about the file: a list of sentences, mostly empty."""
    name, damaged, said = place().name, entries()[1], []
    if damaged:
        lines = "One line" if damaged == 1 else f"{damaged} lines"
        said.append(f"{lines} of {name} couldn't be read and stayed as before; all others count.")
    if not lasting():
        said.append(f"{name} can't be written here: your answers last as long as this kernel.")
    return said


def _writable(path):
    """Whether a line could be added to this file."""
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            return True
    except OSError:
        return False
