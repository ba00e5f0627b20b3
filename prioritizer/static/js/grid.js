// <table data-grid> of selects: arrows walk, a pasted block of a sheet is taken over, Ctrl+Z takes back.
const undone = [];

function cellsOf(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("select")]);
}

function place(table, select) {
  const cells = cellsOf(table);
  const row = cells.findIndex((line) => line.includes(select));
  return { cells, row, column: cells[row].indexOf(select) };
}

function say(table, text) {
  const said = table.closest("form").querySelector("[data-grid-said]");
  if (said) said.textContent = text;
}

function walk(select, down, right) {
  const { cells, row, column } = place(select.closest("table"), select);
  cells[row + down]?.[column + right]?.focus();
}

// A level by its number from the lowest, or by its name; an empty cell of the sheet leaves what is there.
function optionFor(select, text) {
  const wanted = text.trim().toLowerCase();
  return [...select.options].find((option) => {
    const [, number, name] = /^(\d+) (.*)$/.exec(option.text.toLowerCase()) ?? [];
    return option.value !== "" && (wanted === number || wanted === name || wanted === `${number} ${name}`);
  });
}

function change(cells) {
  undone.push(cells.map(([select]) => [select, select.dataset.was ?? select.value]));
  for (const [select, value] of cells) {
    select.value = value;
    select.dataset.was = value;
    select.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function paste(select, text) {
  const table = select.closest("table");
  const { cells, row, column } = place(table, select);
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  const taken = [];
  let left = 0;
  lines.forEach((line, down) => {
    line.forEach((given, right) => {
      const target = cells[row + down]?.[column + right];
      const option = target && given.trim() !== "" ? optionFor(target, given) : null;
      if (option) taken.push([target, option.value]);
      else if (given.trim() !== "") left += 1;
    });
  });
  if (taken.length) change(taken);
  say(table, left ? `${taken.length} levels pasted, ${left} not understood and left as they were.` : `${taken.length} levels pasted.`);
}

function takeBack(table) {
  const last = undone.pop();
  if (!last) return;
  for (const [select, value] of last) {
    select.value = value;
    select.dataset.was = value;
  }
  last[0][0].focus();
  say(table, "Taken back.");
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const select = event.target.closest?.("[data-grid] select");
  if (!select) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    takeBack(select.closest("table"));
  } else if (STEPS[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey) {
    walk(select, ...STEPS[event.key]);
  } else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const select = event.target.closest?.("[data-grid] select");
  if (!select) return;
  undone.push([[select, select.dataset.was]]);
  select.dataset.was = select.value;
});

document.addEventListener("paste", (event) => {
  const select = event.target.closest?.("[data-grid] select") ?? document.activeElement.closest?.("[data-grid] select");
  if (!select) return;
  event.preventDefault();
  paste(select, event.clipboardData.getData("text/plain"));
});

for (const select of document.querySelectorAll("[data-grid] select")) select.dataset.was = select.value;
