import {
  countRows,
  holdRow,
  LIMITED,
  NEEDS_HEAD,
  NEEDS_PRODUCT,
  newOrder,
  noteFault,
  readOnce,
  type Scenario,
  send,
  until,
  waiting,
} from '../stage.ts';

/** Time enough, on a busy machine too, to stop the line between two statements. */
const SLOW_MS = 200;

/** One process has drawn its number and not committed, because its line stands still; another one goes on. */
export const overtaken: Scenario = async (run) => {
  const [slow, fast] = run.system.orders;
  const link = run.system.links.get('orders1-database')!;
  const release = await holdRow(run, 'products', LIMITED);
  const first = send(run, newOrder({ productId: LIMITED }), slow!);
  await until('an order that waits for its product', () => waiting(run, NEEDS_PRODUCT, 1));

  const healed = noteFault(run, 'latency, stall', 'orders1-database');
  const before = await countRows(run, 'orders', 'read committed');
  link.set({ kind: 'latency', ms: SLOW_MS });
  await release();
  const isUnderWay = async () => (await countRows(run, 'orders', 'read uncommitted')) > before;
  await until('an order that is not committed yet, or was sent with its commit', isUnderWay);
  link.set({ kind: 'stall', directions: ['up', 'down'] });

  let isAnswered = false;
  const second = send(run, newOrder({ productId: 2 }), fast!).finally(() => {
    isAnswered = true;
  });
  const isBehind = () => waiting(run, NEEDS_HEAD, 1);
  await until('the other order, placed or in line behind the first', async () => isAnswered || (await isBehind()));
  await readOnce(run, fast!);
  link.set(undefined);
  healed();
  await Promise.all([first, second]);
};
