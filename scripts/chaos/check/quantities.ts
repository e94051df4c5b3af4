/** What was ordered, as text that is the same for the same goods: lines of one product are one. */
export function quantitiesOf(lines: readonly { productId: number; quantity: number }[]): string {
  const merged = new Map<number, number>();
  for (const { productId, quantity } of lines) merged.set(productId, (merged.get(productId) ?? 0) + quantity);
  return [...merged]
    .sort(([a], [b]) => a - b)
    .map(([productId, quantity]) => `${quantity}×${productId}`)
    .join(' ');
}

/** Units of each product over many lines. */
export function unitsByProduct(
  lines: Iterable<{ productId: number; quantity: number }>,
  units = new Map<number, number>(),
): Map<number, number> {
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}
