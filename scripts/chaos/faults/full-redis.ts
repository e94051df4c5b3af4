import { Redis } from 'ioredis';
import { asFaultKind } from './fault.ts';

/** Redis has no memory left, and lets nobody new in. */
export const fullRedis = asFaultKind<null>({
  kind: 'redis full',
  draw: (random) => ({ target: 'redis', claims: ['redis'], durationMs: random.between(2_000, 8_000), detail: null }),
  async begin({ system }) {
    const redis = new Redis(system.redis.port, '127.0.0.1', { maxRetriesPerRequest: 1, commandTimeout: 2_000 });
    redis.on('error', () => {});
    await redis.config('SET', 'maxmemory', '1');
    // Room for ourselves; whoever is connected stays until it is cut.
    await redis.config('SET', 'maxclients', '1');
    for (const [name, link] of system.links) if (name.endsWith('-redis')) link.resetAll();
    return async () => {
      await redis.config('SET', 'maxclients', '1000');
      await redis.config('SET', 'maxmemory', '64mb');
      redis.disconnect();
    };
  },
});
