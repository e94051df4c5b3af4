import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Gauge, type Registry } from 'prom-client';
import { HttpProblem } from '../shared/process/http-problem.ts';

/**
 * Forwards `/live/*` to the notifier, so that one port serves everything where no gateway does it.
 *
 * Bytes pass as they come, in the pace of the slower side, and nothing is kept. Whichever side goes, the other
 * is told at once: the notifier counts its subscribers, and browsers come back by cursor.
 */
export interface LiveProxy {
  /** For the server's `intercept`: true when the request was for a stream. */
  intercept(request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends every stream; browsers reconnect to another copy. */
  close(): void;
}

/** A notifier that is there answers at once, with headers at least. */
const ANSWER_MS = 10_000;
/** The notifier speaks every 15 s; this long a silence is a connection that died without a word. */
const SILENCE_MS = 60_000;

/** Of this connection alone (RFC 9110, 7.6.1), and what the connection to the notifier decides by itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function liveProxy(notifierUrl: string, registry: Registry): LiveProxy {
  const notifier = new URL(notifierUrl);
  const agent = new Agent({ keepAlive: false });
  const open = new Set<ServerResponse>();
  let closing = false;
  new Gauge({
    name: 'live_streams_forwarded',
    help: 'Streams that pass through this process',
    registers: [registry],
    collect() {
      this.set(open.size);
    },
  });

  function forward(request: IncomingMessage, response: ServerResponse, path: string): void {
    const upstream = httpRequest({
      agent,
      hostname: notifier.hostname,
      port: notifier.port,
      method: request.method,
      path,
      headers: endToEnd(request),
    });
    const answerTimer = setTimeout(() => upstream.destroy(new Error('no answer')), ANSWER_MS);
    open.add(response);
    response.on('close', () => {
      open.delete(response);
      clearTimeout(answerTimer);
      upstream.destroy();
    });
    upstream.on('response', (answer) => {
      clearTimeout(answerTimer);
      answer.socket.setTimeout(SILENCE_MS, () => answer.destroy());
      answer.socket.setNoDelay(true);
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
      // The first rows may be seconds away; the browser's state is «En direct» from the headers on.
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
      answer.on('close', () => (answer.complete ? response.end() : response.destroy()));
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else new HttpProblem(503, 'unavailable', { retryAfterSeconds: 2 }).sendTo(response);
    });
    // Streams are only asked for: whatever body came along is not read.
    upstream.end();
  }

  return {
    intercept(request, response) {
      const path = request.url ?? '';
      if (!path.startsWith('/live/')) return false;
      if (closing) new HttpProblem(503, 'unavailable', { retryAfterSeconds: 1 }).sendTo(response);
      else if (request.method !== 'GET') {
        response.setHeader('Allow', 'GET');
        new HttpProblem(405, 'method_not_allowed').sendTo(response);
      } else forward(request, response, path);
      return true;
    },
    close() {
      closing = true;
      for (const response of open) response.end();
      agent.destroy();
    },
  };
}

function endToEnd(message: IncomingMessage): Record<string, string | string[]> {
  const named = new Set((message.headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  return Object.fromEntries(
    Object.entries(message.headers).filter(
      (header): header is [string, string | string[]] =>
        header[1] !== undefined && !HOP_BY_HOP.has(header[0]) && !named.has(header[0]),
    ),
  );
}
