import { createHash } from 'node:crypto';
import { EVENTS_CHANNEL } from '../../shared/contracts/event.ts';

export interface RedisPasswords {
  orders: string;
  notifier: string;
}

/** What each process may do at Redis, and nothing else: there are no keys, and there is one channel. */
export const REDIS_RIGHTS: Record<keyof RedisPasswords, string> = {
  orders: `resetkeys resetchannels &${EVENTS_CHANNEL} -@all +publish`,
  notifier: `resetkeys resetchannels &${EVENTS_CHANNEL} -@all +subscribe`,
};

/** A list of users for Redis' `--aclfile`: ours, and nobody who comes without a password. It holds hashes only. */
export function redisUsers(passwords: RedisPasswords): string {
  const users = Object.entries(REDIS_RIGHTS).map(([name, rights]) => {
    const hash = createHash('sha256')
      .update(passwords[name as keyof RedisPasswords])
      .digest('hex');
    return `user ${name} on #${hash} ${rights}`;
  });
  return ['user default off', ...users, ''].join('\n');
}

/** Where a process finds Redis, as itself. */
export function redisUrlOf(name: keyof RedisPasswords, passwords: RedisPasswords, port: number): string {
  return `redis://${name}:${passwords[name]}@127.0.0.1:${port}`;
}
