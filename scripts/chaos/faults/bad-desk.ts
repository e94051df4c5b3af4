import type { LinkFault } from '../../faults/tcp-proxy.ts';
import type { Random } from '../random.ts';
import { asFaultKind, type FaultKind, until } from './fault.ts';

/** A page that hears nothing takes its connection for dead after 40 s. */
const NOTICED_MS = 50_000;

/** What may be wrong with one admin's browser, or its way to us. Nobody else may notice. */
function badDesk(kind: string, longestMs: number, drawFault: (random: Random) => LinkFault): FaultKind {
  return asFaultKind<{ desk: string; fault: LinkFault }>({
    kind,
    draw(random, { desks }) {
      if (desks.length === 0) return undefined;
      const desk = random.pick(desks);
      const fault = drawFault(random);
      return { target: desk, claims: [desk], durationMs: random.between(1_000, longestMs), detail: { desk, fault } };
    },
    async begin({ desks }, { detail }) {
      const link = desks.find(({ name }) => name === detail.desk)!.link!;
      link.set(detail.fault);
      return async () => {
        link.set(undefined);
        return { noticed: until(() => link.dead() === 0, NOTICED_MS) };
      };
    },
  });
}

export const badDesks: readonly FaultKind[] = [
  // Longer than the notifier's patience with a browser that takes nothing, so that some are cut.
  badDesk('desk frozen', 14_000, () => ({ kind: 'stall', directions: ['down'] })),
  badDesk('desk slow', 10_000, (random) => ({ kind: 'latency', ms: random.pick([300, 2_000]) })),
  badDesk('desk offline', 5_000, () => ({ kind: 'refuse' })),
  badDesk('desk half open', 3_000, () => ({ kind: 'half-open' })),
];
