/**
 * «Ajouter au panier» opens the cart beside the page. Without any of this the same button leads to the cart's page.
 */
const drawer = document.querySelector<HTMLDialogElement>('#cart-drawer');

if (drawer) {
  document.addEventListener('htmx:after:swap', (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form instanceof HTMLElement && form.dataset.opensDrawer !== undefined && !drawer.open) drawer.showModal();
  });

  // A press that starts on the backdrop, so that marking text over the edge closes nothing.
  drawer.addEventListener('pointerdown', (event) => {
    if (event.target === drawer) drawer.close();
  });

  drawer.addEventListener('click', (event) => {
    // Where an empty cart leads is the page behind it, more often than not.
    if ((event.target as Element).closest('.notice a[href="/"]') && location.pathname === '/') {
      event.preventDefault();
      drawer.close();
    }
  });
}
