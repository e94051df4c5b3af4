import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { BenchArguments, PartName } from './arguments.ts';
import { drawChart } from './chart.ts';
import { type Figure, Figures } from './figures.ts';
import { type Machine, machineLine } from './machine.ts';
import { PART_BENCHES } from './parts/all.ts';
import { growthCharts } from './parts/growth.ts';
import { markdownTable } from './table.ts';

export interface Results {
  machine: Machine;
  wish: BenchArguments;
  parts: { part: PartName; title: string; figures: Figures }[];
}

/** A part as it stands in `bench.json`. */
interface KeptPart {
  part: PartName;
  title: string;
  /** Measures the same again. */
  command: string;
  rounds: number;
  machine: Machine;
  figures: readonly Figure[];
}

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Writes the tables, every sample, and the charts, all by the same names as the run before. Parts that were not
 * measured this time stay as they are, each with the commit at which it was.
 * @returns the files, relative to the repository
 */
export function writeReport(results: Results, directory = join(ROOT, 'docs')): string[] {
  mkdirSync(directory, { recursive: true });
  const parts = inOrder([...measured(results), ...keptIn(join(directory, 'bench.json'))]);
  const growth = parts.find(({ part }) => part === 'growth');
  const charts = growth ? growthCharts(new Figures(growth.figures).summaries()) : {};
  const files: Record<string, string> = {
    'bench.json': `${JSON.stringify({ parts }, null, 2)}\n`,
    'bench.md': describe(parts, Object.keys(charts)),
    ...Object.fromEntries(Object.entries(charts).map(([name, chart]) => [name, drawChart(chart)])),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return Object.keys(files).map((name) => relative(ROOT, join(directory, name)));
}

function measured({ machine, wish, parts }: Results): KeptPart[] {
  return parts.map(({ part, title, figures }) => {
    const command = commandOf({ ...wish, parts: [part] });
    return { part, title, command, rounds: wish.rounds, machine, figures: figures.all };
  });
}

function keptIn(file: string): KeptPart[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { parts: KeptPart[] }).parts : [];
}

/** The first of each part, as the benches stand in the list. */
function inOrder(parts: readonly KeptPart[]): KeptPart[] {
  const names = Object.keys(PART_BENCHES) as PartName[];
  return names.flatMap((name) => parts.find(({ part }) => part === name) ?? []);
}

/** The command that measures the same again. */
function commandOf({ parts, rounds, extent }: BenchArguments): string {
  const words = ['npm run bench --', ...parts, ...(extent === 'full' ? [] : [`--${extent}`]), `--rounds ${rounds}`];
  return words.join(' ');
}

function describe(parts: readonly KeptPart[], charts: readonly string[]): string {
  const sections = parts.map(({ part, title, command, machine, figures }) =>
    [
      `## ${title}`,
      `\`${command}\`, ${machine.at.slice(0, 16).replace('T', ' ')} UTC: ${machineLine(machine)}.`,
      markdownTable(new Figures(figures).summaries()),
      ...(part === 'growth' ? charts.map((name) => `![](${name})`) : []),
    ].join('\n\n'),
  );
  return `${[
    '# Figures',
    'Medians of rounds in which the rivals took turns. A ratio is ours divided by theirs, round by round, and of that ' +
      'the median. Every sample stands in [bench.json](bench.json); how each is measured, in ' +
      '[`scripts/bench/parts/`](../scripts/bench/parts).',
    ...sections,
  ].join('\n\n')}\n`;
}
