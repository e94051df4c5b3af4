import { z } from 'zod';
import { Role } from './role.ts';
import { Code } from './session.ts';

/** At least as long as NIST SP 800-63B asks of a password that a person chooses; no rules on its letters. */
export const NewPassword = z.string().min(10, 'too_short').max(1024);
/** One's own, to show that it is still oneself who sits here. */
const OwnPassword = z.string().min(1).max(1024);
export const RECOVERY_CODES = 10;

/** `GET /account` */
export const Account = z.object({
  name: z.string(),
  email: z.string(),
  role: Role,
  secondFactor: z.boolean(),
  /** How many recovery codes have not been used. */
  recoveryCodes: z.int().min(0),
});
export type Account = z.infer<typeof Account>;

/** A session of one's own: where it was opened, as far as one needs to know it again. */
export const OwnSession = z.object({
  id: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  /** Such as `Firefox, Linux`; null when the browser did not say. */
  device: z.string().nullable(),
  /** The network it was opened from: a /24 of IPv4 or a /48 of IPv6. */
  network: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** To within five minutes. */
  lastSeenAt: z.iso.datetime(),
});
export type OwnSession = z.infer<typeof OwnSession>;
/** `GET /account/sessions`, the current one first, then by when they were last seen; at most 100. */
export const OwnSessions = z.object({ sessions: z.array(OwnSession) });
export const SessionId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** `POST /account/password` */
export const PasswordChange = z.strictObject({ password: OwnPassword, newPassword: NewPassword });

/** `POST /account/totp` — begins an enrolment, in place of one that was not confirmed. */
export const TotpBegin = z.strictObject({ password: OwnPassword });
export const TotpEnrolment = z.object({
  /** For typing it in: base 32. */
  secret: z.string(),
  /** `otpauth://…`, for a QR code. */
  uri: z.string(),
});
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;

/** `POST /account/totp/confirm` — a first right code switches it on. */
export const TotpConfirm = z.strictObject({ code: z.string().regex(/^\d{6}$/) });
/** Told this once. Each opens one sign-in, in place of a code. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

/** `POST /account/totp/disable` and `POST /account/recovery-codes` */
export const PasswordAndCode = z.strictObject({ password: OwnPassword, code: Code });
