// Keys that work wherever nothing else wants them.

const TAKEN = "input, select, button, textarea, summary, a";

/** Call `actions[key]` when a key is pressed outside the controls that use keys themselves. */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const wanted = event.target.closest?.(TAKEN);
    const action = actions[event.key.toLowerCase()];
    if (!action || wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
}
