/**
 * How far one page of a filter goes. What was found by then is the answer, together with the order that was reached, and
 * whoever wants more goes on from there.
 */
export interface Patience {
  /** Orders that an index may name. Of a million, a walk that passes `read` meets 50 of so many. */
  rare: number;
  /** Orders that are looked up one by one; where more than a thousand are, MariaDB makes a table of them first. */
  named: number;
  /** Orders that a walk passes, by what has to be known of each: numbers alone; texts; lines. */
  passed: number;
  read: number;
  unpacked: number;
}

/** Some 4 ms for a million orders on a small machine. */
export const PATIENCE: Patience = { rare: 5_000, named: 600, passed: 20_000, read: 10_000, unpacked: 6_000 };

/** So much of it. What its orders are named by stays what it is: there and back, the same way is chosen. */
export function part(patience: Patience, of: number): Patience {
  const some = (orders: number) => Math.max(1, Math.ceil(orders * of));
  const { rare, named, passed, read, unpacked } = patience;
  return { rare, named: some(named), passed: some(passed), read: some(read), unpacked: some(unpacked) };
}
