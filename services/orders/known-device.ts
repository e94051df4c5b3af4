import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DEVICE_SECONDS } from '../../shared/contracts/session.ts';

/**
 * Proof that somebody signed in to an account from this browser before: `<account>.<device>.<expiry>.<MAC>`. It opens
 * nothing; it only keeps the failures of others out of its holder's way, see throttle.ts. A browser may hold one for
 * each of a few accounts, joined by `~`, because small shops share a machine.
 */
const MAX_ACCOUNTS = 4;
const PATTERN = /^([\w-]{11})\.([\w-]{22})\.([0-9a-z]{6,8})\.([\w-]{43})$/;

/** The device's name when one of the proofs is for this account and still good. */
export function recogniseDevice(
  secret: string,
  account: string,
  proofs: string,
  nowMs = Date.now(),
): string | undefined {
  for (const proof of split(proofs)) {
    const [, name, device, expiry, signature] = PATTERN.exec(proof) as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (name !== nameOf(secret, account)) continue;
    const right = mac(secret, `device:${account}:${device}.${expiry}`);
    if (timingSafeEqual(Buffer.from(signature, 'base64url'), right) && Number.parseInt(expiry, 36) * 1000 > nowMs)
      return device;
  }
  return undefined;
}

/** What the browser holds after signing in: a new proof for this account, and those it had for others. */
export function rememberDevice(secret: string, account: string, proofs: string, nowMs = Date.now()): string {
  const text = `${randomBytes(16).toString('base64url')}.${(Math.floor(nowMs / 1000) + DEVICE_SECONDS).toString(36)}`;
  const name = nameOf(secret, account);
  const proof = `${name}.${text}.${mac(secret, `device:${account}:${text}`).toString('base64url')}`;
  const others = split(proofs).filter((other) => !other.startsWith(`${name}.`));
  return [proof, ...others].slice(0, MAX_ACCOUNTS).join('~');
}

const split = (proofs: string) => proofs.split('~', MAX_ACCOUNTS).filter((proof) => PATTERN.test(proof));

function nameOf(secret: string, account: string): string {
  return mac(secret, `device-account:${account}`).subarray(0, 8).toString('base64url');
}

function mac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`msp-${text}`).digest();
}
