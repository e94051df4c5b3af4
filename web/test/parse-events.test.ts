import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEvents } from '../browser/parse-events.ts';

type Told = { event: string; data: string } | { id: string } | { retry: number };

/** Everything that is told when the stream comes in these pieces. */
function read(pieces: readonly Uint8Array[]): Told[] {
  const told: Told[] = [];
  const feed = parseEvents({
    onMessage: ({ event, data }) => told.push({ event, data }),
    onId: (id) => told.push({ id }),
    onRetry: (retry) => told.push({ retry }),
  });
  for (const piece of pieces) feed(piece);
  return told;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('an event stream', () => {
  test('tells a message before its id, so that a cursor is never ahead of what was applied', () => {
    expect(read([bytes('id: a1.7\ndata: x\n\n')])).toEqual([{ event: 'message', data: 'x' }, { id: 'a1.7' }]);
  });

  test('moves the cursor by an id alone, without a message', () => {
    expect(read([bytes('id: a1.8\n\n')])).toEqual([{ id: 'a1.8' }]);
  });

  test('keeps names, joins data lines, and ignores comments and unknown fields', () => {
    expect(read([bytes(': hi\nfoo: bar\nevent: head\ndata: {\ndata:  }\n\n')])).toEqual([
      { event: 'head', data: '{\n }' },
    ]);
  });

  test('honours retry only when it is a number', () => {
    expect(read([bytes('retry: 2500\nretry: soon\nretry: -1\n\n')])).toEqual([{ retry: 2500 }]);
  });

  test('drops a block that the end cuts off, and an id with a NUL', () => {
    expect(read([bytes('id: a\0b\ndata: x\n\ndata: half\n')])).toEqual([{ event: 'message', data: 'x' }]);
  });

  const line = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
    fc.constantFrom('data', 'id: e1.5', 'event: head', 'event: reset', 'retry: 1200', ': ping', 'id', ''),
  );
  const stream = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
    .map((lines) => lines.map(([text, end]) => text + end).join(''));

  test('is read the same wherever the network cut it, also inside a character or a line end', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        const all = bytes(text);
        const places = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((end, index) => all.slice(places[index], end));
        expect(read(pieces)).toEqual(read([all]));
        expect(read([...all].map((byte) => Uint8Array.of(byte)))).toEqual(read([all]));
      }),
      { numRuns: 300 },
    );
  });

  test('gives the messages that another reader of the standard gives', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const theirs: { event: string; data: string }[] = [];
        const parser = createParser({
          onEvent: ({ event, data }) => theirs.push({ event: event || 'message', data }),
        });
        // It leaves a lone CR at the very end undecided; this one does not have to.
        parser.feed(`${text.replace(/\r\n?/g, '\n')}`);
        expect(read([bytes(text.replace(/\r\n?/g, '\n'))]).filter((one) => 'data' in one)).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });
});
