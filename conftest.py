"""All tests run as for a learner who has answered nothing yet, the notebooks among them."""

import os
import pathlib
import tempfile

os.environ["GDTUTOR_PROGRESS"] = str(pathlib.Path(tempfile.mkdtemp()) / "my_progress.jsonl")

# A notebook's backend in this process, from a kernel that started it, would reach for IPython.
os.environ["MPLBACKEND"] = "agg"
