import { z } from 'zod';

/** An integer in an address, in plain digits: `Number()` alone would also take ``, ` 1`, `0x10` and `1e2`. */
export const queryInteger = (min: number, max: number) =>
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,15})$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    // For the API's description, which would otherwise speak of text.
    .meta({ type: 'integer', minimum: min, maximum: max });
