"""Frames on a pipe: four bytes that say how long, then text. Both ends use this, and mind the time."""

import os
import select
import struct
import time

LARGEST = 32_000_000  # bytes
HEAD = struct.Struct("!I")
PIECE = 4096  # what a pipe takes at once where it takes anything


def ready(handles, until, write=False):
    """Return whether a pipe can be read (or written) before the time is over."""
    left = None if until is None else max(until - time.monotonic(), 0)
    return any(select.select([] if write else handles, handles if write else [], [], left))


def send(handle, text, until=None):
    """Write a frame; return whether it went out in time."""
    data = text.encode("utf-8", "replace")
    data = memoryview(HEAD.pack(len(data)) + data)
    while data:
        if not ready([handle], until, write=True):
            return False
        data = data[os.write(handle, data[:PIECE]) :]
    return True


def receive(handle, until=None):
    """Return the next frame; "" at the end of all frames, None if it isn't there in time."""
    data, size = bytearray(), HEAD.size
    while len(data) < size:
        if not ready([handle], until):
            return None
        part = os.read(handle, min(size - len(data), 1 << 20))
        if not part:
            return ""
        data += part
        if len(data) == HEAD.size:
            size += min(HEAD.unpack(data)[0], LARGEST)
    return data[HEAD.size :].decode("utf-8", "replace")
