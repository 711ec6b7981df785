"""Hills in one dimension, where the whole landscape is a curve.

    parabola         x²: one step home at lr = ½
    quartic          2x⁴: steep outside, ever flatter towards the bottom
    double_well      two valleys, one deeper
    inflection       a level stretch on the way down that isn't the bottom
    absolute         |x|: a kink, and steps that don't shrink
    tanh_valley      flat far from the bottom: the gradient vanishes
    wavy             a parabola with waves: local minima
    flat_vs_sharp    a wide valley, and a deeper one that is very narrow

A point is a number or an array of numbers, taken one by one: `parabola(3.0)`,
`parabola.grad(np.linspace(-1, 1, 100))`. Points of shape (..., 1), as in a descent, work too.
"""

import numpy as np

from .formula import landscape


@landscape(domain=(-4, 4), start=3, critical={"minima": [0]})
def parabola(x):
    """f = x², with f′ = 2x.

    >>> float(parabola(3.0)), float(parabola.grad(3.0)), float(parabola.grad(-2.0))
    (9.0, 6.0, -4.0)
    """
    return x**2


@parabola.gradient
def parabola(x):
    return 2 * x


@parabola.hessian
def parabola(x):
    return 2


@landscape(domain=(-2, 2), start=1.5, critical={"minima": [0]})
def quartic(x):
    """f = 2x⁴, with f′ = 8x³.

    Degenerate: f″(0) = 0. No learning rate is both safe outside and fast near the bottom.

    >>> float(quartic(0.5)), float(quartic.grad(0.5)), float(quartic.hess(0))
    (0.125, 1.0, 0.0)
    """
    return 2 * (x * x) ** 2


@quartic.gradient
def quartic(x):
    return 8 * x * x * x


@quartic.hessian
def quartic(x):
    return 24 * x * x


def stationary(tilt):
    """Return the critical points of the double well: real roots of f′ = 4x³ − 4x + tilt."""
    x = np.roots([4, 0, -4, tilt])
    x = np.sort(x[np.abs(x.imag) < 1e-9].real)
    return {"minima": x[3 * x**2 > 1], "maxima": x[3 * x**2 < 1]}


@landscape(domain=(-2, 2), start=1.8, critical=stationary)
def double_well(x, *, tilt=0.3):
    """Two valleys, f = (x² − 1)² + tilt·x, with f′ = 4x(x² − 1) + tilt.

    The left one is deeper where tilt is positive. From tilt = 1.54 on there is only one.

    >>> x = double_well.minima
    >>> x.round(3).tolist(), double_well(x).round(3).tolist()
    ([[-1.036], [0.96]], [-0.305, 0.294])
    """
    return (x**2 - 1) ** 2 + tilt * x


@double_well.gradient
def double_well(x, *, tilt):
    return 4 * x * (x * x - 1) + tilt


@double_well.hessian
def double_well(x, *, tilt):
    return 12 * x * x - 4


@landscape(domain=(-1, 1.6), start=-0.8, critical={"minima": [1], "inflection": [0]})
def inflection(x):
    """A terrace on the way down, f = 3x⁴ − 4x³, with f′ = 12x²(x − 1).

    At 0 the slope is zero, and it isn't a minimum: from the left small steps stop there, not at 1.

    >>> float(inflection.grad(0)), float(inflection.hess(0)), float(inflection(1))
    (0.0, 0.0, -1.0)
    """
    return (3 * x - 4) * x * x * x


@inflection.gradient
def inflection(x):
    return 12 * x * x * x - 12 * x * x


@inflection.hessian
def inflection(x):
    return 36 * x * x - 24 * x


@landscape(domain=(-2, 2), start=1.7, critical={"kink minimum": [0]})
def absolute(x):
    """f = |x|, with f′ = ±1 and by convention 0 at the kink.

    The slope doesn't shrink towards the minimum: with a fixed learning rate steps don't either.

    >>> absolute.grad([-2.0, 0.0, 0.1]).tolist()
    [-1.0, 0.0, 1.0]
    """
    return x * np.sign(x.real)  # and not abs(x): analytic on both sides


@absolute.gradient
def absolute(x):
    return np.sign(x.real)


@landscape(domain=(-4, 4), start=3, critical={"minima": [0]})
def tanh_valley(x):
    """f = tanh²x, with f′ = 2 tanh x (1 − tanh²x).

    Far away the loss is large and the slope is nearly zero, as with a saturated neuron.

    >>> float(tanh_valley.grad(5.0).round(6))
    0.000363
    """
    return np.tanh(x) ** 2


@tanh_valley.gradient
def tanh_valley(x):
    t = np.tanh(x)
    return 2 * t * (1 - t**2)


@landscape(
    domain=(-8, 8),
    start=7,
    critical={
        "minima": [-0.747965, 2.243078, -3.735570, 5.223013, -6.701386],
        "maxima": [0.826785, -2.481584, 4.140437, -5.807619, 7.492011],
    },
)
def wavy(x):
    """A parabola with waves, f = x²/10 + sin 2x, with f′ = x/5 + 2 cos 2x.

    >>> len(wavy.minima), round(wavy.minimum[1], 4)
    (5, -0.9413)
    """
    return x**2 / 10 + np.sin(2 * x)


@wavy.gradient
def wavy(x):
    return x / 5 + 2 * np.cos(2 * x)


@landscape(
    domain=(-5, 5),
    start=4.5,
    critical={"minima": [-1.922857, 1.999261], "maxima": [1.644536]},
)
def flat_vs_sharp(x):
    """A wide valley and a sharp one, f = x²/50 − e^(−(x+2)²/2) − 1.1e^(−(x−2)²/0.02).

    The sharp minimum is deeper; f″ there is 110, so gradient descent stays in it only if lr <
    2/110.

    Source: the picture is from Hochreiter & Schmidhuber, Neural Computation 9 (1997) 1.

    >>> flat_vs_sharp.hess(flat_vs_sharp.minima).ravel().round(2).tolist()
    [1.03, 110.03]
    """
    return x**2 / 50 - np.exp(-((x + 2) ** 2) / 2) - 1.1 * np.exp(-((x - 2) ** 2) / 0.02)


@flat_vs_sharp.gradient
def flat_vs_sharp(x):
    wide, sharp = np.exp(-((x + 2) ** 2) / 2), 1.1 * np.exp(-((x - 2) ** 2) / 0.02)
    return x / 25 + (x + 2) * wide + (x - 2) / 0.01 * sharp
