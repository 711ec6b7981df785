"""An optimizer is one pure function; its signature is the whole specification.

    @optimizer
    def momentum(t, x, g, v=0, *, lr=1e-3, momentum=0.9):
        v = momentum * v + g
        return x - lr * v, v

`t` counts the steps from 1, `x` is the position, `g` the gradient there. Positional parameters behind
the gradient are *memory* and its initial value; keyword-only ones are *knobs* and their defaults. The
rule returns the new position and the new memory. If the third parameter is called `f`, the rule
gets the landscape itself. Everything else (sweeps, schedules, transforms) follows from that.

Starts of a batch must not look at each other, and a rule that draws random numbers has a knob `seed`.
"""

import functools
import inspect

import numpy as np

START = type("START", (), {"__repr__": lambda self: "START"})()
"""Initial value of a memory that begins at the start point instead of at a number."""

# What a knob of this name may be, wherever it appears: a slip such as momentum=9 is told at once.
LIMITS = {
    "lr": (0, np.inf),
    "eps": (0, np.inf),
    "weight_decay": (0, np.inf),
    "temperature": (0, np.inf),
    "beta": (0, 1),
    "beta1": (0, 1),
    "beta2": (0, 1),
    "beta3": (0, 1),
    "rho": (0, 1),
    "momentum": (-1, 1),
    "max_norm": (0, np.inf),
    "limit": (0, np.inf),
    "sigma": (0, np.inf),
    "strength": (0, np.inf),
    "seed": (0, np.inf),
    "steps": (1, np.inf),
    "every": (1, np.inf),
}


class Optimizer:
    """An update rule with its knobs set. Made by `optimizer`, configured by calling it.

    Attributes
    ----------
    name : str
        The function's name.
    rule : callable
        The function itself, `rule(t, x, g, *memory, **knobs)`.
    memory : dict
        Names of what the rule remembers, and the initial values (0 broadcasts).
    knobs : dict
        Names and present values: numbers, arrays (a sweep) or schedules (callables of the step).
    transforms : tuple
        What happens to the gradient before the rule sees it, in this order.
    sees_landscape : bool
        True where the rule takes the landscape `f` in place of the gradient.

    Examples
    --------
    >>> from gdtutor import momentum
    >>> momentum.memory, momentum.knobs
    ({'v': 0}, {'lr': 0.001, 'momentum': 0.9})
    >>> fast = momentum(lr=0.1)
    >>> fast, fast(momentum=0.5), momentum
    (momentum(lr=0.1), momentum(lr=0.1, momentum=0.5), momentum())
    """

    def __init__(self, rule, sees_landscape, memory, knobs, transforms=(), changed=()):
        functools.update_wrapper(self, rule)
        self.name = getattr(rule, "__name__", "rule")
        self.rule = rule
        self.memory = memory
        self.knobs = knobs
        self.transforms = transforms
        self.sees_landscape = sees_landscape
        # What the rule returns: x alone, or x and the memory. One number, as every step asks for it.
        self._parts = 1 + len(memory)
        self._changed = changed

    def __call__(self, *transforms, **knobs):
        """Return a copy with these knobs set and these transforms put in front."""
        for transform in transforms:
            if hasattr(transform, "needs_loss"):
                raise TypeError(
                    f"{self.name}({transform!r}): a schedule goes by name, as in "
                    f"{self.name}({next(iter(self.knobs), 'lr')}={transform!r})."
                )
            if not callable(transform):
                raise TypeError(
                    f"{self.name}({transform!r}): knobs go by name, as in "
                    f"{self.name}({next(iter(self.knobs), 'lr')}={transform!r}). Only transforms "
                    "of the gradient, such as clip_norm(1.0), are given without a name."
                )
        if transforms and self.sees_landscape:
            raise TypeError(
                f"{self.name} looks at the landscape itself and takes its own gradients, so a "
                "transform of the gradient has nothing to act on. Use it with a rule that takes g."
            )
        for name in knobs:
            if name not in self.knobs:
                raise TypeError(
                    f"{self.name} has no knob {name!r}; it has {', '.join(self.knobs) or 'none'}."
                )
        checked = {name: check_knob(self, name, value) for name, value in knobs.items()}
        changed = tuple(dict.fromkeys((*self._changed, *knobs)))
        return self._but(
            knobs=self.knobs | checked, transforms=self.transforms + transforms, changed=changed
        )

    def with_knobs(self, knobs):
        """Return a copy with all knobs replaced, unchecked."""
        return self._but(knobs=knobs)

    def _but(self, **changes):
        fields = {"knobs": self.knobs, "transforms": self.transforms, "changed": self._changed}
        return Optimizer(self.rule, self.sees_landscape, self.memory, **(fields | changes))

    def start(self, x):
        """Return the memory before the first step, a tuple in the order of the signature."""
        return tuple(x if value is START else value for value in self.memory.values())

    def step(self, t, x, g, memory=()):
        """Take one step by hand: return the new position and the new memory (a tuple).

        Parameters
        ----------
        t : int
            The number of the step, from 1.
        x : ndarray, shape (..., dim), or float
        g : ndarray, shape (..., dim), or float; the landscape for a rule that takes `f`
        memory : tuple
            What the step before returned; empty for the first step.

        Examples
        --------
        >>> recall = optimizer(lambda t, x, g, m=0, *, lr=0.5: (x - lr * g, g))
        >>> recall.step(1, 3.0, 2.0)
        (2.0, (2.0,))
        """
        knobs = {name: k(t - 1) if callable(k) else k for name, k in self.knobs.items()}
        for transform in self.transforms:
            g = transform(t, x, g)
        return self.unpack(self.rule(t, x, g, *(memory or self.start(x)), **knobs))

    def unpack(self, returned):
        """Split what the rule returned into position and memory, and say so where it can't be."""
        if type(returned) is tuple:
            if len(returned) == self._parts > 1:
                return returned[0], returned[1:]
        elif self._parts == 1 and returned is not None:
            return returned, ()
        what = "one value" if returned is not None else "nothing (did you forget `return`?)"
        what = f"{len(returned)} values" if isinstance(returned, tuple) else what
        what = "an ellipsis (dots that are to be replaced)" if returned is ... else what
        what = (
            "a list (write `return x, v`, without brackets)" if isinstance(returned, list) else what
        )
        if not self.memory:
            raise TypeError(
                f"{self.name} has no memory, so it must return the new x alone; it returned {what}."
            )
        names = ", ".join(self.memory)
        raise TypeError(
            f"{self.name} remembers {names} (the parameters behind the gradient), so it must return "
            f"x, {names}; it returned {what}. "
            f"If {names} should be a knob, put a * in front: (t, x, g, *, {names}=...)."
        )

    @property
    def random(self):
        """True where random numbers are drawn, by the rule or by a transform in front."""
        return "seed" in self.knobs or any(
            getattr(transform, "random", False) for transform in self.transforms
        )

    def __repr__(self):
        parts = [repr(transform) for transform in self.transforms]
        parts += [f"{name}={brief(self.knobs[name])}" for name in self._changed]
        return f"{self.name}({', '.join(parts)})"


def optimizer(rule):
    """Turn an update rule into an optimizer. Use it as a decorator.

    Parameters
    ----------
    rule : callable
        `rule(t, x, g, *memory, *, knobs)`, see the head of this module. It must be pure: return
        new arrays, change none of those it was given.

    Returns
    -------
    Optimizer

    Raises
    ------
    TypeError
        If the signature is no rule's.

    Examples
    --------
    >>> @optimizer
    ... def walk(t, x, g, *, lr=0.1):
    ...     return x - lr * g
    >>> walk(lr=0.5)
    walk(lr=0.5)
    >>> walk(speed=0.5)
    Traceback (most recent call last):
    ...
    TypeError: walk has no knob 'speed'; it has lr.
    """
    shape = "a rule begins with (t, x, g) or (t, x, f), then memory with initial values, then * and"
    shape += " the knobs: def momentum(t, x, g, v=0, *, lr=0.1, momentum=0.9)"
    if not callable(rule):
        raise TypeError(f"@optimizer goes over a function, and this is {rule!r}: {shape}.")
    if isinstance(rule, Optimizer):
        return rule
    name, parameters = (
        getattr(rule, "__name__", "rule"),
        list(inspect.signature(rule).parameters.values()),
    )
    given = ", ".join(str(p) for p in parameters)
    head, tail = parameters[:3], parameters[3:]
    if [p.name for p in head] not in (["t", "x", "g"], ["t", "x", "f"]) or any(
        p.kind is not p.POSITIONAL_OR_KEYWORD for p in head
    ):
        raise TypeError(f"{name}({given}) is no update rule: {shape}.")
    memory, knobs = {}, {}
    for p in tail:
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            raise TypeError(f"{name}({given}) hides its parameters behind {p}: {shape}.")
        if p.kind is p.KEYWORD_ONLY:
            knobs[p.name] = p.default
        elif p.default is p.empty:
            raise TypeError(
                f"{name}({given}): the memory {p.name!r} needs an initial value, as in "
                f"{p.name}=0; {shape}."
            )
        elif p.name in LIMITS:
            raise TypeError(
                f"{name}({given}): {p.name!r} stands where memory stands; put a * in "
                f"front of the knobs: (t, x, {head[2].name}, *, {p})."
            )
        else:
            memory[p.name] = p.default
    return Optimizer(rule, head[2].name == "f", memory, knobs)


def check_knob(opt, name, value):
    """Return the value of a knob, checked where the knob is a number and no schedule."""
    number = (
        opt.knobs[name] is inspect.Parameter.empty
        or isinstance(opt.knobs[name], int | float)
        or callable(opt.knobs[name])
    )
    if hasattr(value, "transforms_gradients"):
        raise TypeError(
            f"{opt.name}({name}={value!r}): a transform of the gradient stands in front, without a "
            f"name, as in {opt.name}({value!r}, {name}=…)."
        )
    if callable(value) or not (number or isinstance(opt.knobs[name], np.ndarray)):
        return value
    return check_number(opt.name, name, value)


def check_number(owner, name, value):
    """Return value, a list turned into an array, or say what is wrong with it."""
    number = np.asarray(value)
    if number.dtype.kind not in "biuf":
        raise TypeError(
            f"{owner}({name}={value!r}): {name} must be a number, an array of numbers for a sweep, "
            "or a schedule (a function of the step)."
        )
    low, high = LIMITS.get(name, (-np.inf, np.inf))
    if not np.all(np.isfinite(number)) or np.any(number < low) or np.any(number > high):
        limits = f" between {low:g} and {high:g}" if high < np.inf else f", {low:g} or more"
        hint = " To climb instead of descending, use ascend." if name == "lr" else ""
        raise ValueError(
            f"{owner}({name}={brief(value)}): {name} must be finite"
            f"{limits if name in LIMITS else ''}.{hint}"
        )
    return number.astype(float) if number.ndim else number.item()


def brief(value):
    """Return a short text for a knob's value; arrays by their shape."""
    if isinstance(value, np.ndarray):
        return f"<{' x '.join(map(str, value.shape))} values>"
    if inspect.isfunction(value):
        return f"<{value.__name__}>"
    return f"{value:g}" if isinstance(value, float) else repr(value)
