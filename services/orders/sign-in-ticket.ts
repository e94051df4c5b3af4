import { createHmac, timingSafeEqual } from 'node:crypto';
import { TICKET_SECONDS } from '../../shared/contracts/session.ts';

/**
 * Says for five minutes that somebody knew an admin's password, so that the second step need not carry it:
 * `<admin id>.<expiry, Unix seconds in base 36>.<MAC>`. It opens nothing without a code. The MAC is over the hash of
 * the password too, so a new password ends it.
 */
const PATTERN = /^([1-9]\d{0,9})\.([0-9a-z]{6,8})\.([\w-]{43})$/;

interface Knower {
  id: number;
  password_hash: string;
}

export function signTicket(secret: string, admin: Knower, nowMs = Date.now()): string {
  const text = `${admin.id}.${(Math.floor(nowMs / 1000) + TICKET_SECONDS).toString(36)}`;
  return `${text}.${mac(secret, text, admin.password_hash).toString('base64url')}`;
}

/** The admin that a ticket speaks of, to be looked up; the rest is for `isTicketOf` to say. */
export function adminOfTicket(ticket: string): number | undefined {
  const id = PATTERN.exec(ticket)?.[1];
  return id === undefined ? undefined : Number(id);
}

export function isTicketOf(secret: string, admin: Knower, ticket: string, nowMs = Date.now()): boolean {
  const match = PATTERN.exec(ticket);
  if (!match) return false;
  const [, id, expiry, signature] = match as unknown as [string, string, string, string];
  const right = mac(secret, `${id}.${expiry}`, admin.password_hash);
  const isSigned = timingSafeEqual(Buffer.from(signature, 'base64url'), right);
  return isSigned && Number(id) === admin.id && Number.parseInt(expiry, 36) * 1000 > nowMs;
}

function mac(secret: string, text: string, passwordHash: string): Buffer {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['msp-second-step', text, passwordHash]))
    .digest();
}
