"""A function with its later parameters already given: what schedules and transforms have in common."""

import functools
import inspect

from .optimizer import LIMITS, brief, check_number


class Configured:
    """`function` with all but its first `open_` parameters bound; calling it supplies those."""

    open_ = 1

    def __init__(self, function, parameters):
        functools.update_wrapper(self, function)
        self.function = function
        self.name = function.__name__
        self.parameters = parameters

    @classmethod
    def factory(cls, function):
        """Return a function that binds the parameters, for use as a decorator."""
        signature = inspect.signature(function)
        signature = signature.replace(parameters=list(signature.parameters.values())[cls.open_ :])

        @functools.wraps(function)
        def configure(*args, **kwargs):
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise TypeError(
                    f"{function.__name__}: {error}. It is {function.__name__}{signature}."
                ) from None
            bound.apply_defaults()
            for name, value in bound.arguments.items():
                if name in LIMITS:
                    bound.arguments[name] = check_number(function.__name__, name, value)
            return cls(function, dict(bound.arguments))

        configure.__signature__ = signature
        return configure

    def __call__(self, *open_):
        return self.function(*open_, **self.parameters)

    def __repr__(self):
        given = ", ".join(brief(value) for value in self.parameters.values())
        return f"{self.name}({given})"
