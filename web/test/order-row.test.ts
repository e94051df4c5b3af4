import { expect, test } from 'vitest';
import { type AdminOrder, withoutCustomer } from '../../shared/contracts/order.ts';
import { renderOrderRow } from '../fragments/order-row.ts';

const PLACED = '2026-11-22T13:02:00.000Z';
const ORDER: AdminOrder = {
  id: 7,
  number: 'CMD-20261122-ABC123',
  status: 'en_attente',
  version: 1,
  name: 'Jeanne Test',
  email: 'jeanne@test.example',
  phone: null,
  notes: null,
  lines: [{ productId: 1, name: 'Miel de lavande', quantity: 2, unitPriceCents: 890 }],
  totalCents: 1780,
  currency: 'EUR',
  placedAt: PLACED,
  changedAt: PLACED,
  changedBy: null,
};
const FORMAT = { locale: 'fr', timeZone: 'Europe/Paris' } as const;

test('a row is kept for the next request, and drawn anew for whatever it shows otherwise', () => {
  const draw = (order: AdminOrder, format: Parameters<typeof renderOrderRow>[3] = FORMAT) =>
    renderOrderRow(order, 'all', true, format);
  const changed = { ...ORDER, status: 'en_cours', version: 2, changedAt: '2026-11-22T13:05:00.000Z' } as const;
  const claimed = { ...ORDER, claim: { byId: 3, by: 'Marie', since: PLACED } };
  expect(draw(structuredClone(ORDER))).toBe(draw(ORDER));
  // The last one drawn is the one that is kept.
  const after = (...drawn: Parameters<typeof draw>) => {
    draw(ORDER);
    return draw(...drawn);
  };
  const others = [
    after(changed),
    draw({ ...changed, status: 'annulee', changedAt: '2026-11-22T13:06:00.000Z' }),
    after(claimed),
    draw({ ...claimed, claim: { ...claimed.claim, byId: 4, by: 'Paul' } }),
    after(withoutCustomer(ORDER, PLACED)),
    after({ ...ORDER, number: 'CMD-20261122-XYZ789' }),
    after(ORDER, { ...FORMAT, locale: 'en' }),
    after(ORDER, { ...FORMAT, timeZone: 'Asia/Tokyo' }),
  ];
  expect(new Set([draw(ORDER), ...others]).size).toBe(1 + others.length);
});
