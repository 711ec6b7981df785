"""The house: rooms import downwards only, and coming in costs little."""

import ast
import pathlib
import subprocess
import sys

import pytest

import gdtutor

ROOT = pathlib.Path(gdtutor.__file__).parent

# From the ground up. A room may import from rooms further down, never from its own level or above.
LEVELS = [
    {"optimizer"},
    {"configured", "path", "rules.pieces"},
    {"rules", "schedules", "transforms", "walk"},
    {"blocks", "data", "landscapes", "losses"},
    {"descent", "models"},
    {"restarts", "theory"},
    {"plots"},
    {"live"},
    {"course"},
    {"check"},
    {"questions"},
    {"grading"},
    {"cli"},
]


def room(module):
    """Return the room of a module, such as rules for gdtutor.rules.classic."""
    parts = module.removeprefix("gdtutor.").split(".")
    return "rules.pieces" if parts[:2] == ["rules", "pieces"] else parts[0]


def imports():
    """Yield (room, room that it imports) over all files."""
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(("gdtutor", *path.relative_to(ROOT).with_suffix("").parts))
        package = module.split(".")
        package = package if path.name == "__init__.py" else package[:-1]
        package = package[:-1] if path.name == "__init__.py" else package
        if module == "gdtutor.__init__":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - node.level + 1]
                full = base + (node.module.split(".") if node.module else [])
                names = [full] if node.module else [[*full, alias.name] for alias in node.names]
                for name in names:
                    if len(name) > 1:
                        yield room(module), room(".".join(name))


def test_rooms_import_downwards_only():
    level = {name: i for i, names in enumerate(LEVELS) for name in names}
    seen = set(imports())
    assert len(seen) > 10
    wrong = [
        f"{a} imports {b}"
        for a, b in sorted(seen)
        if a != b and not level.get(a, -1) > level.get(b, len(LEVELS))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "heavy", ["matplotlib", "ipywidgets", "sklearn", "IPython", "scipy", "anywidget"]
)
def test_import_brings_nothing_heavy(heavy):
    code = "import sys, gdtutor, gdtutor.landscapes, gdtutor.models, gdtutor.losses, gdtutor.data;"
    code += "import gdtutor.schedules, gdtutor.theory;"
    code += f"sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_rooms_come_when_asked_for():
    code = "import gdtutor; gdtutor.landscapes.rosenbrock; gdtutor.plots"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"no 'adamm'.*adamw"):
        gdtutor.adamm


def test_rules_hold_formulas_and_nothing_else():
    for path in sorted((ROOT / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                source = getattr(node, "module", None) or node.names[0].name
                assert source.split(".")[0] in {"numpy", "optimizer"} | {
                    p.stem for p in (ROOT / "rules").glob("*.py")
                }


def public():
    """Yield (name, object) of all that the package offers."""
    for room in [gdtutor, *(getattr(gdtutor, name) for name in gdtutor.LAZY)]:
        for name in room.__all__:
            thing = getattr(room, name)
            if callable(thing):  # and not a table
                yield f"{room.__name__}.{name}", thing


def test_everything_public_explains_itself_by_example():
    things = dict(public())
    assert len(things) > 150
    assert [name for name, thing in things.items() if ">>>" not in (thing.__doc__ or "")] == []
