import type { Finding, Verdict } from './checker.ts';

const MAX_FINDINGS = 20;
const MAX_EVIDENCE_CHARS = 300;

/** What a run came to, for people. */
export function summarize(verdict: Verdict, falls: readonly { part: string; reason: string }[]): string {
  const { figures, findings } = verdict;
  const { screen } = figures;
  const faults = Object.entries(figures.faults);
  const total = faults.reduce((sum, [, count]) => sum + count, 0);
  const rows: [string, string | number][] = [
    ['orders acknowledged', `${figures.acknowledged} (sent ${figures.attempts} times; ${figures.events} events)`],
    ['faults', total],
    ...faults.map(([kind, count]): [string, number] => [`  ${kind}`, count]),
    ['lost', figures.lost],
    ['doubled', figures.doubled],
    ['ghosts', figures.ghosts],
    ['out of order', figures.outOfOrder],
    ['gaps', figures.gaps],
    ['late', figures.late],
    ['otherwise wrong', figures.wrong],
    ['answer → screen, healthy', healthy(screen.healthy)],
    ['worst after recovery', ms(screen.worstAfterRecovery)],
    ['worst with Redis away', ms(screen.worstWithoutRedis)],
    ['processes that fell by themselves', falls.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...falls.map(({ part, reason }) => `  ${part} fell: ${reason}`),
    ...findings.slice(0, MAX_FINDINGS).map(describe),
    ...(findings.length > MAX_FINDINGS ? [`  … and ${findings.length - MAX_FINDINGS} more`] : []),
  ].join('\n');
}

/** With as much of the evidence as a line holds; the history has the rest. */
function describe({ guarantee, kind, text, evidence }: Finding): string {
  return `  ✗ guarantee ${guarantee}, ${kind}: ${text} ${JSON.stringify(evidence).slice(0, MAX_EVIDENCE_CHARS)}`;
}

function healthy({ measured, p50, p99, worst }: Verdict['figures']['screen']['healthy']): string {
  return measured === 0 ? 'not measured' : `median ${ms(p50)}, p99 ${ms(p99)}, worst ${ms(worst)} (${measured} seen)`;
}

function ms(value: number | null): string {
  return value === null ? 'none' : `${Math.round(value)} ms`;
}
