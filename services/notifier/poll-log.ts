import type { Channel } from './follow-channel.ts';
import type { LogFollower } from './follow-log.ts';
import type { Limits } from './limits.ts';
import type { Running } from './tend-streams.ts';

/** While nothing can be heard over Redis, asks the log itself, so that no page waits for Redis to come back. */
export function pollLog(options: { channel: Channel; follower: LogFollower; limits: Limits }): Running {
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer = setInterval(() => {
        options.channel.look();
        if (!options.channel.isLive()) void options.follower.catchUp();
      }, options.limits.logPollMs);
    },
    close: () => clearInterval(timer),
  };
}
