"""nbgrader with our sandbox: its step that runs a notebook is replaced, all else is nbgrader's own.

In the course's `nbgrader_config.py`:

    from gdtutor.grading.nbgrader import configure
    c = get_config()
    configure(c, secret="class.secret")

Then `nbgrader autograde` has the cells run in the sandbox, the answers judged outside of it, and each
check cell gets its points and its message as its output, where nbgrader looks for them. Without a secret
the cases are those of the notebook's own checks. Needs `pip install "gdtutor[nbgrader]"`.
"""

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_output
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    IgnorePattern,
    LimitOutput,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from traitlets import Bool, Unicode

from ..check import message
from .desk import secret_in
from .examine import examine
from .exercise import EXERCISES, find
from .submission import exercise_of

CHECK = "-check"  # how the names of check cells end: "step-check"


class SandboxExecute(NbGraderPreprocessor):
    """Gives check cells the points and the message of an answer judged outside of the sandbox."""

    secret = Unicode("", help="File with the secret of hidden cases; made if there is none.")
    secret.tag(config=True)
    trust = Bool(False, help="Run submissions without a sandbox.").tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook with the outputs of its check cells.

        A failure of ours is raised: nbgrader reports it, and gives no grade.
        """
        cells = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        about = exercise_of(cells, resources["metadata"].get("name", ""), list(EXERCISES))
        secret = secret_in(self.secret) if self.secret else b""
        exercise = find(about)
        examination = examine(cells, exercise, secret, self.trust)
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix(CHECK)
            if cell.cell_type == "code" and name in exercise.questions:
                cell.outputs = []
                if cell.metadata.nbgrader.get("grade"):
                    cell.outputs = [
                        self.output(examination.verdicts[name], exercise.questions[name])
                    ]
        return nb, resources

    def output(self, verdict, question):
        """Return a check cell's output: the points as its value, and what goes with them."""
        points = float(round(verdict.share * question.points, 6))
        data = {"text/plain": repr(points), "text/html": message.as_html(verdict)}
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
