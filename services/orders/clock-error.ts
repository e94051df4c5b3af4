/**
 * How far apart the clocks of two processes may be: each may be a day wrong, one of them forwards and the other
 * backwards. Whatever is let go of by its age is kept for so much longer than is promised.
 */
export const CLOCK_ERROR_MS = 2 * 24 * 3_600_000;
