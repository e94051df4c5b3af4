import { countEvents, newOrder, noteFault, type Scenario, send, until } from '../stage.ts';

/** Much longer than an order takes on a line that is well, even on a machine that is busy. */
const SLOW_MS = 150;

/** One process, on a slow line, has drawn its number and not committed; another one is faster. */
export const overtaken: Scenario = async (run) => {
  const [slow, fast] = run.system.orders;
  const link = run.system.links.get('orders1-database')!;
  const before = await countEvents(run, 'read uncommitted');
  const healed = noteFault(run, 'latency', 'orders1-database');
  link.set({ kind: 'latency', ms: SLOW_MS });
  const first = send(run, newOrder({ productId: 1 }), slow!);
  await until('an event that is not committed', async () => (await countEvents(run, 'read uncommitted')) > before);
  await send(run, newOrder({ productId: 2 }), fast!);
  await first;
  link.set(undefined);
  healed();
};
