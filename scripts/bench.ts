/**
 * `npm run bench`: what the services cost, beside what people would use instead, on this machine and in one run.
 *
 *   npm run bench                              everything, five rounds: most of an hour
 *   npm run bench -- --quick                   everything, one short round, about two minutes
 *   npm run bench -- fan-out intake            some parts: fan-out, intake, screen, pages, desk, growth
 *   npm run bench -- --rounds 9 --write        more rounds; docs/bench.md, docs/bench.json and the charts anew
 *
 * Every figure is the median of the rounds, in which the rivals take turns. It needs Linux, a C compiler and Debian's
 * nginx with nchan; as root on Debian it installs what is missing, after saying so.
 */
import { readArguments } from './bench/arguments.ts';
import { Figures } from './bench/figures.ts';
import { describeMachine, machineLine } from './bench/machine.ts';
import { PART_BENCHES } from './bench/parts/all.ts';
import { type Results, writeReport } from './bench/report.ts';
import { terminalTable } from './bench/table.ts';
import { openWorkbench, type Workbench } from './bench/workbench.ts';
import { followParent } from './supervise/follow-parent.ts';

const stopAsked = new Promise<never>((_, reject) => {
  const stop = () => reject(new Error('Stopped.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  followParent(stop);
});
let bench: Workbench | undefined;
let exitCode = 0;
try {
  await Promise.race([stopAsked, run()]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  exitCode = 1;
}
await bench?.close();
process.exit(exitCode);

async function run(): Promise<void> {
  const wish = readArguments(process.argv.slice(2));
  const began = performance.now();
  bench = await openWorkbench({ ...wish, say: (line) => console.log(`  ${line}`) });
  const machine = describeMachine(bench);
  console.log(`${machineLine(machine)}\n`);
  const parts: Results['parts'] = [];
  for (const part of wish.parts) {
    const from = performance.now();
    const { title, measure } = PART_BENCHES[part];
    console.log(title);
    const figures = new Figures();
    await measure(bench, figures);
    parts.push({ part, title, figures });
    console.log(`${terminalTable(figures.summaries())}\n  ${seconds(from)} s\n`);
  }
  if (wish.write) {
    const written = writeReport({ machine, wish, parts });
    console.log(`Written: ${written.join(', ')}`);
  }
  console.log(`Measured in ${seconds(began)} s, ${wish.rounds} round${wish.rounds === 1 ? '' : 's'}.`);
}

function seconds(from: number): number {
  return Math.round((performance.now() - from) / 1000);
}
