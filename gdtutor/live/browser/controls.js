// Controls: native ones, which a keyboard, a finger and a screen reader know how to use.

// A name for each element, for labels: every figure has a copy of this program, and no name twice.
const run = Math.random().toString(36).slice(2, 8);
let count = 0;
const newId = () => `gdt-${run}-${++count}`;

// Each returns { element, show(value) } and calls move(value) when a learner moves it.
const CONTROLS = {
  slider({ label, values, format }, move) {
    const id = newId();
    const input = make("input", {
      type: "range", id, min: 0, max: values.length - 1, step: 1,
      oninput: () => move(values[Number(input.value)]),
    });
    const output = make("span", { class: "gdt-value", "aria-hidden": "true" });
    const widest = Math.max(...values.map((value) => numberText(value, format).length));
    output.style.minWidth = `${widest}ch`; // nothing jumps
    return {
      element: make("div", { class: "gdt-control" }, make("label", { for: id }, label), input, output),
      show(value) {
        const text = numberText(value, format);
        input.value = values.indexOf(value);
        input.setAttribute("aria-valuetext", text);
        output.textContent = text;
      },
    };
  },

  choice({ label, values }, move) {
    const id = newId();
    const select = make("select", { id, onchange: () => move(select.value) },
      ...values.map((value) => make("option", { value }, value)));
    return {
      element: make("div", { class: "gdt-control" }, make("label", { for: id }, label), select),
      show(value) { select.value = value; },
    };
  },

  switch({ label }, move) {
    const id = newId();
    const input = make("input", { type: "checkbox", id, onchange: () => move(input.checked) });
    return {
      element: make("div", { class: "gdt-control gdt-switch" }, input, make("label", { for: id }, label)),
      show(value) { input.checked = value; },
    };
  },

  point({ label, format }) {
    const output = make("span", { class: "gdt-value" });
    return {
      element: make("div", { class: "gdt-control" }, make("span", { class: "gdt-name" }, label), output,
        make("span", { class: "gdt-hint" }, "drag the ring")),
      show(value) { output.textContent = numberText(value, format); },
    };
  },

  // The steps: a slider, and the buttons of a player.
  scrubber({ label, values }, move) {
    const id = newId(), last = values.length - 1;
    let now = last, playing = null;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const go = (step) => move(Math.max(0, Math.min(last, step)));
    const input = make("input", {
      type: "range", id, min: 0, max: last, step: 1,
      oninput: () => { pause(); go(Number(input.value)); },
    });
    const button = (name, sign, act) =>
      make("button", { type: "button", "aria-label": name, title: name, onclick: act }, sign);
    const play = button("play", "▶", () => (playing ? pause() : start()));
    const speed = make("select", { "aria-label": "speed", title: "speed" },
      ...[0.25, 0.5, 1, 2, 4].map((v) => make("option", { value: v, ...(v === 1 && { selected: "" }) }, `${v}×`)));
    const loop = make("input", { type: "checkbox", id: `${id}-loop` });
    const output = make("span", { class: "gdt-value", "aria-hidden": "true" });
    output.style.minWidth = `${String(last).length}ch`;

    function pause() {
      cancelAnimationFrame(playing);
      playing = null;
      name("play", "▶");
    }
    function name(text, sign) {
      play.textContent = sign;
      play.setAttribute("aria-label", text);
      play.title = text;
    }
    function start() {
      if (now >= last) go(0);
      name("pause", "❚❚");
      // From end to end in three to eight seconds; in ten leaps where motion isn't wanted.
      const whole = 1000 * Math.max(3, Math.min(8, last / 15));
      const leap = calm.matches ? Math.ceil(last / 10) : 1;
      let before = performance.now(), owed = 0;
      const tick = (time) => {
        owed += ((time - before) / whole) * last * Number(speed.value);
        before = time;
        const steps = leap * Math.floor(owed / leap);
        if (steps) {
          owed -= steps;
          go(now + steps);
        }
        if (now >= last) {
          if (!loop.checked) return pause();
          if (steps) { go(0); owed = 0; }
        }
        playing = requestAnimationFrame(tick);
      };
      playing = requestAnimationFrame(tick);
    }

    return {
      element: make("div", { class: "gdt-control gdt-scrubber" },
        make("label", { for: id }, label), input, output,
        make("div", { class: "gdt-player", role: "group", "aria-label": `play the ${label}s` },
          button("back to the start", "«", () => { pause(); go(0); }),
          button("one step back", "‹", () => { pause(); go(now - 1); }),
          play,
          button("one step on", "›", () => { pause(); go(now + 1); }),
          speed,
          make("span", { class: "gdt-switch" }, loop, make("label", { for: `${id}-loop` }, "loop")))),
      show(value) {
        now = value;
        input.value = value;
        input.setAttribute("aria-valuetext", `${label} ${value} of ${last}`);
        output.textContent = value;
      },
      stop: pause,
    };
  },
};
