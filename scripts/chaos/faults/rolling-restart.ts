import type { PartKind } from '../part.ts';
import { asFaultKind, READY_MS, until } from './fault.ts';

/** A deployment: every copy of a service, or a server, ends by SIGTERM and comes back, one after the other. */
export const rollingRestart = asFaultKind<{ service: PartKind }>({
  kind: 'rolling restart',
  draw(random, { parts }) {
    const service = random.pick([...new Set(parts.map(({ kind }) => kind))]);
    const claims = parts.filter(({ kind }) => kind === service).map(({ name }) => name);
    return { target: service, claims, durationMs: 0, detail: { service } };
  },
  async begin({ system }, { detail }) {
    for (const part of system.parts.filter(({ kind }) => kind === detail.service)) {
      await part.stop();
      await part.start().catch(() => {});
      await until(part.isReady, READY_MS);
    }
    return async () => {};
  },
});
