"""What can happen to a gradient before a rule sees it: clipping, noise, L2.

    adam(clip_norm(1.0), lr=0.1)        clip, then Adam
    gd(l2(0.01), noise(0.1), lr=0.1)    in the order given

A transform is a function of (t, x, g) that returns a new g; a plain function of the learner's own
serves as well.
"""

import numpy as np

from .configured import Configured
from .rules.pieces import chance, nonzero, norm

__all__ = [
    "clip_norm",
    "clip_value",
    "l2",
    "noise",
    "normalise",
]


class Transform(Configured):
    """A transform of the gradient, its parameters set. Made by the functions of this module."""

    open_ = 3
    transforms_gradients = True

    @property
    def random(self):
        """True where it draws random numbers."""
        return "seed" in self.parameters


@Transform.factory
def clip_value(t, x, g, limit):
    """Clip every coordinate by itself: g ← min(max(g, −limit), limit).

    It changes the direction. Agrees with `torch.nn.utils.clip_grad_value_`.

    Examples
    --------
    >>> clip_value(1.0)(1, None, np.array([3.0, -0.5])).tolist()
    [1.0, -0.5]
    """
    return np.clip(g, -limit, limit)


@Transform.factory
def clip_norm(t, x, g, max_norm):
    """Shorten the gradient to max_norm where it is longer: g ← g · min(1, max_norm / ‖g‖).

    It keeps the direction. Pascanu, Mikolov & Bengio (2013). Agrees with
    `optax.clip_by_global_norm`; PyTorch adds 1e-6 to ‖g‖.

    Examples
    --------
    >>> clip_norm(1.0)(1, None, np.array([3.0, 4.0])).round(12).tolist()
    [0.6, 0.8]
    """
    size = norm(g)
    return np.where(size < max_norm, g, g / nonzero(size) * max_norm)


@Transform.factory
def normalise(t, x, g):
    """Keep only the direction: g ← g / ‖g‖; a zero gradient stays zero.

    Examples
    --------
    >>> normalise()(1, None, np.array([3.0, 4.0])).tolist()
    [0.6, 0.8]
    """
    return g / nonzero(norm(g))


@Transform.factory
def l2(t, x, g, strength):
    """Add the gradient of ½ · strength · ‖x‖²: g ← g + strength · x.

    In front of plain gradient descent this is weight decay; in front of Adam it isn't: see `adamw`.

    Examples
    --------
    >>> l2(0.1)(1, np.array([2.0]), np.array([1.0])).tolist()
    [1.2]
    """
    return g + strength * x


@Transform.factory
def noise(t, x, g, sigma, seed=0):
    """Add normal noise: g ← g + sigma · ξ, drawn from (seed, t), for each start its own.

    Two of them in one optimizer need two seeds, or they are the same noise twice.

    Examples
    --------
    >>> g = np.array([1.0, 2.0])
    >>> bool(np.all(noise(0.1)(1, None, g) == noise(0.1)(1, None, g)))
    True
    """
    return g + sigma * chance(seed, t, "noise").standard_normal(np.shape(g))
