import { checkAnnounced } from './check/announced.ts';
import { FinalLog } from './check/final-log.ts';
import { type Finding, Findings } from './check/findings.ts';
import { checkInOrder } from './check/in-order.ts';
import { type History, indexHistory } from './check/index-history.ts';
import { checkKept } from './check/kept.ts';
import { checkNumbered } from './check/numbered.ts';
import { checkOnce } from './check/once.ts';
import { checkRefusals } from './check/refusals.ts';
import { measureScreenTimes, type ScreenTimes } from './check/screen-time.ts';
import { checkShown } from './check/shown.ts';
import { checkStreams } from './check/streams.ts';
import { checkTables } from './check/tables.ts';
import { checkWhole } from './check/whole.ts';
import type { Entry } from './history.ts';

export type { Finding } from './check/findings.ts';

/** What a run came to. */
export interface Verdict {
  /** No promise was broken. */
  ok: boolean;
  /** The first ones of each kind; `figures` counts all. */
  findings: Finding[];
  figures: Figures;
}

export interface Figures {
  /** Orders that were answered 201, each counted once. */
  acknowledged: number;
  /** Times that an order was sent. */
  attempts: number;
  events: number;
  /** Faults by kind. */
  faults: Record<string, number>;
  lost: number;
  doubled: number;
  ghosts: number;
  outOfOrder: number;
  gaps: number;
  late: number;
  /** Broken promises that are none of these: half an order, wrong money, an unjust refusal. */
  wrong: number;
  /** From an acknowledgement to a screen, in milliseconds. */
  screen: ScreenTimes;
}

/**
 * Judges a run by what it wrote down, and by nothing else: guarantees 1 to 10, and that refusals have a reason and no
 * effect. The tables and the log at the end are taken for the truth, after they were found to agree with each other;
 * everything that anybody was told before is held against them.
 *
 * One pass over the history, then work in proportion to what each desk was told.
 *
 * @throws when the history is not whole
 */
export function checkHistory(entries: Iterable<Entry>): Verdict {
  const history = indexHistory(entries);
  const log = new FinalLog(history.final);
  const findings = new Findings();
  checkKept(history, log, findings);
  checkOnce(history, findings);
  checkWhole(history, log, findings);
  checkRefusals(history, log, findings);
  checkShown(history, log, findings);
  checkNumbered(history, log, findings);
  checkInOrder(history, log, findings);
  const screen = measureScreenTimes(history, log, findings);
  checkTables(history, log, findings);
  checkStreams(history, log, findings);
  checkAnnounced(history, findings);
  return { ok: findings.kept.length === 0, findings: findings.kept, figures: figuresOf(history, findings, screen) };
}

function figuresOf({ attempts, faults, final }: History, { counts }: Findings, screen: ScreenTimes): Figures {
  const placed = attempts.filter(({ answer }) => answer?.status === 201);
  const kinds = Map.groupBy(faults, ({ kind }) => kind);
  return {
    acknowledged: new Set(placed.map(({ answer }) => answer?.order?.number)).size,
    attempts: attempts.length,
    events: final.events.length,
    faults: Object.fromEntries([...kinds].sort().map(([kind, spans]) => [kind, spans.length])),
    lost: counts.lost,
    doubled: counts.doubled,
    ghosts: counts.ghost,
    outOfOrder: counts['out of order'],
    gaps: counts.gap,
    late: counts.late,
    wrong: counts.wrong,
    screen,
  };
}
