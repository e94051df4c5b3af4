import type { Direction, LinkFault } from '../../faults/tcp-proxy.ts';
import type { Random } from '../random.ts';
import { asFaultKind, type FaultKind, until } from './fault.ts';

/** On these lines one side only listens: nothing but silence tells it that the other is gone. */
const LISTENS = /^notifier\d+-redis$|^web\d+-notifier\d+$/;
/** After 40 s of silence a page takes its stream for dead; nobody takes longer. */
const NOTICED_MS = 50_000;

const BOTH: readonly Direction[] = ['up', 'down'];
const DIRECTIONS: readonly (readonly Direction[])[] = [['up'], ['down'], BOTH];

/** A kind of fault that befalls any line between two parts. */
function badLink(kind: string, longestMs: number, drawFault: (random: Random) => LinkFault): FaultKind {
  return asFaultKind<{ link: string; fault: LinkFault }>({
    kind,
    draw(random, { links }) {
      const link = random.pick(links);
      const fault = drawFault(random);
      return { target: link, claims: [link], durationMs: random.between(300, longestMs), detail: { link, fault } };
    },
    async begin({ system }, { detail }) {
      const proxy = system.links.get(detail.link)!;
      proxy.set(detail.fault);
      return async () => {
        proxy.set(undefined);
        // Healing does not revive a connection whose other end is gone: that lasts until it is noticed.
        return LISTENS.test(detail.link) ? { noticed: until(() => proxy.dead() === 0, NOTICED_MS) } : undefined;
      };
    },
  });
}

export const badLinks: readonly FaultKind[] = [
  badLink('link slow', 8_000, (random) => ({ kind: 'latency', ms: random.pick([20, 200, 1500]) })),
  badLink('link stalled', 8_000, (random) => ({ kind: 'stall', directions: random.pick(DIRECTIONS) })),
  badLink('link half open', 4_000, () => ({ kind: 'half-open' })),
  badLink('link refused', 5_000, () => ({ kind: 'refuse' })),
  badLink('link cut after bytes', 5_000, (random) => ({
    kind: 'reset-after',
    direction: random.pick(BOTH),
    bytes: random.between(1, 3_000),
  })),
];
