/** What spreadsheets take for UTF-8; without it Excel reads another alphabet. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * What stands between cells. Spreadsheets open a file by the signs of their language: where the comma parts cents from
 * euros, cells are parted by semicolons.
 */
export type Separator = ',' | ';';

/**
 * A line of CSV by RFC 4180. Text that a spreadsheet would take for a formula begins with an apostrophe, because
 * customers choose what stands here (OWASP, «CSV injection»); signs of full width are signs to Excel, too.
 */
export function csvLine(cells: readonly (string | number | null)[], separator: Separator): string {
  return `${cells.map(csvCell).join(separator)}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
