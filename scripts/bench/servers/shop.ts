import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { fillDatabase } from '../../seed/fill-database.ts';
import { createDataDirectory, startDatabaseServer } from '../../servers/database-server.ts';
import { freePort } from '../../servers/free-port.ts';
import { startRedisServer } from '../../servers/redis-server.ts';
import type { Child } from '../../supervise/child.ts';
import { type Cost, readCost } from '../cost.ts';
import type { Place, Workbench } from '../workbench.ts';
import { type Program, runProgram, startProgram } from './program.ts';

/** A database server, a Redis, and what is started on them. */
export interface Ground {
  /** The settings of a shop on an empty, migrated database of its own, with the demo catalogue and stock for ever. */
  newShop(): Promise<ShopSettings>;
  query<Row = Record<string, unknown>>(shop: ShopSettings, sql: string, values?: readonly unknown[]): Promise<Row[]>;
  databaseCost(): Cost;
  /** Lets the database have every core while something is made ready. */
  onAllCores(work: () => Promise<unknown>): Promise<void>;
  redisPort: number;
  stop(): Promise<void>;
}

export interface ShopSettings {
  DATABASE_URL: string;
  REDIS_URL: string;
  SESSION_SECRET: string;
  SERVICE_TOKEN: string;
  ADMIN_EMAIL: string;
  ADMIN_PASSWORD: string;
  [name: string]: string;
}

/** More than all rounds together can order. */
const STOCK = 1_000_000_000;
/** What the demo catalogue holds: products 1 … 24. */
export const PRODUCTS = 24;
/** How many of them half of all lines ask for. */
export const HOT_PRODUCTS = 3;

/**
 * The database's memory and log are those of compose.yaml, for everybody who is measured. With a log of a few dozen
 * megabytes a server that takes thousands of orders a second stops every second to write its pages out.
 */
const SIZES = [
  '--innodb-buffer-pool-size=512M',
  '--loose-innodb-log-file-size=1G',
  '--loose-innodb-redo-log-capacity=1G',
];

let grounds = 0;
let shops = 0;

/** @param place of the database and of Redis */
export async function startGround(bench: Workbench, place: Place): Promise<Ground> {
  grounds += 1;
  const home = join(bench.home, `ground-${grounds}`);
  const directory = `${home}-data`;
  await createDataDirectory(bench.guard, bench.database, directory, { asRoot: true });
  const account = { user: 'bench', password: 'only-on-loopback', scope: '*.*' };
  const { child, url } = await startDatabaseServer({
    guard: bench.guard,
    binaries: bench.database,
    directory,
    port: await freePort(),
    logFile: `${home}-database.log`,
    account,
    asRoot: true,
    settings: SIZES,
  });
  const redisPort = await freePort();
  const redis = await startRedisServer({
    guard: bench.guard,
    program: bench.redis,
    port: redisPort,
    directory: `${home}-redis`,
    logFile: `${home}-redis.log`,
  });
  await Promise.all([bench.move(child.pid, place), bench.move(redis.child.pid, place)]);
  const pools = new Map<string, Pool>();
  const pool = (uri: string) => {
    const known = pools.get(uri) ?? createPool({ uri, connectionLimit: 1, timezone: 'Z' });
    pools.set(uri, known);
    return known;
  };
  return {
    redisPort,
    databaseCost: () => readCost(child.pid),
    async onAllCores(work) {
      await bench.move(child.pid, 'anywhere');
      await work();
      await bench.move(child.pid, place);
    },
    async newShop() {
      shops += 1;
      const name = `shop_${shops}`;
      await pool(url).query(`create database ${name} character set utf8mb4 collate utf8mb4_unicode_520_ci`);
      const settings: ShopSettings = {
        DATABASE_URL: `${url}${name}`,
        REDIS_URL: redis.url,
        SESSION_SECRET: randomBytes(32).toString('base64url'),
        SERVICE_TOKEN: randomBytes(32).toString('base64url'),
        ADMIN_EMAIL: 'admin@msp.example',
        ADMIN_PASSWORD: randomBytes(16).toString('base64url'),
      };
      await runProgram(bench, {
        name: 'migrate',
        file: 'migrate.js',
        place: 'anywhere',
        env: settings,
        args: ['--demo'],
      });
      await pool(settings.DATABASE_URL).query(`update products set stock = ${STOCK}`);
      return settings;
    },
    async query<Row>(shop: ShopSettings, sql: string, values: readonly unknown[] = []) {
      const [rows] = await pool(shop.DATABASE_URL).query<RowDataPacket[]>(sql, [...values]);
      return rows as Row[];
    },
    async stop() {
      await Promise.all([...pools.values()].map((one) => one.end().catch(() => {})));
      await Promise.all([stopped(child), stopped(redis.child)]);
    },
  };
}

/** Data that nobody needs any more are not worth a server's tidy end. */
async function stopped(child: Child): Promise<void> {
  child.signal('SIGKILL');
  await child.exited;
}

export const startOrders = (bench: Workbench, shop: ShopSettings, place: Place): Promise<Program> =>
  startProgram(bench, { name: 'orders', file: 'orders.js', place, env: shop });

/**
 * @param ordersUrl whose log it reads
 * @param port of its own unless told; told, it shares it with others who are told the same
 */
export const startNotifier = (
  bench: Workbench,
  shop: Pick<ShopSettings, 'REDIS_URL' | 'SESSION_SECRET' | 'SERVICE_TOKEN'>,
  ordersUrl: string,
  place: Place,
  port?: number,
): Promise<Program> =>
  startProgram(bench, {
    name: 'notifier',
    file: 'notifier.js',
    place,
    env: { ...shop, ORDERS_URL: ordersUrl, NOTIFIER_REUSE_PORT: String(port !== undefined) },
    ...(port === undefined ? {} : { port }),
  });

/** A shop that has been open for two years. */
export async function newOldShop(ground: Ground, orders: number): Promise<ShopSettings> {
  const shop = await ground.newShop();
  const life = { orders, seed: 1, until: new Date(), days: 730, timeZone: 'Europe/Paris', currency: 'EUR' };
  await ground.onAllCores(() => fillDatabase(shop.DATABASE_URL, life));
  return shop;
}

/** The session of the shop's first admin. */
export async function signIn(ordersUrl: string, shop: ShopSettings): Promise<string> {
  const response = await fetch(`${ordersUrl}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: shop.ADMIN_EMAIL, password: shop.ADMIN_PASSWORD }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (!token) throw new Error(`The login was answered ${response.status}.`);
  return token;
}
