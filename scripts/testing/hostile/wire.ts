import { connect } from 'node:net';

/** A request as it goes over the wire: nothing is added to it, checked or repaired, as a client library would. */
export interface WireRequest {
  /** `GET` unless told. */
  method?: string;
  /** What stands between method and version, `/` unless told. */
  target?: string;
  headers?: readonly (readonly [name: string, value: string])[];
  /** Sent with its Content-Length unless the headers frame it themselves. */
  body?: string | Uint8Array;
  /** The whole request, bytes and all, for what the fields above cannot say. */
  bytes?: string | Uint8Array;
  /** How many answers to wait for; 1 unless requests are pipelined. */
  answers?: number;
  /** Whether the answer may be a stream, of which the head is enough. */
  streams?: boolean;
}

export interface WireAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Far longer than any time-out of the servers, so that only what hangs for ever is missed. */
const PATIENCE_MS = 30_000;

/**
 * Sends a request over a socket of its own and reads what comes back.
 * @returns the final answers, those of 1xx left out; none when the server closed without a word
 * @throws when neither an answer nor an end came within 30 s
 */
export async function exchange(url: string, request: WireRequest): Promise<WireAnswer[]> {
  const { hostname, port } = new URL(url);
  const wanted = request.answers ?? 1;
  const isHead = request.method === 'HEAD';
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    const finish = (ended: boolean) => {
      const answers = readAnswers(received, ended, isHead, request.streams ?? false);
      if (!ended && answers.length < wanted) return;
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer to ${String(request.bytes ?? request.target).slice(0, 200)}`));
    }, PATIENCE_MS);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      finish(false);
    });
    // A server that refuses early may reset the connection while the rest is still being written.
    socket.on('error', () => {});
    socket.on('close', () => finish(true));
    socket.write(bytesOf(request, `${hostname}:${port}`));
  });
}

/** One request, one answer; undefined when the server closed without a word. */
export async function send(url: string, request: WireRequest): Promise<WireAnswer | undefined> {
  return (await exchange(url, request))[0];
}

function bytesOf(request: WireRequest, host: string): Uint8Array {
  if (request.bytes !== undefined) return Buffer.from(request.bytes as string);
  const { method = 'GET', target = '/', headers = [], body } = request;
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const framed = body === undefined || given.has('content-length') || given.has('transfer-encoding');
  const all = [
    ...(given.has('host') ? [] : [['Host', host] as const]),
    ...headers,
    ...(framed ? [] : [['Content-Length', String(Buffer.byteLength(body))] as const]),
    ...(given.has('connection') ? [] : [['Connection', 'close'] as const]),
  ];
  const head = `${method} ${target} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from((body ?? '') as string)]);
}

/** The complete answers at the beginning of what was received. */
function readAnswers(received: Buffer, ended: boolean, isHead: boolean, streams: boolean): WireAnswer[] {
  const answers: WireAnswer[] = [];
  let rest = received;
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return answers;
    const [statusLine = '', ...lines] = rest.subarray(0, headEnd).toString('latin1').split('\r\n');
    const status = Number(statusLine.split(' ')[1]);
    const headers = new Headers(lines.map((line) => splitHeader(line)));
    const isStream = streams && headers.get('content-type')?.startsWith('text/event-stream');
    const hasBody = !isHead && !isStream && status >= 200 && status !== 204 && status !== 304;
    const read = hasBody ? readBody(rest.subarray(headEnd + 4), headers, ended) : { body: Buffer.alloc(0), length: 0 };
    if (!read) return answers;
    if (status >= 200) answers.push({ status, headers, body: read.body.toString('utf8') });
    rest = rest.subarray(headEnd + 4 + read.length);
  }
}

function splitHeader(line: string): [string, string] {
  const at = line.indexOf(':');
  return [line.slice(0, at), line.slice(at + 1).trim()];
}

function readBody(bytes: Buffer, headers: Headers, ended: boolean): { body: Buffer; length: number } | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes);
  const announced = headers.get('content-length');
  if (announced === null) return ended ? { body: bytes, length: bytes.length } : undefined;
  const length = Number(announced);
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length), length };
}

function readChunks(bytes: Buffer): { body: Buffer; length: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const chunkEnd = lineEnd + 2 + size;
    if (bytes.length < chunkEnd + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), length: chunkEnd + 2 };
    chunks.push(bytes.subarray(lineEnd + 2, chunkEnd));
    at = chunkEnd + 2;
  }
}
