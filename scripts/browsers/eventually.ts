/** For what takes a moment, and on a machine that is busy a while. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/**
 * Looks until there is something to see; a look that fails saw nothing.
 * @throws when there was nothing for 20 s, saying what was looked for
 */
export async function eventually<T>(what: string, look: () => Promise<T | false | undefined>): Promise<T> {
  let cause: unknown;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look().catch((error: unknown) => {
      cause = error;
      return undefined;
    });
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s.`, { cause });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
