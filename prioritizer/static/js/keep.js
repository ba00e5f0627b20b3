// Nothing that was typed is lost. A form with data-guard keeps itself in this browser while one types, and is
// filled again when the page opens after the session, the network or the browser ended. One with data-autosave
// is also saved on the server as one goes. Kept by person: nobody is shown what somebody else typed.
import { addRow } from "./forms.js";

const PERSON = document.body.dataset.person;
const PREFIX = `kept:${PERSON}:`;
const SENT = "sent";
const LONGEST = 7 * 24 * 3600 * 1000; // a week
const PAUSE = 400; // after the last key, to keep
const AUTOSAVE = 8000; // and to save

const forms = () => [...document.querySelectorAll("form[data-guard]")];
const keyOf = (form) => `${PREFIX}${location.pathname}${location.search}#${forms().indexOf(form)}`;
const isOurs = (name) => name !== "csrfmiddlewaretoken";
const entries = (form) => [...new FormData(form)].filter(([name, value]) => isOurs(name) && typeof value === "string");

// What was typed, without the version that it began from.
const words = (fields) => JSON.stringify(fields.filter(([name]) => name !== "version"));

function stored(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && Date.now() - found.at < LONGEST ? found : null;
  } catch {
    return null;
  }
}

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: entries(form) }));
  } catch {
    // No room, or not allowed: then it is as without this module.
  }
}

function forget(form) {
  localStorage.removeItem(keyOf(form));
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const block = [...form.querySelectorAll("[data-repeat]")].find((part) => name === `${part.dataset.repeat}-TOTAL_FORMS`);
    while (block && Number(form.elements[name].value) < Number(value)) addRow(block);
  }
  const typed = new Map();
  for (const [name, value] of fields) typed.set(name, [...(typed.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || !isOurs(control.name) || control.type === "file") continue;
    const values = typed.get(control.name);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values?.includes(control.value) ?? false;
    else if (values && control.type !== "submit") control.value = values[0];
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function tell(form, text, action, act) {
  form.querySelector("[data-kept]")?.remove();
  const note = document.createElement("div");
  note.className = "note";
  note.dataset.kept = "";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = action;
    button.addEventListener("click", act);
    note.append(button);
  }
  form.prepend(note);
}

const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function restore(form) {
  const found = stored(keyOf(form));
  // A form that came back with its errors has what was typed already.
  if (!found || document.querySelector("[data-error-summary]")) return;
  if (words(found.fields) === words(entries(form))) return forget(form);
  fill(form, found.fields);
  tell(form, `What you typed at ${clock(found.at)} was not saved. It is filled in again.`, "Discard it", () => {
    forget(form);
    location.reload();
  });
}

// ---------------------------------------------------------------- saved on the server as one goes

async function save(form) {
  const before = words(entries(form));
  const body = new FormData(form);
  body.set("stay", "1");
  let answer;
  try {
    answer = await fetch(location.href, { method: "POST", body });
  } catch {
    return; // no network: it is kept here, and the next key tries again
  }
  if (new URL(answer.url).pathname !== location.pathname) {
    tell(form, "You are signed out. What you type is kept in this browser; sign in again to save it.");
    return;
  }
  if (!answer.ok) return; // not complete yet, or both changed the same: saving by hand tells
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const version = page.querySelector("form[data-autosave] [name=version]")?.value;
  if (!version) return;
  form.elements.version.value = version;
  if (before === words(entries(form))) {
    forget(form);
    form.dispatchEvent(new CustomEvent("kept:saved", { bubbles: true }));
  }
  tell(form, `Draft saved at ${clock(Date.now())}.`);
}

// ---------------------------------------------------------------- while one types

const waiting = new WeakMap();

function later(form, name, pause, act) {
  const timers = waiting.get(form) ?? {};
  clearTimeout(timers[name]);
  timers[name] = setTimeout(() => form.isConnected && !form.dataset.sent && act(form), pause);
  waiting.set(form, timers);
}

if (PERSON) {
  for (const event of ["input", "change"]) {
    document.addEventListener(event, ({ target, isTrusted }) => {
      const form = target.form;
      if (!isTrusted || !form?.hasAttribute("data-guard")) return;
      later(form, "keep", PAUSE, keep);
      if (form.hasAttribute("data-autosave")) later(form, "save", AUTOSAVE, save);
    });
  }
  document.addEventListener("submit", ({ target }) => {
    if (target.hasAttribute("data-sign-out")) {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    } else if (target.hasAttribute("data-guard")) {
      keep(target);
      sessionStorage.setItem(SENT, keyOf(target));
    }
  });
  // A page of the product came back, and not with errors: what was sent is there.
  if (!document.querySelector("[data-error-summary]") && sessionStorage.getItem(SENT)) {
    localStorage.removeItem(sessionStorage.getItem(SENT));
  }
  for (const form of forms()) restore(form);
}
// A page that asks who one is, or says what went wrong, saved nothing.
sessionStorage.removeItem(SENT);
