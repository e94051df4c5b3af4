import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HttpProblem } from './http-problem.ts';
import { type ShedOptions, shedLoad } from './shed-load.ts';
import { endWithoutReset } from './stop-listening.ts';

export interface HttpServerOptions {
  fetch: (request: Request, env: unknown) => Response | Promise<Response>;
  port: number;
  host: string;
  /** Takes a request off the framework's hands, for streams, which `load` does not count; true when it did. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Takes a request that `load` has let in off the framework's hands, to answer it for less; true when it did. */
  direct?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What is turned away, and how; without it at most 1,000 requests are worked on at once. */
  load?: ShedOptions;
  /** Lets other processes listen on the port as well; the kernel shares connections out. Linux and FreeBSD only. */
  reusePort?: boolean;
  /** Instead of 12 s, for tests. */
  stallMs?: number;
}

export interface HttpServer {
  server: Server;
  port: number;
  /** See `endWithoutReset`. Streams are in flight for ever: end them first. */
  close(deadlineMs: number): Promise<void>;
}

/** Whole request, headers included, must have arrived after this long (and a second: see below). */
const REQUEST_TIMEOUT_MS = 8_000;
const HEADERS_TIMEOUT_MS = 5_000;
/** A client that takes nothing for so long is cut, at the latest after twice as long. No answer is waited for longer. */
const STALL_MS = 12_000;
const MAX_IN_FLIGHT = 1_000;
/** Longer than a gateway's idle time-out usually is, so that the gateway closes first and no request is lost. */
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 20_000;
/** Connections that nobody has taken yet: whoever finds no place here tries again only after a second. */
const BACKLOG = 2_048;

/**
 * Listens, with every time and size bounded.
 * @throws the listen error (`EADDRINUSE`, `EACCES`) when the port cannot be had
 */
export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const listener = getRequestListener(options.fetch as Parameters<typeof getRequestListener>[0], {
    // With the adapter's own Response an answer's text goes out as it is. Node's would put it into a stream, out of
    // which it is read again: for a page of 100 kB that is a third of the work.
    overrideGlobalObjects: true,
    errorHandler: () => new HttpProblem(400, 'validation').toResponse(),
  });
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The two time-outs above are only looked at this often; Node's default of 30 s would hide them.
    connectionsCheckingInterval: 1000,
    // Checked below instead, where a problem can be answered.
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = options.stallMs ?? STALL_MS;
  const admit = shedLoad(options.load ?? { maxInFlight: MAX_IN_FLIGHT });
  const ending = endWithoutReset(server);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (countHosts(request) !== 1) {
      response.setHeader('Connection', 'close');
      new HttpProblem(400, 'validation', { detail: 'There must be one Host header.' }).sendTo(response);
      return;
    }
    if (options.intercept?.(request, response)) {
      // Streams have silences and stalls of their own.
      request.socket.setTimeout(0);
      return;
    }
    if (!admit(request, response) || options.direct?.(request, response)) return;
    void listener(request, response);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    keepUntilAnswered(request, response);
    ending.admit(response, () => answer(request, response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket));
  const { port, host, reusePort = false } = options;
  server.listen({ port, host, reusePort, backlog: BACKLOG });
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: ending.close,
  };
}

/** Node lets a second Host header pass (it is only discarded); gateways may have routed by it. */
function countHosts(request: IncomingMessage): number {
  let hosts = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** Requests of each connection that have not been answered yet; several when they are pipelined. */
const unanswered = new WeakMap<Socket, Set<IncomingMessage>>();

function keepUntilAnswered(request: IncomingMessage, response: ServerResponse): void {
  const requests = unanswered.get(request.socket) ?? new Set();
  unanswered.set(request.socket, requests.add(request));
  response.once('close', () => requests.delete(request));
}

/**
 * Answers what the parser could not read, or did not get in time, before any route has seen it. Behind a whole
 * request that is still being answered it hangs up instead: the refusal would be taken for that one's answer, and
 * the order that it places for refused.
 */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  const isBehindAnother = [...(unanswered.get(socket) ?? [])].some((request) => request.complete);
  if (error.code === 'ECONNRESET' || !socket.writable || isBehindAnother) {
    socket.destroy();
    return;
  }
  const { status, reason, code } = REFUSALS[error.code ?? ''] ?? BAD_REQUEST;
  const problem = new HttpProblem(status, code);
  const body = JSON.stringify(problem.body());
  const headers = { Connection: 'close', ...problem.headers(), 'Content-Length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
}

const BAD_REQUEST = { status: 400, reason: 'Bad Request', code: 'validation' };
const REFUSALS: Record<string, typeof BAD_REQUEST> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large', code: 'too_large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', code: 'timeout' },
};
