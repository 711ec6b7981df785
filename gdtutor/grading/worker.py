"""A worker: a process of ours that grades one submission after the other.

It takes tasks and returns results, JSON in frames. It is a process of its own since the judge, to run a
reference, sets timers and silences what is printed, for a whole process. Should it die, another takes
its place, and the task is tried once more.
"""

import contextlib
import json
import os
import subprocess
import sys
import time

from .examine import TOTAL
from .inside.frames import receive, send
from .task import Task, failed

TRIES = 2
PATIENCE = 5 * TOTAL  # seconds for a submission: more than it can take, unless something is wrong


class Worker:
    """A worker, seen from the grader. Use it in a `with`, so that it ends."""

    COMMAND = (sys.executable, "-m", "gdtutor.grading.worker")

    def __init__(self):
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def grade(self, task):
        """Return the result of a task."""
        for _ in range(TRIES):
            text = self.exchange(task.pack())
            result = (
                json.loads(text) if text else failed(task.submission, "a grading process died.")
            )
            if result["score"] is not None:
                break
        return result

    def exchange(self, text):
        """Send a text to the process and return what comes back; "" if the process is no more."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.COMMAND,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        try:
            if send(self.process.stdin.fileno(), text, until):
                reply = receive(self.process.stdout.fileno(), until)
                if reply:
                    return reply
        except BrokenPipeError:
            pass
        self.end()
        return ""

    def end(self):
        """End the process."""
        if self.process is not None:
            self.process.stdin.close()  # at the end of all tasks it tidies up, and ends
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(2)
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None


def main():
    """Grade what comes in until nothing comes any more."""
    tasks, results = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # what anything prints mustn't come between frames
    with contextlib.suppress(BrokenPipeError):  # whoever wanted the results is gone
        while text := receive(tasks):
            send(results, json.dumps(Task.unpack(text).result()))


if __name__ == "__main__":
    main()
