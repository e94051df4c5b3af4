import type { MiddlewareHandler } from 'hono';
import { HttpProblem } from '../../shared/process/http-problem.ts';

interface RegisteredRoute {
  method: string;
  path: string;
}

/**
 * Answers 405 with Allow where the path is known and the method is not. Reads the routes when first asked, because
 * it stands before them.
 */
export function methodGuard(routes: () => readonly RegisteredRoute[]): MiddlewareHandler {
  let known: { pattern: RegExp; methods: Set<string> }[] | undefined;
  return async (c, next) => {
    known ??= byPath(routes());
    const matching = known.filter(({ pattern }) => pattern.test(c.req.path));
    const allowed = new Set(matching.flatMap(({ methods }) => [...methods]));
    if (matching.length > 0 && !allowed.has(c.req.method)) {
      const answer = new HttpProblem(405, 'method_not_allowed').toResponse();
      answer.headers.set('Allow', [...allowed].sort().join(', '));
      return answer;
    }
    return next();
  };
}

function byPath(routes: readonly RegisteredRoute[]) {
  const handlers = routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'));
  return [...Map.groupBy(handlers, ({ path }) => path)].map(([path, same]) => {
    const methods = new Set(same.map(({ method }) => method));
    // Hono answers HEAD as GET without the body.
    if (methods.has('GET')) methods.add('HEAD');
    return { pattern: new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`), methods };
  });
}
