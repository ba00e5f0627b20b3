// A passkey's dialog that was closed, or that failed, is said on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-error]").forEach((said) => {
    said.hidden = false;
  });
});
