import type { Summary } from './figures.ts';

/** Three significant digits, and no more digits than that says; thousands in groups. */
export function showNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(digits, 4));
}

/** How many times a figure is of another: `0.42×`. */
function showRatio(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${showNumber(ratio)}×`;
}

/** Rows of a table: what, ours, and for each rival its figure and how many times ours is of it. */
export function tableRows(summaries: readonly Summary[]): { head: string[]; rows: string[][] } {
  const names = [...new Set(summaries.flatMap(({ contenders }) => contenders.map(({ name }) => name)))];
  const [ours = '', ...rivals] = names;
  const head = ['at', 'what', ours, ...rivals.flatMap((name) => [name, 'ratio'])];
  const rows = summaries.map(({ at, what, unit, contenders }) => {
    const of = (name: string) => contenders.find((contender) => contender.name === name);
    const show = (name: string) => {
      const contender = of(name);
      return contender ? `${showNumber(contender.median)}${unit ? ` ${unit}` : ''}` : '';
    };
    return [at, what, show(ours), ...rivals.flatMap((name) => [show(name), showRatio(of(name)?.ratio)])];
  });
  return { head, rows };
}

/** For a terminal: columns in line, words to the left and figures to the right. */
export function terminalTable(summaries: readonly Summary[]): string {
  const { head, rows } = tableRows(summaries);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  let last = '';
  const shown = rows.map(([at = '', ...rest]) => {
    const cells = [at === last ? '' : at, ...rest];
    last = at;
    return line(cells);
  });
  return [line(head), ...shown].map((text) => `  ${text.trimEnd()}`).join('\n');
}

export function markdownTable(summaries: readonly Summary[]): string {
  const { head, rows } = tableRows(summaries);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < 2 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
