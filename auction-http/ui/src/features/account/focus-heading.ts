/** To the heading of the page: where what had the focus is gone, and something else has taken its place. */
export function focusHeading() {
  document.querySelector<HTMLElement>("main h1")?.focus();
}
