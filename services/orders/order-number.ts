import { randomBytes } from 'node:crypto';
import { HttpProblem } from '../../shared/process/http-problem.ts';

/** Crockford's base 32: no I, L, O or U, so that a number read out over the telephone arrives. */
export const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** How many random bytes a number is made of. */
export const NUMBER_BYTES = 6;
export const ORDER_NUMBER = /^CMD-\d{8}-[0-9A-HJKMNP-TV-Z]{6}$/;

/** A number of another form is nobody's: no query is asked with it. @throws {HttpProblem} `not_found` */
export function knownNumber(text: string): string {
  if (!ORDER_NUMBER.test(text)) throw new HttpProblem(404, 'not_found');
  return text;
}

/**
 * `CMD-20251126-ABC123`: the day in the shop's zone and 30 random bits. Unique only because the table says so;
 * whoever inserts draws anew on a collision (1 % a day at about 4,600 orders).
 * @param day `2025-11-26`
 */
export function newOrderNumber(day: string, random: Uint8Array = randomBytes(NUMBER_BYTES)): string {
  let characters = '';
  for (const byte of random) characters += CROCKFORD[byte % CROCKFORD.length];
  return `CMD-${day.replaceAll('-', '')}-${characters}`;
}
