import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signSessionToken, verifySessionToken } from '../session-token.ts';
import { isShopperToken, newShopperToken, shopperKey } from '../shopper-token.ts';

const SECRET = 'a-secret-of-at-least-32-characters';
const OTHER = 'another-secret-of-32-characters-ok';
const HOUR_MS = 3_600_000;

/** Any text that differs from this one in one place. */
const tampered = (text: string) =>
  fc.tuple(fc.nat(text.length - 1), fc.constantFrom('A', 'b', '0', '_', '.')).map(([at, char]) => {
    return text.slice(0, at) + char + text.slice(at + 1);
  });

describe('a session token', () => {
  const expiresAtMs = Math.floor(Date.now() / 1000) * 1000 + HOUR_MS;
  const token = signSessionToken(SECRET, { sessionId: 'abcdefghijklmnopqrstuv', expiresAtMs });

  test('says who and until when, to whoever knows the secret', () => {
    expect(verifySessionToken(SECRET, token)).toEqual({ sessionId: 'abcdefghijklmnopqrstuv', expiresAtMs });
    expect(verifySessionToken(OTHER, token)).toBeUndefined();
  });

  test('ends when it says', () => {
    expect(verifySessionToken(SECRET, token, expiresAtMs - 1)).toBeDefined();
    expect(verifySessionToken(SECRET, token, expiresAtMs)).toBeUndefined();
  });

  test('is worth nothing with a single character changed', () => {
    fc.assert(
      fc.property(tampered(token), (text) => {
        // The last character of base64url carries two spare bits: another spelling of the same bytes is no forgery.
        fc.pre(text.slice(0, -1) !== token.slice(0, -1));
        expect(verifySessionToken(SECRET, text)).toBeUndefined();
      }),
    );
  });

  test('is not read out of anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(verifySessionToken(SECRET, text)).toBeUndefined();
      }),
    );
  });
});

describe("a shopper's token", () => {
  const token = newShopperToken(SECRET);

  test('is recognised by whoever knows the secret, and by nobody else', () => {
    expect(isShopperToken(SECRET, token)).toBe(true);
    expect(isShopperToken(OTHER, token)).toBe(false);
  });

  test('cannot be made up', () => {
    fc.assert(
      fc.property(fc.oneof(tampered(token), fc.base64String()), (text) => {
        expect(isShopperToken(SECRET, text)).toBe(text === token);
      }),
    );
  });

  test('is named by a key that does not open it', () => {
    expect(shopperKey(token)).toHaveLength(22);
    expect(shopperKey(token)).toBe(shopperKey(token));
    expect(isShopperToken(SECRET, shopperKey(token))).toBe(false);
    expect(shopperKey(newShopperToken(SECRET))).not.toBe(shopperKey(token));
  });
});
