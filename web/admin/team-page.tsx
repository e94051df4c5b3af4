import type { Admin, AdminList, Invitation, MadeInvitation } from '../../shared/contracts/admin.ts';
import { ROLES } from '../../shared/contracts/role.ts';
import type { SignedIn, Site } from '../deps.ts';
import { formatTime } from '../fragments/format.ts';
import { type TeamWords, teamWords } from '../locales/team.ts';
import { QuietPage } from './desk-page.tsx';
import { Field } from './field.tsx';

export interface TeamPageProps extends AdminList {
  site: Site;
  admin: SignedIn & { email: string };
  flash?: string | undefined;
  /** What was typed into the invitation, and what is wrong with it. */
  refused?: { email: string; text: string } | undefined;
  /** What could not be changed. */
  error?: string | undefined;
}

/** Who may come in, and what for. */
export function TeamPage({ site, admin, admins, invitations, flash, refused, error }: TeamPageProps) {
  const words = teamWords(site.locale);
  const { team } = words;
  return (
    <QuietPage site={site} admin={admin} current="team" title={team.title} flash={flash} refreshHref="/admin/admins">
      {error && (
        <p class="alert" role="alert">
          {error}
        </p>
      )}
      <p class="muted">{team.intro}</p>
      <table class="card team-table">
        <caption class="visually-hidden">{team.title}</caption>
        <thead>
          <tr>
            <th scope="col">{team.columns.name}</th>
            <th scope="col">{team.columns.role}</th>
            <th scope="col">{team.columns.protection}</th>
            <th scope="col">{team.columns.lastSignIn}</th>
            <th scope="col">{team.columns.steps}</th>
          </tr>
        </thead>
        <tbody hx-ignore>
          {admins.map((one) => (
            <AdminRow site={site} words={words} one={one} isSelf={one.email === admin.email} />
          ))}
        </tbody>
      </table>
      <p class="small muted">{team.accessLinkHint}</p>
      {invitations.length > 0 && <OpenInvitations site={site} words={words} invitations={invitations} />}
      <InviteForm words={words} refused={refused} />
    </QuietPage>
  );
}

function AdminRow({ site, words, one, isSelf }: { site: Site; words: TeamWords; one: Admin; isSelf: boolean }) {
  const { team, roles } = words;
  const otherRole = one.role === 'owner' ? 'staff' : 'owner';
  const steps: [word: string, name: string, value: string][] = [
    [otherRole === 'owner' ? team.makeOwner : team.makeStaff, 'role', otherRole],
    [one.disabled ? team.enable : team.disable, 'disabled', String(!one.disabled)],
  ];
  return (
    <tr class={one.disabled ? 'disabled' : undefined}>
      <th scope="row">
        {one.name} {isSelf && <span class="muted">({team.you})</span>}
        <span class="small muted team-email">{one.email}</span>
      </th>
      <td data-label={team.columns.role}>
        {roles[one.role]} {one.disabled && <span class="badge">{team.disabled}</span>}
      </td>
      <td data-label={team.columns.protection}>{one.secondFactor ? team.on : team.off}</td>
      <td data-label={team.columns.lastSignIn}>
        {one.lastSignInAt ? (
          <time datetime={one.lastSignInAt}>{formatTime(site, one.lastSignInAt, 'full')}</time>
        ) : (
          words.never
        )}
      </td>
      <td class="team-steps">
        {!isSelf && (
          <form method="post" action={`/admin/admins/${one.id}`}>
            {steps.map(([word, name, value]) => (
              <button type="submit" class="button small" name={name} value={value} aria-label={team.of(word, one.name)}>
                {word}
              </button>
            ))}
            <button
              type="submit"
              class="button small"
              formaction={`/admin/admins/${one.id}/access-link`}
              aria-label={team.of(team.accessLink, one.name)}
            >
              {team.accessLink}
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}

function OpenInvitations({
  site,
  words: { team, roles },
  invitations,
}: {
  site: Site;
  words: TeamWords;
  invitations: readonly Invitation[];
}) {
  return (
    <section class="card" aria-labelledby="open-heading">
      <h2 id="open-heading">{team.openTitle}</h2>
      <ul class="plain-list" hx-ignore>
        {invitations.map(({ id, email, role, renews, invitedBy, expiresAt }) => (
          <li>
            <div>
              <strong>{email}</strong> <span class="badge">{renews ? team.renews : roles[role]}</span>
              <br />
              <span class="small muted">
                {team.by(invitedBy)} · {team.openUntil(formatTime(site, expiresAt, 'full'))}
              </span>
            </div>
            <form method="post" action={`/admin/admins/invitations/${id}/withdraw`}>
              <button type="submit" class="button small" aria-label={team.of(team.withdraw, email)}>
                {team.withdraw}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function InviteForm({ words, refused }: { words: TeamWords; refused: TeamPageProps['refused'] }) {
  const { team, field, roles } = words;
  return (
    <form class="card" method="post" action="/admin/admins/invitations" aria-labelledby="invite-heading">
      <h2 id="invite-heading">{team.inviteTitle}</h2>
      <Field
        id="email"
        label={field.email}
        type="email"
        autocomplete="off"
        maxlength={254}
        value={refused?.email ?? ''}
        error={refused?.text}
      />
      <div class="field">
        <label for="role">{field.role}</label>
        <select id="role" class="input" name="role">
          {ROLES.toReversed().map((role) => (
            <option value={role}>{roles[role]}</option>
          ))}
        </select>
      </div>
      <button type="submit" class="button primary">
        {team.inviteSubmit}
      </button>
    </form>
  );
}

/** A link, this once, with what it takes to hand it on: there is no mail server. */
export function LinkPage({
  site,
  admin,
  made,
  origin,
}: {
  site: Site;
  admin: SignedIn;
  made: MadeInvitation;
  origin: string;
}) {
  const words = teamWords(site.locale).link;
  const link = `${origin}/admin/invitations/${made.token}`;
  const mail = new URLSearchParams({ subject: words.subject, body: words.body(link) });
  return (
    <QuietPage site={site} admin={admin} current="team" title={words.title}>
      <section class="card">
        <p hx-ignore>{words.text(made.email)}</p>
        <p class="alert warning">{words.warning}</p>
        <div class="field">
          <label for="link">{words.label}</label>
          <input id="link" class="input" value={link} readonly />
        </div>
        <div class="card-steps">
          <button type="button" class="button primary with-script" data-copy="link" data-copied={words.copied}>
            {words.copy}
          </button>
          <a
            class="button"
            href={`mailto:${encodeURIComponent(made.email)}?${mail.toString().replaceAll('+', '%20')}`}
            hx-ignore
          >
            {words.mail}
          </a>
          <a class="button plain" href="/admin/admins">
            {words.back}
          </a>
        </div>
      </section>
    </QuietPage>
  );
}
