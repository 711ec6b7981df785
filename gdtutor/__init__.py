"""gdtutor: learn gradient descent by playing with it.

    from gdtutor import descend, adam
    from gdtutor.landscapes import rosenbrock
    path = descend(rosenbrock, rosenbrock.start, adam(lr=0.1), steps=500)

`optimizer` and `descend` are the engine, `rules` holds the optimizers, `landscapes`, `models` and
`losses` what to descend on. `plots` draws, `live` lets you play; they are imported when first used,
so that this costs little more than numpy.
"""

import importlib

from .descent import ascend, descend
from .optimizer import START, Optimizer, optimizer
from .path import Path
from .restarts import random_restarts
from .rules import (
    RULES,
    adadelta,
    adagrad,
    adam,
    adam_l2,
    adam_uncorrected,
    adamax,
    adamw,
    adan,
    amsgrad,
    annealing,
    annealing_naive,
    averaging,
    backtracking,
    barzilai_borwein,
    barzilai_borwein_short,
    dog,
    exact_line_search,
    gd,
    langevin,
    lion,
    momentum,
    momentum_ema,
    momentum_keras,
    muon,
    nadam,
    nesterov,
    nesterov_keras,
    nesterov_lookahead,
    newton,
    perturbed_gd,
    polyak,
    prodigy,
    proximal,
    radam,
    rmsprop,
    rmsprop_eps_inside,
    rprop,
    sam,
    schedule_free_adamw,
    schedule_free_sgd,
)

__version__ = "0.1.0"

LAZY = (
    "check",
    "course",
    "data",
    "landscapes",
    "live",
    "losses",
    "models",
    "plots",
    "questions",
    "schedules",
    "theory",
    "transforms",
)

__all__ = [
    "RULES",
    "START",
    "Optimizer",
    "Path",
    "ascend",
    "descend",
    "optimizer",
    "random_restarts",
    *RULES,
]


def __getattr__(name):
    """Import a room when it is first asked for."""
    if name in LAZY:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"gdtutor has no {name!r}; it has {', '.join([*__all__, *LAZY])}.")


def __dir__():
    return sorted([*globals(), *LAZY])
