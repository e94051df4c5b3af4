import type { TrialOrder } from '../../../shared/contracts/trial-order.ts';
import { liveProofWords, milliseconds } from '../../locales/live-proof.ts';
import { locale } from './words.ts';

const words = liveProofWords(locale);

/** Longer than two polls: whatever way there still is has been gone by then. */
const LOST_MS = 70_000;
/** A trial stays in sight for so long. */
const SHOWN_MS = 20_000;

/**
 * «Commande d’essai»: sends a trial as the form would, waits until its event is on this page, and says how long it took.
 *
 * What is measured here is measured by one clock, from the click to the page; what the orders service says it took to
 * store is part of that, and the rest is the way there and back.
 * @returns to be told the numbers of all trials that arrive; those of others mean nothing here
 */
export function tryOrders(form: HTMLFormElement): (numbers: readonly string[]) => void {
  const button = form.querySelector('button') as HTMLButtonElement;
  const result = document.getElementById('trial-result') as HTMLElement;
  const legs = document.getElementById('trial-legs') as HTMLElement;
  /** When which trial came, by `performance.now()`: before the answer that tells which one is ours, or after it. */
  const arrivedAt = new Map<string, number>();
  let onArrival = () => {};
  let clearing: ReturnType<typeof setTimeout> | undefined;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    clearTimeout(clearing);
    legs.hidden = true;
    say(words.trying);
    void run(performance.now()).finally(() => button.removeAttribute('aria-disabled'));
  });

  async function run(clickedAt: number): Promise<void> {
    arrivedAt.clear();
    const trial = await send(form.action);
    if (typeof trial === 'string') return say(trial, true);
    const { number, storedMs } = trial;
    if (!arrivedAt.has(number)) say(words.onItsWay(number, milliseconds(locale, storedMs)));
    const at = await arrival(number);
    if (at === undefined) return say(words.lost(number), true);
    show(number, storedMs, at - clickedAt);
  }

  function arrival(number: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(undefined), LOST_MS);
      onArrival = () => {
        if (!arrivedAt.has(number)) return;
        clearTimeout(giveUp);
        resolve(arrivedAt.get(number));
      };
      onArrival();
    });
  }

  function show(number: string, storedMs: number, totalMs: number): void {
    const times = [storedMs, Math.max(0, totalMs - storedMs), totalMs];
    for (const [i, leg] of legs.querySelectorAll('dd').entries()) {
      leg.textContent = milliseconds(locale, times[i] as number);
    }
    legs.hidden = false;
    say(`${words.arrived(number, milliseconds(locale, totalMs))} ${words.goesIn(SHOWN_MS / 1000)}`);
    clearing = setTimeout(() => {
      legs.hidden = true;
      say('');
    }, SHOWN_MS);
  }

  function say(text: string, isError = false): void {
    result.textContent = text;
    result.classList.toggle('proof-failed', isError);
  }

  return (numbers) => {
    for (const number of numbers) arrivedAt.set(number, performance.now());
    if (numbers.length > 0) onArrival();
  };
}

/** @returns why there is none */
async function send(action: string): Promise<TrialOrder | string> {
  try {
    const response = await fetch(action, { method: 'POST', headers: { Accept: 'application/json' } });
    if (response.status === 201) return (await response.json()) as TrialOrder;
    if (response.status === 429) return words.tooSoon;
    if (response.status === 409) return words.nothingForSale;
  } catch {
    // Said below: it is the same to whoever waits.
  }
  return words.noAnswer;
}
