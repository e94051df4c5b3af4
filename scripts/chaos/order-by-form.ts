import { hiddenFields, Visitor } from '../smoke/visitor.ts';
import { noteAttempt, settles } from './attempt.ts';
import type { Recorder } from './record.ts';
import type { System } from './system.ts';

/** One order by the shop's own pages: the same form is sent again until it is answered, as a shopper would. */
export async function orderByForm(options: {
  system: System;
  recorder: Recorder;
  mark: string;
  productId: number;
  isOver: () => boolean;
}): Promise<void> {
  const { system, recorder, mark, productId, isOver } = options;
  const shopper = new Visitor(`http://127.0.0.1:${system.web!.port}`);
  const form = await untilItWorks(isOver, async () => {
    await shopper.post('/cart/lines', { productId: String(productId) });
    return hiddenFields((await shopper.get('/checkout')).html, '/checkout');
  });
  if (!form) return;
  // What the cart took is in the form; a lost answer may have been a line taken twice.
  const quantity = Number(/^\d+x(\d+)at/.exec(form.lines ?? '')?.[1] ?? 1);
  const order = { key: form.key ?? '', mark, lines: [{ productId, quantity }] };
  const fields = { ...form, name: mark, email: 'chaos@msp.example', phone: '', notes: '' };

  for (let status = 0; !settles(status); ) {
    const answered = noteAttempt(recorder, order, 'web1');
    const page = await shopper.post('/checkout', fields).catch(() => undefined);
    status = page?.status === 303 ? 201 : (page?.status ?? 0);
    if (status !== 201) {
      answered(status);
      if (isOver()) return;
      await pause();
      continue;
    }
    const token = page!.location.split('/').at(-1)!;
    const placed = await untilItWorks(isOver, async () => {
      const response = await fetch(`http://127.0.0.1:${system.orders[0]!.port}/orders/by-token/${token}`, {
        signal: AbortSignal.timeout(5_000),
      });
      return response.ok
        ? ((await response.json()) as { number: string; totalCents: number; placedAt: string })
        : undefined;
    });
    if (!placed) return;
    const { number, totalCents, placedAt } = placed;
    answered(201, { order: { number, token, totalCents, placedAt } });
  }
}

/** Undefined when the run was over before it worked. */
async function untilItWorks<T>(isOver: () => boolean, work: () => Promise<T | undefined>): Promise<T | undefined> {
  for (;;) {
    const result = await work().catch(() => undefined);
    if (result !== undefined || isOver()) return result;
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
