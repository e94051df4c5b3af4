import { startChild } from '../../supervise/child.ts';
import type { Place, Workbench } from '../workbench.ts';

/** What became of the orders; latencies in microseconds, of those that were placed. */
export interface Ordered {
  sent: number;
  /** At a rate: how many there should have been, those of warming up apart. */
  due: number;
  placed: number;
  /** Answers other than 201, and orders that got none. */
  other: number;
  perSecond: number;
  medianUs: number;
  p99Us: number;
  maxUs: number;
  /** Of `other`, those answered 503, and how late. */
  refused: number;
  refusedP99Us: number;
}

export interface ShoppersOptions {
  port: number;
  connections: number;
  /** Those of warming up included. */
  seconds: number;
  /** In which nothing is counted; unless told, a fifth of them and at most one at no rate, and none at a rate. */
  warmSeconds?: number;
  /** Orders a second, whatever is answered; 0: each connection orders again once it has its answer. */
  rate: number;
  /** Products 1 … `products`, of which the first `hot` take half of the lines. */
  products: number;
  hot: number;
  place: Place;
}

let seed = 0;

/** Lets shoppers order; see c/shoppers.c. @throws when the server cannot be reached */
export async function letShoppersOrder(
  bench: Pick<Workbench, 'guard' | 'placed' | 'shoppers'>,
  options: ShoppersOptions,
): Promise<Ordered> {
  seed += 1;
  const { port, connections, seconds, rate, products, hot } = options;
  const warmSeconds = options.warmSeconds ?? (rate === 0 ? Math.min(1, seconds / 5) : 0);
  const args = [port, connections, seconds, warmSeconds, rate, products, hot, seed];
  let output = '';
  const child = startChild({
    guard: bench.guard,
    name: 'shoppers',
    stage: 'service',
    ...bench.placed(options.place, bench.shoppers, args.map(String)),
    env: { PATH: process.env.PATH },
    output: { listener: (text) => (output += text) },
  });
  const { code, reason } = await child.exited;
  if (code !== 0) throw new Error(`The shoppers ended with ${reason}: ${output}`);
  return JSON.parse(output) as Ordered;
}
