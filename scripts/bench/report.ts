import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { BenchArguments, PartName } from './arguments.ts';
import { drawChart } from './chart.ts';
import type { Figures, Summary } from './figures.ts';
import { type Machine, machineLine } from './machine.ts';
import { growthCharts } from './parts/growth.ts';
import { markdownTable } from './table.ts';

export interface Results {
  machine: Machine;
  wish: BenchArguments;
  parts: { part: PartName; title: string; figures: Figures }[];
}

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Writes the tables, every sample, and the charts, all by the same names as the run before.
 * @returns the files, relative to the repository
 */
export function writeReport(results: Results, directory = join(ROOT, 'docs')): string[] {
  mkdirSync(directory, { recursive: true });
  const parts = results.parts.map((one) => ({ ...one, summaries: one.figures.summaries() }));
  const growth = parts.find(({ part }) => part === 'growth');
  const charts = growth ? growthCharts(growth.summaries) : {};
  const files: Record<string, string> = {
    'bench.json': `${JSON.stringify(
      {
        command: commandOf(results.wish),
        machine: results.machine,
        rounds: results.wish.rounds,
        parts: parts.map(({ part, title, figures }) => ({ part, title, figures: figures.all })),
      },
      null,
      2,
    )}\n`,
    'bench.md': describe(results, parts, Object.keys(charts)),
    ...Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, drawChart(chart)])),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return Object.keys(files).map((name) => relative(ROOT, join(directory, name)));
}

/** The command that measures the same again. */
export function commandOf({ parts, rounds, extent }: BenchArguments): string {
  const words = ['npm run bench --', ...parts, ...(extent === 'full' ? [] : [`--${extent}`]), `--rounds ${rounds}`];
  return words.join(' ');
}

function describe(
  { machine, wish }: Results,
  parts: readonly { part: PartName; title: string; summaries: Summary[] }[],
  charts: readonly string[],
): string {
  const sections = parts.map(({ part, title, summaries }) =>
    [`## ${title}`, markdownTable(summaries), ...(part === 'growth' ? charts.map((name) => `![](${name})`) : [])].join(
      '\n\n',
    ),
  );
  return `${[
    '# Figures',
    `\`${commandOf(wish)}\`, ${machine.at.slice(0, 16).replace('T', ' ')} UTC: ${machineLine(machine)}.`,
    `Medians of ${wish.rounds} round${wish.rounds === 1 ? '' : 's'} in which the rivals took turns. A ratio is ours ` +
      'divided by theirs, round by round, and of that the median. Every sample stands in [bench.json](bench.json); how ' +
      'each is measured, in [`scripts/bench/parts/`](../scripts/bench/parts).',
    ...sections,
  ].join('\n\n')}\n`;
}
