// Saves an answer while it is written, counts its words, and stops where somebody else wrote too.
// Without it, the Save button does the same.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const PAUSE = 1500; // milliseconds without a key
  const status = form.querySelector("[data-autosave-status]");
  const announcer = document.getElementById("announcer");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

  const busy = new Set(); // saves under way

  const say = (words, isUrgent) => {
    status.textContent = words;
    status.classList.toggle("warn", Boolean(isUrgent));
    if (isUrgent && announcer) announcer.textContent = words;
  };

  const count = (input) => {
    const said = form.querySelector(`[data-words-of="${input.id}"]`);
    const words = input.value.split(/\s+/).filter(Boolean).length;
    const most = Number(input.dataset.mostWords);
    const over = words > most ? `, ${words - most} too many` : "";
    said.textContent = `${words} of ${most} words${over}`;
    said.classList.toggle("warn", words > most);
  };

  const watch = (input) => {
    const number = input.dataset.question;
    const seen = form.elements[`seen-${number}`];
    let saved = input.value, timer, isStopped = false;

    const save = () => {
      clearTimeout(timer);
      if (busy.has(input) || isStopped || input.value.trim() === saved.trim()) return;
      busy.add(input);
      send().finally(() => {
        busy.delete(input);
        form.dispatchEvent(new Event("autosaved"));
      });
    };

    const send = async () => {
      const text = input.value;
      const body = new URLSearchParams({ question: number });
      body.set(`answer-${number}`, text);
      body.set(`seen-${number}`, seen.value);
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST",
          headers: { "X-CSRFToken": token },
          body,
        });
        const answer = await response.json();
        if (response.ok) {
          saved = text;
          seen.value = answer.version;
        } else {
          isStopped = true;
        }
        say(answer.message, !response.ok);
      } catch {
        say("Not saved: there is no connection. Your words are still here; press Save later.", true);
      }
      if (!isStopped && input.value.trim() !== text.trim()) timer = setTimeout(save, PAUSE);
    };

    input.addEventListener("input", () => {
      count(input);
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    input.addEventListener("blur", save);
    form.addEventListener("submit", () => {
      isStopped = true;
      clearTimeout(timer);
    });
    count(input);
  };

  // A save under way ends first: else the form would seem to be somebody else's older one.
  form.addEventListener("submit", (event) => {
    if (!busy.size) return;
    event.preventDefault();
    const button = event.submitter;
    const go = () => (busy.size ? form.addEventListener("autosaved", go, { once: true }) : form.requestSubmit(button));
    form.addEventListener("autosaved", go, { once: true });
  });

  form.querySelectorAll("[data-question]").forEach(watch);
})();
