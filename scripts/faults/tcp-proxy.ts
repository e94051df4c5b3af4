import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { Flow } from './tcp-flow.ts';

/** `up`: from the one who connects to the one who listens; `down`: back. */
export type Direction = 'up' | 'down';

/**
 * What is wrong with a link, for as long as it is.
 *
 * - `refuse`: nobody gets a connection; open ones are reset.
 * - `latency`: every piece arrives this much later, in order.
 * - `stall`: bytes stop in these directions and go on where they stopped when the link heals, as on a line that loses
 *   every packet: no reset, no end, and the sender's buffers fill.
 * - `half-open`: the far side of every open connection is gone and the near side never hears of it; new connections
 *   stall. Healing does not revive the dead: whoever then sends on one is reset, as by a host that was started anew,
 *   and whoever only listens has to notice by itself.
 * - `reset-on`: a connection is reset when one of these patterns passes, before it arrives or after (it arrives, and
 *   the answer does not come back).
 * - `reset-after`: every connection is reset once it has carried so many bytes in a direction.
 * - `limit`: no more connections than this; further ones are closed at once.
 */
export type LinkFault =
  | { kind: 'refuse' }
  | { kind: 'latency'; ms: number }
  | { kind: 'stall'; directions: readonly Direction[] }
  | { kind: 'half-open' }
  | {
      kind: 'reset-on';
      direction: Direction;
      patterns: readonly Buffer[];
      when: 'before' | 'after';
      chance: () => boolean;
    }
  | { kind: 'reset-after'; direction: Direction; bytes: number }
  | { kind: 'limit'; connections: number };

export interface TcpProxy {
  /** On loopback; stays the same for as long as the proxy lives. */
  readonly port: number;
  /** What is wrong from now on, with open connections too; undefined heals. */
  set(fault: LinkFault | undefined): void;
  /** Resets every connection that is open now. */
  resetAll(): void;
  /** How many connections are open, the dead ones of `half-open` apart. */
  connections(): number;
  /** Connections whose far side is gone and whose near side has not noticed. */
  dead(): number;
  close(): Promise<void>;
}

/**
 * A line between two processes that can be made to fail in the ways that lines do. It forwards bytes as they come, in
 * the pace of the slower side, and looks into them only for `reset-on`.
 *
 * @param target the port to connect to, asked for each connection; undefined: nobody listens
 */
export async function startTcpProxy(target: () => number | undefined): Promise<TcpProxy> {
  const links = new Set<Link>();
  let fault: LinkFault | undefined;
  // Half-open: a near side that closes is told nothing, so it must not be closed for it either.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const port = target();
    const isFull = fault?.kind === 'limit' && links.size >= fault.connections;
    near.on('error', () => {});
    if (port === undefined || fault?.kind === 'refuse' || isFull) {
      near.resetAndDestroy();
      return;
    }
    const link = new Link(near, port, () => links.delete(link));
    links.add(link);
    link.set(fault);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const count = (dead: boolean) => [...links].filter((link) => link.isDead === dead).length;

  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      fault = next;
      for (const link of links) link.set(next);
    },
    resetAll() {
      for (const link of links) link.reset();
    },
    connections: () => count(false),
    dead: () => count(true),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const link of links) link.reset();
      await closed;
    },
  };
}

/** One connection: two sockets, and what flows between them. */
class Link {
  isDead = false;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #onGone: () => void;
  readonly #flows: Record<Direction, Flow>;
  #isGone = false;

  constructor(near: Socket, port: number, onGone: () => void) {
    this.#near = near;
    this.#far = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#onGone = onGone;
    const reset = () => this.reset();
    const up: Flow = new Flow(near, this.#far, { reset, cutAnswer: () => down.cut() });
    const down: Flow = new Flow(this.#far, near, { reset, cutAnswer: () => up.cut() });
    this.#flows = { up, down };
    near.on('error', reset).on('close', reset);
    this.#far.on('error', () => this.#farIsGone()).on('close', () => this.#farIsGone());
  }

  set(fault: LinkFault | undefined): void {
    if (fault?.kind === 'refuse') {
      this.reset();
      return;
    }
    if (fault?.kind === 'half-open' && !this.#far.connecting) this.#kill();
    for (const direction of ['up', 'down'] as const) {
      this.#flows[direction].set(fault && concerns(fault, direction) ? fault : undefined);
    }
  }

  reset(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const flow of Object.values(this.#flows)) flow.end();
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
    this.#onGone();
  }

  #kill(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#far.resetAndDestroy();
    this.#flows.down.end();
    this.#flows.up.swallow();
  }

  /** It said goodbye, or broke: whoever is near hears the same. */
  #farIsGone(): void {
    if (this.isDead) return;
    if (this.#far.readableEnded) this.#near.end();
    else this.reset();
  }
}

function concerns(fault: LinkFault, direction: Direction): boolean {
  if (fault.kind === 'stall') return fault.directions.includes(direction);
  if (fault.kind === 'half-open') return true;
  if (fault.kind === 'reset-on' || fault.kind === 'reset-after') return fault.direction === direction;
  return fault.kind === 'latency';
}
