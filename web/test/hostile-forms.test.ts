import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { PICTURE } from '../../scripts/testing/hostile/ask-operation.ts';
import { brokenFields, readForms, type ShownForm } from '../../scripts/testing/hostile/forms.ts';
import { posting, uploading } from '../../scripts/testing/hostile/page-request.ts';
import { readState } from '../../scripts/testing/hostile/read-state.ts';
import { send } from '../../scripts/testing/hostile/wire.ts';
import { startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import { placeOrder } from './desk-window.ts';

// Every form that a page shows, as the browser reads it: a form that is added is checked without being named here.

const SEED = Number(process.env.HOSTILE_SEED ?? 20261122);

/** A hundred requests and more in a test, on machines that are busy with others. */
vi.setConfig({ testTimeout: 180_000 });

let system: TestSystem;
let browser: Browser;
let cookie: string;
let forms: ShownForm[];

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  const { number } = await placeOrder(system);
  const { token } = await placeOrder(system);
  const context = await browser.newContext({ baseURL: system.webUrl });
  const page = await context.newPage();
  const paths = [
    '/',
    '/cart',
    '/checkout',
    '/find-order',
    `/orders/${token}/cancel`,
    '/admin/login',
    '/admin/orders',
    `/admin/orders/${number}`,
    '/admin/customers',
    '/products/miel-de-lavande',
    '/admin/products',
    '/admin/products/2',
    '/admin/products/new',
    '/admin/admins',
    '/admin/account',
    '/admin/audit',
  ];
  const session = await system.signIn();
  await context.addCookies([
    { name: 'msp_session', value: session, url: system.webUrl },
    // Of a product that no form below is about: what is tried there sells it out, hides it, or makes it dearer.
    { name: 'msp_cart', value: '5x1', url: system.webUrl },
  ]);
  forms = [];
  for (const path of paths) {
    await page.goto(path);
    forms.push(...(await readForms(page)));
  }
  // The key of a form is in a cookie, too.
  cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await context.close();
});

/** What a person would type. */
const TYPED: Record<string, string> = {
  name: 'Zoé Lambert',
  email: 'zoe@exemple.fr',
  password: 'not the right one',
  newPassword: 'one that is long',
  number: 'CMD-20200101-ABC123',
  price: '12,50',
  text: 'Rappeler demain',
};

/**
 * A form as it would be sent by Enter; by a button of its own where there is nothing to type. With a key that was
 * never used: one form is one order, and this one is sent again and again.
 */
function fill({ fields }: ShownForm): Record<string, string> {
  const isTyped = fields.some(({ type }) => type !== 'hidden' && type !== 'submit');
  const sent = fields.filter(({ type }) => !isTyped || type !== 'submit');
  return Object.fromEntries(
    sent.map(({ name, value }) => [name, name === 'key' ? randomUUID() : value || (TYPED[name] ?? '')]),
  );
}

/** Each wrong one is counted. */
const hasPassword = ({ fields }: ShownForm) => fields.some(({ type }) => type === 'password');

async function post(
  { action, fields: shown, hasFile }: ShownForm,
  fields: Record<string, string>,
  more: readonly (readonly [string, string])[] = [],
) {
  const headers = [['Cookie', cookie], ...more] as const;
  const file = hasFile && shown.find(({ type }) => type === 'file')?.name;
  if (file) {
    const bytes = new Uint8Array(fields[file] ? Buffer.from(fields[file]) : PICTURE);
    return send(system.webUrl, await uploading(system.webUrl, action, fields, { name: file, bytes }, headers));
  }
  return send(system.webUrl, posting(system.webUrl, action, new URLSearchParams(fields).toString(), headers));
}

test('the pages show forms enough to be worth this', () => {
  const actions = new Set(forms.map(({ action }) => action.replace(/CMD-[\w-]+|\d+/, '*')));
  for (const action of ['/cart/lines', '/checkout', '/admin/login', '/admin/orders/*/status', '/admin/logout']) {
    expect(actions).toContain(action);
  }
});

test('what a browser would not send is refused by the server as well, and changes nothing', async () => {
  let count = 0;
  const before = await readState(system.db);
  for (const form of forms) {
    for (const { what, field, text } of brokenFields(form)) {
      // A cart takes what can be had of it.
      if (form.action.startsWith('/cart/') && what.endsWith('beyond its most')) continue;
      const { [field]: _, ...others } = fill(form);
      const answer = await post(form, text === undefined ? others : { ...others, [field]: text });
      const name = `${form.action} with ${what}`;
      expect([name, Math.floor((answer?.status ?? 0) / 100)]).toEqual([name, 4]);
      expect([name, await readState(system.db)]).toEqual([name, before]);
      count += 1;
    }
  }
  expect(count).toBeGreaterThanOrEqual(12);
});

test('whatever stands in its fields, hidden ones too, there is no server error, and a refusal changes nothing', async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e9',
      '__proto__',
      '\0',
      "' or 1=1 --",
      '<script>',
      '//evil.example',
      'x'.repeat(5000),
    ),
  );
  for (const form of forms) {
    // Signing out would close the other forms.
    if (form.action === '/admin/logout') continue;
    const names = form.fields.map(({ name }) => name);
    const changes = fc.dictionary(fc.constantFrom(...names, 'surprise', '__proto__', names.join()), anything, {
      maxKeys: 3,
    });
    let before = await readState(system.db);
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const answer = await post(form, { ...fill(form), ...changed });
        expect([form.action, answer && answer.status < 500]).toEqual([form.action, true]);
        expect(answer?.headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(answer?.headers.get('location') ?? '/').toMatch(/^\/(?![/\\])/);
        const after = await readState(system.db);
        if (answer && answer.status >= 400) expect(after).toEqual(before);
        before = after;
      }),
      { seed: SEED, numRuns: hasPassword(form) ? 3 : 10 },
    );
  }
});

test('of another type, or from another site, no form is taken', async () => {
  // Without fields a body is not even read.
  const before = await readState(system.db);
  for (const form of forms.filter(({ fields }) => fields.length > 0)) {
    for (const [headers, status] of [
      [['Content-Type', 'application/json'], 415],
      [['Content-Type', form.hasFile ? 'application/x-www-form-urlencoded' : 'multipart/form-data; boundary=x'], 415],
      [['Content-Type', 'text/plain'], 415],
      [['Origin', 'https://evil.example'], 403],
      [['Sec-Fetch-Site', 'cross-site'], 403],
    ] as const) {
      const answer = await post(form, { x: '1', ...fill(form) }, [headers]);
      expect([form.action, headers, answer?.status]).toEqual([form.action, headers, status]);
      expect(await readState(system.db)).toEqual(before);
    }
  }
});

/** Of forms that are refused as they are filled here: the order is nobody's, and there is a product of this name. */
const ANSWERS: Record<string, number[]> = { '/find-order': [404, 429], '/admin/products': [303, 409] };

/** What was tried before this has changed the product. */
async function versionNow({ action }: ShownForm): Promise<Record<string, string>> {
  const id = /^\/admin\/products\/(\d+)/.exec(action)?.[1];
  if (!id) return {};
  const [row] = await system.db.query<{ version: number }>('select version from products where id = ?', [id]);
  return { version: String(row!.version) };
}

test('as it is shown, each of them is taken', async () => {
  const isSignOut = ({ action }: ShownForm) => action === '/admin/logout';
  // Signing out closes the other forms: whatever comes after it would only be led to the sign-in.
  for (const form of [...forms.filter((form) => !isSignOut(form)), forms.find(isSignOut)!]) {
    const answer = await post(form, { ...fill(form), ...(await versionNow(form)) });
    // The password that was typed is not the right one; that is an answer, too.
    const must = hasPassword(form) ? [401] : (ANSWERS[form.action] ?? [200, 303]);
    expect([form.action, must.includes(answer?.status ?? 0), answer?.status]).toEqual([
      form.action,
      true,
      answer?.status,
    ]);
    const isLedToSignIn = answer?.headers.get('location')?.startsWith('/admin/login') ?? false;
    expect([form.action, isLedToSignIn]).toEqual([form.action, isSignOut(form)]);
  }
});
