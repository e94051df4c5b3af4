import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { startProcess } from '../../scripts/testing/process.ts';
import { createAdmin, startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { SESSION_COOKIE } from '../../shared/contracts/session.ts';
import { ordersClient } from '../orders-client.ts';
import { overloadPage } from '../overload-page.tsx';
import { loadStaticFiles } from '../static-files.ts';
import { buildApp } from './build-app.ts';
import { DESK_SIGHTS, type DeskVisit } from './desk-sights.ts';
import { changeStatus, placeOrder } from './desk-window.ts';
import { OFFICE_SIGHTS, type OfficeVisit } from './office-sights.ts';
import { SHOP_SIGHTS, type ShopVisit } from './shop-sights.ts';
import { LOCALES, type Locale, type Seen, type Sights, type Visit, walk } from './walk.ts';

/** Routes that draw no page of their own, and why. */
const NO_PAGE = {
  'parts of a page that stands open': [
    'GET /search',
    'GET /catalogue/facts',
    'GET /cart/link',
    'GET /orders/:token/status',
    'GET /admin/figures',
    'GET /admin/orders/rows',
    'GET /admin/counter/rows',
    'GET /admin/orders/:number/detail',
    'POST /admin/claims',
  ],
  'files, and what programs ask for': [
    'GET /static/:name',
    'GET /pictures/:file',
    'GET /admin/orders.csv',
    'POST /admin/customers/export',
    'GET /healthz',
    'GET /readyz',
    'GET /metrics',
  ],
  'lead to a page, and say there what there is to say': [
    'POST /cart/lines',
    'POST /cart/lines/:productId',
    'POST /admin/logout',
    'POST /admin/orders/:number/undo',
    'POST /admin/orders/columns',
    'POST /admin/orders/views',
    'POST /admin/orders/views/forget',
    'POST /admin/trial-orders',
    'POST /admin/products/:id/hidden',
    'POST /admin/products/:id/picture/remove',
    'POST /admin/admins/:id',
    'POST /admin/admins/invitations/:id/withdraw',
    'POST /admin/account/sessions/end',
    'POST /admin/account/sessions/end-others',
  ],
};

/** What is the same in both languages. */
const ALIKE = /^(?:MSP|Code|Email|Enter|Notes|Notifications|Pages|Stock|Total|CMD-\d{8}-\w{6}|Miel de lavande)$/;

/** Only bounds what hangs: each looks at some sixty pages. */
const LONG_MS = 180_000;

const PASSWORD = 'une phrase facile à retenir';

let system: TestSystem;
let browser: Browser;
let base: Record<Locale, string>;
let desk: Pick<DeskVisit, 'orders' | 'system'>;
let shop: Pick<ShopVisit, 'orders' | 'products'>;
let staff: { id: number; session: string };

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  const [ordersUrl] = system.ordersUrls as [string];
  const inEnglish = { SHOP_LOCALE: 'en', ORDERS_URL: ordersUrl };
  const notifier = await startProcess('notifier', {
    ...inEnglish,
    REDIS_URL: system.redis.url,
    SESSION_SECRET: system.sessionSecret,
    SERVICE_TOKEN: system.serviceToken,
  });
  const english = await startProcess('web', { ...inEnglish, NOTIFIER_URL: notifier.url });
  base = { fr: system.webUrl, en: english.url };
  await placeAll(ordersUrl);
});

/** An order in each of its states, a product of each kind, and somebody who may not do everything. */
async function placeAll(ordersUrl: string): Promise<void> {
  const orders = ordersClient(ordersUrl);
  const session = await system.signIn();
  const [waiting, claimed, begun, done, cancelled, erased] = [
    await placeOrder(system, 'Zoé Martin-Dupont de la Tour'),
    await placeOrder(system),
    await placeOrder(system),
    await placeOrder(system),
    await placeOrder(system, 'Finie', 0, 'finie@test.example'),
    await placeOrder(system, 'Partie', 0, 'partie@test.example'),
  ];
  await changeStatus(system, session, begun.number, 'en_cours');
  for (const status of ['en_cours', 'terminee']) await changeStatus(system, session, done.number, status);
  for (const { number } of [cancelled, erased]) await changeStatus(system, session, number, 'annulee');
  await orders.eraseCustomer(session, 'partie@test.example');
  await orders.noteOrder(session, waiting.number, { id: randomUUID(), text: 'Rappeler avant midi' });
  await system.db.query("update orders set notes = 'Sans ruban, merci', phone = '+33612345678' where number = ?", [
    waiting.number,
  ]);
  const credentials = { email: 'rose@msp.example', password: PASSWORD };
  await createAdmin(system.db, { ...credentials, name: 'Rose', role: 'staff' });
  const [rose] = await system.db.query<{ id: number }>('select id from admins where email = ?', [credentials.email]);
  staff = { id: rose!.id, session: await system.signIn(credentials) };
  await orders.claimOrder(staff.session, claimed.number, false);
  const [plenty, two, soldOut] = await system.db.query<{ id: number; slug: string }>(
    'select id, slug from products order by id limit 3',
  );
  await system.db.query('update products set stock = case id when ? then 2 else 0 end where id in (?, ?)', [
    two!.id,
    two!.id,
    soldOut!.id,
  ]);
  shop = { orders: { waiting, begun, done, cancelled }, products: { plenty: plenty!, two: two!, soldOut: soldOut! } };
  desk = { system, orders: { waiting, claimed, done, cancelled, erased } };
}

async function visitOf(locale: Locale, cookie: { name: string; value: string }): Promise<Visit> {
  const context = await browser.newContext({ baseURL: base[locale], locale });
  return { locale, page: await context.newPage(), cookies: [{ ...cookie, url: base[locale], sameSite: 'Lax' }] };
}

async function ownerIn(locale: Locale): Promise<OfficeVisit> {
  const owner = { email: `${locale}@msp.example`, password: PASSWORD };
  await createAdmin(system.db, { ...owner, name: 'Odile' });
  const staffCookie = { name: SESSION_COOKIE, value: staff.session, url: base[locale], sameSite: 'Lax' as const };
  return {
    ...(await visitOf(locale, { name: SESSION_COOKIE, value: await system.signIn(owner) })),
    owner,
    staff: [staffCookie],
    staffId: staff.id,
    productId: shop.products.plenty.id,
  };
}

/** Looks at all of it in both languages side by side. */
async function look<V extends Visit>(sights: Sights<V>, visitIn: (locale: Locale) => Promise<V>): Promise<string[]> {
  const [fr, en] = (await Promise.all(LOCALES.map(async (locale) => walk(await visitIn(locale), sights)))) as [
    Seen,
    Seen,
  ];
  const untranslated = [...fr.words].flatMap(([sight, words]) =>
    words
      .filter((word) => en.words.get(sight)?.includes(word) && !ALIKE.test(word))
      .map((word) => `${sight}: says «${word}» in both languages`),
  );
  const spaced = [...en.words].flatMap(([sight, words]) =>
    words.filter((word) => /\s[:;!?]/.test(word)).map((word) => `${sight}: has a French space in «${word}»`),
  );
  return [...fr.faults, ...en.faults, ...untranslated, ...spaced];
}

test('every route is one of the pages below, or known to be none', async () => {
  const routes = (await buildApp()).routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/(:\w+)\{.*?\}(?=\/|$)/g, '$1')}`);
  const sights = [SHOP_SIGHTS, DESK_SIGHTS, OFFICE_SIGHTS].flatMap(Object.keys).filter((name) => name.includes('/'));
  expect([...sights, ...Object.values(NO_PAGE).flat()].sort()).toEqual([...new Set(routes)].sort());
});

test(
  'every page of the shop',
  async () => {
    const files = await loadStaticFiles(resolve(import.meta.dirname, '../../dist/static'));
    const visitIn = async (locale: Locale): Promise<ShopVisit> => {
      const site = { locale, timeZone: 'Europe/Paris', currency: 'EUR', asset: files.asset, file: files.file };
      const alone = await buildApp({ site });
      return {
        ...(await visitOf(locale, { name: 'msp_cart', value: `${shop.products.plenty.id}x2` })),
        ...shop,
        unavailable: async () => (await alone.request('/', { headers: { Accept: 'text/html' } })).text(),
        overloaded: String(overloadPage(site)({ headers: { accept: 'text/html' } } as never).body),
      };
    };
    expect(await look(SHOP_SIGHTS, visitIn)).toEqual([]);
  },
  LONG_MS,
);

test(
  'every live page of the desk',
  async () => {
    const session = { name: SESSION_COOKIE, value: await system.signIn() };
    expect(await look(DESK_SIGHTS, async (locale) => ({ ...(await visitOf(locale, session)), ...desk }))).toEqual([]);
  },
  LONG_MS,
);

test(
  'every other page of the desk, and its door',
  async () => {
    expect(await look(OFFICE_SIGHTS, ownerIn)).toEqual([]);
  },
  LONG_MS,
);
