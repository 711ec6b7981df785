"""Functions that a check hands to a learner's code: hills in one and two dimensions, with their slopes.

They go by name, so that a question can be sent to where the code runs as plain data.
"""

import numpy as np


def square(x):
    """f(x) = x²."""
    return x**2


def square_slope(x):
    """Its slope: 2x."""
    return 2 * x


def quartic(x):
    """f(x) = x⁴ / 4."""
    return x**4 / 4


def quartic_slope(x):
    """Its slope: x³."""
    return x**3


def wavy(x):
    """f(x) = sin x + x² / 10: several valleys."""
    return np.sin(x) + x**2 / 10


def wavy_slope(x):
    """Its slope: cos x + x / 5."""
    return np.cos(x) + x / 5


def plateau(x):
    """f(x) = 1 − exp(−x² / 2): a plateau around a narrow valley."""
    return 1 - np.exp(-(x**2) / 2)


def plateau_slope(x):
    """Its slope: x · exp(−x² / 2)."""
    return x * np.exp(-(x**2) / 2)


def bowl(x):
    """f(x) = x₀² + x₁², for an array of two numbers."""
    return x[0] ** 2 + x[1] ** 2


def bowl_gradient(x):
    """Its gradient: (2x₀, 2x₁)."""
    return np.array([2 * x[0], 2 * x[1]])


def valley(x):
    """f(x) = (x₀² + 20 x₁²) / 2, twenty times steeper across than along."""
    return (x[0] ** 2 + 20 * x[1] ** 2) / 2


def valley_gradient(x):
    """Its gradient: (x₀, 20 x₁)."""
    return np.array([x[0], 20 * x[1]])


def saddle(x):
    """f(x) = (x₀² − x₁²) / 2."""
    return (x[0] ** 2 - x[1] ** 2) / 2


def saddle_gradient(x):
    """Its gradient: (x₀, −x₁)."""
    return np.array([x[0], -x[1]])


TOOLS = {
    tool.__name__: tool
    for tool in (
        square, square_slope, quartic, quartic_slope, wavy, wavy_slope, plateau,
        plateau_slope, bowl, bowl_gradient, valley, valley_gradient, saddle, saddle_gradient,
    )
}  # fmt: skip
