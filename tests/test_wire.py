"""Probes and replies on the wire: what goes in comes out, and nothing else does."""

import base64
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdtutor import questions
from gdtutor.check.calls import Call, Reply, Tool, Trouble, answer
from gdtutor.check.plain import DOTS, Strange, plain
from gdtutor.check.wire import Garbled, honest, pack, unpack

LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats() | st.complex_numbers()
    | st.text(max_size=20)
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4)
    | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=5) | st.integers() | st.floats(allow_nan=False), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def equal(a, b):
    """Return whether two values are the same to the last bit, types too; nan is nan."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(equal, a.values(), b.values()))
    if isinstance(a, float):
        return (a != a and b != b) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return equal(a.real, b.real) and equal(a.imag, b.imag)
    return a == b


@given(VALUES)
def test_plain_values_come_out_as_they_went_in(value):
    assert equal(unpack(pack(value)), value)


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f4", "f8", ">f8", "c16", "f2"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_arrays_come_out_as_they_went_in(dtype, shape):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    assert equal(unpack(pack(array)), array)
    assert unpack(pack(array)).flags.writeable


def test_every_probe_of_every_question_passes():
    for lesson in questions.__all__:
        for question in getattr(questions, lesson).questions.values():
            for case in question.settled(3):
                probe = question.probe(case)
                there = unpack(pack(probe))
                assert str(there) == str(probe)
                reply = answer(there, {question.name: question.reference})
                back = honest(unpack(pack(reply)))
                assert question.accepts(back.value, reply.value), question.name


def test_what_the_judge_must_know_survives():
    trouble = Trouble("NameError", "no x", 3, "return x")
    for reply in (Reply(DOTS), Reply(Strange("set")), Reply(trouble=trouble), Reply(1.0, ([2],))):
        assert honest(unpack(pack(reply))) == reply
    assert unpack(pack(Call("f", (Tool("square"),)))).args == (Tool("square"),)


def array(dtype, shape, data=b""):
    return json.dumps({"array": [dtype, shape, base64.b64encode(data).decode()]})


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "{", '{"a": 1, "b": 2}', "{}", '{"eval": ["1"]}', '{"Call": ["f"]}',
        '{"Reply": 3}', '{"tuple": 3}', '{"complex": ["x", 1]}', '{"complex": [1]}',
        '{"dict": [[1]]}', '{"dict": [[[], 1]]}', '{"dict": [3]}', "[" * 100_000, "9" * 10_000,
        '{"tuple": [' * 60 + "]}" * 60,
        array("O", [1], b"12345678"), array("V8", [1], b"12345678"), array("<M8[s]", [1], b"12345678"),
        array("f8", [2], b"12345678"), array("f8", [-1], b"12345678"), array("f8", [10**9]),
        array("f8", ["1"], b"12345678"), array("f8", [1] * 40, b"12345678"), array("nonsense", [0]),
        array("f8,f8", [0]), '{"array": ["f8", 3, ""]}', '{"array": ["f8", [1], "§"]}',
        '{"array": [1, 2, 3, 4]}',
    ],
)  # fmt: skip
def test_what_nobody_packed_is_refused(text):
    with pytest.raises(Garbled):
        unpack(text)


@pytest.mark.parametrize(
    "said",
    [
        3, [], None, Call("f", ()), Trouble("time"), Reply(after=[1]), Reply(trouble="time"),
        Reply(trouble=Trouble(3)), Reply(trouble=Trouble("a", message=["b"])),
        Reply(trouble=Trouble("a", line="7")), Reply(trouble=Trouble("a", line=True)),
    ],
)  # fmt: skip
def test_what_is_no_reply_is_refused(said):
    with pytest.raises(Garbled):
        honest(said)


def test_a_reply_is_cut_to_size_on_this_side():
    big = honest(Reply([0.0] * 30_000, trouble=Trouble("E" * 999, "m" * 999, 1, "c" * 999)))
    assert any(isinstance(part, Strange) for part in big.value)
    assert (len(big.trouble.kind), len(big.trouble.message), len(big.trouble.code)) == (
        80,
        200,
        100,
    )
    assert honest(Reply(Call("f", ()))).value == Strange("Call")
    assert plain(Strange("x" * 999)).kind == "x" * 80
