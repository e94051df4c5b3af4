/** What a process has measured of itself so far: the sums and counts of its histograms, by name. */
export type Histograms = Map<string, { sum: number; count: number }>;

/** Reads a process's `/metrics`; series of one name, whatever their labels, are added up. */
export async function readHistograms(url: string): Promise<Histograms> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const histograms: Histograms = new Map();
  for (const [, name, kind, labels, value] of text.matchAll(/^(\w+)_(sum|count)\{(.*)\} (\S+)$/gm)) {
    // Of requests, only the orders: probes and reads would spoil the mean.
    if (name === 'http_request_duration_seconds' && !labels!.includes('method="POST"')) continue;
    const one = histograms.get(name!) ?? { sum: 0, count: 0 };
    one[kind as 'sum' | 'count'] += Number(value);
    histograms.set(name!, one);
  }
  return histograms;
}

/** The mean of what was observed between two reads, in the histogram's unit; undefined when nothing was. */
export function meanBetween(before: Histograms, after: Histograms, name: string): number | undefined {
  const from = before.get(name) ?? { sum: 0, count: 0 };
  const to = after.get(name);
  return to && to.count > from.count ? (to.sum - from.sum) / (to.count - from.count) : undefined;
}
