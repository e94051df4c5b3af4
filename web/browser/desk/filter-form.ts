/** Keeps what nobody filled in out of the filter's address, and menus from staying open behind one's back. */
export function tidyFilterForm(): void {
  document.getElementById('order-filter')?.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === '') formData.delete(name);
  });
  const openMenu = () => document.querySelector<HTMLDetailsElement>('.table-menu[open]');
  document.addEventListener('click', ({ target }) => {
    const menu = openMenu();
    if (menu && !menu.contains(target as Node)) menu.open = false;
  });
  document.addEventListener('keydown', ({ key }) => {
    const menu = openMenu();
    if (key !== 'Escape' || !menu) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}
