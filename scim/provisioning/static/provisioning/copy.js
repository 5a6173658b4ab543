"use strict";

// Buttons with data-copy="<id of an input>" copy its value and say so where screen readers hear it.

async function copied(input) {
  input.focus();
  input.select();
  // The clipboard interface only exists on https and localhost; elsewhere the old command still copies a selection.
  if (!navigator.clipboard) return document.execCommand("copy");
  return navigator.clipboard.writeText(input.value).then(() => true, () => document.execCommand("copy"));
}

function show(button, done) {
  const status = document.querySelector(`[data-copy-status="${button.dataset.copy}"]`);
  const icon = button.querySelector("[data-copy-icon]");
  const text = button.querySelector("[data-copy-text]");
  status.classList.toggle("provisioning-hidden", done);
  status.textContent = done ? "Copied" : "It is selected: press Ctrl+C or ⌘C to copy it.";
  if (!done) return;
  icon.textContent = "check";
  text.textContent = "Copied";
  window.setTimeout(() => {
    icon.textContent = "content_copy";
    text.textContent = "Copy";
    status.textContent = "";
  }, 4000);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = await copied(document.getElementById(button.dataset.copy));
  if (done) button.focus();
  show(button, done);
});
