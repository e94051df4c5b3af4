import { deskAlertWords } from '../../locales/desk-alerts.ts';
import { timeAgo } from '../../locales/time-ago.ts';
import type { StreamState } from '../live-stream.ts';
import { announce } from './announce.ts';
import { locale, words } from './words.ts';

/** A loss that heals within this time is not worth a sentence. */
const ANNOUNCE_AFTER_MS = 4_000;

export interface Freshness {
  /** The page has just been proved current: by a row, by the head of the log, or by a poll. */
  proved(): void;
  streamIs(state: StreamState): void;
  pollEnded(worked: boolean): void;
  /** The page knows that it lacks something; until it has read that. */
  gapIs(isOpen: boolean): void;
  /** Since the page was last proved current, in milliseconds. */
  ageMs(): number;
  /** Since when the stream has spoken without a break; undefined while it does not. */
  liveSince(): Date | undefined;
}

/**
 * «Dernière mise à jour : il y a 15 s», and by which way: En direct, Secours, Hors ligne.
 * Counts by the clock on the wall, which goes on while the computer sleeps.
 * @param onProof told each time, with how long the page had not been proved current before
 */
export function showFreshness(badge: HTMLElement, onProof: (silentMs: number) => void): Freshness {
  const age = document.getElementById('freshness-age') as HTMLTimeElement;
  const label = document.getElementById('freshness-state') as HTMLElement;
  const note = document.getElementById('offline-note') as HTMLElement;
  const pollSeconds = Number(badge.dataset.pollSeconds);
  const clock = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: badge.dataset.timeZone as string,
    hour: '2-digit',
    minute: '2-digit',
  });
  let provedAt = Date.now();
  let stream: StreamState = 'connecting';
  let pollWorks = true;
  let hasGap = false;
  let liveSince: Date | undefined;
  let announceTimer: ReturnType<typeof setTimeout> | undefined;
  let announced = words.live;

  function show(): void {
    const now = Date.now();
    if (provedAt > now) provedAt = now;
    // Polls that neither worked nor failed for so long were never made.
    const pollIsLate = now - provedAt > (2 * pollSeconds + 5) * 1000;
    const state =
      stream === 'live'
        ? 'live'
        : !pollWorks || pollIsLate
          ? 'offline'
          : stream === 'connecting'
            ? 'connecting'
            : 'backup';
    const text = hasGap
      ? words.gap
      : state === 'backup'
        ? words.backup(pollSeconds)
        : state === 'offline'
          ? words.offline(clock.format(provedAt))
          : words[state];
    setText(age, timeAgo(locale, now - provedAt));
    if (setText(label, text) && state !== 'connecting') announceSoon(text);
    badge.dataset.state = state;
    note.hidden = state !== 'offline';
    if (state === 'offline') setText(note, deskAlertWords(locale).offline(clock.format(provedAt)));
    age.dateTime = new Date(provedAt).toISOString();
  }

  function announceSoon(text: string): void {
    clearTimeout(announceTimer);
    announceTimer = setTimeout(() => {
      if (text !== announced) announce(text);
      announced = text;
    }, ANNOUNCE_AFTER_MS);
  }

  function proved(): void {
    const silentMs = Date.now() - provedAt;
    provedAt = Date.now();
    onProof(silentMs);
  }

  setInterval(show, 1000);
  show();
  return {
    proved() {
      proved();
      show();
    },
    streamIs(state) {
      stream = state;
      liveSince = state === 'live' ? (liveSince ?? new Date()) : undefined;
      show();
    },
    pollEnded(worked) {
      pollWorks = worked;
      if (worked) proved();
      show();
    },
    gapIs(isOpen) {
      hasGap = isOpen;
      show();
    },
    ageMs: () => Math.max(0, Date.now() - provedAt),
    liveSince: () => liveSince,
  };
}

function setText(element: HTMLElement, text: string): boolean {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}
