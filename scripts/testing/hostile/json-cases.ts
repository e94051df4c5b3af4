import { gzipSync } from 'node:zlib';
import { goodOrder, type HostileCase, placing, placingText } from './hostile-case.ts';

const GOOD = JSON.stringify(goodOrder());
const withType = (type: string, body: string | Uint8Array = GOOD) => placing(body, [['Content-Type', type]]);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** A good order that also holds this member. */
const holding = (member: string) => placing(`${GOOD.slice(0, -1)},${member}}`);

/** Bodies that are no JSON, not ours, or not what they say. */
export const JSON_CASES: readonly HostileCase[] = [
  { name: 'no body', request: placing(''), must: 400 },
  { name: 'white space', request: placing(' \n\t '), must: 400 },
  { name: 'null', request: placing('null'), must: 400 },
  { name: 'true', request: placing('true'), must: 400 },
  { name: 'a text', request: placing(JSON.stringify(GOOD)), must: 400 },
  { name: 'a list of one order', request: placing(`[${GOOD}]`), must: 400 },
  { name: 'an empty object', request: placing('{}'), must: 400 },
  { name: 'cut short', request: placing(GOOD.slice(0, -1)), must: 400 },
  { name: 'something behind it', request: placing(`${GOOD}x`), must: 400 },
  { name: 'another order behind it', request: placing(GOOD + GOOD), must: 400 },
  { name: 'NUL behind it', request: placing(`${GOOD}\0`), must: 400 },
  { name: 'a byte order mark, which a reader may pass over', request: placing(`\ufeff${GOOD}`), must: 201 },
  { name: 'a trailing comma', request: placing(`${GOOD.slice(0, -1)},}`), must: 400 },
  { name: 'a comment', request: placing(`/* x */${GOOD}`), must: 400 },
  { name: 'single quotes', request: placing(GOOD.replaceAll('"', "'")), must: 400 },
  { name: 'a raw line feed in a text', request: placingText('Zoé', 'Zo\né'), must: 400 },
  { name: 'a raw NUL in a text', request: placingText('Zoé', 'Zo\0é'), must: 400 },
  { name: 'an escape that is none', request: placingText('Zoé', 'Zo\\x41'), must: 400 },
  { name: 'an escape cut short', request: placingText('Zoé', 'Zo\\u12'), must: 400 },
  { name: 'an escape of half a character', request: placingText('Zoé', 'Zo\\ud800'), must: 400 },
  { name: 'escapes of a whole character', request: placingText('Zoé', 'Zo\\u00e9 \\ud83d\\udc1d'), must: 201 },
  { name: '100 lists deep', request: holding(`"x":${nested(100)}`), must: 400 },
  { name: '10,000 lists deep', request: holding(`"notes":${nested(10_000)}`), must: 400 },
  { name: '10,000 objects deep', request: placing(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), must: 400 },
  { name: 'nothing but open brackets', request: placing('['.repeat(60_000)), must: 400 },
  { name: 'a list of 20,000', request: holding(`"notes":[${'1,'.repeat(20_000)}1]`), must: 400 },
  { name: '5,000 unknown members', request: holding(members(5000)), must: 400 },
  { name: 'a name twice', request: holding('"name":"Mallory"'), must: 400 },
  { name: 'a name twice, the same', request: holding('"name":"Zoé Lambert"'), must: 400 },
  { name: 'a name twice, once escaped', request: holding('"na\\u006de":"Mallory"'), must: 400 },
  { name: 'lines twice', request: holding('"lines":[{"productId":1,"quantity":99}]'), must: 400 },
  { name: 'a quantity twice', request: placingText('"quantity":1', '"quantity":1,"quantity":99'), must: 400 },
  { name: 'a member of __proto__', request: holding('"__proto__":{"status":"terminee"}'), must: 400 },
  { name: 'a member of constructor', request: holding('"constructor":{"prototype":{"x":1}}'), must: 400 },
  { name: '__proto__ in a line', request: placingText('"quantity":1', '"quantity":1,"__proto__":{"x":1}'), must: 400 },
  { name: '__proto__ instead of a name', request: placingText('"name"', '"__proto__"'), must: 400 },
  { name: 'an empty member name', request: holding('"":1'), must: 400 },
  { name: 'a member that is not ours', request: holding('"x":1'), must: 400 },
  { name: 'the largest body', request: placing(GOOD + ' '.repeat(65_536 - Buffer.byteLength(GOOD))), must: 201 },
  { name: 'one byte more', request: placing(GOOD + ' '.repeat(65_537 - Buffer.byteLength(GOOD))), must: 413 },
  { name: 'ten megabytes', request: placing(Buffer.alloc(10_000_000, ' ')), must: [413, 'silence'] },
  { name: 'bytes that are no UTF-8', request: placing(Buffer.from(GOOD, 'latin1')), must: 400 },
  { name: 'a lone continuation byte', request: placing(spliced(0x80)), must: 400 },
  { name: 'an overlong slash', request: placing(spliced(0xc0, 0xaf)), must: 400 },
  { name: 'an overlong NUL', request: placing(spliced(0xc0, 0x80)), must: 400 },
  { name: 'a surrogate in UTF-8', request: placing(spliced(0xed, 0xa0, 0x80)), must: 400 },
  { name: 'a code point beyond the last', request: placing(spliced(0xf4, 0x90, 0x80, 0x80)), must: 400 },
  { name: 'UTF-16', request: placing(Buffer.from(GOOD, 'utf16le')), must: 400 },
  {
    name: 'UTF-16, as it says',
    request: withType('application/json; charset=utf-16', Buffer.from(GOOD, 'utf16le')),
    must: 415,
  },
  {
    name: 'Latin 1, as it says',
    request: withType('application/json; charset=latin1', Buffer.from(GOOD, 'latin1')),
    must: 415,
  },
  { name: 'UTF-8, as it says', request: withType('application/json; charset="UTF-8"'), must: 201 },
  { name: 'gzip', request: placing(gzipSync(GOOD), [['Content-Encoding', 'gzip']]), must: 415 },
  { name: 'gzip that says nothing of it', request: placing(gzipSync(GOOD)), must: 400 },
  {
    name: 'gzip, chunked',
    request: { ...placing('5\r\nhello\r\n0\r\n\r\n', [['Transfer-Encoding', 'gzip, chunked']]) },
    must: [400, 501],
  },
  { name: 'plain text', request: withType('text/plain'), must: 415 },
  { name: 'a form', request: withType('application/x-www-form-urlencoded', 'name=x'), must: 415 },
  { name: 'a form with files', request: withType('multipart/form-data; boundary=x', '--x--'), must: 415 },
  {
    name: 'XML',
    request: withType('application/xml', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    must: 415,
  },
  { name: 'a type like ours', request: withType('application/jsonp'), must: 415 },
  { name: 'two types', request: withType('application/json, text/plain'), must: 415 },
  { name: 'a type with a parameter', request: withType('application/json; x=y'), must: 415 },
  { name: 'no type', request: withType(''), must: 415 },
];

/** A good order with these bytes in its name. */
function spliced(...bytes: number[]): Buffer {
  const [before, after] = GOOD.split('Zoé') as [string, string];
  return Buffer.concat([Buffer.from(before), Buffer.from('Zo'), Buffer.from(bytes), Buffer.from(after)]);
}

function members(count: number): string {
  return Array.from({ length: count }, (_, i) => `"x${i}":1`).join(',');
}
