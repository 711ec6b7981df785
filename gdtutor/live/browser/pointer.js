// A ring that a pointer drags, and arrow keys move: it takes hold of an actor and moves controls.

// Return the ring for the actor of this name; `moves` says which control it moves: { point: "start" }, or
// { x: "lr", y: "momentum" } for sliders. A click on the axes moves them, too.
function handleOf({ spec, places, canvases, dataOf, move, values, kernel }, name, moves) {
  const actor = spec.actors.find((a) => a.name === name);
  const place = places[actor.axes], [left, top, wide, tall] = place.box, [, height] = spec.size;
  const stage = canvases.find((c) => left + wide / 2 >= c.left && left + wide / 2 <= c.right);
  const lists = Object.fromEntries(spec.controls.map((c) => [c.name, c.values]));
  const control = moves.point ?? moves.x ?? moves.y;
  const { label, area } = spec.controls.find((c) => c.name === control);

  const nearest = (list, pixel, to) =>
    list.reduce((best, v) => (Math.abs(to(v) - pixel) < Math.abs(to(best) - pixel) ? v : best));

  // Move to a place in pixels of the figure.
  function to(px, py) {
    const changes = {};
    if (moves.point) {
      const [[x0, y0], [x1, y1]] = area;
      changes[moves.point] = [clamp(place.dataX(px), x0, x1), clamp(place.dataY(py), y0, y1)]
        .map((v) => Number(v.toPrecision(6)));
    }
    if (moves.x) changes[moves.x] = nearest(lists[moves.x], px, place.x);
    if (moves.y) changes[moves.y] = nearest(lists[moves.y], py, place.y);
    move(changes, control);
  }

  // Where the actor is, in pixels of the figure.
  function at() {
    const data = dataOf(actor.source, actor.sweep);
    if (!data) return [left, top];
    const first = actor.how === "step" ? (data.rows.length / spec.steps) * values().step : 0;
    return [place.x(data.rows[first]), place.y(data.rows[first + 1])];
  }

  function pixel(event) {
    const box = stage.tile.getBoundingClientRect(), factor = (stage.right - stage.left) / box.width;
    return [stage.left + (event.clientX - box.left) * factor, (event.clientY - box.top) * factor];
  }

  function inside([x, y]) {
    return x >= left - 4 && x <= left + wide + 4 && y >= top - 4 && y <= top + tall + 4;
  }

  // One step of an arrow key: [1, 0] is to the right, [0, 1] down.
  function step(way, far) {
    if (moves.point) {
      const [px, py] = [place.x(values()[moves.point][0]), place.y(values()[moves.point][1])];
      if (kernel()) return to(px + way[0] * far * 0.01 * wide, py + way[1] * far * 0.01 * tall);
      // Without a kernel: on to the next point that is kept, straight ahead if possible.
      const next = lists[moves.point].map(([x, y]) => [place.x(x) - px, place.y(y) - py])
        .map(([dx, dy]) => ({ dx, dy, on: dx * way[0] + dy * way[1],
          off: Math.abs(dx * way[1]) + Math.abs(dy * way[0]) }))
        .filter(({ on }) => on > 1).sort((a, b) => a.on + 3 * a.off - b.on - 3 * b.off)[0];
      return next && to(px + next.dx, py + next.dy);
    }
    const axis = way[0] ? moves.x ?? moves.y : moves.y ?? moves.x;
    const list = lists[axis], by = (way[0] - way[1]) * (far > 1 ? 5 : 1);
    move({ [axis]: list[clamp(list.indexOf(values()[axis]) + by, 0, list.length - 1)] }, axis);
  }

  const ring = make("div", { ...OWN_KEYS, class: "gdt-handle", tabindex: 0, role: "slider",
    "aria-label": `${label}: drag, or move with the arrow keys`, "aria-valuemin": 0, "aria-valuemax": 100 });
  let held = false;
  ring.addEventListener("pointerdown", (event) => {
    held = true;
    ring.setPointerCapture(event.pointerId);
    ring.focus();
    event.preventDefault();
  });
  ring.addEventListener("pointermove", (event) => { if (held) to(...pixel(event)); });
  for (const end of ["pointerup", "pointercancel"]) ring.addEventListener(end, () => { held = false; });
  ring.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    step(way, event.shiftKey ? 10 : 1);
  });
  stage.canvas.addEventListener("click", (event) => { if (inside(pixel(event))) to(...pixel(event)); });
  stage.tile.append(ring);

  return {
    // Put the ring where the actor is.
    show() {
      const [x, y] = at(), on = Number.isFinite(x + y);
      ring.style.display = on ? "" : "none";
      if (!on) return;
      ring.style.left = `${(100 * (x - stage.left)) / (stage.right - stage.left)}%`;
      ring.style.top = `${(100 * y) / height}%`;
      const told = moves.point ? numberText(values()[moves.point])
        : [moves.x, moves.y].filter(Boolean).map((n) => `${n} ${numberText(values()[n], ".3g")}`).join(", ");
      ring.setAttribute("aria-valuetext", told);
      ring.setAttribute("aria-valuenow", Math.round((100 * (x - left)) / wide));
    },
  };
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}
