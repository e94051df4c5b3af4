import { counterWords } from '../../locales/counter.ts';
import { recall } from './remember.ts';
import { locale } from './words.ts';

/** Longer than a change of status can be undone; then what is done makes room. */
const LEFT_MS = 12_000;

/**
 * What a tablet beside the till is given upon one touch: the whole screen, the sound of orders, and a screen that does
 * not go dark. Browsers take that last one back whenever the page is hidden, so it is asked for again upon return.
 *
 * @param clearLeft takes away rows that have been done for so long, in milliseconds
 */
export function keepCounter(start: HTMLButtonElement, clearLeft: (afterMs: number) => void): void {
  const words = counterWords(locale);
  const leave = document.getElementById('counter-leave') as HTMLButtonElement;
  const hint = document.getElementById('counter-hint') as HTMLElement;
  const awake = document.getElementById('counter-awake') as HTMLElement;
  let lock: WakeLockSentinel | undefined;
  let hasStarted = false;

  start.addEventListener('click', () => {
    hasStarted = true;
    if (recall('sound') !== 'on') document.getElementById('sound')?.click();
    void stayAwake();
    // Phones of Apple have no full screen for pages; installed, the page has it anyway.
    document.documentElement.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => {});
    show();
  });
  leave.addEventListener('click', () => void document.exitFullscreen());
  document.addEventListener('fullscreenchange', show);
  document.addEventListener('visibilitychange', () => void stayAwake());
  setInterval(() => clearLeft(LEFT_MS), 1000);
  void stayAwake();

  async function stayAwake(): Promise<void> {
    if (document.visibilityState !== 'visible' || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock?.request('screen');
      lock?.addEventListener('release', show);
    } catch {
      // No battery, no permission, or just hidden again: the page says that the screen may go dark.
    }
    show();
  }

  function show(): void {
    const text = lock && !lock.released ? words.awake : words.mayGoDark;
    if (awake.textContent !== text) awake.textContent = text;
    const isFull = document.fullscreenElement !== null;
    leave.hidden = !isFull;
    start.hidden = isFull || (hasStarted && !document.fullscreenEnabled);
    hint.hidden = start.hidden;
  }
}
