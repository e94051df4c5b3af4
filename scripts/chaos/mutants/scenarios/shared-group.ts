import { figureOf, holdRow, NEEDS_HEAD, newOrder, type Scenario, send, until, waiting } from '../stage.ts';

/** While both lanes wait, an order that cannot be served and one that can gather for the next group. */
export const sharedGroup: Scenario = async (run) => {
  const [orders] = run.system.orders;
  const release = await holdRow(run, 'event_head', 1);
  const answers: Promise<number>[] = [];
  for (const productId of [1, 2]) {
    answers.push(send(run, newOrder({ productId }), orders!));
    await until('a statement that waits', () => waiting(run, NEEDS_HEAD, productId));
  }
  // The fifth product is there twice.
  answers.push(
    send(run, newOrder({ productId: 5, quantity: 50 }), orders!),
    send(run, newOrder({ productId: 3 }), orders!),
  );
  await until('two orders in the queue', async () => (await figureOf(orders!, 'intake_queue_depth')) === 2);
  await release();
  await Promise.all(answers);
};
