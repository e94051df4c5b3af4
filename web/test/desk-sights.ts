import type { TestSystem } from '../../scripts/testing/system.ts';
import { type Placed, placeOrder, row } from './desk-window.ts';
import { open, post, type Sights, type Visit } from './walk.ts';

export interface DeskVisit extends Visit {
  system: TestSystem;
  orders: Record<'waiting' | 'claimed' | 'done' | 'cancelled' | 'erased', Placed>;
}

const stepOf = (number: string, part: string) => `${row(number)} [data-part="${part}"]:not([aria-disabled])`;

const openTable = ({ page }: DeskVisit, query = '') => open(page, `/admin/orders${query}`);

/** Opens the table, and lets an order arrive. */
async function watchArrival(visit: DeskVisit): Promise<string> {
  await openTable(visit);
  const { number } = await placeOrder(visit.system, 'Camille de la Rochefoucauld-Montmorency');
  await visit.page.waitForSelector(row(number));
  return number;
}

async function openMenu({ page }: DeskVisit, menu: string): Promise<void> {
  await page.click(`${menu} > summary`);
}

/** The question that stands before a change of many orders, or what became of them, without JavaScript. */
async function changeMany(visit: DeskVisit, status: string): Promise<void> {
  const fresh = await placeOrder(visit.system);
  await openTable(visit);
  const fields = [fresh, visit.orders.done].map(({ number }) => ['order', `${number}:1`] as const);
  await post(visit.page, '/admin/orders/bulk', [...fields, ['status', status], ['view', 'all']]);
}

/** All that is live. */
export const DESK_SIGHTS: Sights<DeskVisit> = {
  'GET /admin': {
    today: ({ page }) => open(page, '/admin'),
    'a month, with its days in words': async ({ page }) => {
      await open(page, '/admin?period=month');
      for (const days of await page.locator('details.day-table > summary').all()) await days.click();
    },
  },
  'GET /admin/orders': {
    'an order just arrived': watchArrival,
    'nothing there': (visit) => openTable(visit, '?q=zzzz'),
    'a filter that cannot be read': (visit) => openTable(visit, '?q=zzz&min=x&product=5&stage=sold'),
    'saved views': async (visit) => {
      await post(visit.page, '/admin/orders/views', [
        ['name', 'À préparer'],
        ['query', 'view=en_attente'],
      ]);
      await openTable(visit, '?view=en_cours');
      await openMenu(visit, '.table-menus details:first-child');
    },
    columns: async (visit) => {
      await openTable(visit);
      await openMenu(visit, '.table-menus details:last-of-type');
    },
    'the proof, after a trial': async (visit) => {
      await openTable(visit);
      await openMenu(visit, '#proof');
      await visit.page.click('#trial button');
      await visit.page.locator('#trial-result:not(:empty)').waitFor();
    },
    'alerts, and both notes': async (visit) => {
      await openTable(visit);
      await openMenu(visit, '#alerts');
      await visit.page.evaluate(`for (const note of document.querySelectorAll('.desk-notes > *')) note.hidden = false;
        document.getElementById('offline-note').textContent = 'Hors ligne'`);
    },
    'its keys': async (visit) => {
      await openTable(visit);
      await visit.page.keyboard.press('?');
      await visit.page.locator('#shortcuts-help[open]').waitFor();
    },
    'some picked, one changed, one not': async (visit) => {
      const number = await watchArrival(visit);
      await visit.page.click(stepOf(visit.orders.claimed.number, 'pick'));
      await visit.page.click('#bulk button[value="terminee"]');
      await visit.page.waitForSelector('#bulk-results [data-result="failed"]');
      await visit.page.click(stepOf(number, 'next'));
      await visit.page.waitForSelector('.toast-undo');
    },
    'asked before some are cancelled': async (visit) => {
      await openTable(visit);
      await visit.page.click(stepOf(visit.orders.waiting.number, 'pick'));
      await visit.page.click('#bulk button[value="annulee"]');
      await visit.page.locator('.confirm-dialog[open]').last().waitFor();
    },
    'somebody is at a row, and news waits above': async (visit) => {
      await openTable(visit);
      await visit.page.focus(stepOf(visit.orders.waiting.number, 'number'));
      await placeOrder(visit.system);
      await visit.page.locator('#waiting-pill:visible').waitFor();
    },
    'cut off': async (visit) => {
      await openTable(visit);
      await visit.page.context().setOffline(true);
      await visit.page.locator('#freshness[data-state="offline"]').waitFor();
    },
  },
  'GET /admin/counter': {
    'what is to be done': ({ page }) => open(page, '/admin/counter'),
  },
  'GET /admin/orders/print': {
    'slips, and one that is missing': ({ page, orders: { waiting, erased } }) =>
      open(page, `/admin/orders/print?number=${waiting.number}&number=${erased.number}&number=CMD-1`),
    'on paper': async ({ page, orders: { waiting, done } }) => {
      await open(page, `/admin/orders/print?number=${waiting.number}&number=${done.number}`);
      await page.emulateMedia({ media: 'print' });
    },
  },
  'GET /admin/orders/:number': {
    'waiting, with a note': ({ page, orders }) => open(page, `/admin/orders/${orders.waiting.number}`),
    'somebody else is on it': ({ page, orders }) => open(page, `/admin/orders/${orders.claimed.number}`),
    'just begun': async ({ page, system }) => {
      const { number } = await placeOrder(system);
      await open(page, `/admin/orders/${number}`);
      await page.click('#order-detail .order-steps .primary');
      await page.waitForSelector('.toast-undo');
    },
    'of somebody erased': ({ page, orders }) => open(page, `/admin/orders/${orders.erased.number}`),
  },
  'POST /admin/orders/:number/notes': {
    empty: ({ page, orders: { waiting } }) => post(page, `/admin/orders/${waiting.number}/notes`, [['text', ' ']]),
  },
  'POST /admin/orders/:number/status': {
    'asked before it is cancelled': (visit) =>
      post(visit.page, `/admin/orders/${visit.orders.waiting.number}/status`, [
        ['status', 'annulee'],
        ['version', '1'],
      ]),
  },
  'POST /admin/orders/bulk': {
    'asked before some are cancelled': (visit) => changeMany(visit, 'annulee'),
    'what became of each': (visit) => changeMany(visit, 'en_cours'),
  },
};
