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
<script type="module">
{program}
const state = {state};
for (const name of ["scenery", "night", "frames"])
  state[name] = new DataView(Uint8Array.from(atob(state[name]), (c) => c.charCodeAt(0)).buffer);
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


def page(spec, values, pictures, alt, program, look):
    """Return the page as a text.

    Parameters
    ----------
    spec, values : dict
    pictures : dict of str to bytes
        "scenery", "night", "frames"; and "still", what is shown where no program runs.
    alt, program, look : str
    """
    coded = {name: base64.b64encode(data).decode() for name, data in pictures.items()}
    still = coded.pop("still")
    state = json.dumps({"spec": spec, "values": values, **coded}).replace("</", "<\\/")
    return PAGE.format(
        title=html.escape(alt, quote=True), look=look, still=still, program=program, state=state
    )
