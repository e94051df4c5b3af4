import { MAX_LINE_QUANTITY } from '../../../shared/contracts/money.ts';
import type { FinalLog } from './final-log.ts';
import type { Findings } from './findings.ts';
import type { Attempt, ChangeAttempt, History } from './index-history.ts';
import { unitsByProduct } from './quantities.ts';

/**
 * A refusal has a reason of its own and no effect. One order's failure is never another's (4): `out_of_stock` is only
 * for what could have run short. What was only ever refused is not there (15).
 */
export function checkRefusals(history: History, log: FinalLog, findings: Findings): void {
  const { run, attempts, changes, final } = history;
  const stock = new Map(run.products.map(({ id, stock }) => [id, stock]));
  const everTaken = unitsByProduct(final.orders.flatMap(({ lines }) => lines));
  const byKey = Map.groupBy(attempts, ({ post }) => post.key);
  const unjustified = (attempt: Attempt, text: string) =>
    findings.add({ guarantee: 4, kind: 'wrong', text, t: attempt.answer!.t, evidence: attempt });

  for (const attempt of attempts) {
    const { post, answer } = attempt;
    const wanted = unitsByProduct(post.lines);
    if (answer?.code === 'out_of_stock') {
      // Even had every order of the whole run been placed before this one, and none given back, there was enough.
      const mayBeShort = [...wanted].some(([id, units]) => {
        const atStart = stock.get(id);
        return atStart !== null && (atStart ?? 0) - (everTaken.get(id) ?? 0) < units;
      });
      if (!mayBeShort)
        unjustified(attempt, `${post.mark} was refused as out of stock, and nothing it wants can be short`);
    } else if (answer?.code === 'key_reused') {
      const others = byKey.get(post.key)!.some((other) => other.post.mark !== post.mark);
      if (!others) unjustified(attempt, `${post.mark} was refused for its key, which nobody else has used`);
    } else if (answer?.code === 'validation') {
      const isValid = [...wanted].every(([id, units]) => stock.has(id) && units >= 1 && units <= MAX_LINE_QUANTITY);
      if (isValid) unjustified(attempt, `${post.mark} was refused as invalid, and is valid`);
    }
  }

  const marks = Map.groupBy(attempts, ({ post }) => post.mark);
  for (const order of final.orders) {
    const tries = marks.get(order.mark);
    if (!tries?.every(({ answer }) => isRefusal(answer?.status))) continue;
    const text = `${order.mark} was refused each time, and is there as ${order.number}`;
    findings.add({ guarantee: 15, kind: 'ghost', text, evidence: { order, tries } });
  }
  checkRefusedChanges(changes, log, findings);
}

function checkRefusedChanges(changes: readonly ChangeAttempt[], log: FinalLog, findings: Findings): void {
  const same = Map.groupBy(changes, ({ change }) => `${change.number} ${change.version} ${change.to}`);
  for (const tries of same.values()) {
    if (!tries.every(({ changed }) => isRefusal(changed?.status))) continue;
    const { number, version, to } = tries[0]!.change;
    const made = log.eventOf({ number, version: version + 1, status: to });
    if (!made) continue;
    const text = `${number} was refused to become ${to} each time, and became it`;
    findings.add({ guarantee: 15, kind: 'wrong', text, evidence: { made, tries } });
  }
}

function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}
