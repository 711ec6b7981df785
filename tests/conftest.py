"""`--rule adam` runs only the tests about that rule; tools/mutants.py uses it."""

import pytest
from browsing import browser, lab, page  # noqa: F401


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


@pytest.fixture(scope="session")
def class_of_14(tmp_path_factory):
    """A folder of 14 notebooks, right and wrong."""
    from classroom import STEPS, with_step

    folder = tmp_path_factory.mktemp("class")
    for i in range(14):
        (folder / f"student {i:02}.ipynb").write_bytes(
            with_step(STEPS[i % len(STEPS)] + f"\n# {i}")
        )
    return folder


@pytest.fixture(scope="session")
def secret(tmp_path_factory):
    """A file with a secret."""
    path = tmp_path_factory.mktemp("secret") / "class.secret"
    path.write_text("a secret\n")
    return path
