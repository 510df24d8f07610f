// Search as you type. The list holds plain links; the form works without it.
(() => {
  const SHORTEST = 2;
  const PAUSE = 150;

  const announce = (text) => {
    document.getElementById("announcer").textContent = text;
  };

  const start = (input) => {
    const list = document.createElement("div");
    list.className = "suggestions";
    list.hidden = true;
    input.closest(".ask-field").append(list);
    let timer;
    let pending;
    let shownFor = "";

    const links = () => [...list.querySelectorAll("a")];

    const close = () => {
      clearTimeout(timer);
      pending?.abort();
      list.hidden = true;
    };

    const show = (html, query) => {
      list.innerHTML = html;
      shownFor = query;
      const count = links().length;
      list.hidden = !list.textContent.trim();
      announce(count === 1 ? "1 suggestion" : `${count} suggestions`);
    };

    const ask = async () => {
      const query = input.value.trim();
      if (query.length < SHORTEST) return close();
      pending = new AbortController();
      const address = new URL(input.dataset.suggest, location.href);
      address.searchParams.set("q", query);
      try {
        const headers = { "HX-Request": "true" };
        const response = await fetch(address, { headers, signal: pending.signal });
        if (response.ok) show(await response.text(), query);
      } catch {
        // A newer question or a lost connection: the form itself still works.
      }
    };

    const move = (step) => {
      const stops = [input, ...links()];
      const here = Math.max(stops.indexOf(document.activeElement), 0);
      stops[(here + step + stops.length) % stops.length].focus();
    };

    const reopen = () => {
      if (shownFor && shownFor === input.value.trim()) list.hidden = !list.textContent.trim();
    };

    input.addEventListener("input", () => {
      close();
      timer = setTimeout(ask, PAUSE);
    });

    input.closest(".ask-field").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
        input.focus();
      }
      if (event.key === "ArrowDown" && list.hidden) reopen();
      if (list.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    });

    list.addEventListener("keydown", (event) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) input.focus();
    });

    input.closest("form").addEventListener("focusout", (event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) close();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
  };

  document.querySelectorAll("input[data-suggest]").forEach(start);
})();
