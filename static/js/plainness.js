// Keeps the plainness report beside a meaning in step with what is being typed.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const report = document.getElementById("plainness");
  if (!report) return;
  const form = document.getElementById("sense_form");
  const fields = ["plain", "means_for_you"].map((name) => form.elements[name]).filter(Boolean);
  let timer, latest = 0;

  async function update() {
    const number = ++latest;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const field of fields) data.set(field.name, field.value);
    report.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(report.dataset.address, { method: "POST", body: data });
      if (answer.ok && number === latest) report.innerHTML = await answer.text();
    } finally {
      if (number === latest) report.removeAttribute("aria-busy");
    }
  }

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(update, 400);
    });
  }

  report.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-field]");
    const field = button && document.getElementById(button.dataset.field);
    if (!field) return;
    field.focus();
    field.setSelectionRange(Number(button.dataset.start), Number(button.dataset.end));
  });
});
