import { addressesIn, LOCAL_NETWORKS, subscriberOf } from '../../shared/process/client-address.ts';

/**
 * Orders that one address may place at once, and how often one more. A whole school class behind one address gets
 * through; a program that empties the shelves does not get far.
 */
const FREE = 40;
const EVERY_MS = 10_000;
const FULL_MS = FREE * EVERY_MS;
/** About 10 MB at the worst. */
const MAX_ADDRESSES = 50_000;

/**
 * Slows down whoever places more orders from one address than people do.
 *
 * Only orders that were placed count: `take` charges before the order is sent, so that orders side by side cannot slip
 * through together, and what came to nothing is given back. Each process of web counts for itself, in memory: nothing
 * to ask and nothing that can be down, and n processes let n times as much through. When it is full, the address that
 * has ordered least recently is forgotten.
 *
 * Addresses of local networks are not counted: what comes from there is a gateway that TRUST_PROXY does not name,
 * behind which everybody is, or ourselves.
 */
export interface OrderLimit {
  /** @returns seconds to wait when the address has used up its orders; otherwise how to give this one back */
  take(address: string): { waitSeconds: number } | { giveBack(): void };
}

const isLocal = addressesIn(LOCAL_NETWORKS) as (address: string) => boolean;

/** @param now a clock that never goes back, in milliseconds */
export function createOrderLimit(now: () => number = () => performance.now()): OrderLimit {
  /** When the bucket of each address will be empty, as in throttle.ts of orders. */
  const clearsAtMs = new Map<string, number>();
  return {
    take(address) {
      if (address === 'unknown' || isLocal(address)) return { giveBack() {} };
      const network = subscriberOf(address);
      const nowMs = now();
      const next = Math.max(clearsAtMs.get(network) ?? 0, nowMs) + EVERY_MS;
      const waitMs = next - nowMs - FULL_MS;
      if (waitMs > 0) return { waitSeconds: Math.ceil(waitMs / 1000) };
      clearsAtMs.delete(network);
      clearsAtMs.set(network, next);
      if (clearsAtMs.size > MAX_ADDRESSES) clearsAtMs.delete(clearsAtMs.keys().next().value as string);
      return {
        giveBack() {
          const charged = clearsAtMs.get(network);
          if (charged !== undefined) clearsAtMs.set(network, charged - EVERY_MS);
        },
      };
    },
  };
}
