import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../servers/free-port.ts';

const WEB = resolve(import.meta.dirname, '../../../dist/web.js');
/** Refuses every write as a full disk does. */
const FULL = '/dev/full';

/** Starts `web` with nobody behind it, so that every page is a logged failure. */
async function startWeb(stdout: 'pipe' | number) {
  const port = await freePort();
  const child = spawn(process.execPath, [WEB], {
    env: { PATH: process.env.PATH, WEB_PORT: String(port), ORDERS_URL: 'http://127.0.0.1:9' },
    stdio: ['ignore', stdout, 'ignore'],
  });
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(answers, { timeout: 20_000 }).toBe(true);
  return { child, url, answers };
}

test('a process goes on when its log cannot be written', async () => {
  const full = openSync(FULL, 'a');
  const { child, url, answers } = await startWeb(full);
  closeSync(full);
  for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(503);
  expect(await answers()).toBe(true);
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await new Promise((done) => child.on('exit', done))).toBe(0);
});

test('a process goes on when nobody reads its log any more', async () => {
  const { child, url, answers } = await startWeb('pipe');
  child.stdout?.destroy();
  for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(503);
  expect(await answers()).toBe(true);
  child.kill('SIGTERM');
  expect(await new Promise((done) => child.on('exit', done))).toBe(0);
});
