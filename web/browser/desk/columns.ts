/** Columns come and go as they are ticked; the form sends itself, so that the next page has the same ones. */
export function chooseColumns(): void {
  document.getElementById('columns')?.addEventListener('change', ({ target }) => {
    const { name, checked } = target as HTMLInputElement;
    document.getElementById('order-table')?.classList.toggle(`without-${name}`, !checked);
  });
}
