import type { AdminOrder } from '../../shared/contracts/order.ts';
import type { ShopFormat } from '../fragments/format.ts';
import { statusWord } from '../locales/desk.ts';
import { type PaperWords, paperWords } from '../locales/paper.ts';
import { csvLine, type Separator } from './csv.ts';

type Cell = (order: AdminOrder, shop: ShopFormat) => string | number | null;

const SEPARATORS: Record<ShopFormat['locale'], Separator> = { fr: ';', en: ',' };

/** One line for each order. Amounts as spreadsheets of the language read them and as integers, and times that sort. */
const COLUMNS: Record<keyof PaperWords['headings'], Cell> = {
  number: ({ number }) => number,
  placed: ({ placedAt }, shop) => localTime(placedAt, shop.timeZone),
  placedUtc: ({ placedAt }) => placedAt,
  status: ({ status }, { locale }) => statusWord(locale, status),
  name: ({ name }) => name,
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  lines: ({ lines }) => lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(' ; '),
  quantity: ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0),
  total: ({ totalCents }, { locale }) => (totalCents / 100).toFixed(2).replace('.', locale === 'fr' ? ',' : '.'),
  totalCents: ({ totalCents }) => totalCents,
  currency: ({ currency }) => currency,
  notes: ({ notes }) => notes,
  changed: ({ changedAt }, shop) => localTime(changedAt, shop.timeZone),
  changedBy: ({ changedBy }) => changedBy,
};
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

export function csvHeadings({ locale }: ShopFormat): string {
  const { headings } = paperWords(locale);
  return csvLine(
    NAMES.map((name) => headings[name]),
    SEPARATORS[locale],
  );
}

export function csvOrders(orders: readonly AdminOrder[], shop: ShopFormat): string {
  const separator = SEPARATORS[shop.locale];
  const line = (order: AdminOrder) => NAMES.map((name) => COLUMNS[name](order, shop));
  return orders.map((order) => csvLine(line(order), separator)).join('');
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-22 14:02:33` in the shop's zone, which is how Swedes write times. */
function localTime(instant: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(new Date(instant));
}
