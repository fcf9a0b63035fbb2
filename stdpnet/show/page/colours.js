// Colours of the style sheet for what is drawn on canvases, and word when they change.

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Return a colour of the style sheet, such as "--ink", as [red, green, blue]. */
export function colour(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

/** Return a colour as a text for a canvas. */
export function css([red, green, blue], alpha = 1) {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/** Return the colour between two, 0 for the first and 1 for the second. */
export function mix(one, other, share) {
  return one.map((value, k) => Math.round(value + (other[k] - value) * share));
}

/** Call a function now, and whenever the colours change. */
export function withColours(draw) {
  DARK.addEventListener("change", draw);
  draw();
}
