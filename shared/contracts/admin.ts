import { z } from 'zod';
import { NewPassword } from './account.ts';
import { CustomerInput } from './order.ts';
import { Role } from './role.ts';

/** What an admin is called in tables and histories: by the rules of any name. */
export const AdminName = CustomerInput.shape.name;
const Email = CustomerInput.shape.email;

export const Admin = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  role: Role,
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  lastSignInAt: z.iso.datetime().nullable(),
});
export type Admin = z.infer<typeof Admin>;

/** An invitation that nobody has taken up yet. Its link is not kept. */
export const Invitation = z.object({
  id: z.int(),
  email: z.string(),
  role: Role,
  /** True for one who has an account and cannot sign in: it gets a new password, and loses its second factor. */
  renews: z.boolean(),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
});
export type Invitation = z.infer<typeof Invitation>;

/** `GET /admins` — at most 500 admins, by name, and the invitations that are open. */
export const AdminList = z.object({ admins: z.array(Admin), invitations: z.array(Invitation) });
export type AdminList = z.infer<typeof AdminList>;

/** `PATCH /admins/{adminId}` */
export const AdminChange = z.strictObject({ role: Role.optional(), disabled: z.boolean().optional() });

/** `POST /invitations` */
export const InvitationInput = z.strictObject({ email: Email, role: Role });
/** The token is told this once: whoever has it can become that admin, until it expires or is used. */
export const MadeInvitation = z.object({ ...Invitation.shape, token: z.string() });
export type MadeInvitation = z.infer<typeof MadeInvitation>;
export const INVITATION_SECONDS = 3 * 86_400;

/** 16 random bytes in base64url. In bodies only, but for the link itself. */
export const InvitationToken = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** `POST /invitations/find` */
export const InvitationQuery = z.strictObject({ invitation: InvitationToken });
export const FoundInvitation = z.object({ email: z.string(), role: Role, renews: z.boolean(), name: z.string() });
export type FoundInvitation = z.infer<typeof FoundInvitation>;
/** `POST /invitations/accept` — by an open one, once. */
export const InvitationAcceptance = z.strictObject({
  invitation: InvitationToken,
  name: AdminName,
  password: NewPassword,
});
