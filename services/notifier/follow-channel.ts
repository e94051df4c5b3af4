import { Redis } from 'ioredis';
import { ChannelMessage, EVENTS_CHANNEL } from '../../shared/contracts/event.ts';
import type { Logger } from '../../shared/process/log.ts';
import type { Limits } from './limits.ts';

/** What a notifier hears from Redis. */
export interface Channel {
  start(): void;
  /** True while words keep coming; orders say the head once a second, so silence means that something is broken. */
  isLive(): boolean;
  /** Ends a subscription that has fallen silent, so that a new one is tried. To be called about once a second. */
  look(): void;
  close(): void;
}

/** A try at subscribing may take this long in all: connection, handshake and acknowledgement. */
const CONNECT_MS = 2000;

/**
 * Subscribes to the events channel, and again whenever the subscription is lost, refused or silent.
 *
 * Each try is a connection of its own that never reconnects by itself: a client that resubscribes behind our back
 * would leave a gap that nobody is told of. `onSubscribed` is called once the subscription is acknowledged, which is
 * when reading the log closes every gap before it.
 */
export function followChannel(options: {
  redisUrl: string;
  limits: Limits;
  logger: Logger;
  onMessage: (message: ChannelMessage) => void;
  onMalformed: () => void;
  onSubscribed: () => void;
}): Channel {
  let redis: Redis | undefined;
  let subscribedAtMs = 0;
  let heardAtMs = 0;
  let isSubscribed = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  const subscribe = async () => {
    const mine = new Redis(options.redisUrl, {
      lazyConnect: true,
      retryStrategy: null,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_MS,
      commandTimeout: CONNECT_MS,
    });
    redis = mine;
    // Every failure also ends the connection; without a listener it would end the process.
    mine.on('error', () => {});
    mine.on('end', () => lose(mine));
    mine.on('message', (_channel: string, text: string) => {
      heardAtMs = performance.now();
      const message = parseMessage(text);
      if (message) options.onMessage(message);
      else options.onMalformed();
    });
    try {
      await mine.connect();
      await mine.subscribe(EVENTS_CHANNEL);
    } catch {
      return lose(mine);
    }
    if (redis !== mine) return;
    isSubscribed = true;
    subscribedAtMs = performance.now();
    if (failures > 0) options.logger.info({ failures }, 'subscribed to Redis again');
    failures = 0;
    options.onSubscribed();
  };

  const lose = (lost: Redis) => {
    if (redis !== lost) return;
    redis = undefined;
    isSubscribed = false;
    lost.disconnect();
    if (isClosed) return;
    failures += 1;
    if (failures === 1) options.logger.warn('lost the subscription to Redis; reading the log instead');
    const pauseMs = Math.min(1000, 50 * 2 ** failures) * (0.5 + Math.random() / 2);
    retry = setTimeout(() => void subscribe(), pauseMs);
  };

  const silentSince = () => Math.max(subscribedAtMs, heardAtMs);
  return {
    start: () => void subscribe(),
    // A subscription that has not brought a word yet proves nothing: Redis may be cut off from orders.
    isLive: () =>
      isSubscribed && heardAtMs >= subscribedAtMs && performance.now() - silentSince() < options.limits.redisSilenceMs,
    look() {
      if (isSubscribed && redis && performance.now() - silentSince() >= options.limits.redisSilenceMs) lose(redis);
    },
    close() {
      isClosed = true;
      clearTimeout(retry);
      if (redis) lose(redis);
    },
  };
}

/** The message, or undefined when it is none. Events have to be dense: a group is committed as a whole. */
function parseMessage(text: string): ChannelMessage | undefined {
  try {
    const message = ChannelMessage.parse(JSON.parse(text));
    if (!('events' in message)) return message;
    const first = message.events[0]?.seq ?? 0;
    return message.events.every((event, index) => event.seq === first + index) ? message : undefined;
  } catch {
    return undefined;
  }
}
