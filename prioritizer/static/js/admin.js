// Django's admin leaves some controls without a name for screen readers; they get it from what stands beside them.
const NAMED = "[aria-label], [aria-labelledby]";

function name(control, words) {
  const text = words?.trim().replace(/:$/, "");
  if (!text || control.matches(NAMED) || control.labels?.length) return;
  control.setAttribute("aria-label", text);
}

function nameCells(table) {
  const heads = [...table.querySelectorAll("thead th")];
  for (const control of table.querySelectorAll("tbody td :is(input:not([type=hidden]), select, textarea)")) {
    const cell = control.closest("td");
    const head = heads[cell.cellIndex];
    name(control, head?.querySelector(".text")?.textContent ?? head?.textContent);
  }
}

function nameDateAndTime(field) {
  const label = field.closest(".form-row")?.querySelector("label, legend")?.textContent.trim().replace(/:$/, "") ?? "";
  for (const [kind, word] of [["vDateField", "date"], ["vTimeField", "time"]]) {
    for (const input of field.querySelectorAll(`.${kind}`)) name(input, `${label}, ${word}`);
  }
}

function nameAll(part) {
  for (const field of part.querySelectorAll("p.datetime")) nameDateAndTime(field);
  for (const table of part.querySelectorAll(".tabular table, #result_list")) nameCells(table);
  for (const head of part.querySelectorAll("th.original:empty")) head.setAttribute("aria-hidden", "true");
  for (const sign of part.querySelectorAll("span.help-tooltip[aria-label]")) sign.setAttribute("role", "img");
}

nameAll(document);
addEventListener("load", () => nameAll(document));
document.addEventListener("formset:added", () => nameAll(document));
