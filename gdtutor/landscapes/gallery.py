"""The gallery: well-known test functions, and a few that show one thing well.

    booth, matyas                              tilted bowls
    three_hump_camel, styblinski_tang,
    goldstein_price, mccormick                 a few valleys
    ackley, levy, eggholder                    very many valleys
    plateau                                    flat nearly everywhere
    banana                                     the gentle Rosenbrock valley of a well-known article
    river_valley                               steep sides, slow river: for schedules
    noisy_quadratic                            curvatures 1, ½, ⅓, … and matching noise

Written like those in core.py: formula, gradient by hand, critical points.
"""

import numpy as np

from .core import grid, rosenbrock
from .formula import landscape
from .noise import noisy

banana = rosenbrock(b=20)  # as in Goh, Why Momentum Really Works, Distill (2017)


@landscape(domain=(-10, 10), start=(-8, -5), critical={"minima": [(1, 3)]})
def booth(x, y):
    """Booth's bowl, f = (x + 2y − 7)² + (2x + y − 5)²; condition number 9.

    Source: Jamil & Yang, A literature survey of benchmark functions (2013), no. 17.

    >>> booth.minimum[0].tolist(), float(np.linalg.cond(booth.hess(1, 3)).round(9))
    ([1.0, 3.0], 9.0)
    """
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


@booth.gradient
def booth(x, y):
    return 10 * x + 8 * y - 34, 8 * x + 10 * y - 38


@booth.hessian
def booth(x, y):
    return (10, 8), (8, 10)


@landscape(domain=(-10, 10), start=(-8, 5), critical={"minima": [(0, 0)]})
def matyas(x, y):
    """Matyas' bowl, f = 0.26(x² + y²) − 0.48xy; condition number 25.

    Source: Jamil & Yang, A literature survey of benchmark functions (2013), no. 71.

    >>> float(matyas(1, 1)), float(np.linalg.cond(matyas.hess(0, 0)).round(9))
    (0.040000000000000036, 25.0)
    """
    return 0.26 * (x**2 + y**2) - 0.48 * x * y


@matyas.gradient
def matyas(x, y):
    return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x


@matyas.hessian
def matyas(x, y):
    return (0.52, -0.48), (-0.48, 0.52)


@landscape(
    domain=(-2, 2),
    start=(-1.6, 1.6),
    critical={
        "minima": [(0, 0), (1.747552, -0.873776), (-1.747552, 0.873776)],
        "saddles": [(1.070542, -0.535271), (-1.070542, 0.535271)],
    },
)
def three_hump_camel(x, y):
    """The camel with three humps upside down, f = 2x² − 1.05x⁴ + x⁶/6 + xy + y².

    Often searched on ±5; all that happens lies within ±2.

    Source: Dixon & Szegő, Towards Global Optimisation 2 (1978).

    >>> three_hump_camel(three_hump_camel.minima).round(6).tolist()
    [0.0, 0.298638, 0.298638]
    """
    x2 = x * x
    return (2 - 1.05 * x2 + x2 * x2 / 6) * x2 + x * y + y * y


@three_hump_camel.gradient
def three_hump_camel(x, y):
    x2 = x * x
    return (4 - 4.2 * x2 + x2 * x2) * x + y, x + 2 * y


@landscape(
    dim=2,
    domain=(-5, 5),
    start=(4.5, 0.5),
    critical=lambda dim: grid(dim, wells=[-2.903534, 2.746803], hills=[0.156731]),
)
def styblinski_tang(x):
    """f = ½Σ(xᵢ⁴ − 16xᵢ² + 5xᵢ), for any `dim`: two wells for each coordinate.

    The global minimum −39.166166·dim is at −2.903534 in all coordinates.

    Source: Styblinski & Tang, Neural Networks 3 (1990) 467.

    >>> round(styblinski_tang.minimum[1] / 2, 6), len(styblinski_tang(dim=3).saddles)
    (-39.166166, 18)
    """
    x2 = x * x
    return np.sum(x2 * x2 - 16 * x2 + 5 * x, axis=-1) / 2


@styblinski_tang.gradient
def styblinski_tang(x):
    return (2 * x * x - 16) * x + 2.5


@landscape(
    dim=2,
    domain=(-5, 5),
    start=(-3.6, 2.7),
    critical=lambda dim: {"cone minimum": np.zeros(dim), "listed": "some"},
)
def ackley(x):
    """f = −20e^(−0.2r) − e^(Σcos(2πxᵢ)/n) + 20 + e, with r = √(Σxᵢ²/n), for any `dim` n.

    The global minimum at 0 is the tip of a cone of slope 4/√n: f has no gradient there, and the
    formula is 0/0. By convention it is 0 here. Around it are a great many local minima.

    Source: Ackley, A Connectionist Machine for Genetic Hillclimbing (1987).

    >>> ackley.grad((0, 0)).tolist(), float(np.linalg.norm(ackley.grad((1e-9, 0))).round(6))
    ([0.0, 0.0], 2.828427)
    """
    r = np.sqrt(np.mean(x * x, axis=-1))
    waves = np.exp(np.mean(np.cos(2 * np.pi * x), axis=-1))
    return -20 * np.exp(-0.2 * r) - waves + 20 + np.e


@ackley.gradient
def ackley(x):
    n = x.shape[-1]
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True))
    waves = np.exp(np.mean(np.cos(2 * np.pi * x), axis=-1, keepdims=True))
    away = x / (n * (r + (r == 0)))  # ∇r, and 0 at the tip
    return 4 * np.exp(-0.2 * r) * away + 2 * np.pi / n * np.sin(2 * np.pi * x) * waves


@landscape(
    domain=(-2, 2),
    start=(-1.5, 0.5),
    critical={
        "minima": [(0, -1), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)],
        "saddles": [(-0.4, -0.6), (1.2, -0.2), (1.4, 0.6), (0.6, 0.4)],
        "maxima": [(0.8, 0.2)],
    },
)
def goldstein_price(x, y):
    """f = [1 + (x + y + 1)²(19 − 14x + 3x² − 14y + 6xy + 3y²)]
         · [30 + (2x − 3y)²(18 − 32x + 12x² + 48y − 36xy + 27y²)].

    Values from 3 to a million: draw the logarithm.

    Source: Goldstein & Price, Mathematics of Computation 25 (1971) 569.

    >>> goldstein_price(goldstein_price.minima).round(6).tolist()
    [3.0, 30.0, 84.0, 840.0]
    """
    p = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    q = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return (1 + (x + y + 1) ** 2 * p) * (30 + (2 * x - 3 * y) ** 2 * q)


@goldstein_price.gradient
def goldstein_price(x, y):
    u, p = x + y + 1, 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    v, q = 2 * x - 3 * y, 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    A, B = 1 + u * u * p, 30 + v * v * q
    A_x = A_y = 2 * u * p + u * u * (-14 + 6 * x + 6 * y)
    B_x = 4 * v * q + v * v * (-32 + 24 * x - 36 * y)
    B_y = -6 * v * q + v * v * (48 - 36 * x + 54 * y)
    return A_x * B + A * B_x, A_y * B + A * B_y


@landscape(
    domain=(-512, 512),
    start=(300, 300),
    critical={"boundary minimum": (512, 404.2318058), "listed": "some"},
)
def eggholder(x, y):
    """f = −(y + 47) sin√|x/2 + y + 47| − x sin√|x − (y + 47)|.

    Hundreds of minima. The lowest place of the domain is on its boundary, where the gradient isn't
    zero; along two lines f has kinks of infinite slope (there the gradient omits the root).

    Source: Whitley et al., Artificial Intelligence 85 (1996) 245.

    >>> round(eggholder.minimum[1], 6)
    -959.640663
    """
    r, q = root(x / 2 + y + 47), root(x - y - 47)
    return -(y + 47) * np.sin(r) - x * np.sin(q)


@eggholder.gradient
def eggholder(x, y):
    u, v = x / 2 + y + 47, x - y - 47
    r, q = root(u), root(v)
    along_r = -(y + 47) * np.cos(r) * root_slope(u)
    along_q = -x * np.cos(q) * root_slope(v)
    return along_r / 2 - np.sin(q) + along_q, along_r - np.sin(r) - along_q


def root(u):
    """Return √|u|, analytic on both sides of 0."""
    return np.sqrt(u * np.sign(u.real))


def root_slope(u):
    """Return the derivative of √|u|, and 0 at 0."""
    return np.sign(u.real) / (2 * root(u) + (u == 0))


@landscape(
    dim=2,
    domain=(-10, 10),
    start=(-7, 6),
    critical=lambda dim: {"minima": np.ones(dim), "listed": "some"},
)
def levy(x):
    """f = sin²πw₁ + Σ(wᵢ − 1)²(1 + 10 sin²(πwᵢ + 1)) + (wₙ − 1)²(1 + sin²2πwₙ), w = 1 + (x − 1)/4.

    The sum is over i < n, for any `dim` n. The global minimum is 0 at (1, …, 1), among very many
    others. Some collections have variants under the same name.

    Source: Levy & Montalvo, SIAM J. Sci. Stat. Comput. 6 (1985) 15.

    >>> abs(float(levy(1, 1))) < 1e-30
    True
    """
    w = 1 + (x - 1) / 4
    first, others, last = w[..., 0], w[..., :-1], w[..., -1]
    return (
        np.sin(np.pi * first) ** 2
        + np.sum((others - 1) ** 2 * (1 + 10 * np.sin(np.pi * others + 1) ** 2), axis=-1)
        + (last - 1) ** 2 * (1 + np.sin(2 * np.pi * last) ** 2)
    )


@levy.gradient
def levy(x):
    w = 1 + (x - 1) / 4
    first, others, last = w[..., 0], w[..., :-1], w[..., -1]
    g = np.zeros_like(x)
    g[..., 0] += np.pi * np.sin(2 * np.pi * first)
    g[..., :-1] += 2 * (others - 1) * (1 + 10 * np.sin(np.pi * others + 1) ** 2)
    g[..., :-1] += 10 * np.pi * (others - 1) ** 2 * np.sin(2 * (np.pi * others + 1))
    g[..., -1] += 2 * (last - 1) * (1 + np.sin(2 * np.pi * last) ** 2)
    g[..., -1] += 2 * np.pi * (last - 1) ** 2 * np.sin(4 * np.pi * last)
    return g / 4  # dw/dx


THIRD = np.pi / 3


@landscape(
    domain=[(-1.5, 4), (-3, 4)],
    start=(-1, 3.5),
    critical={
        "minima": [(0.5 - THIRD, -0.5 - THIRD), (0.5 + 2 * THIRD, -0.5 + 2 * THIRD)],
        "saddles": [(0.5 + THIRD, -0.5 + THIRD)],
    },
)
def mccormick(x, y):
    """f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1.

    Where the gradient is zero, x − y = 1 and cos(x + y) = −½: two minima of the domain and a
    saddle.

    Source: McCormick, Mathematical Programming 10 (1976) 147.

    >>> mccormick(mccormick.minima).round(4).tolist()
    [-1.9132, 1.2284]
    """
    return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


@mccormick.gradient
def mccormick(x, y):
    c, d = np.cos(x + y), 2 * (x - y)
    return c + d - 1.5, c - d + 2.5


@landscape(domain=(-4, 4), start=(-1.6, 1.2), critical={"minima": [(0, 0)]})
def plateau(x, y):
    """A hole in a plain, f = 1 − e^(−x² − y²).

    From far away the gradient says nothing: it vanishes long before the distance does.

    >>> float(np.linalg.norm(plateau.grad((3, 3)))) < 1e-6
    True
    """
    return 1 - np.exp(-(x**2) - y**2)


@plateau.gradient
def plateau(x, y):
    e = 2 * np.exp(-(x**2) - y**2)
    return x * e, y * e


@landscape(
    domain=[(-10, 2), (-2, 2)],
    start=(-9, 1.5),
    critical=lambda steep, gentle, bend: {"minima": [(0, 0)]} if steep > 0 and gentle > 0 else None,
)
def river_valley(x, y, *, steep=20, gentle=0.02, bend=0.5):
    """A winding river between steep hills, f = ½·steep·(y − bend·sin x)² + ½·gentle·x².

    Progress is made along the river, slowly; with noise in the gradient (`noisy(river_valley)`) a
    large learning rate runs down the river and bounces between its banks, and a small one ends at
    the water: why warm-up, stable, decay works.

    Source: after Wen et al., Understanding warmup-stable-decay learning rates: a river valley loss
    landscape perspective (2024).

    >>> river_valley.minimum[0].tolist(), float(river_valley(-9, 1.5).round(3))
    ([0.0, 0.0], 29.916)
    """
    return steep * (y - bend * np.sin(x)) ** 2 / 2 + gentle * x**2 / 2


@river_valley.gradient
def river_valley(x, y, *, steep, gentle, bend):
    bank = steep * (y - bend * np.sin(x))
    return gentle * x - bend * np.cos(x) * bank, bank


@landscape(
    dim=2,
    domain=(-2, 2),
    start=(-1.5, 1.5),
    critical=lambda dim: {"minima": np.zeros(dim)},
)
def noisy_quadratic(x):
    """f = ½Σhᵢxᵢ² with hᵢ = 1/i, for any `dim`, and gradient noise of covariance hᵢ/batch_size.

    With noise exactly as large as the curvature, as for a well-specified model, everything about
    stochastic gradient descent is known: with a constant learning rate η the variance of xᵢ settles
    at η/(B(2 − ηhᵢ)).

    Source: Zhang et al., Which algorithmic choices matter at which batch sizes? (NeurIPS 2019).

    >>> f = noisy_quadratic(dim=3, batch_size=4, seed=1)
    >>> f.grad([1, 1, 1]).round(3).tolist(), f.at(5).grad([1, 1, 1]).round(3).tolist()
    ([1.0, 0.5, 0.333], [1.114, 0.37, 0.817])
    """
    return np.sum(curvatures(x.shape[-1]) * x * x, axis=-1) / 2


@noisy_quadratic.gradient
def noisy_quadratic(x):
    return curvatures(x.shape[-1]) * x


def curvatures(dim):
    """Return hᵢ = 1/i."""
    return 1 / np.arange(1, dim + 1)


noisy_quadratic = noisy(noisy_quadratic, sigma=lambda f: np.sqrt(curvatures(f.dim)))
