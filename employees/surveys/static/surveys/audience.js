"use strict";

// While the conditions of an audience are edited, shows who would be in, as the button does without a script.

const form = document.querySelector("form[data-audience]");
const shown = form.querySelector("[data-audience-preview]");
const status = form.querySelector("[role=status]");
const PAUSE = 400;
let timer;
let latest = 0;

async function ask() {
  latest += 1;
  const number = latest;
  try {
    const answer = await fetch(form.dataset.audience, {
      body: new URLSearchParams(new FormData(form)),
      method: "POST",
      redirect: "manual",
    });
    const html = await answer.text();
    if (!answer.ok || number !== latest) return;
    shown.innerHTML = html;
    status.textContent = shown.querySelector("p").textContent;
  } catch (error) {
    // The site may be restarting: the next change asks again.
    if (!(error instanceof TypeError)) throw error;
  }
}

form.addEventListener("input", (event) => {
  if (!event.target.name.startsWith("condition-")) return;
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, PAUSE);
});
