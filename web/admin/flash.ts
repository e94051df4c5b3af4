import type { Context } from 'hono';
import { dropCookie, readCookie, writeCookie } from '../cookies.ts';
import type { WebEnv } from '../deps.ts';

const FLASH_COOKIE = 'msp_flash';
const FLASH_SECONDS = 60;

/** Leaves a sentence for the page that the browser is sent to next; only without JavaScript is it needed. */
export function leaveFlash(c: Context<WebEnv>, text: string): void {
  writeCookie(c, FLASH_COOKIE, text, FLASH_SECONDS);
}

/** The sentence left by the request before, once. */
export function takeFlash(c: Context<WebEnv>): string | undefined {
  const text = readCookie(c, FLASH_COOKIE);
  if (text === undefined) return undefined;
  dropCookie(c, FLASH_COOKIE);
  return text.slice(0, 500);
}
