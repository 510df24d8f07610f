"use strict";
// Shows the words whose names or meanings hold everything that was typed; names alone come first.
const form = document.getElementById("search");
const field = document.getElementById("q");
const count = document.getElementById("count");
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f'\u2019]/g, "");
const entries = [...document.querySelectorAll("article")].map((element) => ({
  element, names: fold(element.dataset.names), text: fold(element.textContent),
}));
const show = () => {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const holding = (key) => entries.filter((entry) => words.every((word) => entry[key].includes(word)));
  const named = holding("names");
  const found = new Set(named.length ? named : holding("text"));
  for (const entry of entries) entry.element.hidden = !found.has(entry);
  for (const section of document.querySelectorAll(".letter")) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  if (!words.length) count.textContent = "";
  else if (!found.size) count.textContent = "No word here holds all of that. Try one word of it.";
  else count.textContent = found.size === 1 ? "1 word" : `${found.size} words`;
};
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", show);
show();
