// One click stops the marking of words on all our pages, another brings it back. The choice stays in
// this browser: a cookie would go out with every request, though no server needs to know it.
(() => {
  const root = document.documentElement;
  const buttons = document.querySelectorAll("[data-word-help]");

  const show = () => {
    const isOff = root.classList.contains("without-word-help");
    document.querySelectorAll("button.helped").forEach((word) => (word.disabled = isOff));
    buttons.forEach((button) => (button.textContent = isOff ? "Mark words again" : "Stop marking words"));
  };

  const remember = (isOff) => {
    try {
      isOff ? localStorage.setItem("word-help", "off") : localStorage.removeItem("word-help");
    } catch {
      // Then it holds for this page alone.
    }
  };

  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      remember(root.classList.toggle("without-word-help"));
      show();
    });
  });
  show();
})();
