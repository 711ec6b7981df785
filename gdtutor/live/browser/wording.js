// Numbers into words, as wording.py does it.

function numberText(value, spec = "") {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return "(" + value.map((v) => numberText(v, spec || ".2f")).join(", ") + ")";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  let [, sign, digits, kind] = /^(\+?)(?:\.(\d+))?([dfge%]?)$/.exec(spec);
  kind = kind || (Number.isInteger(value) && digits === undefined ? "d" : "g");
  if ("df".includes(kind) && Math.abs(value) >= 1e15) [kind, digits] = ["g", undefined];
  const places = digits === undefined ? (kind === "g" ? 3 : 2) : Number(digits);
  let text;
  if (kind === "d") text = String(Math.round(value));
  else if (kind === "f") text = value.toFixed(places);
  else if (kind === "%") text = (100 * value).toFixed(places) + "%";
  else if (kind === "e") text = value.toExponential(places);
  else text = general(value, places || 1);
  if (Object.is(value, -0) && !text.startsWith("-") && kind !== "d") text = "-" + text;
  if (sign && !text.startsWith("-")) text = "+" + text;
  return text.replace(/e\+/, "e").replaceAll("-", "−");
}

// As Python's "g": so many significant digits, no zeros behind, an exponent where it is shorter.
function general(value, digits) {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power < -4 || power >= digits) return trim(mantissa) + "e" + power;
  return trim(value.toFixed(Math.max(digits - 1 - power, 0)));
}

// The template with values in it; `value` gives the value of a name.
function say(template, value) {
  return template.replace(/\{\{|\}\}|\{([^{}:]+)(?::([^}]*))?\}/g, (match, name, spec) =>
    name === undefined ? match[0] : numberText(value(name), spec));
}
