import { isIP } from 'node:net';
import { subscriberOf } from '../../shared/process/client-address.ts';

/** What is remembered of where a session was opened. */
export interface WhereFrom {
  device: string | null;
  network: string | null;
}

/** The first that fits counts: browsers call themselves by the names of others, too. */
const BROWSERS: [mark: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [mark: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * Enough for somebody to know a session of theirs again, and no more: families of browser and system without their
 * versions, and the network without who in it.
 * @param userAgent whatever the header said
 * @param address of whoever asked, in its canonical form
 */
export function whereFrom(userAgent: string | undefined, address: string): WhereFrom {
  const named = (list: typeof BROWSERS) => list.find(([mark]) => mark.test(userAgent ?? ''))?.[1];
  const device = [named(BROWSERS), named(SYSTEMS)].filter((name) => name !== undefined).join(', ');
  return { device: device || null, network: coarse(address) };
}

/** A /24 of IPv4 or a /48 of IPv6: what is left when the part that tells one customer of a provider from another goes. */
function coarse(address: string): string | null {
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(address) === 6) return `${subscriberOf(address).split(':').slice(0, 3).join(':')}::/48`;
  return null;
}
