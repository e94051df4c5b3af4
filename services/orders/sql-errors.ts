/** A statement or a connection took longer than it may; the connection was destroyed. What the server did is unknown. */
export class DatabaseDeadline extends Error {
  override name = 'DatabaseDeadline';
  readonly fatal = true;
}

/** More work waits for a connection than the pool lets wait. */
export class DatabaseBusy extends Error {
  override name = 'DatabaseBusy';
}

const LOST_CODES = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** Too many connections, shutting down, killed, gone, starting up: the connection is of no use, the next one may be. */
const LOST_ERRNOS = new Set([1040, 1053, 1152, 1158, 1159, 1160, 1161, 1203, 1927, 2006, 2013, 3169, 4031]);

/** Lock wait timeout, deadlock, record changed since the snapshot: nothing of the transaction may be kept. */
const TRANSIENT_ERRNOS = new Set([1205, 1213, 1020]);

/** No space on the disk, an engine's failure to write, a server set to read only: by their several names. */
const UNWRITABLE_ERRNOS = new Set([20, 1021, 1026, 1030, 1114, 1290, 1836, 1878]);

const DUPLICATE = 1062;

// By `errno`, never by `code`: the two servers name the same error differently.
const errnoOf = (error: unknown) => (error as { errno?: unknown } | null)?.errno;

/** True when the connection failed, so that a COMMIT under way may or may not have happened. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, fatal } = error as { code?: string; fatal?: boolean };
  return fatal === true || LOST_CODES.has(code ?? '') || LOST_ERRNOS.has(Number(errnoOf(error)));
}

/** True when the whole transaction, repeated, may well succeed. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT_ERRNOS.has(Number(errnoOf(error)));
}

/** True when the server is there and cannot write: nothing was done, and trying at once again is of no use. */
export function cannotWrite(error: unknown): boolean {
  return UNWRITABLE_ERRNOS.has(Number(errnoOf(error)));
}

export function isDuplicate(error: unknown): boolean {
  return errnoOf(error) === DUPLICATE;
}
