"""Live figures: they answer a slider within a frame, with a kernel behind them or without.

    from gdtutor import live
    live.descent_on_curve(parabola)                     # an explorer: one line in a notebook
    live.explore(draw, lr=(0.0, 1.0))                   # a drawing function of your own
    live.Stage(fig, actors, controls, sweeps, …)        # the mechanism behind all of them

`stage` is the mechanism, `controls` what can be moved, `actors` what can be drawn, `frames` how
pictures are computed and kept; `explorers` are the figures of the lessons.
"""

from . import explorers
from .actors import at_step, isolines, text, trail
from .controls import choice, pick, point, scrubber, slider, switch, whole
from .explore import explore
from .explorers import (
    basin_map,
    batch_paths,
    before_and_after_scaling,
    decay_or_l2,
    descent_on_curve,
    descent_on_map,
    effective_steps,
    error_by_eigenvector,
    five_regimes,
    foggy_hill,
    gradient_cloud,
    gradient_compass,
    line_fit,
    losses_and_outlier,
    momentum_conventions,
    noise_floor,
    phase_diagram,
    race,
    range_test,
    saddle_escape,
    schedule_designer,
    secant_to_tangent,
    stopping_rules,
    ways_out,
)
from .stage import Stage

__all__ = [
    "Stage",
    "at_step",
    "choice",
    "explore",
    "isolines",
    "pick",
    "point",
    "scrubber",
    "slider",
    "switch",
    "text",
    "trail",
    "whole",
    *explorers.__all__,
]
