// Frames: where to find the one with these values, as frames.py keeps them.

const keyOf = (value) => JSON.stringify(value);

class Book {
  constructor(spec, bytes) {
    this.sweeps = spec.sweeps;
    this.places = {}; // by control: the number of each value
    for (const { name, values } of spec.controls)
      this.places[name] = new Map(values.map((value, i) => [keyOf(value), i]));
    this.lists = Object.fromEntries(spec.controls.map((c) => [c.name, c.values]));
    this.blocks = [];
    this.add(spec.blocks, bytes);
    this.first = [...this.blocks];
    this.complete = this.sweeps.every((names, i) =>
      this.blocks.some((block) => block.sweep === i && block.axes.length === names.length));
  }

  // Put blocks in front of those that are there; the oldest that came later than the first are dropped.
  add(told, bytes) {
    const start = bytes.byteOffset ?? 0;
    const buffer = bytes.buffer ?? bytes;
    const whole = buffer.slice(start, start + bytes.byteLength); // aligned
    for (const { sweep, axes, fixed, arrays } of told) {
      const data = {};
      for (const [name, [at, shape, type, texts]] of Object.entries(arrays)) {
        const size = shape.reduce((a, b) => a * b, 1);
        const Numbers = type === "uint8" ? Uint8Array : Float32Array;
        data[name] = { values: new Numbers(whole, at, size), shape, each: size / shape[0], texts };
      }
      this.blocks.unshift({ sweep, axes, fixed, data });
    }
    const first = this.first?.length ?? 0;
    if (first && this.blocks.length > first + 400) this.blocks.splice(400, this.blocks.length - first - 400);
  }

  row(block, values) {
    for (const name in block.fixed)
      if (keyOf(values[name]) !== keyOf(block.fixed[name])) return -1;
    let row = 0;
    for (const name of block.axes) {
      const place = this.places[name].get(keyOf(values[name]));
      if (place === undefined) return -1;
      row = row * this.places[name].size + place;
    }
    return row;
  }

  find(sweep, values) {
    for (const block of this.blocks) {
      if (block.sweep !== sweep) continue;
      const row = this.row(block, values);
      if (row >= 0) return { block, row };
    }
    return null;
  }

  missing(values) {
    return this.sweeps.map((_, i) => i).filter((i) => !this.find(i, values));
  }

  // The values nearest to these, with the control in hand as it is, for which there are frames.
  snapped(values, hand) {
    const near = { ...values };
    for (const i of this.missing(values)) {
      const mine = this.first.filter((block) => block.sweep === i);
      const block = mine.find((b) => b.axes.includes(hand)) ?? mine[0];
      if (!block) continue;
      Object.assign(near, block.fixed);
      for (const name of block.axes)
        if (!this.places[name].has(keyOf(near[name]))) near[name] = this.nearest(name, near[name]);
    }
    return near;
  }

  nearest(name, [x, y]) {
    const far = (p) => (p[0] - x) ** 2 + (p[1] - y) ** 2;
    return this.lists[name].reduce((best, p) => (far(p) < far(best) ? p : best));
  }
}
