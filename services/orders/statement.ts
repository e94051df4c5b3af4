import { type Compilable, CompiledQuery, type Insertable } from 'kysely';
import type { Database } from './database.ts';

// Where a hundred orders are written at once, a node of the query builder for each value and the driver's general
// escaping cost as much as all the rest of the work; and the driver would escape every quotation mark of an event's JSON.
// Here each value becomes its literal by its type, and nothing looks at the text again. Texts are added to one another and
// never joined: so they are copied once, when they are sent, where each list joined to a longer one is a copy of it all.

type Literal = string | number | null | Date | SqlPart | readonly Literal[];

/** Part of a statement as it stands. */
export class SqlPart {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A statement with its values written into it: `` statement`… where id in (${ids}) ``. Lists are written with commas.
 * @throws {TypeError} for a value that has no literal here
 */
export function statement<Row = never>(texts: TemplateStringsArray, ...values: readonly Literal[]): Compilable<Row> {
  return compilable(written(texts, values));
}

/** The same for a part of one, to be put into it as a value. */
export const part = (texts: TemplateStringsArray, ...values: readonly Literal[]) => new SqlPart(written(texts, values));

function written(texts: TemplateStringsArray, values: readonly Literal[]): string {
  let text = texts[0]!;
  for (const [i, value] of values.entries()) text += literal(value) + texts[i + 1]!;
  return text;
}

function compilable<Row>(text: string): Compilable<Row> {
  const compiled = CompiledQuery.raw(text) as CompiledQuery<Row>;
  return { compile: () => compiled };
}

/**
 * An insert of many rows.
 * @param rows at least one; all with the same columns in the same order
 */
export function insertion<Table extends keyof Database>(
  table: Table,
  rows: readonly Insertable<Database[Table]>[],
  verb: 'insert' | 'insert ignore' = 'insert',
): Compilable<never> {
  let text = `${verb} into ${table} (${Object.keys(rows[0]!).join(', ')}) values `;
  for (const [i, row] of rows.entries()) text += `${i === 0 ? '(' : ', ('}${literal(Object.values(row))})`;
  return compilable(text);
}

/** The first id that the last insert drew, and so many on; for inserts that draw none themselves. */
export const lastInsertId = (more: number) => part`last_insert_id() + ${more}` as unknown as number;

/** The texts of these values, one behind the other. */
export const concat = (...values: readonly Literal[]) => part`concat(${values})`;

/** What was put together of numbers and our own words: never anything that came from outside. */
export const verbatim = (text: string) => new SqlPart(text);

function literal(value: Literal): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value === null) return 'null';
  if (value instanceof SqlPart) return value.text;
  if (value instanceof Date) return instant(value.getTime());
  if (Array.isArray(value)) return value.map(literal).join(', ');
  throw new TypeError(`no literal for a ${typeof value}`);
}

/** Of all that a group writes the time is the same, and putting it into words costs as much as ten values. */
let known = { ms: 0, text: `'1970-01-01T00:00:00.000'` };
function instant(ms: number): string {
  if (ms !== known.ms) known = { ms, text: `'${new Date(ms).toISOString().slice(0, -1)}'` };
  return known.text;
}

/**
 * A text of ASCII without quotes and backslashes is itself between quotes. Any other goes by the bytes of its UTF-8, in
 * hexadecimal: nothing in it can mean anything to a server, and a single sign beyond Latin 1, the apostrophe in
 * “d’olive”, would double the whole statement's text in memory and have it encoded sign by sign.
 */
function quoted(text: string): string {
  const isPlain = Buffer.byteLength(text) === text.length && !text.includes("'") && !text.includes('\\');
  return isPlain ? `'${text}'` : `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;
}
