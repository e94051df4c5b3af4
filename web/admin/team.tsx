import { type Context, Hono } from 'hono';
import { AdminChange, InvitationInput, type MadeInvitation } from '../../shared/contracts/admin.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { teamWords } from '../locales/team.ts';
import { readForm } from '../read-form.ts';
import { expectData, refusal } from './answers.ts';
import { leaveFlash, takeFlash } from './flash.ts';
import { LinkPage, TeamPage, type TeamPageProps } from './team-page.tsx';

/** `/admin/admins`: for owners. Whether one is, the orders service says. */
export function teamRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const { team: words, errors } = teamWords(site.locale);

  async function showTeam(
    c: Context<WebEnv>,
    wrong: Pick<TeamPageProps, 'refused' | 'error'> = {},
    status: 200 | 404 | 409 | 422 = 200,
  ) {
    const { session } = c.var.admin;
    const [list, account] = await Promise.all([orders.admins(session), orders.account(session)]);
    const admin = { ...c.var.admin, email: expectData(account).email };
    const flash = status === 200 ? takeFlash(c) : undefined;
    return sendPage(c, <TeamPage site={site} admin={admin} flash={flash} {...expectData(list)} {...wrong} />, status);
  }

  const showLink = (c: Context<WebEnv>, made: MadeInvitation) => {
    const origin = `${c.var.secure ? 'https' : 'http'}://${c.req.header('Host') ?? ''}`;
    return sendPage(c, <LinkPage site={site} admin={c.var.admin} made={made} origin={origin} />);
  };

  return new Hono<WebEnv>()
    .get('/admin/admins', (c) => showTeam(c))

    .post('/admin/admins/invitations', async (c) => {
      const form = await readForm(c);
      const email = form.get('email') ?? '';
      const again = (text: string, status: 409 | 422) =>
        showTeam(c, { refused: { email: email.slice(0, 254), text } }, status);
      const input = InvitationInput.safeParse({ email, role: form.get('role') });
      if (!input.success) return again(errors.email, 422);
      const answer = await orders.invite(c.var.admin.session, input.data);
      if (answer.ok) return showLink(c, answer.data);
      if (answer.problem.code === 'already_admin') return again(words.already, 409);
      throw refusal(answer.problem);
    })

    .post('/admin/admins/invitations/:id{[1-9][0-9]{0,9}}/withdraw', async (c) => {
      expectData(await orders.withdrawInvitation(c.var.admin.session, c.req.param('id')));
      leaveFlash(c, words.withdrawn);
      return c.redirect('/admin/admins', 303);
    })

    .post('/admin/admins/:id{[1-9][0-9]{0,9}}', async (c) => {
      const form = await readForm(c);
      const disabled = { true: true, false: false }[form.get('disabled') ?? ''];
      const change = AdminChange.safeParse({ role: form.get('role'), disabled });
      if (!change.success) throw new HttpProblem(400, 'validation', { detail: 'The form says nothing that is known.' });
      const answer = await orders.changeAdmin(c.var.admin.session, c.req.param('id'), change.data);
      if (!answer.ok) {
        if (answer.problem.code === 'last_owner') return showTeam(c, { error: words.lastOwner }, 409);
        if (answer.problem.code === 'not_found') return showTeam(c, { error: words.gone }, 404);
        throw refusal(answer.problem);
      }
      leaveFlash(c, (disabled ? words.disabledDone : words.changed)(answer.data.name));
      return c.redirect('/admin/admins', 303);
    })

    .post('/admin/admins/:id{[1-9][0-9]{0,9}}/access-link', async (c) => {
      const answer = await orders.makeAccessLink(c.var.admin.session, c.req.param('id'));
      if (answer.ok) return showLink(c, answer.data);
      if (answer.problem.code === 'not_found') return showTeam(c, { error: words.gone }, 404);
      throw refusal(answer.problem);
    });
}
