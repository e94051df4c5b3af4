import { newOrder, noteFault, type Scenario, send, until } from '../stage.ts';

/** A desk's stream breaks, something happens, and the stream comes back from where it stood. */
export const streamCut: Scenario = async (run) => {
  const [desk] = run.desks;
  const healed = noteFault(run, 'refuse', desk!.name);
  desk!.link!.set({ kind: 'refuse' });
  await until('the loss of the stream', async () => desk!.shown().state === 'down');
  await send(run, newOrder(), run.system.orders[0]!);
  desk!.link!.set(undefined);
  healed();
  await until('the stream', async () => desk!.shown().state === 'live');
};
