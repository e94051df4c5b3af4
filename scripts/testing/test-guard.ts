import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Guard } from '../supervise/guard.ts';

/**
 * What a test file started ends with it, in the reverse order, whether or not the tests got as far as
 * stopping it; and with the worker, should that be killed.
 */
let guard: Guard | undefined;
let directory: string | undefined;
const endings: (() => Promise<unknown>)[] = [];

export function testGuard(): Guard {
  guard ??= new Guard();
  return guard;
}

/** A temporary directory of this test file. */
export function testDirectory(): string {
  if (!directory) {
    directory = mkdtempSync(join(tmpdir(), 'msp-test-'));
    testGuard().removeAtEnd(directory);
  }
  return directory;
}

/** Registers what ends something that was started; calling it twice must do no harm. */
export function atEnd(ending: () => Promise<unknown>): void {
  endings.push(ending);
}

afterAll(async () => {
  for (const ending of endings.splice(0).reverse()) await ending();
  await guard?.close();
  guard = undefined;
  if (directory) rmSync(directory, { recursive: true, force: true });
  directory = undefined;
});
