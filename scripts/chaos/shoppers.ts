import { randomUUID } from 'node:crypto';
import { attempt, type Order, settles } from './attempt.ts';
import type { ChaosProduct } from './catalogue.ts';
import { orderByForm } from './order-by-form.ts';
import type { Random } from './random.ts';
import type { Recorder } from './record.ts';
import type { System } from './system.ts';

export interface Load {
  /** No more begin; resolves when whoever had begun is answered, or gave up after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
}

export interface ShopperOptions {
  system: System;
  recorder: Recorder;
  random: Random;
  products: readonly ChaosProduct[];
  /** New orders a second, on average; every now and then a burst of as many at once comes on top. */
  ratePerSecond: number;
}

/** Shoppers with an order under way; who comes when there are more goes elsewhere. */
const MAX_SHOPPERS = 300;
const BURST_PROBABILITY = 0.02;
const MAX_LINES = 3;
/** How many want something that sells out. */
const SCARCE_PROBABILITY = 0.2;

/** How a shopper behaves, and how many of a hundred do. */
const MANNERS = [
  ['once', 74],
  /** Several of the same at the same instant, at different processes. */
  ['twins', 10],
  /** After the answer once more, as a page that is reloaded. */
  ['again', 6],
  /** After the answer the same key for something else. */
  ['other-body', 5],
  ['form', 5],
] as const;
type Manner = (typeof MANNERS)[number][0];

/** Shoppers come at random, each with a key and a mark of its own, and send the same again until they know. */
export function sendShoppers(options: ShopperOptions): Load {
  const { system, recorder, random, products, ratePerSecond } = options;
  const unlimited = products.filter(({ stock }) => stock === null);
  const scarce = products.filter(({ stock }) => stock !== null);
  const shopping = new Set<Promise<void>>();
  let marks = 0;
  let isStopped = false;
  let hasGivenUp = false;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): Order => {
    marks += 1;
    const chosen = random.shuffled(unlimited).slice(0, random.between(1, MAX_LINES));
    if (random.chance(SCARCE_PROBABILITY)) chosen[0] = random.pick(scarce);
    return {
      key: `${marks}-${randomUUID()}`,
      mark: `Chaos ${marks}`,
      lines: chosen.map(({ id }) => ({ productId: id, quantity: random.between(1, 2) })),
    };
  };

  async function until201(order: Order, luck: Random): Promise<boolean> {
    for (;;) {
      const status = await attempt(recorder, order, luck.pick(system.orders));
      if (settles(status)) return status === 201;
      if (hasGivenUp) return false;
      await new Promise((resolve) => setTimeout(resolve, luck.between(50, 600)));
    }
  }

  async function shop(manner: Manner, order: Order, luck: Random): Promise<void> {
    if (manner === 'form' && system.web) {
      const { mark } = order;
      const productId = luck.pick(unlimited).id;
      return orderByForm({ system, recorder, mark, productId, isOver: () => hasGivenUp });
    }
    if (manner === 'twins') {
      await Promise.all(Array.from({ length: luck.between(2, 4) }, (_, i) => until201(order, luck.fork(`twin ${i}`))));
      return;
    }
    if (!(await until201(order, luck))) return;
    if (manner === 'again') await until201(order, luck);
    if (manner === 'other-body') {
      // A mark is one body, so another body has another mark.
      const other = {
        ...order,
        mark: `${order.mark} bis`,
        lines: [{ productId: order.lines[0]!.productId, quantity: 9 }],
      };
      await until201(other, luck);
    }
  }

  const begin = () => {
    if (shopping.size >= MAX_SHOPPERS) return;
    const order = draw();
    const one: Promise<void> = shop(drawManner(random), order, random.fork(order.mark)).finally(() =>
      shopping.delete(one),
    );
    shopping.add(one);
  };
  const arrive = () => {
    begin();
    if (random.chance(BURST_PROBABILITY)) for (let i = 0; i < ratePerSecond; i += 1) begin();
    // Independent arrivals are exponentially far apart.
    const waitMs = (-Math.log(1 - random.next()) * 1000) / ratePerSecond;
    if (!isStopped) timer = setTimeout(arrive, waitMs);
  };
  arrive();

  return {
    async stop(patienceMs) {
      isStopped = true;
      clearTimeout(timer);
      const patience = setTimeout(() => {
        hasGivenUp = true;
      }, patienceMs);
      await Promise.all(shopping);
      clearTimeout(patience);
    },
  };
}

function drawManner(random: Random): Manner {
  let left = random.between(1, 100);
  for (const [manner, share] of MANNERS) {
    left -= share;
    if (left <= 0) return manner;
  }
  return 'once';
}
