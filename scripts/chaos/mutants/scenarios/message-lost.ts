import { figureOf, newOrder, noteFault, type Scenario, send, until } from '../stage.ts';

/**
 * One process commits while it cannot reach Redis, so nobody hears of the event; the others go on as always. The desk
 * has until the end.
 */
export const messageLost: Scenario = async (run) => {
  // Until it has heard a word over Redis, a notifier reads the log every second.
  const isHeard = async () => (await figureOf(run.system.notifiers[0]!, 'redis_mode')) === 1;
  await until('the word of Redis', isHeard);
  const link = run.system.links.get('orders1-redis')!;
  const healed = noteFault(run, 'refuse', 'orders1-redis');
  link.set({ kind: 'refuse' });
  await send(run, newOrder(), run.system.orders[0]!);
  link.set(undefined);
  healed();
};
