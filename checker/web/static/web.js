// Everything works without this: it only follows a check without a reload, and copies a text.
"use strict";

const main = document.querySelector("main[data-events]");
if (main) {
  const stage = document.getElementById("stage");
  const stream = new EventSource(main.dataset.events);
  stream.addEventListener("state", (event) => {
    const { state, ended } = JSON.parse(event.data);
    if (ended) {
      stream.close();
      location.reload();
      return;
    }
    const steps = [...document.querySelectorAll("[data-state]")];
    const now = steps.findIndex((step) => step.dataset.state === state);
    if (now < 0) return;
    stage.textContent = steps[now].dataset.text;
    steps.forEach((step, place) => {
      step.className = place < now ? "past" : place === now ? "now" : "later";
      if (place === now) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
  });
  stream.addEventListener("error", () => {
    stream.close();
    setTimeout(() => location.reload(), 2000);
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText("value" in field ? field.value : field.href);
      button.textContent = button.dataset.done;
    } catch {
      field.focus();
      if (field.select) field.select();
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
