import type { HostileCase, Outcome } from './hostile-case.ts';

/** What stream cases need to know of the notifier that they are sent to. */
export interface StreamTarget {
  /** An admin's session, one that has expired, and one that was ended. */
  session: string;
  expired: string;
  ended: string;
  shopperToken: string;
  number: string;
  epoch: string;
  head: number;
}

type Header = readonly [name: string, value: string];
type Must = Outcome | readonly Outcome[];

/** Addresses, cursors and sessions of streams. A stream that is opened is 200. */
export function streamCases(target: StreamTarget): readonly HostileCase[] {
  const { session, shopperToken, epoch, head } = target;
  const cookie = (text: string): Header => ['Cookie', text];
  const admin = cookie(`msp_session=${session}`);
  const get = (path: string, must: Must, ...headers: Header[]): HostileCase => ({
    name: `GET ${path.slice(0, 80)} ${headers.map((header) => header.join(': ').slice(0, 50))}`,
    request: { target: path, headers, streams: true },
    must,
  });
  const after = (cursor: string, must: Must) => [
    get(`/live/orders?after=${cursor}`, must, admin),
    get('/live/orders', must, admin, ['Last-Event-ID', decodeURIComponent(cursor)]),
    get(`/live/order/${shopperToken}?after=${cursor}`, must),
  ];
  return [
    get('/live/orders', 200, admin),
    get(`/live/order/${shopperToken}`, 200),
    ...after(`${epoch}.${head}`, 200),
    // These cannot be gone on from: the page is told to ask for its rows anew.
    ...after(`${epoch}.${head + 1_000_000}`, 200),
    ...after(`${epoch}.999999999999999`, 200),
    ...after(`zzzzzzzzzzzz.${head}`, 200),
    ...after(`${epoch}.-1`, 400),
    ...after(`${epoch}.01`, 400),
    ...after(`${epoch}.1e3`, 400),
    ...after(`${epoch}.1.5`, 400),
    ...after(`${epoch}.9007199254740993`, 400),
    ...after(`${epoch}.${'9'.repeat(400)}`, 400),
    ...after(`${epoch}.`, 400),
    ...after(epoch, 400),
    ...after('__proto__.1', 400),
    ...after(`${epoch}.1%20`, [200, 400]),
    ...after("'or'1'='1.1", 400),
    ...after('NaN', 400),
    ...after('%F0%9F%90%9D.1', 400),
    get(`/live/orders?after=${epoch}.1%0aevent:%20reset`, 400, admin),
    get(`/live/orders?after=${epoch}.1%00`, 400, admin),
    get(`/live/orders?after=${epoch}.0&after=x`, 200, admin),
    get('/live/orders?after=', 200, admin),
    get('/live/orders?view=__proto__', 400, admin),
    get('/live/orders?view=constructor', 400, admin),
    get('/live/orders?view=EN_COURS', 400, admin),
    get('/live/orders?view=', 400, admin),
    get('/live/orders?view=all%00', 400, admin),
    get('/live/orders?view=en_cours&view=x', 200, admin),
    get('/live/orders?%zz=%ff&view=all', 200, admin),
    get(`/live/orders?${'x'.repeat(17_000)}`, 431, admin),
    get('/live/orders/', 404, admin),
    get('/live//orders', 404, admin),
    get('/live/orders%00', 404, admin),
    get('/live/../live/orders', 404, admin),
    get('/live/%6frders', 404, admin),
    get('/LIVE/orders', 404, admin),
    get('http://evil.example/live/orders', 404, admin),
    get('/live/order/', 404),
    get('/live/order/__proto__', 404),
    get('/live/order/0', 404),
    get(`/live/order/${target.number}`, 404),
    get(`/live/order/${shopperToken.slice(0, -1)}`, 404),
    get(`/live/order/${shopperToken}%00`, 404),
    get(`/live/order/${shopperToken}/`, 404),
    get(`/live/order/${shopperToken}/..`, 404),
    get(`/live/order/${'A'.repeat(32)}`, 404),
    get(`/live/order/${'A'.repeat(10_000)}`, 404),
    get(`/live/order/${session}`, 404),
    get('/live/orders', 401),
    get(`/live/orders?session=${session}&token=${session}`, 401),
    get('/live/orders', 401, cookie(`msp_session=${target.expired}`)),
    get('/live/orders', 401, cookie(`msp_session=${target.ended}`)),
    get('/live/orders', 401, ['Authorization', `Bearer ${target.ended}`]),
    get('/live/orders', 401, cookie(`msp_session=${shopperToken}`)),
    get('/live/orders', 401, cookie('msp_session=')),
    get('/live/orders', 401, cookie('msp_session=%00%')),
    get('/live/orders', 401, cookie('__proto__=x; constructor=y')),
    get('/live/orders', 401, cookie(`msp_session=${'x'.repeat(10_000)}`)),
    get('/live/orders', 401, cookie(`msp_session=${session.slice(0, -1)}`)),
    get('/live/orders', 401, cookie(`MSP_SESSION=${session}`)),
    get('/live/orders', 401, ['Authorization', `Basic ${session}`]),
    get('/live/orders', 401, ['Authorization', `Bearer ${session} x`]),
    // What is shown counts, the first that has a right form: never the sum of several.
    get('/live/orders', 401, admin, ['Authorization', 'Bearer x']),
    get('/live/orders', 403, admin, ['Sec-Fetch-Site', 'cross-site']),
    get('/live/orders', 403, admin, ['Sec-Fetch-Site', 'same-site']),
    get('/live/orders', 403, admin, ['Sec-Fetch-Site', 'x']),
    get(`/live/order/${shopperToken}`, 403, ['Sec-Fetch-Site', 'cross-site']),
    get('/live/orders', 200, admin, ['Range', 'bytes=0-'], ['If-None-Match', '*'], ['Accept', 'image/png']),
    get('/live/orders', 200, admin, ['Expect', '100-continue']),
    get('/live/orders', 417, admin, ['Expect', 'x']),
    get('/live/orders', 400, admin, ['Host', 'a'], ['Host', 'b']),
    get('/live/orders', 200, admin, ['Last-Event-ID', '']),
    get('/live/orders', 400, admin, ['Last-Event-ID', `${epoch}.1`], ['Last-Event-ID', `${epoch}.0`]),
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'].map(
      (method): HostileCase => ({
        name: `${method} /live/orders`,
        request: { method, target: '/live/orders', headers: [admin], body: 'x' },
        must: 405,
      }),
    ),
  ];
}
