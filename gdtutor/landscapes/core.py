"""The eight landscapes that the lessons walk on again and again.

    bowl, ravine        round, or long and narrow: where learning rates are understood
    rosenbrock          a curved valley, easy to enter and slow to follow
    himmelblau          four valleys: where you start decides where you end
    beale               steep walls around flat ground
    six_hump_camel      six minima of three heights
    rastrigin           a bowl full of holes
    saddle, monkey_saddle, high_dim_saddle     flat, and not the bottom
    cliff               a wall in the loss of a recurrent network

Each has its formula, its gradient by hand, and a list of its critical points. A derivative of the
gradient, the Hessian, is taken by complex step, so gradients must be analytic: they work for
complex x.
"""

from itertools import product
from math import cos, radians, sin

import numpy as np

from .formula import landscape


@landscape(
    domain=(-2, 2),
    start=(-1.5, 1),
    critical=lambda kappa, angle: (
        {"minima" if kappa > 0 else "saddles": [(0, 0)]} if kappa else None
    ),
)
def bowl(x, y, *, kappa=1, angle=0):
    """A bowl, f = ½(u² + κv²), where (u, v) is (x, y) turned by `angle` degrees.

    The condition number is κ: 1 is round, 100 is a ravine. The one landscape where every step of
    gradient descent, with momentum or without, has a closed form.

    Source: Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1, and every convergence proof since.

    >>> bowl(kappa=100).grad((1, 1)).tolist()
    [1.0, 100.0]
    >>> bowl(kappa=100, angle=90).grad((1, 1)).round(9).tolist()
    [100.0, 1.0]
    """
    c, s = cos(radians(angle)), sin(radians(angle))
    return ((c * x + s * y) ** 2 + kappa * (c * y - s * x) ** 2) / 2


@bowl.gradient
def bowl(x, y, *, kappa, angle):
    c, s = cos(radians(angle)), sin(radians(angle))
    u, v = c * x + s * y, c * y - s * x
    return c * u - s * kappa * v, s * u + c * kappa * v


@bowl.hessian
def bowl(x, y, *, kappa, angle):
    c, s = cos(radians(angle)), sin(radians(angle))
    across = c * s * (1 - kappa)
    return (c * c + kappa * s * s, across), (across, s * s + kappa * c * c)


ravine = bowl(kappa=100)


@landscape(
    domain=[(-2, 2), (-1, 3)],
    start=(-1.2, 1),
    critical=lambda a, b: {"minima" if b > 0 else "saddles": [(a, a * a)]} if b else None,
)
def rosenbrock(x, y, *, a=1, b=100):
    """Rosenbrock's banana valley, f = (a − x)² + b(y − x²)².

    The minimum (a, a²) is the only critical point; its condition number is 2508. Downhill is easy
    until the valley floor, and then the gradient points at the wall and hardly along the valley.

    Source: Rosenbrock, Computer Journal 3 (1960) 175.

    >>> float(rosenbrock(-1.2, 1)), rosenbrock.grad((-1.2, 1)).round(9).tolist()
    (24.199999999999996, [-215.6, -88.0])
    """
    return (a - x) ** 2 + b * (y - x**2) ** 2


@rosenbrock.gradient
def rosenbrock(x, y, *, a, b):
    return -2 * (a - x) - 4 * b * x * (y - x * x), 2 * b * (y - x * x)


@rosenbrock.hessian
def rosenbrock(x, y, *, a, b):
    return (2 - 4 * b * (y - 3 * x * x), -4 * b * x), (-4 * b * x, 2 * b)


@landscape(
    domain=(-6, 6),
    start=(0, 0),
    critical={
        "minima": [(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)],
        "saddles": [
            (0.086678, 2.884255),
            (-3.073026, -0.081353),
            (3.385154, 0.073852),
            (-0.127961, -1.953715),
        ],
        "maxima": [(-0.270845, -0.923039)],
    },
)
def himmelblau(x, y):
    """Himmelblau's four valleys, f = (x² + y − 11)² + (x + y² − 7)².

    Four minima of the same depth 0, four saddles between them, a hill in the middle.

    Source: Himmelblau, Applied Nonlinear Programming (1972).

    >>> himmelblau(himmelblau.minima).round(9).tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


@himmelblau.gradient
def himmelblau(x, y):
    p, q = x * x + y - 11, x + y * y - 7
    return 4 * x * p + 2 * q, 2 * p + 4 * y * q


@landscape(
    domain=(-4.5, 4.5),
    start=(1, 1.5),
    critical={"minima": [(3, 0.5)], "saddles": [(0, 1), (0.100538, -2.644514)]},
)
def beale(x, y):
    """Beale's function, f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².

    High walls at the corners, a minimum at (3, ½) in a long flat valley.

    Source: Beale, On an iterative method for finding a local minimum (Princeton, 1958).

    >>> beale.minima.tolist(), float(beale(3, 0.5))
    ([[3.0, 0.5]], 0.0)
    """
    y2, y3 = y * y, y * y * y
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y2) ** 2 + (2.625 - x + x * y3) ** 2


@beale.gradient
def beale(x, y):
    y2, y3 = y * y, y * y * y
    p, q, r = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
    return (
        2 * p * (y - 1) + 2 * q * (y2 - 1) + 2 * r * (y3 - 1),
        2 * p * x + 4 * q * x * y + 6 * r * x * y2,
    )


@landscape(
    domain=[(-3, 3), (-2, 2)],
    start=(-2.5, 1.5),
    critical={
        "minima": [
            (0.089842, -0.712656),
            (-0.089842, 0.712656),
            (1.703607, -0.796084),
            (-1.703607, 0.796084),
            (1.607105, 0.568651),
            (-1.607105, -0.568651),
        ],
        "saddles": [
            (0, 0),
            (1.109205, -0.768268),
            (-1.109205, 0.768268),
            (1.638068, 0.228674),
            (-1.638068, -0.228674),
            (1.296070, 0.605084),
            (-1.296070, -0.605084),
        ],
        "maxima": [(1.230230, 0.162335), (-1.230230, -0.162335)],
    },
)
def six_hump_camel(x, y):
    """The camel with six humps upside down, f = (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y².

    Six minima in three pairs; f(−x, −y) = f(x, y). Two of them are global.

    Source: Dixon & Szegő, Towards Global Optimisation 2 (1978).

    >>> six_hump_camel(six_hump_camel.minima).round(4).tolist()
    [-1.0316, -1.0316, -0.2155, -0.2155, 2.1043, 2.1043]
    """
    x2, y2 = x * x, y * y
    return (4 - 2.1 * x2 + x2 * x2 / 3) * x2 + x * y + (4 * y2 - 4) * y2


@six_hump_camel.gradient
def six_hump_camel(x, y):
    x2, y2 = x * x, y * y
    return (8 - 8.4 * x2 + 2 * x2 * x2) * x + y, x + (16 * y2 - 8) * y


def grid(dim, wells, hills):
    """Return the critical points of g(x₁) + … + g(xₙ), from the minima and maxima of g.

    All wells make a minimum, all hills a maximum, a mixture a saddle with as many directions down
    as there are hills. Beyond 10 000 points only the deepest minimum is listed: the first well
    comes first.

    >>> {kind: len(x) for kind, x in grid(3, wells=[-1, 1], hills=[0]).items()}
    {'minima': 8, 'maxima': 1, 'saddles': 18}
    """
    if (len(wells) + len(hills)) ** dim > 10_000:
        return {"minima": [(wells[0],) * dim], "listed": "some"}
    mixed = product([*wells, *hills], repeat=dim)
    return {
        "minima": list(product(wells, repeat=dim)),
        "maxima": list(product(hills, repeat=dim)),
        "saddles": [x for x in mixed if not set(x) <= set(wells) and not set(x) <= set(hills)],
    }


# fmt: off
HOLES = [0, 0.994959, -0.994959, 1.989912, -1.989912, 2.984856, -2.984856,
         3.979784, -3.979784, 4.974691, -4.974691]
PEAKS = [0.502546, -0.502546, 1.507641, -1.507641, 2.512743, -2.512743,
         3.517859, -3.517859, 4.522994, -4.522994]
# fmt: on


@landscape(
    dim=2,
    domain=(-5.12, 5.12),
    start=(-3.3, 4.2),
    critical=lambda dim: grid(dim, HOLES, PEAKS),
)
def rastrigin(x):
    """Rastrigin's bowl full of holes, f = 10n + Σ(xᵢ² − 10 cos 2πxᵢ), for any `dim` n.

    11ⁿ minima, one of them global, at 0.

    Source: Rastrigin, Systems of Extremal Control (1974); for all n: Mühlenbein et al., Parallel
    Computing 17 (1991) 619.

    >>> float(rastrigin(0, 0)), len(rastrigin.minima), float(rastrigin(dim=5)([1, 0, 0, 0, 0]))
    (0.0, 121, 1.0)
    """
    return 10 * x.shape[-1] + np.sum(x * x - 10 * np.cos(2 * np.pi * x), axis=-1)


@rastrigin.gradient
def rastrigin(x):
    return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x)


@landscape(domain=(-2, 2), start=(-1.5, 1e-3), critical={"saddles": [(0, 0)]})
def saddle(x, y):
    """The saddle f = x² − y²: up along x, down along y, flat at 0.

    Starts with y = 0 end at the saddle; all others leave it, in a time that grows with log(1/|y|).

    >>> saddle.hess((0, 0)).tolist()
    [[2.0, 0.0], [0.0, -2.0]]
    """
    return x**2 - y**2


@saddle.gradient
def saddle(x, y):
    return 2 * x, -2 * y


@saddle.hessian
def saddle(x, y):
    return (2, 0), (0, -2)


@landscape(domain=(-1.5, 1.5), start=(-0.5, 1e-2), critical={"saddles": [(0, 0)]})
def monkey_saddle(x, y):
    """The monkey saddle f = x³ − 3xy²: three ways down, for two legs and a tail.

    Degenerate: at 0 the Hessian is zero too, so the second derivatives say nothing about it.

    Source: Hilbert & Cohn-Vossen, Anschauliche Geometrie (1932).

    >>> bool(monkey_saddle.hess((0, 0)).any())
    False
    """
    return x * x * x - 3 * x * y**2


@monkey_saddle.gradient
def monkey_saddle(x, y):
    return 3 * (x * x - y * y), -6 * x * y


@monkey_saddle.hessian
def monkey_saddle(x, y):
    return (6 * x, -6 * y), (-6 * y, -6 * x)


@landscape(
    dim=2,
    domain=(-1.8, 1.8),
    start=(1e-3, -1e-2),
    critical=lambda dim: grid(dim, wells=[1, -1], hills=[0]),
)
def high_dim_saddle(x):
    """2ⁿ minima among 3ⁿ critical points, f = Σ(xᵢ² − 1)²/4, for any `dim` n.

    All points with coordinates −1, 0, 1 are critical. Their index, the number of directions down,
    is the number of zeros, and f is a quarter of it: the higher a critical point, the more ways
    lead down.

    Source: this is the simplest model of the picture in Dauphin et al., NeurIPS (2014).

    >>> float(high_dim_saddle(dim=3)([0, 1, 0])), len(high_dim_saddle(dim=3).saddles)
    (0.5, 18)
    """
    return np.sum((x * x - 1) ** 2, axis=-1) / 4


@high_dim_saddle.gradient
def high_dim_saddle(x):
    return (x * x - 1) * x


@landscape(
    domain=[(4, 6), (-3.2, -2)],
    start=(5.6, -2.3),
    critical={
        "minima": [(4.2, -2.092541), (4.4, -2.230984), (4.6, -2.362092)],
        "listed": "some",
    },
)
def cliff(w, b, *, steps=50, x0=0.5, target=0.7):
    """The wall in the loss of a recurrent network with one neuron.

    x ← wσ(x) + b, `steps` times from `x0`; f = (σ(x) − target)². Gently sloping on both sides of a
    wall where gradients are many thousand times larger (and grow without end towards large w): one
    step from there, and all progress is lost. The minima form a curve along the foot of the wall,
    where f = 0; three of its points are listed.

    Source: Pascanu, Mikolov & Bengio, On the difficulty of training recurrent neural networks
    (2013).

    >>> float(np.linalg.norm(cliff.grad((4.94, -2.575))).round())
    3320.0
    """
    x = x0
    for _ in range(steps):
        x = w * sigmoid(x) + b
    return (sigmoid(x) - target) ** 2


@cliff.gradient
def cliff(w, b, *, steps, x0, target):
    x, xw, xb = x0, 0, 0  # forward mode: the derivatives of x by w and b travel along
    for _ in range(steps):
        s = sigmoid(x)
        slope = w * s * (1 - s)
        x, xw, xb = w * s + b, s + slope * xw, 1 + slope * xb
    s = sigmoid(x)
    outer = 2 * (s - target) * s * (1 - s)
    return outer * xw, outer * xb


def sigmoid(x):
    """Return 1/(1 + e⁻ˣ), without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)
