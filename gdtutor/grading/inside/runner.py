"""Runs a notebook's cells in the sandbox, and answers probes.

Commands come in, replies go out, JSON in a frame each. One process *holds* the state of the notebook.
For every command it forks: a cell runs in the child, which becomes the new holder if it comes to its
end, while the old one goes; if it crashes, exits, or takes too long, the old holder is still there,
with the state before. A probe is answered in a child that goes in any case.

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
import time

import numpy.random

from ...check.calls import answer, trouble
from ...check.wire import pack, unpack
from .frames import receive, send
from .notebook import Shell
from .silent import Finder, missing


def hold(shell, commands, replies, alone):
    """Hold a state: for each command let a child do it, and go when a child has taken over.

    Parameters
    ----------
    shell : Shell
        The notebook's names, and what it has asked for in vain.
    commands, replies : int
        Where frames come from and go to.
    alone : bool
        Whether all other processes in sight are the student's: then none is left after an accident.
    """
    while text := receive(commands):
        command = json.loads(text)
        source, ours = os.pipe()
        child = fork(alone)
        if child == 0:
            os.close(source)
            me = os.getpid()
            said = do(command, shell)
            if os.getpid() != me:  # a copy that the student's code has made of this process
                os._exit(0)
            send(ours, said)
            os.close(ours)
            if "cell" not in command:
                os._exit(0)
            continue
        os.close(ours)
        said = receive(source, time.monotonic() + command["seconds"])
        os.close(source)
        if said and "cell" in command:
            send(replies, f"{command['number']} {said}")
            os._exit(0)
        if not said:
            end(child, alone)
        _, status = os.waitpid(child, 0)
        if said == "":
            said = pack({"died": os.waitstatus_to_exitcode(status)})
        send(replies, f"{command['number']} {said or pack({'late': True})}")


def fork(alone):
    """Fork; where what the student has started takes all processes there may be, end that first."""
    numbers = random.getstate()
    for again in range(100):
        try:
            child = os.fork()
            break
        except OSError:
            if again == 99 or not alone:
                raise
            end(-1, alone)
            time.sleep(0.01)  # it takes a moment until they are gone
    random.setstate(numbers)  # Python seeds anew in a child
    return child


def end(child, alone):
    """End a child; in a sandbox, whatever it has started, too."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1 if alone else child, signal.SIGKILL)


def do(command, shell):
    """Run a cell, or answer a probe; return what came of it as JSON."""
    if "cell" in command:
        return run(command["cell"], command["name"], shell)
    return pack(answer(unpack(command["probe"]), shell.user_ns, command["soft"]))


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
    return pack({"stopped": stopped, "vain": sorted(missing | shell.refused)})


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
    either.register(alive, select.POLLIN)
    either.register(commands, 0)
    either.poll()


if __name__ == "__main__":
    main()
