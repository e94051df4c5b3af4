import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { type TestDatabase, testDatabase } from './database.ts';
import { type Environment, startProcess, type TestProcess } from './process.ts';
import { type TestRedis, testRedis } from './redis.ts';

export interface SystemOptions {
  /** Copies of each; 1 unless told. `web` and the notifiers ask the first orders process. */
  orders?: number;
  notifiers?: number;
  /** With the demo catalogue, which most tests buy from. */
  demo?: boolean;
  /** Further settings of each process. */
  env?: Partial<Record<TestProcess['name'], Environment>>;
}

export interface TestSystem {
  webUrl: string;
  ordersUrls: string[];
  notifierUrls: string[];
  admin: { email: string; password: string };
  sessionSecret: string;
  serviceToken: string;
  db: TestDatabase;
  redis: TestRedis;
  processes: { orders: TestProcess[]; notifiers: TestProcess[]; web: TestProcess };
  /** Opens a session of the admin and returns its token, good as a Bearer and as the cookie. */
  signIn(credentials?: { email: string; password: string }): Promise<string>;
  stop(): Promise<void>;
}

export const TEST_ADMIN = { email: 'admin@msp.example', password: 'correct horse battery staple' };

/** The settings that the processes of one system share. */
export function systemSettings(parts: {
  /** As the owner of the tables. */
  databaseUrl: string;
  /** What orders runs with, unless it is the owner. */
  runUrl?: string;
  redisUrl: string;
}) {
  return {
    DATABASE_URL: parts.runUrl ?? parts.databaseUrl,
    MIGRATE_DATABASE_URL: parts.databaseUrl,
    REDIS_URL: parts.redisUrl,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    SERVICE_TOKEN: randomBytes(32).toString('base64url'),
    SHOP_LOCALE: 'fr',
    SHOP_TIMEZONE: 'Europe/Paris',
    SHOP_CURRENCY: 'EUR',
    ADMIN_EMAIL: TEST_ADMIN.email,
    ADMIN_PASSWORD: TEST_ADMIN.password,
  };
}

/** The whole of MSP with a database and a Redis of its own, ready to be used; ended with the test file. */
export async function startSystem(options: SystemOptions = {}): Promise<TestSystem> {
  const [db, redis] = await Promise.all([testDatabase(), testRedis()]);
  const settings = systemSettings({ databaseUrl: db.url, runUrl: db.runUrl, redisUrl: redis.url });
  const start = (name: TestProcess['name'], env: Environment = {}, args: string[] = []) =>
    startProcess(name, { ...settings, ...env, ...options.env?.[name] }, { args });
  const copies = (count: number | undefined, name: TestProcess['name'], env?: Environment) =>
    Promise.all(Array.from({ length: count ?? 1 }, () => start(name, env)));

  await start('migrate', {}, options.demo === false ? [] : ['--demo']);
  const orders = await copies(options.orders, 'orders');
  const ordersUrl = orders[0]!.url;
  const notifiers = await copies(options.notifiers, 'notifier', { ORDERS_URL: ordersUrl });
  const web = await start('web', { ORDERS_URL: ordersUrl, NOTIFIER_URL: notifiers[0]!.url });

  return {
    webUrl: web.url,
    ordersUrls: orders.map((process) => process.url),
    notifierUrls: notifiers.map((process) => process.url),
    admin: TEST_ADMIN,
    sessionSecret: settings.SESSION_SECRET,
    serviceToken: settings.SERVICE_TOKEN,
    db,
    redis,
    processes: { orders, notifiers, web },
    signIn: (credentials = TEST_ADMIN) => signIn(ordersUrl, credentials),
    async stop() {
      await Promise.all([web, ...notifiers, ...orders].map((process) => process.stop()));
      await redis.stop();
      await db.drop();
    },
  };
}

/** A further admin, who can log in at once; without the link by which people become one. */
export async function createAdmin(
  db: TestDatabase,
  admin: { email: string; password: string; name: string; role?: 'owner' | 'staff' },
): Promise<void> {
  await db.query(
    'insert into admins (email, name, password_hash, role, created_at) values (?, ?, ?, ?, utc_timestamp(3))',
    [admin.email, admin.name, await hash(admin.password), admin.role ?? 'owner'],
  );
}

/** Opens an admin's session at an orders process. */
export async function signIn(ordersUrl: string, credentials: { email: string; password: string }): Promise<string> {
  const response = await fetch(`${ordersUrl}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  const { token } = (await response.json()) as { token?: string };
  if (response.status !== 201 || !token) throw new Error(`The login was refused with ${response.status}.`);
  return token;
}
