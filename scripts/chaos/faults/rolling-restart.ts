import type { PartKind } from '../part.ts';
import { asFaultKind, READY_MS, until } from './fault.ts';

/** A deployment: every copy of a service ends by SIGTERM and comes back, one after the other. */
export const rollingRestart = asFaultKind<{ service: PartKind }>({
  kind: 'rolling restart',
  draw(random, { parts }) {
    const services = [...new Set(parts.map(({ kind }) => kind))].filter(
      (kind) => kind !== 'database' && kind !== 'redis',
    );
    const service = random.pick(services);
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
