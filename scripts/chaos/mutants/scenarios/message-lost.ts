import { newOrder, noteFault, type Scenario, send } from '../stage.ts';

/** One process commits while it cannot reach Redis, so nobody hears of the event; the others go on as always. The desk has until the end. */
export const messageLost: Scenario = async (run) => {
  const link = run.system.links.get('orders1-redis')!;
  const healed = noteFault(run, 'refuse', 'orders1-redis');
  link.set({ kind: 'refuse' });
  await send(run, newOrder(), run.system.orders[0]!);
  link.set(undefined);
  healed();
};
