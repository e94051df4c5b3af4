/** What a finding counts as in the figures of a run. */
export const KINDS = ['lost', 'doubled', 'ghost', 'out of order', 'gap', 'late', 'wrong'] as const;
export type Kind = (typeof KINDS)[number];

/** Something that the system did and had promised never to do. */
export interface Finding {
  /** The number of the promise in SECURITY.md. */
  guarantee: number;
  kind: Kind;
  text: string;
  /** When it showed, in the history's milliseconds; absent when only the end shows it. */
  t?: number;
  /** What the finding rests on: lines of the history, or what was expected beside what was there. */
  evidence: unknown;
}

/** One broken promise fills a history with its traces: the first ones tell, and the rest is counted. */
const KEPT_OF_EACH = 20;

/** Findings as they come, bounded for each guarantee and kind, with the count of all. */
export class Findings {
  readonly kept: Finding[] = [];
  readonly counts: Record<Kind, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  readonly #keptOf = new Map<string, number>();

  add(finding: Finding): void {
    this.counts[finding.kind] += 1;
    const group = `${finding.guarantee} ${finding.kind}`;
    const before = this.#keptOf.get(group) ?? 0;
    this.#keptOf.set(group, before + 1);
    if (before < KEPT_OF_EACH) this.kept.push(finding);
  }
}
