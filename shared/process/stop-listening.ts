import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

/** Whoever was answered last may come again at once, on a connection of its own; after this long it has been taken. */
const QUIET_MS = 15;
/** Of the event loop: hardly anybody connects in so short a time. */
const SHORT_TURN_MS = 0.3;
const QUIET_DEADLINE_MS = 300;
/** Connections that wait for nothing may still have a request on its way for so long after we stop listening. */
const CROSSING_MS = 500;

export interface Ending {
  /** Has a request worked on: at once, but for the moment in which listening ends. */
  admit(response: ServerResponse, work: () => void): void;
  /**
   * Stops listening, lets requests in flight end, those that cross with the decision too, closes idle connections
   * after half a second and the rest at the deadline.
   */
  close(deadlineMs: number): Promise<void>;
}

/**
 * Ends a server without a reset for anybody: when listening ends, the kernel resets every connection that nobody has
 * taken yet, whether or not its request has arrived. So all are taken first, and while that goes on no request is
 * begun: there is nothing that keeps the loop from taking them, and nobody is answered who would come again.
 */
export function endWithoutReset(server: Server): Ending {
  let crossedMs = 0;
  let held: (() => void)[] | undefined;
  const cross = () => {
    crossedMs = performance.now();
  };
  server.on('connection', cross);

  /** Returns after a short turn of the loop in which nobody came, and some before in which nobody was answered. */
  const everybodyIsTaken = async () => {
    const deadlineMs = performance.now() + QUIET_DEADLINE_MS;
    // This comes within the very turn that we are in: only from here on does each turn look at the sockets.
    await new Promise(setImmediate);
    for (let nowMs = performance.now(); nowMs < deadlineMs; ) {
      const startMs = nowMs;
      await new Promise(setImmediate);
      nowMs = performance.now();
      if (nowMs - crossedMs > QUIET_MS && nowMs - startMs < SHORT_TURN_MS) return;
    }
  };

  return {
    admit(response, work) {
      response.once('close', cross);
      if (held) held.push(work);
      else work();
    },
    async close(deadlineMs) {
      const closed = once(server, 'close');
      server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
      held = [];
      await everybodyIsTaken();
      // Not the HTTP server's own close(): that cuts every connection whose request has not been read yet.
      NetServer.prototype.close.call(server);
      const waiting = held;
      held = undefined;
      for (const work of waiting) work();
      // Connections that become idle after their last answer are closed by nobody else.
      // After reading whatever has come, so that no request is taken for none.
      const closeIdle = () => setImmediate(() => server.closeIdleConnections());
      let idle: NodeJS.Timeout | undefined;
      const crossing = setTimeout(() => {
        closeIdle();
        idle = setInterval(closeIdle, 50);
      }, CROSSING_MS);
      const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
      await closed;
      clearTimeout(crossing);
      clearInterval(idle);
      clearTimeout(deadline);
      // Ends its timer.
      server.close();
    },
  };
}
