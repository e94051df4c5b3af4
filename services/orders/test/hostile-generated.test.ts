import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { askOperation, PICTURE } from '../../../scripts/testing/hostile/ask-operation.ts';
import { breakages } from '../../../scripts/testing/hostile/break-constraints.ts';
import { errorsIn, serverErrors } from '../../../scripts/testing/hostile/complaints.ts';
import { type Operation, readDescription } from '../../../scripts/testing/hostile/description.ts';
import { anyIngredients } from '../../../scripts/testing/hostile/generate-any.ts';
import { rightIngredients } from '../../../scripts/testing/hostile/generate-right.ts';
import type { Known } from '../../../scripts/testing/hostile/ingredients.ts';
import { readState } from '../../../scripts/testing/hostile/read-state.ts';
import { send, type WireAnswer } from '../../../scripts/testing/hostile/wire.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import { signSessionToken } from '../../../shared/contracts/session-token.ts';
import { ask, CARD, HONEY, PRODUCTS_SQL, place } from './api.ts';
import { type Schema, violations } from './conform.ts';

// The checks that fuzzers of APIs make (Schemathesis, RESTler, CATS), from the description that the service itself
// gives. A route that is added is checked without being named here.

/** The same requests in every run; another seed is worth a try by hand. */
const SEED = Number(process.env.HOSTILE_SEED ?? 20261122);
const RUNS = 15;
const PICTURE_HASH = '0'.repeat(32);
/** Some thousand requests in all, on machines that are busy with other tests. */
vi.setConfig({ testTimeout: 180_000 });

let orders: TestOrders;
let operations: Operation<Schema>[];
let known: Known;
/** One session for each operation, so that one that ends its session ends no other's. */
const sessions = new Map<Operation<Schema>, string>();
let ended: string;
let shopper: string;

beforeAll(async () => {
  orders = await startOrders();
  await orders.db.query(PRODUCTS_SQL);
  const placed = await Promise.all(Array.from({ length: 4 }, () => place(orders.url)));
  shopper = placed[0]!.body.token;
  await createAdmin(orders.db, { ...TEST_ADMIN, email: 'spare@msp.example', name: 'Spare', role: 'staff' });
  operations = await readDescription<Schema>(orders.url);
  for (const [i, operation] of operations.entries()) {
    if (operation.openedBy.length > 0) sessions.set(operation, await signIn(orders.url, await adminFor(operation, i)));
  }
  const [spare] = await orders.db.query<{ id: number }>("select id from admins where email = 'spare@msp.example'");
  await orders.db.query('insert into product_pictures values (?, from_base64(?), utc_timestamp(3))', [
    PICTURE_HASH,
    PICTURE.toString('base64'),
  ]);
  ended = await signIn(orders.url, TEST_ADMIN);
  await ask(`${orders.url}/sessions/current`, { method: 'DELETE', token: ended });
  const { body } = await ask<{ epoch: string }>(`${orders.url}/events`, { token: orders.settings.SERVICE_TOKEN });
  known = {
    productId: fc.constantFrom(HONEY, CARD),
    hash: fc.constant(PICTURE_HASH),
    token: fc.constantFrom(...placed.map(({ body }) => body.token)),
    number: fc.constantFrom(...placed.map(({ body }) => body.number)),
    after: fc.constantFrom(`${body.epoch}.0`, `${body.epoch}.1`),
    // A key makes one order; another body with it is told 422, which is tested in its own place.
    'idempotency-key': fc.uuid().map(() => randomUUID()),
    adminId: fc.constant(spare!.id),
    password: fc.constantFrom(TEST_ADMIN.password, 'not the right one'),
    // Wrong passwords slow sign-ins down: not for the admin whose sessions are used here.
    email: fc.emailAddress().filter((text) => /^[\w+.]+@[a-z0-9.-]+\.[a-z]+$/i.test(text) && text.length < 100),
  };
});

/** What changes an account, or ends its sessions, has one of its own. */
async function adminFor({ path }: Operation<Schema>, i: number): Promise<{ email: string; password: string }> {
  if (!path.startsWith('/account')) return TEST_ADMIN;
  const admin = { ...TEST_ADMIN, email: `admin-${i}@msp.example` };
  await createAdmin(orders.db, { ...admin, name: `Admin ${i}` });
  return admin;
}

const nameOf = ({ method, path }: Operation<unknown>) => `${method} ${path}`;
const bearerOf = (operation: Operation<Schema>) =>
  operation.openedBy.includes('session') ? sessions.get(operation) : orders.settings.SERVICE_TOKEN;

/** Where an answer is not as the description says. */
function unlike(operation: Operation<Schema>, { status, headers, body }: WireAnswer): string[] {
  const described = operation.answers[status];
  if (!described) return [`${status} is not described: ${body.slice(0, 200)}`];
  const type = headers.get('content-type');
  if (Object.keys(described).length === 0) return body === '' ? [] : [`${status} has a body`];
  const schema = type === null ? undefined : described[type];
  if (!schema) return [`${status} as ${type} is not described`];
  const wrong = type?.includes('json') ? violations(schema, JSON.parse(body)) : [];
  if (headers.get('cache-control') !== 'no-store') wrong.push('may be stored');
  if (headers.get('x-content-type-options') !== 'nosniff') wrong.push('may be sniffed');
  return wrong;
}

test('the description tells of operations enough to be worth all this', () => {
  expect(operations.length).toBeGreaterThanOrEqual(12);
  expect(operations.filter(({ openedBy }) => openedBy.length > 0).length).toBeGreaterThanOrEqual(8);
  console.info(`hostile requests are generated from seed ${SEED}`);
});

test('what is right by the description is taken', async () => {
  for (const operation of operations) {
    const bearer = operation.openedBy.length > 0 ? bearerOf(operation) : undefined;
    const right = rightIngredients(operation, { known }).map(atMost99OfEach);
    const once = operation.method === 'DELETE';
    await fc.assert(
      fc.asyncProperty(right, async (ingredients) => {
        const answer = await askOperation(orders.url, operation, ingredients, bearer);
        expect([nameOf(operation), unlike(operation, answer)]).toEqual([nameOf(operation), []]);
        // A number and an e-mail that nobody ordered by are a right question, too.
        const unknown = operation.path === '/find-order' && answer.status === 404;
        const refused = !unknown && [400, 403, 404, 405, 413, 415, 422, 500, 503, 504].includes(answer.status);
        expect([nameOf(operation), refused && answer.body]).toEqual([nameOf(operation), false]);
      }),
      { seed: SEED, numRuns: once ? 1 : RUNS },
    );
  }
});

/** A rule between lines, which a description cannot state. */
function atMost99OfEach<Made extends { body?: unknown }>(made: Made): Made {
  const body = made.body as { lines?: { productId: number; quantity: number }[] } | undefined;
  if (!body?.lines) return made;
  const lines = [...new Map(body.lines.map((line) => [line.productId, line])).values()];
  return { ...made, body: { ...body, lines } };
}

test('each constraint that is broken, alone, is told 400 and which field it was, and changes nothing', async () => {
  let count = 0;
  for (const operation of operations) {
    const bearer = operation.openedBy.length > 0 ? await freshBearer(operation) : undefined;
    const [right] = fc.sample(rightIngredients(operation, { known, whole: true }).map(atMost99OfEach), {
      seed: SEED,
      numRuns: 1,
    });
    const before = await readState(orders.db);
    for (const { what, field, spoil } of breakages(operation)) {
      const name = `${nameOf(operation)} with ${what}`;
      const answer = await askOperation(orders.url, operation, spoil(right!), bearer);
      expect([name, answer.status, answer.body.slice(0, 200)]).toEqual([name, 400, expect.any(String)]);
      expect([name, unlike(operation, answer)]).toEqual([name, []]);
      const { errors = [] } = JSON.parse(answer.body) as Problem;
      expect([name, errors.map(({ path }) => path).some((path) => path.startsWith(field))]).toEqual([name, true]);
      expect([name, await readState(orders.db)]).toEqual([name, before]);
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(150);
});

/** The session that operation was given may have been ended by it. */
async function freshBearer(operation: Operation<Schema>): Promise<string> {
  if (operation.method === 'DELETE') return signIn(orders.url, TEST_ADMIN);
  return bearerOf(operation)!;
}

test('whatever is sent instead is answered as described, without a server error, and a refusal changes nothing', async () => {
  for (const operation of operations) {
    if (operation.method === 'DELETE') continue;
    const bearer = operation.openedBy.length > 0 ? bearerOf(operation) : undefined;
    let before = await readState(orders.db);
    await fc.assert(
      fc.asyncProperty(anyIngredients(operation, { known }), async (ingredients) => {
        const answer = await askOperation(orders.url, operation, ingredients, bearer);
        expect([nameOf(operation), answer.status < 500, unlike(operation, answer)]).toEqual([
          nameOf(operation),
          true,
          [],
        ]);
        const after = await readState(orders.db);
        if (answer.status >= 400) expect(after).toEqual(before);
        before = after;
      }),
      { seed: SEED, numRuns: RUNS * 2 },
    );
  }
});

describe('every closed operation', () => {
  test('is closed to whoever shows nothing, nonsense, or what was good for something else or once', async () => {
    const sessionId = sessions.values().next().value!.split('.')[0]!;
    const signed = (secret: string, inMs: number, id = sessionId) =>
      signSessionToken(secret, { sessionId: id, expiresAtMs: Date.now() + inMs });
    const strangers: [what: string, bearer: string | undefined][] = [
      ['nothing', undefined],
      ['nonsense', 'x'],
      ['an expired session', signed(orders.settings.SESSION_SECRET, -1000)],
      ['a session that nobody opened', signed(orders.settings.SESSION_SECRET, 60_000, 'A'.repeat(22))],
      ['a session of another shop', signed('x'.repeat(43), 60_000)],
      ['an ended session', ended],
      ["a shopper's token", shopper],
      ['the secret itself', orders.settings.SESSION_SECRET],
      ['a password', TEST_ADMIN.password],
    ];
    for (const operation of operations.filter(({ openedBy }) => openedBy.length > 0)) {
      const [right] = fc.sample(rightIngredients(operation, { known, whole: true }), { seed: SEED, numRuns: 1 });
      const before = await readState(orders.db);
      for (const [what, bearer] of strangers) {
        const answer = await askOperation(orders.url, operation, right!, bearer);
        expect([nameOf(operation), what, answer.status]).toEqual([nameOf(operation), what, 401]);
        expect([nameOf(operation), what, unlike(operation, answer)]).toEqual([nameOf(operation), what, []]);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      const wrongKind = {
        session: operation.openedBy.includes('service') ? undefined : orders.settings.SERVICE_TOKEN,
        service: operation.openedBy.includes('session') ? undefined : sessions.values().next().value,
      };
      for (const bearer of Object.values(wrongKind).filter((token) => token !== undefined)) {
        const answer = await askOperation(orders.url, operation, right!, bearer);
        expect([nameOf(operation), answer.status]).toEqual([nameOf(operation), 403]);
      }
      expect([nameOf(operation), await readState(orders.db)]).toEqual([nameOf(operation), before]);
    }
  });

  test('stays closed with a session after its end, and ending it again is refused like anything else', async () => {
    const token = await signIn(orders.url, TEST_ADMIN);
    expect((await ask(`${orders.url}/sessions/current`, { method: 'DELETE', token })).status).toBe(204);
    for (const operation of operations.filter(({ openedBy }) => openedBy.includes('session'))) {
      const [right] = fc.sample(rightIngredients(operation, { known, whole: true }), { seed: SEED, numRuns: 1 });
      const answer = await askOperation(orders.url, operation, right!, token);
      expect([nameOf(operation), answer.status]).toEqual([nameOf(operation), 401]);
    }
  });
});

test('a method that an address does not have is told 405, and which it has', async () => {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  for (const [path, described] of byPath) {
    const has = new Set(described.map(({ method }) => method));
    if (has.has('GET')) has.add('HEAD');
    const target = path.replace(/\{\w+\}/g, 'x');
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
      if (has.has(method)) continue;
      const answer = await send(orders.url, { method, target });
      const allowed = answer?.headers.get('allow')?.split(', ');
      expect([method, path, answer?.status, allowed]).toEqual([method, path, 405, [...has].sort()]);
    }
  }
});

test('a body of another type is told 415', async () => {
  for (const operation of operations.filter(({ body }) => body)) {
    const bearer = operation.openedBy.length > 0 ? bearerOf(operation) : undefined;
    const [right] = fc.sample(rightIngredients(operation, { known, whole: true }), { seed: SEED, numRuns: 1 });
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = [['Content-Type', type], ...(bearer ? [['Authorization', `Bearer ${bearer}`]] : [])] as [
        string,
        string,
      ][];
      const answer = await askOperation(orders.url, operation, right!, bearer, { headers });
      expect([nameOf(operation), type, answer.status]).toEqual([nameOf(operation), type, 415]);
      expect(unlike(operation, answer)).toEqual([]);
    }
  }
});

test('after all of it the process is the same and has no error to tell of', async () => {
  expect(orders.processes[0]!.isRunning()).toBe(true);
  expect(errorsIn(orders.processes[0]!.logs())).toEqual([]);
  expect(serverErrors(await (await fetch(`${orders.url}/metrics`)).text())).toEqual([]);
  expect((await place(orders.url)).status).toBe(201);
});
