/** The address follows what is typed, so that it can be shared, and the back button comes back to it. */
document.addEventListener('htmx:after:swap', (event) => {
  const { target } = event.detail.ctx;
  const form = document.querySelector<HTMLFormElement>('#search');
  if (!(target instanceof Element) || target.id !== 'shelf' || !form) return;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value) query.set(name, value);
  history.replaceState(history.state, '', `/?${query}`.replace(/\?$/, ''));
});
