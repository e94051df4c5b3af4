import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { startChild } from '../../supervise/child.ts';
import type { Place, Workbench } from '../workbench.ts';

/** How late rows came, over all subscribers; microseconds from the marker's time. */
export interface Deliveries {
  delivered: number;
  /** Rows that came to a subscriber that had them. */
  twice: number;
  /** Streams that ended though nobody ended them. */
  lost: number;
  medianUs: number;
  p99Us: number;
  maxUs: number;
  /** The p99 of the subscriber whose p99 is the highest. */
  slowestP99Us: number;
}

/** Many listeners; see c/subscribers.c. One command at a time. */
export interface Subscribers {
  /** @param requests whole requests, given out in turn */
  open(requests: readonly string[]): Promise<{ opened: number; refused: number; ms: number }>;
  clear(): Promise<void>;
  /** Deliveries since `clear`, once there are so many or the time is over. */
  wait(deliveries: number, deadlineMs: number): Promise<number>;
  report(): Promise<Deliveries>;
  drop(): Promise<void>;
  stop(): Promise<void>;
}

/** One loopback address has about 28,000 ports for connections to one place. */
const LISTENERS_OF_ONE_ADDRESS = 20_000;
let files = 0;

export function startSubscribers(
  bench: Pick<Workbench, 'guard' | 'home' | 'placed' | 'subscribers'>,
  options: { port: number; count: number /** Markers are numbered below this. */; events: number; place: Place },
): Subscribers {
  const { port, count, events } = options;
  const sources = Math.ceil(count / LISTENERS_OF_ONE_ADDRESS);
  const output = new PassThrough();
  const child = startChild({
    guard: bench.guard,
    name: 'subscribers',
    stage: 'service',
    ...bench.placed(options.place, bench.subscribers, [port, count, events, sources].map(String)),
    env: { PATH: process.env.PATH },
    spokenTo: true,
    output: { listener: (text) => output.write(text) },
  });
  void child.exited.then(() => output.end());
  const answers = createInterface({ input: output })[Symbol.asyncIterator]();

  const ask = async <Answer>(command: string): Promise<Answer> => {
    child.input?.write(`${command}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`The subscribers have ended: ${(await child.exited).reason}`);
    try {
      return JSON.parse(value) as Answer;
    } catch {
      throw new Error(`The subscribers say: ${value}`);
    }
  };
  return {
    async open(requests) {
      files += 1;
      const file = join(bench.home, `requests-${files}`);
      writeFileSync(file, `${requests.join('\0')}\0`);
      return ask(`open ${file}`);
    },
    clear: () => ask('clear'),
    wait: async (deliveries, deadlineMs) =>
      (await ask<{ delivered: number }>(`wait ${deliveries} ${Math.round(deadlineMs)}`)).delivered,
    report: () => ask('report'),
    drop: () => ask('drop'),
    stop: async () => void (await child.stop()),
  };
}
