import { onRemembered, recall, remember } from './remember.ts';

/**
 * Which new orders this admin has not seen yet, in any tab of this browser, also over closing it.
 *
 * Kept by the browser, by admin. Whatever is on the whole first page and newer than what was there the last time is
 * unread; what came live is noted as it comes, because a filtered page does not show what came before it.
 */
export interface Unread {
  readonly size: number;
  has(id: number): boolean;
  /** Orders have arrived. */
  add(ids: readonly number[]): void;
  see(id: number): void;
  /** Higher than any order that was known when the page was opened. */
  isNews(id: number): boolean;
}

interface Kept {
  /** All up to this id are read, but for `unread`. */
  upTo: number;
  unread: number[];
  /** The last ones that were unread, also beyond `upTo`: told once more, they are no news. */
  read: number[];
}

/** A desk that is never looked at must not fill the browser's memory. */
const MAX_KEPT = 500;

/** @param onChange also when another tab of the same admin has seen or heard of one */
export function keepUnread(body: HTMLElement | null, onChange: () => void): Unread {
  const name = `unread-${document.getElementById('live-state')?.dataset.admin ?? 'page'}`;
  // What stood there before anybody counted is no news.
  const shown = [...(body?.children ?? [])].map((row) => Number((row as HTMLElement).dataset.id));
  const newest = Math.max(Number(body?.dataset.newest || 0), ...shown);
  let kept = read() ?? { upTo: newest, unread: [], read: [] };
  if (body) openPage(body);
  const knownUpTo = Math.max(kept.upTo, ...kept.unread, ...kept.read);
  onRemembered(name, () => {
    kept = read() ?? kept;
    onChange();
  });

  function openPage({ dataset }: HTMLElement): void {
    const isWhole = dataset.view === 'all' && !dataset.filter && !dataset.before;
    if (!isWhole) return;
    const isUnread = (id: number) => kept.unread.includes(id) || (id > kept.upTo && !kept.read.includes(id));
    write({ upTo: Math.max(kept.upTo, newest), unread: shown.filter(isUnread), read: kept.read });
  }

  function read(): Kept | undefined {
    try {
      return JSON.parse(recall(name) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  }

  function write(next: Kept): void {
    kept = { upTo: next.upTo, unread: next.unread.slice(-MAX_KEPT), read: next.read.slice(-MAX_KEPT) };
    remember(name, JSON.stringify(kept));
  }

  return {
    get size() {
      return kept.unread.length;
    },
    has: (id) => kept.unread.includes(id),
    add(ids) {
      kept = read() ?? kept;
      const known = new Set([...kept.unread, ...kept.read]);
      write({ ...kept, unread: [...kept.unread, ...ids.filter((id) => !known.has(id))] });
      onChange();
    },
    see(id) {
      kept = read() ?? kept;
      if (!kept.unread.includes(id)) return;
      write({ ...kept, unread: kept.unread.filter((other) => other !== id), read: [...kept.read, id] });
      onChange();
    },
    isNews: (id) => id > knownUpTo,
  };
}
