"""Numbers into words, the same in Python as in the browser.

A template is a text with names in braces, `"lr {lr:.2g}: step {step}, {verb}"`. A format is a sign
if wanted, a precision, and one of d f g e %. Minus signs are minus signs, infinity is ∞, nothing is
–. browser/wording.js does the same, and a test compares the two.
"""

import re
import string

import numpy as np

FORMAT = re.compile(r"(\+?)(?:\.(\d+))?([dfge%]?)")


def names_in(template):
    """Return the names in a template, or say what is wrong with it.

    Examples
    --------
    >>> names_in("lr {lr:.2g}: {verb}")
    ['lr', 'verb']
    """
    names = []
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion or not FORMAT.fullmatch(spec):
            raise ValueError(
                f"{template!r}: in braces stand a name and, if wanted, a format such as .2f, .3g, d or "
                f"%: got {name!r} with {spec!r}."
            )
        names.append(name)
    return names


def say(template, values):
    """Return the template with the values in it.

    Examples
    --------
    >>> say("x = {x:+.2f} after {step} steps: {verb}", {"x": -0.5, "step": 3.0, "verb": "creeps"})
    'x = −0.50 after 3 steps: creeps'
    >>> say("loss {a:.2g}, {b:.1e}, {c}", {"a": 1e-7, "b": float("inf"), "c": float("nan")})
    'loss 1e−7, ∞, –'
    """
    parts = []
    for text, name, spec, _ in string.Formatter().parse(template):
        parts.append(text)
        if name is not None:
            parts.append(number(values[name], spec))
    return "".join(parts)


def number(value, spec=""):
    """Return one value as a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "(" + ", ".join(number(v, spec or ".2f") for v in value) + ")"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    sign, digits, kind = FORMAT.fullmatch(spec).groups()
    kind = kind or ("d" if float(value).is_integer() and not digits else "g")
    if kind in "df" and abs(value) >= 1e15:  # nobody counts these digits
        digits, kind = None, "g"
    if kind == "d":
        text = f"{int(np.floor(float(value) + 0.5)):{sign}d}"  # a half goes up, as in the browser
    else:
        text = f"{float(value):{sign}.{digits or (3 if kind == 'g' else 2)}{kind}}"
    text = re.sub(r"e([+-])0*(\d)", lambda m: f"e{m[1].strip('+')}{m[2]}", text)
    return text.replace("-", "−")
