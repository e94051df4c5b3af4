import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { findFaketime, type WallClock, wallClock } from '../faults/clock.ts';
import type { SmallDisk } from '../faults/full-disk.ts';
import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { freePort } from '../servers/free-port.ts';
import { isReady } from '../servers/is-ready.ts';
import { tail } from '../servers/server-failure.ts';
import { type Child, startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { type Part, type PartKind, startPart } from './part.ts';
import { startDatabasePart, startRedisPart } from './servers.ts';

export interface SystemOptions {
  guard: Guard;
  /** A directory of the run's own, which the caller removes: data, logs. */
  home: string;
  /** Where the built processes are: `orders.js`, `migrate.js` … ; the project's own `dist/` unless told. */
  dist?: string;
  /** Copies of each; 2 orders, 2 notifiers and 1 web unless told. `web: 0` leaves the pages out. */
  orders?: number;
  notifiers?: number;
  web?: 0 | 1;
  /** How often open pages poll, in seconds; 30 unless told. */
  pollSeconds?: number;
  /** Puts the database on a disk of this size, which can be filled; root only. On the machine's own disk unless told. */
  diskMegabytes?: number;
  /** Gives every part a clock that can be moved, where libfaketime is. False unless told. */
  clocks?: boolean;
  /** Told of every process that ended without anybody having ended it. */
  onFall?: (part: string, reason: string) => void;
  /** True once the guard is about to go: what ends then is not started again. To be said when the start fails, too. */
  isOver?: () => boolean;
}

/** The whole of MSP with servers of its own, where every line between two parts can be made to fail by itself. */
export interface System {
  parts: readonly Part[];
  database: Part;
  redis: Part;
  orders: readonly Part[];
  notifiers: readonly Part[];
  /** Undefined when the system was started without. */
  web: Part | undefined;
  /** By name: `orders1-database`, `notifier2-redis`, `web-orders1`, `desk3-notifier` … */
  links: ReadonlyMap<string, TcpProxy>;
  /** A line from a desk to whichever notifier's turn it is, as a gateway would choose; one more entry of `links`. */
  linkToNotifiers(desk: string): Promise<TcpProxy>;
  /** Of the part: undefined when the system has no movable clocks. */
  clock(part: string): WallClock | undefined;
  disk: SmallDisk | undefined;
  /** What a fault starts is ended with everything else. */
  guard: Guard;
  serviceToken: string;
  /** Straight to the database, for whoever needs a session of their own. */
  databaseUrl: string;
  /** Straight to the database, past every proxy, as its administrator. */
  query<Row = Record<string, unknown>>(sql: string, values?: readonly (string | number | null)[]): Promise<Row[]>;
  /**
   * The session that everybody of the desk shares; another one once it was refused.
   * @param refused the one that no longer serves
   * @throws when there is none, and none can be opened at the moment
   */
  session(refused?: string): Promise<string>;
  /** Starts what does not run, thaws what is frozen, heals every link; resolves when all are ready. */
  heal(deadlineMs?: number): Promise<void>;
  stop(): Promise<void>;
}

const DIST = resolve(import.meta.dirname, '../../dist');
const READY_DEADLINE_MS = 45_000;
const ADMIN = { email: 'admin@msp.example', password: 'correct horse battery staple' };

/**
 * Starts everything and waits until it is ready. No products; the caller puts them there.
 * @throws an Error with a process's last words when it does not come up
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { guard, home, isOver = () => false } = options;
  const dist = resolve(options.dist ?? DIST);
  for (const name of ['migrate', 'orders', 'notifier', 'web']) {
    if (!existsSync(join(dist, `${name}.js`))) throw new Error(`There is no ${name}.js in ${dist}.`);
  }
  mkdirSync(join(home, 'logs'), { recursive: true });
  const logOf = (name: string) => join(home, 'logs', `${name}.log`);

  const clocks = new Map<string, WallClock>();
  const clockEnv = (name: string): Record<string, string> => {
    if (!options.clocks || !findFaketime()) return {};
    if (!clocks.has(name)) clocks.set(name, wallClock(join(home, `clock-${name}`)));
    return clocks.get(name)!.env;
  };
  const onFall = (name: string) => (reason: string) => options.onFall?.(name, reason);

  const server = (name: string) => ({ guard, home, logFile: logOf(name), onFall: onFall(name), isOver });
  const env = clockEnv('database');
  const { diskMegabytes } = options;
  const {
    part: database,
    url: databaseUrl,
    disk,
  } = await startDatabasePart({ ...server('database'), env, diskMegabytes });
  const redis = await startRedisPart(server('redis'));

  const links = new Map<string, TcpProxy>();
  const link = async (name: string, target: () => number | undefined): Promise<number> => {
    const proxy = await startTcpProxy(target);
    links.set(name, proxy);
    return proxy.port;
  };
  const serviceToken = randomBytes(32).toString('base64url');
  const settings = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    SERVICE_TOKEN: serviceToken,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    ORDERS_POLL_SECONDS: String(options.pollSeconds ?? 30),
  };
  const node = (file: string, name: string, env: Record<string, string | undefined>): Child =>
    startChild({
      guard,
      name,
      stage: 'service',
      command: process.execPath,
      args: ['--enable-source-maps', join(dist, `${file}.js`)],
      env: { ...settings, ...clockEnv(name), ...env },
      output: { file: logOf(name) },
    });
  const migration = await node('migrate', 'migrate', {}).exited;
  if (migration.code !== 0) throw new Error(`migrate: ${migration.reason}\n${await tail(logOf('migrate'), 12)}`);

  /** @param env where its links lead is known only by the number of the copy */
  const startCopies = (
    kind: Exclude<PartKind, 'database' | 'redis'>,
    count: number,
    envOf: (number: number) => Promise<Record<string, string>>,
  ) =>
    Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const name = `${kind}${i + 1}`;
        const port = await freePort();
        const env = { ...(await envOf(i)), [`${kind.toUpperCase()}_PORT`]: String(port) };
        return startPart({
          name,
          kind,
          port,
          launch: async () => node(kind, name, env),
          isReady: () => isReady(`http://127.0.0.1:${port}`),
          onFall: onFall(name),
          isOver,
        });
      }),
    );
  const orders = await startCopies('orders', options.orders ?? 2, async (i) => {
    const throughProxy = new URL(databaseUrl);
    throughProxy.port = String(await link(`orders${i + 1}-database`, () => database.port));
    return {
      DATABASE_URL: throughProxy.href,
      REDIS_URL: `redis://127.0.0.1:${await link(`orders${i + 1}-redis`, () => redis.port)}`,
    };
  });
  const notifiers = await startCopies('notifier', options.notifiers ?? 2, async (i) => {
    const asked = i % orders.length;
    return {
      REDIS_URL: `redis://127.0.0.1:${await link(`notifier${i + 1}-redis`, () => redis.port)}`,
      ORDERS_URL: `http://127.0.0.1:${await link(`notifier${i + 1}-orders${asked + 1}`, () => orders[asked]!.port)}`,
    };
  });
  const [web] = await startCopies('web', options.web ?? 1, async () => ({
    ORDERS_URL: `http://127.0.0.1:${await link('web1-orders1', () => orders[0]!.port)}`,
    NOTIFIER_URL: `http://127.0.0.1:${await link('web1-notifier1', () => notifiers[0]?.port)}`,
  }));
  const parts = [database, redis, ...orders, ...notifiers, ...(web ? [web] : [])];

  let pool: Pool | undefined;
  let token: string | undefined;
  let signingIn: Promise<string> | undefined;
  let turn = 0;
  const system: System = {
    parts,
    database,
    redis,
    orders,
    notifiers,
    web,
    links,
    async linkToNotifiers(desk) {
      let next = links.size;
      await link(`${desk}-notifier`, () => notifiers[next++ % notifiers.length]?.port);
      return links.get(`${desk}-notifier`)!;
    },
    clock: (part) => clocks.get(part),
    disk,
    guard,
    serviceToken,
    databaseUrl,
    async query<Row>(sql: string, values: readonly (string | number | null)[] = []) {
      pool ??= createPool({ uri: databaseUrl, connectionLimit: 2, timezone: 'Z', supportBigNumbers: true });
      const [rows] = await pool.query<RowDataPacket[]>(sql, [...values]);
      return rows as Row[];
    },
    async session(refused) {
      if (token !== undefined && token !== refused) return token;
      signingIn ??= signIn(orders[turn++ % orders.length]!)
        .then((fresh) => {
          token = fresh;
          return fresh;
        })
        .finally(() => {
          signingIn = undefined;
        });
      return signingIn;
    },
    async heal(deadlineMs = READY_DEADLINE_MS) {
      for (const proxy of links.values()) proxy.set(undefined);
      disk?.free();
      for (const clock of clocks.values()) clock.set(0);
      for (const part of parts) part.signal('SIGCONT');
      await Promise.all(parts.map((part) => part.start()));
      await allReady(parts, deadlineMs, logOf);
    },
    async stop() {
      for (const part of parts) part.signal('SIGCONT');
      await pool?.end().catch(() => {});
      await Promise.all(parts.filter(({ kind }) => kind !== 'database' && kind !== 'redis').map((part) => part.stop()));
      await Promise.all([database.stop(), redis.stop(), ...[...links.values()].map((proxy) => proxy.close())]);
      await disk?.close();
    },
  };
  await allReady(parts, READY_DEADLINE_MS, logOf);
  return system;
}

async function signIn(at: Part): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${at.port}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ADMIN),
    signal: AbortSignal.timeout(10_000),
  });
  const { token } = (await response.json()) as { token?: string };
  if (response.status !== 201 || !token) throw new Error(`The sign-in was answered ${response.status}.`);
  return token;
}

async function allReady(parts: readonly Part[], deadlineMs: number, logOf: (name: string) => string): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (const part of parts) {
    while (!(await part.isReady())) {
      if (performance.now() > deadline) {
        throw new Error(`${part.name} is not ready in time. Its last words:\n${await tail(logOf(part.name), 12)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}
