"""Functions to walk on, with gradient, Hessian, critical points, domain and a good start.

`landscape` makes one from any function; `catalogue` has all of ours by name; `noisy` adds noise to
a gradient. The eight that lessons use most are in core.py, hills in one dimension in one_dim.py,
and more in gallery.py.
"""

from . import core, gallery, one_dim
from .core import (
    beale,
    bowl,
    cliff,
    high_dim_saddle,
    himmelblau,
    monkey_saddle,
    rastrigin,
    ravine,
    rosenbrock,
    saddle,
    six_hump_camel,
)
from .formula import landscape
from .gallery import (
    ackley,
    banana,
    booth,
    eggholder,
    goldstein_price,
    levy,
    matyas,
    mccormick,
    noisy_quadratic,
    plateau,
    river_valley,
    styblinski_tang,
    three_hump_camel,
)
from .landscape import Landscape
from .noise import noisy
from .one_dim import (
    absolute,
    double_well,
    flat_vs_sharp,
    inflection,
    parabola,
    quartic,
    tanh_valley,
    wavy,
)

catalogue = {
    name: f
    for module in (one_dim, core, gallery)
    for name, f in vars(module).items()
    if isinstance(f, Landscape)
}

__all__ = [
    "Landscape",
    "absolute",
    "ackley",
    "banana",
    "beale",
    "booth",
    "bowl",
    "catalogue",
    "cliff",
    "double_well",
    "eggholder",
    "flat_vs_sharp",
    "goldstein_price",
    "high_dim_saddle",
    "himmelblau",
    "inflection",
    "landscape",
    "levy",
    "matyas",
    "mccormick",
    "monkey_saddle",
    "noisy",
    "noisy_quadratic",
    "parabola",
    "plateau",
    "quartic",
    "rastrigin",
    "ravine",
    "river_valley",
    "rosenbrock",
    "saddle",
    "six_hump_camel",
    "styblinski_tang",
    "tanh_valley",
    "three_hump_camel",
    "wavy",
]
