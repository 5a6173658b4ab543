"use strict";

// Elements with data-refresh-url show what that address answers, asked for again every few seconds (as many as
// data-refresh-seconds says, or 4) while somebody sees the page. When the text of [data-refresh-news] within one
// has changed, screen readers say it. What [data-refresh-instead] offers to those without scripts goes away.

const FOCUSABLE = "a[href], button, input, select, textarea, summary";

function news(part) {
  return part.querySelector("[data-refresh-news]")?.textContent.trim() ?? "";
}

function same(part, element) {
  const alike = [...part.querySelectorAll(FOCUSABLE)].filter((each) => each.tagName === element.tagName);
  const key = (each) => each.id || each.getAttribute("href") || each.textContent.trim();
  return alike.find((each) => key(each) === key(element));
}

function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.innerHTML = html;
  if (focused) same(part, focused)?.focus({ preventScroll: true });
}

function voice(part) {
  const status = document.createElement("p");
  status.className = "provisioning-hidden";
  status.setAttribute("role", "status");
  part.after(status);
  return status;
}

function keepFresh(part) {
  const status = voice(part);
  let shown = null;
  let asking = false;

  async function ask() {
    if (document.hidden || asking) return;
    asking = true;
    try {
      // A redirect leads to the page where one signs in, which is no part of this one.
      const answer = await fetch(part.dataset.refreshUrl, { cache: "no-store", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
        window.clearInterval(timer);
        status.textContent = "This page no longer updates itself: load it again.";
        status.className = "text-subtle";
        return;
      }
      const html = answer.ok ? await answer.text() : shown;
      if (html === shown) return;
      shown = html;
      const before = news(part);
      replace(part, html);
      if (news(part) !== before) status.textContent = news(part);
    } catch (error) {
      // The site may be restarting: the next round asks again.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      asking = false;
    }
  }

  const timer = window.setInterval(ask, Number(part.dataset.refreshSeconds || 4) * 1000);
  document.addEventListener("visibilitychange", ask);
}

document.querySelectorAll("[data-refresh-url]").forEach(keepFresh);
document.querySelectorAll("[data-refresh-instead]").forEach((link) => link.remove());
