"""Runs a notebook's cells in the sandbox, and answers probes.

Commands come in, replies go out, JSON in a frame each. One process *holds* the state of the notebook.
For some cells it forks: they run in the child, which becomes the new holder if it comes to their end,
while the old one goes; if it crashes, exits, or takes too long, the old holder is still there, with the
state before. The probes of a question are answered in a child that goes in any case.

Everything here is in the student's reach. So nobody believes what it says: it claims values.
"""

import contextlib
import json
import linecache
import os
import random
import resource
import select
import signal
import sys
import threading
import time

import numpy.random

from ...check.calls import answer, trouble
from ...check.wire import pack, unpack
from .frames import receive, send
from .notebook import Shell
from .silent import Finder, missing


def hold(shell, commands, replies, alone):
    """Hold a state, and have children do what is commanded; go when one has run a cell to its end.

    Parameters
    ----------
    shell : Shell
        The notebook's names, and what it has asked for in vain.
    commands, replies : int
        Where frames come from and go to.
    alone : bool
        Whether all other processes in sight are the student's: then none is left after an accident.
    """
    child = None
    while text := receive(commands):
        command = json.loads(text)
        if child is None or child.about != command["about"]:
            if child:
                child.end()
            child = Child(command["about"], alone)
        if child.pid == 0:
            child.work(shell)
            child = None  # it has run cells, and holds the state from here on
            continue
        said = child.do(text, command["seconds"])
        send(replies, f"{command['number']} {said}")
        if child.holds:
            os._exit(0)
        if child.gone:
            child = None


class Child:
    """A process forked off the holder: for some cells, or for all probes of one question.

    Probes of a question share a process, as they do in a notebook: an answer may depend on the number of
    calls, and that is for the judge to see.
    """

    def __init__(self, about, alone):
        self.about, self.alone, self.gone, self.holds = about, alone, False, False
        (self.hears, tell), (hear, self.tells) = os.pipe(), os.pipe()
        self.pid = fork(alone)
        if self.pid:
            os.close(self.hears), os.close(self.tells)
            self.hears, self.tells = hear, tell
        else:
            os.close(hear), os.close(tell)

    def do(self, text, seconds):
        """Have the child obey a command; return what it said, or how it ended."""
        until = time.monotonic() + seconds
        try:
            said = receive(self.hears, until) if send(self.tells, text, until) else None
        except BrokenPipeError:
            said = ""
        if said:
            self.holds = "cells" in json.loads(text)
            return said
        code = self.end()
        return pack({"late": True} if said is None else {"died": code})

    def end(self):
        """End the child, and in a sandbox whatever it has started; return its exit code."""
        self.gone = True
        os.close(self.tells), os.close(self.hears)
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1 if self.alone else self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def work(self, shell):
        """Obey, in the child: return after cells, answer probes until there are no more."""
        while text := receive(self.hears):
            command = json.loads(text)
            if "cells" in command:
                ran = [self.alone_after(run, *cell, shell) for cell in command["cells"]]
                send(self.tells, pack({"ran": ran}))
                os.close(self.tells), os.close(self.hears)
                return
            probe = unpack(command["probe"])
            reply = self.alone_after(answer, probe, shell.user_ns, command["soft"])
            send(self.tells, pack(reply))
        os._exit(0)

    def alone_after(self, work, *args):
        """Do some work, and return what came of it in one process: without copies, threads, alarms."""
        me = os.getpid()
        said = work(*args)
        if os.getpid() != me or (busy() and shed()):  # a copy that the student's code has made
            os._exit(0)
        return said


def busy():
    """Return whether something goes on in this process that may end it later: a thread, an alarm."""
    return threading.active_count() > 1 or signal.getitimer(signal.ITIMER_REAL)[0] > 0


def split():
    """Fork, and keep the state of random numbers: Python seeds anew in a child."""
    numbers = random.getstate()
    child = os.fork()
    random.setstate(numbers)
    return child


def shed():
    """Go on in a fork, without threads and alarms; return whether this is what is left behind."""
    try:
        return split() > 0
    except OSError:  # there may be no more processes: then as it is
        return False


def fork(alone):
    """Fork; where what the student has started takes all processes there may be, end that first."""
    for _ in range(100):
        try:
            return split()
        except OSError:
            if not alone:
                raise
            os.kill(-1, signal.SIGKILL)  # all but this process, and the first
            time.sleep(0.01)  # it takes a moment until they are gone
    return split()


def run(source, name, shell):
    """Run a cell; return what it stopped with, if so, and what it asked for in vain."""
    missing.clear()
    shell.refused.clear()
    stopped = None
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), shell.user_ns)
    except BaseException as error:
        stopped = trouble(error)
    return {"stopped": stopped, "vain": sorted(missing | shell.refused)}


def limit(limits):
    """Set the limits under which everything from here on runs, and become another user if asked to."""
    for name, value in limits["resources"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    if limits["user"]:
        os.setgroups([])
        os.setgid(limits["user"])
        os.setuid(limits["user"])


def without_chance():
    """Give whoever asks for random numbers without a seed the same ones in every run."""
    random.seed(0)
    numpy.random.seed(0)  # noqa: NPY002
    numpy.random.bit_generator.randbits = random.Random(
        0
    ).getrandbits  # where default_rng() gets its seed


def main():
    """Set up, and stay as the first process until the last holder has gone."""
    limits = json.loads(sys.argv[1])
    commands, replies = os.dup(0), os.dup(1)
    limit(limits)

    sys.meta_path.append(Finder())
    for handle in (0, 1, 2):  # from here on nothing is said but in frames
        os.dup2(os.open(os.devnull, os.O_RDWR), handle)
    alive, theirs = os.pipe()
    if os.fork() == 0:
        os.close(alive)
        without_chance()
        hold(Shell(), commands, replies, alone=os.getppid() == 1)
        os._exit(0)
    os.close(theirs)
    os.close(replies)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as the first process it inherits the orphans
    # The end comes when no holder is left, or when the grader is gone; all else ends with this process.
    either = select.poll()
    for handle in (alive, commands):
        either.register(handle, 0)  # not what is written, but that nobody is left who could write
    either.poll()


if __name__ == "__main__":
    main()
