"""Make the golden trajectories in tests/golden: what the published optimizers do, step by step.

Every published optimizer is fed a fixed stream of gradients (or one of two landscapes) in float64,
and the points that it visits are written down. `tests/test_golden.py` then asks gdtutor for
the same, to twelve digits, with none of these libraries installed.

    python tools/make_golden.py            # write tests/golden/*.npz
    python tools/make_golden.py --check    # make them anew elsewhere, report what has changed

Needs torch, optax, jax, keras, schedulefree, prodigyopt, lion-pytorch, dog-optimizer and
pytorch_optimizer, beside numpy. Equal versions give equal bytes.

A file holds arrays named `rule/library/stream/knobs/what` (what: `x`, or the name of a memory) for
the steps 1 … T, and one JSON text, `meta`: the versions of the libraries and, for each
`rule/library/knobs`, the object that was called and the knobs in gdtutor's names. The knobs
`default` are empty on purpose, so that the default values are compared as well. A list as a knob
is a schedule: one value a step.
"""

import argparse
import copy
import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

os.environ["KERAS_BACKEND"] = "torch"

import dog
import jax
import jax.numpy as jnp
import keras
import lion_pytorch
import numpy as np
import optax
import prodigyopt
import pytorch_optimizer
import schedulefree
import torch

jax.config.update("jax_enable_x64", True)
keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)  # else NAdam keeps its product of μ in float32
logging.getLogger("dog").setLevel(logging.ERROR)  # it warns of every lr other than 1
torch.set_num_threads(1)  # the order of a sum must not depend on the machine

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"
T = 25

PACKAGES = {
    "torch": "torch",
    "optax": "optax",
    "keras": "keras",
    "schedulefree": "schedulefree",
    "prodigyopt": "prodigyopt",
    "lion_pytorch": "lion-pytorch",
    "dog": "dog-optimizer",
    "pytorch_optimizer": "pytorch_optimizer",
}


# ── Streams of gradients ─────────────────────────────────────────────────────────────────────────


def streams():
    """Return {name: (x0, g)} with g of shape (T, dim).

    `scales` starts at 0, so that a coordinate moved by 1e-150 shows it.
    """
    rng = np.random.default_rng(1847)

    def normal(dim, scale=1.0):
        return rng.normal(size=dim), scale * rng.normal(size=(T, dim))

    def sparse(dim):
        x0, g = normal(dim)
        return x0, np.where(rng.random((T, dim)) < 0.6, 0.0, g)

    def constant(dim):
        x0, g = normal(dim)
        return x0, np.tile(g[0], (T, 1))

    sizes = np.array([1e-150, 1e-8, 1.0, 1e8, 1e150])
    corners = np.array([1e-150, 1.0, 1e150, 1e-150, 1.0, 1e-8])
    return {
        "random": normal(4),
        "single": normal(1),
        "zeros": (normal(3)[0], np.zeros((T, 3))),
        "scales": (np.zeros(5), normal(5)[1] * sizes),
        "sparse": sparse(3),
        "constant": constant(2),
        # Muon's positions are 2 x 3 and 3 x 2 matrices, so that both of its branches are walked.
        "matrix": normal(6),
        "matrix_zeros": (normal(6)[0], np.zeros((T, 6))),
        "matrix_tiny": normal(6, scale=1e-150),
        "matrix_huge": normal(6, scale=1e150),
        "matrix_scales": (np.zeros(6), normal(6)[1] * corners),
        "matrix_sparse": sparse(6),
        "matrix_constant": constant(6),
    }


STREAMS = streams()
ALL = ("random", "single", "zeros", "scales", "sparse", "constant")
SECOND = ("random", "sparse")  # for a rule's second library: it only has to show the same formula
MATRICES = tuple(name for name in STREAMS if name.startswith("matrix"))
WARMUP_PEAK, WARMUP_STEPS = 0.02, 5
WARMUP = [WARMUP_PEAK * (min(t + 1, WARMUP_STEPS) / WARMUP_STEPS) for t in range(T)]
LR_SCHEDULE = (0.5 * 0.8 ** np.arange(T) + 0.05 * (np.arange(T) % 3)).tolist()  # falls, and jumps


# ── Runners: one a library ───────────────────────────────────────────────────────────────────────


def run_torch(make, x0, g, lr, shape, **watch):
    """Return the path of a torch-style optimizer; `watch` looks at (optimizer, parameter)."""
    p = torch.nn.Parameter(torch.tensor(x0).reshape(shape))
    opt = make(p)
    path = {name: [] for name in ("x", *watch)}
    for t in range(T):
        if lr is not None:
            opt.param_groups[0]["lr"] = lr[t]
        p.grad = torch.tensor(g[t]).reshape(p.shape)
        opt.step()
        path["x"].append(p.detach().numpy().ravel().copy())
        for name, look in watch.items():
            path[name].append(look(opt, p).detach().numpy().ravel().copy())
    return {name: np.array(values) for name, values in path.items()}


def run_optax(opt, x0, g):
    """Return the path of an optax transformation."""
    x = jnp.asarray(x0)
    state, path = opt.init(x), []
    for t in range(T):
        updates, state = opt.update(jnp.asarray(g[t]), state, x)
        x = optax.apply_updates(x, updates)
        path.append(np.asarray(x))
    return {"x": np.array(path)}


def run_keras(opt, x0, g, lr):
    """Return the path of a Keras optimizer."""
    x, path = keras.Variable(x0), []
    for t in range(T):
        if lr is not None:
            opt.learning_rate = lr[t]
        opt.apply([keras.ops.convert_to_tensor(g[t])], [x])
        path.append(keras.ops.convert_to_numpy(x.value).copy())
    return {"x": np.array(path)}


# ── gdtutor's names of knobs in each library ─────────────────────────────────────────────────────

TUPLES = {
    "betas": ("beta1", "beta2", "beta3"),
    "etas": ("eta_minus", "eta_plus"),
    "step_sizes": ("step_min", "step_max"),
}
OPTAX_NAMES = {
    "lr": "learning_rate",
    "beta1": "b1",
    "beta2": "b2",
    "beta3": "b3",
    "rho": "decay",
    "step_min": "min_step_size",
    "step_max": "max_step_size",
}
KERAS_NAMES = {
    "lr": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "eps": "epsilon",
}


def renamed(knobs, names):
    """Return the knobs under the library's names."""
    return {names.get(name, name): value for name, value in knobs.items()}


def without_schedule(knobs):
    """Return the knobs without a scheduled lr, and the schedule, or None."""
    if isinstance(knobs.get("lr"), list):
        return {name: value for name, value in knobs.items() if name != "lr"}, knobs["lr"]
    return knobs, None


def paired(knobs):
    """Return the knobs with pairs (and a triple) joined, as PyTorch has them."""
    knobs = dict(knobs)
    for target, parts in TUPLES.items():
        values = tuple(knobs.pop(part) for part in parts if part in knobs)
        if values:
            knobs[target] = values
    return knobs


# ── The oracles ──────────────────────────────────────────────────────────────────────────────────


def by_torch(cls, names=(), watch=(), **fixed):
    """Return an oracle: (knobs, x0, g) → path, by an optimizer with PyTorch's interface."""

    def oracle(knobs, x0, g):
        knobs, lr = without_schedule(knobs)
        shape = knobs.get("shape", x0.shape)
        knobs = {name: value for name, value in knobs.items() if name != "shape"}
        arguments = renamed(paired(knobs), dict(names)) | fixed
        return run_torch(lambda p: cls([p], **arguments), x0, g, lr, shape, **dict(watch))

    return oracle


def by_optax(build, names=(), **fixed):
    """Return an oracle by an optax function of keyword arguments."""

    def oracle(knobs, x0, g):
        knobs, lr = without_schedule(knobs)
        arguments = renamed(knobs, OPTAX_NAMES | dict(names)) | fixed
        if lr:
            arguments["learning_rate"] = lambda count: jnp.asarray(lr)[count]
        return run_optax(build(**arguments), x0, g)

    return oracle


def by_keras(cls, **fixed):
    """Return an oracle by a Keras optimizer."""

    def oracle(knobs, x0, g):
        knobs, lr = without_schedule(knobs)
        return run_keras(cls(**renamed(knobs, KERAS_NAMES), **fixed), x0, g, lr)

    return oracle


def ema_then_step(learning_rate, momentum):
    """Return optax's momentum as a running mean without correction of the bias."""
    return optax.chain(
        optax.ema(momentum, debias=False), optax.scale_by_learning_rate(learning_rate)
    )


class AveragedSGD(torch.optim.SGD):
    """Polyak averaging: torch's AveragedModel looks at the model after every step."""

    def __init__(self, params, **arguments):
        super().__init__(params, **arguments)
        self.model = torch.nn.ParameterList(params)
        self.average = torch.optim.swa_utils.AveragedModel(self.model)

    def step(self):
        """Take the step, then average."""
        super().step()
        self.average.update_parameters(self.model)


def frozen_prodigy(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    """Prodigy with its distance held at 1 is Adam without the correction of the bias."""
    return prodigyopt.Prodigy(params, lr=lr, betas=betas, eps=eps, d0=1.0, d_coef=0.0)


def muon_float64(knobs, x0, g):
    """torch.optim.Muon; its Newton-Schulz iteration casts to bfloat16, which is undone here."""
    with patch.object(torch.Tensor, "bfloat16", lambda self: self.double().clone()):
        return by_torch(torch.optim.Muon)(knobs, x0, g)


def schedule_free(cls):
    """Return an oracle for the authors' Schedule-Free; x is their y, where the gradient is."""

    def mean(opt, p):
        opt = copy.deepcopy(opt)  # eval() overwrites y, and train() brings it back rounded
        opt.eval()
        return opt.param_groups[0]["params"][0]

    def in_training(params, **arguments):
        opt = cls(params, **arguments)
        opt.train()
        return opt

    names = {"beta": "momentum"} if cls is schedulefree.SGDScheduleFree else {}
    watch = {"mean": mean, "z": lambda opt, p: opt.state[p]["z"]}

    def oracle(knobs, x0, g):
        # A warm-up is a schedule for lr in gdtutor, and an argument of the class here.
        own = {"lr": WARMUP_PEAK, "warmup_steps": WARMUP_STEPS} if knobs.get("lr") == WARMUP else {}
        return by_torch(in_training, names, watch)(knobs | own, x0, g)

    return oracle


def optax_dog(learning_rate=1.0, reps=1e-6, eps=1e-8):
    """Return optax's DoG with the first distance in proportion to 1 + ‖x₀‖, as its authors have."""
    return optax.contrib.dog(learning_rate, ("heuristic", reps), eps)


# ── The cases ────────────────────────────────────────────────────────────────────────────────────


class Case(NamedTuple):
    """One rule by one library: what is called, on which streams, with which sets of knobs."""

    rule: str
    library: str
    peer: str
    oracle: Callable
    streams: tuple
    ours: dict
    sets: dict


def case(rule, library, peer, oracle, streams, ours=(), **sets):
    """Return a case; the sets of knobs go by name.

    `ours` are gdtutor's defaults where the library's differ: only the library is told of them.
    """
    return Case(rule, library, peer, oracle, streams, dict(ours), sets)


def without(name, oracle):
    """Return the oracle of a library that has no such knob, because its value is fixed there."""
    return lambda knobs, x0, g: oracle({k: v for k, v in knobs.items() if k != name}, x0, g)


LR = {"lr": 0.3}
MOMENTUM = {"lr": 0.3, "momentum": 0.7}
SCHEDULED = {"lr": LR_SCHEDULE}
MOMENTUM_SETS = {
    "ours": {"momentum": 0.9},  # the classes of PyTorch and Keras have none unless told
    "default": {},
    "other": MOMENTUM,
    "schedule": SCHEDULED,
}

CLASSIC = [
    case("gd", "torch", "SGD", by_torch(torch.optim.SGD), ALL,
         default={}, other=LR, schedule=SCHEDULED),
    case("gd", "optax", "sgd", by_optax(optax.sgd), SECOND, other=LR),
    case("gd", "keras", "SGD", by_keras(keras.optimizers.SGD), SECOND, other=LR),
    case("momentum", "torch", "SGD(momentum)", by_torch(torch.optim.SGD), ALL, **MOMENTUM_SETS),
    case("momentum", "optax", "sgd(momentum)", by_optax(optax.sgd), SECOND, other=MOMENTUM),
    case("momentum_ema", "optax", "chain(ema(debias=False), scale_by_learning_rate)",
         by_optax(ema_then_step), ALL, **MOMENTUM_SETS | {"ours": {"lr": 1e-3, "momentum": 0.9}}),
    case("momentum_keras", "keras", "SGD(momentum)", by_keras(keras.optimizers.SGD), ALL,
         **MOMENTUM_SETS),
    case("nesterov", "torch", "SGD(nesterov=True)", by_torch(torch.optim.SGD, nesterov=True), ALL,
         **MOMENTUM_SETS),
    case("nesterov", "optax", "sgd(nesterov=True)", by_optax(optax.sgd, nesterov=True), SECOND,
         other=MOMENTUM),
    case("nesterov_keras", "keras", "SGD(nesterov=True)",
         by_keras(keras.optimizers.SGD, nesterov=True), ALL, **MOMENTUM_SETS),
    case("averaging", "torch", "swa_utils.AveragedModel over SGD",
         by_torch(AveragedSGD, watch={"mean": lambda opt, p: opt.average.module[0]}), ALL,
         default={}, other=LR, schedule=SCHEDULED),
]  # fmt: skip

RMSPROP = {"lr": 0.2, "rho": 0.7, "eps": 1e-3}
ADAM = {"lr": 0.2, "beta1": 0.7, "beta2": 0.95, "eps": 1e-3}
ADAM_SETS = {"default": {}, "other": ADAM, "schedule": SCHEDULED}
DECAYED, UNDECAYED = {"weight_decay": 0.3}, {"weight_decay": 0.0}
NADAM = ADAM | {"momentum_decay": 0.1}
RPROP = {"lr": 0.3, "eta_minus": 0.4, "eta_plus": 1.7, "step_min": 0.05, "step_max": 2.0}

ADAPTIVE = [
    case("adagrad", "torch", "Adagrad", by_torch(torch.optim.Adagrad), ALL,
         default={}, other={"lr": 0.3, "eps": 1e-3}, schedule=SCHEDULED),
    case("rmsprop", "torch", "RMSprop", by_torch(torch.optim.RMSprop, {"rho": "alpha"}), ALL,
         default={}, other=RMSPROP, schedule=SCHEDULED),
    case("rmsprop", "optax", "rmsprop(eps_in_sqrt=False)",
         by_optax(optax.rmsprop, eps_in_sqrt=False), SECOND, other=RMSPROP),
    case("rmsprop_eps_inside", "keras", "RMSprop", by_keras(keras.optimizers.RMSprop), ALL,
         default={}, other=RMSPROP, schedule=SCHEDULED),
    case("rmsprop_eps_inside", "optax", "rmsprop", by_optax(optax.rmsprop), SECOND, other=RMSPROP),
    case("adadelta", "torch", "Adadelta", by_torch(torch.optim.Adadelta), ALL,
         default={}, other=RMSPROP, schedule=SCHEDULED),
    case("adadelta", "optax", "adadelta", by_optax(optax.adadelta, {"rho": "rho"}), SECOND,
         other=RMSPROP),
    case("adadelta", "keras", "Adadelta", by_keras(keras.optimizers.Adadelta), SECOND,
         other=RMSPROP),
    case("adam", "torch", "Adam", by_torch(torch.optim.Adam), ALL, **ADAM_SETS),
    case("adam", "optax", "adam", by_optax(optax.adam), SECOND, other=ADAM),
    # Keras corrects the bias before it adds eps, so the two agree where eps is 0.
    case("adam", "keras", "Adam", by_keras(keras.optimizers.Adam), ("random",),
         no_eps=ADAM | {"eps": 0.0}),
    case("adam_uncorrected", "prodigyopt", "Prodigy(d0=1, d_coef=0)", by_torch(frozen_prodigy),
         ALL, **ADAM_SETS),
    case("adam_l2", "torch", "Adam(weight_decay)", by_torch(torch.optim.Adam), ALL,
         {"weight_decay": 1e-2},
         default={}, other=ADAM | DECAYED, undecayed=UNDECAYED, schedule=SCHEDULED),
    case("adamw", "torch", "AdamW", by_torch(torch.optim.AdamW), ALL,
         default={}, other=ADAM | DECAYED, undecayed=UNDECAYED, schedule=SCHEDULED),
    case("adamw", "optax", "adamw", by_optax(optax.adamw), SECOND, other=ADAM | DECAYED),
    case("amsgrad", "torch", "Adam(amsgrad=True)", by_torch(torch.optim.Adam, amsgrad=True), ALL,
         **ADAM_SETS),
    case("amsgrad", "keras", "Adam(amsgrad=True)", by_keras(keras.optimizers.Adam, amsgrad=True),
         ("random",), no_eps=ADAM | {"eps": 0.0}),
    case("nadam", "torch", "NAdam", by_torch(torch.optim.NAdam), ALL,
         default={}, other=NADAM, schedule=SCHEDULED),
    # Keras has no momentum_decay: its μ grows as if that were 1.
    case("nadam", "keras", "Nadam",
         without("momentum_decay", by_keras(keras.optimizers.Nadam)), SECOND,
         other=ADAM | {"momentum_decay": 1.0}),
    case("radam", "torch", "RAdam", by_torch(torch.optim.RAdam), ALL, **ADAM_SETS,
         brink=ADAM | {"beta2": 0.84}),  # r is 5.002 at the 6th step, and 5 is the limit
    case("adamax", "torch", "Adamax", by_torch(torch.optim.Adamax), ALL, **ADAM_SETS),
    case("adamax", "optax", "adamax", by_optax(optax.adamax), SECOND, other=ADAM),
    # No schedule, since lr is only where the steps begin: near each of the two limits, too.
    case("rprop", "torch", "Rprop", by_torch(torch.optim.Rprop), ALL,
         default={}, other=RPROP, far={"lr": 20.0}, near={"lr": 2e-6}),
]  # fmt: skip

LION = {"lr": 0.2, "beta1": 0.7, "beta2": 0.95}
ADAN = {"lr": 0.2, "beta1": 0.8, "beta2": 0.7, "beta3": 0.9, "eps": 1e-3}
MUON = {"lr": 0.2, "momentum": 0.7, "weight_decay": 0.3}
WIDE, TALL = {"shape": [2, 3]}, {"shape": [3, 2]}
FREE_SGD = {"lr": 0.2, "beta": 0.7, "r": 0.5}
FREE_ADAMW = ADAM | DECAYED | {"r": 0.5}
WARMED = {"lr": WARMUP}
PRODIGY = ADAM | {"lr": 0.5, "d0": 0.1}
DOG = {"lr": 0.5, "reps": 0.1, "eps": 1e-3}

MODERN = [
    case("lion", "lion_pytorch", "Lion", by_torch(lion_pytorch.Lion), ALL,
         default={}, other=LION | DECAYED, undecayed=LION, schedule=SCHEDULED),
    case("lion", "optax", "lion", by_optax(optax.lion), SECOND, other=LION | DECAYED),
    case("lion", "keras", "Lion", by_keras(keras.optimizers.Lion), SECOND, undecayed=LION),
    # adan-pytorch leaves its averages alone in the first step, and optax weighs the difference of
    # gradients by 1 − beta2 where the authors have beta2, so it agrees where both are 1/2.
    case("adan", "pytorch_optimizer", "Adan", by_torch(pytorch_optimizer.Adan), ALL,
         default={}, other=ADAN | DECAYED, undecayed=ADAN, schedule=SCHEDULED),
    case("adan", "optax", "adan(b2=0.5)", by_optax(optax.adan, eps_root=0.0), ("random",),
         half=ADAN | {"beta2": 0.5}),
    case("muon", "torch", "Muon, Newton-Schulz in float64", muon_float64, MATRICES,
         default=WIDE, tall=TALL, other=MUON | WIDE, undecayed=TALL | UNDECAYED,
         schedule=WIDE | SCHEDULED),
    case("schedule_free_sgd", "schedulefree", "SGDScheduleFree",
         schedule_free(schedulefree.SGDScheduleFree), ALL,
         default={}, other=FREE_SGD, warmup=FREE_SGD | WARMED, schedule=SCHEDULED),
    case("schedule_free_sgd", "optax", "contrib.schedule_free_sgd",
         by_optax(optax.contrib.schedule_free_sgd, {"beta": "b1"}), SECOND,
         plain={"lr": 0.2, "beta": 0.7}),
    case("schedule_free_adamw", "schedulefree", "AdamWScheduleFree",
         schedule_free(schedulefree.AdamWScheduleFree), ALL,
         default={}, other=FREE_ADAMW, warmup=FREE_ADAMW | WARMED, schedule=SCHEDULED),
    case("schedule_free_adamw", "optax", "contrib.schedule_free_adamw",
         by_optax(optax.contrib.schedule_free_adamw), SECOND, plain=ADAM | DECAYED),
    case("prodigy", "prodigyopt", "Prodigy", by_torch(prodigyopt.Prodigy), ALL,
         default={}, other=PRODIGY, schedule=SCHEDULED),
    case("dog", "dog", "DoG", by_torch(dog.DoG, {"reps": "reps_rel"}), ALL,
         default={}, other=DOG, schedule=SCHEDULED),
    case("dog", "optax", "contrib.dog", by_optax(optax_dog), SECOND, other=DOG),
]  # fmt: skip


def trajectories(table):
    """Return the arrays and the meta data of one table of rules."""
    arrays, meta = {}, {}
    for rule, library, peer, oracle, names, ours, sets in table:
        for label, knobs in sets.items():
            meta[f"{rule}/{library}/{label}"] = {"peer": f"{library}: {peer}", "knobs": knobs}
            # A schedule tells where lr stands in the formula; one stream shows that.
            for stream in names[:1] if label in ("schedule", "warmup") else names:
                for what, values in oracle(ours | knobs, *STREAMS[stream]).items():
                    arrays[f"{rule}/{library}/{stream}/{label}/{what}"] = finite(values)
    return arrays, meta


def finite(values):
    """Return the values of an oracle, unless they can't serve as a reference."""
    assert values.dtype == np.float64, values.dtype
    assert np.all(np.isfinite(values)), "the oracle overflows on this stream: give it another one"
    return values


def libraries_of(cases):
    """Return {library: version} of the libraries that a table of cases calls."""
    names = sorted({key.split("/")[1] for key in cases})
    return {name: version(PACKAGES[name]) for name in names}


def save(path, arrays, **meta):
    """Write one file; the order of the entries and the JSON text are fixed."""
    text = json.dumps(meta, ensure_ascii=True, sort_keys=True)
    np.savez_compressed(path, meta=np.bytes_(text.encode()), **arrays)


# ── Rules that look at the landscape ─────────────────────────────────────────────────────────────


def rosenbrock(x):
    """Return the value and the two slopes of (1 − x)² + 100 (y − x²)²."""
    a, b = 1 - x[0], x[1] - x[0] ** 2
    return a**2 + 100 * b**2, (-2 * a - 400 * x[0] * b, 200 * b)


def bowl(x):
    """Return the value and the two slopes of ½ (x² + 50 y²)."""
    return 0.5 * (x[0] ** 2 + 50 * x[1] ** 2), (x[0], 50 * x[1])


LANDSCAPES = {
    "rosenbrock": (rosenbrock, np.array([-1.2, 1.0])),
    "bowl": (bowl, np.array([3.0, -1.0])),
}


def lookahead_by_keras(knobs, f, x0):
    """Keras' Nesterov walks on the points y = x + momentum · v that the lookahead looks at."""
    opt = keras.optimizers.SGD(**renamed(knobs, KERAS_NAMES), nesterov=True)
    y, path = keras.Variable(x0), []
    for _ in range(T):
        g = np.array(f(keras.ops.convert_to_numpy(y.value))[1])
        opt.apply([keras.ops.convert_to_tensor(g)], [y])
        v = keras.ops.convert_to_numpy(opt.momentums[0].value)
        path.append(keras.ops.convert_to_numpy(y.value) - knobs["momentum"] * v)
    return np.array(path)


def informed_by_optax(build, **extra):
    """Return an oracle by an optax transformation that also sees the value, or the function."""

    def oracle(knobs, f, x0):
        opt = build(**knobs)
        x, path = jnp.asarray(x0), []
        state = opt.init(x)
        for _ in range(T):
            value, g = f(x)
            g = jnp.asarray(g)
            seen = {name: make(f, value, g) for name, make in extra.items()}
            updates, state = opt.update(g, state, x, **seen)
            x = optax.apply_updates(x, updates)
            path.append(np.asarray(x))
        return np.array(path)

    return oracle


def gradient_of(f):
    """Return the gradient as optax's SAM calls it, with the number of the inner step."""
    return lambda x, i: jnp.asarray(f(x)[1])


def optax_sam(lr, radius):
    """Return optax's SAM over plain gradient descent, uphill and downhill in one update."""
    uphill = optax.chain(optax.contrib.normalize(), optax.sgd(radius))
    return optax.contrib.sam(optax.sgd(lr), uphill, opaque_mode=True)


def optax_polyak(f_min=0.0):
    """Return optax's Polyak step without its cap."""
    return optax.polyak_sgd(max_learning_rate=np.inf, f_min=f_min)


def optax_backtracking(lr=1.0, c=1e-4, shrink=0.5):
    """Return optax's Armijo search, begun at lr in every step."""
    return optax.chain(
        optax.sgd(1.0),
        optax.scale_by_backtracking_linesearch(
            max_backtracking_steps=100,
            slope_rtol=c,
            decrease_factor=shrink,
            increase_factor=np.inf,
            max_learning_rate=lr,
        ),
    )


INFORMED = [
    case("nesterov_lookahead", "keras", "SGD(nesterov=True), seen from y = x + momentum v",
         lookahead_by_keras, tuple(LANDSCAPES), {"lr": 1e-3, "momentum": 0.9},
         default={}, other={"lr": 2e-3, "momentum": 0.5}),
    # pytorch_optimizer's SAM takes the norm of the gradient in float32: seven digits only.
    case("sam", "optax", "contrib.sam(opaque_mode=True)",
         informed_by_optax(optax_sam, grad_fn=lambda f, value, g: gradient_of(f)),
         tuple(LANDSCAPES), {"lr": 1e-3, "radius": 0.05},
         default={}, other={"lr": 5e-4, "radius": 0.2}),
    case("polyak", "optax", "polyak_sgd(max_learning_rate=inf)",
         informed_by_optax(optax_polyak, value=lambda f, value, g: value), tuple(LANDSCAPES),
         default={}, other={"f_min": -0.5}),
    case("backtracking", "optax", "scale_by_backtracking_linesearch(increase_factor=inf)",
         informed_by_optax(optax_backtracking, value=lambda f, value, g: value,
                           grad=lambda f, value, g: g,
                           value_fn=lambda f, value, g: lambda x: f(x)[0]),
         tuple(LANDSCAPES), default={}, other={"lr": 0.7, "c": 0.3, "shrink": 0.8}),
]  # fmt: skip


def informed():
    """Return the arrays and the meta data of the rules that look at the landscape."""
    arrays, meta = {}, {}
    for rule, library, peer, oracle, names, ours, sets in INFORMED:
        for label, knobs in sets.items():
            meta[f"{rule}/{library}/{label}"] = {"peer": f"{library}: {peer}", "knobs": knobs}
            for name in names:
                path = oracle(ours | knobs, *LANDSCAPES[name])
                arrays[f"{rule}/{library}/{name}/{label}/x"] = finite(path)
    return arrays, meta


# ── Schedules ────────────────────────────────────────────────────────────────────────────────────


def by_scheduler(cls, lr=1.0, what="lr", steps=T, **arguments):
    """Return what a scheduler of PyTorch gives at t = 0, 1, …, by its closed form if it has one.

    (The step-by-step form that training uses multiplies the last value on, and gathers round-off.)
    """
    p = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    opt = torch.optim.SGD([p], lr=lr, momentum=0.9)
    scheduler, values = cls(opt, **arguments), []
    for t in range(steps):
        if hasattr(scheduler, "_get_closed_form_lr"):
            scheduler.last_epoch = t
            values.append(scheduler._get_closed_form_lr()[0])
        else:
            values.append(opt.param_groups[0][what])
            if t < steps - 1:
                opt.step()
                scheduler.step()
    return np.array(values, dtype=float)


def by_function(schedule, steps=T):
    """Return the values of an optax or Keras schedule at t = 0, 1, …"""
    return np.array([float(schedule(t)) for t in range(steps)])


def one_cycle(steps):
    """Return a function of "lr" or "momentum" that gives its values in a cycle of PyTorch's."""
    cycle = torch.optim.lr_scheduler.OneCycleLR
    return lambda what: by_scheduler(cycle, what=what, steps=steps, max_lr=0.3, total_steps=steps)


def losses():
    """Return losses that fall, wait on plateaus, tremble below the threshold, and rise."""
    rng = np.random.default_rng(7)
    falling = 3.0 * 0.9 ** np.arange(12)
    flat = np.full(30, falling[-1])
    trembling = flat[0] * (1 - 5e-5 * rng.random(12))
    better = 0.5 * 0.99 ** np.arange(6)
    rising = better[-1] + 0.01 * np.arange(40)
    return np.concatenate([falling, flat, trembling, better, rising])


def plateau(lr, **arguments):
    """Return the lr that follows each of the `losses` under ReduceLROnPlateau."""
    p = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    opt = torch.optim.SGD([p], lr=lr)
    scheduler, values = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, **arguments), []
    for loss in losses():
        scheduler.step(loss)
        values.append(opt.param_groups[0]["lr"])
    return np.array(values)


def schedules():
    """Return the arrays and the meta data of the schedules."""
    of, decays = torch.optim.lr_scheduler, keras.optimizers.schedules
    rows = [
        ("linear", "torch", "LinearLR", "up", {"start": 0.1, "end": 0.3, "steps": 5},
         by_scheduler(of.LinearLR, 0.3, start_factor=1 / 3, end_factor=1.0, total_iters=5)),
        ("linear", "optax", "linear_schedule", "down", {"start": 0.3, "end": 0.05, "steps": 12},
         by_function(optax.linear_schedule(0.3, 0.05, 12))),
        ("step", "torch", "StepLR", "default", {"lr": 0.3, "every": 7},
         by_scheduler(of.StepLR, 0.3, step_size=7)),
        ("step", "torch", "StepLR", "other", {"lr": 0.3, "every": 4, "factor": 0.7},
         by_scheduler(of.StepLR, 0.3, step_size=4, gamma=0.7)),
        ("multistep", "torch", "MultiStepLR", "default", {"lr": 0.3, "milestones": [3, 4, 17]},
         by_scheduler(of.MultiStepLR, 0.3, milestones=[3, 4, 17])),
        ("multistep", "torch", "MultiStepLR", "other",
         {"lr": 0.3, "milestones": [1, 9, 9], "factor": 0.7},
         by_scheduler(of.MultiStepLR, 0.3, milestones=[1, 9, 9], gamma=0.7)),
        ("exponential", "torch", "ExponentialLR", "default", {"lr": 0.3, "factor": 0.83},
         by_scheduler(of.ExponentialLR, 0.3, gamma=0.83)),
        ("polynomial", "torch", "PolynomialLR", "default", {"lr": 0.3, "steps": 18},
         by_scheduler(of.PolynomialLR, 0.3, total_iters=18)),
        ("polynomial", "torch", "PolynomialLR", "other", {"lr": 0.3, "steps": 18, "power": 2.5},
         by_scheduler(of.PolynomialLR, 0.3, total_iters=18, power=2.5)),
        ("polynomial", "optax", "polynomial_schedule", "end",
         {"lr": 0.3, "steps": 18, "end": 0.02, "power": 1.7},
         by_function(optax.polynomial_schedule(0.3, 0.02, 1.7, 18))),
        # PyTorch's cosine climbs again behind its end, optax's stays; before it they agree.
        ("cosine", "torch", "CosineAnnealingLR", "default", {"lr": 0.3, "steps": T},
         by_scheduler(of.CosineAnnealingLR, 0.3, steps=T + 1, T_max=T)),
        ("cosine", "torch", "CosineAnnealingLR", "other", {"lr": 0.3, "steps": 18, "end": 0.01},
         by_scheduler(of.CosineAnnealingLR, 0.3, steps=19, T_max=18, eta_min=0.01)),
        ("cosine", "optax", "cosine_decay_schedule", "beyond",
         {"lr": 0.5, "steps": 18, "end": 0.125},
         by_function(optax.cosine_decay_schedule(0.5, 18, alpha=0.25))),
        ("warm_restarts", "torch", "CosineAnnealingWarmRestarts", "default",
         {"lr": 0.3, "steps": 7}, by_scheduler(of.CosineAnnealingWarmRestarts, 0.3, T_0=7)),
        ("warm_restarts", "torch", "CosineAnnealingWarmRestarts", "other",
         {"lr": 0.3, "steps": 3, "mult": 2, "end": 0.01},
         by_scheduler(of.CosineAnnealingWarmRestarts, 0.3, steps=40, T_0=3, T_mult=2,
                      eta_min=0.01)),
        ("warm_restarts", "torch", "CosineAnnealingWarmRestarts", "thrice",
         {"lr": 0.3, "steps": 2, "mult": 3},
         by_scheduler(of.CosineAnnealingWarmRestarts, 0.3, steps=40, T_0=2, T_mult=3)),
        ("warmup", "torch", "LinearLR", "default", {"steps": 6},
         by_scheduler(of.LinearLR, start_factor=1 / 6, end_factor=1.0, total_iters=5)),
        ("warmup_stable_decay", "optax", "join_schedules", "default", {"lr": 0.3, "steps": 40},
         by_function(optax.join_schedules([optax.linear_schedule(0.15, 0.3, 1),
                                           optax.constant_schedule(0.3),
                                           optax.linear_schedule(0.3, 0.0, 8)], [2, 32]), 45)),
        ("warmup_stable_decay", "optax", "join_schedules", "other",
         {"lr": 0.3, "steps": 40, "warmup": 0.25, "decay": 0.5},
         by_function(optax.join_schedules([optax.linear_schedule(0.03, 0.3, 9),
                                           optax.constant_schedule(0.3),
                                           optax.linear_schedule(0.3, 0.0, 20)], [10, 20]), 45)),
        ("inverse_time", "keras", "InverseTimeDecay", "default", {"lr": 0.3, "decay": 0.07},
         by_function(decays.InverseTimeDecay(0.3, 1, 0.07))),
    ]  # fmt: skip
    for steps in (20, 23):
        knobs = {"lr": 0.3, "steps": steps}
        values = one_cycle(steps)
        rows.append(("one_cycle", "torch", "OneCycleLR", f"steps{steps}", knobs, values("lr")))
        rows.append(("one_cycle_momentum", "torch", "OneCycleLR", f"steps{steps}",
                     {"steps": steps}, values("momentum")))  # fmt: skip
    for label, knobs in {
        "default": {},
        "tiny": {"lr": 3e-8, "factor": 0.7, "patience": 2},  # a change under 1e-8 is left out
        "other": {"factor": 0.5, "patience": 3, "threshold": 1e-2, "cooldown": 2, "min_lr": 0.02},
        "impatient": {"factor": 0.3, "patience": 0},
    }.items():
        rows.append(("reduce_on_plateau", "torch", "ReduceLROnPlateau", label,
                     {"lr": 0.3} | knobs, plateau(**{"lr": 0.3} | knobs)))  # fmt: skip
    arrays, meta = {"losses": losses()}, {}
    for schedule, library, peer, label, knobs, values in rows:
        meta[f"{schedule}/{library}/{label}"] = {"peer": f"{library}: {peer}", "knobs": knobs}
        arrays[f"{schedule}/{library}/{label}/lr"] = finite(values)
    return arrays, meta


# ── Transforms of the gradient ───────────────────────────────────────────────────────────────────


def transforms():
    """Return the arrays and the meta data of what happens to a gradient before the rule."""
    rng = np.random.default_rng(3)
    g = rng.normal(size=(12, 4)) * 10.0 ** rng.integers(-3, 4, size=(12, 1))
    g[0], g[1] = 0.0, [3.0, 0.0, -4.0, 0.0]  # no gradient at all, and a norm of exactly 5
    x = rng.normal(size=g.shape)

    def by_torch_clipping(clip, limit):
        clipped = []
        for row in g:
            p = torch.nn.Parameter(torch.zeros(4, dtype=torch.float64))
            p.grad = torch.tensor(row)
            clip([p], limit)
            clipped.append(p.grad.numpy())
        return np.array(clipped)

    def by_optax_transform(transform):
        pairs = [(jnp.asarray(row), jnp.asarray(point)) for row, point in zip(g, x)]
        return np.array([transform.update(gi, transform.init(xi), xi)[0] for gi, xi in pairs])

    rows = [("l2", "optax", "add_decayed_weights", 0.3,
             by_optax_transform(optax.add_decayed_weights(0.3)))]  # fmt: skip
    for limit in (1.0, 5.0):
        rows += [
            ("clip_norm", "optax", "clip_by_global_norm", limit,
             by_optax_transform(optax.clip_by_global_norm(limit))),
            ("clip_norm", "torch", "clip_grad_norm_", limit,
             by_torch_clipping(torch.nn.utils.clip_grad_norm_, limit)),
            ("clip_value", "torch", "clip_grad_value_", limit,
             by_torch_clipping(torch.nn.utils.clip_grad_value_, limit)),
            ("clip_value", "optax", "clip", limit, by_optax_transform(optax.clip(limit))),
        ]  # fmt: skip
    arrays, meta = {"g": g, "x": x}, {}
    for transform, library, peer, value, after in rows:
        meta[f"{transform}/{library}/{value:g}"] = {"peer": f"{library}: {peer}", "value": value}
        arrays[f"{transform}/{library}/{value:g}/g"] = finite(after)
    return arrays, meta


# ── Writing, and comparing with what is committed ────────────────────────────────────────────────


def make(folder):
    """Write all golden files into the folder."""
    tables = {
        "classic": trajectories(CLASSIC),
        "adaptive": trajectories(ADAPTIVE),
        "modern": trajectories(MODERN),
        "informed": informed(),
        "schedules": schedules(),
        "transforms": transforms(),
    }
    save(folder / "streams.npz", {
        f"{name}/{what}": values
        for name, pair in STREAMS.items()
        for what, values in zip(("x0", "g"), pair)
    })  # fmt: skip
    for name, (arrays, cases) in tables.items():
        save(folder / f"{name}.npz", arrays, libraries=libraries_of(cases), cases=cases)


CHAOTIC = ("polyak",)  # doubles round-off at every step, so equal formulas part after eight digits


def differences(old, new):
    """Return lines that say where two files differ by more than round-off, and what was updated."""
    with np.load(old) as a, np.load(new) as b:
        before, after = ({k: v for k, v in f.items() if k != "meta"} for f in (a, b))
        meta = [json.loads(bytes(f["meta"])) for f in (a, b)]
    lines = [f"  {key}: gone" for key in before.keys() - after.keys()]
    lines += [f"  {key}: new" for key in after.keys() - before.keys()]
    cases = [m.get("cases", {}) for m in meta]
    lines += [f"  {key}: called otherwise" for key in cases[0].keys() & cases[1].keys()
              if cases[0][key] != cases[1][key]]  # fmt: skip
    for key in before.keys() & after.keys():
        x, y = before[key], after[key]
        if x.shape != y.shape:
            lines.append(f"  {key}: shape {x.shape} is now {y.shape}")
            continue
        rtol = 1e-5 if key.split("/")[0] in CHAOTIC else 1e-12
        if not np.allclose(x, y, rtol=rtol, atol=rtol * np.median(np.abs(x))):
            scale = np.maximum(np.abs(x), np.finfo(float).tiny)
            worst = np.argmax(np.abs(x - y) / scale)
            lines.append(f"  {key}: {x.flat[worst]:.17g} is now {y.flat[worst]:.17g}")
    versions = [m.get("libraries", {}) for m in meta]
    changed = [f"{name} {versions[0].get(name)} -> {versions[1][name]}" for name in versions[1]
               if versions[0].get(name) != versions[1][name]]  # fmt: skip
    return sorted(lines), changed


def check():
    """Make all files in a temporary folder; print what differs; return how much does."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        found = 0
        for new in sorted(Path(folder).glob("*.npz")):
            old = GOLDEN / new.name
            if not old.exists():
                lines, changed = ["  not committed"], []
            else:
                lines, changed = differences(old, new)
            print(f"{new.name}: {f'{len(lines)} differences' if lines else 'the same'}"
                  + (f" ({', '.join(changed)})" if changed else ""))  # fmt: skip
            print("\n".join(lines) + "\n" if lines else "", end="")
            found += len(lines)
    return found


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if parser.parse_args().check:
        sys.exit(1 if check() else 0)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    make(GOLDEN)


if __name__ == "__main__":
    main()
