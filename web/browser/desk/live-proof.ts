import { liveProofWords } from '../../locales/live-proof.ts';
import { timeAgo } from '../../locales/time-ago.ts';
import { currentCursor, newestCursor } from './cursor.ts';
import type { Freshness } from './freshness.ts';
import { watchMissing } from './live-state.ts';
import { locale } from './words.ts';

const words = liveProofWords(locale);

export interface LiveProof {
  /** So many events came by a poll that the stream should have brought. */
  rescued(events: number): void;
}

/**
 * What the open panel behind the badge says: as far as this page is in the log, and as far as anybody said that the
 * log goes; the gaps between the two that it found and repaired. A gap that is open makes badge and panel red.
 */
export function showProof(menu: HTMLDetailsElement, freshness: Freshness): LiveProof {
  const clock = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: document.getElementById('freshness')?.dataset.timeZone as string,
    timeStyle: 'medium',
  });
  let gaps = 0;
  let rescued = 0;

  watchMissing((isMissing) => {
    menu.toggleAttribute('data-gap', isMissing);
    freshness.gapIs(isMissing);
    if (!isMissing) gaps += 1;
    show();
  });
  menu.addEventListener('toggle', show);
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
  setInterval(show, 1000);
  const state = document.getElementById('live-state');
  if (state) new MutationObserver(show).observe(state, { attributes: true });

  function show(): void {
    if (!menu.open) return;
    const since = freshness.liveSince();
    write('proof-place', `${seqOf(currentCursor())} / ${seqOf(newestCursor())}`);
    write('proof-checked', words.checked(timeAgo(locale, freshness.ageMs())));
    write('proof-since', since === undefined ? words.notLive : clock.format(since));
    write('proof-gaps', String(gaps));
    write('proof-rescued', String(rescued));
  }

  return {
    rescued(events) {
      rescued += events;
      show();
    },
  };
}

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element && element.textContent !== text) element.textContent = text;
}

const seqOf = (cursor: string | undefined) => cursor?.split('.')[1] ?? '–';
