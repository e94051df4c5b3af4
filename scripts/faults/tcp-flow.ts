import type { Socket } from 'node:net';
import type { LinkFault } from './tcp-proxy.ts';

/** `after` resets when the answer begins; one that does not begin gets no more time than this. */
const ANSWER_MS = 1_000;

/** Bytes on their way from one socket to the other. */
export class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #link: { reset: () => void; cutAnswer: () => void };
  #fault: LinkFault | undefined;
  #carried = 0;
  #late: { at: number; piece: Buffer | undefined }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isSwallowed = false;
  #isCut = false;

  constructor(from: Socket, to: Socket, link: { reset: () => void; cutAnswer: () => void }) {
    this.#from = from;
    this.#to = to;
    this.#link = link;
    from.on('data', (piece) => this.#take(piece));
    from.on('end', () => this.#take(undefined));
    to.on('drain', () => this.#flow());
  }

  set(fault: LinkFault | undefined): void {
    this.#fault = fault;
    if (fault?.kind === 'reset-after') this.#carried = 0;
    if (this.#isStalled()) this.#from.pause();
    else this.#flow();
  }

  /** From now on what comes goes nowhere. */
  swallow(): void {
    this.#isSwallowed = true;
    this.#from.resume();
  }

  /** What comes next ends the connection instead of arriving; so does nothing coming for long. */
  cut(): void {
    this.#isCut = true;
    this.#timer ??= setTimeout(this.#link.reset, ANSWER_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#late = [];
  }

  #isStalled(): boolean {
    return this.#fault?.kind === 'stall' || (this.#fault?.kind === 'half-open' && !this.#isSwallowed);
  }

  #flow(): void {
    if (!this.#isStalled() && !this.#to.writableNeedDrain) this.#from.resume();
  }

  /** @param piece undefined: the sender has said goodbye */
  #take(piece: Buffer | undefined): void {
    if (this.#isSwallowed) {
      // Once the far host is back it answers what comes on a connection that it does not know with a reset.
      if (piece === undefined || this.#fault === undefined) this.#link.reset();
      return;
    }
    if (this.#isCut) {
      this.#link.reset();
      return;
    }
    const fault = this.#fault;
    if (fault?.kind === 'latency' || this.#late.length > 0) {
      this.#late.push({ at: performance.now() + (fault?.kind === 'latency' ? fault.ms : 0), piece });
      this.#timer ??= setTimeout(() => this.#deliverLate(), fault?.kind === 'latency' ? fault.ms : 0);
      return;
    }
    if (fault?.kind === 'reset-on' && fault.patterns.some((pattern) => piece?.includes(pattern)) && fault.chance()) {
      if (fault.when === 'before') {
        this.#link.reset();
        return;
      }
      this.#link.cutAnswer();
    }
    this.#carried += piece?.length ?? 0;
    if (fault?.kind === 'reset-after' && this.#carried > fault.bytes) this.#link.reset();
    else this.#pass(piece);
  }

  #pass(piece: Buffer | undefined): void {
    if (piece === undefined) this.#to.end();
    else if (!this.#to.write(piece)) this.#from.pause();
  }

  #deliverLate(): void {
    this.#timer = undefined;
    const now = performance.now();
    while (this.#late[0] && this.#late[0].at <= now) this.#pass(this.#late.shift()!.piece);
    const next = this.#late[0];
    if (next) this.#timer = setTimeout(() => this.#deliverLate(), Math.max(1, next.at - now));
  }
}
