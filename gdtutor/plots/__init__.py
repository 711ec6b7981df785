"""Pictures: functions that draw on matplotlib axes, change nothing else, and return what they drew.

    fig, ax = plots.figure()
    plots.contours(ax, rosenbrock)
    plots.path(ax, descend(rosenbrock, rosenbrock.start, adam(lr=0.1), 200), label="Adam")
    plots.show(fig, alt="Adam curves along the valley floor and reaches the minimum at (1, 1).")

`curves` draws functions of one variable, `maps` landscapes seen from above, `records` what happened
step by step, `sweeps` what the learning rate decides, `fits` models among their data. `style` holds
colours and figures, `notebook` shows them.
Every function returns its artists by name, in a dict, so that a live figure can move them.
"""

from .curves import curve, fog, secant, steps_on_curve, tangent, walker
from .fits import boundary, fit
from .maps import contours, critical_points, gradient_field, path
from .notebook import show
from .records import against_steps, distances, losses, schedule
from .style import THEMES, contrast, figure, labels, legend, line_style, theme, theme_of
from .sweeps import factor_lines, steps_needed, steps_until

__all__ = [
    "THEMES",
    "against_steps",
    "boundary",
    "contours",
    "contrast",
    "critical_points",
    "curve",
    "distances",
    "factor_lines",
    "figure",
    "fit",
    "fog",
    "gradient_field",
    "labels",
    "legend",
    "line_style",
    "losses",
    "path",
    "schedule",
    "secant",
    "show",
    "steps_needed",
    "steps_on_curve",
    "steps_until",
    "tangent",
    "theme",
    "theme_of",
    "walker",
]
