// Says how many characters are left in a field that has a longest length. The server checks it too.
(() => {
  document.querySelectorAll("[data-longest]").forEach((input) => {
    const said = document.createElement("p");
    said.className = "helptext figure-number";
    input.after(said);

    const tell = () => {
      const left = Number(input.dataset.longest) - input.value.length;
      const count = Math.abs(left) === 1 ? "1 character" : `${Math.abs(left)} characters`;
      said.textContent = left < 0 ? `${count} too many` : `${count} left`;
    };

    // Spoken only when the typing stops: a number at every key would drown the words.
    const speak = () => (document.getElementById("announcer").textContent = said.textContent);

    let timer;
    input.addEventListener("input", () => {
      tell();
      clearTimeout(timer);
      timer = setTimeout(speak, 1000);
    });
    tell();
  });
})();
