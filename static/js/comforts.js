// Small comforts: print, quick exit, show the password, close a message, go to the errors.
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  each("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  each("[data-quick-exit]", (link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.body.hidden = true;
      location.replace(link.href);
    });
  });

  each("input[type=password]", (input) => {
    const button = document.createElement("button");
    const box = document.createElement("div");
    box.className = "password";
    button.type = "button";
    button.textContent = "Show";
    button.setAttribute("aria-label", "Show the password");
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? "Hide" : "Show";
      button.setAttribute("aria-label", hidden ? "Hide the password" : "Show the password");
    });
    input.form?.addEventListener("submit", () => (input.type = "password"));
    input.replaceWith(box);
    box.append(input, button);
  });

  each(".message", (message) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "✕";
    button.setAttribute("aria-label", "Close this message");
    button.addEventListener("click", () => message.remove());
    message.append(button);
  });

  each("[data-error-summary]", (summary) => {
    document.title = `Error: ${document.title}`;
    summary.focus();
  });
})();
