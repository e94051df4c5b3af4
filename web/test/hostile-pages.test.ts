import { beforeAll, describe, expect, test } from 'vitest';
import { complaintsAbout, errorsIn, type Face, serverErrors } from '../../scripts/testing/hostile/complaints.ts';
import { formCases } from '../../scripts/testing/hostile/form-cases.ts';
import { pageCases } from '../../scripts/testing/hostile/page-cases.ts';
import { checkingOut, type PageTarget, posting } from '../../scripts/testing/hostile/page-request.ts';
import { readState } from '../../scripts/testing/hostile/read-state.ts';
import { HOSTILE_TEXTS, typedInto } from '../../scripts/testing/hostile/text-cases.ts';
import { send, type WireAnswer } from '../../scripts/testing/hostile/wire.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { parseCursor } from '../../shared/contracts/cursor.ts';
import { placeOrder } from './desk-window.ts';

let system: TestSystem;
let target: PageTarget;
let face: Face;

beforeAll(async () => {
  system = await startSystem();
  const session = await system.signIn();
  const order = await placeOrder(system);
  const ask = async (path: string) =>
    (await fetch(system.ordersUrls[0] + path, { headers: { Authorization: `Bearer ${session}` } })).json();
  const { cursor } = (await ask('/orders')) as { cursor: string };
  const { products } = (await ask('/products')) as { products: { id: number; priceCents: number }[] };
  target = {
    session,
    serviceToken: system.serviceToken,
    order,
    cursor: parseCursor(cursor)!,
    origin: system.webUrl,
    priceCents: products.find(({ id }) => id === 1)!.priceCents,
  };
  face = { url: system.webUrl, state: () => readState(system.db), judge: wrongWithPage };
});

/** What hostile texts and addresses would leave in a page that did not escape them. */
const UNHARMED =
  /<script(?! type="module" src="\/static\/)|<img src=x|<svg\/onload|<b hx-|<form hx-post="\/admin\/logout|window\.hostile=1"|=javascript:/i;

function wrongWithPage({ status, headers, body }: WireAnswer): string[] {
  const wrong: string[] = [];
  const isOurs = status !== 431 && !(status === 400 && headers.get('content-type') === 'application/problem+json');
  if (isOurs && !headers.get('content-security-policy')?.includes("default-src 'none'")) wrong.push('no policy');
  if (headers.get('content-type')?.startsWith('text/html') && UNHARMED.test(body)) wrong.push(`not escaped: ${body}`);
  const location = headers.get('location') ?? headers.get('hx-redirect') ?? '/';
  if (!/^\/(?![/\\])/.test(location)) wrong.push(`leads to ${location}`);
  if (status === 405 && !headers.get('allow')) wrong.push('405 without Allow');
  const cookies = headers.getSetCookie();
  if (cookies.some((cookie) => !/; HttpOnly(;|$)/.test(cookie) || !/SameSite=Lax/.test(cookie)))
    wrong.push('soft cookie');
  return wrong;
}

describe('whatever pages and forms are sent, it is taken or refused as it must be, and a refusal changes nothing:', () => {
  test('addresses, cookies and headers', async () => {
    expect(await complaintsAbout(face, pageCases(target))).toEqual([]);
  });

  test('forms', async () => {
    expect(await complaintsAbout(face, formCases(target))).toEqual([]);
  });

  test('texts, typed into the checkout', async () => {
    // Halves of characters cannot be typed into a form: their escapes are no UTF-8, and have cases of their own.
    const typed = HOSTILE_TEXTS.filter(({ text }) => text.isWellFormed()).flatMap(typedInto);
    const cases = typed.map(({ name, fields, taken }) => ({
      name,
      request: checkingOut(target, fields),
      must: taken ? 303 : 400,
    }));
    expect(await complaintsAbout(face, cases)).toEqual([]);
  });
});

test('after signing in nobody is led away from the desk, and a session put there before is not the one that is opened', async () => {
  const planted = target.session;
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'https://evil.example/admin',
    'javascript:alert(1)//admin',
    '/admin/../../evil',
    '/admin\r\nSet-Cookie: x=y',
    '/admin/orders?view=en_cours#<script>',
  ]) {
    const body = new URLSearchParams({ ...system.admin, next }).toString();
    const cookie = ['Cookie', `msp_session=${planted}`] as const;
    const answer = await send(system.webUrl, posting(system.webUrl, '/admin/login', body, [cookie]));
    expect([next, answer?.status, answer?.headers.get('location')]).toEqual([
      next,
      303,
      expect.stringMatching(/^\/admin(\/orders\?view=en_cours)?$/),
    ]);
    const session = /msp_session=([^;]+)/.exec(answer?.headers.getSetCookie().join('\n') ?? '')?.[1];
    expect(session).toMatch(/^[\w-]{22}\./);
    expect(session).not.toBe(planted);
    expect(answer?.headers.getSetCookie().join('\n')).not.toContain('x=y');
  }
});

test('after all of it the processes are the same, have no error to tell of, and the next order goes through', async () => {
  const { web, orders, notifiers } = system.processes;
  for (const process of [web, ...orders, ...notifiers]) {
    expect(process.isRunning()).toBe(true);
    expect([process.name, errorsIn(process.logs())]).toEqual([process.name, []]);
    expect(serverErrors(await (await fetch(`${process.url}/metrics`)).text())).toEqual([]);
  }
  expect((await send(system.webUrl, checkingOut(target, {})))?.status).toBe(303);
});
