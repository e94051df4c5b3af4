import { setTimeout } from 'node:timers/promises';
import { ProductList } from '../../shared/contracts/product.ts';
import { call } from '../../shared/process/http-client.ts';
import type { Logger } from '../../shared/process/log.ts';
import { type Facts, factsOf, stampOf } from '../../web/fragments/product-facts.tsx';
import type { Limits } from './limits.ts';

/** What shoppers may know of the catalogue, as of the last read. */
export interface CatalogueState {
  facts: ReadonlyMap<number, Facts>;
  stamp: string;
}

/**
 * Keeps what shoppers see of the catalogue equal to the catalogue, for as long as anybody listens.
 *
 * Whatever may have changed it wakes this up: an order, an admin's edit that Redis tells of, and fifteen seconds
 * without either, because Redis is a wake-up only. Then the whole catalogue is read, at most once a second, and
 * compared: what it costs depends neither on how much is sold nor on how many look.
 *
 * One loop reads, and waits until what it found has been sent: so no listener is sent an older state after a newer one.
 */
export class CatalogueFollower {
  readonly #read: () => Promise<Facts[]>;
  readonly #limits: Pick<Limits, 'catalogueReadMs' | 'catalogueIdleMs'>;
  readonly #logger: Logger;
  readonly #isWanted: () => boolean;
  readonly #onChange: (changed: readonly Facts[], state: CatalogueState) => Promise<unknown>;
  readonly #closing = new AbortController();
  #state: CatalogueState | undefined;
  /** The read that is under way, or waits for its second. */
  #next: Promise<void> | undefined;
  #isDirty = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(options: {
    /** @throws when orders does not answer or makes no sense */
    read: () => Promise<Facts[]>;
    limits: Pick<Limits, 'catalogueReadMs' | 'catalogueIdleMs'>;
    logger: Logger;
    /** Somebody listens. */
    isWanted: () => boolean;
    /** Some products are no longer as they were; the next read waits for this. */
    onChange: (changed: readonly Facts[], state: CatalogueState) => Promise<unknown>;
  }) {
    this.#read = options.read;
    this.#limits = options.limits;
    this.#logger = options.logger;
    this.#isWanted = options.isWanted;
    this.#onChange = options.onChange;
  }

  /** Undefined until the catalogue was read once. */
  get state(): CatalogueState | undefined {
    return this.#state;
  }

  /** The catalogue may have changed. Costs next to nothing, however often it is called. */
  wake(): void {
    this.#isDirty = true;
    if (this.#isWanted()) void this.#plan();
  }

  /** To be called about once a second while somebody listens. */
  look(nowMs: number): void {
    if (nowMs - this.#readAtMs >= this.#limits.catalogueIdleMs) this.wake();
  }

  /**
   * What shoppers may know, for one who comes with this stamp, or with none. Read anew where the stamp is another than
   * ours, because either may be the older one; and where nobody has listened for a while.
   * @returns undefined while it could never be read
   */
  async fresh(stamp: string | undefined): Promise<CatalogueState | undefined> {
    const isOurs = this.#state !== undefined && (stamp === undefined || stamp === this.#state.stamp);
    const isRecent = performance.now() - this.#readAtMs < this.#limits.catalogueIdleMs;
    if (!isOurs || !isRecent) await this.#plan();
    return this.#state;
  }

  close(): void {
    this.#closing.abort();
  }

  #plan(): Promise<void> {
    this.#next ??= this.#readInTurn().finally(() => {
      this.#next = undefined;
      if (this.#isDirty && this.#isWanted()) void this.#plan();
    });
    return this.#next;
  }

  async #readInTurn(): Promise<void> {
    const waitMs = this.#readAtMs + this.#limits.catalogueReadMs - performance.now();
    if (waitMs > 0) await setTimeout(waitMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    if (this.#closing.signal.aborted) return;
    this.#isDirty = false;
    this.#readAtMs = performance.now();
    try {
      const facts = await this.#read();
      if (this.#failures > 0) this.#logger.info({ failures: this.#failures }, 'the catalogue can be read again');
      this.#failures = 0;
      await this.#take(facts);
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#logger.warn({ err: error }, 'the catalogue could not be read');
      this.#isDirty = true;
    }
  }

  async #take(facts: readonly Facts[]): Promise<void> {
    const before = this.#state?.facts;
    this.#state = { facts: new Map(facts.map((one) => [one.id, one])), stamp: stampOf(facts) };
    if (!before) return;
    const changed = facts.filter((one) => !isSame(one, before.get(one.id)));
    for (const id of before.keys()) if (!this.#state.facts.has(id)) changed.push({ id, priceCents: null, left: 0 });
    if (changed.length > 0) await this.#onChange(changed, this.#state);
  }
}

function isSame(now: Facts, before: Facts | undefined): boolean {
  return before?.priceCents === now.priceCents && before.left === now.left;
}

/** Reads the catalogue from orders, for all listeners at once. */
export function readCatalogue(options: { ordersUrl: string; readMs: number }): () => Promise<Facts[]> {
  return async () => {
    const { status, body } = await call(`${options.ordersUrl}/products`, { deadlineMs: options.readMs });
    if (status !== 200) throw new Error(`orders answered ${status} to a read of the catalogue`);
    return ProductList.parse(body).products.map(factsOf);
  };
}
