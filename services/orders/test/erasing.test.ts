import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { CustomerExport, type CustomerSummary } from '../../../shared/contracts/customer.ts';
import { EventPage, type OrderEvent } from '../../../shared/contracts/event.ts';
import type { OrderDetail, ShopperOrder } from '../../../shared/contracts/order.ts';
import type { Status } from '../../../shared/contracts/status.ts';
import type { Told } from '../append-events.ts';
import { CHANGES_POOL, connect } from '../connect.ts';
import { createDurability } from '../durability.ts';
import { forgetCustomers } from '../forget-customers.ts';
import { readSettings } from '../settings.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

const DAY_MS = 24 * 3_600_000;

let orders: TestOrders;
let admin: string;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  await orders.db.query(PRODUCTS_SQL);
  admin = await signIn(orders.url, TEST_ADMIN);
});

const person = (mark: string) => ({
  name: `Ludivine ${mark}`,
  email: `Ludivine.${mark}@Exemple.fr`,
  phone: `06 ${Buffer.from(mark).readUInt32BE()}`,
  notes: `Sonnez chez ${mark}`,
});

async function move(number: string, ...statuses: Status[]): Promise<void> {
  for (const [i, status] of statuses.entries()) {
    const json = { status, version: i + 1 };
    const { status: code } = await ask(`${orders.url}/orders/${number}`, { method: 'PATCH', json, token: admin });
    expect(code).toBe(200);
  }
}

async function placeEnded(mark: string, changes = {}, ending: Status[] = ['en_cours', 'terminee']) {
  const { body } = await place(orders.url, order({ ...person(mark), ...changes }));
  await move(body.number, ...ending);
  return body;
}

const about = <Body = Record<string, unknown>>(what: 'find' | 'export' | 'erase', email: string) =>
  ask<Body & { code?: string; orders?: unknown }>(`${orders.url}/customers/${what}`, {
    method: 'POST',
    json: { email },
    token: admin,
  });
const detail = async (number: string) =>
  (await ask<OrderDetail>(`${orders.url}/orders/${number}`, { token: admin })).body;
const events = async (query = 'limit=500') =>
  (await ask<EventPage>(`${orders.url}/events?${query}`, { token: orders.settings.SERVICE_TOKEN })).body;

/** Every table as text: what is not in there is nowhere. */
async function wholeDatabase(): Promise<string> {
  const tables = await orders.db.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = database()',
  );
  const contents = await Promise.all(tables.map(({ name }) => orders.db.query(`select * from \`${name}\``)));
  expect(tables.length).toBeGreaterThan(8);
  return JSON.stringify(contents);
}

describe('erasing a customer', () => {
  test('leaves nothing of them in any table, and everything that the books need', async () => {
    const first = await placeEnded('Vidal');
    const second = await placeEnded('Vidal', { email: 'ludivine.vidal@exemple.fr' }, ['annulee']);
    const other = await placeEnded('Autre');
    const before = await detail(first.number);
    expect(await wholeDatabase()).toMatch(/vidal/i);

    expect(await about('erase', 'LUDIVINE.vidal@exemple.FR')).toMatchObject({
      status: 200,
      body: { erased: 2, complete: true },
    });
    expect(await wholeDatabase()).not.toMatch(new RegExp(`vidal|${person('Vidal').phone}`, 'i'));
    const after = await detail(first.number);
    expect(after.order).toEqual({
      ...before.order,
      name: '',
      email: '',
      phone: null,
      notes: null,
      version: 4,
      changedAt: after.order.changedAt,
      changedBy: 'admin',
      erasedAt: after.order.changedAt,
    });
    expect((await detail(second.number)).order.status).toBe('annulee');
    expect((await detail(other.number)).order.name).toBe('Ludivine Autre');
  });

  test('stands in the history of each order, with who did it and when', async () => {
    const { number } = await placeEnded('Histoire');
    await about('erase', person('Histoire').email);
    const { history, order: now } = await detail(number);
    expect(history.at(-1)).toMatchObject({
      type: 'order.erased',
      status: 'terminee',
      by: 'admin',
      at: now.erasedAt,
    });
  });

  test('goes on at the end of a dense log with exact counts, and what a catch-up replays holds no name', async () => {
    const { number } = await placeEnded('Rejeu');
    const { epoch, head: start } = await events('limit=0');
    await about('erase', person('Rejeu').email);
    const page = await events(`after=${epoch}.${start}`);
    expect(page.events.map(({ seq, type, previousStatus }) => [seq, type, previousStatus])).toEqual([
      [start + 1, 'order.erased', 'terminee'],
    ]);
    const whole = await events();
    expect(EventPage.parse(whole)).toEqual(whole);
    expect(whole.events.map(({ seq }) => seq)).toEqual(whole.events.map((_, i) => i + 1));
    const own = whole.events.filter((event) => event.order.number === number);
    expect(own.map((event) => [event.type, event.order.name, event.order.phone, event.order.notes])).toEqual([
      ['order.placed', '', null, null],
      ['order.status_changed', '', null, null],
      ['order.status_changed', '', null, null],
      ['order.erased', '', null, null],
    ]);
    expect(own.every((event) => event.order.erasedAt === own.at(-1)!.at)).toBe(true);
    expect(whole.events.at(-1)!.counts).toEqual(whole.events.at(-2)!.counts);
  });

  test('waits for orders that have not ended, names them, and erases nothing meanwhile', async () => {
    const done = await placeEnded('Attente');
    const open = (await place(orders.url, order(person('Attente')))).body;
    const refused = await about('erase', person('Attente').email);
    expect(refused).toMatchObject({ status: 409, body: { code: 'unfinished_orders', orders: [open.number] } });
    expect((await detail(done.number)).order.name).toBe('Ludivine Attente');
    await move(open.number, 'annulee');
    expect((await about('erase', person('Attente').email)).body).toMatchObject({ erased: 2 });
  });

  test('by both processes at once erases each order once, and again finds nothing', async () => {
    await Promise.all(Array.from({ length: 12 }, () => placeEnded('Deux', {}, ['annulee'])));
    const answers = await Promise.all(
      [...orders.processes, ...orders.processes, ...orders.processes].map(({ url }) =>
        ask<{ erased: number }>(`${url}/customers/erase`, {
          method: 'POST',
          json: { email: person('Deux').email },
          token: admin,
        }),
      ),
    );
    expect(answers.reduce((sum, { body }) => sum + body.erased, 0)).toBe(12);
    expect((await about('erase', person('Deux').email)).body).toMatchObject({ erased: 0, complete: true });
    const twice = await orders.db.query(
      "select order_id from order_events where type = 'order.erased' group by order_id having count(*) > 1",
    );
    expect(twice).toEqual([]);
  });

  test('takes the hash of what was sent from its key, which still orders nothing twice', async () => {
    const body = order(person('Clef'));
    const placed = (await place(orders.url, body, 'clef-1')).body;
    await move(placed.number, 'annulee');
    const { name, email, phone, notes, lines } = body;
    const sent = JSON.stringify({ name, email, phone, notes, lines });
    const hash = createHash('sha256').update(sent).digest('base64url');
    expect(await wholeDatabase()).toContain(hash);
    await about('erase', body.email);
    expect(await wholeDatabase()).not.toContain(hash);
    const again = await place(orders.url, body, 'clef-1');
    expect([again.status, again.body.code]).toEqual([422, 'key_reused']);
  });

  test('leaves the shopper’s link open, without the name and with the times of each step', async () => {
    const { token } = await placeEnded('Lien');
    const shown = async () => (await ask<ShopperOrder>(`${orders.url}/orders/by-token/${token}`)).body;
    const before = await shown();
    await about('erase', person('Lien').email);
    const after = await shown();
    expect(after).toMatchObject({ name: '', lines: before.lines, totalCents: before.totalCents, status: 'terminee' });
    expect(after.history).toEqual(before.history);
  });
});

describe('a customer’s copy', () => {
  test('holds all of their orders, however the e-mail was typed, and names nobody of the team', async () => {
    const first = await placeEnded('Copie');
    const second = (await place(orders.url, order({ ...person('Copie'), email: 'LUDIVINE.COPIE@EXEMPLE.FR' }))).body;
    const { status, body } = await about<CustomerExport>('export', 'ludivine.copie@exemple.fr');
    expect(status).toBe(200);
    const copy = CustomerExport.parse(body);
    expect(copy.orders.map(({ number }) => number)).toEqual([first.number, second.number]);
    const { version: _, changedBy: __, id: ___, ...known } = (await detail(first.number)).order;
    expect(copy.orders[0]).toEqual({
      ...known,
      teamNotes: [],
      history: [
        { type: 'order.placed', status: 'en_attente', at: known.placedAt },
        { type: 'order.status_changed', status: 'en_cours', at: expect.any(String) },
        { type: 'order.status_changed', status: 'terminee', at: known.changedAt },
      ],
    });
    expect(copy.orders[1]).toMatchObject({ email: 'LUDIVINE.COPIE@EXEMPLE.FR', phone: person('Copie').phone });
    expect(JSON.stringify(body)).not.toContain('admin');
    expect((await about<CustomerSummary>('find', 'ludivine.copie@exemple.fr')).body).toEqual({
      orders: 2,
      firstPlacedAt: first.placedAt,
      lastPlacedAt: second.placedAt,
      unfinished: [second.number],
    });
  });

  test('of somebody unknown is empty, and of what is no e-mail there is none', async () => {
    expect((await about<CustomerExport>('export', 'personne@exemple.fr')).body.orders).toEqual([]);
    expect((await about('find', 'personne@exemple.fr')).body).toMatchObject({ orders: 0, firstPlacedAt: null });
    for (const email of ['', '%', 'a@b', 'x'.repeat(300)]) expect((await about('erase', email)).status).toBe(400);
  });
});

test('retention erases what ended long enough ago, once, whoever is at it, and never what has not ended', async () => {
  const old = await placeEnded('Vieux');
  const cancelled = await placeEnded('Ancien', {}, ['annulee']);
  const young = await placeEnded('Jeune');
  const open = (await place(orders.url, order(person('Ouvert')))).body;
  const now = new Date(Date.now() + 1000 * DAY_MS);
  const ended = (number: string, days: number) =>
    orders.db.query('update orders set changed_at = ? where number = ?', [
      new Date(now.getTime() - days * DAY_MS),
      number,
    ]);
  // Whatever other tests have left ends today.
  await orders.db.query('update orders set changed_at = ?', [now]);
  await Promise.all([ended(old.number, 31), ended(cancelled.number, 30.1), ended(young.number, 29.9)]);
  await ended(open.number, 900);

  const db = connect(orders.db.url, CHANGES_POOL);
  const told: Told[] = [];
  const deps = { db, durability: createDurability(db), announce: (appended: Told) => void told.push(appended) };
  const counts = await Promise.all([forgetCustomers(deps, 30, now), forgetCustomers(deps, 30, now)]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(2);
  expect(await forgetCustomers(deps, 30, now)).toBe(0);
  await db.destroy();

  const erased = told.flatMap(({ snapshots }) =>
    snapshots.map((event) => (JSON.parse(event) as OrderEvent).order.number),
  );
  expect(erased.sort()).toEqual([old.number, cancelled.number].sort());
  expect(await wholeDatabase()).not.toMatch(/Vieux|Ancien/);
  expect((await detail(young.number)).order.name).toBe('Ludivine Jeune');
  expect((await detail(open.number)).order.name).toBe('Ludivine Ouvert');
  expect((await detail(old.number)).history.at(-1)).toMatchObject({ type: 'order.erased', by: null });
});

test('retention is a setting of the process: in days, none unless told', async () => {
  const { number } = await placeEnded('Delai');
  await orders.db.query('update orders set changed_at = ? where number = ?', [
    new Date(Date.now() - 2 * DAY_MS),
    number,
  ]);
  await startProcess('orders', { ...orders.settings, PERSONAL_DATA_DAYS: '1' });
  await expect.poll(async () => (await detail(number)).order.name, { timeout: 20_000 }).toBe('');
  for (const wrong of ['-1', '1.5', 'thirty', '36501'])
    expect(() => readSettings({ PERSONAL_DATA_DAYS: wrong })).toThrow('PERSONAL_DATA_DAYS:');
});
