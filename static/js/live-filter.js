// Lists refresh in place when a filter or the words change; the address follows, and Back works.
(() => {
  const PAUSE = 350;
  const SHORTEST = 2;
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  if (!document.getElementById("results")) return form.removeAttribute("data-live");

  // Set here, before htmx reads the page, so that a page without #results keeps its plain form.
  const wishes = {
    "hx-get": form.getAttribute("action"),
    "hx-trigger": "change, words",
    "hx-target": "#results",
    "hx-select": "#results",
    "hx-select-oob": "#facet-groups, #opening, #collections",
    "hx-swap": "outerHTML show:none",
    "hx-push-url": "true",
    "hx-sync": "this:replace",
    "hx-indicator": "#results",
  };
  Object.entries(wishes).forEach(([name, value]) => form.setAttribute(name, value));

  const announce = (text) => {
    document.getElementById("announcer").textContent = text;
  };

  // A search box of this form asks while one types; Enter opens the page as without scripts.
  const box = [...form.elements].find((element) => element.type === "search");
  let timer;
  let asked = box?.value.trim();

  const ask = () => {
    const words = box.value.trim();
    if (words === asked || (words && words.length < SHORTEST)) return;
    htmx.trigger(form, "words");
  };
  const askSoon = (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  };
  box?.addEventListener("input", askSoon);
  box?.addEventListener("compositionend", askSoon);
  form.addEventListener("submit", () => clearTimeout(timer));

  form.addEventListener("htmx:configRequest", ({ detail }) => {
    clearTimeout(timer);
    if (!box) return;
    asked = box.value.trim();
    if (!asked) detail.formData.delete("q");
  });

  // What is typed in one go is one step of Back, no address follows itself, and blanks are written
  // as the browser writes them.
  let wasTyping = false;
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
    const isTyping = detail.requestConfig.triggeringEvent?.type === "words";
    detail.history.path = detail.history.path.replaceAll("%20", "+");
    const isHere = new URL(detail.history.path, location.href).href === location.href;
    if (isHere || (isTyping && wasTyping)) detail.history.type = "replace";
    wasTyping = isTyping;
  });

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
    const count = event.target.querySelector(".count strong")?.textContent ?? "The list has changed.";
    announce(asked ? `${count} for “${asked}”` : count);
  });

  // The page at the address says what was wrong better than a list that stands still.
  form.addEventListener("htmx:responseError", ({ detail }) => {
    location.assign(detail.pathInfo.finalRequestPath);
  });
  form.addEventListener("htmx:sendError", () => {
    const sentence = "There is no connection, so the list is as it was. Press Search to try again.";
    const notice = document.createElement("p");
    notice.className = "notice offline";
    notice.textContent = sentence;
    document.querySelector("#results > .offline")?.remove();
    document.getElementById("results").prepend(notice);
    asked = undefined;
    announce(sentence);
  });
})();
