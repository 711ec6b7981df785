"""A task: one submission to grade, with all that its result depends on, and how it is done.

Task(submission, data, secret).result()  →  {"student": "Ada", "score": 7.5, …}
"""

import base64
import dataclasses
import functools
import hashlib
import json
import pathlib

from .. import check, questions
from .examine import Infrastructure, examine
from .exercise import find
from .sandbox import NoSandbox, tier
from .submission import Submission, Unreadable, cells

GRADED, UNGRADABLE, INFRASTRUCTURE = "graded", "ungradable", "infrastructure error"
ABOUT = ("id", "student", "lms_id", "email", "exercise", "file")


@dataclasses.dataclass(frozen=True)
class Task:
    """A submission to grade.

    Attributes
    ----------
    submission : Submission
    data : bytes
        The notebook as it was handed in.
    secret : bytes
        Of the seeds from which cases are drawn.
    trust : bool
        Whether it may be run without a sandbox.
    """

    submission: Submission
    data: bytes
    secret: bytes = b""
    trust: bool = False

    def pack(self):
        """Return the task as JSON, for a worker."""
        told = {field.name: getattr(self.submission, field.name) for field in FIELDS}
        data = base64.b64encode(self.data).decode()
        return json.dumps([told, data, self.secret.hex(), self.trust])

    @classmethod
    def unpack(cls, text):
        """Return a task from JSON. Its submission has no file any more: the bytes are here."""
        told, data, secret, trust = json.loads(text)
        told["notes"] = tuple(told["notes"])
        submission = Submission(**told, source=pathlib.Path(), members=())
        return cls(submission, base64.b64decode(data), bytes.fromhex(secret), trust)

    @property
    def key(self):
        """The hash of all that the result depends on."""
        told = [getattr(self.submission, field.name) for field in FIELDS]
        exercise = self.submission.exercise
        parts = [
            json.dumps([*told, tier(self.trust).name]).encode("utf-8", "surrogatepass"),
            self.data,
            self.secret,
            version(find(exercise).lesson.name).encode() if exercise else b"",
        ]
        return hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in parts)).hexdigest()

    def result(self):
        """Return the result: plain data, the same in every run."""
        if self.submission.problem:
            return self.told(UNGRADABLE, self.submission.problem)
        try:
            exercise = find(self.submission.exercise)
            examination = examine(cells(self.data), exercise, self.secret, self.trust)
        except Unreadable as error:
            return self.told(UNGRADABLE, str(error))
        except (Infrastructure, NoSandbox) as error:
            return failed(self.submission, str(error))
        answers = []
        for name, question in exercise.questions.items():
            verdict = dataclasses.asdict(examination.verdicts[name])
            score = round(verdict["share"] * question.points, 6)
            del verdict["question"]
            answers.append({"name": name, "points": question.points, "score": score, **verdict})
        return self.told(GRADED, "", answers, examination.notes)

    def told(self, status, words, answers=(), notes=()):
        """Return a result of this status."""
        exercise = self.submission.exercise
        return about(self.submission) | {
            "status": status,
            "words": words,
            "score": round(sum(answer["score"] for answer in answers), 6),
            "max_score": find(exercise).points if exercise else 0,
            "questions": list(answers),
            "notes": [*self.submission.notes, *notes],
            "sandbox": tier(self.trust).name,
            "key": self.key,
        }


FIELDS = [f for f in dataclasses.fields(Submission) if f.name not in ("source", "members")]


def about(submission):
    """Return whose result it is."""
    return {name: getattr(submission, name) for name in ABOUT}


def failed(submission, words):
    """Return the result of a submission that wasn't graded for a reason of ours: no score at all."""
    exercise = submission.exercise
    return about(submission) | {
        "status": INFRASTRUCTURE,
        "words": words,
        "score": None,
        "max_score": find(exercise).points if exercise else 0,
        "questions": [],
        "notes": list(submission.notes),
        "sandbox": "",
        "key": "",  # never the one that is wanted: it will be graded again
    }


@functools.cache
def version(lesson):
    """Return the version of a lesson's questions: a hash of their source and of all that judges."""
    files = [*pathlib.Path(check.__file__).parent.glob("*.py")]
    files += pathlib.Path(__file__).parent.rglob("*.py")
    files.append(pathlib.Path(questions.__file__).parent / f"{lesson}.py")
    digest = hashlib.sha256()
    for name, source in sorted((path.name, path.read_bytes()) for path in files):
        digest.update(name.encode() + b"\0" + source + b"\0")
    return digest.hexdigest()
