"""Strangers' cells: whatever they do is kept in, and costs no more than it must."""

import json
import pathlib
import re
import time

import pytest
from attacks import ATTACKS

from gdtutor.grading import examine as examining
from gdtutor.grading.examine import examine
from gdtutor.grading.exercise import find

ROOT = pathlib.Path(__file__).parent.parent
RULE = find("update_rule")


def cells(kind="solutions", exercise=RULE):
    """Return the code cells of an exercise, solved or not."""
    notebook = json.loads((ROOT / kind / f"{exercise.id}.ipynb").read_text(encoding="utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Don't wait ten seconds for a cell that never ends."""
    monkeypatch.setattr(examining, "CELL", 1.5)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_its_cell(name):
    attack, whole = ATTACKS[name], cells()
    begun = time.monotonic()
    examination = examine([*whole[:7], attack.cell, *whole[7:]], RULE, b"secret")
    assert time.monotonic() - begun < 30
    status = {n: v.status for n, v in examination.verdicts.items()}
    told = "\n".join(examination.notes)
    print(status, told)
    if not attack.costs:
        assert set(status.values()) == {"correct"}, told
    if attack.noted:
        assert re.search(attack.noted, told)
        assert "Cell 8" in told
