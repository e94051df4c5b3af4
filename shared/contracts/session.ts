import { z } from 'zod';
import { Role } from './role.ts';

/** What a sign-in may say beside who it is. */
const fromBrowser = {
  /** What `OpenedSession` said last in this browser: a device that has signed in before is not slowed by others' failures. */
  device: z.string().max(1024).optional(),
  /** The token of the session that this browser has had so far: it ends with the new one's beginning. */
  replaces: z.string().max(512).optional(),
};

/** Six digits of an app, or a recovery code in whatever grouping. */
export const Code = z.string().min(1).max(40);

export const Credentials = z.strictObject({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(1024),
  /** The second factor, for admins who have one. */
  code: Code.optional(),
  ...fromBrowser,
});

/** `POST /sessions/second-step`: the ticket that came with `totp_required` stands for the password. */
export const SecondStep = z.strictObject({ ticket: z.string().min(1).max(200), code: Code, ...fromBrowser });
/** How long that ticket is good for. */
export const TICKET_SECONDS = 5 * 60;

export const OpenedSession = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  name: z.string(),
  /** To be kept by the browser for its next sign-in, by any admin. It opens nothing. */
  device: z.string(),
});
export type OpenedSession = z.infer<typeof OpenedSession>;

/** `GET /sessions/current` — who holds this session. */
export const CurrentSession = z.object({
  /** The admin's; absent from orders processes of a version before. */
  id: z.int().min(1).optional(),
  name: z.string(),
  email: z.string(),
  /** The least, when an older process does not say. */
  role: Role.default('staff'),
  expiresAt: z.iso.datetime(),
});

/**
 * `GET /sessions/revoked`, for services: ids of sessions that were ended before they expired.
 * Complete every time, so that a notifier that missed an answer needs no catching up.
 */
export const RevokedSessions = z.object({ revoked: z.array(z.string()) });

/** The admin's cookie over HTTPS and over plain HTTP (where a browser refuses the prefix). */
export const SESSION_COOKIE_SECURE = '__Host-msp_session';
export const SESSION_COOKIE = 'msp_session';
/** How long a session lasts, unless it is ended before. */
export const SESSION_SECONDS = 12 * 3_600;
/** Holds `OpenedSession.device`, for as long as orders believes it. */
export const DEVICE_COOKIE = 'msp_device';
export const DEVICE_SECONDS = 180 * 86_400;
