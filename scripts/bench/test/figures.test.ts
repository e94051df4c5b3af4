import { expect, test } from 'vitest';
import { Figures, MSP } from '../figures.ts';
import { markdownTable, showNumber, tableRows, terminalTable } from '../table.ts';

function someFigures(): Figures {
  const figures = new Figures();
  for (const [ours, theirs] of [
    [2, 4],
    [3, 12],
    [1, 3],
  ] as const) {
    figures.add('1,000 subscribers', 'CPU', 'µs', 'nchan', theirs);
    figures.add('1,000 subscribers', 'CPU', 'µs', MSP, ours);
    figures.add('1,000 subscribers', 'missed', '', MSP, 0);
  }
  return figures;
}

test('ours comes first, with the median of the rounds, and the ratio of each round to its rival', () => {
  const [cpu, missed] = someFigures().summaries();
  expect(cpu?.contenders).toEqual([
    { name: MSP, median: 2, low: 1, high: 3, ratio: undefined },
    { name: 'nchan', median: 4, low: 3, high: 12, ratio: 1 / 3 },
  ]);
  expect(missed?.contenders).toHaveLength(1);
});

test('a table shows both figures of a ratio, and leaves out what was not measured', () => {
  expect(tableRows(someFigures().summaries())).toEqual({
    head: ['at', 'what', MSP, 'nchan', 'ratio'],
    rows: [
      ['1,000 subscribers', 'CPU', '2.00 µs', '4.00 µs', '0.333×'],
      ['1,000 subscribers', 'missed', '0', '', ''],
    ],
  });
});

test('a terminal says where only once, and Markdown in every row', () => {
  const summaries = someFigures().summaries();
  expect(terminalTable(summaries).match(/1,000 subscribers/g)).toHaveLength(1);
  expect(markdownTable(summaries).match(/1,000 subscribers/g)).toHaveLength(2);
});

test('numbers keep three digits that say something', () => {
  expect([0, 0.01234, 0.5, 1.005, 12.345, 99.96, 123.4, 12_345.6, -0.5].map(showNumber)).toEqual([
    '0',
    '0.0123',
    '0.500',
    '1.00',
    '12.3',
    '100.0',
    '123',
    '12,346',
    '-0.500',
  ]);
});
