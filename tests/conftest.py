"""`--rule adam` runs only the tests about that rule; tools/mutants.py uses it."""

import os
import pathlib
import tempfile

from browsing import browser, lab, page  # noqa: F401

# A notebook's backend in this process, from a kernel that started it, would reach for IPython.
os.environ["MPLBACKEND"] = "agg"

# The notebooks run as for a learner who has answered nothing yet.
os.environ["GDTUTOR_PROGRESS"] = str(pathlib.Path(tempfile.mkdtemp()) / "my_progress.jsonl")


def pytest_addoption(parser):
    parser.addoption("--rule", help="run only tests whose parameter `rule` is this rule's name")


def pytest_collection_modifyitems(config, items):
    wanted = config.getoption("--rule")
    if wanted:
        items[:] = [
            item
            for item in items
            if hasattr(item, "callspec") and item.callspec.params.get("rule") == wanted
        ]
