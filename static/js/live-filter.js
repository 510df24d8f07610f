// Lists refresh in place when a filter changes; the address follows, and Back works.
(() => {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  if (!document.getElementById("results")) return form.removeAttribute("data-live");

  // Set here, before htmx reads the page, so that a page without #results keeps its plain form.
  const wishes = {
    "hx-get": form.getAttribute("action"),
    "hx-trigger": "change, submit",
    "hx-target": "#results",
    "hx-select": "#results",
    "hx-select-oob": "#facet-groups",
    "hx-swap": "outerHTML show:none",
    "hx-push-url": "true",
    "hx-sync": "this:replace",
    "hx-indicator": "#results",
  };
  Object.entries(wishes).forEach(([name, value]) => form.setAttribute(name, value));

  // A disclosure that somebody opened stays open when the choices in it are fresh.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...form.querySelectorAll("details.more[open]")].map((details) => details.id);
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "results") return;
    const count = event.target.querySelector(".count strong");
    document.getElementById("announcer").textContent = count?.textContent ?? "The list has changed.";
  });
})();
