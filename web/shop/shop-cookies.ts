import type { Context } from 'hono';
import { IdempotencyKey } from '../../shared/contracts/order.ts';
import { dropCookie, readCookie, writeCookie } from '../cookies.ts';
import type { WebEnv } from '../deps.ts';
import { type Cart, formatCart, parseCart } from './cart.ts';

/** The cart lives in a cookie alone, for half a year after the last change. */
const CART = 'msp_cart';
const CART_SECONDS = 180 * 24 * 3600;

export function readCart(c: Context<WebEnv>): Cart {
  return parseCart(readCookie(c, CART) ?? '') ?? new Map();
}

export function writeCart(c: Context<WebEnv>, cart: Cart): void {
  if (cart.size === 0) dropCookie(c, CART);
  else writeCookie(c, CART, formatCart(cart), CART_SECONDS);
}

/**
 * The key of the order that is being placed. Every form that is rendered before an order is known to have gone
 * through carries the same one: closed and opened again, in two tabs, after a lost answer, it is one order.
 */
const PENDING_KEY = 'msp_checkout';
const PENDING_SECONDS = 24 * 3600;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readPendingKey(c: Context<WebEnv>): string | undefined {
  const key = readCookie(c, PENDING_KEY);
  return key && isFormKey(key) ? key : undefined;
}

/** A fresh key, for an order that is to be another one. */
export function newPendingKey(c: Context<WebEnv>): string {
  const key = crypto.randomUUID();
  writeCookie(c, PENDING_KEY, key, PENDING_SECONDS);
  return key;
}

export function dropPendingKey(c: Context<WebEnv>): void {
  dropCookie(c, PENDING_KEY);
}

/** Keys in our forms are UUIDs that we made; anything else was never one of ours. */
export function isFormKey(text: string): boolean {
  return UUID.test(text) && IdempotencyKey.safeParse(text).success;
}

/** The last few orders of this browser: which key became which order's token. */
const RECENT = 'msp_orders';
const RECENT_SECONDS = 30 * 24 * 3600;
const MAX_RECENT = 5;

export interface RecentOrder {
  key: string;
  token: string;
}

/** Newest first. */
export function recentOrders(c: Context<WebEnv>): RecentOrder[] {
  return (readCookie(c, RECENT) ?? '').split('.').flatMap((entry) => {
    const [key = '', token = ''] = entry.split('~');
    return isFormKey(key) && isToken(token) ? [{ key, token }] : [];
  });
}

export function rememberOrder(c: Context<WebEnv>, order: RecentOrder): void {
  const others = recentOrders(c).filter((other) => other.key !== order.key);
  const entries = [order, ...others].slice(0, MAX_RECENT);
  writeCookie(c, RECENT, entries.map(({ key, token }) => `${key}~${token}`).join('.'), RECENT_SECONDS);
}

/** The form of a shopper's token; whether it opens anything is for the orders service to say. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(text);
}
