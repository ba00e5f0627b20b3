// Sliders that keep their whole: moving one takes from, or gives to, the others in the proportion
// that they had when it was taken hold of.
const held = new WeakMap();

function show(slider) {
  const place = slider.closest(".slider")?.querySelector("output");
  if (place) place.textContent = `${Number(slider.value).toLocaleString(document.documentElement.dataset.numbers, { maximumFractionDigits: 1 })}\u00a0%`;
}

function rebalance(moved) {
  const group = moved.closest("[data-whole]");
  const others = [...group.querySelectorAll("input[type=range]")].filter((slider) => slider !== moved);
  const left = Number(group.dataset.whole) - Number(moved.value);
  const weights = others.map((slider) => held.get(slider) ?? Number(slider.value));
  const before = weights.reduce((sum, weight) => sum + weight, 0);
  others.forEach((slider, place) => {
    const share = before > 0 ? weights[place] / before : 1 / others.length;
    slider.value = Math.max(0, left * share).toFixed(2);
  });
  for (const slider of [moved, ...others]) show(slider);
}

document.addEventListener("focusin", (event) => {
  const group = event.target.closest?.("[data-whole]");
  for (const slider of group?.querySelectorAll("input[type=range]") ?? []) held.set(slider, Number(slider.value));
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-whole] input[type=range]")) rebalance(event.target);
});
