/** A backup that cannot be made or restored: why, and what to do about it, for people. The data are as they were. */
export class BackupFailure extends Error {
  override name = 'BackupFailure';
}
