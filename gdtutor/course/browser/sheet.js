// A sheet of questions: it shows them, sends the answers to the kernel, and shows what the kernel says.
// `make` is from ../../live/browser/element.js: Enter belongs to its inputs and buttons, not to the cell.

const PATIENCE = 3000; // ms without a word from the kernel
const NOBODY_ANSWERS = "Waiting for the kernel: it is busy, or was restarted (then run this cell again).";

function html(tag, attributes, text) {
  const element = make(tag, attributes);
  element.innerHTML = text; // the course's own words, escaped by the kernel
  return element;
}

function radios(group, label, texts) {
  const inputs = texts.map((_, i) => make("input", { type: "radio", name: group, value: String(i) }));
  const rows = texts.map((text, i) => make("label", {}, inputs[i], html("span", {}, text)));
  return {
    element: make("div", { class: "gdt-options", role: "radiogroup", "aria-label": label }, ...rows),
    value: () => inputs.findIndex((input) => input.checked),
    inputs,
  };
}

function render({ model, el }) {
  const sure = model.get("sure");
  const forms = {};
  const unique = Math.random().toString(36).slice(2);

  model.get("items").forEach((item, n, all) => {
    const group = `${unique}-${item.name}`;
    const field = item.options.length ? null
      : make("input", { type: "text", inputmode: "text", size: "12", "aria-label": "your answer, a number", autocomplete: "off" });
    const options = field ? null : radios(group, "answers", item.options);
    const trust = sure.length ? radios(`${group}-sure`, "How sure are you?", sure) : null;
    const said = make("div", { class: "gdt-said", role: "status", "aria-live": "polite" });
    const compare = make("button", { type: "button", hidden: "", onclick: () => send({ compare: true }) }, "I have run it: compare");
    const submit = make("button", { type: "button", onclick: check }, trust ? "Keep my prediction" : "Check");
    let timer = null;

    function send(message) {
      clearTimeout(timer);
      timer = setTimeout(() => show({ mark: "…", words: NOBODY_ANSWERS }), PATIENCE);
      try {
        model.send({ question: item.name, ...message });
      } catch { // the kernel is gone
        show({ mark: "…", words: NOBODY_ANSWERS });
      }
    }

    function show({ mark, words, kept, compared }) {
      clearTimeout(timer);
      said.dataset.mark = mark;
      said.replaceChildren(...(mark ? [make("span", { class: "gdt-mark", "aria-hidden": "true" }, mark)] : []), html("span", {}, words));
      const held = form.contains(document.activeElement);
      compare.hidden = !kept || compared;
      if (kept) for (const control of [...form.querySelectorAll("input"), submit]) control.disabled = true;
      if (kept && held) (compared ? form : compare).focus({ preventScroll: true });
    }

    function check() {
      const answer = field ? field.value : options.value();
      if (answer === "" || answer === -1)
        return show({ mark: "", words: field ? "Write a number first." : "Choose an answer first." });
      const trusted = trust ? trust.value() : null;
      if (trusted === -1) return show({ mark: "", words: "And how sure are you? A guess is fine." });
      send({ answer, ...(trust ? { sure: sure[trusted] } : {}) });
    }

    const legend = html("legend", {}, (all.length > 1 ? `<b>${n + 1}.</b> ` : "") + item.ask);
    const form = make("div", { class: "gdt-question", tabindex: "-1", onkeydown: (event) => event.key === "Enter" && event.target.matches("input") && check() },
      make("fieldset", {}, legend, field ?? options.element,
        ...(trust ? [make("div", { class: "gdt-sure" }, make("span", { "aria-hidden": "true" }, "How sure are you?"), trust.element)] : []),
        make("div", { class: "gdt-do" }, submit, compare, said)));
    forms[item.name] = { form, show };
  });

  el.append(make("div", { class: "gdt-sheet", role: "group", "aria-label": model.get("title") },
    make("div", { class: "gdt-title", "aria-hidden": "true" }, model.get("title")),
    ...Object.values(forms).map(({ form }) => form)));

  let shown = {};
  function update() {
    const said = model.get("said");
    for (const [name, words] of Object.entries(said))
      if (JSON.stringify(shown[name]) !== JSON.stringify(words)) forms[name].show(words);
    shown = said;
  }
  update();
  model.on("change:said", update);
  return () => model.off("change:said", update);
}

export default { render };
