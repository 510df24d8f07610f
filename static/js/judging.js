// Keeps a judge's sheet while it is filled in. Without it, "Save for later" does the same.
(() => {
  const form = document.querySelector("form[data-judging-save]");
  if (!form) return;
  const PAUSE = 1200; // milliseconds without a change
  const status = form.querySelector("[data-judging-status]");
  const announcer = document.getElementById("announcer");
  let timer, saving = null, isStopped = false, isLeaving = false;

  const say = (words, isUrgent) => {
    status.textContent = words;
    status.classList.toggle("warn", Boolean(isUrgent));
    if (isUrgent && announcer) announcer.textContent = words;
  };

  const send = async () => {
    const body = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(form.dataset.judgingSave, { method: "POST", body });
      const answer = await response.json();
      if (response.ok) {
        form.elements.seen.value = answer.version;
        say("Saved.");
      } else {
        isStopped = response.status === 409;
        say(answer.error, true);
      }
    } catch {
      say("Not saved: there is no connection. Use the button when it is back.", true);
    }
  };

  const save = async () => {
    clearTimeout(timer);
    if (isStopped || isLeaving) return;
    if (saving) return wait();
    saving = send();
    await saving;
    saving = null;
  };

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("change", wait);
  form.addEventListener("input", wait);

  // A save under way would make the form's own version an old one: wait for it, then go.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (isLeaving || !saving) return;
    event.preventDefault();
    await saving;
    isLeaving = true;
    form.requestSubmit(event.submitter);
  });
})();
