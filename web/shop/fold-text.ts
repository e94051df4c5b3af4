/** Letters as people type them in a hurry: small, without accents, ligatures taken apart. */
function foldText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}

/** The words of a text, folded; `l’huile d’olive` has four, so that one is found by `huile`. */
export function wordsOf(text: string): string[] {
  return foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A name for an address: `Épicerie salée` → `epicerie-salee`. */
export function keyOf(name: string): string {
  return wordsOf(name).join('-');
}
