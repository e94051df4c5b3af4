const LOOK_EVERY_MS = 300;

/**
 * Calls back once when the bootstrap that runs us is gone: killed, it passes no signal on. Programs started
 * without the bootstrap follow nobody.
 */
export function followParent(onGone: () => void): void {
  const parent = Number(process.env.MSP_PARENT_PID);
  if (!parent || process.ppid !== parent) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
