"""All explorers as a lesson calls them, one line each."""

from gdtutor import live

EXPLORERS = {
    name: f"live.{name}()"
    for name in live.explorers.__all__
    if name not in ("descent_on_curve", "descent_on_map")
} | {
    "descent_on_curve": "live.descent_on_curve(parabola)",
    "descent_on_map": "live.descent_on_map(rosenbrock, momentum(lr=1e-3))",
}

START = "from gdtutor import *\nfrom gdtutor import live\nfrom gdtutor.landscapes import *\n"


def made(name):
    """Return the figure of this explorer."""
    names = {}
    exec(START, names)
    return eval(EXPLORERS[name], names)
