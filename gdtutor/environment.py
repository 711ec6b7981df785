"""Does this computer have what the course needs? The first question of the first lesson."""

import importlib.metadata

LESSONS_NEED = ["numpy", "matplotlib", "ipywidgets", "jupyterlab", "scikit-learn"]


def check():
    """Print for every package that the lessons need whether it is there, and what to do if not.

    What is needed stands in the package's own metadata, which is written from pyproject.toml.

    Examples
    --------
    >>> check()
    ✓ numpy
    ✓ matplotlib
    ✓ ipywidgets
    ✓ jupyterlab
    ✓ scikit-learn
    Everything is here. Enjoy the walk!
    """
    troubles = [trouble for trouble in map(report, needed()) if trouble]
    if not troubles:
        print("Everything is here. Enjoy the walk!")
    else:
        print("To mend this, run in a terminal, in the course's folder:   pip install -e .")


def needed():
    """Return what the package requires of the lessons' packages, as in pyproject.toml."""
    from packaging.requirements import Requirement

    required = map(Requirement, importlib.metadata.requires("gdtutor") or [])
    return [r for r in required if r.name in LESSONS_NEED and r.marker is None]


def report(requirement):
    """Print a line about one package; return whether something is wrong with it."""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        print(f"✗ {requirement.name} isn't installed")
        return True
    if not requirement.specifier.contains(version, prereleases=True):
        print(f"✗ {requirement.name} is {version}, and the course needs {requirement.specifier}")
        return True
    print(f"✓ {requirement.name}")
    return False
