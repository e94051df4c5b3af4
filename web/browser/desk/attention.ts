/**
 * Whether the admin is at work in the table, so that no row may move: reading further down, aiming with the mouse,
 * or going through it by keyboard. A mouse that merely lies there, or a button that keeps the focus after a click,
 * must not stop the table for the rest of the day; so both count only for a while.
 */

/** A mouse that has not moved for this long is not aiming. */
const POINTER_REST_MS = 6_000;
/** Somebody who reads by keyboard pauses longer. */
const KEYBOARD_REST_MS = 20_000;

export interface Attention {
  /** True while inserted rows would move something under the admin's hand or eyes. */
  isBusy(): boolean;
  isPointerInside(): boolean;
}

export function watchAttention(rows: HTMLElement, onRest: () => void): Attention {
  let pointerInside = false;
  let pointerMovedAt = Number.NEGATIVE_INFINITY;
  let keyPressedAt = Number.NEGATIVE_INFINITY;

  const isScrolledDown = () => {
    // An empty table is not shown at all, and stands nowhere.
    if (rows.childElementCount === 0) return false;
    const header = document.querySelector('.site-header')?.getBoundingClientRect().bottom ?? 0;
    return rows.getBoundingClientRect().top < header - 1;
  };
  const isAiming = () => pointerInside && performance.now() - pointerMovedAt < POINTER_REST_MS;
  const isTyping = () =>
    document.activeElement?.matches(':focus-visible') === true &&
    rows.contains(document.activeElement) &&
    performance.now() - keyPressedAt < KEYBOARD_REST_MS;

  const onPointer = (event: PointerEvent) => {
    // A finger rests on nothing.
    if (event.pointerType === 'touch') return;
    pointerInside = true;
    pointerMovedAt = performance.now();
  };
  rows.addEventListener('pointermove', onPointer, { passive: true });
  rows.addEventListener('pointerover', onPointer, { passive: true });
  rows.addEventListener('pointerleave', () => {
    pointerInside = false;
    onRest();
  });
  rows.addEventListener('focusin', () => {
    keyPressedAt = performance.now();
  });
  rows.addEventListener('keydown', () => {
    keyPressedAt = performance.now();
  });
  rows.addEventListener('focusout', () => queueMicrotask(onRest));
  window.addEventListener('scroll', () => !isScrolledDown() && onRest(), { passive: true });
  setInterval(onRest, 1000);

  return {
    isBusy: () => isScrolledDown() || isAiming() || isTyping(),
    isPointerInside: () => pointerInside,
  };
}
