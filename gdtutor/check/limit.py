"""A limit of time for code that may never end.

Where there are signals (a notebook on Linux or macOS), a timer interrupts the code; elsewhere
(Windows, the browser, a thread) every line that is run looks at the clock.
"""

import contextlib
import signal
import sys
import threading
import time


class OutOfTime(BaseException):
    """Raised within code whose time is over. No `except Exception` holds it up."""


def limited(seconds):
    """Return a context in which code may run for so many seconds; then OutOfTime is raised in it.

    Examples
    --------
    >>> with limited(0.05):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
        ...
    gdtutor.check.limit.OutOfTime
    """
    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return by_alarm(seconds) if alarms else by_clock(seconds)


@contextlib.contextmanager
def by_alarm(seconds):
    """Limit the time by a timer. It rings again and again, for code that swallows every exception."""
    running = True

    def ring(*_):
        if running:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.01)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def by_clock(seconds):
    """Limit the time by looking at the clock at every line."""
    end = time.monotonic() + seconds

    def look(*_):
        if time.monotonic() > end:
            raise OutOfTime
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)
