import { z } from 'zod';
import { CustomerErasure, CustomerExport, CustomerSummary } from '../shared/contracts/customer.ts';
import { EventPage } from '../shared/contracts/event.ts';
import {
  AdminOrder,
  OrderDetail,
  OrderList,
  PlacedOrder,
  type PlaceOrderInput,
  ProductList,
  ShopperOrder,
  Stats,
} from '../shared/contracts/order.ts';
import { Problem } from '../shared/contracts/problem.ts';
import { type Credentials, CurrentSession, OpenedSession } from '../shared/contracts/session.ts';
import type { Status } from '../shared/contracts/status.ts';
import { type CallOptions, call, NoAnswer } from '../shared/process/http-client.ts';
import { HttpProblem } from '../shared/process/http-problem.ts';

/** What the orders service said: what was asked for, or why not. */
export type Answer<Data> =
  | { ok: true; data: Data }
  | {
      ok: false;
      problem: Problem;
      /** When trying again makes sense, if it does at all. */
      retryAfterSeconds?: number;
    };

/** How long a page waits for a read; a person waits no longer either. */
const READ_DEADLINE_MS = 5_000;
/** Argon2 is slow on purpose, and slower when many sign in at once. */
const SIGN_IN_DEADLINE_MS = 8_000;
/** Less than a page may take in all, so that the shopper gets the form back, with its key. */
const PLACE_DEADLINE_MS = 8_000;
const CHANGE_DEADLINE_MS = 8_000;

/**
 * The orders service's API, typed by the contracts.
 *
 * Refusals (4xx) are answers. When there is none, or one that nobody can use, it throws `HttpProblem` 503
 * `unavailable`; then it is unknown whether a change was made.
 *
 * @param baseUrl where the orders service is, without a path
 */
export function ordersClient(baseUrl: string) {
  const base = baseUrl.replace(/\/+$/, '');
  const read = { deadlineMs: READ_DEADLINE_MS, attempts: 2 };

  return {
    products: () => ask(`${base}/products`, ProductList, read),

    /**
     * Repeated with the same key until it is answered or 8 s are over: the key makes that safe.
     * @param key the form's own, so that a repeat by the shopper is the same order too
     */
    placeOrder: (key: string, input: PlaceOrderInput) =>
      ask(`${base}/orders`, PlacedOrder, {
        method: 'POST',
        headers: { 'Idempotency-Key': key },
        json: input,
        deadlineMs: PLACE_DEADLINE_MS,
        attempts: 5,
        attemptMs: 4_000,
      }),

    orderByToken: (token: string) => ask(`${base}/orders/by-token/${encodeURIComponent(token)}`, ShopperOrder, read),

    /** @param address of whoever signs in: failures are counted by it */
    openSession: (credentials: z.infer<typeof Credentials>, address: string) =>
      ask(`${base}/sessions`, OpenedSession, {
        method: 'POST',
        headers: { 'X-Forwarded-For': address },
        json: credentials,
        deadlineMs: SIGN_IN_DEADLINE_MS,
      }),

    currentSession: (session: string) =>
      ask(`${base}/sessions/current`, CurrentSession, { ...read, ...bearer(session) }),

    closeSession: (session: string) =>
      ask(`${base}/sessions/current`, z.unknown(), { method: 'DELETE', ...bearer(session), ...read }),

    listOrders: (session: string, query: Query) =>
      ask(`${base}/orders${search(query)}`, OrderList, { ...read, ...bearer(session) }),

    orderByNumber: (session: string, number: string) =>
      ask(`${base}/orders/${encodeURIComponent(number)}`, OrderDetail, { ...read, ...bearer(session) }),

    /** Safe to repeat: a change that did go through is answered to the same admin as it was the first time. */
    changeStatus: (session: string, number: string, change: { status: Status; version: number }) =>
      ask(`${base}/orders/${encodeURIComponent(number)}`, AdminOrder, {
        method: 'PATCH',
        json: change,
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 3,
        ...bearer(session),
      }),

    events: (session: string, query: { after?: string; limit?: number }) =>
      ask(`${base}/events${search(query)}`, EventPage, { ...read, ...bearer(session) }),

    findCustomer: (session: string, email: string) =>
      ask(`${base}/customers/find`, CustomerSummary, { ...postEmail(session, email), ...read }),

    exportCustomer: (session: string, email: string) =>
      ask(`${base}/customers/export`, CustomerExport, {
        ...postEmail(session, email),
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 2,
      }),

    /** Safe to repeat: what is erased is no longer found. */
    eraseCustomer: (session: string, email: string) =>
      ask(`${base}/customers/erase`, CustomerErasure, {
        ...postEmail(session, email),
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 3,
      }),

    stats: (session: string) => ask(`${base}/stats`, Stats, { ...read, ...bearer(session) }),

    /** Null when the service can do its work, else why not. */
    readiness: async (): Promise<string | null> => {
      const result = await call(`${base}/readyz`, { deadlineMs: 1_500 });
      return result.status === 200 ? null : 'not ready';
    },
  };
}

export type OrdersClient = ReturnType<typeof ordersClient>;

type Query = Record<string, string | number | undefined>;

function search(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size ? `?${given}` : '';
}

function bearer(session: string): { headers: Record<string, string> } {
  return { headers: { Authorization: `Bearer ${session}` } };
}

function postEmail(session: string, email: string) {
  return { method: 'POST', json: { email }, ...bearer(session) };
}

async function ask<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  options: CallOptions,
): Promise<Answer<z.infer<Schema>>> {
  const result = await call(url, options).catch((error: unknown) => {
    throw error instanceof NoAnswer ? unavailable(error) : error;
  });
  if (result.status >= 200 && result.status < 300) {
    const data = schema.safeParse(result.body);
    if (data.success) return { ok: true, data: data.data };
    throw unavailable(new Error('an answer that does not keep the contract', { cause: data.error }));
  }
  const problem = Problem.safeParse(result.body);
  if (result.status < 500 && problem.success) {
    const seconds = Number(result.headers.get('retry-after') ?? Number.NaN);
    return { ok: false, problem: problem.data, ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}) };
  }
  throw unavailable(new Error(`answered ${result.status}`));
}

function unavailable(cause: unknown): HttpProblem {
  return new HttpProblem(503, 'unavailable', { cause, retryAfterSeconds: 5 });
}
