/** What spreadsheets take for UTF-8; without it Excel reads another alphabet. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A line of CSV by RFC 4180. Text that a spreadsheet would take for a formula begins with an apostrophe, because
 * customers choose what stands here (OWASP, «CSV injection»); signs of full width are signs to Excel, too.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
