import { dayOf } from '../../shared/contracts/shop-day.ts';

export { dayOf };

const HOUR_MS = 3_600_000;

/** A day so many calendar days later (or earlier). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/**
 * The first instant of a day in a time zone. Searched for, not reckoned: days have 23 to 25 hours, and in some
 * zones midnight itself is skipped. Zones reach from 12 hours behind UTC to 14 ahead.
 */
export function startOfDay(day: string, timeZone: string): Date {
  const utcMidnight = Date.parse(`${day}T00:00:00Z`);
  let before = utcMidnight - 15 * HOUR_MS;
  let within = utcMidnight + 13 * HOUR_MS;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (dayOf(new Date(middle), timeZone) < day) before = middle;
    else within = middle;
  }
  return new Date(within);
}
