// Forms: hints while typing, rows that repeat, a guard for unsaved words and against a second click.
// The server checks everything again; nothing here is needed to send a form.

// Three points of one estimate: <fieldset data-three-point> with three inputs and [data-hint].
// Amounts as the server reads them: 11,500,000, 11 500 000, 11.5 M. What could be two amounts
// (11.500) is for the server to ask back, so no hint is drawn from it.
const SIZES = { k: 1e3, m: 1e6, bn: 1e9 };

function number(text) {
  const plain = text.trim().replace(/[\s'\u2019_]/g, "").replace("\u2212", "-").toLowerCase();
  if (plain === "" || /^-?\d{1,3}\.\d{3}$/.test(plain)) return null;
  const [, digits, size] = /^(-?\d[\d.,]*)(k|m|bn)?$/.exec(plain) ?? [];
  if (digits === undefined) return Number.NaN;
  const groups = size ? "{2,}" : "+"; // 1.500 M is one and a half million
  const grouped = (mark, point) => new RegExp(`^-?\\d{1,3}(\\${mark}\\d{3})${groups}(\\${point}\\d*)?$`).test(digits);
  let bare = digits.replace(",", ".");
  if (grouped(",", ".")) bare = digits.replaceAll(",", "");
  else if (grouped(".", ",")) bare = digits.replaceAll(".", "").replace(",", ".");
  return Number(bare) * (SIZES[size] ?? 1);
}

function hintPoints(group) {
  const hint = group.querySelector("[data-hint]");
  if (!hint) return;
  const [low, likely, high] = [...group.querySelectorAll("input:not([type=hidden])")].map((input) => number(input.value));
  const given = [low, likely, high].filter((value) => value !== null);
  let text = "";
  if (given.some(Number.isNaN)) text = "Write amounts as 11,500,000 or 11.5 M.";
  else if (low !== null && likely !== null && low > likely) text = "Low is above likely.";
  else if (likely !== null && high !== null && likely > high) text = "Likely is above high.";
  else if (low !== null && high !== null && low > high) text = "Low is above high.";
  hint.classList.toggle("off", text !== "");
  hint.textContent = text;
}

document.addEventListener("change", (event) => {
  const group = event.target.closest?.("[data-three-point]");
  if (group) hintPoints(group);
});

// An insight says how we know, so the row does not ask for it too.
function backRow(input) {
  input.closest("[data-repeat-row]").classList.toggle("backed", input.value.trim() !== "");
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.(".insight")) backRow(event.target);
});

// Rows of a Django formset: <div data-repeat="prefix"> with [data-repeat-rows], <template> and [data-repeat-add].
export function addRow(block) {
  const total = block.querySelector(`[name="${block.dataset.repeat}-TOTAL_FORMS"]`);
  const template = block.querySelector("template");
  if (!total || !template) return;
  const index = Number(total.value);
  const piece = template.content.cloneNode(true);
  for (const element of piece.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", index);
    }
  }
  for (const place of piece.querySelectorAll("[data-row-number]")) place.textContent = index + 1;
  const row = piece.firstElementChild;
  block.querySelector("[data-repeat-rows]").append(piece);
  total.value = index + 1;
  revealRows(row);
  globalThis.htmx?.process(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  row.dispatchEvent(new Event("change", { bubbles: true }));
}

// A row is only marked: it goes when the form is saved, and until then the same button brings it back.
function toggleRow(row, button) {
  const mark = row.querySelector("input[name$='-DELETE']");
  if (!mark) {
    row.remove();
    return;
  }
  const going = row.classList.toggle("going");
  mark.checked = going;
  for (const input of row.querySelectorAll("[required], [data-was-required]")) {
    input.required = !going;
    input.toggleAttribute("data-was-required", going);
  }
  button.dataset.label ??= button.textContent;
  button.textContent = going ? "Keep it" : button.dataset.label;
  mark.dispatchEvent(new Event("input", { bubbles: true }));
  mark.dispatchEvent(new Event("change", { bubbles: true }));
}

function revealRows(part) {
  for (const button of part.querySelectorAll("[data-repeat-add], [data-repeat-remove]")) button.hidden = false;
  for (const box of part.querySelectorAll("[data-repeat-delete]")) box.hidden = true;
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-repeat-add]");
  if (add) addRow(add.closest("[data-repeat]"));
  const remove = event.target.closest("[data-repeat-remove]");
  if (remove) toggleRow(remove.closest("[data-repeat-row]"), remove);
});

// Unsaved words: <form data-guard> warns before the page is left.
const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) changed.add(form);
});

addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// A second click: every POST form is sent once. The button stays focusable and says so.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  changed.delete(form);
  event.submitter?.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

for (const saved of ["htmx:afterRequest", "kept:saved"]) {
  document.addEventListener(saved, (event) => changed.delete(event.target));
}

function prepare(part) {
  revealRows(part);
  for (const input of part.querySelectorAll(".insight input")) backRow(input);
  for (const group of part.querySelectorAll("[data-three-point]:not(.wrong)")) hintPoints(group);
  part.querySelector("[data-error-summary]")?.focus();
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
