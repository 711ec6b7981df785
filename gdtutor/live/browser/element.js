// Making an element; figures and sheets of questions share it.

// Jupyter's shortcuts (an arrow key folds a heading) don't reach into elements that say so themselves.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  const own = ["input", "select", "button"].includes(tag) ? OWN_KEYS : {};
  for (const [name, value] of Object.entries({ ...own, ...attributes }))
    name.startsWith("on") ? element.addEventListener(name.slice(2), value) : element.setAttribute(name, value);
  element.append(...children);
  return element;
}
