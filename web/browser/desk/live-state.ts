import { isAhead, sameEpoch } from '../compare-cursors.ts';
import { currentCursor, moveCursor } from './cursor.ts';

/** When the page last missed rows, by `performance.now()`; undefined while it has all of them. */
let missingSince: number | undefined;
let onChange: (isMissing: boolean) => void = () => {};

/** Calls back when the page has come to miss something, and when it has got it. */
export function watchMissing(callback: typeof onChange): void {
  onChange = callback;
}

/** True from the moment the page has missed rows until it has read them anew. Polls then ask for all of them. */
export function lacksRows(): boolean {
  return missingSince !== undefined;
}

export function rowsAreMissing(): void {
  const wasMissing = lacksRows();
  missingSince = performance.now();
  if (!wasMissing) onChange(true);
}

/**
 * All rows have come, as they were asked for at `askedAt` (`performance.now()`). An answer that was already on its way
 * when the page missed rows does not hold them.
 */
export function rowsAreComplete(askedAt: number): void {
  if (missingSince === undefined || missingSince >= askedAt) return;
  missingSince = undefined;
  onChange(false);
}

/**
 * The `live` swap: cursor and counts, as every frame ends with them. A frame older than what the page shows
 * is left alone, so frames of stream and poll may overtake each other.
 *
 * @returns how many orders the page lacks now because the frame left them out, new ones that its view does not show,
 * the numbers of trials, and how many events the stream should have brought before
 */
export function applyLiveState(fragment: DocumentFragment): LiveNews {
  const news = fragment.firstElementChild as HTMLElement | null;
  const cursor = news?.dataset.cursor;
  if (!news || !cursor) return NOTHING;
  const tested = [...news.querySelectorAll<HTMLElement>('[data-tested]')].map((one) => one.dataset.tested as string);
  const here = currentCursor();
  // Another epoch: the log began again, and what is on the page belongs to the old one.
  if (here !== undefined && !sameEpoch(cursor, here)) return { ...NOTHING, lacking: 1, tested };
  if (here !== undefined && isAhead(here, cursor)) return { ...NOTHING, tested };
  const rescued = isAhead(cursor, here) ? Number(news.dataset.rescued ?? 0) : 0;
  for (const count of news.querySelectorAll<HTMLElement>('[data-count]')) {
    for (const shown of document.querySelectorAll(`[data-count="${count.dataset.count}"]`)) {
      if (shown.textContent !== count.textContent) shown.textContent = count.textContent;
    }
  }
  const omitted = Number(news.dataset.omitted ?? 0);
  // Polls would never ask again for what lies behind the cursor.
  if (omitted === 0 && !lacksRows()) moveCursor(cursor);
  return { lacking: omitted, placed: [...news.querySelectorAll<HTMLElement>('[data-placed]')], tested, rescued };
}

interface LiveNews {
  lacking: number;
  placed: HTMLElement[];
  tested: string[];
  rescued: number;
}

const NOTHING: LiveNews = { lacking: 0, placed: [], tested: [], rescued: 0 };
