/** Says something to whoever listens to the page instead of looking at it; politely. */
export function announce(text: string): void {
  const region = document.getElementById('announce');
  if (!region) return;
  region.textContent = '';
  // Emptied first, because the same words twice would not be said again.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
