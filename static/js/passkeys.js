// Shows what needs passkeys where the browser has them, and says so when one did not work.
(() => {
  const trouble = document.querySelector("[data-passkey-trouble]");

  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  } else if (trouble) {
    trouble.textContent = "This browser cannot use passkeys or security keys here.";
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    if (!trouble) return;
    trouble.textContent =
      event.detail.exception?.name === "SecurityError"
        ? "Passkeys do not work at this address. Use another way."
        : "That did not work. Try again, or use another way.";
  });
})();
