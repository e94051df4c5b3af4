import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The figures of this service, beside those that every process has. */
export function createOrderMetrics(registry: Registry) {
  const registers = [registry];
  const groupSize = new Histogram({
    name: 'intake_group_size',
    help: 'Orders that shared a transaction',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const groupSeconds = new Histogram({
    name: 'intake_group_seconds',
    help: 'Time of a group from its first statement to the acknowledged commit, repeats included',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  const guesses = new Counter({
    name: 'intake_guesses_total',
    help: 'Groups that were placed by a guess, or not, because it was wrong, or there was none to make',
    labelNames: ['guess'],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  return {
    placed: new Counter({ name: 'orders_placed_total', help: 'Orders placed, repeats not counted', registers }),
    refused: new Counter({
      name: 'orders_refused_total',
      help: 'Orders not placed, by problem code',
      labelNames: ['code'],
      registers,
    }),
    signIns: new Counter({
      name: 'sign_ins_total',
      help: 'Tries to sign in, by what came of them: opened, or a problem code',
      labelNames: ['outcome'],
      registers,
    }),
    publishFailures: new Counter({
      name: 'publish_failures_total',
      help: 'Messages that Redis did not take; notifiers find them in the log',
      registers,
    }),
    observeGroup({ size, seconds, guess }: { size: number; seconds: number; guess: 'right' | 'wrong' | 'none' }) {
      guesses.inc({ guess });
      groupSize.observe(size);
      groupSeconds.observe(seconds);
    },
    /** Figures that are asked for when somebody looks. */
    watch({ queueDepth, acknowledgedHead }: { queueDepth: () => number; acknowledgedHead: () => number }) {
      gauge('intake_queue_depth', 'Orders that wait for a group', queueDepth);
      gauge('event_head_acknowledged', 'The newest event known to be durable', acknowledgedHead);
    },
  };
}
export type OrderMetrics = ReturnType<typeof createOrderMetrics>;
