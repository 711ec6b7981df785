"""The live figures of the lessons, one function each.

`curves` and `maps` show walks on functions of one and of two variables; `parts` has what all share.
"""

from .curves import descent_on_curve
from .maps import descent_on_map

__all__ = ["descent_on_curve", "descent_on_map"]
