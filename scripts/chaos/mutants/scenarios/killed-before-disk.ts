import { slowDisk } from '../../../faults/slow-disk.ts';
import type { Run } from '../../run.ts';
import { countRows, newOrder, noteFault, readOnce, type Scenario, send, until } from '../stage.ts';

/**
 * The database is killed after it has shown a commit to others and before it has written it down. Without a binlog
 * InnoDB does things in this order; a slow disk makes the moment long enough to be met every time.
 */
export const killedBeforeDisk: Scenario = async (run) => {
  const { database, guard } = run.system;
  const healed = noteFault(run, 'power cut', 'database');
  const disk = await slowDisk(guard, database.pid);
  let answers: Promise<unknown>[] = [];
  try {
    answers = await orderAndLook(run);
  } finally {
    await Promise.all([database.kill(), disk.kill()]);
    await database.start();
  }
  healed();
  await Promise.all(answers);
};

/** One process commits what cannot be written; another one is asked for it, and is sent the same order. */
async function orderAndLook(run: Run): Promise<Promise<unknown>[]> {
  const [first, second] = run.system.orders;
  const before = await countRows(run, 'order_events', 'read committed');
  const order = newOrder();
  const answers = [send(run, order, first!)];
  await until(
    'an event that is not on disk',
    async () => (await countRows(run, 'order_events', 'read committed')) > before,
  );
  // Whoever asks has the time to be shown it, or to be told that the order is placed.
  answers.push(send(run, order, second!));
  await readOnce(run, second!);
  return answers;
}
