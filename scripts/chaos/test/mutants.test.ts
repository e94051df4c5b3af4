import { describe, expect, test } from 'vitest';
import { whyNoSlowDisk } from '../../faults/slow-disk.ts';
import {
  autoIncrement,
  groupFailsAsWhole,
  keyOutside,
  noDurabilityGuard,
  noGapRepair,
  noReplay,
  numbersOutside,
  publishBeforeCommit,
} from '../mutants/mutants.ts';
import { commitCut } from '../mutants/scenarios/commit-cut.ts';
import { killedBeforeDisk } from '../mutants/scenarios/killed-before-disk.ts';
import { messageLost } from '../mutants/scenarios/message-lost.ts';
import { overtaken } from '../mutants/scenarios/overtaken.ts';
import { sameKeyTwice } from '../mutants/scenarios/same-key-twice.ts';
import { sharedGroup } from '../mutants/scenarios/shared-group.ts';
import { streamCut } from '../mutants/scenarios/stream-cut.ts';
import { play } from '../mutants/stage.ts';

const obstacle = whyNoSlowDisk();
if (obstacle) console.warn(`The database is not killed before it writes: ${obstacle}.`);

const SCENARIOS = [
  commitCut,
  overtaken,
  sameKeyTwice,
  sharedGroup,
  streamCut,
  messageLost,
  ...(obstacle ? [] : [killedBeforeDisk]),
];

test('the system itself keeps every promise under each of these faults', async () => {
  const { findings, figures } = await play(SCENARIOS);
  expect(findings).toEqual([]);
  expect(figures.acknowledged).toBe(SCENARIOS.length + (obstacle ? 3 : 3));
});

describe('is found out, by the promise that it breaks:', () => {
  test.each([
    [publishBeforeCommit, commitCut, 5],
    [numbersOutside, overtaken, 6],
    [autoIncrement, overtaken, 6],
    [keyOutside, sameKeyTwice, 2],
    [groupFailsAsWhole, sharedGroup, 4],
    [noReplay, streamCut, 9],
    [noGapRepair, messageLost, 9],
  ] as const)('$name', async (mutant, scenario, guarantee) => {
    const { findings } = await play([scenario], mutant);
    expect(new Set(findings.map((finding) => finding.guarantee))).toContain(guarantee);
  });

  test.skipIf(obstacle)('no durability guard in GET /events', async () => {
    const { findings } = await play([killedBeforeDisk], noDurabilityGuard);
    expect(new Set(findings.map((finding) => finding.guarantee))).toContain(5);
  });
});
