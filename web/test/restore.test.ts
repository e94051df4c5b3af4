import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runScript } from '../../scripts/testing/run-script.ts';
import type { TestSystem } from '../../scripts/testing/system.ts';
import { testDirectory } from '../../scripts/testing/test-guard.ts';
import {
  changeStatus,
  freshnessIs,
  openDesk,
  placeOrder,
  signedIn,
  startDesk,
  tableMatchesDatabase,
  tableOf,
} from './desk-window.ts';

const epochOf = async (system: TestSystem) =>
  (await system.db.query<{ epoch: string }>('select epoch from event_head'))[0]!.epoch;

test('after a restored backup open desks show the restored orders, in the new epoch and without a reload', async () => {
  const { system, browser, session } = await startDesk(3);
  const kept = [];
  for (let i = 0; i < 3; i += 1) kept.push(await placeOrder(system, `Avant ${i}`));
  const context = await signedIn(browser, system, {}, session);
  const all = await openDesk(context, system);
  const waiting = await openDesk(context, system, '/admin/orders?view=en_attente');
  const detail = await openDesk(context, system, `/admin/orders/${kept[0]!.number}`);
  for (const page of [all, waiting, detail]) await page.evaluate('window.neverReloaded = true');

  const file = join(testDirectory(), 'shop.backup.gz');
  const env = { DATABASE_URL: system.db.url };
  expect(await runScript('backup.ts', ['--to', file], env)).toMatchObject({ code: 0 });
  const lost = [await placeOrder(system, 'Perdue 1'), await placeOrder(system, 'Perdue 2')];
  await changeStatus(system, session, kept[0]!.number, 'en_cours');
  await changeStatus(system, session, lost[0]!.number, 'annulee');
  await tableMatchesDatabase(all, system);
  const before = await epochOf(system);

  const [orders] = system.processes.orders;
  await orders!.stop();
  expect(await runScript('restore.ts', [file, '--yes'], env)).toMatchObject({ code: 0 });
  await orders!.restart();
  const after = await epochOf(system);
  expect(after).not.toBe(before);

  await tableMatchesDatabase(all, system);
  expect((await tableOf(all)).map(({ number, status }) => [number, status])).toEqual(
    kept.toReversed().map(({ number }) => [number, 'en_attente']),
  );
  await expect.poll(async () => (await tableOf(waiting)).length, { timeout: 30_000 }).toBe(3);
  await expect.poll(() => detail.textContent('.order-now'), { timeout: 30_000 }).toContain('En attente');
  for (const page of [all, waiting]) {
    await expect.poll(() => page.getAttribute('#live-state', 'data-cursor')).toMatch(new RegExp(`^${after}\\.`));
    await freshnessIs(page, 'live');
  }

  // Ids of lost orders are given again; the pages do not take the new orders for the old ones.
  const next = [await placeOrder(system, 'Après 1'), await placeOrder(system, 'Après 2')];
  for (const page of [all, waiting]) {
    for (const { number } of next) await page.waitForSelector(`#order-rows > tr[data-number="${number}"]`);
    expect((await tableOf(page)).map(({ number }) => number)).toEqual(
      [...kept, ...next].toReversed().map(({ number }) => number),
    );
  }
  for (const page of [all, waiting, detail]) expect(await page.evaluate('window.neverReloaded')).toBe(true);
});
