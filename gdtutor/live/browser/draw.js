// Actors on a canvas, in pixels of the figure; what they look like is read off matplotlib's artists.

const FAR = 1e6; // no number goes farther, in pixels

// Return functions that turn data into pixels, and back.
function placing({ box: [left, top, width, height], x, y }) {
  const turn = (log) => (log ? Math.log10 : Number);
  const back = (log) => (log ? (v) => 10 ** v : Number);
  const axis = ([low, high, log], from, length) => {
    const f = turn(log), a = f(low), b = f(high);
    return {
      to: (v) => Math.max(-FAR, Math.min(FAR, from + ((f(v) - a) / (b - a)) * length)),
      from: (p) => back(log)(a + ((p - from) / length) * (b - a)),
    };
  };
  const across = axis(x, left, width), up = axis(y, top + height, -height);
  return { x: across.to, y: up.to, dataX: across.from, dataY: up.from, box: [left, top, width, height] };
}

const MARKS = {
  o: (c, r) => c.arc(0, 0, r, 0, 7),
  ".": (c, r) => c.arc(0, 0, r / 2, 0, 7),
  s: (c, r) => c.rect(-r, -r, 2 * r, 2 * r),
  "^": (c, r) => corners(c, [[0, -r], [r, r], [-r, r]]),
  v: (c, r) => corners(c, [[0, r], [r, -r], [-r, -r]]),
  D: (c, r) => corners(c, [[0, -1.41 * r], [1.41 * r, 0], [0, 1.41 * r], [-1.41 * r, 0]]),
  d: (c, r) => corners(c, [[0, -1.41 * r], [0.85 * r, 0], [0, 1.41 * r], [-0.85 * r, 0]]),
  P: (c, r) => corners(c, plus(r)),
  X: (c, r) => corners(c, plus(r).map(([x, y]) => [0.8 * (x - y), 0.8 * (x + y)])),
  "*": (c, r) => corners(c, [...Array(10).keys()].map((i) => {
    const far = i % 2 ? 0.38 * r : r;
    return [far * Math.sin((i * Math.PI) / 5), -far * Math.cos((i * Math.PI) / 5)];
  })),
  "+": (c, r) => strokes(c, [[-r, 0, r, 0], [0, -r, 0, r]]),
  x: (c, r) => strokes(c, [[-r, -r, r, r], [-r, r, r, -r]]),
  "|": (c, r) => strokes(c, [[0, -r, 0, r]]),
  _: (c, r) => strokes(c, [[-r, 0, r, 0]]),
};

function plus(r) {
  const t = r / 3;
  return [[-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t],
    [-r, -t], [-t, -t]];
}

function corners(c, points) {
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}

function strokes(c, lines) {
  for (const [a, b, d, e] of lines) { c.moveTo(a, b); c.lineTo(d, e); }
}

// Trace rows of points from one to another; a gap, or a number that has no place, lifts the pen. What is far
// outside is left out: a dashed line to the end of the world would keep the browser busy.
function trace(c, rows, from, to, place, stepped) {
  const [left, top, wide, tall] = place.box, room = 60;
  const low = [left - room, top - room], high = [left + wide + room, top + tall + room];
  let x0 = NaN, y0 = NaN, pen = null; // where the pen is down, or null
  const line = (x, y) => {
    const part = inside([x0, y0], [x, y], low, high);
    if (part) {
      const [[ax, ay], [bx, by]] = part;
      if (!pen || pen[0] !== ax || pen[1] !== ay) c.moveTo(ax, ay);
      c.lineTo(bx, by);
    }
    pen = part && part[1];
    x0 = x; y0 = y;
  };
  for (let i = from; i < to; i++) {
    const x = place.x(rows[2 * i]), y = place.y(rows[2 * i + 1]);
    if (Number.isFinite(x0 + y0 + x + y)) {
      if (stepped) line(x, y0);
      line(x, y);
    } else { x0 = x; y0 = y; pen = null; }
  }
}

// The part of a straight line that lies in a box (Liang & Barsky 1984), or null.
function inside(a, b, low, high) {
  let begin = 0, end = 1;
  for (const k of [0, 1]) {
    const way = b[k] - a[k];
    for (const [p, q] of [[-way, a[k] - low[k]], [way, high[k] - a[k]]]) {
      if (p === 0 && q < 0) return null;
      if (p < 0) begin = Math.max(begin, q / p);
      else if (p > 0) end = Math.min(end, q / p);
    }
  }
  if (begin > end) return null;
  const at = (share) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  return [begin === 0 ? a : at(begin), end === 1 ? b : at(end)];
}

// Whether a mark there could be seen.
function near(x, y, { box: [left, top, wide, tall] }) {
  return x > left - 60 && x < left + wide + 60 && y > top - 60 && y < top + tall + 60;
}

function mark(c, style, x, y, size, fill, edge) {
  c.save();
  c.translate(x, y);
  c.beginPath();
  MARKS[style](c, size / 2);
  const line = "+x|_".includes(style);
  if (fill && !line) { c.fillStyle = fill; c.fill(); }
  if (edge) { c.strokeStyle = edge; c.stroke(); }
  c.restore();
}

const PAINT = {
  line(c, style, rows, n, place, { fade }) {
    if (style.width) {
      c.lineJoin = c.lineCap = "round";
      const pen = (color, width, dashes, from, to) => {
        c.strokeStyle = color; c.lineWidth = width; c.setLineDash(dashes);
        c.lineCap = dashes.length ? "butt" : "round";
        c.beginPath(); trace(c, rows, from, to, place, style.steps); c.stroke();
      };
      if (style.halo) {
        c.globalAlpha = (fade ? 0.4 : 0.8) * style.alpha;
        pen(style.halo[1], Math.max(style.halo[0], style.width + 2), [], 0, n);
      }
      const parts = fade ? Math.min(12, Math.max(n - 1, 1)) : 1;
      for (let k = 0; k < parts; k++) {
        c.globalAlpha = style.alpha * (parts > 1 ? 0.3 + (0.7 * (k + 1)) / parts : 1);
        const from = Math.floor((k * (n - 1)) / parts), to = Math.floor(((k + 1) * (n - 1)) / parts) + 1;
        pen(style.color, style.width, style.dashes, from, parts > 1 ? to : n);
      }
      c.setLineDash([]);
    }
    if (style.marker) {
      c.lineWidth = style.rim;
      let before = [FAR, FAR];
      for (let i = 0; i < n; i++) {
        c.globalAlpha = style.alpha * (fade ? 0.3 + (0.7 * (i + 1)) / n : 1);
        const x = place.x(rows[2 * i]), y = place.y(rows[2 * i + 1]);
        // Where marks are dense, their rims would cover them.
        const close = Math.hypot(x - before[0], y - before[1]) < 0.7 * style.size;
        if (!near(x, y, place) || (close && i < n - 1)) continue;
        before = [x, y];
        mark(c, style.marker, x, y, style.size, style.fill, style.rim && style.edge);
      }
    }
  },
  points(c, style, rows, n, place) {
    c.lineWidth = style.rim;
    for (let i = 0; i < n; i++) {
      const x = place.x(rows[2 * i]), y = place.y(rows[2 * i + 1]);
      const of = (list) => list[i % list.length];
      if (near(x, y, place))
        mark(c, "o", x, y, of(style.sizes), of(style.fills), style.rim && of(style.edges));
    }
  },
  arrows(c, style, rows, n, place) {
    for (let i = 0; i < n; i++) {
      const [x, y, u, v] = rows.subarray(4 * i, 4 * i + 4);
      const a = place.x(x), b = place.y(y), dx = place.x(x + u) - a, dy = place.y(y + v) - b;
      const length = Math.hypot(dx, dy);
      if (!Number.isFinite(length) || length < 0.5) continue;
      // A short arrow is a small one.
      const [headWide, headLong, neckLong] = style.head.map((part) => part * style.width *
        Math.min(1, length / (style.head[1] * style.width)));
      const half = Math.min(style.width, headWide) / 2, wide = headWide / 2, neck = length - neckLong;
      c.save();
      c.translate(a, b); c.rotate(Math.atan2(dy, dx));
      c.beginPath();
      corners(c, [[0, -half], [neck, -half], [length - headLong, -wide], [length, 0],
        [length - headLong, wide],
        [neck, half], [0, half]]);
      if (style.halo) { c.strokeStyle = style.halo[1]; c.lineWidth = 2; c.stroke(); }
      c.fillStyle = style.colors[i % style.colors.length];
      c.fill();
      c.restore();
    }
  },
  bars(c, style, rows, n, place) {
    c.lineWidth = style.rim;
    for (let i = 0; i < n; i++) {
      const [x, width, bottom] = style.bars[i];
      const left = place.x(x), right = place.x(x + width);
      // On a logarithmic axis 0 is nowhere: such a bar stands on the frame.
      const nowhere = place.box[1] + place.box[3] + FAR;
      const foot = Number.isFinite(place.y(bottom)) ? place.y(bottom) : nowhere;
      const top = place.y(bottom + rows[i]);
      if (!Number.isFinite(top)) continue;
      const box = [left, Math.min(foot, top), right - left, Math.abs(foot - top)];
      if (style.fills[i]) { c.fillStyle = style.fills[i]; c.fillRect(...box); }
      if (style.hatched[i]) hatch(c, box, style.edges[i]);
      if (style.rim && style.edges[i]) { c.strokeStyle = style.edges[i]; c.strokeRect(...box); }
    }
  },
  band(c, style, rows, n, place) {
    c.fillStyle = style.fill;
    c.beginPath();
    let begin = 0;
    const [, top, , tall] = place.box;
    const level = (value) => Math.max(top - 60, Math.min(top + tall + 60, place.y(value)));
    for (let i = 0; i <= n; i++) {
      if (i < n && Number.isFinite(place.y(rows[3 * i + 1]) + place.y(rows[3 * i + 2]))) continue;
      for (let k = begin; k < i; k++)
        c[k === begin ? "moveTo" : "lineTo"](place.x(rows[3 * k]), level(rows[3 * k + 1]));
      for (let k = i - 1; k >= begin; k--) c.lineTo(place.x(rows[3 * k]), level(rows[3 * k + 2]));
      begin = i + 1;
    }
    c.fill();
  },
  image(c, style, rows, n, place, { shape: [tall, wide], scratch }) {
    scratch.width = wide; scratch.height = tall;
    const pen = scratch.getContext("2d"), pixels = pen.createImageData(wide, tall);
    for (let i = 0; i < rows.length; i++) pixels.data.set(style.palette[rows[i]], 4 * i);
    pen.putImageData(pixels, 0, 0);
    const [low, high, first, last] = style.extent;
    const left = place.x(low), right = place.x(high), a = place.y(first), b = place.y(last);
    c.imageSmoothingEnabled = style.smooth;
    c.save();
    c.translate(left, Math.min(a, b));
    // The first row is at the bottom, unless the image has its origin above.
    if (!style.upside_down) { c.translate(0, Math.abs(a - b)); c.scale(1, -1); }
    c.drawImage(scratch, 0, 0, right - left, Math.abs(a - b));
    c.restore();
  },
  text(c, style, rows, n, place, { said }) {
    const x = place.x(rows[0]) + style.offset[0], y = place.y(rows[1]) - style.offset[1];
    if (!Number.isFinite(x + y)) return;
    c.font = `${style.weight} ${style.size}px "DejaVu Sans", Verdana, sans-serif`;
    c.textAlign = style.across;
    c.textBaseline = { top: "top", bottom: "bottom", center: "middle", baseline: "alphabetic",
      center_baseline: "middle" }[style.up];
    if (style.halo) {
      c.lineJoin = "round"; c.lineWidth = style.halo[0]; c.strokeStyle = style.halo[1];
      c.strokeText(said, x, y);
    }
    c.fillStyle = style.color;
    c.fillText(said, x, y);
  },
};

function hatch(c, [x, y, width, height], color) {
  c.save();
  c.beginPath(); c.rect(x, y, width, height); c.clip();
  c.strokeStyle = color; c.lineWidth = 1;
  c.beginPath();
  for (let k = -height; k < width; k += 7) { c.moveTo(x + k, y + height); c.lineTo(x + k + height, y); }
  c.stroke();
  c.restore();
}

// Draw one actor as it is at this step.
function paint(c, actor, frame, step, steps, place, extra) {
  let { rows, shape } = frame;
  if (actor.how === "step") {
    const each = rows.length / steps;
    rows = rows.subarray(step * each, (step + 1) * each);
    shape = shape.slice(1);
  }
  const width = { line: 2, points: 2, arrows: 4, bars: 1, band: 3, text: 2, image: 1 }[actor.kind];
  let n = rows.length / width;
  if (actor.how === "trail") n -= steps - 1 - step;
  c.save();
  const style = extra.style;
  if (style.clip) {
    const [left, top, wide, tall] = place.box;
    c.beginPath(); c.rect(left, top, wide, tall); c.clip();
  }
  c.globalAlpha = style.alpha;
  PAINT[actor.kind](c, style, rows, Math.max(n, 0), place, { ...extra, fade: actor.fade, shape });
  c.restore();
}
