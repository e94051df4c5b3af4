/** One message of an event stream, as the HTML standard dispatches it. */
export interface StreamMessage {
  /** `message` unless the server named it. */
  event: string;
  data: string;
  /** The id of this block; undefined when it carried none. */
  id: string | undefined;
}

export interface EventHandlers {
  /** A message with data. */
  onMessage(message: StreamMessage): void;
  /** The last id moved, told after the message that carried it; also by a block with an id and nothing else. */
  onId(id: string): void;
  /** The server says how long to wait before coming back, in milliseconds. */
  onRetry(ms: number): void;
}

/** A line longer than this is no stream of ours: the reader gives up instead of filling the memory. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

/**
 * Reads `text/event-stream` in pieces, wherever the network cut them, also inside a character or a CR LF.
 * A block that the end of the stream cuts off is dropped, as the standard demands.
 */
export function parseEvents(handlers: EventHandlers): (bytes: Uint8Array) => void {
  // The decoder holds back half a character and drops the byte order mark.
  const decoder = new TextDecoder();
  let rest = '';
  let afterCr = false;
  let event = '';
  let data: string[] = [];
  let id: string | undefined;

  return (bytes) => {
    let text = decoder.decode(bytes, { stream: true });
    if (!text) return;
    if (afterCr && text.startsWith('\n')) text = text.slice(1);
    afterCr = text.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() as string;
    if (rest.length > MAX_LINE_CHARS) throw new Error('a line of the stream is too long');
    for (const line of lines) readLine(line);
  };

  function readLine(line: string): void {
    if (line === '') {
      dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^[0-9]{1,9}$/.test(value)) handlers.onRetry(Number(value));
  }

  function dispatch(): void {
    const moved = id;
    const message = { event: event || 'message', data: data.join('\n'), id: moved };
    const hasData = data.length > 0;
    event = '';
    data = [];
    id = undefined;
    // The message first: a cursor must not be ahead of what the page has applied.
    if (hasData) handlers.onMessage(message);
    if (moved !== undefined) handlers.onId(moved);
  }
}
