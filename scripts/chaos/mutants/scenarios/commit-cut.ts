import { COMMIT_BEHIND } from '../../../../services/orders/one-packet.ts';
import { holdRow, NEEDS_HEAD, newOrder, noteFault, type Scenario, send, until, waiting } from '../stage.ts';

/** The connection breaks with COMMIT on its way to the database: the transaction is rolled back, and run again. */
export const commitCut: Scenario = async (run) => {
  const [orders] = run.system.orders;
  const link = run.system.links.get('orders1-database')!;
  const release = await holdRow(run, 'event_head', 1);
  const answer = send(run, newOrder(), orders!);
  await until('a statement that waits', () => waiting(run, NEEDS_HEAD, 1));
  const healed = noteFault(run, 'reset', 'orders1-database');
  let isCut = false;
  link.set({
    kind: 'reset-on',
    direction: 'up',
    patterns: [Buffer.from(COMMIT_BEHIND)],
    when: 'before',
    chance: () => {
      const isFirst = !isCut;
      isCut = true;
      return isFirst;
    },
  });
  await release();
  await answer;
  link.set(undefined);
  healed();
};
