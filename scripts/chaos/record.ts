import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Entry } from './history.ts';

type Unstamped<E> = E extends Entry ? Omit<E, 't'> : never;

/** What happens in a run, written down as it happens. */
export interface Recorder {
  readonly file: string;
  /** Milliseconds since the run began, by the clock that every line is stamped with. */
  now(): number;
  note(entry: Unstamped<Entry>): void;
  close(): void;
}

/** Lines are written together, but never later than this many characters. */
const BATCH_CHARS = 64 * 1024;

/** Begins a history; what the file held before is gone. */
export function recordHistory(file: string): Recorder {
  const start = performance.now();
  const descriptor = openSync(file, 'w', 0o600);
  const now = () => Math.round((performance.now() - start) * 100) / 100;
  let lines = '';
  let isOpen = true;
  const flush = () => {
    const bytes = Buffer.from(lines);
    lines = '';
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
  };
  return {
    file,
    now,
    note(entry) {
      // What still comes in after the last line belongs to nobody.
      if (!isOpen) return;
      lines += `${JSON.stringify({ t: now(), ...entry })}\n`;
      if (lines.length > BATCH_CHARS) flush();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      flush();
      closeSync(descriptor);
    },
  };
}

const PIECE_BYTES = 1024 * 1024;

/** A history's lines, one after the other, without ever holding the whole of it. A half line at the end is left out. */
export function* readHistory(file: string): Generator<Entry> {
  const descriptor = openSync(file, 'r');
  const piece = Buffer.alloc(PIECE_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for (let bytes = readSync(descriptor, piece); bytes > 0; bytes = readSync(descriptor, piece)) {
      rest = Buffer.concat([rest, piece.subarray(0, bytes)]);
      const end = rest.lastIndexOf(0x0a);
      const whole = rest.subarray(0, end + 1).toString('utf8');
      rest = rest.subarray(end + 1);
      for (const line of whole.split('\n')) if (line) yield JSON.parse(line) as Entry;
    }
  } finally {
    closeSync(descriptor);
  }
}
