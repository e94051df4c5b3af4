import { median, ratio } from './statistics.ts';

/** Who was measured; the first is ours. */
export const MSP = 'MSP';

export interface Figure {
  /** What it is a figure of, such as «1,000 subscribers, steady». */
  at: string;
  what: string;
  unit: string;
  /** Each contender's samples, one a round; ours first. */
  samples: Record<string, number[]>;
}

/** What a table, a file or a chart shows of a figure. */
export interface Summary {
  at: string;
  what: string;
  unit: string;
  contenders: {
    name: string;
    median: number;
    /** Lowest and highest sample. */
    low: number;
    high: number;
    /** Ours divided by theirs; undefined for ours, and when they were not measured in the same rounds. */
    ratio: number | undefined;
  }[];
}

/** The figures of one part, in the order in which they were first measured. */
export class Figures {
  readonly #figures = new Map<string, Figure>();

  /** @param known of an earlier run */
  constructor(known: readonly Figure[] = []) {
    for (const figure of known) this.#figures.set(keyOf(figure), figure);
  }

  /** Adds one round's sample; at most one a round, contender and figure. */
  add(at: string, what: string, unit: string, contender: string, sample: number): void {
    const key = keyOf({ at, what, unit });
    let figure = this.#figures.get(key);
    if (!figure) {
      figure = { at, what, unit, samples: {} };
      this.#figures.set(key, figure);
    }
    figure.samples[contender] ??= [];
    figure.samples[contender].push(sample);
  }

  get all(): readonly Figure[] {
    return [...this.#figures.values()];
  }

  summaries(): Summary[] {
    return this.all.map(({ at, what, unit, samples }) => ({
      at,
      what,
      unit,
      contenders: Object.entries(samples)
        .toSorted(([a], [b]) => Number(b === MSP) - Number(a === MSP))
        .map(([name, values]) => ({
          name,
          median: median(values),
          low: Math.min(...values),
          high: Math.max(...values),
          ratio: name === MSP ? undefined : ratio(samples[MSP] ?? [], values),
        })),
    }));
  }
}

function keyOf({ at, what, unit }: Pick<Figure, 'at' | 'what' | 'unit'>): string {
  return `${at}|${what}|${unit}`;
}
