import { randomUUID } from 'node:crypto';
import type { WireRequest } from './wire.ts';

/** What must come: a status; or `silence`, a connection closed without an answer. */
export type Outcome = number | 'silence';

/** One line of a table: what somebody hostile sends, and what must come of it. */
export interface HostileCase {
  name: string;
  request: WireRequest;
  /** More than one only where the platform's own parser decides, and either is a refusal. */
  must: Outcome | readonly Outcome[];
}

/** What cases need to know of the running shop that they are sent to. */
export interface Target {
  /** An admin's session. */
  session: string;
  serviceToken: string;
  /** An order that nobody has treated yet. */
  order: { number: string; token: string };
  /** Where the log stands. */
  cursor: { epoch: string; seq: number };
}

export const PRODUCT = 1;

/** An order that would be accepted, for cases that spoil one thing about it. */
export const goodOrder = (changes: object = {}): object => ({
  name: 'Zoé Lambert',
  email: 'zoe@exemple.fr',
  lines: [{ productId: PRODUCT, quantity: 1 }],
  ...changes,
});

type Header = readonly [name: string, value: string];

/** `POST /orders` with a body as it stands, and a key of its own unless the headers bring one. */
export function placing(body: string | Uint8Array, headers: readonly Header[] = []): WireRequest {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const usual: Header[] = [
    ['Content-Type', 'application/json'],
    ['Idempotency-Key', randomUUID()],
  ];
  return {
    method: 'POST',
    target: '/orders',
    headers: [...usual.filter(([name]) => !given.has(name.toLowerCase())), ...headers],
    body,
  };
}

export const placingOrder = (changes: object, headers: readonly Header[] = []): WireRequest =>
  placing(JSON.stringify(goodOrder(changes)), headers);

/** The JSON of a good order with one piece of it replaced as text, for what JSON.stringify would not write. */
export function placingText(piece: string, instead: string): WireRequest {
  const text = JSON.stringify(goodOrder());
  if (!text.includes(piece)) throw new Error(`a good order does not hold ${piece}`);
  return placing(text.replace(piece, () => instead));
}

/** A request of the admin's. */
export function asAdmin({ session }: Target, request: WireRequest): WireRequest {
  return { ...request, headers: [['Authorization', `Bearer ${session}`], ...(request.headers ?? [])] };
}
