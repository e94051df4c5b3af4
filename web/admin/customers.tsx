import { type Context, Hono } from 'hono';
import { CustomerQuery } from '../../shared/contracts/customer.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { readForm } from '../read-form.ts';
import { expectData, refusal } from './answers.ts';
import { ConfirmErasePage } from './confirm-erase.tsx';
import { CustomersPage } from './customers-page.tsx';
import { leaveFlash, takeFlash } from './flash.ts';

/**
 * `/admin/customers`: what is kept about a customer, a copy of it, and its erasure. The e-mail travels in bodies only,
 * so that no address, log or browser history keeps it.
 */
export function customerRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const words = deskWords(site.locale).customers;

  async function showCustomer(c: Context<WebEnv>, email: string, status: 200 | 409) {
    const found = expectData(await orders.findCustomer(c.var.admin.session, email));
    return sendPage(c, <CustomersPage site={site} admin={c.var.admin} customer={{ email, found }} />, status);
  }

  /** The e-mail of a form, or the page that says what is wrong with it. */
  async function withEmail(
    c: Context<WebEnv>,
    go: (email: string, form: ReadonlyMap<string, string>) => Promise<Response>,
  ) {
    const form = await readForm(c);
    const query = CustomerQuery.safeParse({ email: form.get('email') });
    if (query.success) return go(query.data.email, form);
    const typed = (form.get('email') ?? '').slice(0, 254);
    return sendPage(c, <CustomersPage site={site} admin={c.var.admin} invalid={typed} />, 422);
  }

  return new Hono<WebEnv>()
    .get('/admin/customers', (c) => sendPage(c, <CustomersPage site={site} admin={c.var.admin} flash={takeFlash(c)} />))

    .post('/admin/customers', (c) => withEmail(c, (email) => showCustomer(c, email, 200)))

    .post('/admin/customers/export', (c) =>
      withEmail(c, async (email) => {
        const data = expectData(await orders.exportCustomer(c.var.admin.session, email));
        const day = data.exportedAt.slice(0, 10);
        c.header('Content-Disposition', `attachment; filename="${words.exportName}-${day}.json"`);
        return c.body(`${JSON.stringify(data, null, 2)}\n`, 200, { 'Content-Type': 'application/json; charset=utf-8' });
      }),
    )

    .post('/admin/customers/erase', (c) =>
      withEmail(c, async (email, form) => {
        if (form.get('confirmed') !== '1') {
          return sendPage(c, <ConfirmErasePage site={site} admin={c.var.admin} email={email} />);
        }
        const answer = await orders.eraseCustomer(c.var.admin.session, email);
        if (!answer.ok) {
          if (answer.problem.code === 'unfinished_orders') return showCustomer(c, email, 409);
          throw refusal(answer.problem);
        }
        leaveFlash(c, answer.data.complete ? words.done : words.more);
        return c.redirect('/admin/customers', 303);
      }),
    );
}
