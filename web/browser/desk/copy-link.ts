/** The button beside a link that is shown once: copies it, or marks it where a browser does not let pages copy. */
export function copyLinks(): void {
  document.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-copy]') : null;
    const field = document.getElementById(button?.dataset.copy ?? '');
    if (!button || !(field instanceof HTMLInputElement)) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied ?? '';
    } catch {
      // Without HTTPS there is no clipboard; the link is marked, and Ctrl+C takes it.
    }
  });
}
