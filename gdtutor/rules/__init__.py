"""The update rules, one function each: formulas and nothing else.

`classic` (gradient descent, momentum, Nesterov, averaging), `adaptive` (AdaGrad … AdamW), `modern`
(Lion, Muon, Schedule-Free, …), `informed` (rules that see the landscape: Newton, line searches, SAM)
and `escape` (rules that draw random numbers to get out of valleys and off saddles).
"""

from .adaptive import (
    adadelta,
    adagrad,
    adam,
    adam_l2,
    adam_uncorrected,
    adamax,
    adamw,
    amsgrad,
    nadam,
    radam,
    rmsprop,
    rmsprop_eps_inside,
    rprop,
)
from .classic import averaging, gd, momentum, momentum_ema, momentum_keras, nesterov, nesterov_keras
from .escape import annealing, annealing_naive, langevin, perturbed_gd
from .informed import (
    backtracking,
    barzilai_borwein,
    barzilai_borwein_short,
    exact_line_search,
    nesterov_lookahead,
    newton,
    polyak,
    proximal,
    sam,
)
from .modern import adan, dog, lion, muon, prodigy, schedule_free_adamw, schedule_free_sgd

RULES = {
    rule.name: rule
    for rule in (
        gd,
        momentum,
        momentum_ema,
        momentum_keras,
        nesterov,
        nesterov_keras,
        averaging,
        adagrad,
        rmsprop,
        rmsprop_eps_inside,
        adadelta,
        adam,
        adam_uncorrected,
        adam_l2,
        adamw,
        amsgrad,
        nadam,
        radam,
        adamax,
        rprop,
        lion,
        adan,
        muon,
        schedule_free_sgd,
        schedule_free_adamw,
        prodigy,
        dog,
        newton,
        nesterov_lookahead,
        backtracking,
        polyak,
        barzilai_borwein,
        barzilai_borwein_short,
        exact_line_search,
        sam,
        proximal,
        perturbed_gd,
        langevin,
        annealing,
        annealing_naive,
    )
}
"""Every rule by its name, from the simplest to the newest."""
