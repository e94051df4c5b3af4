/**
 * `npm run smoke`: orders, through a running shop, seen on the admin's live table, and how long each leg took.
 *
 *   npm run smoke -- [--web http://localhost:8000] [--orders 20] [--insecure]
 *
 * The login comes from ADMIN_EMAIL and ADMIN_PASSWORD, or from where `npm start` keeps it. `--insecure` accepts a
 * certificate that a gateway has signed itself. Everything goes through the public address, as browsers do; each
 * order is cancelled once it was seen, which gives its stock back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { placeOrder } from './smoke/place-order.ts';
import { Visitor } from './smoke/visitor.ts';
import { watchTable } from './smoke/watch-table.ts';

const SEEN_DEADLINE_MS = 10_000;
const MAX_ORDERS = 1000;

interface Legs {
  answered: number;
  afterAnswer: number;
  seen: number;
}

try {
  await smoke();
} catch (error) {
  console.error(`Smoke: ${describe(error)}`);
  process.exit(1);
}

async function smoke(): Promise<void> {
  const { values } = parseArgs({
    options: {
      web: { type: 'string', default: `http://localhost:${process.env.WEB_PORT || 8000}` },
      orders: { type: 'string', default: '20' },
      insecure: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.orders);
  if (!Number.isInteger(count) || count < 1 || count > MAX_ORDERS)
    throw new Error(`--orders takes 1 to ${MAX_ORDERS}.`);
  if (values.insecure) {
    process.removeAllListeners('warning');
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  }

  const admin = await signIn(values.web);
  const table = await watchTable(admin);
  const legs: Legs[] = [];
  try {
    for (let i = 0; i < count; i += 1) {
      const order = await placeOrder(values.web, `Smoke ${i + 1}`);
      try {
        const seenAt = await table.arrival(order.number, SEEN_DEADLINE_MS);
        if (seenAt === undefined) {
          throw new Error(
            `${order.number} was placed, but did not come up on the table within ${SEEN_DEADLINE_MS / 1000} s.`,
          );
        }
        legs.push({
          answered: order.answeredAt - order.sentAt,
          afterAnswer: seenAt - order.answeredAt,
          seen: seenAt - order.sentAt,
        });
      } finally {
        // At once, so that the stock of one piece is enough for any number of orders.
        await cancel(admin, order.number);
      }
    }
  } finally {
    table.close();
  }
  report(legs);
}

async function signIn(webUrl: string): Promise<Visitor> {
  const { email, password } = readLogin();
  const admin = new Visitor(webUrl);
  const answer = await admin.post('/admin/login', { email, password, next: '/admin/orders' });
  if (answer.status !== 303) throw new Error(`The login of ${email} was refused with ${answer.status}.`);
  return admin;
}

function readLogin(): { email: string; password: string } {
  const { ADMIN_EMAIL, ADMIN_PASSWORD, DATA_DIR } = process.env;
  if (ADMIN_EMAIL && ADMIN_PASSWORD) return { email: ADMIN_EMAIL, password: ADMIN_PASSWORD };
  try {
    const kept = JSON.parse(readFileSync(join(DATA_DIR || '.data', 'secrets.json'), 'utf8')) as Record<string, string>;
    return { email: ADMIN_EMAIL || kept.adminEmail!, password: ADMIN_PASSWORD || kept.adminPassword! };
  } catch {
    throw new Error('Which login? Set ADMIN_EMAIL and ADMIN_PASSWORD, or DATA_DIR where `npm start` keeps its own.');
  }
}

async function cancel(admin: Visitor, number: string): Promise<void> {
  const fields = { status: 'annulee', version: '1', view: 'all', page: 'order', confirmed: '1' };
  const answer = await admin.post(`/admin/orders/${number}/status`, fields).catch(() => undefined);
  const page = answer?.status === 303 ? await admin.get(`/admin/orders/${number}`).catch(() => undefined) : undefined;
  if (page?.status !== 200 || !page.html.includes('annulee')) console.error(`${number} could not be cancelled.`);
}

function report(legs: readonly Legs[]): void {
  const line = (name: string, leg: keyof Legs) => {
    const sorted = legs.map((one) => one[leg]).sort((a, b) => a - b);
    const show = (ms: number) => ms.toFixed(1).padStart(8);
    console.log(`  ${name.padEnd(34)}${show(sorted[Math.floor((sorted.length - 1) / 2)]!)}${show(sorted.at(-1)!)}`);
  };
  console.log(`${legs.length} orders placed, each seen on the table, all cancelled again. Milliseconds:`);
  console.log(`  ${''.padEnd(34)}${'median'.padStart(8)}${'worst'.padStart(8)}`);
  line('click → answer to the shopper', 'answered');
  // Negative: the row was on the table before the shopper had the answer.
  line('answer → row on the table', 'afterAnswer');
  line('click → row on the table', 'seen');
}

function describe(error: unknown): string {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? (cause as NodeJS.ErrnoException).code || cause.message : '';
  return reason ? `${message} (${reason})` : message;
}
