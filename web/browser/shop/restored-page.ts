import htmx from 'htmx.org';

/**
 * The back button may bring a page as it was left: with yesterday's cart, an open dialog, a button that still
 * waits. What depends on the cart is asked for anew; anything typed stays.
 */
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  if (document.querySelector('#cart-content, #checkout-form')) location.reload();
  else void htmx.ajax('GET', '/cart/link', { target: '#cart-link', swap: 'outerHTML' });
});

/** Taking the last line out takes the focus with it. */
document.addEventListener('htmx:after:swap', (event) => {
  const isCart = event.detail.ctx.target instanceof Element && event.detail.ctx.target.id === 'cart-content';
  if (isCart && document.activeElement === document.body)
    document.querySelector<HTMLElement>('#cart-heading')?.focus({ preventScroll: true });
});
