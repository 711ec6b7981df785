"""The live figures of the lessons, one function each, one line in a notebook.

slopes      what a derivative is: secants, directions
steps       a hill in fog, when to stop, the five regimes of a learning rate
curves      a walk on a curve
maps        a walk on a landscape, by any rule
fits        a line among its points, losses and an outlier
batches     batch sizes, the cloud of gradients, the floor of noise
quadratics  errors by eigenvector, scaling
rates       schedules, the range test
basins      which minimum each start reaches
escapes     off a saddle, out of a valley
momenta     the phase diagram, conventions of momentum
adaptive    steps per coordinate, weight decay
race        all against all
parts       what they share
"""

from .adaptive import decay_or_l2, effective_steps
from .basins import basin_map
from .batches import batch_paths, gradient_cloud, noise_floor
from .curves import descent_on_curve
from .escapes import saddle_escape, ways_out
from .fits import line_fit, losses_and_outlier
from .maps import descent_on_map
from .momenta import momentum_conventions, phase_diagram
from .quadratics import before_and_after_scaling, error_by_eigenvector
from .race import race
from .rates import range_test, schedule_designer
from .slopes import gradient_compass, secant_to_tangent
from .steps import five_regimes, foggy_hill, stopping_rules

__all__ = [
    "basin_map",
    "batch_paths",
    "before_and_after_scaling",
    "decay_or_l2",
    "descent_on_curve",
    "descent_on_map",
    "effective_steps",
    "error_by_eigenvector",
    "five_regimes",
    "foggy_hill",
    "gradient_cloud",
    "gradient_compass",
    "line_fit",
    "losses_and_outlier",
    "momentum_conventions",
    "noise_floor",
    "phase_diagram",
    "race",
    "range_test",
    "saddle_escape",
    "schedule_designer",
    "secant_to_tangent",
    "stopping_rules",
    "ways_out",
]
