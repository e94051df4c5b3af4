const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A line feed inside a fragment would break an SSE frame in two; as a reference it stays one line.
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as it may stand between tags and inside a quoted attribute, on one line. */
export function escapeHtml(text: string): string {
  return /[&<>"'\n\r]/.test(text) ? text.replace(/[&<>"'\n\r]/g, (character) => ESCAPES[character] as string) : text;
}
