/**
 * Ends what a supervisor started, when the supervisor no longer can.
 *
 * It runs in a session of its own, so no terminal and no Ctrl-C reaches it, and holds the reading end of a pipe
 * whose only writing end is the supervisor's. However the supervisor ends, SIGKILL included, the kernel closes
 * that end; then everything that is still on the list is ended: services first, then the servers they use.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isRunning, type ProcessIdentity, signalProcess } from './process-identity.ts';

/** `service` is ended before `server`. */
export type Stage = 'service' | 'server';
export type GuardianCommand =
  | { watch: ProcessIdentity; stage: Stage }
  | { forget: number }
  | { removeAtEnd: string }
  | { keep: string };

/** A little longer than a service's own deadline for closing. */
const GRACE_MS = 12_000;
const POLL_MS = 20;

const watched = new Map<number, { identity: ProcessIdentity; stage: Stage }>();
const leftovers = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as GuardianCommand;
  if ('watch' in command) watched.set(command.watch.pid, { identity: command.watch, stage: command.stage });
  else if ('forget' in command) watched.delete(command.forget);
  else if ('removeAtEnd' in command) leftovers.add(command.removeAtEnd);
  else leftovers.delete(command.keep);
}

await endStage('service');
await endStage('server');
for (const path of leftovers) rmSync(path, { recursive: true, force: true });
process.exit();

async function endStage(stage: Stage): Promise<void> {
  const identities = [...watched.values()].filter((entry) => entry.stage === stage).map((entry) => entry.identity);
  for (const identity of identities) signalProcess(identity, 'SIGTERM');
  // A frozen process would sit on its SIGTERM.
  for (const identity of identities) signalProcess(identity, 'SIGCONT');
  const deadline = Date.now() + GRACE_MS;
  while (identities.some(isRunning)) {
    if (Date.now() > deadline) for (const identity of identities) signalProcess(identity, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
