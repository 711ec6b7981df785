"""The environment: what the lessons need is checked, and the files that install it agree."""

import importlib.metadata
import pathlib
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from gdtutor import RULES, environment

ROOT = pathlib.Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_all_is_well_here(capsys):
    environment.check()
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("Everything is here")
    assert lines[:-1] == [f"✓ {name}" for name in environment.LESSONS_NEED]


def test_an_old_version_is_told(capsys):
    assert environment.report(Requirement("numpy>=99"))
    version = importlib.metadata.version("numpy")
    assert capsys.readouterr().out == f"✗ numpy is {version}, and the course needs >=99\n"


def test_a_missing_package_is_told(capsys, monkeypatch):
    monkeypatch.setattr(environment, "needed", lambda: [Requirement("no-such-package>=1")])
    environment.check()
    out = capsys.readouterr().out
    assert "✗ no-such-package isn't installed" in out
    assert "pip install -e ." in out


@pytest.mark.parametrize(
    ("name", "oldest"),
    [("numpy", "2.0.2"), ("matplotlib", "3.8.4"), ("ipywidgets", "7.7")],
)
def test_old_versions_are_welcome(name, oldest):
    (requirement,) = [r for r in map(Requirement, PROJECT["dependencies"]) if r.name == name]
    assert requirement.specifier.contains(oldest)
    assert requirement.specifier.contains(importlib.metadata.version(name))


def test_conda_leaves_the_list_to_pip():
    spec = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, delegated = spec["dependencies"]
    assert pip == "pip"
    # Without quotes inside the item, or repo2docker wouldn't see that it is this folder.
    assert delegated == {"pip": ["-e .[test]"]}
    version = Version(python.split("=")[1])
    assert version in SpecifierSet(PROJECT["requires-python"])


def test_readme_says_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install -e . && jupyter lab notebooks/00_start_here.ipynb" in readme
    assert 'pip install -e ".[test]" && pytest' in readme
    assert f"{len(RULES)} update rules" in readme
    for link in re.findall(r"\]\(((?!http)[^)#]+)\)", readme):
        assert (ROOT / link).exists(), link
