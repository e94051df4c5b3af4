import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../scripts/testing/database.ts';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { startProcess } from '../../../scripts/testing/process.ts';
import { systemSettings } from '../../../scripts/testing/system.ts';
import { testProxy } from '../../../scripts/testing/tcp-proxy.ts';
import { EventPage, OrderEvent } from '../../../shared/contracts/event.ts';
import type { PlaceOrderInput } from '../../../shared/contracts/order.ts';
import type { Told } from '../append-events.ts';
import { connect, INTAKE_POOL } from '../connect.ts';
import { createDurability } from '../durability.ts';
import { createGuessedLog } from '../guessed-log.ts';
import { createGuessedShelf } from '../guessed-shelf.ts';
import { placeGroup } from '../place-group.ts';
import type { PlacementRequest } from '../placement.ts';
import { ask, CARD, HIDDEN, HONEY, order, PRODUCTS_SQL, place, RARE } from './api.ts';

let orders: TestOrders;
let settings: ReturnType<typeof systemSettings>;
beforeAll(async () => {
  orders = await startOrders({ processes: 2 });
  settings = orders.settings;
  await orders.db.query(PRODUCTS_SQL);
});

/** How many groups of this process were placed by a guess, and in spite of one. */
async function guesses(url = orders.url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (guess: string) =>
    Number(new RegExp(`^intake_guesses_total{.*"${guess}".*} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { right: of('right'), wrong: of('wrong') };
}

const of = (productId: number, quantity = 1) => order({ lines: [{ productId, quantity }] });
const product = (id: number, change: string) => orders.db.query(`update products set ${change} where id = ${id}`);

/** Orders by what is known of these products from an order before. */
async function expectRight(body = of(HONEY)): Promise<void> {
  await place(orders.url, body);
  const before = await guesses();
  expect((await place(orders.url, body)).status).toBe(201);
  expect(await guesses()).toEqual({ ...before, right: before.right + 1 });
}

/** Whatever `act` orders is guessed wrongly, and once. */
async function expectWrong<T>(act: () => Promise<T>): Promise<T> {
  const before = await guesses();
  const result = await act();
  expect(await guesses()).toEqual({ ...before, wrong: before.wrong + 1 });
  return result;
}

async function lastEvent(): Promise<OrderEvent> {
  const token = orders.settings.SERVICE_TOKEN;
  const { epoch, head } = (await ask<EventPage>(`${orders.url}/events?limit=0`, { token })).body;
  const page = await ask(`${orders.url}/events?after=${epoch}.${head - 1}`, { token });
  return EventPage.parse(page.body).events[0]!;
}

describe('an order that is placed by a guess', () => {
  test('is in the log as any other is', async () => {
    await expectRight(order({ name: 'L’«été» d\'\\Anaïs" 🐝', notes: 'deux\nlignes \\ "et" \'plus\'' }));
    const [row] = await orders.db.query<{ id: number; number: string }>(
      'select id, number from orders order by id desc',
    );
    const event = await lastEvent();
    expect(event).toMatchObject({ type: 'order.placed', previousStatus: null, order: row! });
    expect(event.order).toMatchObject({ name: 'L’«été» d\'\\Anaïs" 🐝', notes: 'deux\nlignes \\ "et" \'plus\'' });
    const [counted] = await orders.db.query<{ n: number }>('select count(*) as n from orders');
    expect(event.counts).toEqual({ en_attente: counted!.n, en_cours: 0, terminee: 0, annulee: 0 });
    expect(event.seq).toBe(counted!.n);
  });

  test('is repeated like any other, here and elsewhere', async () => {
    const key = randomUUID();
    await expectRight();
    const first = await place(orders.url, of(HONEY), key);
    const again = await expectWrong(() => place(orders.url, of(HONEY), key));
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await place(orders.processes[1]!.url, of(HONEY), key)).body).toEqual(first.body);
    await place(orders.url, of(HONEY));
    const other = await expectWrong(() => place(orders.url, of(HONEY, 2), key));
    expect([other.status, other.body.code]).toEqual([422, 'key_reused']);
  });

  test('draws again when its number was drawn before', async () => {
    await expectRight();
    // Each session draws it once.
    await orders.db.query(`create trigger draw_again before insert on orders for each row
      if new.name = 'Double' and @drawn is null then set @drawn = 1; set new.number = '${(await lastEvent()).order.number}'; end if`);
    try {
      expect((await place(orders.url, order({ name: 'Double' }))).status).toBe(201);
    } finally {
      await orders.db.query('drop trigger draw_again');
    }
  });
});

describe('a guess that is wrong costs nobody anything:', () => {
  test('the price has changed', async () => {
    await expectRight();
    await product(HONEY, 'price_cents = 1300');
    const stale = await expectWrong(() => place(orders.url, { ...of(HONEY), expectedTotalCents: 1250 }));
    expect([stale.status, stale.body.code, stale.body.totalCents]).toEqual([409, 'price_changed', 1300]);
    await expectRight();
    await product(HONEY, 'price_cents = 1250');
    const cheaper = await expectWrong(() => place(orders.url, of(HONEY)));
    expect([cheaper.status, cheaper.body.totalCents]).toEqual([201, 1250]);
  });

  test('the name has changed, be it in a capital letter or a space', async () => {
    for (const name of ['miel', 'miel ', 'Miel']) {
      await expectRight();
      await product(HONEY, `name = '${name}'`);
      expect((await expectWrong(() => place(orders.url, of(HONEY)))).status).toBe(201);
      expect((await lastEvent()).order.lines[0]!.name).toBe(name);
    }
  });

  test('it is no longer for sale', async () => {
    await expectRight(of(CARD));
    await product(CARD, 'hidden = 1');
    const hidden = await expectWrong(() => place(orders.url, of(CARD)));
    expect([hidden.status, hidden.body.code]).toEqual([400, 'validation']);
    await product(CARD, 'hidden = 0');
    expect((await place(orders.url, of(CARD))).status).toBe(201);
  });

  test('what was not limited is, and the other way', async () => {
    await expectRight(of(CARD));
    await product(CARD, 'stock = 3');
    const short = await expectWrong(() => place(orders.url, of(CARD, 5)));
    expect([short.status, short.body.code]).toEqual([409, 'out_of_stock']);
    await expectRight(of(CARD));
    await product(CARD, 'stock = null');
    expect((await expectWrong(() => place(orders.url, of(CARD)))).status).toBe(201);
  });

  test.each([
    ['limited', RARE],
    ['without a limit', CARD],
  ])('it is gone, and was %s', async (_, id) => {
    // Of what is limited enough is there, or it would be asked for anyway.
    if (id === RARE) await product(id, 'stock = 9');
    await expectRight(order({ lines: [HONEY, id].map((productId) => ({ productId, quantity: 1 })) }));
    const [row] = await orders.db.query<Record<string, string | number | null>>(
      `select * from products where id = ${id}`,
    );
    await orders.db.query(`delete from products where id = ${id}`);
    const gone = await expectWrong(() => place(orders.url, of(id)));
    expect([gone.status, gone.body.code]).toEqual([400, 'validation']);
    const columns = Object.keys(row!);
    await orders.db.query(
      `insert into products (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      [...Object.values(row!)],
    );
  });

  test('somebody else has bought the last one', async () => {
    await expectRight(of(RARE));
    await product(RARE, 'stock = 0');
    const none = await expectWrong(() => place(orders.url, of(RARE)));
    expect([none.status, none.body.lines]).toEqual([
      409,
      [{ productId: RARE, requested: 1, available: 0, unitPriceCents: 900 }],
    ]);
    await product(RARE, 'stock = 1');
    expect((await place(orders.url, of(RARE))).status).toBe(201);
    expect(await orders.db.query(`select stock from products where id = ${RARE}`)).toEqual([{ stock: 0 }]);
  });
});

/** What places groups on a database of its own, or as another process on one that is shared. */
async function ground(
  shelf = createGuessedShelf(),
  url?: (database: TestDatabase) => Promise<string>,
  shared?: TestDatabase,
) {
  const database = shared ?? (await testDatabase());
  if (!shared) {
    await startProcess('migrate', systemSettings({ databaseUrl: database.url, redisUrl: orders.redis.url }));
    await database.query(PRODUCTS_SQL);
  }
  const db = connect((await url?.(database)) ?? database.url, { ...INTAKE_POOL, idleSeconds: 60 });
  const told: Told[] = [];
  const made: Record<string, number> = {};
  const durability = createDurability(db);
  const deps = {
    db,
    durability,
    guess: { shelf, log: createGuessedLog() },
    shop: { timeZone: 'Europe/Paris', currency: 'EUR', secret: settings.SESSION_SECRET },
    announce(appended: Told) {
      durability.note({ epoch: appended.epoch, seq: appended.head });
      told.push(appended);
    },
    observe: ({ guess }: { guess: string }) => {
      made[guess] = (made[guess] ?? 0) + 1;
    },
  };
  return { database, deps, told, made };
}

const request = (body: Omit<PlaceOrderInput, 'phone' | 'notes'>, key: string = randomUUID()): PlacementRequest => ({
  key,
  bodyHash: `${body.lines[0]!.productId}`.padEnd(43, '-'),
  order: body as PlaceOrderInput,
});

test('whatever is ordered comes to the same by a guess and without one', async () => {
  const [guessing, asking] = await Promise.all([ground(), ground({ ...createGuessedShelf(), of: () => undefined })]);
  // What is refused is asked for first, so that most groups can be guessed at.
  const mostly = fc.oneof(
    { arbitrary: fc.constantFrom(HONEY, CARD), weight: 16 },
    { arbitrary: fc.constant(RARE), weight: 3 },
    { arbitrary: fc.constant(HIDDEN), weight: 1 },
  );
  const bodies = fc.record({
    name: fc.constantFrom('Zoé', "d'Or\\"),
    email: fc.constant('zoe@exemple.fr'),
    lines: fc.array(
      fc.record({
        productId: mostly,
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    expectedTotalCents: seldom(fc.constant(1250)),
  });
  const keys = seldom(fc.constantFrom('a', 'b', 'c'));
  const groups = fc.array(fc.record({ body: bodies, key: keys }), { minLength: 1, maxLength: 4 });
  const stock = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ group: groups, stock }), { minLength: 3, maxLength: 8 }), async (days) => {
      for (const { group, stock } of days) {
        const requests = group.map(({ body, key }) => request(body as PlaceOrderInput, key));
        const answers = await Promise.all([guessing, asking].map(({ deps }) => placeGroup(deps, requests)));
        expect(masked(answers[0])).toEqual(masked(answers[1]));
        if (stock === undefined) continue;
        for (const { database } of [guessing, asking])
          await database.query(`update products set stock = ${stock} where id = ${RARE}`);
      }
      expect(await everything(guessing.database)).toEqual(await everything(asking.database));
    }),
    { numRuns: 15 },
  );
  expect(guessing.made.right).toBeGreaterThan(0);
  expect(asking.made).not.toHaveProperty('right');
  // What notifiers are told is, to the byte, what they would read.
  const log = await guessing.database.query<{ snapshot: string }>('select snapshot from order_events order by seq');
  expect(guessing.told.flatMap(({ snapshots }) => snapshots)).toEqual(log.map(({ snapshot }) => snapshot));
  for (const { snapshot } of log) OrderEvent.parse(JSON.parse(snapshot));
  await Promise.all([guessing, asking].map(({ deps }) => deps.db.destroy()));
});

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 7 }, { arbitrary, weight: 1 });

/** What is drawn, or is a time, by the places where it stands. */
function masked(value: unknown): unknown {
  const seen = new Map<string, string>();
  const drawn = /CMD-\d{8}-\w{6}|\d{4}-\d\d-\d\dT[\d:.]+Z|"(?:token|shopperKey|group_id)":"[\w-]+"/g;
  const text = JSON.stringify(value, (_, one) => (one instanceof Error ? { ...one, text: one.message } : one));
  return JSON.parse(
    text.replace(drawn, (found) => {
      if (/^\d/.test(found)) return 'now';
      if (!seen.has(found)) seen.set(found, `#${seen.size}`);
      return found.startsWith('"') ? `"drawn":"${seen.get(found)}"` : seen.get(found)!;
    }),
  );
}

/** All that orders leave behind; ids by their rank, because a wrong guess draws some in vain. */
async function everything(database: TestDatabase): Promise<unknown> {
  const orders = await database.query<{ id: number }>('select * from orders order by id');
  const rank = new Map(orders.map(({ id }, i) => [id, i + 1]));
  const ranked = <Row extends { order_id: number }>(rows: Row[]) =>
    rows.map((row) => ({ ...row, order_id: rank.get(row.order_id) }));
  const events = await database.query<{ order_id: number; snapshot: string; epoch: string }>(
    'select * from order_events order by seq',
  );
  return masked([
    orders.map((row) => ({ ...row, id: rank.get(row.id) })),
    ranked(await database.query<{ order_id: number }>('select * from order_lines order by order_id, position')),
    ranked(
      await database.query<{ order_id: number }>(
        `select key_text in ('a', 'b', 'c') as chosen, order_id, body_hash from idempotency_keys order by order_id`,
      ),
    ),
    ranked(events).map((row) => {
      const snapshot = JSON.parse(row.snapshot) as OrderEvent;
      return { ...row, snapshot: { ...snapshot, order: { ...snapshot.order, id: rank.get(snapshot.order.id) } } };
    }),
    await database.query('select * from products order by id'),
    await database.query('select head, floor, en_attente, en_cours, terminee, annulee from event_head'),
  ]);
}

test('where the log went back, a new epoch begins before anything is written', async () => {
  const { deps, told, made } = await ground();
  for (let i = 0; i < 2; i += 1) await placeGroup(deps, [request(of(HONEY))]);
  expect(made).toEqual({ none: 1, right: 1 });
  deps.durability.note({ epoch: told[1]!.epoch, seq: 3 });
  await placeGroup(deps, [request(of(HONEY))]);
  expect(made).toEqual({ none: 1, right: 1, wrong: 1 });
  expect(told[2]).toMatchObject({ head: 3 });
  expect(told[2]!.epoch).not.toBe(told[0]!.epoch);
  await deps.db.destroy();
});

describe('a log that others write to, too', () => {
  /** As another process that shares the database. */
  async function stranger(database: TestDatabase) {
    const { deps } = await ground(undefined, undefined, database);
    return { place: () => placeGroup(deps, [request(of(HONEY))]), close: () => deps.db.destroy() };
  }

  test.each<[string, (database: TestDatabase) => Promise<unknown>]>([
    [
      'an order of another process',
      async (database) => {
        const { place, close } = await stranger(database);
        await place();
        await close();
      },
    ],
    ['another epoch', ({ query }) => query("update event_head set epoch = concat(epoch, 'x')")],
    [
      'an event that counts nothing',
      async ({ query }) => {
        await query('update event_head set head = head + 1');
        await query(`insert into order_events (seq, type, order_id, status, at, snapshot)
          select head, 'order.tested', ${Number.MAX_SAFE_INTEGER}, 'en_attente', now(3), '{}' from event_head`);
      },
    ],
    ['another count', ({ query }) => query('update event_head set terminee = terminee + 1')],
    [
      'an id that was drawn in vain',
      async ({ query }) => {
        const [row] = await query<{ id: number }>('select max(id) + 2 as id from orders');
        await query(`alter table orders auto_increment = ${row!.id}`);
      },
    ],
  ])('a lone order is guessed wrongly, once, and written as it has to be: %s', async (_, meddle) => {
    const { database, deps, told, made } = await ground();
    const alone = () => placeGroup(deps, [request(of(HONEY))]);
    for (let i = 0; i < 2; i += 1) await alone();
    await meddle(database);
    for (let i = 0; i < 3; i += 1) expect(await alone()).toMatchObject([{ value: { kind: 'placed' } }]);
    expect(made).toEqual({ none: 1, right: 3, wrong: 1 });
    const log = await database.query<{ seq: number; snapshot: string; id: number; number: string }>(
      `select e.seq, e.snapshot, o.id, o.number from order_events e
        left join orders o on o.id = e.order_id order by e.seq`,
    );
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
    let placed = 0;
    for (const { seq, id, number, snapshot } of log) {
      if (snapshot === '{}') continue;
      placed += 1;
      const { order, counts, ...event } = OrderEvent.parse(JSON.parse(snapshot));
      expect([event.seq, order.id, order.number, counts.en_attente]).toEqual([seq, id, number, placed]);
    }
    const snapshots = new Set(log.map(({ snapshot }) => snapshot));
    for (const one of told.flatMap((each) => each.snapshots)) expect(snapshots).toContain(one);
    await deps.db.destroy();
  });

  test('is written to by both without a gap, and neither repeats a wrong guess for ever', async () => {
    const { database, deps, made } = await ground();
    const other = await stranger(database);
    for (let i = 0; i < 40; i += 1) {
      await placeGroup(deps, [request(of(HONEY))]);
      await other.place();
    }
    expect(made.wrong).toBeLessThanOrEqual(6);
    expect(made.right).toBeGreaterThanOrEqual(33);
    const [log] = await database.query('select count(*) as n, min(seq) as first, max(seq) as last from order_events');
    expect(log).toEqual({ n: 80, first: 1, last: 80 });
    await Promise.all([deps.db.destroy(), other.close()]);
  });
});

test('while a lost packet may still arrive, nobody is told that the order was refused', async () => {
  let isCut = false;
  const { database, deps } = await ground(undefined, async ({ url }) => {
    const through = new URL(url);
    const proxy = await testProxy(`http://127.0.0.1:${through.port}`);
    through.port = String(proxy.port);
    const chance = () => {
      const isFirst = !isCut;
      isCut = true;
      return isFirst;
    };
    const patterns = [Buffer.from('insert into order_events')];
    cut = () => proxy.set({ kind: 'reset-on', direction: 'up', patterns, when: 'before', chance });
    return through.href;
  });
  const known = request(of(RARE));
  await placeGroup(deps, [known]);
  cut();
  await database.query(`update products set stock = 0 where id = ${RARE}`);
  const results = await placeGroup(deps, [request(of(RARE)), known]);
  expect(isCut).toBe(true);
  expect(results).toMatchObject([
    { status: 'rejected', reason: { status: 503, code: 'unavailable' } },
    { status: 'fulfilled', value: { kind: 'placed', repeat: true } },
  ]);
  // Once it is known where it went, it is refused as ever.
  expect(await placeGroup(deps, [request(of(RARE))])).toMatchObject([{ value: { kind: 'refused' } }]);
  await deps.db.destroy();
});
let cut: () => void;
