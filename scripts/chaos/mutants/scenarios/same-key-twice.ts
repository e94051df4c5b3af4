import { holdRow, LIMITED, NEEDS_PRODUCT, newOrder, type Scenario, send, until, waiting } from '../stage.ts';

/** The same order comes to two processes while its product is locked, so that both are under way at once. */
export const sameKeyTwice: Scenario = async (run) => {
  const [first, second] = run.system.orders;
  const order = newOrder({ productId: LIMITED });
  const release = await holdRow(run, 'products', LIMITED);
  const answers = [send(run, order, first!)];
  await until('a statement that waits', () => waiting(run, NEEDS_PRODUCT, 1));
  answers.push(send(run, order, second!));
  await until('a statement that waits', () =>
    waiting(run, /products.*for update|update products|into idempotency_keys/s, 2),
  );
  await release();
  await Promise.all(answers);
};
