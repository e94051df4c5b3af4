import { deskAlertWords } from '../../locales/desk-alerts.ts';
import { announce } from './announce.ts';
import { lacksRows } from './live-state.ts';
import { showAbsence } from './toasts.ts';
import { locale } from './words.ts';

const words = deskAlertWords(locale);

/** Longer than any pause of a page that is well: the stream speaks every 15 s. */
const ABSENT_MS = 40_000;
/** What was missed comes in more than one piece. */
const SETTLE_MS = 1_000;

/**
 * Says what happened while nothing could be heard: the machine slept, the tab was frozen, the network was gone.
 * By the counts of the page, which are exact for the place in the log where it stands.
 * @param pollSeconds how often the page asks where it has no stream
 * @returns to be called whenever the page is proved current, with the time since it was the last time
 */
export function tellAbsence(pollSeconds: number): (silentMs: number) => void {
  const absentMs = Math.max(ABSENT_MS, (pollSeconds + 10) * 1000);
  let provedAt = Date.now();
  let before = readCounts();
  let isTelling = false;
  setInterval(() => {
    if (!isTelling && Date.now() - provedAt < 5_000) before = readCounts();
  }, 1000);

  function tell(): void {
    if (lacksRows()) {
      setTimeout(tell, SETTLE_MS);
      return;
    }
    isTelling = false;
    const now = readCounts();
    const missed = {
      placed: Math.max(0, now.all - before.all),
      done: Math.max(0, now.terminee - before.terminee),
      cancelled: Math.max(0, now.annulee - before.annulee),
    };
    if (missed.placed + missed.done + missed.cancelled === 0) return;
    const text = words.missed(missed);
    showAbsence(text);
    announce(text);
  }

  return (silentMs) => {
    provedAt = Date.now();
    if (silentMs < absentMs || isTelling) return;
    isTelling = true;
    setTimeout(tell, SETTLE_MS);
  };
}

function readCounts(): { all: number; terminee: number; annulee: number } {
  // Written for people, with spaces or commas between the thousands.
  const count = (name: string) =>
    Number(document.querySelector(`[data-count="${name}"]`)?.textContent?.replace(/\D/g, '') ?? 0);
  return { all: count('all'), terminee: count('terminee'), annulee: count('annulee') };
}
