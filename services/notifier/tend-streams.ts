import type { Audience } from './audience.ts';
import type { FanOut } from './fan-out.ts';
import type { Limits } from './limits.ts';

/** Something that runs until it is closed. */
export interface Running {
  start(): void;
  close(): void;
}

/** One timer for all streams: looks at deadlines and stalls, and has heartbeats sent to those that are due one. */
export function tendStreams(options: { audience: Audience; fanOut: FanOut; limits: Limits }): Running {
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    const nowMs = performance.now();
    for (const subscriber of options.audience.all) subscriber.look(nowMs);
    void options.fanOut.beat(nowMs);
  };
  return {
    start() {
      timer = setInterval(tick, options.limits.tickMs);
    },
    close: () => clearInterval(timer),
  };
}
