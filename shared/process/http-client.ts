import { Agent, type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { Agent as AgentTls, request as requestHttps } from 'node:https';

/** What a call to another process came to. A program's refusal is an answer, not an exception. */
export interface CallResult {
  status: number;
  /** Parsed JSON; undefined when the body was empty or not JSON. Bytes, where they were asked for and the answer is 200. */
  body: unknown;
  headers: IncomingHttpHeaders;
}

/** No answer: refused, reset, or out of time. Whether the other side did the work is unknown. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  /** A body that is no JSON. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** What the answer's body is to be; JSON unless told. */
  as?: 'json' | 'bytes';
  /** For the whole call, all attempts included, in milliseconds. */
  deadlineMs: number;
  /**
   * How often the call may be made in all (1 to 5). More than one only for calls that are safe to repeat.
   * Repeated on no answer and on 408, 503 and 504, after 50 ms doubling, with jitter.
   */
  attempts?: number;
  /** One attempt's share of the deadline, in milliseconds; the deadline itself unless told. */
  attemptMs?: number;
}

/** The request came too late or not whole (a process that was frozen says so when it wakes), overload, time-out. */
const REPEATABLE = new Set([408, 503, 504]);

/**
 * Calls another process and waits no longer than the deadline.
 * @throws {NoAnswer} when the last attempt got none
 */
export async function call(url: string, options: CallOptions): Promise<CallResult> {
  const end = performance.now() + options.deadlineMs;
  const attempts = options.attempts ?? 1;
  for (let attempt = 1; ; attempt += 1) {
    const left = end - performance.now();
    try {
      const result = await once(url, options, Math.max(1, Math.ceil(Math.min(left, options.attemptMs ?? left))));
      if (!REPEATABLE.has(result.status) || attempt >= attempts) return result;
    } catch (error) {
      if (attempt >= attempts || performance.now() >= end) throw new NoAnswer('no answer', { cause: error });
    }
    const pauseMs = 50 * 2 ** (attempt - 1) * (0.5 + Math.random());
    if (performance.now() + pauseMs >= end) throw new NoAnswer('out of time');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function once(url: string, options: CallOptions, timeoutMs: number): Promise<CallResult> {
  const { json, bytes } = options;
  const body = json === undefined ? bytes : JSON.stringify(json);
  const headers = {
    Accept: 'application/json',
    ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(bytes === undefined ? {} : { 'Content-Type': 'application/octet-stream' }),
    ...options.headers,
  };
  const answer = await exchange(url, { method: options.method ?? 'GET', headers }, body, timeoutMs);
  if (options.as === 'bytes' && answer.status === 200) return { ...answer, body: new Uint8Array(answer.body) };
  return { ...answer, body: parse(answer.body.toString('utf8')) };
}

const keepAlive = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: 64 } as const;
const agents = { 'http:': new Agent(keepAlive), 'https:': new AgentTls(keepAlive) };

/** One request and its whole answer. By node:http, because `fetch` takes twice the time, and as much again of the collector's. */
function exchange(
  url: string,
  options: { method: string; headers: Record<string, string> },
  body: string | Uint8Array | undefined,
  timeoutMs: number,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer<ArrayBuffer> }> {
  return new Promise((resolve, reject) => {
    const isTls = url.startsWith('https:');
    const request = (isTls ? requestHttps : requestHttp)(url, {
      ...options,
      agent: agents[isTls ? 'https:' : 'http:'],
    });
    const timer = setTimeout(() => request.destroy(new Error('out of time')), timeoutMs);
    request.once('close', () => clearTimeout(timer));
    request.on('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode as number,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
