/** The shop cannot be started, or had to stop: what happened, and what to do about it, for people. */
export class StartFailure extends Error {
  override name = 'StartFailure';
}
