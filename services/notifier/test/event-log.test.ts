import { expect, test } from 'vitest';
import type { OrderEvent } from '../../../shared/contracts/event.ts';
import { withoutCustomer } from '../../../shared/contracts/order.ts';
import { EventLog } from '../event-log.ts';
import { LIMITS } from '../limits.ts';
import { OrderLog } from './order-log.ts';

test('an erased customer is gone from memory too, from every earlier event of the order and from no other', () => {
  const written = new OrderLog();
  written.place(2);
  written.change(1, 'en_cours');
  const last = written.change(1, 'annulee');
  const log = new EventLog(LIMITS);
  log.replace({ epoch: written.epoch, head: written.head, events: written.events });
  expect(JSON.stringify(log.between(0))).toContain('elise');

  const erasedAt = '2025-12-26T10:00:00.000Z';
  const erased: OrderEvent = {
    ...last,
    seq: last.seq + 1,
    type: 'order.erased',
    order: withoutCustomer({ ...last.order, version: last.order.version + 1 }, erasedAt),
  };
  log.append([erased]);
  const kept = log.between(0)!;
  expect(kept.map(({ seq, order }) => [seq, order.name, order.email, order.notes])).toEqual(
    [...written.events, erased].map(({ seq, order }) =>
      order.id === 1 ? [seq, '', '', null] : [seq, order.name, order.email, order.notes],
    ),
  );
  expect(kept.map(({ order }) => order.version)).toEqual([1, 1, 2, 3, 4]);
});
