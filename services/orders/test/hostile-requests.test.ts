import { beforeAll, describe, expect, test, vi } from 'vitest';
import { addressCases } from '../../../scripts/testing/hostile/address-cases.ts';
import { complaintsAbout, errorsIn, type Face, serverErrors } from '../../../scripts/testing/hostile/complaints.ts';
import { FIELD_CASES } from '../../../scripts/testing/hostile/field-cases.ts';
import { FRAMING_CASES } from '../../../scripts/testing/hostile/framing-cases.ts';
import { headerCases } from '../../../scripts/testing/hostile/header-cases.ts';
import { placingOrder, type Target } from '../../../scripts/testing/hostile/hostile-case.ts';
import { JSON_CASES } from '../../../scripts/testing/hostile/json-cases.ts';
import { NUMBER_CASES } from '../../../scripts/testing/hostile/number-cases.ts';
import { readState } from '../../../scripts/testing/hostile/read-state.ts';
import { HOSTILE_TEXTS, typedInto } from '../../../scripts/testing/hostile/text-cases.ts';
import type { WireAnswer } from '../../../scripts/testing/hostile/wire.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import { parseCursor } from '../../../shared/contracts/cursor.ts';
import type { EventPage } from '../../../shared/contracts/event.ts';
import type { OrderDetail, ShopperOrder } from '../../../shared/contracts/order.ts';
import { Problem } from '../../../shared/contracts/problem.ts';
import { ask, order, PRODUCTS_SQL, place } from './api.ts';

/** Each a hundred requests, on machines that are busy with other tests. */
vi.setConfig({ testTimeout: 180_000 });

let orders: TestOrders;
let target: Target;
let face: Face;

beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  const session = await signIn(orders.url, TEST_ADMIN);
  const { body: placed } = await place(orders.url);
  const list = await ask<{ cursor: string }>(`${orders.url}/orders`, { token: session });
  const cursor = parseCursor(list.body.cursor)!;
  target = { session, serviceToken: orders.settings.SERVICE_TOKEN, order: placed, cursor };
  face = { url: orders.url, state: () => readState(orders.db), judge: wrongWithAnswer };
});

/** What a program that is refused can rely on, whatever it sent. */
function wrongWithAnswer({ status, headers, body }: WireAnswer): string[] {
  if (status < 400) return [];
  const wrong: string[] = [];
  const problem = body === '' ? undefined : Problem.safeParse(JSON.parse(body));
  // The parser answers HEAD like anything else, and an unmet expectation without a body.
  if (status !== 417 && !problem?.success) wrong.push(`${status} is no problem: ${body.slice(0, 100)}`);
  if (status !== 417 && headers.get('content-type') !== 'application/problem+json') wrong.push('another content type');
  if (problem?.success && ![status, 431, 408].includes(problem.data.status)) wrong.push('two statuses');
  if (status === 405 && !headers.get('allow')) wrong.push('405 without Allow');
  if (status === 401 && headers.get('www-authenticate') !== 'Bearer') wrong.push('401 without a challenge');
  return wrong;
}

describe('whatever is sent, it is taken or refused as it must be, and a refusal changes nothing:', () => {
  test('numbers', async () => {
    expect(await complaintsAbout(face, NUMBER_CASES)).toEqual([]);
  });
  test('bodies', async () => {
    expect(await complaintsAbout(face, JSON_CASES)).toEqual([]);
  });
  test('fields', async () => {
    expect(await complaintsAbout(face, FIELD_CASES)).toEqual([]);
  });
  test('headers', async () => {
    expect(await complaintsAbout(face, headerCases(target))).toEqual([]);
  });
  test('framing', async () => {
    expect(await complaintsAbout(face, FRAMING_CASES)).toEqual([]);
  });
  test('methods, paths and queries', async () => {
    expect(await complaintsAbout(face, addressCases(target))).toEqual([]);
  });
  test('texts, as a name and as notes', async () => {
    const cases = HOSTILE_TEXTS.flatMap(typedInto).map(({ name, fields, taken }) => ({
      name,
      request: placingOrder(fields),
      must: taken ? 201 : 400,
    }));
    expect(await complaintsAbout(face, cases)).toEqual([]);
  });
});

test('every text that is taken comes out of every answer, and out of the table, to the letter', async () => {
  for (const { what, text, name: isName, notes: isNotes, kept = text } of HOSTILE_TEXTS) {
    if (!isNotes) continue;
    const { body: placed } = await place(orders.url, order({ notes: text, ...(isName ? { name: text } : {}) }));
    const name = isName ? kept : order().name;
    const detail = await ask<OrderDetail>(`${orders.url}/orders/${placed.number}`, { token: target.session });
    const shopper = await ask<ShopperOrder>(`${orders.url}/orders/by-token/${placed.token}`);
    const after = parseCursor(detail.body.cursor)!;
    const events = await ask<EventPage>(`${orders.url}/events?after=${after.epoch}.${after.seq - 1}`, {
      token: target.session,
    });
    const [row] = await orders.db.query<{ name: string; notes: string | null }>(
      'select name, notes from orders where number = ?',
      [placed.number],
    );
    const notes = kept || null;
    expect([what, row]).toEqual([what, { name, notes }]);
    expect([what, detail.body.order]).toEqual([what, expect.objectContaining({ name, notes })]);
    expect([what, events.body.events[0]?.order]).toEqual([what, detail.body.order]);
    expect([what, shopper.body.name]).toEqual([what, name]);
  }
});

test('a name is found by its beginning, whatever it holds and however its letters are written', async () => {
  for (const { what, text, name, kept = text } of HOSTILE_TEXTS) {
    if (!name) continue;
    for (const q of [kept, text.trim()]) {
      const found = await ask<{ orders: { name: string }[] }>(
        `${orders.url}/orders?${new URLSearchParams({ q, limit: '200' })}`,
        { token: target.session },
      );
      expect([what, found.status, found.body.orders?.some((one) => one.name === kept)]).toEqual([what, 200, true]);
    }
  }
});

test('after all of it the process is the same, has no error to tell of, and takes the next order', async () => {
  expect(orders.processes[0]!.isRunning()).toBe(true);
  expect(orders.processes[0]!.logs().match(/"listening"/g)).toHaveLength(1);
  expect(errorsIn(orders.processes[0]!.logs())).toEqual([]);
  expect((await place(orders.url)).status).toBe(201);
  expect(serverErrors(await (await fetch(`${orders.url}/metrics`)).text())).toEqual([]);
});
