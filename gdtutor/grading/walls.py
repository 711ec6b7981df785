"""What stands around a student's code: bubblewrap, or nothing but limits.

Each kind of wall says how a process within it is started. Within bubblewrap are Python, its library, the
system's shared libraries, numpy and what `stage` holds, all read-only; a /tmp that vanishes; no network,
no other process, no program but Python, no way up.
"""

import glob
import os
import pathlib
import sys
from dataclasses import dataclass

from .stage import numpy_folders, stage

DISK = 64_000_000  # bytes of /tmp, and of /dev/shm
LIMITS = {
    "RLIMIT_AS": 2_000_000_000,  # bytes of address space, each process
    "RLIMIT_CORE": 0,
    "RLIMIT_CPU": 300,  # seconds, each process
    "RLIMIT_FSIZE": 20_000_000,  # bytes of a file
    "RLIMIT_NOFILE": 256,
}
PROCESSES = 64
NAMESPACES = ("ipc", "pid", "net", "uts", "cgroup-try")


@dataclass(frozen=True)
class Bubblewrap:
    """A sandbox of Linux namespaces.

    Attributes
    ----------
    program : str
        The path of bubblewrap's program.
    """

    program: str
    name = "bubblewrap"
    path = "/site"
    limits = LIMITS | {"RLIMIT_NPROC": PROCESSES}

    def command(self):
        """Return the beginning of the command that starts a process within."""
        return [self.program, *namespaces(), *libraries(), *nothing_installed(), *places(), "--"]


@dataclass(frozen=True)
class Nothing:
    """No walls, for submissions that are trusted; nor is there a limit of the user's processes."""

    name = "none"
    limits = LIMITS

    @property
    def path(self):
        """Where Python finds what it may import."""
        folders = [stage(), *(folder.parent for folder in numpy_folders().values())]
        return os.pathsep.join(dict.fromkeys(map(str, folders)))

    def command(self):
        """Return the beginning of the command: there is none."""
        return []


def python():
    """Return the path of the Python program itself, behind a virtual environment's links."""
    return os.path.realpath(sys.executable)


def namespaces():
    """Return what a process within has of its own, and may not do."""
    words = [f"--unshare-{name}" for name in NAMESPACES]
    words += ["--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "sandbox"]
    words += ["--cap-drop", "ALL"]
    if (
        os.geteuid() == 0
    ):  # the runner becomes somebody else before anything of the student's is run
        return [*words, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*words, "--unshare-user", "--disable-userns"]


def libraries():
    """Return the words that bind Python, its library, and the system's shared libraries."""
    words = []
    for folder in ("/usr", *reversed(pathlib.Path(python()).parents[:-1])):
        words += ["--dir", str(folder)]  # else it would be made for bubblewrap's own user only
    for path in ("/usr/lib", "/usr/lib32", "/usr/lib64", "/etc/ld.so.cache", library()):
        words += ["--ro-bind-try", path, path]
    for path in ("/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        else:
            words += ["--ro-bind-try", path, path]
    return [*words, "--ro-bind", python(), python()]


def library():
    """Return the folder of Python's own library."""
    return f"{sys.base_prefix}/lib"


def nothing_installed():
    """Return the words that hide what is installed beside Python: all answers may be there."""
    words = []
    for root in dict.fromkeys(("/usr/lib", library())):
        for folder in glob.glob(f"{root}/python*/*-packages"):
            words += ["--tmpfs", folder, "--remount-ro", folder]
    return words


def places():
    """Return the words for what else there is: devices, a small disk, what may be imported."""
    words = ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path in ("/dev/shm", "/tmp"):
        words += ["--perms", "1777", "--size", str(DISK), "--tmpfs", path]
    words += ["--chdir", "/tmp", "--ro-bind", str(stage()), Bubblewrap.path]
    for name, folder in numpy_folders().items():
        words += ["--ro-bind", str(folder), f"{Bubblewrap.path}/{name}"]
    return [*words, "--remount-ro", "/"]
