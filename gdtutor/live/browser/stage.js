// A live figure in the browser: the scenery, the actors on canvases above it, the controls, the words.

function render({ model, el }) {
  const spec = model.get("spec");
  const book = new Book(spec, model.get("frames"));
  const places = spec.axes.map(placing);
  const controls = {}, canvases = [], handles = [], lastFrames = {};
  let values = { ...model.get("values") };
  let hand = null; // the control that was moved last
  let kernel = false; // whether one has answered
  const pages = spec.actors.some((actor) => actor.kind === "page");
  let waiting = null, asked = 0, settling = null, announcing = null, problem = "";
  let aside = ""; // said where the frame for the setting isn't there (yet)

  // ------------------------------------------------------------------ the page
  const root = make("div", { class: "gdt", role: "group",
    "aria-label": pages ? `live figure: ${spec.alt}` : "live figure" });
  const figure = make("div", { class: "gdt-figure" });
  const [width, height] = spec.size;
  const images = [];
  for (const [left, right] of spec.tiles) {
    const tile = make("div", { class: "gdt-tile" });
    tile.style.flex = `${right - left} 1 ${0.7 * (right - left)}px`; // it may shrink a little before it wraps
    tile.style.maxWidth = `${1.1 * (right - left)}px`;
    tile.style.aspectRatio = `${right - left} / ${height}`;
    const image = make("img", { alt: images.length ? "" : spec.alt, draggable: "false" });
    image.style.width = `${(100 * width) / (right - left)}%`;
    image.style.left = `${(-100 * left) / (right - left)}%`;
    const canvas = make("canvas", { "aria-hidden": "true" });
    tile.append(image, canvas);
    figure.append(tile);
    images.push(image);
    canvases.push({ tile, canvas, pen: canvas.getContext("2d"), left, right, scale: 1 });
  }
  const line = make("div", { class: "gdt-line", "aria-hidden": "true" });
  const aloud = make("div", { class: "gdt-unseen", role: "status", "aria-live": "polite" });
  const goal = spec.goal && make("div", { class: "gdt-goal", role: "status" });
  const panel = make("div", { class: "gdt-panel" });
  for (const control of spec.controls) {
    const made = CONTROLS[control.kind](control, (value) => move({ [control.name]: value }, control.name));
    controls[control.name] = made;
    panel.append(made.element);
  }
  if (spec.presets.length)
    panel.append(make("div", { class: "gdt-presets", role: "group", "aria-label": "presets" },
      ...spec.presets.map(([label, preset]) =>
        make("button", { type: "button", onclick: () => move(preset, Object.keys(preset)[0]) }, label))));
  const cells = [];
  const table = spec.table && tableOf(spec.table, cells);
  root.append(figure, line, aloud, ...(goal ? [goal] : []), ...(table ? [table] : []), panel);
  el.append(root);

  // ------------------------------------------------------------------ frames and their numbers
  function frameOf(sweep) {
    const found = book.find(sweep, values);
    if (found) lastFrames[sweep] = found;
    return found ?? lastFrames[sweep];
  }

  function dataOf(name, sweep) {
    const found = frameOf(sweep);
    const data = found?.block.data[name];
    if (!data) return null;
    const { row } = found;
    return { ...data, rows: data.values.subarray(row * data.each, (row + 1) * data.each),
      shape: data.shape.slice(1) };
  }

  function valueOf(name) {
    if (name in values) return values[name];
    for (let sweep = 0; sweep < book.sweeps.length; sweep++) {
      const data = dataOf(name, sweep);
      if (!data) continue;
      const value = data.rows[data.shape.length && spec.steps > 1 ? values.step : 0];
      return data.texts ? data.texts[value] : value;
    }
    return undefined;
  }

  function complaint() {
    for (let sweep = 0; sweep < book.sweeps.length; sweep++) {
      const data = dataOf("problem", sweep);
      const text = data?.texts?.[data.rows[0]];
      if (text) return text;
    }
    return problem;
  }

  // ------------------------------------------------------------------ drawing
  const scratch = document.createElement("canvas");
  let theme = "light", announced = "";

  function draw() {
    for (const { pen, canvas, left, right, scale } of canvases) {
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.setTransform(scale, 0, 0, scale, -left * scale, 0);
      if (pages) { turn(pen); continue; }
      for (const actor of spec.actors) {
        const place = places[actor.axes], middle = place.box[0] + place.box[2] / 2;
        if (middle < left || middle > right || actor.sweep === null) continue;
        const frame = dataOf(actor.source, actor.sweep);
        if (!frame) continue;
        const said = actor.template && say(actor.template, valueOf);
        paint(pen, actor, frame, values.step ?? 0, spec.steps, place,
          { style: theme === "dark" ? model.get("night").styles[actor.name] : actor.style, scratch, said });
      }
    }
    const wrong = complaint();
    write(line, wrong || say(spec.words, valueOf) + aside);
    announce();
    line.classList.toggle("gdt-wrong", Boolean(wrong));
    if (goal) showGoal();
    if (table) {
      const { rows } = tableData();
      cells.forEach(([cell, format], i) => write(cell, numberText(rows[i], format)));
    }
    handles.forEach((handle) => handle.show());
  }

  // A picture as a whole, where a frame is one: it is decoded once, and kept for a while.
  let page = null, turned = [];
  function turn(pen) {
    const data = dataOf("page", 0);
    if (data) {
      const of = book.find(0, values)?.block.data.page;
      if (of?.bitmap) page = of.bitmap;
      else if (of && !of.decoding) {
        of.decoding = createImageBitmap(new Blob([of.values], { type: "image/png" })).then((bitmap) => {
          of.bitmap = bitmap; of.decoding = null;
          turned.push(of);
          if (turned.length > 40) { const old = turned.shift(); if (old.bitmap !== page) old.bitmap = null; }
          draw();
        });
      }
    }
    if (page) pen.drawImage(page, 0, 0, width, height);
  }

  // Read aloud what the line says, once it has come to rest.
  function announce() {
    if (line.textContent === announced) return;
    announced = line.textContent;
    clearTimeout(announcing);
    announcing = setTimeout(() => { aloud.textContent = line.textContent; }, 400);
  }

  function tableData() {
    for (let sweep = 0; sweep < book.sweeps.length; sweep++) {
      const data = dataOf(spec.table.cells, sweep);
      if (data) return data;
    }
    return { rows: [] };
  }

  let reached = "";
  function showGoal() {
    if (!reached && valueOf(spec.goal[1])) {
      // What made the difference: choices first.
      const made = spec.controls.filter((c) =>
        c.kind !== "scrubber" && keyOf(values[c.name]) !== keyOf(c.value));
      const order = ["choice", "switch", "slider", "point"];
      made.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      reached = "reached" + (made.length ? " with " : "") + made.map((c) =>
        `${c.label} ${numberText(values[c.name], c.format)}`).join(", ");
    }
    const text = `${reached ? "✓" : "○"} Goal: ${spec.goal[0]}${reached ? " — " + reached : ""}`;
    write(goal, text);
    goal.classList.toggle("gdt-reached", Boolean(reached));
  }

  // ------------------------------------------------------------------ moving
  function move(changes, name) {
    values = { ...values, ...changes };
    hand = name;
    problem = aside = "";
    if (!book.complete && book.missing(values).length) {
      if (kernel) ask();
      else {
        values = book.snapped(values, hand);
        aside = " (no kernel: the nearest picture that is kept)";
      }
    }
    for (const key of Object.keys(controls)) if (key in changes || !kernel) controls[key].show(values[key]);
    draw();
    model.set("values", values);
    clearTimeout(settling);
    settling = setTimeout(settle, 400);
  }

  // When a control has come to rest: let the kernel know, and fetch what may be touched next.
  function settle() {
    try { model.save_changes(); } catch { /* no kernel, no need */ }
    if (kernel && !book.complete && !waiting) ahead();
  }

  function adopt() {
    const now = model.get("values");
    if (now === values) return;
    values = { ...now };
    problem = aside = "";
    for (const key in controls) controls[key].show(values[key]);
    if (!book.complete && kernel && book.missing(values).length) ask();
    draw();
  }

  // ------------------------------------------------------------------ the kernel
  function send(message) {
    try { model.send(message); } catch { kernel = false; }
  }

  function request(sweeps, at, along) {
    waiting = ++asked;
    send({ ask: waiting, values: at, sweeps, along });
    const mine = waiting;
    setTimeout(() => { // a slow function, a busy kernel, or none any more
      if (waiting !== mine || !book.missing(values).length) return;
      aside = " (waiting for the kernel)";
      draw();
    }, 1500);
  }

  function ask() {
    if (waiting) return; // one question at a time: the next is about where the control is by then
    const kind = spec.controls.find((c) => c.name === hand)?.kind;
    request(book.missing(values), values, kind === "point" || pages ? [] : [hand]);
  }

  // Fetch the frames along the other controls, so that they answer at once when touched.
  function ahead() {
    if (pages) return nextPage();
    for (const { name, kind } of spec.controls) {
      if (kind === "scrubber" || kind === "point") continue;
      const sweeps = book.sweeps.map((_, i) => i).filter((i) => book.sweeps[i].includes(name) &&
        !book.blocks.some((b) => b.sweep === i && b.axes.includes(name) && book.row(b, values) >= 0));
      if (sweeps.length) return request(sweeps, values, [name]);
    }
  }

  function nextPage() {
    const control = spec.controls.find((c) => c.name === (hand ?? spec.controls[0].name));
    const here = control.values.indexOf(values[control.name]);
    const near = control.values.map((value, i) => [Math.abs(i - here), value]).sort((a, b) => a[0] - b[0]);
    for (const [, value] of near.slice(0, 60)) {
      const there = { ...values, [control.name]: value };
      if (!book.find(0, there)) return request([0], there, []);
    }
  }

  model.on("msg:custom", (message, buffers) => {
    if (message.hello) {
      kernel = true;
      if (book.missing(values).length) ask();
      else if (pages) ahead();
      return;
    }
    if (message.answer === undefined) return;
    kernel = true;
    if (message.answer === waiting) waiting = null;
    problem = message.problem ?? "";
    aside = "";
    if (message.blocks.length) book.add(message.blocks, buffers[0]);
    draw();
    if (!problem && book.missing(values).length) ask();
    else if (!waiting) ahead();
  });
  model.on("change:values", adopt);
  if (!book.complete) send({ hello: true });

  // ------------------------------------------------------------------ the pointer
  const parts = { spec, places, canvases, dataOf, move, values: () => values, kernel: () => kernel };
  for (const [name, moves] of spec.drag) handles.push(handleOf(parts, name, moves));

  // ------------------------------------------------------------------ light, size
  function relight() {
    const body = document.body;
    const told = body.dataset.jpThemeLight ?? document.documentElement.dataset.jpThemeLight;
    const dark = told !== undefined ? told === "false"
      : body.classList.contains("vscode-dark") || document.documentElement.getAttribute("theme") === "dark" ||
        (document.documentElement.dataset.gdt === "page" && matchMedia("(prefers-color-scheme: dark)").matches);
    const night = model.get("night");
    if (dark && !night.scenery && !pages) send({ night: true });
    const now = dark && night.scenery ? "dark" : "light";
    if (root.dataset.theme === now) return;
    theme = now;
    root.dataset.theme = now;
    if (pages) images[0].style.display = "none"; // its pictures are whole
    const url = URL.createObjectURL(new Blob([now === "dark" ? night.scenery : model.get("scenery")], { type: "image/png" }));
    for (const image of images) image.src = url;
    images[0].addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    draw();
  }

  function fit() {
    for (const stage of canvases) {
      const wide = stage.tile.clientWidth;
      if (!wide) continue;
      const density = Math.max(window.devicePixelRatio || 1, 1);
      stage.scale = (wide / (stage.right - stage.left)) * density;
      stage.canvas.width = Math.round(wide * density);
      stage.canvas.height = Math.round(height * stage.scale);
    }
    draw();
  }

  const sizes = new ResizeObserver(fit);
  canvases.forEach(({ tile }) => sizes.observe(tile));
  const lights = new MutationObserver(relight);
  for (const node of [document.body, document.documentElement])
    lights.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "theme"] });
  const sky = matchMedia("(prefers-color-scheme: dark)");
  sky.addEventListener("change", relight);
  model.on("change:night", relight);
  for (const key in controls) controls[key].show(values[key]);
  fit();
  relight();
  return () => {
    sizes.disconnect();
    lights.disconnect();
    sky.removeEventListener("change", relight);
    clearTimeout(settling);
    clearTimeout(announcing);
    Object.values(controls).forEach((control) => control.stop?.());
    model.off("change:values", adopt);
    model.off("change:night", relight);
  };
}

export default { render };
