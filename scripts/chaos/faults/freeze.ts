import { asFaultKind } from './fault.ts';

/** SIGSTOP: the process holds its connections and its locks, and says nothing. */
export const freeze = asFaultKind<{ victim: string }>({
  kind: 'freeze',
  draw(random, { parts }) {
    const victim = random.pick(parts).name;
    return { target: victim, claims: [victim], durationMs: random.between(300, 8_000), detail: { victim } };
  },
  async begin({ system }, { detail }) {
    const part = system.parts.find(({ name }) => name === detail.victim)!;
    part.signal('SIGSTOP');
    return async () => part.signal('SIGCONT');
  },
});
