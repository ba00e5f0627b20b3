// The keyboard: j and k walk rows, / searches, ? explains, digits choose a level, n and p walk criteria.
const TYPED = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";

function visible(element) {
  return element.getClientRects().length > 0;
}

function door(row) {
  return row.querySelector("[data-row-link], .title-link, a[href]");
}

function rows() {
  return [...document.querySelectorAll("[data-rows] > tr, [data-rows] > li, [data-rows] > tbody > tr")].filter(
    (row) => visible(row) && door(row),
  );
}

function walk(items, step, current) {
  const here = items.findIndex((item) => item.contains(current));
  if (here === -1) return step > 0 ? items[0] : items.at(-1);
  return items[Math.min(Math.max(here + step, 0), items.length - 1)];
}

function walkRows(step) {
  const row = walk(rows(), step, document.activeElement);
  if (!row) return false;
  door(row).focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function criterionNow() {
  const groups = [...document.querySelectorAll("[data-levels]")].filter(visible);
  return (
    groups.find((group) => group.contains(document.activeElement)) ??
    groups.find((group) => group.getBoundingClientRect().bottom > 120)
  );
}

function chooseLevel(digit) {
  const level = criterionNow()?.querySelector(`[data-key="${digit}"] input, input[data-key="${digit}"]`);
  if (!level || level.disabled) return false;
  level.focus();
  level.click();
  return true;
}

function walkCriteria(step) {
  const groups = [...document.querySelectorAll("[data-levels]")].filter(visible);
  if (!groups.length) return false;
  const group = walk(groups, step, criterionNow());
  const input = group.querySelector("input:checked") ?? group.querySelector("input");
  input?.focus({ preventScroll: true });
  group.scrollIntoView({ block: "start" });
  return true;
}

function search() {
  const box = [...document.querySelectorAll("[data-search], input[type=search], #searchbar")].find(visible);
  if (!box) return false;
  box.focus();
  box.select();
  return true;
}

function help() {
  const dialog = document.getElementById("keys");
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

function act(key) {
  if (key === "j") return walkRows(1);
  if (key === "k") return walkRows(-1);
  if (key === "n") return walkCriteria(1);
  if (key === "p") return walkCriteria(-1);
  if (key === "/") return search();
  if (key === "?") return help();
  return /^[0-9]$/.test(key) && chooseLevel(key);
}

// Who dictates, or touches keys by chance, switches single keys off in this browser.
const YEAR = 365 * 24 * 3600;
const areOff = () => /(?:^|; )keys=off/.test(document.cookie);
const toggle = document.querySelector("[data-keys-off]");
if (toggle) toggle.checked = areOff();
toggle?.addEventListener("change", () => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `keys=off; Path=/; SameSite=Lax; Max-Age=${toggle.checked ? YEAR : 0}${secure}`;
});

document.addEventListener("keydown", (event) => {
  if (areOff()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest(TYPED) || document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys-help]")) return;
  event.target.closest("details")?.removeAttribute("open");
  help();
});

for (const button of document.querySelectorAll("[data-keys-help]")) button.hidden = false;
