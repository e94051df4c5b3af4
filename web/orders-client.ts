import { z } from 'zod';
import {
  Account,
  OwnSessions,
  type PasswordAndCode,
  type PasswordChange,
  RecoveryCodes,
  TotpEnrolment,
} from '../shared/contracts/account.ts';
import {
  Admin,
  type AdminChange,
  AdminList,
  FoundInvitation,
  type InvitationAcceptance,
  type InvitationInput,
  MadeInvitation,
} from '../shared/contracts/admin.ts';
import { AuditPage, OrderChangePage } from '../shared/contracts/audit.ts';
import { RenewedClaims } from '../shared/contracts/claim.ts';
import { CustomerErasure, CustomerExport, CustomerSummary } from '../shared/contracts/customer.ts';
import { EventPage } from '../shared/contracts/event.ts';
import type { ExportInput } from '../shared/contracts/export.ts';
import {
  AdminOrder,
  OrderDetail,
  OrderList,
  PlacedOrder,
  type PlaceOrderInput,
  ShopperOrder,
} from '../shared/contracts/order.ts';
import { Problem } from '../shared/contracts/problem.ts';
import {
  AdminProduct,
  AdminProductList,
  type ChangeProductInput,
  type CreateProductInput,
  ProductList,
} from '../shared/contracts/product.ts';
import { type SavedViewInput, SavedViewList } from '../shared/contracts/saved-view.ts';
import { type Credentials, CurrentSession, OpenedSession, type SecondStep } from '../shared/contracts/session.ts';
import { type FindOrderInput, FoundOrder } from '../shared/contracts/shopper-order.ts';
import { type Period, Stats } from '../shared/contracts/stats.ts';
import type { Status } from '../shared/contracts/status.ts';
import { TrialOrder } from '../shared/contracts/trial-order.ts';
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

    /** @returns undefined when there is no such picture */
    picture: async (hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
      const answer = await ask(`${base}/pictures/${hash}`, z.instanceof(Uint8Array), { ...read, as: 'bytes' });
      return answer.ok ? (answer.data as Uint8Array<ArrayBuffer>) : undefined;
    },

    allProducts: (session: string) => ask(`${base}/catalogue`, AdminProductList, { ...read, ...bearer(session) }),

    productById: (session: string, id: number) =>
      ask(`${base}/products/${id}`, AdminProduct, { ...read, ...bearer(session) }),

    /** Safe to repeat: a second product of the same name is refused. */
    createProduct: (session: string, product: CreateProductInput) =>
      ask(`${base}/products`, AdminProduct, {
        method: 'POST',
        json: product,
        deadlineMs: CHANGE_DEADLINE_MS,
        ...bearer(session),
      }),

    /** Safe to repeat, but made once: a change of stock whose answer was lost is for a person to look at. */
    changeProduct: (session: string, id: number, change: ChangeProductInput) =>
      ask(`${base}/products/${id}`, AdminProduct, {
        method: 'PATCH',
        json: change,
        deadlineMs: CHANGE_DEADLINE_MS,
        ...bearer(session),
      }),

    /** @param picture as it was uploaded; null takes the product's picture away */
    setPicture: (session: string, id: number, version: number, picture: Uint8Array<ArrayBuffer> | null) =>
      ask(`${base}/products/${id}/picture?version=${version}`, AdminProduct, {
        ...(picture ? { method: 'PUT', bytes: picture } : { method: 'DELETE' }),
        deadlineMs: CHANGE_DEADLINE_MS,
        ...bearer(session),
      }),

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

    /** Safe to repeat: a cancellation that did go through is answered as it was the first time. */
    cancelOrder: (token: string, version: number) =>
      ask(`${base}/orders/by-token/${encodeURIComponent(token)}/cancel`, z.unknown(), {
        method: 'POST',
        json: { version },
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 3,
      }),

    /** @param address of whoever asks: failures are counted by it */
    findOrder: (wanted: z.infer<typeof FindOrderInput>, address: string) =>
      ask(`${base}/find-order`, FoundOrder, {
        method: 'POST',
        headers: { 'X-Forwarded-For': address },
        json: wanted,
        deadlineMs: READ_DEADLINE_MS,
      }),

    openSession: (credentials: z.infer<typeof Credentials>, who: Visitor) =>
      ask(`${base}/sessions`, OpenedSession, { ...postAs(who), json: credentials }),

    takeSecondStep: (step: z.infer<typeof SecondStep>, who: Visitor) =>
      ask(`${base}/sessions/second-step`, OpenedSession, { ...postAs(who), json: step }),

    currentSession: (session: string) =>
      ask(`${base}/sessions/current`, CurrentSession, { ...read, ...bearer(session) }),

    closeSession: (session: string) =>
      ask(`${base}/sessions/current`, z.unknown(), { method: 'DELETE', ...bearer(session), ...read }),

    listOrders: (session: string, query: Query) =>
      ask(`${base}/orders${search(query)}`, OrderList, { ...read, ...bearer(session) }),

    /** Writes down that orders are about to be exported. Safe to repeat: each export that may have begun is told. */
    beginExport: (session: string, what: ExportInput) =>
      ask(`${base}/exports`, z.unknown(), { method: 'POST', json: what, ...change(session) }),

    savedViews: (session: string) => ask(`${base}/views`, SavedViewList, { ...read, ...bearer(session) }),

    /** Safe to repeat: a name has one view. */
    saveView: (session: string, view: SavedViewInput) =>
      ask(`${base}/views`, SavedViewList, {
        method: 'POST',
        json: view,
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 3,
        ...bearer(session),
      }),

    forgetView: (session: string, id: number) =>
      ask(`${base}/views/${id}`, z.unknown(), {
        method: 'DELETE',
        deadlineMs: CHANGE_DEADLINE_MS,
        attempts: 3,
        ...bearer(session),
      }),

    orderByNumber: (session: string, number: string) =>
      ask(`${base}/orders/${encodeURIComponent(number)}`, OrderDetail, { ...read, ...bearer(session) }),

    /** Safe to repeat: a change that did go through is answered to the same admin as it was the first time. */
    changeStatus: (session: string, number: string, wish: { status: Status; version: number }) =>
      ask(`${base}/orders/${encodeURIComponent(number)}`, AdminOrder, {
        method: 'PATCH',
        json: wish,
        ...change(session),
      }),

    /** Safe to repeat, as all that follows until the events. */
    claimOrder: (session: string, number: string, takeOver: boolean) =>
      ask(`${base}/orders/${encodeURIComponent(number)}/claim`, AdminOrder, {
        method: 'PUT',
        json: { takeOver },
        ...change(session),
      }),

    releaseClaim: (session: string, number: string) =>
      ask(`${base}/orders/${encodeURIComponent(number)}/claim`, AdminOrder, { method: 'DELETE', ...change(session) }),

    renewClaims: (session: string, numbers: readonly string[]) =>
      ask(`${base}/claims/renew`, RenewedClaims, { method: 'POST', json: { numbers }, ...change(session) }),

    undoChange: (session: string, number: string, version: number) =>
      ask(`${base}/orders/${encodeURIComponent(number)}/undo`, AdminOrder, {
        method: 'POST',
        json: { version },
        ...change(session),
      }),

    /** @param note.id drawn when the form was made, so that a note is written once */
    noteOrder: (session: string, number: string, note: { id: string; text: string }) =>
      ask(`${base}/orders/${encodeURIComponent(number)}/notes`, AdminOrder, {
        method: 'POST',
        json: note,
        ...change(session),
      }),

    /** Made once: each is a trial of its own. */
    tryOrder: (session: string) => ask(`${base}/trial-orders`, TrialOrder, post(session)),

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

    account: (session: string) => ask(`${base}/account`, Account, { ...read, ...bearer(session) }),

    ownSessions: (session: string) => ask(`${base}/account/sessions`, OwnSessions, { ...read, ...bearer(session) }),

    /** @param id one of one's own; all others without it. Safe to repeat. */
    endSessions: (session: string, id?: string) =>
      ask(`${base}/account/sessions${id === undefined ? '' : `/${encodeURIComponent(id)}`}`, z.unknown(), {
        ...read,
        method: 'DELETE',
        ...bearer(session),
      }),

    changePassword: (session: string, change: z.infer<typeof PasswordChange>) =>
      ask(`${base}/account/password`, z.unknown(), post(session, change)),

    beginTotp: (session: string, password: string) =>
      ask(`${base}/account/totp`, TotpEnrolment, post(session, { password })),

    confirmTotp: (session: string, code: string) =>
      ask(`${base}/account/totp/confirm`, RecoveryCodes, post(session, { code })),

    disableTotp: (session: string, proof: z.infer<typeof PasswordAndCode>) =>
      ask(`${base}/account/totp/disable`, z.unknown(), post(session, proof)),

    renewRecoveryCodes: (session: string, proof: z.infer<typeof PasswordAndCode>) =>
      ask(`${base}/account/recovery-codes`, RecoveryCodes, post(session, proof)),

    admins: (session: string) => ask(`${base}/admins`, AdminList, { ...read, ...bearer(session) }),

    changeAdmin: (session: string, id: string, change: z.infer<typeof AdminChange>) =>
      ask(`${base}/admins/${encodeURIComponent(id)}`, Admin, {
        ...post(session, change),
        method: 'PATCH',
        attempts: 3,
      }),

    makeAccessLink: (session: string, id: string) =>
      ask(`${base}/admins/${encodeURIComponent(id)}/access-link`, MadeInvitation, post(session)),

    invite: (session: string, input: z.infer<typeof InvitationInput>) =>
      ask(`${base}/invitations`, MadeInvitation, post(session, input)),

    withdrawInvitation: (session: string, id: string) =>
      ask(`${base}/invitations/by-id/${encodeURIComponent(id)}`, z.unknown(), {
        ...read,
        method: 'DELETE',
        ...bearer(session),
      }),

    findInvitation: (invitation: string) =>
      ask(`${base}/invitations/find`, FoundInvitation, { ...read, method: 'POST', json: { invitation } }),

    acceptInvitation: (acceptance: z.infer<typeof InvitationAcceptance>, who: Visitor) =>
      ask(`${base}/invitations/accept`, z.unknown(), { ...postAs(who), json: acceptance }),

    audit: (session: string, query: { before?: string | undefined }) =>
      ask(`${base}/audit${search(query)}`, AuditPage, { ...read, ...bearer(session) }),

    orderChanges: (session: string, query: { before?: string | undefined }) =>
      ask(`${base}/audit/orders${search(query)}`, OrderChangePage, { ...read, ...bearer(session) }),

    stats: (session: string, period: Period) =>
      ask(`${base}/stats${search({ period })}`, Stats, { ...read, ...bearer(session) }),

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

/** Whoever signs in: failures are counted by address, and sessions known again by browser. */
interface Visitor {
  address: string;
  userAgent: string | undefined;
}

function postAs({ address, userAgent }: Visitor) {
  const headers = { 'X-Forwarded-For': address, 'User-Agent': userAgent ?? '' };
  return { method: 'POST', headers, deadlineMs: SIGN_IN_DEADLINE_MS };
}

/** Made once: what asks for a password or a code counts each try. */
function post(session: string, json?: unknown) {
  return { method: 'POST', json, deadlineMs: CHANGE_DEADLINE_MS, ...bearer(session) };
}

/** Of what is safe to repeat. */
function change(session: string) {
  return { deadlineMs: CHANGE_DEADLINE_MS, attempts: 3, ...bearer(session) };
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
    const seconds = Number(result.headers['retry-after'] ?? Number.NaN);
    return { ok: false, problem: problem.data, ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}) };
  }
  throw unavailable(new Error(`answered ${result.status}`));
}

function unavailable(cause: unknown): HttpProblem {
  return new HttpProblem(503, 'unavailable', { cause, retryAfterSeconds: 5 });
}
