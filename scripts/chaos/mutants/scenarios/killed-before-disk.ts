import { slowDisk } from '../../../faults/slow-disk.ts';
import { Guard } from '../../../supervise/guard.ts';
import { countEvents, newOrder, noteFault, type Scenario, send, until } from '../stage.ts';

/** Much longer than a read of the log takes. */
const READ_MS = 1_500;

/**
 * The database is killed after it has shown a commit to others and before it has written it down. Without a binlog
 * InnoDB does things in this order; a slow disk makes the moment long enough to be met every time.
 */
export const killedBeforeDisk: Scenario = async (run) => {
  const { database, orders, serviceToken } = run.system;
  const before = await countEvents(run, 'read committed');
  const healed = noteFault(run, 'slow disk, kill', 'database');
  const guard = new Guard();
  const disk = await slowDisk(guard, database.pid);
  const order = newOrder();
  const answers = [send(run, order, orders[0]!)];
  await until('an event that is not on disk', async () => (await countEvents(run, 'read committed')) > before);
  // Whoever asks has the time to be shown it, or to be told that the order is placed.
  answers.push(send(run, order, orders[1]!));
  await fetch(`http://127.0.0.1:${orders[1]!.port}/events`, {
    headers: { Authorization: `Bearer ${serviceToken}` },
    signal: AbortSignal.timeout(READ_MS),
  }).catch(() => {});
  await Promise.all([database.kill(), disk.kill()]);
  await guard.close();
  await database.start();
  healed();
  await Promise.all(answers);
};
