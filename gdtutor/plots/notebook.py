"""Showing a figure in a notebook: pixels for some, words for others.

A picture reaches a notebook as image/png. JupyterLab's renderer knows its width and height and no
alternative text, so that a screen reader would find an image without a name; therefore the words follow
as a line of their own that only screen readers see. Where a front end has a place for alternative text
(nbconvert's classic template, for one), they are in the picture's metadata as well.
"""

import base64
import html
import io
import sys

from PIL import Image

from .style import DPI

UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden"


def show(fig, alt):
    """Display a figure in the notebook, with its message in words.

    The picture is a PNG of twice the pixel density. Its `text/plain` is the alt text, the same in every
    run, so that notebooks can be tested by comparing outputs. A figure of pyplot's is closed.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure says, for those who don't see it: "With lr = 1.1 every step lands farther
        away", and not "a plot of x against steps".

    Raises
    ------
    ValueError
        If there is no alt text.

    Examples
    --------
    >>> from gdtutor.plots import figure
    >>> show(figure()[0], alt="Empty axes: nothing has happened yet.")
    Empty axes: nothing has happened yet.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            f"show needs an alt text, one or two sentences that say what the figure shows: got {alt!r}."
        )
    alt = " ".join(alt.split())
    width, height = (round(DPI * inches) for inches in fig.get_size_inches())
    png = picture(fig)
    close(fig)
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:  # a script: words are all it can show
        print(alt)
        return
    facts = {"alt": alt, "width": width, "height": height}
    display({"image/png": png, "text/plain": alt}, metadata={"image/png": facts}, raw=True)
    words = f'<p style="{UNSEEN}">Figure: {html.escape(alt)}</p>'
    display({"text/html": words}, raw=True)


def picture(fig):
    """Return the figure as a PNG in base64, of 256 colours: far smaller, and no less clear."""
    pixels, png = io.BytesIO(), io.BytesIO()
    fig.savefig(pixels, format="png", dpi=2 * DPI, facecolor=fig.get_facecolor())
    image = Image.open(pixels).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(png, format="png", optimize=True)
    return base64.b64encode(png.getvalue()).decode()


def close(fig):
    """Close the figure in pyplot, if pyplot is there and has it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
