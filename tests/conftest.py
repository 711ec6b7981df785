"""`--rule adam` runs only the tests about that rule; tools/mutants.py uses it."""

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
