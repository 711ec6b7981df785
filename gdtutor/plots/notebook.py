"""Showing a figure in a notebook: pixels for some, words for others.

A picture reaches a notebook as image/png. JupyterLab's renderer knows its width and height and no
alternative text, so that a screen reader would find an image without a name; therefore the words
follow as a line of their own that only screen readers see. Where a front end has a place for
alternative text (nbconvert's classic template, for one), they are in the picture's metadata as
well.
"""

import base64
import html
import io
import sys

import matplotlib
from PIL import Image

from .style import DPI

UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden"


def show(fig, alt):
    """Display a figure in the notebook, with its message in words.

    The picture is a PNG of twice the pixel density. Its `text/plain` is the alt text, the same in
    every run, so that notebooks can be tested by comparing outputs. A figure of pyplot's is closed.

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
    pixels = picture(fig)
    close(fig)
    show_in_notebook(pixels, fig, alt)


def show_in_notebook(pixels, fig, alt, more=()):
    """Display a picture (a PNG in base64) of a figure in the notebook; `more` is what goes with it."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:  # a script: words are all it can show
        print(alt)
        return
    width, height = (round(DPI * inches) for inches in fig.get_size_inches())
    facts = {"alt": alt, "width": width, "height": height}
    data = {"image/png": pixels, "text/plain": alt} | dict(more)
    display(data, metadata={"image/png": facts}, raw=True)
    words = f'<p style="{UNSEEN}">Figure: {html.escape(alt)}</p>'
    display({"text/html": words}, raw=True)


def picture(fig):
    """Return the figure as a PNG in base64, of 256 colours: far smaller, and no less clear."""
    return base64.b64encode(png(fig, colours=256)).decode()


def png(fig, colours=None):
    """Return the figure as a PNG of twice the pixel density.

    With fewer colours it is smaller, and takes a twentieth of a second longer.
    """
    pixels, file = io.BytesIO(), io.BytesIO()
    with matplotlib.rc_context({"savefig.bbox": None}):  # some styles cut the margins off
        fig.savefig(pixels, format="raw", dpi=2 * DPI, facecolor=fig.get_facecolor())
    size = tuple(int(2 * DPI * inches) for inches in fig.get_size_inches())
    image = Image.frombuffer("RGBA", size, pixels.getvalue()).convert("RGB")
    if colours is None:
        image.save(file, format="png", compress_level=1)
    else:
        image.quantize(colours, dither=Image.Dither.NONE).save(file, format="png")
    return file.getvalue()


def close(fig):
    """Close the figure in pyplot, if pyplot is there and has it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
