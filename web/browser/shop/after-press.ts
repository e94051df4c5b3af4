/*
 * A press on a button takes the focus out of a field before it becomes a click. Whatever is shown on leaving the field
 * moves the button, and then the click goes nowhere. So it waits until the press is over.
 */
let isPressed = false;
let waiting: (() => void)[] = [];

addEventListener('pointerdown', () => (isPressed = true), { capture: true });
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, release, { capture: true });

function release(): void {
  isPressed = false;
  const callbacks = waiting;
  waiting = [];
  // The click comes right after.
  if (callbacks.length > 0) setTimeout(() => callbacks.forEach((callback) => void callback()));
}

/** Calls back at once, or when the press that is under way has become its click. */
export function afterPress(callback: () => void): void {
  if (isPressed) waiting.push(callback);
  else callback();
}
