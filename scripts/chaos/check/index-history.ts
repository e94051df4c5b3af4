import type { Entry } from '../history.ts';

export type EntryOf<Name extends Entry['e']> = Extract<Entry, { e: Name }>;
export type DeskEntry = EntryOf<'open' | 'frame' | 'closed' | 'reload'>;

/** One sending of an order. */
export interface Attempt {
  post: EntryOf<'post'>;
  /** Absent when it was still open at the end. */
  answer?: EntryOf<'answer'>;
}

/** One asking for a change of status. */
export interface ChangeAttempt {
  change: EntryOf<'change'>;
  changed?: EntryOf<'changed'>;
}

export interface FaultSpan {
  kind: string;
  target: string;
  from: number;
  /** Infinity when it was never healed. */
  to: number;
}

/** A history by what the checks ask for: each thing in the order in which it happened. */
export interface History {
  run: EntryOf<'run'>;
  final: EntryOf<'final'>;
  attempts: Attempt[];
  changes: ChangeAttempt[];
  desks: Map<string, DeskEntry[]>;
  reads: EntryOf<'read'>[];
  faults: FaultSpan[];
}

/**
 * Sorts the lines of a history, in one pass.
 * @throws when it does not begin with `run` and end with `final`: a run that was cut short proves nothing
 */
export function indexHistory(entries: Iterable<Entry>): History {
  const attempts = new Map<number, Attempt>();
  const changes = new Map<number, ChangeAttempt>();
  const desks = new Map<string, DeskEntry[]>();
  const reads: EntryOf<'read'>[] = [];
  const faults = new Map<number, FaultSpan>();
  let run: EntryOf<'run'> | undefined;
  let final: EntryOf<'final'> | undefined;

  for (const entry of entries) {
    switch (entry.e) {
      case 'run':
        run = entry;
        break;
      case 'post':
        attempts.set(entry.id, { post: entry });
        break;
      case 'answer':
        attempts.get(entry.id)!.answer = entry;
        break;
      case 'change':
        changes.set(entry.id, { change: entry });
        break;
      case 'changed':
        changes.get(entry.id)!.changed = entry;
        break;
      case 'read':
        reads.push(entry);
        break;
      case 'fault': {
        const span = faults.get(entry.id);
        if (span) span.to = entry.t;
        else {
          const { kind, target, t } = entry;
          faults.set(entry.id, { kind, target, from: t, to: Number.POSITIVE_INFINITY });
        }
        break;
      }
      case 'final':
        final = entry;
        break;
      default: {
        const own = desks.get(entry.desk);
        if (own) own.push(entry);
        else desks.set(entry.desk, [entry]);
      }
    }
  }
  if (!run || !final) throw new Error('A history begins with `run` and ends with `final`; this one was cut short.');
  return {
    run,
    final,
    attempts: [...attempts.values()],
    changes: [...changes.values()],
    desks,
    reads,
    faults: [...faults.values()],
  };
}
