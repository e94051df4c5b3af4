import { COMMIT_BEHIND } from '../../../services/orders/one-packet.ts';
import { asFaultKind } from './fault.ts';

/** By itself, a packet of its own (command 3, query, and the word); or behind the last statements of a group. */
const COMMITS = [Buffer.from('\x03commit'), Buffer.from(COMMIT_BEHIND)];

/** Connections break in a COMMIT: before it reached the database, or after, when only the answer is lost. */
export const cutCommits = asFaultKind<{ link: string; when: 'before' | 'after'; share: number }>({
  kind: 'commits cut',
  draw(random, { links }) {
    const link = random.pick(links.filter((name) => name.endsWith('-database')));
    const when = random.pick(['before', 'after', 'after'] as const);
    const share = random.pick([0.2, 0.6, 1]);
    return {
      target: `${link} ${when}`,
      claims: [link],
      durationMs: random.between(500, 5_000),
      detail: { link, when, share },
    };
  },
  async begin({ system, random }, { detail: { link, when, share } }) {
    const proxy = system.links.get(link)!;
    proxy.set({ kind: 'reset-on', direction: 'up', patterns: COMMITS, when, chance: () => random.chance(share) });
    return async () => proxy.set(undefined);
  },
});
