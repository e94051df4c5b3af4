/** An admin's next trial is refused for this long. Apart from the schema, because browsers read it and take no zod. */
export const TRIAL_PAUSE_SECONDS = 3;
