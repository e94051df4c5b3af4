import type { FinalLog } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { History } from './index-history.ts';
import { quantitiesOf } from './quantities.ts';

/**
 * Guarantee 1: what was acknowledged is there. Each 201 is an order with its number, token, total and lines; each
 * change that was answered 200 is an event.
 */
export function checkKept({ attempts, changes, final }: History, log: FinalLog, findings: Findings): void {
  const orders = new Map(final.orders.map((order) => [order.number, order]));
  for (const { post, answer } of attempts) {
    if (answer?.status !== 201) continue;
    const told = answer.order;
    const kept = told && orders.get(told.number);
    if (!kept) {
      findings.add({
        guarantee: 1,
        kind: 'lost',
        text: `order ${told?.number ?? '(none in the answer)'} was answered 201 and is gone`,
        t: answer.t,
        evidence: { post, answer },
      });
      continue;
    }
    const same =
      kept.token === told.token &&
      kept.totalCents === told.totalCents &&
      kept.mark === post.mark &&
      quantitiesOf(kept.lines) === quantitiesOf(post.lines);
    if (!same) {
      findings.add({
        guarantee: 1,
        kind: 'wrong',
        text: `order ${told.number} is not what was acknowledged`,
        t: answer.t,
        evidence: { post, answer, kept },
      });
    }
  }
  for (const { change, changed } of changes) {
    if (changed?.status !== 200) continue;
    const version = changed.version ?? change.version + 1;
    if (log.eventOf({ number: change.number, version, status: change.to })) continue;
    findings.add({
      guarantee: 1,
      kind: 'lost',
      text: `${change.number} was changed to ${change.to}, acknowledged, and is not`,
      t: changed.t,
      evidence: { change, changed, history: log.historyOf(change.number) },
    });
  }
}
