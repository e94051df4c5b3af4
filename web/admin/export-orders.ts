import { type Context, Hono } from 'hono';
import type { OrderFilter } from '../../shared/contracts/order-filter.ts';
import { dayOf } from '../../shared/contracts/shop-day.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { paperWords } from '../locales/paper.ts';
import { expectData } from './answers.ts';
import { BYTE_ORDER_MARK } from './csv.ts';
import { csvHeadings, csvOrders } from './order-csv.ts';
import { placePath, readPlace } from './order-place.ts';
import { findPicked, readNumbers } from './picked-orders.ts';

/** The most that `GET /orders` gives at once. */
const PAGE_ROWS = 200;

/**
 * `GET /admin/orders.csv` — all orders of a filter, or those that are named, as a file.
 *
 * It is written page by page while it is taken, by the ids that orders are sorted by: whatever happens meanwhile, no
 * order is in it twice, and none is missing that was there all the time and did not change. A page is read when the
 * browser has room for it, and none is once it has gone away. Over all exports of this process, one page is read at a
 * time, so that the desk goes on as quickly as ever.
 */
export function exportRoutes({ site, orders, log }: WebDeps): Hono<WebEnv> {
  const inTurn = oneByOne();

  return new Hono<WebEnv>().get('/admin/orders.csv', async (c) => {
    const { session } = c.var.admin;
    const query = new URL(c.req.url).searchParams;
    const numbers = readNumbers(query);
    if (numbers.length > 0) {
      expectData(await orders.beginExport(session, { picked: numbers.length }));
      const { found } = await findPicked(orders, session, numbers);
      return send(c, BYTE_ORDER_MARK + csvHeadings(site) + csvOrders(found, site));
    }
    const { filter, wrong } = readPlace(query);
    // The table says what is wrong; a file that holds more than was asked for would say nothing.
    if (wrong.size > 0) return c.redirect(`/admin/orders?${query}`, 303);
    expectData(await orders.beginExport(session, whatIsTold(filter)));
    const read = (before: number | undefined) =>
      inTurn(async () => expectData(await orders.listOrders(session, { ...filter, before, limit: PAGE_ROWS })));
    // The first page is waited for, so that what goes wrong at once can still be said on a page.
    const first = await read(undefined);
    return send(c, streamOf(pages()));

    async function* pages(): AsyncGenerator<string> {
      try {
        yield BYTE_ORDER_MARK + csvHeadings(site);
        for (let page = first; ; page = await read(page.next)) {
          yield csvOrders(page.orders, site);
          if (page.next === null) return;
        }
      } catch (error) {
        log.error({ err: error }, 'an export was cut short');
        throw error;
      }
    }
  });

  function send(c: Context<WebEnv>, body: string | ReadableStream<Uint8Array>): Response {
    const name = `${paperWords(site.locale).fileName}-${dayOf(new Date(), site.timeZone)}.csv`;
    c.header('Content-Type', 'text/csv; charset=utf-8; header=present');
    c.header('Content-Disposition', `attachment; filename="${name}"`);
    return c.body(body);
  }
}

/** Read only when there is room; what it throws breaks the connection off, so that nobody takes a part for the whole. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

function whatIsTold({ status, from, to, ...narrower }: OrderFilter) {
  return { status, from, to, isNarrower: Object.values(narrower).some((member) => member !== undefined) };
}

/** Runs what it is given one after the other, in the order of asking. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/** Where «Exporter» leads from a table with this filter. */
export const exportPath = (filter: OrderFilter) => placePath('/admin/orders.csv', { filter, before: undefined });
