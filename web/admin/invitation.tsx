import { type Context, Hono } from 'hono';
import { NewPassword } from '../../shared/contracts/account.ts';
import { AdminName, type FoundInvitation } from '../../shared/contracts/admin.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { teamWords } from '../locales/team.ts';
import { readForm } from '../read-form.ts';
import { refusal } from './answers.ts';
import { DoorPage } from './door-page.tsx';
import { enter, fromBrowser, visitor } from './enter.ts';
import { Field } from './field.tsx';
import { leaveFlash } from './flash.ts';

interface Wrong {
  name?: string | undefined;
  password?: string | undefined;
}

/** `/admin/invitations/<token>`: where a link leads, and the only page below /admin beside the sign-in that is open. */
export function invitationRoutes({ site, orders, trustsProxy }: WebDeps): Hono<WebEnv> {
  const words = teamWords(site.locale);
  const path = '/admin/invitations/:token{[\\w-]{22}}';

  async function showInvitation(
    c: Context<WebEnv>,
    typed?: { name: string; wrong: Wrong },
    status: 200 | 422 | 429 = 200,
  ) {
    const token = c.req.param('token') as string;
    const answer = await orders.findInvitation(token);
    if (!answer.ok) return refuse(c, answer.problem);
    return sendPage(c, <InvitationPage site={site} token={token} found={answer.data} typed={typed} />, status);
  }

  function refuse(c: Context<WebEnv>, problem: Problem) {
    if (problem.code !== 'invitation_gone' && problem.code !== 'already_admin') throw refusal(problem);
    return sendPage(c, <GonePage site={site} />, 410);
  }

  return new Hono<WebEnv>()
    .get(path, (c) => showInvitation(c))

    .post(path, async (c) => {
      const form = await readForm(c);
      const typed = form.get('name') ?? '';
      const [name, password] = [AdminName.safeParse(typed), NewPassword.safeParse(form.get('password') ?? '')];
      if (!name.success || !password.success) {
        const wrong = {
          name: name.success ? undefined : words.errors.name,
          password: password.success ? undefined : words.errors.short,
        };
        return showInvitation(c, { name: typed.slice(0, 120), wrong }, 422);
      }
      const invitation = c.req.param('token');
      const who = visitor(c, trustsProxy);
      // Whom it is for is forgotten with it.
      const found = await orders.findInvitation(invitation);
      if (!found.ok) return refuse(c, found.problem);
      const answer = await orders.acceptInvitation({ invitation, name: name.data, password: password.data }, who);
      if (!answer.ok) {
        if (answer.problem.code !== 'too_many_requests') return refuse(c, answer.problem);
        return showInvitation(c, { name: typed, wrong: { password: words.errors.tooMany } }, 429);
      }
      // In by the same door as at any other time, by all its rules; if it stays shut for now, the page of it says more.
      const credentials = { email: found.data.email, password: password.data };
      const opened = await orders.openSession({ ...credentials, ...fromBrowser(c) }, who);
      if (opened.ok) return enter(c, opened.data, '/admin');
      leaveFlash(c, words.invitation.done);
      return c.redirect('/admin/login', 303);
    });
}

interface InvitationPageProps {
  site: Site;
  token: string;
  found: FoundInvitation;
  typed?: { name: string; wrong: Wrong } | undefined;
}

function InvitationPage({ site, token, found, typed }: InvitationPageProps) {
  const { invitation: words, roles, field } = teamWords(site.locale);
  const title = found.renews ? words.titleRenews : words.title;
  return (
    <DoorPage site={site} title={title}>
      <form class="card sign-in" method="post" action={`/admin/invitations/${token}`}>
        <h1>{title}</h1>
        <p hx-ignore>{words.intro(found.email, roles[found.role])}</p>
        <input type="hidden" value={found.email} autocomplete="username" />
        <Field
          id="name"
          label={field.name}
          autocomplete="name"
          maxlength={120}
          value={typed?.name ?? found.name}
          hint={words.nameHint}
          error={typed?.wrong.name}
          autofocus
        />
        <Field
          id="password"
          label={words.password}
          type="password"
          autocomplete="new-password"
          minlength={10}
          maxlength={1024}
          hint={field.newPasswordHint}
          error={typed?.wrong.password}
        />
        <button type="submit" class="button primary">
          {found.renews ? words.submitRenews : words.submit}
        </button>
      </form>
    </DoorPage>
  );
}

function GonePage({ site }: { site: Site }) {
  const words = teamWords(site.locale).invitation;
  return (
    <DoorPage site={site} title={words.goneTitle}>
      <div class="card sign-in">
        <h1>{words.goneTitle}</h1>
        <p>{words.gone}</p>
        <p>
          <a class="button" href="/admin/login">
            {words.toSignIn}
          </a>
        </p>
      </div>
    </DoorPage>
  );
}
