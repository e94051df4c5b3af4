import type { ServerResponse } from 'node:http';
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from './log.ts';

/**
 * An error that a program is told about, as RFC 9457 problem details.
 * `code` is stable; `detail` is for people; the cause stays inside.
 */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly extra: Record<string, unknown>;
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    options: { detail?: string; extra?: Record<string, unknown>; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.detail = options.detail;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  body(): Record<string, unknown> {
    return {
      type: `urn:msp:problem:${this.code}`,
      title: this.code.replaceAll('_', ' '),
      status: this.status,
      code: this.code,
      ...(this.detail ? { detail: this.detail } : {}),
      ...this.extra,
    };
  }

  headers(): Record<string, string> {
    return {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(this.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(this.retryAfterSeconds) }),
      ...(this.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    };
  }

  toResponse(): Response {
    return new Response(JSON.stringify(this.body()), { status: this.status, headers: this.headers() });
  }

  /** The same, where there is no framework between us and the socket. */
  sendTo(response: ServerResponse): void {
    const body = JSON.stringify(this.body());
    response.writeHead(this.status, { ...this.headers(), 'Content-Length': Buffer.byteLength(body) }).end(body);
  }
}

/** The problem that an error amounts to. Whatever nobody foresaw is `internal`, and says nothing of its cause. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof HTTPException && error.status < 500) {
    const codes: Record<number, string> = {
      401: 'unauthenticated',
      403: 'forbidden',
      404: 'not_found',
      405: 'method_not_allowed',
      413: 'too_large',
      415: 'unsupported_media_type',
    };
    const code = codes[error.status];
    return code
      ? new HttpProblem(error.status, code)
      : new HttpProblem(400, 'validation', { detail: 'The request could not be read.' });
  }
  // The platform's own parsers: JSON bodies, form bodies, URI escapes.
  if (error instanceof SyntaxError || error instanceof URIError) {
    return new HttpProblem(400, 'validation', { detail: 'The request could not be read.' });
  }
  return new HttpProblem(500, 'internal', { cause: error });
}

/** The one place where errors become answers. Logs those that are ours to explain. */
export function answeredProblem(error: unknown, log: Logger): HttpProblem {
  const problem = toProblem(error);
  if (problem.status >= 500) log.error({ err: problem.cause ?? problem, code: problem.code }, 'request failed');
  return problem;
}

/** `app.onError(problemHandler(log))` */
export function problemHandler(log: Logger): ErrorHandler {
  return (error) => answeredProblem(error, log).toResponse();
}

export const notFoundHandler: NotFoundHandler = (_c: Context) => new HttpProblem(404, 'not_found').toResponse();
