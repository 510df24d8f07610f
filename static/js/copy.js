// "Copy" beside a citation: shown only where the browser can copy.
(() => {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const label = button.innerHTML;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
      button.textContent = "Copied";
      document.getElementById("announcer").textContent =
        button.dataset.copied ?? "The citation is copied.";
      setTimeout(() => (button.innerHTML = label), 2500);
    });
  });
})();
