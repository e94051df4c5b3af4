import { createRoute } from '@hono/zod-openapi';
import { ClaimInput, RenewClaimsInput, RenewedClaims } from '../../../shared/contracts/claim.ts';
import { NoteInput } from '../../../shared/contracts/note.ts';
import { AdminOrder, UndoInput } from '../../../shared/contracts/order.ts';
import { forAdmins, requireAdmin } from '../authenticate.ts';
import { claimOrder } from '../claim-order.ts';
import { renewClaims } from '../claims.ts';
import { noteOrder } from '../note-order.ts';
import { readBody } from '../read-body.ts';
import { releaseClaim } from '../release-claims.ts';
import { undoChange } from '../undo-change.ts';
import { type ChangeDeps, changeOrder, NumberParameter, orderAndAdmin } from './change-order.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, type Routes, SESSION } from './describe.ts';

/** What several admins at one table need: who is on an order, what they tell each other, and a way back from a slip. */
export function teamworkRoutes(routes: Routes, deps: ChangeDeps): void {
  routes.openapi(
    createRoute({
      method: 'put',
      path: '/orders/{number}/claim',
      summary: 'Be on an order',
      description: 'Ends after 90 s without POST /claims/renew. Safe to repeat.',
      security: SESSION,
      middleware: [forAdmins, readBody],
      request: { params: NumberParameter, body: jsonBody(ClaimInput) },
      responses: {
        200: json(AdminOrder, 'The order, with its claim'),
        ...adminBodyProblems('not_found', 'already_claimed', 'bad_transition'),
      },
    }),
    async (c) => c.json(await changeOrder(deps, claimOrder, { ...c.req.valid('json'), ...orderAndAdmin(c) }), 200),
  );

  routes.openapi(
    createRoute({
      method: 'delete',
      path: '/orders/{number}/claim',
      summary: 'Be on an order no more',
      description: 'Safe to repeat.',
      security: SESSION,
      request: { params: NumberParameter },
      responses: {
        200: json(AdminOrder, 'The order, with nobody on it'),
        ...adminProblems('not_found', 'already_claimed'),
      },
    }),
    async (c) => c.json(await changeOrder(deps, releaseClaim, orderAndAdmin(c)), 200),
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/claims/renew',
      summary: 'Still be on these orders',
      description: 'To be called every 20 s by the page that holds them.',
      security: SESSION,
      middleware: [forAdmins, readBody],
      request: { body: jsonBody(RenewClaimsInput) },
      responses: { 200: json(RenewedClaims, 'Those that the admin is still on'), ...adminBodyProblems() },
    }),
    async (c) => {
      const held = await renewClaims(deps.changes, requireAdmin(c).id, c.req.valid('json').numbers);
      return c.json({ held }, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{number}/undo',
      summary: 'Take a change of status back',
      description: 'By whoever made it, within 10 s. Safe to repeat.',
      security: SESSION,
      middleware: [forAdmins, readBody],
      request: { params: NumberParameter, body: jsonBody(UndoInput) },
      responses: {
        200: json(AdminOrder, 'The order as it was before the change'),
        ...adminBodyProblems('not_found', 'stale_version', 'undo_expired', 'out_of_stock'),
      },
    }),
    async (c) => c.json(await changeOrder(deps, undoChange, { ...c.req.valid('json'), ...orderAndAdmin(c) }), 200),
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{number}/notes',
      summary: 'Write something down about an order',
      description: 'For the team alone. Safe to repeat with the same id.',
      security: SESSION,
      middleware: [forAdmins, readBody],
      request: { params: NumberParameter, body: jsonBody(NoteInput) },
      responses: {
        200: json(AdminOrder, 'The order; the note stands in its history'),
        ...adminBodyProblems('not_found', 'too_many_notes'),
      },
    }),
    async (c) => c.json(await changeOrder(deps, noteOrder, { ...c.req.valid('json'), ...orderAndAdmin(c) }), 200),
  );
}
