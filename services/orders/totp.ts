import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { TotpEnrolment } from '../../shared/contracts/account.ts';

/** What every app understands (RFC 6238's own values); others are often ignored by them. */
const FORM = { issuer: 'MSP', algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** 160 bits, as RFC 4226 advises. */
const SECRET_BYTES = 20;
/** Steps to either side that are taken: clocks of phones differ, and people type slowly (RFC 6238 section 5.2). */
const WINDOW = 1;

/**
 * A new secret of an admin, sealed for the database and open for their app.
 * @param account what the app calls it
 */
export function newTotp(secret: string, adminId: number, account: string): { sealed: string; told: TotpEnrolment } {
  const bytes = randomBytes(SECRET_BYTES);
  const totp = new TOTP({ ...FORM, label: account, secret: asSecret(bytes) });
  return { sealed: seal(secret, adminId, bytes), told: { secret: totp.secret.base32, uri: totp.toString() } };
}

/**
 * The time step that a code belongs to, in steps of 30 s since 1970; undefined when it is wrong, or when what is
 * sealed cannot be opened because SESSION_SECRET is another one by now. Whether the step was used before, the caller
 * has to know.
 */
export function stepOfCode(
  secret: string,
  adminId: number,
  sealed: string,
  code: string,
  nowMs = Date.now(),
): number | undefined {
  const bytes = unseal(secret, adminId, sealed);
  if (!bytes) return undefined;
  const delta = new TOTP({ ...FORM, secret: asSecret(bytes) }).validate({
    token: code,
    timestamp: nowMs,
    window: WINDOW,
  });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / FORM.period) + delta;
}

/** AES-256-GCM under a key of its own; bound to the admin, so that no row can be given another's secret. */
function seal(secret: string, adminId: number, bytes: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(ownerOf(adminId));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function unseal(secret: string, adminId: number, sealed: string): Buffer | undefined {
  const all = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), all.subarray(0, 12), { authTagLength: 16 })
    .setAAD(ownerOf(adminId))
    .setAuthTag(all.subarray(-16));
  try {
    return Buffer.concat([decipher.update(all.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'msp-totp', 32));
const ownerOf = (adminId: number) => Buffer.from(`msp-admin:${adminId}`);
const asSecret = (bytes: Buffer) => new Secret({ buffer: Uint8Array.from(bytes).buffer });
