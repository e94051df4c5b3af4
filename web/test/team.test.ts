import { TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/testing/browser.ts';
import { createAdmin, startSystem, type TestSystem } from '../../scripts/testing/system.ts';
import type { MadeInvitation } from '../../shared/contracts/admin.ts';
import { changeStatus, placeOrder, signedIn } from './desk-window.ts';

const PASSWORD = 'une phrase facile à retenir';

let system: TestSystem;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

async function visitor(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  return context.newPage();
}

/** A page of an admin who is signed in already. */
async function deskOf(session?: string, options: Parameters<typeof signedIn>[2] = {}): Promise<Page> {
  const context = await signedIn(browser, system, options, session);
  contexts.push(context);
  return context.newPage();
}

async function newAdmin(name: string, role: 'owner' | 'staff' = 'staff') {
  const credentials = { email: `${name.toLowerCase()}@msp.example`, password: PASSWORD };
  await createAdmin(system.db, { ...credentials, name, role });
  return { ...credentials, session: await system.signIn(credentials) };
}

async function fillSignIn(page: Page, { email, password }: { email: string; password: string }, path = '/admin/login') {
  await page.goto(system.webUrl + path);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('.sign-in button');
}

describe('the team', () => {
  test('grows by a link that is shown once, and whoever joined by it sees what is theirs', async () => {
    const owner = await deskOf();
    await owner.goto(`${system.webUrl}/admin`);
    await owner.getByRole('link', { name: 'Équipe' }).click();
    await owner.getByLabel('Email').fill('nina@msp.example');
    await owner.getByRole('button', { name: 'Créer le lien' }).click();
    const link = await owner.getByLabel('Lien').inputValue();
    expect(link).toMatch(new RegExp(`^${system.webUrl}/admin/invitations/[\\w-]{22}$`));
    const mail = new URL((await owner.getByRole('link', { name: 'Écrire un email' }).getAttribute('href'))!);
    expect([mail.protocol, mail.pathname]).toEqual(['mailto:', 'nina%40msp.example']);
    expect(mail.searchParams.get('body')).toContain(link);
    await owner.getByRole('link', { name: 'Retour à l’équipe' }).click();
    expect(await owner.textContent('main')).toContain('nina@msp.example');
    expect(await owner.content()).not.toContain(link.split('/').at(-1));

    const nina = await visitor();
    await nina.goto(link);
    await nina.getByLabel('Nom').fill('Nina');
    await nina.getByLabel('Mot de passe').fill(PASSWORD);
    await nina.getByRole('button', { name: 'Créer mon compte' }).click();
    // In at once, and by the password from then on.
    await nina.waitForURL('**/admin');
    await nina.getByRole('button', { name: 'Se déconnecter' }).click();
    await fillSignIn(nina, { email: 'nina@msp.example', password: PASSWORD });
    await nina.waitForURL('**/admin');
    expect(await nina.locator('.desk-footer a').allTextContents()).toEqual(['Mode comptoir', 'Mon compte']);
    for (const path of ['/admin/admins', '/admin/audit']) {
      expect([path, (await nina.goto(system.webUrl + path))?.status()]).toEqual([path, 403]);
      expect(await nina.textContent('h1')).toBe('Réservé aux propriétaires');
    }
    await nina.click('text=Retour aux commandes');
    await nina.waitForURL('**/admin/orders');
    expect((await (await visitor()).goto(link))?.status()).toBe(410);
  });

  test('lets nobody in by a link whose admin is disabled meanwhile: the password is set, and the door stays shut', async () => {
    const dora = await newAdmin('Dora');
    const [dorasRow] = await system.db.query<{ id: number }>('select id from admins where email = ?', [dora.email]);
    const headers = { Authorization: `Bearer ${await system.signIn()}` };
    const path = `${system.ordersUrls[0]}/admins/${dorasRow!.id}/access-link`;
    const made = (await (await fetch(path, { method: 'POST', headers })).json()) as MadeInvitation;
    await system.db.query('update admins set disabled_at = now() where id = ?', [dorasRow!.id]);

    const page = await visitor();
    await page.goto(`${system.webUrl}/admin/invitations/${made.token}`);
    await page.getByLabel('Mot de passe').fill('une tout autre phrase');
    await page.getByRole('button', { name: 'Retrouver mon accès' }).click();
    await page.getByText('Votre accès est prêt').waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/login');
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('msp_session');
  });

  test('loses somebody at once: their pages lead to the sign-in, their streams end within five seconds', async () => {
    const { session } = await newAdmin('Gaston');
    const stream = await fetch(`${system.webUrl}/live/orders`, { headers: { Cookie: `msp_session=${session}` } });
    const reader = stream.body!.getReader();
    await reader.read();
    const ended = (async () => {
      while (!(await reader.read()).done);
      return true;
    })().catch(() => true);

    const owner = await deskOf();
    await owner.goto(`${system.webUrl}/admin/admins`);
    await owner.getByRole('button', { name: 'Désactiver : Gaston' }).click();
    await owner.getByText('Gaston n’a plus accès.').waitFor();
    const inTime = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000))]);
    expect(inTime).toBe(true);
    const gone = await deskOf(session);
    await gone.goto(`${system.webUrl}/admin/orders`);
    expect(new URL(gone.url()).pathname).toBe('/admin/login');

    await owner.getByRole('button', { name: 'Réactiver : Gaston' }).click();
    await owner.getByText('C’est fait pour Gaston.').waitFor();
    await fillSignIn(gone, { email: 'gaston@msp.example', password: PASSWORD });
    await gone.waitForURL('**/admin');
  });
});

describe('one’s own account', () => {
  test('gets a second factor, which the sign-in then asks for without ever showing the password again', async () => {
    const admin = await newAdmin('Tom');
    const page = await deskOf(admin.session);
    await page.goto(`${system.webUrl}/admin`);
    await page.getByRole('link', { name: 'Mon compte' }).click();
    await page.locator('#totp-password').fill('pas le bon');
    await page.getByRole('button', { name: 'Activer…' }).click();
    await page.getByText('Ce n’est pas votre mot de passe.').waitFor();
    await page.locator('#totp-password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Activer…' }).click();
    await page.getByRole('img', { name: 'Code QR' }).waitFor();
    const secret = (await page.textContent('.totp-key'))!.replaceAll(' ', '');
    const code = () => new TOTP({ secret }).generate();
    await page.getByLabel('Code à 6 chiffres').fill('000 000');
    await page.getByRole('button', { name: 'Activer' }).click();
    await page.getByText('Ce code n’est pas le bon').waitFor();
    await page.getByLabel('Code à 6 chiffres').fill(code().replace(/(...)/, '$1 '));
    await page.getByRole('button', { name: 'Activer' }).click();
    await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
    const codes = await page.locator('.recovery-codes code').allTextContents();
    expect(codes).toHaveLength(10);

    const elsewhere = await visitor();
    await fillSignIn(elsewhere, admin, '/admin/login?next=/admin/account');
    await elsewhere.getByText('Il manque le code de votre application.').waitFor();
    expect(await elsewhere.content()).not.toContain(PASSWORD);
    await elsewhere.getByLabel('Code').fill('000000');
    await elsewhere.getByRole('button', { name: 'Continuer' }).click();
    await elsewhere.getByText('Ce code n’est pas le bon').waitFor();
    await elsewhere.getByLabel('Code').fill(codes[0]!);
    await elsewhere.getByRole('button', { name: 'Continuer' }).click();
    await elsewhere.waitForURL('**/admin/account');
    await elsewhere.getByText('Il vous reste 9 codes de secours.').waitFor();

    await elsewhere.locator('#totp-password').fill(PASSWORD);
    await elsewhere.getByLabel('Code').fill(codes[1]!);
    await elsewhere.getByRole('button', { name: 'Désactiver' }).click();
    await elsewhere.getByText('La double authentification est désactivée.').waitFor();
  });

  test('shows where one is signed in, and ends what one does not know; a new password ends the rest', async () => {
    const admin = await newAdmin('Rose');
    const known = await deskOf(admin.session);
    const [phone, library] = [await visitor(), await visitor()];
    for (const page of [phone, library]) {
      await fillSignIn(page, admin);
      await page.waitForURL('**/admin');
    }
    await known.goto(`${system.webUrl}/admin/account`);
    const ends = known.getByRole('button', { name: 'Terminer la connexion : Chrome, Linux' });
    expect(await ends.count()).toBe(2);
    await ends.first().click();
    await known.getByText('La connexion est terminée.').waitFor();
    expect(await ends.count()).toBe(1);
    await known.getByLabel('Mot de passe actuel').first().fill(PASSWORD);
    await known.getByLabel('Nouveau mot de passe').fill('une tout autre phrase');
    await known.getByRole('button', { name: 'Changer le mot de passe' }).click();
    await known.getByText('Votre mot de passe est changé').waitFor();
    expect(await ends.count()).toBe(0);
    for (const page of [phone, library]) {
      await page.goto(`${system.webUrl}/admin`);
      expect(new URL(page.url()).pathname).toBe('/admin/login');
    }
  });
});

test('the audit log tells in words who did what, and leads to the order', async () => {
  const marie = await newAdmin('Marie', 'owner');
  const { number } = await placeOrder(system);
  await changeStatus(system, marie.session, number, 'en_cours');
  const page = await deskOf(marie.session);
  await page.goto(`${system.webUrl}/admin/audit`);
  const newest = page.locator('.audit-table tbody tr').first();
  expect(await newest.textContent()).toMatch(/Marie.*S’est connecté.*127\.0\.0\.0\/24/);
  await page.getByRole('link', { name: 'Commandes' }).last().click();
  expect(await newest.textContent()).toMatch(/Marie.*En attente → En cours/);
  await newest.getByRole('link', { name: number }).click();
  await page.waitForURL(`**/admin/orders/${number}`);
  expect((await page.goto(`${system.webUrl}/admin/audit?before=x`))?.status()).toBe(400);
});
