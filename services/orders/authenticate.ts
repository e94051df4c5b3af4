import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { may, type Right } from '../../shared/contracts/role.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Db } from './database.ts';
import type { RouteEnv } from './routes/describe.ts';
import { type Admin, findSession, seeSession } from './sessions.ts';

/** Who asks: an admin by session, or another of our services by its token. */
export type Caller = { kind: 'admin'; admin: Admin } | { kind: 'service' };

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets nobody pass whom it does not know. Mounted before every route that is not public, so that a new route is
 * closed unless somebody opens it.
 */
export function authenticate(
  { reads, changes }: { reads: Db; changes: Db },
  secrets: { session: string; service: string },
): MiddlewareHandler<RouteEnv> {
  const serviceDigest = digest(secrets.service);
  return async (c, next) => {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (!token) throw new HttpProblem(401, 'unauthenticated');
    if (timingSafeEqual(digest(token), serviceDigest)) {
      c.set('caller', { kind: 'service' });
    } else {
      const admin = await findSession(reads, secrets.session, token);
      if (!admin) throw new HttpProblem(401, 'unauthenticated');
      c.set('caller', { kind: 'admin', admin });
      // Nobody waits for it, and a time that could not be noted is noted with the next request.
      if (admin.isUnseen) seeSession(changes, admin.sessionId).catch(() => {});
    }
    await next();
  };
}

/** The admin who asks. @throws {HttpProblem} `forbidden` for services */
export function requireAdmin(c: Context<RouteEnv>): Admin {
  const { caller } = c.var;
  if (caller.kind !== 'admin') throw new HttpProblem(403, 'forbidden');
  return caller.admin;
}

/** For routes of admins that take a body: a service is refused before anything of it is read. */
export const forAdmins: MiddlewareHandler<RouteEnv> = async (c, next) => {
  requireAdmin(c);
  await next();
};

/** For routes of those who have this right: others, and services, are refused before anything of a body is read. */
export function forRight(right: Right): MiddlewareHandler<RouteEnv> {
  return async (c, next) => {
    if (!may(requireAdmin(c).role, right)) throw new HttpProblem(403, 'forbidden');
    await next();
  };
}

/** @throws {HttpProblem} `forbidden` for admins */
export function requireService(c: Context<RouteEnv>): void {
  if (c.var.caller.kind !== 'service') throw new HttpProblem(403, 'forbidden');
}
