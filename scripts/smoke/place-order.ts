import { hiddenFields, Visitor } from './visitor.ts';

interface PlacedBySmoke {
  number: string;
  /** By `performance.now()`: the form was sent, and the answer was there. */
  sentAt: number;
  answeredAt: number;
}

/**
 * Buys one piece of something as a new shopper would: catalogue, cart, form, confirmation.
 * @throws an Error that names the step that did not go as it should
 */
export async function placeOrder(webUrl: string, name: string): Promise<PlacedBySmoke> {
  const shopper = new Visitor(webUrl);
  const catalogue = await shopper.get('/');
  if (catalogue.status !== 200) throw new Error(`${webUrl} answered ${catalogue.status}.`);
  const product = firstForSale(catalogue.html);
  if (!product) throw new Error(`${webUrl} shows no product that can be bought.`);

  const added = await shopper.post('/cart/lines', { productId: product });
  if (added.status !== 303) throw new Error(`The cart did not take the product: ${added.status}.`);
  const form = hiddenFields((await shopper.get('/checkout')).html, '/checkout');
  if (!form) throw new Error('/checkout shows no form.');

  const sentAt = performance.now();
  const answer = await shopper.post('/checkout', { ...form, name, email: 'smoke@msp.example', phone: '', notes: '' });
  const answeredAt = performance.now();
  if (answer.status !== 303) throw new Error(`The order was not placed: POST /checkout answered ${answer.status}.`);
  const confirmation = await shopper.get(answer.location);
  const number = /CMD-\d{8}-[0-9A-HJKMNP-TV-Z]{6}/.exec(confirmation.html)?.[0];
  if (!number) throw new Error('The confirmation page names no order.');
  return { number, sentAt, answeredAt };
}

function firstForSale(html: string): string | undefined {
  for (const [form] of html.matchAll(/<form\b[^>]*action="\/cart\/lines"[\s\S]*?<\/form>/g)) {
    if (/<button\b[^>]*\sdisabled/.test(form)) continue;
    const id = /name="productId"[^>]*value="(\d+)"/.exec(form)?.[1];
    if (id) return id;
  }
  return undefined;
}
