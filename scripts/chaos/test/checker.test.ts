import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRANSITIONS, VIEWS } from '../../../shared/contracts/status.ts';
import type { EntryOf } from '../check/index-history.ts';
import { checkHistory } from '../checker.ts';
import type { Entry } from '../history.ts';
import { HistoryWriter } from './write-history.ts';

/** Two orders and a change, seen by a desk of everything, a desk of what waits, and a reader. */
function shortRun(): HistoryWriter {
  const run = new HistoryWriter();
  run.place();
  run.open('all');
  run.open('waiting', 'en_attente');
  const number = run.place({ productId: 2, quantity: 3, times: 2 });
  for (const desk of ['all', 'waiting']) run.tell(desk);
  run.change(number, 'en_cours');
  run.tell('all');
  run.tell('waiting', 'poll');
  run.read();
  run.refuse(409, 'out_of_stock', { productId: 2, quantity: 2_000 });
  return run;
}

/** As a history read from its file: nothing is shared between lines. */
const copied = (entries: Entry[]) => JSON.parse(JSON.stringify(entries)) as Entry[];
const last = <Name extends Entry['e']>(
  entries: Entry[],
  e: Name,
  which: (entry: EntryOf<Name>) => boolean = () => true,
) => entries.findLast((entry): entry is EntryOf<Name> => entry.e === e && which(entry as EntryOf<Name>))!;
const drop = (entries: Entry[], entry: Entry) => void entries.splice(entries.indexOf(entry), 1);

/** The history once whole and once broken: green, then red for these guarantees. */
function turnsRed(break_: (entries: Entry[], run: HistoryWriter) => void, ...guarantees: number[]): void {
  expect(checkHistory(shortRun().end()).findings).toEqual([]);
  const run = shortRun();
  const entries = copied(run.end());
  break_(entries, run);
  const verdict = checkHistory(entries);
  expect(verdict.ok).toBe(false);
  const found = new Set(verdict.findings.map(({ guarantee }) => guarantee));
  expect(
    [...found].toSorted((a, b) => a - b),
    JSON.stringify(verdict.findings, null, 1),
  ).toEqual(guarantees);
}

const frameOf = (entries: Entry[], desk: string) =>
  last(entries, 'frame', (frame) => frame.desk === desk && frame.kind === 'rows');

test('a run that kept every promise is green, and its figures are told', () => {
  const run = shortRun();
  run.fault(1, 'notifier-0', 500);
  const { ok, findings, figures } = checkHistory(run.end());
  expect(findings).toEqual([]);
  expect(ok).toBe(true);
  expect(figures).toMatchObject({ acknowledged: 2, attempts: 4, events: 3, faults: { kill: 1 }, lost: 0, gaps: 0 });
  expect(figures.screen.healthy.measured).toBe(4);
});

test('a history that was cut short is no proof of anything', () => {
  expect(() => checkHistory(shortRun().end().slice(0, -1))).toThrow('cut short');
  expect(() => checkHistory([])).toThrow('cut short');
});

describe('an order that was answered 201', () => {
  test('is gone', () => {
    turnsRed(
      (entries) => {
        const final = last(entries, 'final');
        const [order] = final.orders.splice(0, 1);
        final.keys = final.keys.filter(({ number }) => number !== order!.number);
        final.events = final.events.filter(({ number }) => number !== order!.number);
        for (const [i, event] of final.events.entries()) event.seq = i + 1;
        final.head = final.events.length;
        final.counts.en_attente -= 1;
      },
      1,
      5,
      6,
      9,
      10,
    );
  });

  test.each(['token', 'totalCents'] as const)('has another %s', (field) => {
    turnsRed((entries) => {
      for (const entry of entries) {
        if (entry.e === 'answer' && entry.order) Object.assign(entry.order, { [field]: field === 'token' ? 'x' : 1 });
      }
    }, 1);
  });

  test('has other lines than were sent', () => {
    turnsRed((entries) => {
      for (const entry of entries) if (entry.e === 'post') entry.lines[0]!.quantity += 1;
    }, 1);
  });
});

test('a change that was acknowledged is gone', () => {
  turnsRed((entries) => {
    const id = 77;
    const { number } = last(entries, 'change');
    entries.splice(-1, 0, { e: 'change', t: 900, id, number, to: 'terminee', version: 2 });
    entries.splice(-1, 0, { e: 'changed', t: 901, id, status: 200, version: 3 });
  }, 1);
});

describe('a key', () => {
  test('is answered twice, with two orders', () => {
    turnsRed(
      (entries, run) => {
        const [first] = run.orders.values();
        const { number, token, totalCents } = first!;
        last(entries, 'answer', ({ status }) => status === 201).order = { number, token, totalCents, placedAt: 'then' };
      },
      1,
      2,
    );
  });

  test('is answered 201 for another body', () => {
    turnsRed(
      (entries) => {
        const answer = last(entries, 'answer', ({ status }) => status === 201);
        last(entries, 'post', ({ id }) => id === answer.id).mark = 'another';
      },
      1,
      2,
    );
  });

  test.each([
    [2, true],
    [3, false],
  ])('makes two orders (guarantee %i)', (guarantee, answered) => {
    const run = shortRun();
    const one = run.orders.get(run.place({ answered }))!;
    const other = run.orders.get(run.place({ answered: false }))!;
    const entries = copied(run.end());
    const { number } = other;
    for (const entry of entries) {
      if (entry.e === 'post' && entry.mark === other.mark) Object.assign(entry, { mark: one.mark, key: 'key-3' });
      if (entry.e === 'final') entry.orders.find((order) => order.number === number)!.mark = one.mark;
    }
    const { findings } = checkHistory(entries);
    expect(findings.map((finding) => [finding.guarantee, finding.kind])).toEqual([[guarantee, 'doubled']]);
  });
});

describe('an order by halves', () => {
  const half = (break_: (final: EntryOf<'final'>) => void) => turnsRed((entries) => break_(last(entries, 'final')), 4);
  test('has a total that is not the sum of its lines', () =>
    turnsRed((entries, { orders }) => {
      const [{ number }] = orders.values() as unknown as [{ number: string }];
      last(entries, 'final').orders.find((order) => order.number === number)!.totalCents += 1;
      for (const entry of entries) {
        if (entry.e === 'answer' && entry.order?.number === number) entry.order.totalCents += 1;
      }
    }, 4));
  test('has no key', () => half((final) => final.keys.pop()));
  test('left a key without an order', () => half((final) => final.keys.push({ key: 'stray', number: null })));
  test('was not taken from the stock', () => half((final) => (final.products[1]!.stock! += 3)));
  test('stands at another price than the shop', () =>
    turnsRed((entries) => {
      last(entries, 'run').products[1]!.priceCents = 300;
    }, 4));
  test('has no event', () =>
    turnsRed((entries) => {
      const final = last(entries, 'final');
      final.events[0]!.type = 'order.status_changed';
    }, 4));
});

describe('what nobody did', () => {
  test('is an order', () => {
    turnsRed((entries) => {
      for (const entry of entries.filter((entry) => entry.e === 'post' && entry.mark === 'mark-1'))
        drop(entries, entry);
      for (const entry of entries.filter((entry) => entry.e === 'answer' && entry.id === 100)) drop(entries, entry);
    }, 5);
  });

  test('is shown on a desk', () => {
    turnsRed((entries) => {
      frameOf(entries, 'all').rows!.push({ number: 'CMD-20251126-GHOST0', version: 1, status: 'en_attente' });
    }, 5);
  });

  test('is given to a reader, with a number that is later given to something else', () => {
    turnsRed(
      (entries) => {
        last(entries, 'read').events![1]!.number = 'CMD-20251126-GHOST0';
      },
      5,
      6,
    );
  });

  test('is a place beyond the log, or in a log that is no more', () => {
    turnsRed(
      (entries) => {
        const read = last(entries, 'read');
        entries.splice(-1, 0, { ...read, t: 500, after: 'wxyz.3', head: 4, events: [] });
      },
      5,
      6,
    );
    turnsRed((entries) => {
      frameOf(entries, 'all').cursor = 'lost.3';
    }, 5);
  });
});

describe('numbers', () => {
  test('leave one out at the end', () => {
    turnsRed(
      (entries) => {
        const final = last(entries, 'final');
        final.events = final.events.filter(({ seq }) => seq !== 1);
        for (const entry of entries) if (entry.e === 'read') entry.after = 'wxyz.9';
      },
      4,
      5,
      6,
      9,
      10,
    );
  });

  test('leave one out on a page', () => {
    turnsRed((entries) => void last(entries, 'read').events!.splice(1, 1), 6);
  });

  test('come in the wrong order on a page', () => {
    turnsRed((entries) => void last(entries, 'read').events!.reverse(), 6);
  });

  test('are not there though the head says so', () => {
    turnsRed((entries) => {
      last(entries, 'read').events = [];
    }, 6);
  });

  test('go back', () => {
    turnsRed((entries) => {
      const read = last(entries, 'read');
      entries.splice(-1, 0, { ...read, t: 500, head: 2, events: read.events!.slice(0, 2) });
    }, 6);
  });

  test('are passed over without a word', () => {
    turnsRed((entries) => {
      const read = last(entries, 'read');
      entries.splice(entries.indexOf(read), 0, { ...read, head: 1, events: [read.events![0]!] });
      Object.assign(read, { after: 'wxyz.2', events: [read.events![2]!] });
    }, 6);
  });

  test('are refused to whoever stands at one', () => {
    turnsRed((entries) => {
      const { reader, to } = last(entries, 'read');
      entries.splice(-1, 0, { e: 'read', t: 500, reader, to, after: 'wxyz.2', status: 410 });
    }, 6);
  });
});

describe('the order of things', () => {
  test('versions of an order do not rise with the log', () => {
    turnsRed((entries) => {
      const final = last(entries, 'final');
      const event = final.events[2]!;
      event.version = 3;
      final.orders.find(({ number }) => number === event.number)!.version = 3;
      for (const entry of entries) {
        if (entry.e === 'changed') entry.version = 3;
        if (entry.e === 'read') entry.events![2]!.version = 3;
        const rows = entry.e === 'frame' || entry.e === 'reload' ? (entry.rows ?? []) : [];
        for (const row of rows) if (row.version === 2) row.version = 3;
        if (entry.e !== 'final') continue;
        for (const row of entry.desks.flatMap((desk) => desk.rows)) if (row.version === 2) row.version = 3;
      }
    }, 7);
  });

  test('an older version after a newer one', () => {
    turnsRed(
      (entries) => {
        const frame = frameOf(entries, 'all');
        const older = frame.rows!.map((row) => ({ ...row, version: 1, status: 'en_attente' as const }));
        entries.splice(-1, 0, { ...frame, t: frame.t, rows: older, announced: [] });
      },
      7,
      9,
    );
  });

  test('a cursor that goes back', () => {
    turnsRed((entries) => {
      const frame = last(entries, 'frame', ({ desk, by }) => desk === 'all' && by === 'stream');
      entries.splice(-1, 0, { e: 'frame', t: frame.t, desk: 'all', by: 'stream', kind: 'head', cursor: 'wxyz.1' });
    }, 7);
  });
});

describe('the time to a screen', () => {
  /** One order acknowledged at once and shown `afterMs` later, with a fault on the way. */
  function shownAfter(afterMs: number, fault?: { target: string; lastsMs: number }): Entry[] {
    const run = new HistoryWriter();
    run.open('all');
    run.wait(60_000);
    run.place();
    if (fault) run.fault(1, fault.target, fault.lastsMs);
    run.wait(afterMs - (fault?.lastsMs ?? 0));
    run.tell('all');
    return run.end();
  }
  const lateness = (entries: Entry[]) => checkHistory(entries).findings.map(({ guarantee }) => guarantee);

  test('is a second while nothing is broken', () => {
    expect(lateness(shownAfter(900))).toEqual([]);
    expect(lateness(shownAfter(1_200))).toEqual([8]);
  });

  test('is ten seconds from when the last part works again', () => {
    expect(lateness(shownAfter(14_000, { target: 'orders-0', lastsMs: 5_000 }))).toEqual([]);
    expect(lateness(shownAfter(16_000, { target: 'orders-0', lastsMs: 5_000 }))).toEqual([8]);
  });

  test('is thirty-five seconds with Redis down throughout', () => {
    expect(lateness(shownAfter(34_000, { target: 'redis', lastsMs: 33_000 }))).toEqual([]);
    expect(lateness(shownAfter(34_000, { target: 'orders-0', lastsMs: 33_000 }))).toEqual([]);
    expect(lateness(shownAfter(37_000, { target: 'redis', lastsMs: 36_999 }))).toEqual([8]);
    expect(lateness(shownAfter(37_000, { target: 'orders-0', lastsMs: 36_999 }))).toEqual([]);
  });

  test("is not excused by another desk's fault", () => {
    const excusedBy = (target: string) => {
      const run = new HistoryWriter();
      run.open('all');
      run.open('other');
      run.wait(60_000);
      run.place();
      run.tell('other');
      run.fault(1, target, 4_000);
      run.tell('all');
      return lateness(run.end());
    };
    expect(excusedBy('all')).toEqual([]);
    expect(excusedBy('other')).toEqual([8]);
  });

  test('never comes', () => {
    turnsRed((entries) => {
      const cursor = 'wxyz.2';
      for (const entry of entries.filter(
        (entry) => entry.e === 'frame' && entry.desk === 'all' && entry.cursor === 'wxyz.3',
      ))
        drop(entries, entry);
      expect(frameOf(entries, 'all').cursor).toBe(cursor);
    }, 8);
  });
});

describe('a table', () => {
  test('lacks a row that its page should have', () => {
    const run = shortRun();
    run.reload('all');
    const entries = copied(run.end());
    last(entries, 'reload').rows.pop();
    expect(checkHistory(entries).findings.map(({ guarantee, kind }) => [guarantee, kind])).toEqual([[9, 'gap']]);
  });

  test('was led past a row', () => {
    turnsRed((entries) => {
      frameOf(entries, 'all').rows = [];
    }, 9);
  });

  test('was led past everything by a proof of being current', () => {
    turnsRed((entries) => {
      const frame = frameOf(entries, 'all');
      Object.assign(frame, { kind: 'head', rows: undefined, counts: undefined, announced: undefined });
    }, 9);
  });

  test('was brought up to date by a poll alone', () => {
    turnsRed((entries) => {
      const frame = frameOf(entries, 'all');
      entries.splice(entries.indexOf(frame), 0, { ...frame, by: 'poll' });
      Object.assign(frame, { rows: [], announced: [] });
    }, 9);
  });

  test('still shows a row where it no longer belongs', () => {
    turnsRed((entries) => {
      for (const entry of entries) {
        if (entry.e === 'frame' && entry.desk === 'waiting' && entry.cursor === 'wxyz.3') entry.rows = [];
      }
    }, 9);
  });

  test('shows other counts than there are, or counts something twice', () => {
    turnsRed((entries) => {
      frameOf(entries, 'all').counts!.en_cours -= 1;
    }, 9);
    turnsRed((entries) => {
      frameOf(entries, 'all').counts!.en_cours += 1;
    }, 10);
  });

  type Shown = EntryOf<'final'>['desks'][number];
  test.each<[string, (end: Shown) => void, number]>([
    ['without a row', (end) => void end.rows.pop(), 9],
    ['with an old row', (end) => void Object.assign(end.rows[0]!, { version: 1 }), 9],
    ['behind the log', (end) => void Object.assign(end, { cursor: 'wxyz.2' }), 9],
    ['with other counts', (end) => void Object.assign(end.counts, { annulee: 4 }), 9],
    ['unsorted', (end) => void end.rows.reverse(), 9],
    ['with a row twice', (end) => void end.rows.splice(0, 0, end.rows[0]!), 10],
  ])('ends %s', (_, break_, guarantee) => {
    turnsRed((entries) => break_(last(entries, 'final').desks[0]!), guarantee);
  });

  test('may lack what it was told to ask for again, and not a moment longer', () => {
    const told = (reloads: boolean) => {
      const run = shortRun();
      run.place();
      run.reset('all');
      run.place();
      const entries = copied(run.end());
      if (!reloads) drop(entries, last(entries, 'reload'));
      return checkHistory(entries).findings.map(({ guarantee }) => guarantee);
    };
    expect(told(true)).toEqual([]);
    expect(told(false)).toEqual([8]);
  });
});

describe('something is told twice', () => {
  test('as new', () => {
    turnsRed((entries) => {
      const frame = frameOf(entries, 'all');
      frame.announced = frame.rows!.map(({ number }) => number);
    }, 10);
  });

  test('in one frame', () => {
    turnsRed((entries) => {
      const frame = frameOf(entries, 'all');
      frame.rows!.push(frame.rows![0]!);
    }, 10);
  });
});

describe('a refusal', () => {
  test.each([
    ['for want of what is not limited', 'out_of_stock', { productId: 1, quantity: 50 }],
    ['for want of what was never short', 'out_of_stock', { productId: 2, quantity: 50 }],
    ['for a key that nobody else has used', 'key_reused', {}],
    ['of what is valid', 'validation', {}],
  ])('%s', (_, code, order) => {
    const run = shortRun();
    run.refuse(409, code, order);
    expect(checkHistory(run.end()).findings.map(({ guarantee }) => guarantee)).toEqual([4]);
  });

  test('that had an effect', () => {
    const run = shortRun();
    run.place();
    const entries = copied(run.end());
    Object.assign(last(entries, 'answer'), { status: 429, order: undefined });
    expect(checkHistory(entries).findings.map(({ guarantee }) => guarantee)).toEqual([15]);
  });

  test('of a change that was made', () => {
    turnsRed((entries) => {
      last(entries, 'changed').status = 409;
    }, 15);
  });
});

/** What may happen, in any order; arguments are drawn modulo what there is. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('place' as const),
    times: fc.integer({ min: 1, max: 3 }),
    answered: fc.boolean(),
    swap: fc.boolean(),
  }),
  fc.record({ do: fc.constant('change' as const), order: fc.nat(), way: fc.nat() }),
  fc.record({
    do: fc.constantFrom('tell', 'poll', 'beat', 'reset', 'reload', 'reopen'),
    desk: fc.nat(VIEWS.length - 1),
  }),
  fc.record({ do: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 900 }) }),
);

function play(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): Entry[] {
  const run = new HistoryWriter();
  for (const view of VIEWS) run.open(view, view);
  let placed = 0;
  for (const one of steps) {
    if (one.do === 'place') {
      placed += 1;
      // Ids are given before the commit, so two orders in a row may be committed the other way round.
      const id = one.swap ? placed * 10 - 15 : placed * 10;
      run.place({ times: one.times, answered: one.answered, id, productId: 1 + (placed % 2) });
    } else if (one.do === 'change') {
      const order = [...run.orders.values()][one.order % Math.max(1, run.orders.size)];
      const ways = order ? TRANSITIONS[order.status] : [];
      if (order && ways.length > 0) run.change(order.number, ways[one.way % ways.length]!);
    } else if (one.do === 'read') run.read(one.limit);
    else if (one.do === 'wait') {
      // Nobody is told of anything late, or the history is rightly red.
      for (const view of VIEWS) run.tell(view);
      run.wait(one.ms);
    } else {
      const desk = VIEWS[one.desk]!;
      if (one.do === 'tell') run.tell(desk);
      else if (one.do === 'poll') run.tell(desk, 'poll');
      else if (one.do === 'beat') run.beat(desk);
      else if (one.do === 'reset') run.reset(desk);
      else if (one.do === 'reload') run.reload(desk);
      else {
        run.close(desk);
        run.reopen(desk);
      }
    }
  }
  return copied(run.end());
}

test('any run that keeps the promises is green', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      expect(checkHistory(play(steps)).findings).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('without any one event in the log, any row in a frame, or any answered order at the end, none is', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.nat(), fc.nat(2), (steps, which, kind) => {
      const entries = play(steps);
      const final = last(entries, 'final');
      const frames = entries.filter(
        (entry): entry is EntryOf<'frame'> =>
          entry.e === 'frame' &&
          entry.by === 'stream' &&
          (entry.rows ?? []).some(({ status }) => inView(entry.desk, status)),
      );
      if (kind === 0 && final.events.length > 0) final.events.splice(which % final.events.length, 1);
      else if (kind === 1 && frames.length > 0) {
        const frame = frames[which % frames.length]!;
        const present = frame.rows!.findIndex(({ status }) => inView(frame.desk, status));
        frame.rows!.splice(present, 1);
      } else if (kind === 2 && final.orders.length > 0) final.orders.splice(which % final.orders.length, 1);
      else return;
      expect(checkHistory(entries).ok).toBe(false);
    }),
    { numRuns: 60 },
  );
});

const inView = (desk: string, status: string) => desk === 'all' || desk === status;
