// The table of results below a figure, and texts in the page that change.

// A text that stays as it is costs no new layout.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tableOf({ rows, columns, title }, cells) {
  const heads = Object.keys(columns);
  const id = newId();
  const table = make("table", { class: "gdt-table", "aria-labelledby": id },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, ""),
      ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row),
      ...heads.map((head) => {
        const cell = make("td");
        cells.push([cell, columns[head]]);
        return cell;
      })))));
  return make("div", { class: "gdt-results" }, make("div", { class: "gdt-hint", id }, title),
    make("div", { class: "gdt-scroll", tabindex: 0, role: "region", "aria-labelledby": id }, table));
}
