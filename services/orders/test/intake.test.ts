import { describe, expect, test } from 'vitest';
import { PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { createIntake, type IntakeOptions } from '../intake.ts';
import type { Placement, PlacementRequest } from '../placement.ts';
import { order } from './api.ts';

/** Places groups when told to, and remembers them. */
function lanes(options: Partial<IntakeOptions> = {}) {
  const groups: { keys: string[]; finish: (failure?: Error) => void }[] = [];
  const intake = createIntake({
    lanes: 2,
    maxGroup: 3,
    maxQueue: 5,
    maxWaitMs: 1000,
    deadlineMs: 10_000,
    place: (requests) =>
      new Promise((resolve) =>
        groups.push({
          keys: requests.map(({ key }) => key),
          finish: (reason) =>
            resolve(
              requests.map(({ key }) =>
                reason ? { status: 'rejected', reason } : { status: 'fulfilled', value: placed(key) },
              ),
            ),
        }),
      ),
    ...options,
  });
  return { intake, groups };
}

const request = (key: string): PlacementRequest => ({ key, bodyHash: key, order: PlaceOrderInput.parse(order()) });
const placed = (token: string): Placement => ({
  kind: 'placed',
  repeat: false,
  answer: { number: '', token, status: 'en_attente', totalCents: 0, currency: 'EUR', placedAt: '' },
});
const tokenOf = (placement: Placement) => placement.kind === 'placed' && placement.answer.token;

describe('the intake', () => {
  test('starts a lone order at once, and groups what comes while the lanes are taken', async () => {
    const { intake, groups } = lanes();
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => intake.submit(request(key)));
    expect(groups.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    groups[1]!.finish();
    await answers[1];
    expect(groups[2]!.keys).toEqual(['c', 'd', 'e']);
    groups[0]!.finish();
    await answers[0];
    expect(groups[3]!.keys).toEqual(['f']);
    groups[2]!.finish();
    groups[3]!.finish();
    expect((await Promise.all(answers)).map(tokenOf)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    await intake.drained();
  });

  test('refuses what goes beyond the queue, and does nothing with it', async () => {
    const { intake, groups } = lanes();
    const answers = Array.from({ length: 8 }, (_, i) => intake.submit(request(String(i))));
    await expect(answers[7]).rejects.toMatchObject({ status: 503, code: 'overloaded', retryAfterSeconds: 1 });
    expect(intake.depth()).toBe(5);
    while (groups.length > 0) {
      groups.shift()!.finish();
      await new Promise(setImmediate);
    }
    expect((await Promise.all(answers.slice(0, 7))).map(tokenOf)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  test('answers at the deadline, and does not begin with what was given up', async () => {
    const { intake, groups } = lanes({ deadlineMs: 1, lanes: 1 });
    const answers = ['a', 'b'].map((key) => intake.submit(request(key)));
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ status: 504, code: 'timeout' });
    expect(intake.depth()).toBe(0);
    groups[0]!.finish();
    await intake.drained();
    expect(groups).toHaveLength(1);
  });

  test('tells each of a failed group, and goes on', async () => {
    const { intake, groups } = lanes({ lanes: 1 });
    const first = intake.submit(request('a'));
    const second = intake.submit(request('b'));
    groups[0]!.finish(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await new Promise(setImmediate);
    groups[1]!.finish();
    expect(tokenOf(await second)).toBe('b');
  });

  test('is drained only when nothing waits and nothing is in flight', async () => {
    const { intake, groups } = lanes({ lanes: 1 });
    const answers = ['a', 'b'].map((key) => intake.submit(request(key)));
    let drained = false;
    const draining = intake.drained().then(() => {
      drained = true;
    });
    groups[0]!.finish();
    await answers[0];
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    groups[1]!.finish();
    await draining;
    expect(drained).toBe(true);
  });
});
