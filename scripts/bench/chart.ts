/** A line chart whose horizontal axis is logarithmic: what a step costs while a load grows by the factor. */
export interface Chart {
  title: string;
  xLabel: string;
  yLabel: string;
  series: { name: string; points: readonly (readonly [x: number, y: number])[] }[];
}

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 150;
const TOP = 44;
const BOTTOM = 52;
const PLOT = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
/** Names at the ends of lines keep this distance. */
const NAME_HEIGHT = 15;
/** Beyond this ratio of the largest to the smallest value, the vertical axis is logarithmic too. */
const LOG_FROM = 30;

/** Colours that are told apart by people who see few, on white and on black; lines differ by their dashes too. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#b5569a', '#8a7500', '#5a8fd6'];
const DASHES = ['none', '7 4', '2 4', '10 4 2 4', '4 2', '12 4'];

/** As SVG that follows the reader's light or dark, without fonts or scripts of its own. */
export function drawChart(chart: Chart): string {
  const points = chart.series.flatMap((one) => one.points);
  const x = logScale(
    points.map(([value]) => value),
    PLOT.width,
  );
  const values = points.map(([, value]) => value);
  const smallest = Math.min(...values.filter((value) => value > 0));
  const y =
    Math.max(...values) / smallest > LOG_FROM ? logScale(values, PLOT.height) : linearScale(values, PLOT.height);
  const left = (value: number) => round(LEFT + x.place(value));
  const top = (value: number) => round(TOP + PLOT.height - y.place(value));

  const grid = [
    ...x.ticks.map(
      (tick) =>
        `<line class="grid" x1="${left(tick)}" x2="${left(tick)}" y1="${TOP}" y2="${TOP + PLOT.height}"/>` +
        `<text x="${left(tick)}" y="${TOP + PLOT.height + 18}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<line class="grid" x1="${LEFT}" x2="${LEFT + PLOT.width}" y1="${top(tick)}" y2="${top(tick)}"/>` +
        `<text x="${LEFT - 8}" y="${top(tick) + 4}" text-anchor="end">${tick.toLocaleString('en')}</text>`,
    ),
  ];
  const names = spread(chart.series.map(({ points }) => top(points.at(-1)?.[1] ?? 0)));
  const lines = chart.series.map(({ name, points }, i) => {
    const path = points.map(([px, py]) => `${left(px)},${top(py)}`).join(' ');
    const dots = points.map(([px, py]) => `<circle cx="${left(px)}" cy="${top(py)}" r="3"/>`).join('');
    const last = points.at(-1);
    const end = last ? left(last[0]) : LEFT;
    return (
      `<g class="line-${i}"><polyline points="${path}"/>${dots}` +
      `<circle cx="${end + 14}" cy="${names[i]!}" r="3"/><text x="${end + 22}" y="${names[i]! + 4}">${escapeXml(name)}</text></g>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(chart.title)}">
<style>
svg { background: #fff; font: 12px system-ui, sans-serif; }
text { fill: #333; }
.title { font-size: 15px; font-weight: 600; }
.grid { stroke: #0002; }
polyline { fill: none; stroke-width: 2; }
${COLOURS.map((colour, i) => `.line-${i} polyline { stroke: ${colour}; stroke-dasharray: ${DASHES[i]}; } .line-${i} circle { fill: ${colour}; }`).join('\n')}
@media (prefers-color-scheme: dark) { svg { background: #14171a; } text { fill: #ddd; } .grid { stroke: #fff2; } polyline, circle { filter: brightness(1.35); } }
</style>
<text class="title" x="${LEFT}" y="22">${escapeXml(chart.title)}</text>
<text x="${LEFT}" y="${TOP - 6}">${escapeXml(chart.yLabel)}</text>
<text x="${LEFT + PLOT.width / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(chart.xLabel)}</text>
${[...grid, ...lines].join('\n')}
</svg>
`;
}

interface Scale {
  place(value: number): number;
  ticks: number[];
}

/** Powers of ten, from the one at or below the smallest to the one at or above the largest value. */
function logScale(values: readonly number[], length: number): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive)) - 1e-9));
  return {
    place: (value) => ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * length,
    ticks: Array.from({ length: high - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(1))),
  };
}

/** From nought, in four to eight steps of 1, 2 or 5 times a power of ten. */
function linearScale(values: readonly number[], length: number): Scale {
  const largest = Math.max(...values, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [0.2, 0.5, 1, 2].map((one) => one * power).find((one) => largest / one <= 8)!;
  const top = Math.ceil(largest / step - 1e-9) * step;
  return {
    place: (value) => (value / top) * length,
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, i) => Number((i * step).toPrecision(6))),
  };
}

/** Moves what is too close apart, downwards, and keeps the order. */
function spread(tops: readonly number[]): number[] {
  const moved = [...tops];
  const order = tops.map((_, i) => i).sort((a, b) => tops[a]! - tops[b]!);
  for (const [at, i] of order.entries()) {
    const above = order[at - 1];
    if (above !== undefined) moved[i] = Math.max(moved[i]!, moved[above]! + NAME_HEIGHT);
  }
  return moved;
}

const round = (value: number) => Math.round(value * 10) / 10;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
