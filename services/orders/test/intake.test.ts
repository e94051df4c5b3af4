import { describe, expect, test, vi } from 'vitest';
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

/** Lets the event loop finish its turn. */
const turn = () => new Promise(setImmediate);
const started = (groups: readonly unknown[], count: number) => vi.waitUntil(() => groups.length === count);
const request = (key: string): PlacementRequest => ({ key, bodyHash: key, order: PlaceOrderInput.parse(order()) });
const placed = (token: string): Placement => ({
  kind: 'placed',
  repeat: false,
  answer: { number: '', token, status: 'en_attente', totalCents: 0, currency: 'EUR', placedAt: '' },
});
const tokenOf = (placement: Placement) => placement.kind === 'placed' && placement.answer.token;

describe('the intake', () => {
  test('starts a lone order at once, and groups what comes in one burst, or while the lanes are taken', async () => {
    const { intake, groups } = lanes({ maxGroup: 4, maxQueue: 10 });
    const submit = (...keys: string[]) => keys.map((key) => intake.submit(request(key)));
    const answers = submit('a');
    await turn();
    expect(groups.map(({ keys }) => keys)).toEqual([['a']]);
    answers.push(...submit('b', 'c'));
    await turn();
    answers.push(...submit('d'));
    await started(groups, 2);
    expect(groups[1]!.keys).toEqual(['b', 'c', 'd']);
    answers.push(...submit('e', 'f'));
    await turn();
    answers.push(...submit('g', 'h', 'i'));
    groups[1]!.finish();
    await started(groups, 3);
    expect(groups[2]!.keys).toEqual(['e', 'f', 'g', 'h']);
    groups[0]!.finish();
    await started(groups, 4);
    expect(groups[3]!.keys).toEqual(['i']);
    groups[2]!.finish();
    groups[3]!.finish();
    expect((await Promise.all(answers)).map(tokenOf)).toEqual([...'abcdefghi']);
    await intake.drained();
  });

  test('lets each burst gather, also one that begins as the last one ended', async () => {
    const { intake, groups } = lanes({ maxGroup: 4, maxQueue: 10 });
    const answers = [intake.submit(request('a'))];
    await started(groups, 1);
    answers.push(intake.submit(request('b')), intake.submit(request('c')));
    await started(groups, 2);
    groups[1]!.finish();
    await Promise.all(answers.slice(1));
    answers.push(intake.submit(request('d')), intake.submit(request('e')));
    await turn();
    answers.push(intake.submit(request('f')));
    await started(groups, 3);
    expect(groups[2]!.keys).toEqual(['d', 'e', 'f']);
    groups[0]!.finish();
    groups[2]!.finish();
    expect(await Promise.all(answers)).toHaveLength(6);
  });

  test('shares many out among the lanes', async () => {
    const { intake, groups } = lanes({ maxGroup: 100, maxQueue: 100 });
    const answers = Array.from({ length: 41 }, (_, i) => intake.submit(request(String(i))));
    await started(groups, 2);
    expect(groups.map(({ keys }) => keys.length)).toEqual([21, 20]);
    for (const { finish } of groups) finish();
    expect(await Promise.all(answers)).toHaveLength(41);
  });

  test('sends the next group before it answers the last, and leaves to those who come again their part', async () => {
    const { intake, groups } = lanes({ maxGroup: 100, maxQueue: 100 });
    const submit = (count: number) => Array.from({ length: count }, () => intake.submit(request('a')));
    const first = submit(20);
    await started(groups, 2);
    const later = submit(30);
    await turn();
    // Ten are in flight, ten are about to be answered, thirty wait.
    const answered = first[0]!.then(() => groups.length);
    groups[0]!.finish();
    expect(await answered).toBe(3);
    expect(groups[2]!.keys).toHaveLength(25);
    groups[1]!.finish();
    await started(groups, 4);
    expect(groups[3]!.keys).toHaveLength(5);
    for (const { finish } of groups) finish();
    expect(await Promise.all([...first, ...later])).toHaveLength(50);
  });

  test('refuses what goes beyond the queue, and does nothing with it', async () => {
    const { intake, groups } = lanes();
    const answers = Array.from({ length: 6 }, (_, i) => intake.submit(request(String(i))));
    await expect(answers[5]).rejects.toMatchObject({ status: 503, code: 'overloaded', retryAfterSeconds: 1 });
    expect(intake.depth()).toBe(5);
    await turn();
    while (groups.length > 0) {
      groups.shift()!.finish();
      await turn();
    }
    expect((await Promise.all(answers.slice(0, 5))).map(tokenOf)).toEqual(['0', '1', '2', '3', '4']);
  });

  test('answers at the deadline, and does not begin with what was given up', async () => {
    const { intake, groups } = lanes({ deadlineMs: 50, lanes: 1, maxGroup: 1 });
    const answers = ['a', 'b'].map((key) => intake.submit(request(key)));
    await turn();
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ status: 504, code: 'timeout' });
    expect(intake.depth()).toBe(0);
    groups[0]!.finish();
    await intake.drained();
    expect(groups).toHaveLength(1);
  });

  test('tells each of a failed group, and goes on', async () => {
    const { intake, groups } = lanes({ lanes: 1, maxGroup: 1 });
    const first = intake.submit(request('a'));
    const second = intake.submit(request('b'));
    await turn();
    groups[0]!.finish(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await turn();
    groups[1]!.finish();
    expect(tokenOf(await second)).toBe('b');
  });

  test('is drained only when nothing waits and nothing is in flight', async () => {
    const { intake, groups } = lanes({ lanes: 1, maxGroup: 1 });
    const answers = ['a', 'b'].map((key) => intake.submit(request(key)));
    await turn();
    let drained = false;
    const draining = intake.drained().then(() => {
      drained = true;
    });
    groups[0]!.finish();
    await answers[0];
    await turn();
    expect(drained).toBe(false);
    groups[1]!.finish();
    await draining;
    expect(drained).toBe(true);
  });
});
