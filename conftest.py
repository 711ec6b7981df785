"""All tests run as for a learner who has answered nothing yet, the notebooks among them."""

import os
import pathlib
import tempfile

os.environ["GDTUTOR_PROGRESS"] = str(pathlib.Path(tempfile.mkdtemp()) / "my_progress.jsonl")

# A notebook's backend in this process, from a kernel that started it, would reach for IPython.
os.environ["MPLBACKEND"] = "agg"

# It is gdtutor's front where notebooks are graded, and answers everything that it is asked for.
collect_ignore = ["gdtutor/grading/inside/package.py"]
