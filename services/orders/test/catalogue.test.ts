import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { startOrders, type TestOrders } from '../../../scripts/testing/orders.ts';
import { createAdmin, signIn, TEST_ADMIN } from '../../../scripts/testing/system.ts';
import type { Problem } from '../../../shared/contracts/problem.ts';
import { type AdminProduct, MAX_PICTURE_BYTES, type Product } from '../../../shared/contracts/product.ts';
import { ask, order, place } from './api.ts';

const MARIE = { email: 'marie@msp.example', password: 'marie sells the honey', name: 'Marie' };
const PAUL = { email: 'paul@msp.example', password: 'paul unpacks the boxes', name: 'Paul', role: 'staff' as const };

let orders: TestOrders;
let owner: string;
let marie: string;
let paul: string;
beforeAll(async () => {
  orders = await startOrders();
  await Promise.all([createAdmin(orders.db, MARIE), createAdmin(orders.db, PAUL)]);
  const signedIn = [TEST_ADMIN, MARIE, PAUL].map(({ email, password }) => signIn(orders.url, { email, password }));
  [owner, marie, paul] = (await Promise.all(signedIn)) as [string, string, string];
});

type Answered = AdminProduct & Problem;
let names = 0;

function create(product: Record<string, unknown> = {}, token = owner) {
  names += 1;
  const json = { name: `Produit ${names}`, priceCents: 1000, stock: 10, ...product };
  return ask<Answered>(`${orders.url}/products`, { method: 'POST', json, token });
}
const change = (id: number, json: Record<string, unknown>, token = owner) =>
  ask<Answered>(`${orders.url}/products/${id}`, { method: 'PATCH', json, token });
const read = async (id: number) => (await ask<AdminProduct>(`${orders.url}/products/${id}`, { token: owner })).body;
const catalogue = async () => (await ask<{ products: Product[] }>(`${orders.url}/products`)).body.products;
const buy = (productId: number, quantity = 1, expectedTotalCents?: number) =>
  place(orders.url, order({ lines: [{ productId, quantity }], ...(expectedTotalCents && { expectedTotalCents }) }));

describe('a product', () => {
  test('is made with an address of its own, shown to all, and sold', async () => {
    const { status, body } = await create({
      name: '  Crème brûlée à l’œuf ',
      category: 'Épicerie',
      description: 'a\r\nb',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      slug: 'creme-brulee-a-l-oeuf',
      name: 'Crème brûlée à l’œuf',
      description: 'a\nb',
      version: 1,
      changedBy: 'admin',
      hidden: false,
    });
    const shown = (await catalogue()).find(({ id }) => id === body.id);
    expect(shown).toEqual({
      id: body.id,
      slug: body.slug,
      name: body.name,
      description: 'a\nb',
      category: 'Épicerie',
      picture: null,
      priceCents: 1000,
      stock: 10,
    });
    expect((await buy(body.id)).status).toBe(201);
  });

  test('made twice at once, or again, is one product', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => create({ name: 'Jumeau' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(answers.filter(({ body }) => body.code === 'name_taken').length).toBe(5);
    // Other names of the same address, or of none, are other products.
    const others = await Promise.all(['Jumeau !', '蜂蜜', '2026'].map((name) => create({ name })));
    expect(others.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { body } of others) expect(body.slug).toMatch(/^[a-z0-9-]+-[0-9a-f]{8}$/);
  });

  test('that is hidden is neither shown nor sold, and comes back', async () => {
    const { body: made } = await create();
    const hidden = await change(made.id, { version: 1, hidden: true });
    expect(hidden.body).toMatchObject({ hidden: true, version: 2 });
    expect((await catalogue()).some(({ id }) => id === made.id)).toBe(false);
    expect(await buy(made.id)).toMatchObject({ status: 400, body: { errors: [{ message: 'unknown' }] } });
    expect((await read(made.id)).hidden).toBe(true);
    await change(made.id, { version: 2, hidden: false });
    expect((await buy(made.id)).status).toBe(201);
  });

  test('whose price changes is sold at the new one to whoever saw it, and to nobody else', async () => {
    const { body: made } = await create();
    await change(made.id, { version: 1, priceCents: 1200 });
    expect(await buy(made.id, 2, 2000)).toMatchObject({
      status: 409,
      body: { code: 'price_changed', totalCents: 2400 },
    });
    expect((await buy(made.id, 2, 2400)).status).toBe(201);
  });
});

describe('two admins', () => {
  test('never overwrite each other: the slower one is told who was faster, and when', async () => {
    const { body: made } = await create();
    const both = await Promise.all([
      change(made.id, { version: 1, name: 'De Marie' }, marie),
      change(made.id, { version: 1, name: 'Du patron' }, owner),
    ]);
    const [won, lost] = both[0].status === 200 ? [both[0], both[1]] : [both[1], both[0]];
    expect([won.status, lost.status, lost.body.code]).toEqual([200, 409, 'stale_version']);
    const now = await read(made.id);
    expect(now).toMatchObject({ name: won.body.name, version: 2 });
    expect(lost.body.current).toEqual({
      status: 'shown',
      version: 2,
      changedBy: now.changedBy,
      changedAt: now.changedAt,
    });
  });

  test('may each repeat what they said, and are answered as the first time', async () => {
    const { body: made } = await create();
    const first = await change(made.id, { version: 1, priceCents: 1500, category: 'Fête' });
    const again = await change(made.id, { version: 1, priceCents: 1500, category: 'Fête' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await change(made.id, { version: 1, priceCents: 1500, category: 'Fête' }, marie)).status).toBe(409);
    // Of a stock nobody can tell a repeat from a second delivery.
    await change(made.id, { version: 2, stock: { from: 10, to: 18 } });
    expect((await change(made.id, { version: 2, stock: { from: 10, to: 18 } })).status).toBe(409);
    expect((await read(made.id)).stock).toBe(18);
  });
});

describe('the stock', () => {
  test('is corrected by what was changed, so that what was sold meanwhile stays sold, and a sale makes no page stale', async () => {
    const { body: made } = await create({ stock: 10 });
    expect((await buy(made.id, 4)).status).toBe(201);
    // Who saw 10 and had 5 delivered.
    expect((await change(made.id, { version: 1, stock: { from: 10, to: 15 } })).body.stock).toBe(11);
    // Who saw 11, of which 10 are broken, while 3 more were sold.
    await buy(made.id, 3);
    expect((await change(made.id, { version: 2, stock: { from: 11, to: 1 } })).body.stock).toBe(0);
    expect((await change(made.id, { version: 3, stock: { from: 0, to: null } })).body.stock).toBeNull();
    expect((await change(made.id, { version: 4, stock: { from: null, to: 7 } })).body.stock).toBe(7);
    for (let version = 5; version < 8; version += 1)
      await change(made.id, { version, stock: { from: 0, to: 1_000_000 } });
    expect((await read(made.id)).stock).toBe(1_000_000);
  });

  test('is all that staff may change', async () => {
    const { body: made } = await create({ stock: 1 });
    expect((await change(made.id, { version: 1, stock: { from: 1, to: 5 } }, paul)).body).toMatchObject({
      stock: 5,
      changedBy: 'Paul',
    });
    for (const more of [
      { priceCents: 1 },
      { name: 'À Paul' },
      { hidden: true },
      { stock: { from: 5, to: 6 }, priceCents: 1 },
    ])
      expect((await change(made.id, { version: 2, ...more }, paul)).status).toBe(403);
    expect((await create({}, paul)).status).toBe(403);
    expect((await upload(made.id, 2, await photograph(), paul)).status).toBe(403);
    expect(await read(made.id)).toMatchObject({ version: 2, stock: 5, priceCents: 1000, picture: null });
  });
});

test('who changed what of the catalogue is written down', async () => {
  const { body: made } = await create();
  await change(made.id, { version: 1, priceCents: 1100, name: `Autre ${made.name}` }, marie);
  const rows = await orders.db.query<{ admin_name: string; action: string; detail: string | null }>(
    'select admin_name, action, detail from audit_log where subject = ? order by id',
    [made.slug],
  );
  expect(rows).toEqual([
    { admin_name: 'admin', action: 'product_created', detail: null },
    { admin_name: 'Marie', action: 'product_changed', detail: 'name, price_cents 1000 → 1100' },
  ]);
});

/** 3000 × 2000 pixels, lying on its side, with a place and a name in it. */
const photograph = () =>
  sharp({ create: { width: 2000, height: 3000, channels: 3, background: '#3a7' } })
    .jpeg()
    .withExif({ IFD0: { Copyright: 'Zoé Lambert' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();

function upload(id: number, version: number, picture: Uint8Array, token = owner, type = 'application/octet-stream') {
  return ask<Answered>(`${orders.url}/products/${id}/picture?version=${version}`, {
    method: 'PUT',
    raw: new Uint8Array(picture),
    token,
    headers: { 'Content-Type': type },
  });
}
const served = (hash: string | null) => fetch(`${orders.url}/pictures/${hash}`);

describe('a picture', () => {
  test('is drawn anew: upright, no larger than needed, with nothing of what the camera wrote beside it', async () => {
    const { body: made } = await create();
    const { status, body } = await upload(made.id, 1, await photograph());
    expect([status, body.version, body.changedBy]).toEqual([200, 2, 'admin']);
    const answer = await served(body.picture);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const { format, width, height, exif, xmp, icc } = await sharp(bytes).metadata();
    expect({ format, width, height, exif, xmp, icc }).toEqual({ format: 'webp', width: 1000, height: 667 });
    expect(bytes.includes('Zoé')).toBe(false);
    expect((await catalogue()).find(({ id }) => id === made.id)?.picture).toBe(body.picture);
  });

  test.each([
    ['text', Buffer.from('not a picture')],
    ['nothing', Buffer.alloc(0)],
    [
      'a drawing that could run',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
    ['a GIF', Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64')],
    ['a page that begins like a picture', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<script>')])],
    ['half a picture', 'half'],
  ])('is refused when it is %s', async (_what, bytes) => {
    const { body: made } = await create();
    const whole = await photograph();
    const answer = await upload(made.id, 1, bytes === 'half' ? whole.subarray(0, whole.length / 2) : (bytes as Buffer));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'picture', message: 'invalid' }] } });
    expect(await read(made.id)).toMatchObject({ version: 1, picture: null });
  });

  test('is refused when it is a bomb, too heavy, or of another type', async () => {
    const { body: made } = await create();
    // 26 million pixels in some kilobytes.
    const bomb = await sharp({ create: { width: 13_000, height: 2_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect(bomb.length).toBeLessThan(200_000);
    expect(await upload(made.id, 1, bomb)).toMatchObject({ status: 400, body: { errors: [{ message: 'too_big' }] } });
    expect((await upload(made.id, 1, Buffer.alloc(MAX_PICTURE_BYTES + 1))).status).toBe(413);
    expect((await upload(made.id, 1, await photograph(), owner, 'image/jpeg')).status).toBe(415);
    expect(await read(made.id)).toMatchObject({ version: 1, picture: null });
  });

  test('is as bound to the version that was seen as everything else', async () => {
    const { body: made } = await create();
    const picture = await photograph();
    const first = await upload(made.id, 1, picture);
    expect((await upload(made.id, 1, picture)).body).toEqual(first.body);
    expect((await upload(made.id, 1, picture, marie)).body.code).toBe('stale_version');
    expect((await upload(999_999, 1, picture)).status).toBe(404);
    const url = `${orders.url}/products/${made.id}/picture?version=2`;
    const removed = await ask<Answered>(url, { method: 'DELETE', token: marie });
    expect(removed.body).toMatchObject({ picture: null, version: 3, changedBy: 'Marie' });
  });

  test('stays to be had for a day after it was replaced, for pages that are still open, and then goes', async () => {
    const paint = (background: string) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const { body: made } = await create();
    const { body: old } = await upload(made.id, 1, await paint('#100'));
    const { body: used } = await upload(made.id, 2, await paint('#200'));
    expect((await served(old.picture)).status).toBe(200);
    await orders.db.query('update product_pictures set used_at = utc_timestamp(3) - interval 25 hour');
    const { body: now } = await upload(made.id, 3, await paint('#300'));
    // What was replaced just now has its day before it.
    expect(await Promise.all([old, used, now].map(async ({ picture }) => (await served(picture)).status))).toEqual([
      404, 200, 200,
    ]);
  });
});
