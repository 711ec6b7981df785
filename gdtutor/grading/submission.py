"""A submission: what somebody has handed in, and how its code cells are found."""
import dataclasses, json, pathlib
class Unreadable(ValueError): pass
@dataclasses.dataclass(frozen=True)
class Submission:
    id: str
    student: str
    lms_id: str
    email: str
    exercise: str
    file: str
    source: pathlib.Path
    members: tuple
    problem: str
    notes: tuple
def cells(data):
    return ["".join(c["source"]) for c in json.loads(data)["cells"] if c["cell_type"]=="code"]
