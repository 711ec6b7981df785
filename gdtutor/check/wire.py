"""Probes and replies as JSON, for where a learner's code runs in another process.

    pack(Call("step", (3.0, np.ones(2))))  →  text  →  unpack  →  an equal Call

Only plain data pass, of exactly the types of `plain`; nothing is ever looked up by a name that the
other side sends, but in a fixed table. What comes back is a claim of values, and no more than that.
"""

import base64
import json
import math

import numpy as np

from .calls import Call, Draw, Read, Reply, Tool, Trouble, Walk
from .plain import DEPTH, ENTRIES, Strange, plain

RECORDS = {kind.__name__: kind for kind in (Call, Draw, Read, Reply, Strange, Tool, Trouble, Walk)}
FIELDS = {name: tuple(kind.__dataclass_fields__) for name, kind in RECORDS.items()}


class Garbled(ValueError):
    """What came isn't what `pack` makes."""


def pack(value):
    """Return a probe, a reply or plain data as JSON.

    Examples
    --------
    >>> unpack(pack(Call("step", (3.0, (1, [True, None]), {"lr": np.inf}))))
    Call(name='step', args=(3.0, (1, [True, None]), {'lr': inf}))
    >>> unpack(pack(np.array([[1, 2]], dtype="int8")))
    array([[1, 2]], dtype=int8)
    """
    return json.dumps(_packed(value), separators=(",", ":"))


def _packed(value):
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [_packed(part) for part in value]
    if kind is tuple:
        return {"tuple": [_packed(part) for part in value]}
    if kind is dict:
        return {"dict": [[_packed(key), _packed(part)] for key, part in value.items()]}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is np.ndarray:
        text = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": [value.dtype.str, list(value.shape), text]}
    if isinstance(value, np.generic):
        return _packed(value.item())
    if RECORDS.get(kind.__name__) is kind:
        return {kind.__name__: [_packed(getattr(value, name)) for name in FIELDS[kind.__name__]]}
    raise TypeError(f"{kind.__name__} isn't plain data")


def unpack(text):
    """Return what `pack` packed.

    Raises
    ------
    Garbled
        Where the text is anything else: it may come from a stranger's code.

    Examples
    --------
    >>> unpack('{"Reply": [1, 2]}')
    Traceback (most recent call last):
        ...
    gdtutor.check.wire.Garbled: a Reply has 3 fields
    """
    try:
        return _unpacked(json.loads(text), 3 * DEPTH)
    except Garbled:
        raise
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise Garbled(f"not a reply: {type(error).__name__}") from error


def _unpacked(value, depth):
    kind = type(value)
    if depth < 0:
        raise Garbled("too deep")
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [_unpacked(part, depth - 1) for part in value]
    ((tag, inside),) = value.items()
    if type(inside) is not list:
        raise Garbled(f"{tag[:20]!r} should come with a list")
    if tag == "array":
        return _array(*inside)
    if tag == "complex":
        real, imaginary = map(float, inside)
        return complex(real, imaginary)
    parts = [_unpacked(part, depth - 1) for part in inside]
    if tag == "tuple":
        return tuple(parts)
    if tag == "dict":
        return dict(parts)
    if len(parts) != len(FIELDS[tag]):
        raise Garbled(f"a {tag} has {len(FIELDS[tag])} fields")
    return RECORDS[tag](*parts)


def _array(dtype, shape, text):
    """Return an array of numbers from its type, shape and bytes."""
    dtype = np.dtype(str(dtype))
    if dtype.kind not in "biufc" or not all(type(n) is int and n >= 0 for n in shape):
        raise Garbled("an array of numbers has a shape of whole numbers")
    if math.prod(shape) > ENTRIES or len(shape) > 32:
        raise Garbled("too large")
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=dtype).reshape(shape).copy()


def honest(reply):
    """Return a reply that came over the wire with every part checked again, here.

    The other side ran a stranger's code: it may have claimed more than `plain` lets through.

    Raises
    ------
    Garbled
        Where it isn't a reply at all.

    Examples
    --------
    >>> honest(Reply(value=[1.5], trouble=None))
    Reply(value=[1.5], after=(), trouble=None)
    >>> honest([1.5])
    Traceback (most recent call last):
        ...
    gdtutor.check.wire.Garbled: a reply was expected
    """
    if type(reply) is not Reply or type(reply.after) is not tuple:
        raise Garbled("a reply was expected")
    return Reply(plain(reply.value), tuple(map(plain, reply.after)), _honest_trouble(reply.trouble))


def _honest_trouble(trouble):
    """Return a trouble whose fields are of their types and no longer than they may be."""
    if trouble is None:
        return None
    if type(trouble) is not Trouble:
        raise Garbled("a trouble was expected")
    words = (trouble.kind, trouble.message, trouble.code)
    if not all(type(word) is str for word in words) or type(trouble.line) not in (int, type(None)):
        raise Garbled("a trouble is told in words")
    return Trouble(trouble.kind[:80], trouble.message[:200], trouble.line, trouble.code[:100])
