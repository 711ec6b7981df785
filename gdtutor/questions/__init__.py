"""The exercises, one module a lesson.

from gdtutor.questions import update_rule as ex
ex.check("step")
"""

from .adaptive_optimizers import adaptive_optimizers
from .batch_variants import batch_variants
from .derivatives import derivatives
from .learning_rates import learning_rates
from .linear_regression import linear_regression
from .local_minima_and_saddles import local_minima_and_saddles
from .loss_functions import loss_functions
from .momentum import momentum
from .update_rule import update_rule

# In the order of the lessons.
__all__ = [  # noqa: RUF022
    "derivatives",
    "loss_functions",
    "update_rule",
    "linear_regression",
    "batch_variants",
    "learning_rates",
    "local_minima_and_saddles",
    "momentum",
    "adaptive_optimizers",
]
