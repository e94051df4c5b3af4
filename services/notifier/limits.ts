/**
 * Every bound of a notifier in one place. Tests shorten the times; nothing else sets them.
 * Durations in milliseconds, queues and rings in bytes.
 */
export interface Limits {
  /** Open streams of this process; one more is asked to come back later. */
  streams: number;
  /** Open streams of one admin session, or of one shopper's page. */
  streamsPerSession: number;
  streamsPerShopper: number;
  /** Open streams of the catalogue, which ask nobody who they are: beside the others, so that they take nobody's place. */
  catalogueStreams: number;
  /** What a browser may leave unread, and for how long it may read nothing, before it is cut. */
  queueBytes: number;
  stallMs: number;
  /** The longest silence on a stream. */
  heartbeatMs: number;
  /** A stream's life, give or take a tenth, so that browsers come back spread. */
  rotationMs: number;
  /** How often deadlines, stalls and heartbeats are looked at. */
  tickMs: number;
  /** How long ending every stream may take when the process is told to go. */
  drainMs: number;
  /** The newest events kept in memory. */
  ringEvents: number;
  ringBytes: number;
  /** Who misses more events than this is not brought all of them, neither at once nor page by page: the page asks for its rows anew. */
  catchUpEvents: number;
  /** Fan-out rests half as long as the flush before it took, and never longer than this. */
  coalesceMs: number;
  /** How long one flush may hold the event loop at a time. */
  sliceMs: number;
  /** How long a message that comes too early waits for its predecessor. */
  earlyMs: number;
  /** Messages that came too early and are kept while the log is read. */
  earlyMessages: number;
  /** Redis is taken for dead after this long without a word: orders send the head every second. */
  redisSilenceMs: number;
  /** How often the log is asked while Redis is silent. */
  logPollMs: number;
  /** How long one read of the log, or of the revoked sessions, may take. */
  readMs: number;
  /** What was last heard of the log's head proves a page current for this long. */
  provenMs: number;
  /** The catalogue is read no more often than this, */
  catalogueReadMs: number;
  /** and no less often than this while anybody looks at it. */
  catalogueIdleMs: number;
  revokedPollMs: number;
  /** A list of the revoked that is older than this is none: nobody's session can be told from a revoked one. */
  revokedStaleMs: number;
}

export const LIMITS: Limits = {
  streams: 10_000,
  streamsPerSession: 32,
  streamsPerShopper: 8,
  catalogueStreams: 4_000,
  queueBytes: 1024 * 1024,
  stallMs: 10_000,
  heartbeatMs: 15_000,
  rotationMs: 4 * 3600_000,
  tickMs: 1000,
  drainMs: 5000,
  ringEvents: 2000,
  ringBytes: 32 * 1024 * 1024,
  catchUpEvents: 300,
  coalesceMs: 100,
  sliceMs: 8,
  earlyMs: 20,
  earlyMessages: 256,
  redisSilenceMs: 3000,
  logPollMs: 1000,
  readMs: 2000,
  provenMs: 5000,
  catalogueReadMs: 1000,
  catalogueIdleMs: 15_000,
  revokedPollMs: 2000,
  revokedStaleMs: 60_000,
};
