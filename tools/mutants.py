"""Plant bugs into the rules, one at a time, and count how many the tests catch.

    python tools/mutants.py                all rules
    python tools/mutants.py adam lion      some

tests/mutants.toml lists the bugs. Each one is planted in a process of its own, by handing Python the
changed source when it imports the room; then the tests about that rule run. A bug that passes them is
a hole in the tests. Prints killed/planted for every rule and fails if any bug lives.
"""

import importlib.machinery
import io
import multiprocessing
import os
import pathlib
import re
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout

import hypothesis  # noqa: F401  what all tests need is imported once, before the processes fork
import numpy as np  # noqa: F401
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
MUTANTS = ROOT / "tests" / "mutants.toml"
TESTS = ["tests/test_golden.py", "tests/test_rules.py"]

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer to load than the tests to run
os.chdir(ROOT)


def source_of(rule):
    """Return the file of a rule, its text, and where the rule's code (behind its docstring) lies."""
    for path in sorted((ROOT / "gdtutor" / "rules").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found = re.search(
            rf"@optimizer\ndef {rule}\(.*?\"\"\".*?\"\"\"\n(.*?)(?=\n\n\n|\Z)", text, re.S
        )
        if found:
            return path, text, found.span(1)
    raise SystemExit(f"tests/mutants.toml has bugs for {rule!r}, and there is no such rule.")


def planted(rule, old, new):
    """Return the file and its text with the bug in."""
    path, text, (begin, end) = source_of(rule)
    code = text[begin:end] + "\n"
    if code.count(old) != 1:
        raise SystemExit(f"{rule}: {old!r} stands {code.count(old)} times in the rule, not once.")
    return path, text[:begin] + code.replace(old, new) + text[end + 1 :]


def survives(job):
    """Run the tests about a rule with a bug in it; return whether all pass."""
    rule, bug, old, new = job
    path, text = planted(rule, old, new) if old else (None, None)
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader, fullname):
        if path and pathlib.Path(loader.path) == path:
            return compile(text, loader.path, "exec")
        return original(loader, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code
    silence = io.StringIO()
    options = ["-x", "-q", "-p", "no:cacheprovider", "--assert=plain", "-o", "addopts="]
    with redirect_stdout(silence), redirect_stderr(silence):
        code = pytest.main([*options, "--rule", rule, *TESTS])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        raise RuntimeError(f"{rule}, {bug}: the tests could not run.\n{silence.getvalue()}")
    return rule, bug, code == pytest.ExitCode.OK


def main(wanted):
    """Plant all bugs of the wanted rules and report."""
    bugs = tomllib.loads(MUTANTS.read_text(encoding="utf-8"))
    wanted = wanted or list(bugs)
    jobs = [(rule, "nothing planted", None, None) for rule in wanted]
    jobs += [(rule, bug, *change) for rule in wanted for bug, change in bugs[rule].items()]
    alive = {rule: [] for rule in wanted}
    sick = []
    # One process for one bug, forked from this one: Python and the libraries start only once.
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        for rule, bug, survived in pool.imap_unordered(survives, jobs, chunksize=1):
            if bug == "nothing planted" and not survived:
                sick.append(rule)
            elif bug != "nothing planted" and survived:
                alive[rule].append(bug)
    for rule in wanted:
        count = len(bugs[rule])
        lives = f"   alive: {', '.join(alive[rule])}" if alive[rule] else ""
        lives += "   FAILS WITHOUT A BUG" if rule in sick else ""
        print(f"{rule:24s} {count - len(alive[rule]):2d}/{count}{lives}")
    total = sum(len(bugs[rule]) for rule in wanted)
    left = sum(map(len, alive.values()))
    print(f"{'all':24s} {total - left}/{total}")
    return 1 if left or sick else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
