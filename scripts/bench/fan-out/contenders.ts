import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../servers/free-port.ts';
import { streamRequest, tableRequests } from '../clients/stream-requests.ts';
import { watchStream } from '../clients/watch-stream.ts';
import type { Cost } from '../cost.ts';
import { MSP } from '../figures.ts';
import { MARKER_CHARS, writeMarker } from '../marker.ts';
import { LOAD_NCHAN, startNginx } from '../servers/nginx.ts';
import { type Program, startProgram } from '../servers/program.ts';
import { type Ground, startNotifier } from '../servers/shop.ts';
import type { Place, Workbench } from '../workbench.ts';
import { startEventFeed } from './event-feed.ts';

/** A server that brings rows to open tables. */
export interface Contender {
  port: number;
  pid: number;
  cost(): Cost;
  /** @param lastEventId where the browsers were, when they come back */
  requests(streams: number, lastEventId?: string): string[];
  /** Sends one row for each order. */
  publish(orders: readonly number[]): void;
  /** The id of the last row, which a browser that comes back shows; undefined for a server that replays nothing. */
  lastId(): string | undefined;
  stop(): Promise<void>;
}

export type ContenderName = typeof MSP | 'nchan' | 'streamSSE';
export const CONTENDERS: readonly ContenderName[] = [MSP, 'nchan', 'streamSSE'];

/** @param frame a row as the notifier sends it, which the others send too; see `sampleFrame` */
export function startContender(
  bench: Workbench,
  ground: Ground,
  name: ContenderName,
  frame: string,
): Promise<Contender> {
  if (name === MSP) return startMsp(bench, ground);
  return name === 'nchan' ? startNchan(bench, frame) : startStreamSse(bench, frame);
}

/** One row as the notifier frames it, so that all contenders send the same bytes. */
export async function sampleFrame(bench: Workbench, ground: Ground): Promise<string> {
  const msp = await startMsp(bench, ground);
  const stream = watchStream(msp.port, msp.requests(1)[0]!);
  await stream.opened();
  msp.publish([0]);
  const data = await stream.dataWith('mrk-');
  stream.close();
  await msp.stop();
  return data;
}

async function startMsp(bench: Workbench, ground: Ground): Promise<Contender> {
  const { notifiers, feed, contender } = await startNotifiers(bench, ground, [undefined], 'measured');
  return { ...notifiers[0]!, ...contender, lastId: () => feed.cursor };
}

/** So many notifiers that share a port and all cores, with the kernel giving each its part of the streams. */
export async function startSideBySide(bench: Workbench, ground: Ground, copies: number): Promise<Contender> {
  const port = await freePort();
  const ports = new Array<number>(copies).fill(port);
  const { notifiers, feed, contender } = await startNotifiers(bench, ground, ports, 'anywhere');
  await everybodyListens(port, copies);
  return {
    ...notifiers[0]!,
    ...contender,
    lastId: () => feed.cursor,
    cost: () =>
      notifiers
        .map((notifier) => notifier.cost())
        .reduce((sum, cost) => ({
          cpuUs: sum.cpuUs + cost.cpuUs,
          rssBytes: sum.rssBytes + cost.rssBytes,
          peakBytes: sum.peakBytes + cost.peakBytes,
        })),
  };
}

/** @param ports of each notifier; undefined: one that it shares with nobody */
async function startNotifiers(bench: Workbench, ground: Ground, ports: readonly (number | undefined)[], place: Place) {
  const secret = randomBytes(32).toString('base64url');
  const redisUrl = `redis://127.0.0.1:${ground.redisPort}`;
  const feed = await startEventFeed({ redisUrl, sessionSecret: secret });
  const settings = { REDIS_URL: redisUrl, SESSION_SECRET: secret, SERVICE_TOKEN: secret };
  const notifiers: Program[] = [];
  for (const port of ports) notifiers.push(await startNotifier(bench, settings, feed.ordersUrl, place, port));
  const contender = {
    requests: (streams: number, lastEventId?: string) => tableRequests(secret, streams, lastEventId),
    publish: (orders: readonly number[]) => feed.publish(orders),
    async stop() {
      await Promise.all(notifiers.map((notifier) => notifier.stop()));
      await feed.close();
    },
  };
  return { notifiers, feed, contender };
}

const LISTEN = '0A';
const LISTEN_DEADLINE_MS = 10_000;

/** Whichever listens answers for all that share its port, so the kernel is asked how many do (proc(5), net/tcp). */
async function everybodyListens(port: number, copies: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const listening = () =>
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTEN).length;
  const deadline = performance.now() + LISTEN_DEADLINE_MS;
  while (listening() < copies) {
    if (performance.now() > deadline) throw new Error(`Not all of ${copies} notifiers listen.`);
    await setTimeout(20);
  }
}

/**
 * nginx with nchan: one worker, messages in its memory, EventSource subscribers. It keeps as many messages as a browser
 * may have missed here, and gives a new browser none.
 */
async function startNchan(bench: Workbench, frame: string): Promise<Contender> {
  const nginx = await startNginx(
    bench,
    LOAD_NCHAN,
    `location = /live/orders {
       nchan_subscriber eventsource;
       nchan_channel_id orders;
       nchan_subscriber_first_message newest;
       nchan_subscriber_timeout 0;
     }
     location = /publish {
       nchan_publisher http;
       nchan_channel_id orders;
       nchan_message_buffer_length 300;
       nchan_message_timeout 10m;
     }`,
  );
  const posts = openPosts(nginx.port, frame);
  return {
    ...nginx,
    requests: plainRequests,
    publish: posts.send,
    lastId: () => /last message id: (\d+:\d+)/.exec(posts.lastAnswer())?.[1],
    async stop() {
      posts.close();
      await nginx.stop();
    },
  };
}

async function startStreamSse(bench: Workbench, frame: string): Promise<Contender> {
  const file = join(import.meta.dirname, '../rivals/stream-sse.ts');
  const rival = await startProgram(bench, { name: 'rival', file, place: 'measured', env: {} });
  const posts = openPosts(rival.port, frame);
  return {
    ...rival,
    requests: plainRequests,
    publish: posts.send,
    lastId: () => undefined,
    async stop() {
      posts.close();
      await rival.stop();
    },
  };
}

const plainRequests = (_: number, lastEventId?: string) => [
  streamRequest('/live/orders', lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
];

/** Longer than any one answer to a post. */
const ANSWER_CHARS = 2000;

/** Posts rows over one kept connection, without waiting for answers. */
function openPosts(port: number, frame: string) {
  const at = frame.indexOf('mrk-');
  const before = frame.slice(0, at);
  const after = frame.slice(at + MARKER_CHARS);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let answers = '';
  socket.on('error', () => {}).setEncoding('latin1');
  socket.on('data', (text: string) => {
    answers = (answers + text).slice(-ANSWER_CHARS);
  });
  return {
    lastAnswer: () => answers.slice(answers.lastIndexOf('HTTP/1.1 ')),
    send(orders: readonly number[]) {
      const posts = orders.map((order) => {
        const body = `${before}${writeMarker(order)}${after}`;
        return `POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      });
      socket.write(posts.join(''));
    },
    close: () => socket.destroy(),
  };
}
