"""The rules, schedules and transforms walk exactly as the published ones do.

tests/golden holds what PyTorch, optax, Keras and the authors' own packages did with fixed streams
of gradients, in float64; `tools/make_golden.py` made it and says how. None of them is needed here.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from gdtutor import landscapes, schedules, transforms
from gdtutor.rules import RULES

GOLDEN = Path(__file__).parent / "golden"

NO_PEER = {
    "newton": "no library of optimizers has the plain step; tested by closed forms",
    "barzilai_borwein": "only as a part of other methods (L-BFGS); tested by closed forms",
    "barzilai_borwein_short": "only as a part of other methods (L-BFGS); tested by closed forms",
    "exact_line_search": "the parabola's lowest point; tested by closed forms",
    "proximal": "no library of optimizers has it; tested by closed forms",
    "perturbed_gd": "draws random numbers; tested by what it does",
    "langevin": "draws random numbers; tested by what it does",
    "annealing": "draws random numbers; tested by what it does",
    "annealing_naive": "draws random numbers; tested by what it does",
}
"""Rules without golden trajectories, and why."""


def read(name):
    """Return the arrays of a golden file, and its meta data."""
    with np.load(GOLDEN / f"{name}.npz") as file:
        arrays = dict(file)
    return arrays, json.loads(bytes(arrays.pop("meta")))


FILES = {name: read(name) for name in ("classic", "adaptive", "modern", "informed")}
LR, LR_META = read("schedules")
AFTER, AFTER_META = read("transforms")
STREAMS = read("streams")[0]


def paths(*files):
    """Return the parameters (rule, knobs, stream, golden) of every trajectory in these files."""
    found = {}
    for name in files:
        arrays, meta = FILES[name]
        for key, values in arrays.items():
            rule, library, stream, label, what = key.split("/")
            knobs = meta["cases"][f"{rule}/{library}/{label}"]["knobs"]
            case = found.setdefault(f"{rule}-{library}-{stream}-{label}", (rule, knobs, stream, {}))
            case[-1][what] = values
    return [pytest.param(*case, id=id) for id, case in found.items()]


def configured(rule, knobs):
    """Return the rule with these knobs; a list is a schedule, but for a shape."""
    readings = {
        name: tuple(value) if name == "shape" else value.__getitem__
        for name, value in knobs.items()
        if isinstance(value, list)
    }
    return RULES[rule](**knobs | readings)


def walk(opt, x, see):
    """Return the path of 25 steps and of the memory; `see(t)` is what the rule gets at step t."""
    memory, path = (), {name: [] for name in ("x", *opt.memory)}
    for t in range(1, 26):
        x, memory = opt.step(t, x, see(t), memory)
        for name, value in zip(path, (x, *memory)):
            path[name].append(value)
    return path


def assert_equal(path, golden, start, digits=14, mixed=False):
    """Compare to twelve digits of every number, or `digits` of the largest on the way there.

    The second is what float64 can promise where a coordinate passes near 0: x is a sum of steps, so
    it carries the round-off of the largest of them, and FMA instructions are enough to change that.
    `mixed` is for rules that mix coordinates: the largest of all coordinates counts.
    """
    for what, expected in golden.items():
        largest = np.maximum.accumulate(np.abs(np.vstack([start, expected])))[1:]
        if mixed:
            largest = largest.max(axis=-1, keepdims=True)
        error = np.abs(np.array(path[what]) - expected)
        allowed = np.maximum(1e-12 * np.abs(expected), 10.0**-digits * largest)
        t, i = np.unravel_index(np.argmax(error - allowed), error.shape)
        if not np.all(error <= allowed):
            pytest.fail(
                f"{what}[{i}] at step {t + 1} is {path[what][t][i]!r}, golden {expected[t, i]!r}"
            )


@pytest.mark.parametrize(
    ("rule", "knobs", "stream", "golden"), paths("classic", "adaptive", "modern")
)
def test_path(rule, knobs, stream, golden):
    x0, g = STREAMS[f"{stream}/x0"], STREAMS[f"{stream}/g"]
    path = walk(configured(rule, knobs), x0, lambda t: g[t - 1])
    # Newton-Schulz magnifies what is small by up to 3.4⁵ = 484, round-off included, so two ways to
    # multiply the same matrices differ from the 14th digit of the largest coordinate on.
    rounding = {"digits": 12, "mixed": True} if rule == "muon" else {}
    assert_equal(path, golden, x0, **rounding)


@pytest.mark.parametrize(("rule", "knobs", "landscape", "golden"), paths("informed"))
def test_path_on_a_landscape(rule, knobs, landscape, golden):
    f = {"rosenbrock": landscapes.rosenbrock, "bowl": landscapes.bowl(kappa=50)}[landscape]
    x0 = {"rosenbrock": np.array([-1.2, 1.0]), "bowl": np.array([3.0, -1.0])}[landscape]
    opt = configured(rule, knobs)
    if rule == "polyak":
        # Its steps overshoot the steep direction and double every difference, round-off included:
        # after 25 steps eight digits are left. So each step begins at the golden point before it.
        path = {"x": [opt.step(1, x, f)[0] for x in (x0, *golden["x"][:-1])]}
    else:
        path = walk(opt, x0, lambda t: f)
    assert_equal(path, golden, x0)


def test_every_rule_has_a_golden_path_or_a_reason():
    golden = {key.split("/")[0] for arrays, _ in FILES.values() for key in arrays}
    assert golden | set(NO_PEER) == set(RULES), "make_golden.py lacks a rule, or NO_PEER its reason"
    assert not golden & set(NO_PEER)


def schedule_cases():
    """Return the parameters (schedule, knobs, values) of every schedule."""
    found = []
    for key, values in LR.items():
        if key != "losses":
            schedule, library, label, _ = key.split("/")
            knobs = LR_META["cases"][f"{schedule}/{library}/{label}"]["knobs"]
            found.append(pytest.param(schedule, knobs, values, id=f"{schedule}-{library}-{label}"))
    return found


@pytest.mark.parametrize(("schedule", "knobs", "values"), schedule_cases())
def test_schedule(schedule, knobs, values):
    made = getattr(schedules, schedule)(**knobs)
    if made.needs_loss:
        memory, lr = made.memory, []
        for t, loss in enumerate(LR["losses"]):
            value, memory = made.next(t, loss, memory)
            lr.append(value)
    else:
        lr = [made(t) for t in range(len(values))]
        np.testing.assert_allclose(made(np.arange(len(values))), lr, rtol=1e-14)
    # A cosine near its end is 1 − 1 + a little: exact to the 15th digit of its largest value.
    np.testing.assert_allclose(lr, values, rtol=1e-12, atol=1e-15 * max(values))


@pytest.mark.parametrize("case", AFTER_META["cases"], ids=lambda case: case.replace("/", "-"))
def test_transform(case):
    name, library, _ = case.split("/")
    value = AFTER_META["cases"][case]["value"]
    g = getattr(transforms, name)(value)(1, AFTER["x"], AFTER["g"])
    # PyTorch divides by ‖g‖ + 1e-6, and clips only where ‖g‖ is at least the limit.
    rtol = 1e-6 if (name, library) == ("clip_norm", "torch") else 1e-12
    np.testing.assert_allclose(g, AFTER[f"{case}/g"], rtol=rtol, atol=0)


def test_golden_files_are_small_and_exact():
    arrays = [LR, AFTER, STREAMS, *(arrays for arrays, _ in FILES.values())]
    assert all(a.dtype == np.float64 for file in arrays for a in file.values())
    assert sum(file.stat().st_size for file in GOLDEN.glob("*.npz")) < 600_000
