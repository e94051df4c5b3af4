import { randomUUID } from 'node:crypto';
import type { HostileCase } from './hostile-case.ts';
import { checkingOut, type Header, type PageTarget, posting } from './page-request.ts';

/** Forms of the shop and of the desk, and the methods that are none of theirs. */
export function formCases(target: PageTarget): readonly HostileCase[] {
  const { origin, priceCents, session, order } = target;
  const cookie = (text: string): Header => ['Cookie', text];
  const post = (
    path: string,
    body: string | Uint8Array,
    must: HostileCase['must'],
    ...headers: Header[]
  ): HostileCase => ({
    name: `POST ${path} ${body.slice(0, 60)} ${headers.map((header) => header.join(': ').slice(0, 60))}`,
    request: posting(origin, path, body, headers),
    must,
  });
  const checkout = (name: string, fields: Record<string, string>, must: HostileCase['must']): HostileCase => ({
    name: `the checkout with ${name}`,
    request: checkingOut(target, fields),
    must,
  });
  const status = (body: string, must: HostileCase['must'], path = `/admin/orders/${order.number}/status`) =>
    post(path, body, must, cookie(`msp_session=${session}`));
  const good = `key=${randomUUID()}&lines=1x1at${priceCents}&name=Zoe&email=zoe%40exemple.fr`;
  return [
    // The shop.
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
