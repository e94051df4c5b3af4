import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDirectory } from '../../testing/test-guard.ts';
import type { BenchArguments } from '../arguments.ts';
import { Figures, MSP } from '../figures.ts';
import type { Machine } from '../machine.ts';
import { writeReport } from '../report.ts';

const machine: Machine = {
  cpu: 'A processor',
  cores: 2,
  memoryGb: 24,
  system: 'Debian',
  kernel: '6.1',
  node: 'v24',
  database: 'mariadb 10.11',
  redis: '7.0',
  nginx: '1.22',
  compiler: 'gcc 12',
  commit: 'abc1234',
  at: '2026-11-22T21:00:00.000Z',
  loadBefore: 0.1,
};

test('a report names the command and the machine, keeps every sample, and draws what grows', () => {
  const pages = new Figures();
  for (const cpu of [3, 1, 2]) pages.add('/', 'CPU a page', 'ms', MSP, cpu);
  const growth = new Figures();
  for (const [subscribers, us] of [
    ['100', 4],
    ['10,000', 3],
  ] as const) {
    growth.add(`${subscribers} subscribers`, 'CPU per delivery', 'µs', MSP, us);
    growth.add(`${subscribers} subscribers`, 'CPU per delivery', 'µs', 'nchan', 2 * us);
  }
  for (const rate of ['10', '1,000']) growth.add(`${rate} orders/s`, 'CPU per order, database included', 'ms', MSP, 1);
  for (const rows of ['1,000', '1,000,000']) growth.add(`${rows} orders in the table`, 'newest 50', 'ms', MSP, 2);

  const directory = join(testDirectory(), 'docs');
  const files = writeReport(
    {
      machine,
      wish: { parts: ['pages', 'growth'], rounds: 3, extent: 'full', write: true },
      parts: [
        { part: 'pages', title: 'Pages', figures: pages },
        { part: 'growth', title: 'Growth', figures: growth },
      ],
    },
    directory,
  ).map((path) => path.slice(path.lastIndexOf('/') + 1));

  expect(files).toEqual(['bench.json', 'bench.md', 'bench-subscribers.svg', 'bench-orders.svg', 'bench-table.svg']);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  expect(JSON.parse(read('bench.json'))).toMatchObject({
    parts: [
      {
        command: 'npm run bench -- pages --rounds 3',
        machine: { commit: 'abc1234' },
        figures: [{ what: 'CPU a page', samples: { [MSP]: [3, 1, 2] } }],
      },
      { part: 'growth' },
    ],
  });
  expect(read('bench.md')).toContain('A processor, 2 cores');
  expect(read('bench.md')).toContain('| / | CPU a page | 2.00 ms |');
  for (const name of files.slice(2)) {
    expect(read('bench.md')).toContain(`(${name})`);
    expect(read(name)).toContain('<polyline points="');
    expect(read(name)).not.toContain('NaN');
  }

  const again = new Figures();
  again.add('/', 'CPU a page', 'ms', MSP, 9);
  const wish: BenchArguments = { parts: ['pages'], rounds: 1, extent: 'full', write: true };
  writeReport(
    { machine: { ...machine, commit: 'def5678' }, wish, parts: [{ part: 'pages', title: 'Pages', figures: again }] },
    directory,
  );
  const { parts } = JSON.parse(read('bench.json')) as { parts: { machine: Machine }[] };
  expect(parts.map(({ machine: { commit } }) => commit)).toEqual(['def5678', 'abc1234']);
  expect(read('bench.md')).toContain('| / | CPU a page | 9.00 ms |');
  expect(read('bench.md')).toContain('(bench-table.svg)');
});
