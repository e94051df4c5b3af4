import { asFaultKind, READY_MS, until } from './fault.ts';

const MAX_VICTIMS = 3;

/** SIGKILL of any set of processes at one instant; each is started again a little later. */
export const kill = asFaultKind<{ victims: string[] }>({
  kind: 'kill',
  draw(random, { parts }) {
    const count = random.pick([1, 1, 2, MAX_VICTIMS]);
    const victims = random.shuffled(parts.map(({ name }) => name)).slice(0, count);
    return { target: victims.join('+'), claims: victims, durationMs: random.between(200, 5_000), detail: { victims } };
  },
  async begin({ system }, { detail }) {
    const victims = system.parts.filter(({ name }) => detail.victims.includes(name));
    await Promise.all(victims.map((part) => part.kill()));
    return async () => {
      await Promise.all(victims.map((part) => part.start().catch(() => {})));
      for (const part of victims) await until(part.isReady, READY_MS);
    };
  },
});
