import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** True when a program could listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Below the ports that systems give to outgoing connections: those may be taken at any moment, by anybody's request. */
const FIRST = 20_000;
const LAST = 32_000;
const MAX_TRIES = 200;

/**
 * The preferred port when it is free, else one drawn at random. Free now is not free for ever: what is to listen
 * there should be started soon.
 *
 * @throws when none of 200 is free
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await isPortFree(preferred))) return preferred;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No port between ${FIRST} and ${LAST} is free.`);
}
