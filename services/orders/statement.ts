import { type Compilable, CompiledQuery, type Insertable } from 'kysely';
import type { Database } from './database.ts';

// Where a hundred orders are written at once, a node of the query builder for each value and the driver's general
// escaping cost as much as all the rest of the work; and the driver would escape every quotation mark of an event's JSON.
// Here each value becomes its literal by its type, and nothing looks at the text again.

type Literal = string | number | null | Date | Verbatim | readonly Literal[];

class Verbatim {
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
  let text = texts[0]!;
  for (const [i, value] of values.entries()) text += literal(value) + texts[i + 1]!;
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
  const tuples = rows.map((row) => `(${literal(Object.values(row))})`);
  const columns = Object.keys(rows[0]!).join(', ');
  return statement`${verbatim(`${verb} into ${table} (${columns}) values ${tuples.join(', ')}`)}`;
}

/** The first id that the last insert drew, and so many on; for inserts that draw none themselves. */
export const lastInsertId = (more: number) => verbatim(`last_insert_id() + ${more}`) as unknown as number;

/** Part of a statement as it stands: never anything that came from outside. */
export const verbatim = (text: string) => new Verbatim(text);

function literal(value: Literal): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value === null) return 'null';
  if (value instanceof Verbatim) return value.text;
  if (value instanceof Date) return `'${value.toISOString().slice(0, -1)}'`;
  if (Array.isArray(value)) return value.map(literal).join(', ');
  throw new TypeError(`no literal for a ${typeof value}`);
}

/**
 * The quote that would end the string and the backslash that would hide it are all that both servers want escaped, in
 * a session whose `sql_mode` keeps backslash escapes and whose connection speaks UTF-8 (connect.ts sets both).
 */
const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
