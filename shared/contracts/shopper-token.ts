import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How many random bytes a token is made of. */
export const TOKEN_BYTES = 16;

/**
 * The token in a shopper's link: 16 random bytes and the first 8 bytes of their MAC, 32 characters of base64url.
 *
 * The 128 random bits are what opens the page. The MAC lets a notifier turn away made-up tokens
 * without asking anybody; the orders service looks the whole token up and does not depend on it.
 */
export function newShopperToken(secret: string, random: Buffer = randomBytes(TOKEN_BYTES)): string {
  return Buffer.concat([random, mac(secret, random)]).toString('base64url');
}

export function isShopperToken(secret: string, text: string): boolean {
  if (!/^[A-Za-z0-9_-]{32}$/.test(text)) return false;
  const bytes = Buffer.from(text, 'base64url');
  return timingSafeEqual(bytes.subarray(16), mac(secret, bytes.subarray(0, 16)));
}

/** Names a shopper's page in events without opening it: the first 16 bytes of the token's SHA-256, base64url. */
export function shopperKey(token: string): string {
  return hash('sha256', token, 'buffer').subarray(0, 16).toString('base64url');
}

function mac(secret: string, random: Buffer): Buffer {
  return createHmac('sha256', secret).update('msp-shopper:').update(random).digest().subarray(0, 8);
}
