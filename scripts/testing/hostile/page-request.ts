import { randomUUID } from 'node:crypto';
import type { Target } from './hostile-case.ts';
import type { WireRequest } from './wire.ts';

export type Header = readonly [name: string, value: string];

/** What page cases need to know beside the rest. */
export interface PageTarget extends Target {
  /** `http://host:port` of the pages, which every form has to come from. */
  origin: string;
  /** Of the product with id 1. */
  priceCents: number;
}

export const PAGE: Header = ['Accept', 'text/html'];
const FORM: Header = ['Content-Type', 'application/x-www-form-urlencoded'];

/** A form as a browser posts it. */
export function posting(origin: string, target: string, body: string | Uint8Array, headers: readonly Header[] = []) {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const usual = [PAGE, FORM, ['Origin', origin] as const].filter(([name]) => !given.has(name.toLowerCase()));
  return { method: 'POST', target, headers: [...usual, ...headers], body } satisfies WireRequest;
}

/** A form with a file as a browser posts it: what `file` names is sent as one. */
export async function uploading(
  origin: string,
  target: string,
  fields: Record<string, string>,
  file: { name: string; bytes: Uint8Array<ArrayBuffer> },
  headers: readonly Header[] = [],
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.set(file.name, new Blob([file.bytes]), 'file');
  const written = new Response(form);
  const type: Header = ['Content-Type', written.headers.get('content-type') ?? ''];
  const body = new Uint8Array(await written.arrayBuffer());
  return posting(
    origin,
    target,
    body,
    headers.some(([name]) => name === 'Content-Type') ? headers : [type, ...headers],
  );
}

/** The form of `/checkout`, for one unit of product 1. */
export function checkingOut({ origin, priceCents }: PageTarget, fields: Record<string, string>): WireRequest {
  const usual = { key: randomUUID(), lines: `1x1at${priceCents}`, name: 'Zoé Lambert', email: 'zoe@exemple.fr' };
  return posting(origin, '/checkout', new URLSearchParams({ ...usual, ...fields }).toString());
}
