import { type Compilable, CompiledQuery, type Transaction } from 'kysely';
import type { ResultSetHeader } from 'mysql2';
import type { Database } from './database.ts';

/** What came of one statement. */
export interface PacketResult<Row> {
  /** Of a query. */
  rows: Row[];
  /** Of anything else: how many rows it made or changed, and the first id that it drew (0 for none). */
  affectedRows: number;
  insertId: number;
}

/** Ends a packet that ends its transaction; the connection then leaves out the `commit` that follows by itself. */
export const COMMIT_BEHIND = ';\ncommit';

/**
 * Sends statements together and waits once for all of them: a lone order spends more time on the way to the database
 * than in it. They run one after the other; behind one that fails none is run, not even the commit, and its error is
 * thrown.
 *
 * Takes a connection that may be given several statements at once (see connect.ts).
 * @param statements those that are undefined are left out, and nothing came of them; one alone has to be a query, without ending
 * @param ending `commit` when nothing follows in this transaction, which then must not ask for a rollback
 * @returns the result of each
 */
export async function inOnePacket<const Rows extends readonly unknown[]>(
  trx: Transaction<Database>,
  statements: { readonly [I in keyof Rows]: Compilable<Rows[I]> | undefined },
  ending?: 'commit',
): Promise<{ -readonly [I in keyof Rows]: PacketResult<Rows[I]> }> {
  const compiled = statements.filter((one) => one !== undefined).map((one) => one.compile());
  // Added up and not joined: a long text is then copied only when it is sent.
  const text = compiled.map(({ sql }) => sql).reduce((behind, sql) => `${behind};\n${sql}`);
  const parameters = compiled.flatMap((one) => [...one.parameters]);
  const { rows } = await trx.executeQuery(CompiledQuery.raw(ending ? text + COMMIT_BEHIND : text, parameters));
  // The driver wraps the results of several statements, and not that of one.
  const results = (compiled.length === 1 && !ending ? [rows] : rows).values();
  return statements.map((one) => (one ? asPacketResult(results.next().value) : NOTHING)) as never;
}

const NOTHING = { rows: [], affectedRows: 0, insertId: 0 };

function asPacketResult(result: unknown): PacketResult<unknown> {
  if (Array.isArray(result)) return { ...NOTHING, rows: result };
  const { affectedRows, insertId } = result as ResultSetHeader;
  return { rows: [], affectedRows, insertId };
}
