"""The update rules, one function each: formulas and nothing else.

`classic` (gradient descent, momentum, Nesterov, averaging), `adaptive` (AdaGrad … AdamW), `modern`
(Lion, Muon, Schedule-Free, …), `informed` (rules that see the landscape: Newton, line searches, SAM)
and `escape` (rules that draw random numbers to get out of valleys and off saddles).
"""

from ..optimizer import Optimizer
from . import adaptive, classic, escape, informed, modern

ROOMS = (classic, adaptive, modern, informed, escape)
RULES = {
    name: value
    for room in ROOMS
    for name, value in vars(room).items()
    if isinstance(value, Optimizer)
}
"""Every rule by its name, in the order in which the rooms present them."""
