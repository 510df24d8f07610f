// Runs before the first paint, so that what only scripts can do is never shown without them.
document.documentElement.classList.add("has-scripts");
try {
  if (localStorage.getItem("word-help") === "off") document.documentElement.classList.add("without-word-help");
} catch {
  // A browser that keeps nothing marks the words on every page.
}
