import type { Mutant } from './mutate.ts';

const APPEND = 'services/orders/append-events.ts';
const PLACE = 'services/orders/place-orders.ts';

/** A connection of the process that no transaction is on. */
const OUTSIDE = '(durability as unknown as { outside: Db }).outside';
const GIVE_OUTSIDE = {
  file: 'services/orders/durability.ts',
  from: '    acknowledged: () => known,\n',
  to: '    outside: db,\n    acknowledged: () => known,\n',
} as const;

const READ_UNLOCKED = {
  file: APPEND,
  from: ' for update`;',
  to: '`;',
} as const;
const MOVE_HEAD = `, head = \${head},\n`;

/** What redis is told a moment too early cannot be taken back. */
export const publishBeforeCommit: Mutant = {
  name: 'publish before commit',
  edits: [
    {
      file: 'services/orders/place-group.ts',
      from: 'placeOrders(trx, requests, deps.shop, deps.durability, ',
      to: 'placeOrders(trx, requests, deps.shop, { ...deps.durability, announce: deps.announce } as Durability, ',
    },
    {
      file: APPEND,
      from: '  await inOnePacket(trx, [insert, moveHead], ending);\n',
      to: `  if (ending) (durability as unknown as { announce: (told: Told) => void }).announce(appended);
  await inOnePacket(trx, [insert, moveHead], ending);
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
      file: PLACE,
      from: '  const [inserted, , , , , head] =',
      to: `  const given = await ${OUTSIDE}.transaction().execute(async (own: typeof trx) => {
    await own
      .updateTable('event_head')
      .set((eb) => ({ head: eb('head', '+', drafts.length) }))
      .execute();
    const { rows } = await own.executeQuery(LOCK_HEAD);
    return { ...rows[0]!, head: rows[0]!.head - drafts.length };
  });
  const [inserted] =`,
    },
    { file: PLACE, from: 'writeEvents(trx, head.rows[0]!, ', to: 'writeEvents(trx, given, ' },
    { file: APPEND, from: MOVE_HEAD, to: ',\n' },
    // The head is ahead of whatever is being written, so a log that went back can no longer be told by it.
    {
      file: APPEND,
      from: 'durability.wentBack({ epoch: found.epoch, seq: found.head }) ? newEpoch() : found.epoch',
      to: 'found.epoch',
    },
  ],
};

/** Keys are committed before the order is: whoever comes second finds a key without an order, and takes it for new. */
export const keyOutside: Mutant = {
  name: 'key outside the transaction',
  edits: [
    GIVE_OUTSIDE,
    {
      file: PLACE,
      from: `  const [claimed, limited, all] = await inOnePacket(trx, [
    claimKeys(firsts, groupId, now),
    lockLimited(ids),
    readProducts(ids),
  ]);
  const earlier = claimed.affectedRows < firsts.length ? await earlierAnswers(trx, firsts, groupId) : new Map();
`,
      to: `  await ${OUTSIDE}.executeQuery(claimKeys(firsts, groupId, now));
  const earlier = await earlierAnswers(trx, firsts, groupId);
  const [limited, all] = await inOnePacket(trx, [lockLimited(ids), readProducts(ids)]);
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
    READ_UNLOCKED,
    {
      file: PLACE,
      from: "import type { Outcome } from './transact.ts';\n",
      to: "import { insertion } from './statement.ts';\nimport type { Outcome } from './transact.ts';\n",
    },
    { file: PLACE, from: 'const [inserted, , , , , head] =', to: 'const [inserted, , , , , head, given] =' },
    {
      file: PLACE,
      from: '    LOCK_HEAD,\n',
      to: `    LOCK_HEAD,
    insertion('event_ids' as never, drafts.map(() => ({ of_group: null })) as never),
`,
    },
    {
      file: PLACE,
      from: 'writeEvents(trx, head.rows[0]!, ',
      to: 'writeEvents(trx, { ...head.rows[0]!, head: given.insertId - 1 }, ',
    },
    // Ids that come late are no sign of a restore here.
    {
      file: APPEND,
      from: '  const epoch = durability.wentBack({ epoch: found.epoch, seq: found.head }) ? newEpoch() : found.epoch;\n',
      to: '  const { epoch } = found;\n',
    },
    {
      file: APPEND,
      from: MOVE_HEAD,
      to: `, head = greatest(head, \${head}),\n`,
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
      from: '      if ((rows[0]?.digest ?? null) !== place.newest) {\n',
      to: '      if (!rows[0] && place.seq < 0) {\n',
    },
  ],
};

/** A repeat is answered by what another transaction has settled, before that is on disk. */
export const repeatBeforeDisk: Mutant = {
  name: 'a repeat answered before the order is on disk',
  edits: [
    {
      file: PLACE,
      from: '    return { commit: earlier.size > 0, value:',
      to: '    return { commit: false, value:',
    },
    {
      file: PLACE,
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
      file: PLACE,
      from: "      settled.set(key, { kind: 'refused', problem: verdict });\n      refusedKeys.push(key);\n      continue;\n",
      to: '      throw verdict;\n',
    },
  ],
};
