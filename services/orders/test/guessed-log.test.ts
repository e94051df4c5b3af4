import { expect, test } from 'vitest';
import { createGuessedLog, type Ground, type GuessedLog } from '../guessed-log.ts';

const at = (head: number, epoch = 'one', nextOrderId = head + 1): Ground => ({
  log: { epoch, head, en_attente: head, en_cours: 0, terminee: 0, annulee: 0 },
  nextOrderId,
});

/** A group is sent by what is known, and comes back. */
function round(log: GuessedLog, after: Ground | undefined): Ground | undefined {
  const guess = log.guess(undefined);
  log.send(guess)(after);
  return guess;
}

test('the log stands where the last group left it, and nobody knows where while one is on its way', () => {
  const log = createGuessedLog();
  expect(log.guess(undefined)).toBeUndefined();
  const arrived = log.send();
  expect(log.guess(undefined)).toBeUndefined();
  arrived(at(5));
  expect(log.guess(undefined)).toEqual(at(5));
  const onItsWay = log.send(at(5));
  expect(log.guess(undefined)).toBeUndefined();
  onItsWay(at(6));
  expect(log.guess(undefined)).toEqual(at(6));
  log.send()(undefined);
  expect(log.guess(undefined)).toBeUndefined();
});

test('of two groups the one that was written last tells, whichever comes back first', () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const log = createGuessedLog();
    const arrived = [log.send(), log.send()];
    // The second was written first, but drew its ids later.
    const after = [at(9, 'one', 6), at(4, 'one', 10)];
    for (const i of order) arrived[i]!(after[i]);
    expect(log.guess(undefined)).toEqual(at(9, 'one', 10));
  }
});

test('what others are known to have written makes it unknown, and so does another epoch', () => {
  const log = createGuessedLog();
  log.send()(at(5));
  expect(log.guess({ epoch: 'one', seq: 5 })).toEqual(at(5));
  expect(log.guess({ epoch: 'one', seq: 6 })).toBeUndefined();
  expect(log.guess({ epoch: 'two', seq: 5 })).toBeUndefined();
  log.send()(at(2, 'two'));
  expect(log.guess({ epoch: 'two', seq: 2 })).toEqual(at(2, 'two'));
});

test('where it is always wrong it is tried ever more seldom, and where it is right again, as ever', () => {
  const log = createGuessedLog();
  log.send()(at(0));
  const tries: number[] = [];
  for (let i = 0; i < 100; i += 1) {
    const guess = log.guess(undefined);
    if (guess) tries.push(i);
    log.send(guess)(guess ? undefined : at(i));
  }
  // Behind each wrong one, one group without a guess tells where the log stands, and 1, 2, 4 … more are spared.
  expect(tries).toEqual([0, 3, 7, 13, 23, 41, 75]);
  for (let i = 0; i < 300; i += 1) round(log, at(i));
  expect(Array.from({ length: 5 }, (_, i) => round(log, at(300 + i)))).not.toContain(undefined);
  expect(round(log, undefined)).toBeDefined();
  expect(round(log, at(400))).toBeUndefined();
  expect(round(log, at(401))).toBeUndefined();
  expect(round(log, at(402))).toBeDefined();
});
