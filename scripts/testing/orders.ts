import { type TestDatabase, testDatabase } from './database.ts';
import { type Environment, startProcess, type TestProcess } from './process.ts';
import { type TestRedis, testRedis } from './redis.ts';
import { systemSettings } from './system.ts';

export interface TestOrders {
  db: TestDatabase;
  redis: TestRedis;
  settings: ReturnType<typeof systemSettings>;
  processes: TestProcess[];
  /** Of the first process. */
  readonly url: string;
}

export interface OrdersOptions {
  /** 1 unless told. */
  processes?: number;
  /** Instead of a database of its own on the run's server. */
  databaseUrl?: string;
  env?: Environment;
}

/** Only the orders service, migrated and without products, with a Redis of its own; ended with the test file. */
export async function startOrders(options: OrdersOptions = {}): Promise<TestOrders> {
  const [db, redis] = await Promise.all([testDatabase(), testRedis()]);
  const settings = systemSettings({
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : { databaseUrl: db.url, runUrl: db.runUrl }),
    redisUrl: redis.url,
  });
  await startProcess('migrate', settings);
  const processes = await Promise.all(
    Array.from({ length: options.processes ?? 1 }, () => startProcess('orders', { ...settings, ...options.env })),
  );
  return {
    db,
    redis,
    settings,
    processes,
    get url() {
      return processes[0]!.url;
    },
  };
}
