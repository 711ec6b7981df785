"""Stands in for plots, widgets and what isn't there: takes every call, and does nothing."""

import importlib.machinery
import types

# Packages that only show something.
SHOW = {"IPython", "anywidget", "ipywidgets", "matplotlib", "mpl_toolkits", "plotly", "seaborn"}
# Of gdtutor: what a notebook may ask for in vain, without harm to any answer.
PLAY = ("gdtutor.course", "gdtutor.live", "gdtutor.plots", "gdtutor.questions")
missing = set()  # of gdtutor, what else was asked for and isn't there


def miss(name):
    """Note that something of gdtutor was asked for that isn't there."""
    if not name.startswith(PLAY):
        missing.add(name)


class Silent:
    """Answers everything with another like itself; taken apart, it is two: `fig, ax = subplots()`."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()

    def __call__(self, *_, **__):
        return Silent()

    def __getitem__(self, _):
        return Silent()

    def __setitem__(self, *_):
        pass

    def __iter__(self):
        return iter((Silent(), Silent()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class SilentModule(types.ModuleType):
    """A module of which every name is silent."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.startswith("gdtutor."):
            miss(f"{self.__name__}.{name}")
        return Silent()


class Finder:
    """Finds silent modules: those that only show something, and of gdtutor what nobody else found."""

    def find_spec(self, name, path=None, target=None):
        """Return a spec for a silent module, or None."""
        if name.partition(".")[0] in SHOW | {"gdtutor"}:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        """Return the module."""
        return SilentModule(spec.name)

    def exec_module(self, module):
        """Do nothing: there is nothing in it."""
