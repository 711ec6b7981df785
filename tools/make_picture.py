"""Draw README's picture, docs/picture.png: four rules on one landscape.

python tools/make_picture.py
"""

import pathlib

from gdtutor import adam, descend, gd, momentum, plots, rmsprop
from gdtutor.landscapes import rosenbrock

RULES = {
    "gradient descent": gd(lr=1e-3),
    "momentum": momentum(lr=1e-3),
    "RMSProp": rmsprop(lr=0.02),
    "Adam": adam(lr=0.1),
}


def main():
    """Draw and save."""
    fig, (left, right) = plots.figure(columns=2, height=4.2)
    plots.contours(left, rosenbrock)
    paths = {name: descend(rosenbrock, rosenbrock.start, opt, 300) for name, opt in RULES.items()}
    for path in paths.values():
        plots.path(left, path)
    plots.losses(right, paths)
    fig.savefig(pathlib.Path(__file__).parents[1] / "docs" / "picture.png", dpi=110)


if __name__ == "__main__":
    main()
