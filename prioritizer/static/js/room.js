// The customer room on a screen: one stage after the other, until somebody leaves.
const PAUSE = 20_000; // long enough to read a stage aloud

const room = document.querySelector("[data-room]");
const show = document.querySelector("[data-room-show]");
const stages = [...(room?.querySelectorAll("section") ?? [])];
let at = 0;
let timer = null;

function turn(by) {
  at = (at + by + stages.length) % stages.length;
  for (const [place, stage] of stages.entries()) stage.hidden = place !== at;
}

function run(on) {
  clearInterval(timer);
  timer = on ? setInterval(turn, PAUSE, 1) : null;
}

function leave() {
  run(false);
  for (const stage of stages) stage.hidden = false;
}

const KEYS = {
  ArrowRight: () => turn(1),
  ArrowLeft: () => turn(-1),
  " ": () => run(timer === null),
};

if (show && document.fullscreenEnabled) {
  show.hidden = false;
  show.addEventListener("click", () => room.requestFullscreen());
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement !== room) return leave();
    turn(0);
    run(true);
  });
  document.addEventListener("keydown", (event) => {
    if (document.fullscreenElement !== room || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
}
