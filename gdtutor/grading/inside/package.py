"""gdtutor, as far as it is there when a notebook is graded: what the exercises import.

The optimizers, the landscapes and the answers aren't: they are what a student is to write. They can be
imported, do nothing, and are noted.
"""

from gdtutor.grading.inside.silent import Silent, miss
from gdtutor.optimizer import Optimizer, optimizer

__all__ = ["Optimizer", "optimizer"]


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    miss(f"gdtutor.{name}")
    return Silent()
