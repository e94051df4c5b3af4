import { asFaultKind } from './fault.ts';

/** The database, or a line to it, takes fewer connections than the processes want. */
export const fewConnections = asFaultKind<{ at: string; limit: number }>({
  kind: 'few connections',
  draw(random, { links }) {
    const at = random.pick(['database', ...links.filter((name) => name.endsWith('-database'))]);
    const limit = random.between(1, 6);
    return { target: at, claims: [at], durationMs: random.between(1_000, 6_000), detail: { at, limit } };
  },
  async begin({ system }, { detail: { at, limit } }) {
    const proxy = system.links.get(at);
    if (proxy) {
      // Those that are open beyond the limit go, so that they have to be asked for again.
      proxy.resetAll();
      proxy.set({ kind: 'limit', connections: limit });
      return async () => proxy.set(undefined);
    }
    // Neither server takes a lower limit than 10. Sessions that are open stay; we cut them to have them asked for again.
    await system.query('set global max_connections = 10');
    for (const [name, link] of system.links) if (name.endsWith('-database')) link.resetAll();
    return async () => void (await system.query('set global max_connections = 300'));
  },
});
