import { randomUUID } from 'node:crypto';
import { asAdmin, goodOrder, type HostileCase, placing, type Target } from './hostile-case.ts';

const GOOD = JSON.stringify(goodOrder());
type Header = readonly [name: string, value: string];
const withHeaders = (...headers: Header[]) => placing(GOOD, headers);
const key = (text: string) => withHeaders(['Idempotency-Key', text]);
const bearing = (authorization: string) => ({
  target: '/stats',
  headers: [['Authorization', authorization]] as Header[],
});

/** Headers that are doubled, huge, of the wrong form, or mean to change what the request is. */
export const headerCases = (target: Target): readonly HostileCase[] => [
  { name: 'no key', request: { ...placing(GOOD), headers: [['Content-Type', 'application/json']] }, must: 400 },
  { name: 'an empty key', request: key(''), must: 400 },
  { name: 'a key of 255 characters', request: key(randomUUID().padEnd(255, 'k')), must: 201 },
  { name: 'a key of 256 characters', request: key('k'.repeat(256)), must: 400 },
  { name: 'a key of 300 characters', request: key('k'.repeat(300)), must: 400 },
  { name: 'a key with a space', request: key('a b'), must: 400 },
  { name: 'a key with a tab', request: key('a\tb'), must: 400 },
  { name: 'a key with NUL', request: key('a\0b'), must: 400 },
  { name: 'a key with a line feed', request: key('a\nb'), must: 400 },
  { name: 'a key with a header behind it', request: key('a\r\nX-Admin: 1'), must: 201 },
  { name: 'a key that folds', request: key('a\r\n b'), must: 400 },
  { name: 'a key with an accent', request: key('clé'), must: 400 },
  { name: 'a key of SQL', request: key(`'or'1'='1--${randomUUID()}`), must: 201 },
  { name: 'a key of a prototype', request: key('__proto__'), must: 201 },
  { name: 'a key of a constructor', request: key('constructor'), must: 201 },
  { name: 'two keys', request: withHeaders(['Idempotency-Key', 'one'], ['Idempotency-Key', 'two']), must: 400 },
  {
    name: 'the same key twice',
    request: withHeaders(['Idempotency-Key', 'one'], ['idempotency-key', 'one']),
    must: 400,
  },
  {
    name: 'two types',
    request: withHeaders(['Content-Type', 'application/json'], ['Content-Type', 'text/plain']),
    must: [201, 415],
  },
  { name: 'a header of 20 kB', request: withHeaders(['X-Huge', 'x'.repeat(20_000)]), must: 431 },
  {
    name: '3,000 headers',
    request: withHeaders(...Array.from({ length: 3000 }, (_, i): Header => [`X-${i}`, 'x'])),
    must: 431,
  },
  {
    name: '500 headers',
    request: withHeaders(...Array.from({ length: 500 }, (_, i): Header => [`X-${i}`, 'x'])),
    must: 201,
  },
  { name: 'a header without a name', request: withHeaders(['', 'x']), must: 400 },
  { name: 'a header name with a space', request: withHeaders(['X Y', 'x']), must: 400 },
  { name: 'a header name with an accent', request: withHeaders(['X-É', 'x']), must: 400 },
  { name: 'a header name of a prototype', request: withHeaders(['__proto__', 'x'], ['constructor', 'x']), must: 201 },
  { name: 'a header value that is no UTF-8', request: withHeaders(['X-Name', 'caf\udcff']), must: 201 },
  { name: 'two hosts', request: withHeaders(['Host', 'a.example'], ['Host', 'b.example']), must: 400 },
  { name: 'an empty host', request: withHeaders(['Host', '']), must: [201, 400] },
  { name: 'a host that is none', request: withHeaders(['Host', 'a b<>"/..']), must: 400 },
  { name: 'a host with a user', request: withHeaders(['Host', 'x@y']), must: 400 },
  { name: 'a host of the cloud', request: withHeaders(['Host', '169.254.169.254']), must: 201 },
  { name: 'another site', request: withHeaders(['Origin', 'https://evil.example']), must: 403 },
  { name: 'a null origin', request: withHeaders(['Origin', 'null']), must: 403 },
  { name: 'a fetch from another site', request: withHeaders(['Sec-Fetch-Site', 'cross-site']), must: 403 },
  {
    name: 'another method, smuggled',
    request: withHeaders(['X-HTTP-Method-Override', 'DELETE'], ['X-Method', 'GET']),
    must: 201,
  },
  {
    name: 'another address, smuggled',
    request: withHeaders(['X-Original-URL', '/stats'], ['X-Rewrite-URL', '/stats']),
    must: 201,
  },
  { name: 'an expectation that can be met', request: withHeaders(['Expect', '100-continue']), must: 201 },
  { name: 'an expectation that nobody knows', request: withHeaders(['Expect', 'miracles']), must: 417 },
  {
    name: 'an upgrade to HTTP/2',
    request: withHeaders(
      ['Upgrade', 'h2c'],
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
    ),
    must: 201,
  },
  {
    name: 'an upgrade to a web socket',
    request: {
      target: '/products',
      headers: [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ['Sec-WebSocket-Version', '13'],
      ],
    },
    must: 200,
  },
  { name: 'a range', request: { target: '/products', headers: [['Range', 'bytes=0-1,5-9,-1']] }, must: 200 },
  {
    name: 'conditions',
    request: {
      target: '/products',
      headers: [
        ['If-None-Match', '*'],
        ['If-Modified-Since', 'x'],
        ['If-Match', '"x"'],
      ],
    },
    must: 200,
  },
  {
    name: 'an answer in no form that we have',
    request: {
      target: '/products',
      headers: [
        ['Accept', 'image/*;q=x'],
        ['Accept-Encoding', 'x;q=9'],
        ['Accept-Charset', 'x'],
        ['Accept-Language', '*'],
      ],
    },
    must: 200,
  },
  { name: 'no word of who asks', request: { target: '/stats' }, must: 401 },
  { name: 'an empty bearer', request: bearing('Bearer '), must: 401 },
  { name: 'a bearer of spaces', request: bearing('Bearer    '), must: 401 },
  { name: 'a bearer of undefined', request: bearing('Bearer undefined'), must: 401 },
  { name: 'a bearer of SQL', request: bearing("Bearer 'or'1'='1"), must: 401 },
  { name: 'a bearer of 10 kB', request: bearing(`Bearer ${'x'.repeat(10_000)}`), must: 401 },
  { name: 'a bearer that is no ASCII', request: bearing('Bearer clé'), must: 401 },
  { name: 'a bearer and something behind it', request: bearing(`Bearer ${target.session} x`), must: 401 },
  {
    name: 'a session as a password',
    request: bearing(`Basic ${Buffer.from(`x:${target.session}`).toString('base64')}`),
    must: 401,
  },
  { name: "a shopper's token as a session", request: bearing(`Bearer ${target.order.token}`), must: 401 },
  { name: 'a number as a session', request: bearing(`Bearer ${target.order.number}`), must: 401 },
  { name: "a session's id alone", request: bearing(`Bearer ${target.session.split('.')[0]}`), must: 401 },
  { name: 'a session with its MAC cut short', request: bearing(`Bearer ${target.session.slice(0, -1)}`), must: 401 },
  { name: 'a session with its end put off', request: bearing(`Bearer ${putOff(target.session)}`), must: 401 },
  {
    name: 'a session in the cookie, which is for pages',
    request: { target: '/stats', headers: [['Cookie', `msp_session=${target.session}`]] },
    must: 401,
  },
  {
    name: 'a session in the address',
    request: { target: `/stats?token=${target.session}&access_token=${target.session}` },
    must: 401,
  },
  { name: 'a service where only admins may', request: bearing(`Bearer ${target.serviceToken}`), must: 403 },
  { name: 'an admin where only services may', request: asAdmin(target, { target: '/sessions/revoked' }), must: 403 },
];

function putOff(session: string): string {
  const [id, expiry, mac] = session.split('.') as [string, string, string];
  return `${id}.${(Number.parseInt(expiry, 36) + 1).toString(36)}.${mac}`;
}
