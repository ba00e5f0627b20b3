// Sliders that keep their whole: moving one takes from, or gives to, the others in their proportion.
const STEP = 0.5;

function show(slider) {
  const place = slider.closest(".slider")?.querySelector("output");
  if (place) place.textContent = `${Number(slider.value).toLocaleString(document.documentElement.lang)}\u00a0%`;
}

function rebalance(moved) {
  const group = moved.closest("[data-whole]");
  const others = [...group.querySelectorAll("input[type=range]")].filter((slider) => slider !== moved);
  const left = Number(group.dataset.whole) - Number(moved.value);
  const before = others.reduce((sum, slider) => sum + Number(slider.value), 0);
  let given = 0;
  others.forEach((slider, place) => {
    const share = before > 0 ? Number(slider.value) / before : 1 / others.length;
    const last = place === others.length - 1;
    const value = last ? left - given : Math.round((left * share) / STEP) * STEP;
    slider.value = Math.max(0, value);
    given += Number(slider.value);
  });
  for (const slider of [moved, ...others]) show(slider);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-whole] input[type=range]")) rebalance(event.target);
});
