import fc from 'fast-check';
import type { Operation } from './description.ts';
import { rightIngredients } from './generate-right.ts';
import { changeAt, type GenerateOptions, type Ingredients, type Path } from './ingredients.ts';

/** Anything at all where the description asks for something, right values among it. */
export function anyIngredients(operation: Operation<unknown>, options: GenerateOptions): fc.Arbitrary<Ingredients> {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(-1, 0, 1.5, 2 ** 31, 2 ** 53, 1e300, '', '__proto__', "' or 1=1 --", '%00', '\ud800'),
  );
  return fc
    .tuple(
      rightIngredients(operation, { ...options, whole: true }),
      fc.array(fc.tuple(fc.nat(), anything), { maxLength: 3 }),
    )
    .map(([right, changes]) => changes.reduce((made, [place, value]) => replaceSome(made, place, value), right));
}

function replaceSome(made: Ingredients, place: number, value: unknown): Ingredients {
  const paths = made.body === undefined ? [] : pathsOf(made.body, []);
  const names = Object.keys(made.parameters);
  if (paths.length + names.length === 0) return made;
  const at = place % (paths.length + names.length);
  const path = paths[at];
  if (path) return { ...made, body: changeAt(structuredClone(made.body), path, () => value) };
  const name = names[at - paths.length] as string;
  return {
    ...made,
    parameters: { ...made.parameters, [name]: typeof value === 'string' ? value : JSON.stringify(value) },
  };
}

function pathsOf(value: unknown, path: Path): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}
