import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongFirst from './scripts/testing/long-first.ts';

export default defineConfig({
  test: {
    include: ['{services,shared,web,scripts}/**/*.test.{ts,tsx}'],
    globalSetup: ['scripts/testing/global-setup.ts'],
    reporters: ['default', './scripts/testing/count-reporter.ts'],
    // Tests wait for conditions, so these only bound what hangs; loaded machines take their time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    // Each worker runs whole systems with databases and browsers beside it.
    maxWorkers: Math.min(4, availableParallelism()),
    pool: 'forks',
    sequence: { sequencer: LongFirst },
  },
});
