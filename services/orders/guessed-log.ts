import type { Cursor } from '../../shared/contracts/cursor.ts';
import type { LogStand } from './append-events.ts';

/** Behind what orders are written: the last event of the log, and the last id of the orders' table. */
export interface Ground {
  log: LogStand;
  nextOrderId: number;
}

/**
 * Where the log stood when a group was last written to it. A guess and never more: others write to it too. Who writes
 * by it has the database compare.
 */
export interface GuessedLog {
  /**
   * Where a group that is sent now will be written. Undefined when that is not known, or was wrong too often of late to be
   * worth a try, or while a group is on its way: of two, the database may write either first.
   * @param acknowledged the furthest place in the log that this process knows of
   */
  guess(acknowledged: Cursor | undefined): Ground | undefined;
  /**
   * A group is sent, by this guess or without one.
   * @returns to be called once, when it is no longer on its way: with where it left the log, if it was written
   */
  send(guess?: Ground): (after: Ground | undefined) => void;
}

/** A wrong guess costs another transaction. Where others write all the time, it is tried once in so many groups. */
const MAX_PAUSE = 1_024;

export function createGuessedLog(): GuessedLog {
  let known: Ground | undefined;
  let onTheirWay = 0;
  /** How many groups are to be sent without a guess, and how many after the next wrong one. */
  let toSpare = 0;
  let pause = 1;
  return {
    guess(acknowledged) {
      if (onTheirWay > 0 || !known || (acknowledged && isBehind(known, acknowledged))) return undefined;
      if (toSpare === 0) return known;
      toSpare -= 1;
      return undefined;
    },
    send(guess) {
      onTheirWay += 1;
      return (after) => {
        onTheirWay -= 1;
        if (after) {
          known = known ? later(known, after) : after;
          if (guess) pause = Math.max(1, pause - 1);
        } else {
          known = undefined;
          if (!guess) return;
          toSpare = pause;
          pause = Math.min(2 * pause, MAX_PAUSE);
        }
      };
    },
  };
}

const isBehind = ({ log }: Ground, { epoch, seq }: Cursor) => log.epoch !== epoch || log.head < seq;

/** Groups need not come back in the order in which they were written. */
function later(a: Ground, b: Ground): Ground {
  if (a.log.epoch !== b.log.epoch) return b;
  return { log: a.log.head > b.log.head ? a.log : b.log, nextOrderId: Math.max(a.nextOrderId, b.nextOrderId) };
}
