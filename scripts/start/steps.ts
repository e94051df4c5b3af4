import type { Writable } from 'node:stream';

const WIDTH = 64;

/**
 * Says each step when it begins and how long it took when it is done, on one line. Colour only on a terminal.
 */
export class Steps {
  readonly #out: Writable & { isTTY?: boolean };
  #open = false;

  constructor(out: Writable & { isTTY?: boolean } = process.stdout) {
    this.#out = out;
  }

  async run<T>(label: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.#out.write(`  ${label} … `.padEnd(WIDTH));
    this.#open = true;
    const result = await work();
    if (this.#open)
      this.#out.write(`${this.dim(`${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`)}\n`);
    this.#open = false;
    return result;
  }

  /** Ends a line that a failing or interrupted step left open. */
  breakOff(): void {
    if (this.#open) this.#out.write('\n');
    this.#open = false;
  }

  say(text: string): void {
    this.breakOff();
    this.#out.write(`${text}\n`);
  }

  dim(text: string): string {
    return this.#paint('2', text);
  }

  bold(text: string): string {
    return this.#paint('1', text);
  }

  #paint(code: string, text: string): string {
    return this.#out.isTTY && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}
