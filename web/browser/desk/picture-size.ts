/** A file that is too heavy is said to be at once, instead of after a minute of sending it. */
document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.maxBytes === undefined) return;
  const [file] = target.files ?? [];
  const isTooLarge = file !== undefined && file.size > Number(target.dataset.maxBytes);
  target.setCustomValidity(isTooLarge ? (target.dataset.tooLarge ?? '') : '');
  target.reportValidity();
});
