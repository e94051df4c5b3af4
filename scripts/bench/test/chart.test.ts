import { expect, test } from 'vitest';
import { type Chart, drawChart } from '../chart.ts';

const chart: Chart = {
  title: 'Rows & <streams>',
  xLabel: 'subscribers',
  yLabel: 'µs',
  series: [
    {
      name: 'MSP',
      points: [
        [100, 2],
        [1000, 2.5],
        [10_000, 3],
      ],
    },
    {
      name: 'nchan',
      points: [
        [100, 4],
        [10_000, 3.1],
      ],
    },
  ],
};

/** The points of each line, as drawn. */
function lines(svg: string): [number, number][][] {
  return [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number) as [number, number]),
  );
}

test('steps by the same factor are as far apart, and more is higher', () => {
  const [msp, nchan] = lines(drawChart(chart));
  expect(msp).toHaveLength(3);
  expect(msp![1]![0] - msp![0]![0]).toBeCloseTo(msp![2]![0] - msp![1]![0], 0);
  expect(msp![0]![1]).toBeGreaterThan(msp![2]![1]);
  expect(nchan![0]![1]).toBeLessThan(msp![2]![1]);
});

test('everything is drawn within the picture', () => {
  const svg = drawChart(chart);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  for (const [x, y] of lines(svg).flat()) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(width!);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(height!);
  }
});

test('names at the ends of lines do not lie on each other', () => {
  const svg = drawChart(chart);
  const tops = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)">(?:MSP|nchan)</g)].map(([, y]) => Number(y));
  expect(tops).toHaveLength(2);
  expect(Math.abs(tops[0]! - tops[1]!)).toBeGreaterThanOrEqual(15);
});

test('small and large values both stay readable: the scale becomes logarithmic', () => {
  const wide = drawChart({
    ...chart,
    series: [
      {
        name: 'MSP',
        points: [
          [1, 0.5],
          [10, 5],
          [100, 50],
        ],
      },
    ],
  });
  const [points] = lines(wide);
  expect(points![0]![1] - points![1]![1]).toBeCloseTo(points![1]![1] - points![2]![1], 0);
});

test('it follows the reader into the dark, and takes text as text', () => {
  const svg = drawChart(chart);
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).toContain('Rows &amp; &lt;streams>');
  expect(svg).not.toContain('<streams>');
});
