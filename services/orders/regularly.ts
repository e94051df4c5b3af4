import type { Logger } from '../../shared/process/log.ts';

export interface Job {
  /** From the end of one turn to the beginning of the next, give or take half: copies do not fall into step. */
  everyMs: number;
  /** Until the first; like the others unless told. */
  firstMs?: number;
  /** Said when a turn fails. */
  failed: string;
  log: Logger;
}

/**
 * Does something again and again, one turn at a time. A turn that fails is told and forgotten: the next tries again.
 *
 * @param turn is handed a word that says whether to go on, for work in batches
 * @returns ends it
 */
export function regularly({ everyMs, firstMs = everyMs, failed, log }: Job, turn: TurnOfWork): () => void {
  let ended = false;
  let timer: NodeJS.Timeout;
  const run = async () => {
    try {
      await turn(() => !ended);
    } catch (error) {
      log.warn({ err: error }, failed);
    }
    if (!ended) schedule(everyMs);
  };
  const schedule = (ms: number) => {
    timer = setTimeout(() => void run(), ms * (0.5 + Math.random()));
  };
  schedule(firstMs);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

export type TurnOfWork = (goesOn: () => boolean) => Promise<void>;
