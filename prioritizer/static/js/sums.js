// Weights that must make 100 %: inputs with data-sum-group="g", the words in [data-sum-left="g"], the total in
// [data-sum-total="g"]; a bar <rect data-sum-bar="input id"> follows its input.
const WHOLE = 100;
const CLOSE = 0.005;

function weight(input) {
  const value = Number(input.value.trim().replace(",", "."));
  return Number.isFinite(value) ? value : 0;
}

function counts(input) {
  const row = input.closest("[data-repeat-row], .form-row, tr");
  return !row?.hidden && !row?.querySelector("input[name$='-DELETE']")?.checked;
}

function percent(value) {
  return value.toLocaleString(document.documentElement.dataset.numbers, { maximumFractionDigits: 2 }) + "\u00a0%";
}

function words(left) {
  if (Math.abs(left) < CLOSE) return "Makes 100\u00a0%.";
  return left > 0 ? `${percent(left)} left to give.` : `${percent(-left)} too much.`;
}

function add(group) {
  const name = CSS.escape(group);
  const inputs = [...document.querySelectorAll(`[data-sum-group="${name}"]`)].filter(counts);
  const total = inputs.reduce((sum, input) => sum + weight(input), 0);
  const left = WHOLE - total;
  for (const place of document.querySelectorAll(`[data-sum-total="${name}"]`)) place.textContent = percent(total);
  for (const place of document.querySelectorAll(`[data-sum-left="${name}"]`)) {
    place.textContent = words(left);
    place.classList.toggle("off", Math.abs(left) >= CLOSE);
  }
  for (const input of inputs) {
    const bar = document.querySelector(`[data-sum-bar="${CSS.escape(input.id)}"]`);
    bar?.setAttribute("width", Math.min(Math.max(weight(input), 0), WHOLE));
  }
}

function addAll(part) {
  const inputs = [...part.querySelectorAll("[data-sum-group]")];
  for (const group of new Set(inputs.map((input) => input.dataset.sumGroup))) add(group);
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.sumGroup) add(event.target.dataset.sumGroup);
});
document.addEventListener("change", () => addAll(document));
document.addEventListener("htmx:load", () => addAll(document));
addAll(document);
