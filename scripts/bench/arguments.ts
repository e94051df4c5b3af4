import { parseArgs } from 'node:util';

const PARTS = ['fan-out', 'intake', 'screen', 'pages', 'desk', 'growth'] as const;
export type PartName = (typeof PARTS)[number];

/** How much of a run there is to be; `smoke` is as little as shows that it works, for tests. */
export type Extent = 'full' | 'quick' | 'smoke';

export interface BenchArguments {
  /** In the order of `PARTS`. */
  parts: PartName[];
  /** How often everything is measured; the rivals take turns within each round. */
  rounds: number;
  extent: Extent;
  /** Whether docs/ gets the figures. */
  write: boolean;
}

const ROUNDS = { full: 5, quick: 1, smoke: 1 } as const;
const MAX_ROUNDS = 50;

/** @throws an Error for people, when something is asked that there is not */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. There are ${PARTS.join(', ')}.`);
  const extent = values.smoke ? 'smoke' : values.quick ? 'quick' : 'full';
  const rounds = values.rounds === undefined ? ROUNDS[extent] : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ROUNDS)
    throw new Error(`--rounds takes 1 to ${MAX_ROUNDS}.`);
  return {
    parts: PARTS.filter((name) => positionals.length === 0 || positionals.includes(name)),
    rounds,
    extent,
    write: values.write,
  };
}
