import type { Ground, ShopSettings } from './shop.ts';

const CHUNK = 50_000;
const DIGIT =
  '(select 0 d union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7 union select 8 union select 9)';

/**
 * Brings a shop to so many orders, as if one had come every minute: two lines each, an event each whose snapshot has
 * been pruned, one in a hundred still to be treated. Only for a shop whose services do not run.
 */
export async function fillTable(ground: Ground, shop: ShopSettings, orders: number): Promise<void> {
  const query = (sql: string) => ground.query(shop, sql);
  const [row] = await ground.query<{ n: number }>(shop, 'select coalesce(max(id), 0) n from orders');
  for (let from = Number(row!.n); from < orders; from += CHUNK) {
    const rows = `(select ${from} + 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d as n
      from ${DIGIT} a, ${DIGIT} b, ${DIGIT} c, ${DIGIT} e, ${DIGIT} f) numbers where n <= ${Math.min(orders, from + CHUNK)}`;
    const status = "if(n % 100 = 0, 'en_attente', 'terminee')";
    const at = `utc_timestamp(3) - interval (${orders} - n) minute`;
    await query(
      `insert into orders (id, number, token, status, version, name, email, total_cents, currency, placed_at, changed_at)
       select n, concat('CMD-20251126-', lpad(hex(n), 6, '0')), md5(n), ${status}, 2, concat('Client ', n),
         concat('client', n, '@msp.example'), 3990, 'EUR', ${at}, ${at} from ${rows}`,
    );
    for (const position of [0, 1]) {
      await query(
        `insert into order_lines (order_id, position, product_id, name, quantity, unit_price_cents)
         select n, ${position}, 1 + (n + ${position}) % 24, 'Miel de lavande', 1, 1995 from ${rows}`,
      );
    }
    await query(
      `insert into order_events (seq, type, order_id, status, previous_status, at)
       select n, 'order.placed', n, 'en_attente', null, ${at} from ${rows}`,
    );
  }
  await query(
    `update event_head set head = ${orders}, floor = ${orders + 1}, en_attente = ${Math.floor(orders / 100)},
       terminee = ${orders - Math.floor(orders / 100)}`,
  );
  await query('analyze table orders, order_lines, order_events');
}
