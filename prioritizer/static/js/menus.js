// Menus are <details>; here they also close by Escape and by a click elsewhere. Messages can be closed,
// and [data-dialog="id"] opens a <dialog>.
function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest("[data-message]")?.remove();
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target.matches("dialog")) closeFromOutside(event);
});

// A click on the backdrop reaches the dialog itself; one inside it is within its box.
function closeFromOutside(event) {
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) event.target.close();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// What scrolls sideways can be scrolled by keyboard in every browser.
function reachScrollers(part) {
  for (const box of part.querySelectorAll(".scroll-x")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

function reveal(part) {
  reachScrollers(part);
  for (const button of part.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

// On a phone the main links scroll sideways; the current one is brought into view.
function showCurrent() {
  const nav = document.querySelector(".nav");
  const current = nav?.querySelector("[aria-current]");
  if (!current) return;
  const box = current.getBoundingClientRect();
  if (box.right > nav.getBoundingClientRect().right) nav.scrollLeft = box.left - (nav.clientWidth - box.width) / 2;
}

showCurrent();
reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));

// On a phone a page begins with what it is about; what leads up to it folds.
if (matchMedia("(max-width: 40rem)").matches) {
  for (const part of document.querySelectorAll("details[data-fold-small]")) part.open = false;
}
