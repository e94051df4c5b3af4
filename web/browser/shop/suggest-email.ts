/** Where most people of this shop have their mailbox, by how many do. */
const DOMAINS = [
  ...['gmail.com', 'hotmail.fr', 'orange.fr', 'wanadoo.fr', 'yahoo.fr', 'outlook.fr', 'hotmail.com', 'laposte.net'],
  ...['icloud.com', 'outlook.com', 'live.fr', 'yahoo.com', 'free.fr', 'sfr.fr', 'neuf.fr', 'bbox.fr', 'gmx.fr'],
  ...['numericable.fr', 'club-internet.fr', 'aliceadsl.fr', 'proton.me', 'protonmail.com', 'live.com', 'msn.com'],
  ...['googlemail.com', 'hotmail.co.uk', 'yahoo.co.uk', 'hotmail.be', 'skynet.be', 'bluewin.ch', 'me.com', 'aol.com'],
];
/** The same names in other countries, and other names: right as they are, however near to one of the above. */
const ELSEWHERE =
  /^(?:(?:hotmail|outlook|live|yahoo|gmx|orange|msn)\.(?:at|be|ca|ch|com|de|dk|es|fi|ie|it|lu|net|nl|no|pl|pt|ro|se)|y?mail\.com|email\.com|mail\.fr)$/;
/** Two slips are one too many for a name so short: it would be somebody else's. */
const SHORT_CHARS = 9;

/**
 * The address that was probably meant, for a domain that is nearly one of the best known; undefined for all others.
 * It can only ever be a suggestion: `gmial.com` may be somebody's own.
 */
export function suggestEmail(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1).toLowerCase();
  if (at < 1 || DOMAINS.includes(domain) || ELSEWHERE.test(domain)) return undefined;
  // There is only one.
  if (domain.startsWith('gmail.')) return `${address.slice(0, at)}@gmail.com`;
  const [nearest] = DOMAINS.map((known) => ({ known, slips: slipsBetween(domain, known) }))
    .filter(({ known, slips }) => slips <= (known.length < SHORT_CHARS ? 1 : 2))
    .sort((a, b) => a.slips - b.slips);
  return nearest && `${address.slice(0, at)}@${nearest.known}`;
}

/** Letters left out, put in, mistaken or swapped with their neighbour (the optimal string alignment distance). */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
