// A value function to move by hand or by keys: <div data-curve="id of the textarea"> with an empty <svg>.
// The textarea, one "x: value" a line, is what is sent; the picture reads it and writes it.
const WIDTH = 300;
const HEIGHT = 120;
const TOP = 100;
const STEPS = 50; // of the width, for one press of an arrow

function pointsOf(text) {
  const points = text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => line.split(":").map((part) => Number(part.trim().replace(",", "."))));
  const sound = points.length > 1 && points.every((point) => point.length === 2 && point.every(Number.isFinite));
  const rising = points.every(([x], place) => place === 0 || points[place - 1][0] < x);
  return sound && rising ? points : null;
}

function between(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// A round number, finer than the room that is left between two points.
function tidy(value, room) {
  const step = 10 ** Math.floor(Math.log10(room));
  return Number((Math.round(value / step) * step).toPrecision(12));
}

// Neither past a neighbour, nor from rising to falling: what the server would refuse cannot be drawn.
function move(points, place, x, value) {
  const span = points.at(-1)[0] - points[0][0];
  const rises = points[0][1] <= points.at(-1)[1];
  const [before, after] = [points[place - 1], points[place + 1]];
  const room = span / (STEPS * 2);
  const low = before ? before[0] + room : -Infinity;
  const high = after ? after[0] - room : Infinity;
  const [worse, better] = rises ? [before, after] : [after, before];
  points[place] = [tidy(between(x, low, high), room), Math.round(between(value, worse?.[1] ?? 0, better?.[1] ?? TOP))];
}

function shape(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
}

function start(box) {
  const area = document.getElementById(box.dataset.curve);
  const picture = box.querySelector("svg");
  const line = shape("polyline", { class: "curve" });
  const axis = shape("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT });
  picture.replaceChildren(axis, line);
  let points = null;
  let scale = { from: 0, span: 1 };

  function draw() {
    const places = points.map(([x, value]) => [((x - scale.from) / scale.span) * WIDTH, HEIGHT * (1 - value / TOP)]);
    set(line, { points: places.map((place) => place.join(",")).join(" ") });
    const knots = [...picture.querySelectorAll(".knot")];
    points.forEach(([x, value], place) => {
      const knot = knots[place] ?? picture.appendChild(shape("circle", { class: "knot", r: 7, tabindex: 0, role: "slider" }));
      set(knot, { cx: places[place][0], cy: places[place][1], "aria-label": `Point ${place + 1}`, "aria-valuemin": 0, "aria-valuemax": TOP });
      set(knot, { "aria-valuenow": value, "aria-valuetext": `${x} is worth ${value}` });
    });
    for (const knot of knots.slice(points.length)) knot.remove();
  }

  function read() {
    points = pointsOf(area.value);
    box.hidden = points === null || area.closest("[hidden]") !== null;
    if (!points) return;
    scale = { from: points[0][0], span: points.at(-1)[0] - points[0][0] };
    draw();
  }

  function write() {
    area.value = points.map(([x, value]) => `${x}: ${value}`).join("\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function placeOf(knot) {
    return [...picture.querySelectorAll(".knot")].indexOf(knot);
  }

  picture.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    const [right, up] = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key] ?? [0, 0];
    if (place < 0 || (!right && !up)) return;
    event.preventDefault();
    const [x, value] = points[place];
    move(points, place, x + (right * scale.span) / STEPS, value + up * (event.shiftKey ? 10 : 1));
    draw();
    write();
  });

  picture.addEventListener("pointerdown", (event) => {
    if (placeOf(event.target) < 0) return;
    event.target.setPointerCapture(event.pointerId);
    event.target.focus();
  });

  picture.addEventListener("pointermove", (event) => {
    const place = placeOf(event.target);
    if (place < 0 || !event.target.hasPointerCapture(event.pointerId)) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    move(points, place, scale.from + (at.x / WIDTH) * scale.span, TOP * (1 - at.y / HEIGHT));
    draw();
    write();
  });

  // A point at an end widens the picture once it is let go, not while it is held.
  picture.addEventListener("pointerup", read);
  area.addEventListener("change", read);
  read();
}

for (const box of document.querySelectorAll("[data-curve]")) start(box);
