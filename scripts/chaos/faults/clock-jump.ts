import { asFaultKind } from './fault.ts';

const DAY_SECONDS = 86_400;

/** The clocks of some machines jump by a day, and back. */
export const clockJump = asFaultKind<{ parts: string[]; aheadSeconds: number }>({
  kind: 'clock jump',
  draw(random, shape) {
    if (!shape.clocks) return undefined;
    // Redis has no clock that anything depends on.
    const names = random.shuffled(shape.parts.filter(({ kind }) => kind !== 'redis').map(({ name }) => name));
    const parts = names.slice(0, random.between(1, names.length));
    const aheadSeconds = random.pick([DAY_SECONDS, -DAY_SECONDS]);
    const way = aheadSeconds > 0 ? 'ahead' : 'back';
    return {
      target: `${parts.join('+')} ${way}`,
      claims: ['clocks'],
      durationMs: random.between(1_000, 8_000),
      detail: { parts, aheadSeconds },
    };
  },
  async begin({ system }, { detail: { parts, aheadSeconds } }) {
    const clocks = parts.map((part) => system.clock(part));
    for (const clock of clocks) clock?.set(aheadSeconds);
    return async () => {
      for (const clock of clocks) clock?.set(0);
    };
  },
});
