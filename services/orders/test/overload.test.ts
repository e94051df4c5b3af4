import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { createIntake } from '../intake.ts';
import type { Placement } from '../placement.ts';
import { order } from './api.ts';

const LANES = 2;
const MAX_GROUP = 4;
const MAX_WAIT_MS = 100;
const input = PlaceOrderInput.parse(order());
const placed: Placement = {
  kind: 'placed',
  repeat: false,
  answer: { number: '', token: '', status: 'en_attente', totalCents: 0, currency: 'EUR', placedAt: '' },
};

interface Visit {
  atMs: number;
  depth: number;
  waitedMs?: number;
  refused?: boolean;
}

/**
 * Lets orders come at these times to an intake whose groups take these times, one after the other, on a clock of its
 * own, and tells what became of each.
 */
async function simulate(arrivals: readonly number[], groupTimes: readonly number[]): Promise<Visit[]> {
  let nowMs = 0;
  let groups = 0;
  const visits: Visit[] = [];
  const ends: { atMs: number; finish: () => void }[] = [];
  const intake = createIntake({
    lanes: LANES,
    maxGroup: MAX_GROUP,
    maxQueue: 1000,
    maxWaitMs: MAX_WAIT_MS,
    deadlineMs: 600_000,
    now: () => nowMs,
    place: (requests) =>
      new Promise((resolve) => {
        for (const { key } of requests) {
          const visit = visits[Number(key)]!;
          visit.waitedMs = nowMs - visit.atMs;
        }
        const atMs = nowMs + groupTimes[groups++ % groupTimes.length]!;
        ends.push({ atMs, finish: () => resolve(requests.map(() => ({ status: 'fulfilled', value: placed }))) });
      }),
  });
  const passUntil = async (atMs: number) => {
    for (;;) {
      ends.sort((a, b) => a.atMs - b.atMs);
      if (ends.length === 0 || ends[0]!.atMs > atMs) break;
      const end = ends.shift()!;
      nowMs = end.atMs;
      end.finish();
      await new Promise(setImmediate);
    }
    nowMs = Math.max(nowMs, atMs);
  };
  for (const atMs of arrivals.toSorted((a, b) => a - b)) {
    await passUntil(atMs);
    const visit: Visit = { atMs, depth: intake.depth() };
    const key = String(visits.push(visit) - 1);
    intake.submit({ key, bodyHash: key, order: input }).catch(() => {
      visit.refused = true;
    });
    await new Promise(setImmediate);
  }
  await passUntil(Number.POSITIVE_INFINITY);
  return visits;
}

const times = (maxMs: number) =>
  fc.array(fc.integer({ min: 0, max: maxMs }), { minLength: 1, maxLength: 300, size: 'max' });

describe('under overload, the intake', () => {
  test('lets nobody in who would wait much longer than the bound, however many come', async () => {
    // Groups that take half as long again as each other at most: the bound is reckoned, so it is kept as well as
    // the past foretells what comes.
    const paces = fc
      .integer({ min: 1, max: 60 })
      .chain((ms) => fc.array(fc.integer({ min: ms, max: Math.ceil(1.5 * ms) }), { minLength: 1, maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(times(500), paces, async (arrivals, groupTimes) => {
        const slowest = Math.max(...groupTimes);
        const warmUp = Array.from({ length: 20 }, (_, i) => i * 200);
        const visits = await simulate([...warmUp, ...arrivals.map((ms) => 10_000 + ms)], groupTimes);
        for (const { refused, waitedMs } of visits) {
          if (!refused) expect(waitedMs).toBeLessThanOrEqual(Math.max(1.5 * MAX_WAIT_MS, slowest) + slowest);
        }
      }),
    );
  });

  test('refuses nobody while less than a group waits, however slow the database', async () => {
    await fc.assert(
      fc.asyncProperty(times(500), times(5000), async (arrivals, groupTimes) => {
        for (const { refused, depth } of await simulate(arrivals, groupTimes)) {
          if (depth < MAX_GROUP) expect(refused).toBeUndefined();
        }
      }),
    );
  });

  test('lets orders wait through a standstill that is no overload', async () => {
    // Twenty quick groups, then one that waits four seconds for a lock on each lane.
    const before = Array.from({ length: 20 }, (_, i) => i * 100);
    const arrivals = [...before, ...Array.from({ length: 60 }, () => 3000), ...Array.from({ length: 20 }, () => 7001)];
    const groupTimes = [...Array.from({ length: 20 }, () => 5), 4000, 4000, ...Array.from({ length: 30 }, () => 5)];
    expect((await simulate(arrivals, groupTimes)).filter(({ refused }) => refused)).toEqual([]);
  });
});
