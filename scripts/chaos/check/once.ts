import type { Findings } from './findings.ts';
import type { Attempt, History } from './index-history.ts';

/**
 * Guarantees 2 and 3: one key, one order, one answer. Whatever was asked how often and went unanswered how often,
 * there is one order of it or none; a key that comes with another body never makes a second.
 */
export function checkOnce({ attempts, final }: History, findings: Findings): void {
  for (const [key, tries] of Map.groupBy(attempts, ({ post }) => post.key)) {
    const placed = tries.filter(({ answer }) => answer?.status === 201);
    const [first] = placed;
    if (!first) continue;
    for (const other of placed) {
      if (other.post.mark !== first.post.mark) {
        const text = `key ${key} was answered 201 for two bodies`;
        findings.add({ guarantee: 2, kind: 'doubled', text, t: other.answer!.t, evidence: [first, other] });
      } else if (!isSameAnswer(first, other)) {
        const text = `key ${key} was answered with two orders`;
        findings.add({ guarantee: 2, kind: 'doubled', text, t: other.answer!.t, evidence: [first, other] });
      }
    }
  }

  const answered = new Set(attempts.filter(({ answer }) => answer?.status === 201).map(({ post }) => post.mark));
  for (const [mark, orders] of Map.groupBy(final.orders, (order) => order.mark)) {
    if (orders.length === 1) continue;
    findings.add({
      guarantee: answered.has(mark) ? 2 : 3,
      kind: 'doubled',
      text: `${mark} was ordered once and is there ${orders.length} times`,
      evidence: orders,
    });
  }
}

function isSameAnswer(one: Attempt, other: Attempt): boolean {
  const [a, b] = [one.answer?.order, other.answer?.order];
  return (
    a?.number === b?.number && a?.token === b?.token && a?.totalCents === b?.totalCents && a?.placedAt === b?.placedAt
  );
}
