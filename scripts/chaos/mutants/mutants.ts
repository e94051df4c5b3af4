import type { Mutant } from './mutate.ts';

const APPEND = 'services/orders/append-events.ts';

/** A connection of the process that no transaction is on. */
const OUTSIDE = '(durability as unknown as { outside: Db }).outside';
const GIVE_OUTSIDE = {
  file: 'services/orders/durability.ts',
  from: '    acknowledged: () => known,\n',
  to: '    outside: db,\n    acknowledged: () => known,\n',
} as const;

const READ_UNLOCKED = {
  file: APPEND,
  from: "  trx.selectFrom('event_head').selectAll().where('id', '=', HEAD_ROW).forUpdate();\n",
  to: "  trx.selectFrom('event_head').selectAll().where('id', '=', HEAD_ROW);\n",
} as const;
/** The first line with the head as it was read. */
const DRAW = '  const epoch = durability.wentBack(';
const MOVE_HEAD = '    .set({ epoch, head: row.head + events.length, ...counts })\n';

/** What redis is told a moment too early cannot be taken back. */
export const publishBeforeCommit: Mutant = {
  name: 'publish before commit',
  edits: [
    {
      file: 'services/orders/place-group.ts',
      from: '      (trx) => placeOrders(trx, requests, deps.shop, deps.durability),\n',
      to: `      async (trx) => {
        const outcome = await placeOrders(trx, requests, deps.shop, deps.durability);
        if (outcome.value.appended) deps.announce(outcome.value.appended);
        return outcome;
      },
`,
    },
    {
      file: 'services/orders/place-group.ts',
      from: '    if (appended) deps.announce(appended);\n',
      to: '    void appended;\n',
    },
  ],
};

/** The counter is moved by a transaction of its own: short locks, and numbers that are drawn and not used. */
export const numbersOutside: Mutant = {
  name: 'numbers drawn outside the transaction',
  edits: [
    GIVE_OUTSIDE,
    READ_UNLOCKED,
    {
      file: APPEND,
      from: DRAW,
      to: `  row = await ${OUTSIDE}.transaction().execute(async (own: typeof trx) => {
    const drawn = await own
      .selectFrom('event_head')
      .selectAll()
      .where('id', '=', HEAD_ROW)
      .forUpdate()
      .executeTakeFirstOrThrow();
    await own
      .updateTable('event_head')
      .set({ head: drawn.head + changes.length })
      .where('id', '=', HEAD_ROW)
      .execute();
    return drawn;
  });
${DRAW}`,
    },
    { file: APPEND, from: MOVE_HEAD, to: '    .set({ epoch, ...counts })\n' },
  ],
};

/** Keys are committed before the order is: whoever comes second finds a key without an order, and takes it for new. */
export const keyOutside: Mutant = {
  name: 'key outside the transaction',
  edits: [
    GIVE_OUTSIDE,
    {
      file: 'services/orders/place-orders.ts',
      from: `  const [claimed, limited, all] = await inOnePacket(trx, [
    claimKeys(firsts, groupId, now),
    lockLimited(trx, ids),
    readProducts(trx, ids),
  ]);
  const earlier = claimed.affectedRows < firsts.length ? await earlierAnswers(trx, firsts, groupId) : new Map();
`,
      to: `  await ${OUTSIDE}.executeQuery(claimKeys(firsts, groupId, now));
  const earlier = await earlierAnswers(trx, firsts, groupId);
  const [limited, all] = await inOnePacket(trx, [lockLimited(trx, ids), readProducts(trx, ids)]);
`,
    },
  ],
};

/** The outbox of many systems: an id that the table gives, and readers who ask for what is above the last they saw. */
export const autoIncrement: Mutant = {
  name: 'catch-up by AUTO_INCREMENT id',
  edits: [
    {
      file: 'services/orders/migrations/001-tables.ts',
      from: '  await sql`create table if not exists event_head (',
      to: `  await sql\`create table if not exists event_ids (
    id bigint not null auto_increment primary key, of_group char(1) null
  ) \${TABLE}\`.execute(db);

  await sql\`create table if not exists event_head (`,
    },
    {
      file: APPEND,
      from: "import type { Transaction } from 'kysely';",
      to: "import { sql, type Transaction } from 'kysely';",
    },
    READ_UNLOCKED,
    {
      file: APPEND,
      from: DRAW,
      to: `  const { insertId } = await (trx as any)
    .insertInto('event_ids')
    .values(changes.map(() => ({ of_group: null })))
    .executeTakeFirstOrThrow();
  row = { ...row, head: Number(insertId) - 1 };
${DRAW}`,
    },
    {
      file: APPEND,
      from: MOVE_HEAD,
      to: `    .set({ epoch, head: sql<number>\`greatest(head, \${row.head + events.length})\`, ...counts })\n`,
    },
  ],
};

/** A read shows what it finds, though InnoDB shows a commit before it is on disk. */
export const noDurabilityGuard: Mutant = {
  name: 'no durability guard in GET /events',
  edits: [
    {
      file: 'services/orders/read-events.ts',
      from: '  await durability.ensure(placeOf(head));\n',
      to: '  void durability;\n',
    },
  ],
};

/** The commit that proves a read may be the commit of a server that was started after the read, and knows nothing of it. */
export const guardOfAnotherServer: Mutant = {
  name: 'a guard that survives the server it asked',
  edits: [
    {
      file: 'services/orders/durability.ts',
      from: '      if ((event?.digest ?? null) !== place.newest) {\n',
      to: '      if (!event && place.seq < 0) {\n',
    },
  ],
};

/** A repeat is answered by what another transaction has settled, before that is on disk. */
export const repeatBeforeDisk: Mutant = {
  name: 'a repeat answered before the order is on disk',
  edits: [
    {
      file: 'services/orders/place-orders.ts',
      from: '    return { commit: earlier.size > 0, value:',
      to: '    return { commit: false, value:',
    },
    {
      file: 'services/orders/place-orders.ts',
      from: '    if (earlier.size > 0) await durability.touch(trx);\n',
      to: '',
    },
  ],
};

/** A stream that comes back goes on from now, whatever cursor it comes with. */
export const noReplay: Mutant = {
  name: 'no replay on reconnect',
  edits: [
    {
      file: 'services/notifier/connect.ts',
      from: '      ...(wish.from ? [catchUp(wish.topic, wish.from, fanOut.position)] : []),\n',
      to: '',
    },
  ],
};

/** A message that Redis lost is waited for, and never asked for. */
export const noGapRepair: Mutant = {
  name: 'no gap repair',
  edits: [
    {
      file: 'services/notifier/follow-log.ts',
      from: '    if (this.#log.head < this.#wanted) void this.catchUp();\n',
      to: '',
    },
  ],
};

/** One order's refusal refuses everybody who happened to come in the same moment. */
export const groupFailsAsWhole: Mutant = {
  name: 'a group that fails as a whole',
  edits: [
    {
      file: 'services/orders/place-orders.ts',
      from: "      settled.set(key, { kind: 'refused', problem: verdict });\n      continue;\n",
      to: '      throw verdict;\n',
    },
  ],
};
