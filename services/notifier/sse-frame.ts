/**
 * What goes over a stream, as whole frames of bytes. A frame is made once and written to every subscriber.
 * The format is the HTML standard's: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** An unnamed message, which the page swaps in. `cursor` becomes the page's place in the log. */
export function messageFrame(cursor: string, html: string): Buffer {
  // A line end inside a field would end the field: each line becomes a `data:` of its own.
  return Buffer.from(`id: ${cursor}\ndata: ${html.replace(/\r\n?|\n/g, '\ndata: ')}\n\n`);
}

/** The same, of everything there is: what the message does not name is no more. */
export function wholeFrame(cursor: string, html: string): Buffer {
  return Buffer.concat([Buffer.from('event: all\n'), messageFrame(cursor, html)]);
}

/** Proof that a page which has seen everything up to `cursor` is current. */
export function headFrame(cursor: string): Buffer {
  return Buffer.from(`event: head\nid: ${cursor}\ndata: ${JSON.stringify({ cursor })}\n\n`);
}

/** The page cannot be caught up from where it stands: it has to ask for its rows anew, and goes on from `cursor`. */
export function resetFrame(cursor: string): Buffer {
  return Buffer.from(`event: reset\nid: ${cursor}\ndata: ${JSON.stringify({ cursor })}\n\n`);
}

/** Moves the page's place in the log and keeps the stream alive, but claims nothing about being current. */
export function placeFrame(cursor: string): Buffer {
  return Buffer.from(`id: ${cursor}\n\n`);
}

/** After how many milliseconds a browser that has lost its stream comes back; drawn at random between the two. */
export function retryFrame(fromMs: number, toMs: number): Buffer {
  return Buffer.from(`retry: ${Math.round(fromMs + Math.random() * (toMs - fromMs))}\n\n`);
}

/** For those whom something unforeseen takes from their stream, or keeps from it: time for it to pass, and a spread. */
export function comeBackFrame(): Buffer {
  return retryFrame(2000, 5000);
}
