import { z } from 'zod';

/**
 * A place in the event log, written `<epoch>.<seq>`: everything up to and including `seq` has been seen.
 *
 * `seq` is dense (1, 2, 3 …) within an epoch; 0 is the place before the first event. The epoch is a random
 * word kept in the database. It changes when a restored backup would give numbers out again, so that a
 * cursor from a lost future is recognised instead of silently matching other events.
 */
export interface Cursor {
  epoch: string;
  seq: number;
}

const PATTERN = /^([0-9a-z]{4,16})\.(0|[1-9][0-9]{0,14})$/;

/** A cursor as it stands in URLs, SSE ids and pages; at most 32 characters. */
export const CursorText = z.string().max(32).regex(PATTERN);

/** Parses the text form; undefined when it is not a cursor at all (a wrong epoch still is one). */
export function parseCursor(text: string): Cursor | undefined {
  const match = PATTERN.exec(text);
  return match ? { epoch: match[1] as string, seq: Number(match[2]) } : undefined;
}

export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq}`;
}
