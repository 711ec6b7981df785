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


def hilly(x):
    """f(x) = Σ k sin xₖ + (Σ xₖ)² / 10, k = 1, 2, …, for an array of any length."""
    return np.sum(np.arange(1, len(x) + 1) * np.sin(x)) + np.sum(x) ** 2 / 10


def hilly_gradient(x):
    """Its gradient: k cos xₖ + Σ x / 5."""
    return np.arange(1, len(x) + 1) * np.cos(x) + np.sum(x) / 5


def two_ways(x):
    """f(x) = (x₀ x₁) (x₀ + x₁), from + and * alone: each acts in two ways."""
    return (x[0] * x[1]) * (x[0] + x[1])


def ladder(x):
    """From x₀ on, each rung is the square of the one before, plus the next x: from + and * alone."""
    rung = x[0]
    for number in x[1:]:
        rung = rung * rung + number
    return rung


def wells(x):
    """f(x) = Σ (xᵢ² − 1)² + 0.3 xᵢ: 2ᵈ valleys, the deepest where all xᵢ = −1.036. Rows are places."""
    return np.sum((x**2 - 1) ** 2 + 0.3 * x, axis=-1)


def wells_gradient(x):
    """Its gradient: 4 xᵢ (xᵢ² − 1) + 0.3."""
    return 4 * x * (x**2 - 1) + 0.3


def canyon(x):
    """f(x) = 100 (x₀ + x₁ − 1)² + 4 (x₀ − x₁ − 3)²: steep, diagonal, lowest at (2, −1)."""
    return 100 * (x[0] + x[1] - 1) ** 2 + 4 * (x[0] - x[1] - 3) ** 2


def canyon_gradient(x):
    """Its gradient: (a + b, a − b) with a = 200 (x₀ + x₁ − 1) and b = 8 (x₀ − x₁ − 3)."""
    a, b = 200 * (x[0] + x[1] - 1), 8 * (x[0] - x[1] - 3)
    return np.array([a + b, a - b])


def gorge(x):
    """f(x) = x₀² / 100 + x₁² / 2 + x₁⁴ / 4: flat along, across the steeper the higher."""
    with np.errstate(over="ignore"):  # a walk may diverge
        return x[0] ** 2 / 100 + x[1] ** 2 / 2 + x[1] ** 4 / 4


def gorge_gradient(x):
    """Its gradient: (x₀ / 50, x₁ + x₁³)."""
    with np.errstate(over="ignore"):
        return np.array([x[0] / 50, x[1] + x[1] ** 3])


TOOLS = {
    tool.__name__: tool
    for tool in (
        square, square_slope, quartic, quartic_slope, wavy, wavy_slope, plateau,
        plateau_slope, bowl, bowl_gradient, valley, valley_gradient, saddle, saddle_gradient,
        hilly, hilly_gradient, two_ways, ladder,
        wells, wells_gradient,
        canyon, canyon_gradient,
        gorge, gorge_gradient,
    )
}  # fmt: skip
