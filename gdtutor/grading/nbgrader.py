"""nbgrader with our sandbox: its step that runs a notebook is replaced, all else is nbgrader's own.

In the course's `nbgrader_config.py`:

    from gdtutor.grading.nbgrader import configure
    c = get_config()
    configure(c, secret="class.secret")

Then `nbgrader autograde` has the cells run in the sandbox, the answers judged outside of it, and each
check cell gets its points and its message as its output, where nbgrader looks for them. Without a secret
the cases are those of the notebook's own checks. Needs `pip install "gdtutor[nbgrader]"`.

Which exercise it is, and what a check is worth, is read from the assignment as it was generated, never
from what was handed in: nbgrader gives all points to a check without an output. What fails for a reason
of ours is in nbgrader's log, and makes its exit code 1; `nbgrader export` still writes 0 for it, as for
all that isn't graded yet.
"""

try:
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbformat.v4 import new_output
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import (
        AssignLatePenalties,
        CheckCellMetadata,
        IgnorePattern,
        LimitOutput,
        NbGraderPreprocessor,
        SaveAutoGrades,
    )
    from nbgrader.utils import is_grade, is_solution
    from traitlets import Bool, Unicode
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f'{error}. To grade with nbgrader: pip install "gdtutor[nbgrader]"', name=error.name
    ) from error

from ..check import message
from .desk import secret_in
from .examine import examine
from .exercise import EXERCISES, find
from .submission import exercise_of

CHECK = "-check"  # how the names of check cells end: "step-check"
NOT_OURS = """\
The cell {name!r} is graded, but isn't a check of {exercise}: the sandbox can't grade it. Take it out
of the assignment, or make it one that is graded by hand, and generate the assignment again."""


class SandboxExecute(NbGraderPreprocessor):
    """Gives check cells the points and the message of an answer judged outside of the sandbox."""

    secret = Unicode("", help="File with the secret of hidden cases; made if there is none.")
    secret.tag(config=True)
    trust = Bool(False, help="Run submissions without a sandbox.").tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook with the outputs of its check cells.

        A failure of ours is raised: nbgrader reports it, and gives no grade.
        """
        exercise = generated(resources["nbgrader"])
        checks = [(question_of(cell, exercise), cell) for cell in nb.cells if is_check(cell)]
        cells = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        secret = secret_in(self.secret) if self.secret else b""
        verdicts = examine(cells, exercise, secret, self.trust).verdicts
        for name, cell in checks:
            cell.outputs = [output(verdicts[name], cell.metadata.nbgrader.points)]
        return nb, resources


def generated(about):
    """Return the exercise that an assignment was generated from, whatever was handed in."""
    with Gradebook(about["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
        sources = [cell.source for cell in notebook.source_cells if cell.locked]
    return find(exercise_of(sources, about["notebook"], list(EXERCISES)) or about["notebook"])


def is_check(cell):
    """Return whether nbgrader takes a cell's points from its output."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def question_of(cell, exercise):
    """Return the name of the question that a cell checks.

    Raises
    ------
    LookupError
        Where it checks something else: without an output, nbgrader would give it all its points.
    """
    name = cell.metadata.nbgrader.grade_id
    question = name.removesuffix(CHECK)
    if question not in exercise.questions:
        raise LookupError(NOT_OURS.format(name=name, exercise=exercise.id))
    return question


def output(verdict, points):
    """Return a check cell's output: the points as its value, and what goes with them."""
    data = {
        "text/plain": repr(float(round(verdict.share * points, 6))),
        "text/html": message.as_html(verdict),
    }
    return new_output("execute_result", data=data, execution_count=None)


def configure(c, secret="", trust=False):
    """Have nbgrader run notebooks in the sandbox.

    Parameters
    ----------
    c : Config
        What `get_config()` returns.
    secret : str
        Path of the file with the secret of hidden cases; made if there is none.
    trust : bool
        Whether to do without a sandbox.

    Examples
    --------
    >>> from traitlets.config import Config
    >>> c = Config()
    >>> configure(c)
    >>> [step.__name__ for step in c.Autograde.autograde_preprocessors][:2]
    ['SandboxExecute', 'IgnorePattern']
    """
    c.Autograde.autograde_preprocessors = [
        SandboxExecute,
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.SandboxExecute.secret = secret
    c.SandboxExecute.trust = trust
