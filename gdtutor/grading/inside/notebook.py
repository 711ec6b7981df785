"""What a cell expects of Jupyter: `get_ipython()` and `display`, as far as they make sense here.

Cells come with their magics already rewritten as calls of `get_ipython()`. Magics that time, hide or
repeat run their code once; all others, and the shell's commands, do nothing and are noted.
"""

import builtins

from .silent import Silent

RUN = {"time", "timeit", "capture", "prun"}


class Shell:
    """What `get_ipython()` returns, and the names of the notebook."""

    def __init__(self):
        self.refused = set()
        self.user_ns = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "get_ipython": lambda: self,
            "display": lambda *_, **__: None,
        }

    def run_line_magic(self, name, line, *_):
        """Run `%time code`; ignore other magics."""
        return self.run_cell_magic(name, "", line)

    def run_cell_magic(self, name, _, body):
        """Run the code of a magic that times or hides it; ignore the others."""
        if name in RUN:
            exec(compile(body, f"<%{name}>", "exec"), self.user_ns)
        elif name not in ("matplotlib", "config", "load_ext", "autoreload", "precision"):
            self.refused.add(f"%{name}")

    def system(self, command):
        """Refuse a command for the shell."""
        self.refused.add(f"!{command}"[:40])

    def getoutput(self, command, *_, **__):
        """Refuse a command for the shell; nothing comes out of it."""
        self.system(command)
        return []

    def __getattr__(self, name):
        return Silent()
