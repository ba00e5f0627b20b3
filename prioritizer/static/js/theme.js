// Light or dark: the choice is kept in a cookie, so the server sends the page in the right one at once.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const YEAR = 365 * 24 * 3600;

function chosen() {
  const kept = document.cookie.match(/(?:^|; )theme=(light|dark)/);
  return kept ? kept[1] : null;
}

function show() {
  const choice = chosen();
  const shown = choice ?? (system.matches ? "dark" : "light");
  if (choice) root.dataset.theme = choice;
  else delete root.dataset.theme;
  root.dataset.shownTheme = shown;
}

function choose(theme) {
  // Back to what the system says means: no choice kept.
  const same = theme === (system.matches ? "dark" : "light");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; SameSite=Lax; Max-Age=${same ? 0 : YEAR}${secure}`;
  show();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  choose(root.dataset.shownTheme === "dark" ? "light" : "dark");
});

system.addEventListener("change", show);
show();
for (const toggle of document.querySelectorAll("[data-theme-toggle]")) toggle.hidden = false;
