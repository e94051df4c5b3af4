import { randomUUID } from 'node:crypto';
import { goodOrder, type HostileCase, type Outcome } from './hostile-case.ts';

/** In ASCII, so that a character is a byte. */
const GOOD = JSON.stringify(goodOrder({ name: 'Zoe' }));

/** Requests whose beginning and end parsers along the way might see in different places. */
export const FRAMING_CASES: readonly HostileCase[] = [
  whole('two lengths', framed('Content-Length: 3\r\nContent-Length: 5', 'abcde'), 400),
  whole('the same length twice', framed(`Content-Length: ${GOOD.length}\r\nContent-Length: ${GOOD.length}`, GOOD), 400),
  whole('a list of lengths', framed('Content-Length: 3, 3', 'abc'), 400),
  whole('a length below nothing', framed('Content-Length: -1', ''), 400),
  whole('a length with a plus', framed('Content-Length: +3', 'abc'), 400),
  whole('a length in hexadecimal', framed('Content-Length: 0x3', 'abc'), 400),
  whole('a length beyond all numbers', framed(`Content-Length: ${'9'.repeat(30)}`, 'abc'), 400),
  whole(
    'a length and chunks',
    framed('Content-Length: 3\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET /stats HTTP/1.1\r\nHost: x\r\n\r\n'),
    400,
  ),
  whole('chunks and a length', framed('Transfer-Encoding: chunked\r\nContent-Length: 3', '0\r\n\r\n'), 400),
  whole('chunks twice', framed('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400),
  whole('chunks that are not last', framed('Transfer-Encoding: chunked, identity', '0\r\n\r\n'), 400),
  whole('chunks by another spelling', framed('Transfer-Encoding: xchunked', '0\r\n\r\n'), [400, 501]),
  whole('a space before the colon', framed('Content-Length : 3', 'abc'), 400),
  whole('a header that folds', framed('X-Fold: a\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 0', ''), 400),
  whole('a size that is no number', framed('Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'), 400),
  whole('a size below nothing', framed('Transfer-Encoding: chunked', '-1\r\n{}\r\n0\r\n\r\n'), 400),
  whole(
    'a size beyond all numbers',
    framed('Transfer-Encoding: chunked', 'ffffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
    400,
  ),
  whole('a chunk shorter than it says', framed('Transfer-Encoding: chunked', '8\r\n{}\r\n0\r\n\r\n'), 400),
  whole('a chunk longer than it says', framed('Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n'), 400),
  whole(
    'an extension of 20 kB',
    framed('Transfer-Encoding: chunked', `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
    [400, 413],
  ),
  whole('a trailer that is a header', framed('Transfer-Encoding: chunked', `0\r\nIdempotency-Key: x\r\n\r\n`), 400),
  whole('a good order in chunks of one byte', framed('Transfer-Encoding: chunked', chunks(GOOD)), 201),
  whole('lines that end in a line feed alone', 'GET /products HTTP/1.1\nHost: x\nConnection: close\n\n', [200, 400]),
  whole('a carriage return alone', 'GET /products HTTP/1.1\rHost: x\r\r', [400, 'silence']),
  whole('no host', 'GET /products HTTP/1.1\r\nConnection: close\r\n\r\n', 400),
  whole('HTTP/0.9', 'GET /products\r\n\r\n', 400),
  whole('HTTP/1.0 without a host', 'GET /products HTTP/1.0\r\n\r\n', 400),
  whole('HTTP/1.0', 'GET /products HTTP/1.0\r\nHost: x\r\n\r\n', 200),
  whole('HTTP/2 by prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
  whole('HTTP/9.9', 'GET /products HTTP/9.9\r\nHost: x\r\n\r\n', 400),
  whole('another protocol', 'HELO exemple.fr\r\nMAIL FROM:<x@exemple.fr>\r\n', 400),
  whole('TLS where there is none', Buffer.from('160301020001000001fc0303', 'hex'), 400),
  whole('a proxy header', 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /products HTTP/1.1\r\nHost: x\r\n\r\n', 400),
  whole('noise', Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 197 + 31) % 256)), [400, 'silence']),
];

function whole(name: string, bytes: string | Uint8Array, must: Outcome | readonly Outcome[]): HostileCase {
  return { name, request: { bytes }, must };
}

/** An order, framed by these headers. */
function framed(headers: string, body: string): string {
  const head = `POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: ${randomUUID()}`;
  return `${head}\r\nConnection: close\r\n${headers}\r\n\r\n${body}`;
}

function chunks(text: string): string {
  return `${[...text].map((character) => `1\r\n${character}\r\n`).join('')}0\r\n\r\n`;
}
