import { randomUUID } from 'node:crypto';
import type { HostileCase, Outcome, Target } from './hostile-case.ts';
import type { WireRequest } from './wire.ts';

type Header = readonly [name: string, value: string];
type Must = Outcome | readonly Outcome[];

/** What page cases need to know beside the rest. */
export interface PageTarget extends Target {
  /** `http://host:port` of the pages, which every form has to come from. */
  origin: string;
  /** Of the product with id 1. */
  priceCents: number;
}

const PAGE: Header = ['Accept', 'text/html'];
const FORM: Header = ['Content-Type', 'application/x-www-form-urlencoded'];

/** A form as a browser posts it. */
export function posting(origin: string, target: string, body: string | Uint8Array, headers: readonly Header[] = []) {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const usual = [PAGE, FORM, ['Origin', origin] as const].filter(([name]) => !given.has(name.toLowerCase()));
  return { method: 'POST', target, headers: [...usual, ...headers], body } satisfies WireRequest;
}

/** The form of `/checkout`, for one unit of product 1. */
export function checkingOut({ origin, priceCents }: PageTarget, fields: Record<string, string>): WireRequest {
  const usual = { key: randomUUID(), lines: `1x1at${priceCents}`, name: 'Zoé Lambert', email: 'zoe@exemple.fr' };
  return posting(origin, '/checkout', new URLSearchParams({ ...usual, ...fields }).toString());
}

/** Addresses, forms, cookies and headers of the pages. */
export function pageCases(target: PageTarget): readonly HostileCase[] {
  const { origin, priceCents, session, order } = target;
  const cookie = (text: string): Header => ['Cookie', text];
  const signedIn = cookie(`msp_session=${session}`);
  const get = (path: string, must: Must, ...headers: Header[]): HostileCase => ({
    name: `GET ${path.slice(0, 80)} ${headers.map((header) => header.join(': ').slice(0, 60))}`,
    request: { target: path, headers: [PAGE, ...headers] },
    must,
  });
  const post = (path: string, body: string | Uint8Array, must: Must, ...headers: Header[]): HostileCase => ({
    name: `POST ${path} ${body.slice(0, 60)} ${headers.map((header) => header.join(': ').slice(0, 60))}`,
    request: posting(origin, path, body, headers),
    must,
  });
  const checkout = (name: string, fields: Record<string, string>, must: Must): HostileCase => ({
    name: `the checkout with ${name}`,
    request: checkingOut(target, fields),
    must,
  });
  const status = (body: string, must: Must, path = `/admin/orders/${order.number}/status`) =>
    post(path, body, must, signedIn);
  const good = `key=${randomUUID()}&lines=1x1at${priceCents}&name=Zoe&email=zoe%40exemple.fr`;
  return [
    // Addresses.
    get('/..%2fadmin', 404),
    get('/static/..%2f..%2fpackage.json', 404),
    get('/static/../../package.json', 404),
    get('/static/%2e%2e/%2e%2e/etc/passwd', 404),
    get('/static/....//....//package.json', 404),
    get('/static/shop.css%00.svg', 404),
    get('/static/', 404),
    get('/static/__proto__', 404),
    get('/static/constructor', 404),
    get('//evil.example/', 404),
    get('//evil.example/admin', 404),
    get('/\\evil.example', [400, 404]),
    get('/%09/evil.example', 404),
    get('/admin%2forders', [303, 404]),
    get('/ADMIN/orders', 404),
    get('/admin/', [303, 404]),
    get('/admin/orders%00', 303),
    get('/admin/../admin/orders', 303),
    get('/%', 404),
    get('/%ff', 404),
    get('/%c0%ae%c0%ae/', 404),
    get(`/${'x'.repeat(14_000)}`, 404),
    get(`/?${'x'.repeat(17_000)}`, 431),
    get('/<script>window.hostile=1</script>', [400, 404]),
    get('/%3Cscript%3Ewindow.hostile=1%3C/script%3E', 404),
    get('http://evil.example/admin', 303),
    get('/orders/0', 404),
    get('/orders/__proto__', 404),
    get(`/orders/${order.number}`, 404),
    get(`/orders/${order.number}/status`, 404),
    get(`/orders/${order.token}%00`, 404),
    get(`/orders/${order.token}%0d%0aSet-Cookie:x=y`, 404),
    get(`/orders/${order.token.slice(1)}A`, 404),
    get(`/orders/${order.token}`, 200),
    get(`/orders/${order.token}/status?version=__proto__`, 200),
    get(`/orders/${order.token}?after=x&view=y`, 200),
    get('/cart?notice=added&product=1', 200),
    get('/cart?notice=__proto__&product=__proto__', 200),
    get('/cart?notice=full&product=1e999', 200),
    get('/cart?notice=%3Cscript%3E&product=%3Cscript%3E', 200),
    get('/cart?notice=limited&notice=full&product[]=1', 200),
    get(`/admin/orders/${order.number}`, 303),
    get(`/admin/orders/${order.number}?token=${order.token}`, 303),
    get('/admin/orders?view=__proto__', 200, signedIn),
    get('/admin/orders?view=en_cours&view=all', 200, signedIn),
    get('/admin/orders?before=-1', 200, signedIn),
    get('/admin/orders?before=999999999999999', 200, signedIn),
    get('/admin/orders?before=9007199254740993', 200, signedIn),
    get('/admin/orders?before=%27or%201=1', 200, signedIn),
    get(`/admin/orders/rows?after=zzzzzzzzzzzz.1`, 200, signedIn),
    get(`/admin/orders/rows?after=${target.cursor.epoch}.999999999999999`, 200, signedIn),
    get('/admin/orders/rows?after=__proto__&view=x&before=0', 200, signedIn),
    get(`/admin/orders/rows?after=${'9'.repeat(10_000)}`, 200, signedIn),
    get('/admin/orders/__proto__', 404, signedIn),
    get('/admin/orders/..%2f..%2fstats', 404, signedIn),
    get('/admin/orders/%00', 404, signedIn),
    get("/admin/orders/CMD-20200101-ABC12'", 404, signedIn),
    get(`/admin/orders/${order.number.toLowerCase()}`, 404, signedIn),
    get(`/admin/orders/${order.number}/detail?version=NaN`, 200, signedIn),

    // Where to go on to after signing in: shown in the form, never followed elsewhere.
    get('/admin/login?next=//evil.example', 200),
    get('/admin/login?next=%5C%5Cevil.example', 200),
    get('/admin/login?next=/%09/evil.example', 200),
    get('/admin/login?next=javascript:alert(1)', 200),
    get('/admin/login?next=%22%3E%3Cscript%3Ewindow.hostile=1%3C/script%3E', 200),
    get(`/admin/login?next=/admin/${'x'.repeat(10_000)}`, 200),

    // Cookies.
    get('/cart', 200, cookie('msp_cart=')),
    get('/cart', 200, cookie('msp_cart=-1x1')),
    get('/cart', 200, cookie('msp_cart=1x1e9')),
    get('/cart', 200, cookie('msp_cart=1x100')),
    get('/cart', 200, cookie('msp_cart=2147483648x1')),
    get('/cart', 200, cookie('msp_cart=%00%ff%')),
    get('/cart', 200, cookie('msp_cart=<script>window.hostile=1</script>')),
    get('/cart', 200, cookie(`msp_cart=${'1x1.'.repeat(3000)}`)),
    get('/cart', 200, cookie('msp_cart=1x1; msp_cart=2x2')),
    get('/cart', 200, cookie('__proto__=x; constructor=y; =z; ;;; a; "b')),
    get('/cart', 200, cookie('msp_orders=a~b.c~d...~~~')),
    get('/checkout', 200, cookie('msp_cart=1x1; msp_checkout=__proto__')),
    get('/checkout', 200, cookie(`msp_cart=1x99; msp_checkout="><script>"`)),
    get('/cart', 200, cookie(`x=${'x'.repeat(15_000)}`)),
    get('/cart', 431, cookie(`x=${'x'.repeat(17_000)}`)),
    get('/cart', 200, cookie('a=1'), cookie('msp_cart=1x1')),
    get('/admin', 303, cookie('msp_session=')),
    get('/admin', 303, cookie('msp_session=null')),
    get('/admin', 303, cookie('msp_session=%0d%0aX: y')),
    get('/admin', 303, cookie(`msp_session=${'x'.repeat(10_000)}`)),
    get('/admin', 303, cookie(`msp_session=${order.token}`)),
    get('/admin', 303, cookie(`msp_session="${session.slice(0, -2)}"`)),
    get('/admin', 303, cookie(`__Host-msp_session=${session}`)),
    get('/admin', 303, cookie(`MSP_SESSION=${session}`)),
    get('/admin', 303, ['Authorization', `Bearer ${session}`]),
    get('/admin/orders', 200, cookie(`msp_session=${session}; msp_flash=%3Cscript%3Ewindow.hostile=1%3C/script%3E`)),
    get('/admin/orders', 200, cookie(`msp_session=${session}; msp_flash=${'x'.repeat(9000)}`)),

    // Headers.
    get('/', 200, ['X-Forwarded-Proto', 'https'], ['X-Forwarded-Host', 'evil.example'], ['X-Forwarded-For', "'"]),
    get('/', 200, ['Accept-Encoding', 'gzip;q=0, br;q=x, *;q=-1']),
    get('/', 200, ['Accept-Language', 'xx-<script>']),
    get('/', 200, ['Range', 'bytes=0-0']),
    get('/', 200, ['HX-Request', 'true'], ['HX-Target', '"><script>'], ['HX-Current-URL', 'javascript:alert(1)']),
    get('/admin', 401, ['HX-Request', 'true'], ['HX-Current-URL', 'https://evil.example/admin/orders']),
    get('/admin', 401, ['HX-Request', 'true'], ['HX-Current-URL', 'http://[']),
    get('/', 400, ['Host', 'a b']),
    get('/', 400, ['Host', 'x'], ['Host', 'y']),
    get('/', 200, ['If-None-Match', '"x", W/"y", *'], ['If-Modified-Since', 'never']),

    // Forms.
    post('/cart/lines', '', 400),
    post('/cart/lines', 'productId=0', 400),
    post('/cart/lines', 'productId=-1', 400),
    post('/cart/lines', 'productId=1e3', 400),
    post('/cart/lines', 'productId=0x1', 400),
    post('/cart/lines', 'productId=%201', 400),
    post('/cart/lines', 'productId=%EF%BC%91', 400),
    post('/cart/lines', 'productId=2147483648', 400),
    post('/cart/lines', 'productId=__proto__', 400),
    post('/cart/lines', 'productId[]=1', 400),
    post('/cart/lines', 'productId=2147483647', 303),
    post('/cart/lines', 'productId=1&productId=x', 303),
    post('/cart/lines', 'productId=1', 303, cookie('msp_cart=1x99')),
    post('/cart/lines', '__proto__=x&constructor=y&productId=1', 303),
    post('/cart/lines/1', 'quantity=-1', 400),
    post('/cart/lines/1', 'quantity=1.5', 400),
    post('/cart/lines/1', 'quantity=1e1', 400),
    post('/cart/lines/1', 'quantity=9999999', 400),
    post('/cart/lines/1', 'quantity=999999', 303),
    post('/cart/lines/1', 'step=2', 400),
    post('/cart/lines/0', 'quantity=1', 400),
    post('/cart/lines/__proto__', 'quantity=1', 400),
    post('/cart/lines/1%00', 'quantity=1', 400),
    post('/checkout', '', 400),
    post('/checkout', '&&&===&', 400),
    post('/checkout', '%', 400),
    post('/checkout', `${good}&notes=%E9`, 400),
    post('/checkout', `${good}&notes=%ED%A0%80`, 400),
    post('/checkout', `${good}&notes=%C0%80`, 400),
    post('/checkout', `${good}&notes=%zz`, 400),
    post('/checkout', Buffer.from(`${good}&notes=é`, 'latin1'), 400),
    post('/checkout', `${good}&notes=${'x'.repeat(33_000)}`, 413),
    post('/checkout', `${good}&${'x=y&'.repeat(101)}`, 400),
    post('/checkout', '{"name":"x"}', 415, ['Content-Type', 'application/json']),
    post('/checkout', '--x--', 415, ['Content-Type', 'multipart/form-data; boundary=x']),
    post('/checkout', 'name=x', 415, ['Content-Type', 'text/plain']),
    post('/checkout', good, 403, ['Origin', 'https://evil.example']),
    post('/checkout', good, 403, ['Origin', 'null']),
    post('/checkout', good, 403, ['Origin', `${origin}.evil.example`]),
    post('/checkout', good, 403, ['Sec-Fetch-Site', 'same-site']),
    checkout('a key of its own making', { key: 'x' }, 400),
    checkout('a key of a prototype', { key: '__proto__' }, 400),
    checkout('a key of a line feed', { key: `${randomUUID()}\n` }, 400),
    checkout('no lines', { lines: '' }, 400),
    checkout('lines of another form', { lines: '1x1' }, 400),
    checkout('a line of nothing', { lines: `1x0at${priceCents}` }, 400),
    checkout('a line below nothing', { lines: `1x-1at${priceCents}` }, 400),
    checkout('a line of a hundred', { lines: `1x100at${priceCents}` }, 400),
    checkout('a price of its own', { lines: '1x1at1' }, 409),
    checkout('a price of nothing', { lines: '1x1at0' }, 409),
    checkout('a price below nothing', { lines: '1x1at-1250' }, 400),
    checkout('a price beyond any', { lines: '1x1at1000001' }, 400),
    checkout('a product that is not there', { lines: '2147483647x1at1' }, 409),
    checkout('a product twice', { lines: `1x1at${priceCents}.1x1at${priceCents}` }, 400),
    checkout('fifty-one lines', { lines: Array.from({ length: 51 }, (_, i) => `${i + 1}x1at1`).join('.') }, 400),
    checkout(
      'a total beyond any',
      { lines: Array.from({ length: 50 }, (_, i) => `${i + 1}x99at1000000`).join('.') },
      409,
    ),
    checkout('fields that are ours to say', { status: 'terminee', totalCents: '0', token: 'x', id: '1' }, 303),
    checkout('an e-mail with a header', { email: 'zoe@exemple.fr\r\nBcc: y@exemple.fr' }, 400),
    checkout('a phone of text', { phone: 'call me' }, 400),
    checkout('a phone as people write it', { phone: '+33 (0)6.12.34.56.78' }, 303),

    // The desk.
    status('', 400),
    status('status=en_cours', 400),
    status('status=en_cours&version=0', 400),
    status('status=en_cours&version=0x1', 400),
    status('status=en_cours&version=1e0', 400),
    status('status=en_cours&version=%201', 400),
    status('status=en_cours&version=2147483648', 400),
    status('status=payee&version=1', 400),
    status('status=__proto__&version=1', 400),
    status('status=annulee&version=1', 200),
    // Back to the table, with a sentence that there is no such order.
    status('status=en_cours&version=1', 303, '/admin/orders/__proto__/status'),
    status('status=en_cours&version=1', 303, '/admin/orders/%3Cscript%3E/status'),
    status('status=en_cours&version=1', 303, `/admin/orders/${order.token}/status`),
    post(`/admin/orders/${order.number}/status`, 'status=en_cours&version=1', 303),
    post('/admin/login', '', 422),
    post('/admin/login', 'email=x&password=', 422),
    post('/admin/login', `email=nobody%40exemple.fr&password=${'x'.repeat(2000)}`, 422),
    post('/admin/login', 'email=nobody%40exemple.fr&password=%00', 401),
    post('/admin/login', 'email=%27or%271%27%3D%271&password=x', 401),
    post('/admin/login', 'email=%22%3E%3Cscript%3Ewindow.hostile=1%3C%2Fscript%3E&password=x', 401),
    post('/admin/login', `email=${'x'.repeat(300)}&password=x`, 422),
    post('/admin/logout', '', 303, cookie('msp_session=x')),
    ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'].map(
      (method): HostileCase => ({
        name: `${method} /checkout`,
        request: { method, target: '/checkout', headers: [['Origin', origin]] },
        must: 405,
      }),
    ),
    { name: 'HEAD /', request: { method: 'HEAD', target: '/' }, must: 200 },
  ];
}
