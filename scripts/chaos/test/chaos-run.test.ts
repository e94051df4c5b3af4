import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Entry } from '../history.ts';
import { readHistory } from '../record.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** One whose first half minute has nine kinds of faults, a kill, a freeze and a power cut among them. */
const SEED = 158;

const home = mkdtempSync(join(tmpdir(), 'msp-chaos-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The program as people run it, but with what the tests have built. */
function chaos(...args: string[]) {
  const child = spawn(process.execPath, ['scripts/chaos.ts', '--dist', 'dist', ...args], { cwd: ROOT });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = new Promise<number | null>((done) => child.on('close', done));
  return { child, said: () => said, code };
}

test('half a minute of faults breaks nothing that is promised', { timeout: 150_000 }, async () => {
  const out = join(home, 'history.jsonl');
  const run = chaos('--seed', String(SEED), '--minutes', '0.5', '--rate', '8', '--poll-seconds', '5', '--out', out);
  expect(await run.code, run.said()).toBe(0);

  const entries: Entry[] = [...readHistory(out)];
  const begun = entries.filter((entry) => entry.e === 'fault' && entry.phase === 'begin');
  const ended = entries.filter((entry) => entry.e === 'fault' && entry.phase === 'end');
  const kinds = new Set(begun.map((entry) => entry.e === 'fault' && entry.kind));
  expect(kinds.size, run.said()).toBeGreaterThanOrEqual(4);
  expect(ended).toHaveLength(begun.length);
  expect(entries.filter((entry) => entry.e === 'answer' && entry.status === 201).length).toBeGreaterThan(50);
  expect(entries.at(-1)?.e).toBe('final');
  expect(run.said()).toMatch(/^seed 158\n/);
});

test('called off, it ends what it started and says where the history is', { timeout: 60_000 }, async () => {
  const out = join(home, 'called-off.jsonl');
  const run = chaos('--seed', '1', '--minutes', '5', '--rate', '2', '--out', out);
  await expect.poll(run.said, { timeout: 40_000 }).toMatch(/↯/);
  run.child.kill('SIGINT');
  expect(await run.code, run.said()).toBe(130);
  expect(run.said()).toContain(out);
  expect([...readHistory(out)].some(({ e }) => e === 'post')).toBe(true);
});
