import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Guard } from '../supervise/guard.ts';
import { sendAdmins } from './admins.ts';
import { stockShop } from './catalogue.ts';
import { type Desk, type DeskOptions, openDesk } from './desk.ts';
import { readFinalState } from './final-state.ts';
import { type Random, seededRandom } from './random.ts';
import { readLog } from './readers.ts';
import { type Recorder, recordHistory } from './record.ts';
import { type Load, sendShoppers } from './shoppers.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';

export interface RunOptions extends Omit<SystemOptions, 'guard' | 'home'> {
  seed: number;
  /** For the history's first line; how long the run lasts is the caller's. */
  minutes: number;
  /** Where the history goes. */
  historyFile: string;
  /** Orders a second; 12 unless told. 0: the caller sends them. */
  ratePerSecond?: number;
  /** Open order tables, of all views in turn, most at the gateway and some through web; 8 unless told. */
  desks?: number;
  /** How long the desks may take to come to the head of the log at the end; longer than any of them needs unless told. */
  settleMs?: number;
}

/** A system under load, with desks that watch and readers that read, all of it written down. */
export interface Run {
  system: System;
  recorder: Recorder;
  random: Random;
  desks: readonly Desk[];
  /** Processes that ended though nobody had ended them, and why. */
  falls: readonly { part: string; reason: string }[];
  /**
   * Heals everything, lets the load run out, waits until every desk is where the log is (or the time is up), and
   * writes the last line. Nothing runs afterwards.
   */
  finish(): Promise<void>;
  /** Ends everything at once, whatever state it is in; the history stays without its last line. */
  abandon(): Promise<void>;
  /** A directory with the logs of all processes. */
  logs: string;
  /** Removes the logs. */
  forget(): void;
}

const VIEWS = ['all', 'all', 'en_attente', 'all', 'en_cours', 'all', 'terminee', 'all', 'annulee'] as const;
/** Every so many desks one has its stream through web. */
const BY_WEB = 3;
/** Longer than a request's own end and one repeat. */
const PATIENCE_MS = 25_000;
/** A stream that died without a word is noticed after 40 s at the latest, and a poll comes at least every 30 s. */
const SETTLE_MS = 50_000;

export async function startRun(options: RunOptions): Promise<Run> {
  const { seed, minutes, pollSeconds = 30, ratePerSecond = 12 } = options;
  const guard = new Guard();
  const home = mkdtempSync(join(tmpdir(), 'msp-chaos-'));
  guard.removeAtEnd(home);
  const random = seededRandom(seed);
  const falls: { part: string; reason: string }[] = [];
  const recorder = recordHistory(options.historyFile);
  let system: System | undefined;
  let isEnding = false;
  const desks: Desk[] = [];
  const loads: Load[] = [];
  const readers: { stop(): Promise<void> }[] = [];

  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    recorder.close();
    for (const desk of desks) desk.close();
    await system?.stop();
    rmSync(join(home, 'database'), { recursive: true, force: true });
    // The logs stay until `forget`; the guardian would take them along.
    guard.keep(home);
    await guard.close();
  };

  try {
    system = await startSystem({
      ...options,
      pollSeconds,
      guard,
      home,
      isOver: () => isEnding,
      onFall: (part, reason) => {
        falls.push({ part, reason });
        options.onFall?.(part, reason);
      },
    });
    const products = await stockShop(system);
    recorder.note({ e: 'run', seed, minutes, products, pollSeconds });
    const common = { system, recorder };
    for (let i = 0; i < (system.web ? (options.desks ?? 8) : 0); i += 1) {
      const name = `desk${i + 1}`;
      const streamBy: DeskOptions['streamBy'] = i % BY_WEB === BY_WEB - 1 ? 'web' : 'gateway';
      const view = VIEWS[i % VIEWS.length]!;
      desks.push(await openDesk({ ...common, random: random.fork(name), name, view, streamBy, pollSeconds }));
    }
    for (const at of system.orders) readers.push(readLog(system, recorder, at));
    if (ratePerSecond > 0) {
      loads.push(sendShoppers({ ...common, random: random.fork('shoppers'), products, ratePerSecond }));
      loads.push(sendAdmins({ ...common, random: random.fork('admins'), ratePerSecond: ratePerSecond / 5 }));
    }
  } catch (error) {
    await end();
    rmSync(home, { recursive: true, force: true });
    throw error;
  }

  const started = system;
  return {
    system: started,
    recorder,
    random,
    desks,
    falls,
    logs: join(home, 'logs'),
    async finish() {
      await started.heal();
      await Promise.all(loads.map((load) => load.stop(PATIENCE_MS)));
      await settle(started, desks, options.settleMs ?? SETTLE_MS);
      await Promise.all(readers.map((reader) => reader.stop()));
      recorder.note(await readFinalState(started, desks));
      await end();
    },
    async abandon() {
      for (const proxy of started.links.values()) proxy.set(undefined);
      started.disk?.free();
      void Promise.all([...loads.map((load) => load.stop(0)), ...readers.map((reader) => reader.stop())]);
      await end();
    },
    forget: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Waits until every desk and every reader is at the head of the log; what has not come by then is for the checker to say. */
async function settle(system: System, desks: readonly Desk[], patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const [head] = await system.query<{ place: string }>(
      "select concat(epoch, '.', head) as place from event_head where id = 1",
    );
    if (desks.every(({ cursor }) => cursor === head?.place)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
