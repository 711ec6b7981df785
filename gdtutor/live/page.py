"""A live figure as a web page of its own: one file that needs no kernel, no server and no network.

    live.descent_on_curve(parabola).save("walk.html")

The page holds the program, the scenery in both lights and the frames; what stands in for the
widget's model is ten lines of JavaScript. Where a figure has more settings than frames, it snaps to
the nearest.
"""

import base64
import html
import json

PAGE = """<!doctype html>
<html lang="en" data-gdt="page">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0; padding: 12px; background: #ffffff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #15191d; }} }}
{look}
</style>
<main id="figure"></main>
<noscript><img src="data:image/png;base64,{still}" alt="{title}" style="max-width: 100%"></noscript>
<script type="application/json" id="state">{state}</script>
<script type="module">
{program}
const state = JSON.parse(document.getElementById("state").textContent, (name, value) =>
  value?.base64 === undefined ? value
    : new DataView(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer));
const heard = {{}};
const model = {{
  get: (name) => state[name], set(name, value) {{ state[name] = value; (heard["change:" + name] ??
  []).forEach((act) => act()); }}, on: (event, act) => (heard[event] ??= []).push(act), off() {{}},
  save_changes() {{}}, send() {{}},
}};
render({{ model, el: document.getElementById("figure") }});
</script>
</html>
"""


def page(state, still, alt, program, look):
    """Return the page as a text.

    Parameters
    ----------
    state : dict
        Of the widget, by trait.
    still : str
        What is shown where no program runs, a PNG in base64.
    alt, program, look : str
    """
    coded = json.dumps(state, default=lambda data: {"base64": base64.b64encode(data).decode()})
    return PAGE.format(
        title=html.escape(alt, quote=True),
        look=look,
        still=still,
        program=program,
        state=coded.replace("</", "<\\/"),
    )
