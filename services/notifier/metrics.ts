import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { VIEWS } from '../../shared/contracts/status.ts';
import { PAGE_ROWS } from '../../web/fragments/live-update.tsx';
import type { Audience } from './audience.ts';

/** What a notifier counts. The audience and the follower add gauges of their own state. */
export type NotifierMetrics = ReturnType<typeof createNotifierMetrics>;

export function createNotifierMetrics(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  return {
    eventsReceived: counter('events_received_total', 'Events taken into the log, from Redis or from orders'),
    gapsRepaired: counter('gaps_repaired_total', 'Reads of the log that brought events which Redis had not'),
    malformed: counter('malformed_messages_total', 'Messages on the channel that no schema fits'),
    resets: counter('resets_total', 'Times that every page was asked to refetch its rows'),
    slowCut: counter('slow_cut_total', 'Streams cut because their browser did not read'),
    ended: new Counter({
      name: 'streams_ended_total',
      help: 'Streams that came to their end, by why',
      labelNames: ['ending'],
      registers,
    }),
    turnedAway: new Counter({
      name: 'turned_away_total',
      help: 'Connections asked to come back later',
      labelNames: ['reason'],
      registers,
    }),
    flushSeconds: new Histogram({
      name: 'flush_seconds',
      help: 'Event loop time to render and write one flush',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
      registers,
    }),
    frameRows: new Histogram({
      name: 'frame_rows',
      help: 'Rows in one frame',
      buckets: [0, 1, 2, 5, 10, 20, PAGE_ROWS],
      registers,
    }),
  };
}

/** A gauge that is read when it is asked for. */
export function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** Open streams by what they are about. */
export function audienceGauge(registry: Registry, audience: Audience): void {
  new Gauge({
    name: 'subscribers',
    help: 'Open streams, by view; `shopper` for those of one order',
    labelNames: ['view'],
    registers: [registry],
    collect() {
      let ofViews = 0;
      for (const view of VIEWS) {
        this.set({ view }, audience.views[view].size);
        ofViews += audience.views[view].size;
      }
      this.set({ view: 'shopper' }, audience.all.size - ofViews);
    },
  });
}
