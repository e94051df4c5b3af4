import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { EventPage } from '../../../shared/contracts/event.ts';
import { attempt } from '../attempt.ts';
import { checkHistory, type Verdict } from '../checker.ts';
import type { PostEntry } from '../history.ts';
import type { Part } from '../part.ts';
import { asLogged } from '../readers.ts';
import { readHistory } from '../record.ts';
import { type Run, startRun } from '../run.ts';
import { buildMutant, type Mutant } from './mutate.ts';

/** A short play of one fault at one exact moment, on the real system; it leaves everything healed behind. */
export type Scenario = (run: Run) => Promise<void>;

/** Below the repository, so that the processes find what npm installed. */
const BUILDS = resolve(import.meta.dirname, '../../../node_modules/.cache/msp/mutants');
/** Nobody waits for a poll here: what a stream left out stays out. */
const POLL_SECONDS = 3_600;
/** Longer than any desk needs once everything works; a mutant's may well never come, and is waited for as long as on a quiet machine. */
const SETTLE_MS = { system: 20_000, mutant: 3_000 };
const CONDITION_MS = 20_000;
/** Much longer than a read of the log takes, when nothing is in its way. */
const READ_MS = 1_500;

/** Plays the scenarios one after the other on one system, mutated or not, and has the checker judge what happened. */
export async function play(scenarios: readonly Scenario[], mutant?: Mutant): Promise<Verdict> {
  const home = resolve(BUILDS, `${process.pid}-${mutant?.name.replaceAll(/\W+/g, '-') ?? 'none'}`);
  mkdirSync(home, { recursive: true });
  const historyFile = resolve(home, 'history.jsonl');
  try {
    if (mutant) await buildMutant(mutant, home);
    const run = await startRun({
      seed: 1,
      minutes: 0,
      historyFile,
      ratePerSecond: 0,
      desks: 1,
      notifiers: 1,
      pollSeconds: POLL_SECONDS,
      settleMs: SETTLE_MS[mutant ? 'mutant' : 'system'],
      ...(mutant ? { dist: home } : {}),
    });
    try {
      for (const scenario of scenarios) await scenario(run);
      await run.finish();
    } finally {
      await run.abandon();
      run.forget();
    }
    return checkHistory(readHistory(historyFile));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

let orders = 0;

/** A new order of one product, which is not limited unless told; sent with `send`. */
export function newOrder(line: Partial<PostEntry['lines'][number]> = {}) {
  orders += 1;
  const name = `order-${process.pid}-${orders}`;
  return { key: `key-${name}`, mark: name, lines: [{ productId: 1, quantity: 1, ...line }] };
}

/** Sends an order, and again after any answer that settles nothing. */
export async function send(run: Run, order: ReturnType<typeof newOrder>, at: Part): Promise<number> {
  for (;;) {
    const status = await attempt(run.recorder, order, at);
    if (status >= 200 && status < 500) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let faults = 0;

/** Writes down that something is broken from now on. @returns writes down that it works again */
export function noteFault(run: Run, kind: string, target: string): () => void {
  faults += 1;
  const entry = { e: 'fault', id: faults, kind, target } as const;
  run.recorder.note({ ...entry, phase: 'begin' });
  return () => run.recorder.note({ ...entry, phase: 'end' });
}

/**
 * Locks a row by a session of our own, so that whoever needs it stops at that very statement.
 * @returns lets it go
 */
export async function holdRow(run: Run, table: 'event_head' | 'products', id: number): Promise<() => Promise<void>> {
  const healed = noteFault(run, 'lock', table);
  const connection = await createConnection({ uri: run.system.databaseUrl });
  await connection.query('begin');
  await connection.query(`select * from ${table} where id = ? for update`, [id]);
  return async () => {
    await connection.query('rollback');
    await connection.end();
    healed();
  };
}

/** A product whose stock is limited: whoever orders it needs its row. */
export const LIMITED = 7;

/** Statements that wait for a row that `holdRow` holds, of groups that are placed by a guess, and of those that ask. */
export const NEEDS_HEAD = /event_head.*for update|update event_head/s;
export const NEEDS_PRODUCT = /products.*for update|update products/s;

/** Whether so many statements that match stand and wait in the database. */
export async function waiting(run: Run, statement: RegExp, count: number): Promise<boolean> {
  const sessions = await run.system.query<{ Info: string | null }>('show full processlist');
  return sessions.filter(({ Info }) => Info !== null && statement.test(Info)).length >= count;
}

/** How many there are, those included, if told so, that are not committed yet. */
export async function countRows(
  run: Run,
  table: 'orders' | 'order_events',
  isolation: 'read uncommitted' | 'read committed',
): Promise<number> {
  const connection = await createConnection({ uri: run.system.databaseUrl });
  await connection.query(`set session transaction isolation level ${isolation}`);
  const [rows] = await connection.query<RowDataPacket[]>(`select count(*) as n from ${table}`);
  await connection.end();
  return Number(rows[0]!.n);
}

/** Reads the log of an orders process from its beginning, once and now, and writes down what it is told in time. */
export async function readOnce(run: Run, at: Part): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${at.port}/events?limit=500`, {
    headers: { Authorization: `Bearer ${run.system.serviceToken}` },
    signal: AbortSignal.timeout(READ_MS),
  }).catch(() => undefined);
  if (response?.status !== 200) return;
  const { epoch, head, events } = (await response.json()) as EventPage;
  const entry = { e: 'read', reader: 'witness', to: at.name, after: '', status: response.status } as const;
  run.recorder.note({ ...entry, epoch, head, events: events.map(asLogged) });
}

/** One of the figures that a process shows at `/metrics`. */
export async function figureOf(part: Part, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${part.port}/metrics`)).text();
  return Number(new RegExp(`^${name}\\S* (\\d+)`, 'm').exec(text)?.[1]);
}

export async function until(what: string, condition: () => Promise<boolean>, deadlineMs = CONDITION_MS): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`In vain waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
