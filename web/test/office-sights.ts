import { TOTP } from 'otpauth';
import { open, post, type Sights, type Visit } from './walk.ts';

export interface OfficeVisit extends Visit {
  /** Whose desk it is: an owner, who is to have a second factor in the course of the walk. */
  owner: { email: string; password: string };
  /** Cookies of somebody who may not do everything. */
  staff: Visit['cookies'];
  /** Nobody’s yet, of the language. */
  staffId: number;
  productId: number;
  /** Once there is a second factor. */
  recoveryCodes?: string[];
}

const wrongPassword = [
  ['password', 'pas le bon'],
  ['newPassword', 'une tout autre phrase'],
] as const;

async function invite({ page, locale }: OfficeVisit, name: string): Promise<string> {
  await post(page, '/admin/admins/invitations', [
    ['email', `${name}-${locale}@msp.example`],
    ['role', 'staff'],
  ]);
  return page.inputValue('#link');
}

async function enrol({ page, owner }: OfficeVisit): Promise<() => string> {
  await post(page, '/admin/account/totp', [['password', owner.password]]);
  const secret = (await page.innerText('.totp-key')).replaceAll(/\s/g, '');
  return () => new TOTP({ secret }).generate();
}

/** Gives the owner a second factor, unless there is one. */
async function protect(visit: OfficeVisit): Promise<string[]> {
  if (visit.recoveryCodes) return visit.recoveryCodes;
  const code = await enrol(visit);
  await post(visit.page, '/admin/account/totp/confirm', [['code', code()]]);
  visit.recoveryCodes = await visit.page.locator('.recovery-codes code').allInnerTexts();
  return visit.recoveryCodes;
}

async function signIn({ page, owner }: OfficeVisit, password = owner.password): Promise<void> {
  await page.context().clearCookies();
  await post(page, '/admin/login', [
    ['email', owner.email],
    ['password', password],
  ]);
}

async function lookUp({ page }: OfficeVisit, email: string): Promise<void> {
  await post(page, '/admin/customers', [['email', email]]);
}

/** All that need not be live, and the door. What changes how one signs in comes before what needs that. */
export const OFFICE_SIGHTS: Sights<OfficeVisit> = {
  'GET /admin/products': {
    all: ({ page }) => open(page, '/admin/products'),
    'none of the kind': ({ page }) => open(page, '/admin/products?q=zzzz'),
    'for those who may change stocks alone': async ({ page, staff }) => {
      await page.context().addCookies(staff);
      await open(page, '/admin/products');
    },
  },
  'GET /admin/products/new': {
    'to be filled in': ({ page }) => open(page, '/admin/products/new'),
  },
  'POST /admin/products': {
    'nothing typed': ({ page }) => post(page, '/admin/products', []),
  },
  'GET /admin/products/:id': {
    'as it is': ({ page, productId }) => open(page, `/admin/products/${productId}`),
    'for those who may change its stock alone': async ({ page, staff, productId }) => {
      await page.context().addCookies(staff);
      await open(page, `/admin/products/${productId}`);
    },
  },
  'POST /admin/products/:id': {
    'no price': ({ page, productId }) =>
      post(page, `/admin/products/${productId}`, [
        ['version', '1'],
        ['price', 'x'],
      ]),
    'changed by somebody else': ({ page, productId }) =>
      post(page, `/admin/products/${productId}`, [
        ['version', '1000'],
        ['name', 'Miel'],
        ['price', '1'],
      ]),
  },
  'POST /admin/products/:id/picture': {
    'no picture': async ({ page, productId }) => {
      await open(page, `/admin/products/${productId}`);
      const send = `document.querySelector('form[action$="/picture"]').submit()`;
      await Promise.all([page.waitForEvent('load'), page.evaluate(send)]);
    },
  },
  'GET /admin/customers': {
    'to be filled in': ({ page }) => open(page, '/admin/customers'),
  },
  'POST /admin/customers': {
    'no e-mail': (visit) => lookUp(visit, 'personne'),
    nobody: (visit) => lookUp(visit, 'personne@test.example'),
    'with orders to be finished': (visit) => lookUp(visit, 'jeanne@test.example'),
    'with nothing left to do': (visit) => lookUp(visit, 'finie@test.example'),
  },
  'POST /admin/customers/erase': {
    asked: ({ page }) => post(page, '/admin/customers/erase', [['email', 'finie@test.example']]),
  },
  'GET /admin/admins': {
    'all of them, and who is invited': async (visit) => {
      await invite(visit, 'paul');
      await open(visit.page, '/admin/admins');
    },
  },
  'POST /admin/admins/invitations': {
    'the link': (visit) => invite(visit, 'nina'),
    'no e-mail': ({ page }) => post(page, '/admin/admins/invitations', [['email', 'personne']]),
  },
  'POST /admin/admins/:id/access-link': {
    'the link': ({ page, staffId }) => post(page, `/admin/admins/${staffId}/access-link`, []),
  },
  'GET /admin/invitations/:token': {
    'to be accepted': async (visit) => visit.page.goto(await invite(visit, 'rose')),
    gone: ({ page }) => open(page, `/admin/invitations/${'A'.repeat(22)}`),
  },
  'POST /admin/invitations/:token': {
    'nothing typed': async (visit) => {
      const link = await invite(visit, 'tom');
      await post(visit.page, link, []);
    },
  },
  'GET /admin/audit': {
    'of people': ({ page }) => open(page, '/admin/audit'),
    'of orders': ({ page }) => open(page, '/admin/audit?view=orders'),
  },
  'GET /admin/account': {
    'with a password alone': ({ page }) => open(page, '/admin/account'),
  },
  'POST /admin/account/password': {
    'not the password': ({ page }) => post(page, '/admin/account/password', wrongPassword),
  },
  'POST /admin/account/totp': {
    'the key': enrol,
    'not the password': ({ page }) => post(page, '/admin/account/totp', wrongPassword),
  },
  'POST /admin/account/totp/confirm': {
    'not the code': async (visit) => {
      await enrol(visit);
      await post(visit.page, '/admin/account/totp/confirm', [['code', '000000']]);
    },
    'recovery codes': protect,
  },
  'POST /admin/account/recovery-codes': {
    'new ones': async (visit) => {
      const [code] = await protect(visit);
      await post(visit.page, '/admin/account/recovery-codes', [
        ['password', visit.owner.password],
        ['code', code!],
      ]);
    },
  },
  'POST /admin/account/totp/disable': {
    'not the code': ({ page, owner }) =>
      post(page, '/admin/account/totp/disable', [
        ['password', owner.password],
        ['code', '000000'],
      ]),
  },
  'GET /admin/login': {
    'to be filled in': async ({ page }) => {
      await page.context().clearCookies();
      await open(page, '/admin/login');
    },
  },
  'POST /admin/login': {
    'not the password': (visit) => signIn(visit, 'pas le bon'),
    'the second step': (visit) => signIn(visit),
    'not the code': async (visit) => {
      await signIn(visit);
      await visit.page.fill('#code', '000000');
      await Promise.all([visit.page.waitForEvent('load'), visit.page.click('.sign-in button')]);
    },
  },
  'errors at the desk': {
    'no such order': ({ page }) => page.goto('/admin/orders/CMD-20200101-ZZZZZZ'),
    'no such page': ({ page }) => page.goto('/admin/nowhere'),
    'no such address': ({ page }) => page.goto('/admin/audit?before=x'),
    'for owners only': async ({ page, staff }) => {
      await page.context().addCookies(staff);
      await page.goto('/admin/admins');
    },
  },
};
