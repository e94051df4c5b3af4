import { Redis } from 'ioredis';
import type { Counter } from 'prom-client';
import { type ChannelMessage, EVENTS_CHANNEL } from '../../shared/contracts/event.ts';
import type { Logger } from '../../shared/process/log.ts';

export interface Publisher {
  /** Says it and forgets it: never waits, never throws. What is not heard, the next head tells of. */
  publish(message: ChannelMessage): void;
  /** The same for a message that is JSON already. */
  publishJson(message: string): void;
  close(): void;
}

/** What a Redis that has stopped reading may cost us in memory. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const COMMAND_MS = 500;
/** A healthy Redis answers at least the head of every second. */
const SILENCE_MS = 3_000;
const MAX_RETRY_MS = 1_000;

/**
 * Publishes to Redis, which is a wake-up and not a truth: a message that cannot be sent now is dropped, not kept,
 * because delivered late it would only tell what everybody has read from the log.
 */
export function createPublisher(redisUrl: string, failures: Counter, log: Logger): Publisher {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_MS,
    connectTimeout: 2_000,
    socketTimeout: SILENCE_MS,
    enableReadyCheck: false,
    retryStrategy: (times) => Math.min(MAX_RETRY_MS, 50 * times),
  });
  let failing = false;
  const turned = (nowFailing: boolean) => {
    if (nowFailing !== failing) log.warn({ failing: nowFailing }, 'publishing to Redis');
    failing = nowFailing;
  };
  // Without a listener the library prints every failed attempt; one line a change says as much.
  redis.on('error', () => turned(true));
  return {
    publish(message) {
      this.publishJson(JSON.stringify(message));
    },
    publishJson(message) {
      if ((redis.stream?.writableLength ?? 0) > MAX_UNSENT_BYTES) {
        failures.inc();
        return;
      }
      redis.publish(EVENTS_CHANNEL, message).then(
        () => turned(false),
        () => {
          failures.inc();
          turned(true);
        },
      );
    },
    close: () => redis.disconnect(),
  };
}
