/** Text that somebody types, or smuggles, into a field. */
export interface HostileText {
  what: string;
  text: string;
  /** Whether it is a name that the shop takes, and notes that it takes. What it takes, it keeps to the letter. */
  name: boolean;
  notes: boolean;
  /** What is kept instead: white space around it is cut, and composed characters are written composed. */
  kept?: string;
}

const good = (what: string, text: string, kept?: string): HostileText => ({
  what,
  text,
  name: true,
  notes: true,
  ...(kept === undefined ? {} : { kept }),
});
const notesOnly = (what: string, text: string, kept?: string): HostileText => ({
  ...good(what, text, kept),
  name: false,
});
const bad = (what: string, text: string): HostileText => ({ what, text, name: false, notes: false });

/** People have these names. */
const SCRIPTS: HostileText[] = [
  good('an apostrophe', "Anne O'Brien-D’Angélo"),
  good('Arabic', 'محمد علي'),
  good('Hebrew with a mark of direction', 'שרה כהן\u200f'),
  good('Chinese beyond the basic plane', '𠮷野家 𠀋'),
  good('Devanagari with joiners', 'क्ष‍मा श‌र्मा'),
  good('Thai', 'สมชาย ใจดี'),
  good('Turkish dotless and dotted i', 'Işıl İnce'),
  good('one letter', 'Ô'),
  good('digits alone', '42'),
  good('a name that is null', 'null'),
  good('a name that is undefined', 'undefined'),
  good('a name that is true', 'true'),
  good('a prototype', '__proto__'),
  good('a constructor', 'constructor'),
];

const UNICODE: HostileText[] = [
  good('decomposed letters', 'Zoe\u0301 Le\u0301ger', 'Zoé Léger'),
  good('letters that compose to more than one', 'क\u0958', 'क\u0915\u093c'),
  good('an emoji', 'Zoé 🐝'),
  good('an emoji family, joined', 'Famille 👩‍👩‍👧‍👦'),
  good('a flag and a skin tone', 'Élodie 🇫🇷 👍🏽'),
  good('a keycap and a variation selector', 'Max 1️⃣ ❤️'),
  good('a right-to-left override', 'Zoé \u202egpj.exe'),
  good('isolates left open', 'Zoé \u2067\u2066\u2068'),
  good('isolates closed too often', 'Zoé \u2069\u2069\u202c'),
  good('zero-width space and joiner inside', 'Zo\u200bé\u200d Lam\u2060bert'),
  good(
    'stacked combining marks',
    `Z${'\u0335\u0310\u0342'.repeat(30)}`,
    `Z${'\u0335\u0310\u0342'.repeat(30)}`.normalize('NFC'),
  ),
  good('look-alike letters', 'аdmin Раypal'),
  good('full-width letters', 'Ｚｏé'),
  good('the last code point', 'Zoé \u{10ffff}'),
  good('a noncharacter', 'Zoé \ufffe'),
  good('a replacement character', 'Zoé \ufffd'),
  good('language tags', 'Zoé \u{e0001}\u{e0066}\u{e0072}'),
  good('white space around', ' \u00a0\u3000Zoé\u2003 ', 'Zoé'),
  good('a byte order mark around', '\ufeffZoé\ufeff', 'Zoé'),
  notesOnly('white space alone', ' \u00a0\u3000 ', ''),
  notesOnly('zero width alone', '\u200b\u200d\u2060'),
  notesOnly('combining marks alone', '\u0301\u0302', '\u0301\u0302'),
  notesOnly('emoji alone', '🐝🐝'),
  notesOnly('punctuation alone', '...---...'),
  notesOnly('a line feed', 'Zoé\nLambert'),
  notesOnly('a carriage return', 'Zoé\rLambert', 'Zoé\nLambert'),
  notesOnly('a tab', 'Zoé\tLambert'),
  bad('NUL', 'Zoé\0'),
  bad('a backspace', 'Zoé\b'),
  bad('an escape', 'Zoé \x1b[31mrouge'),
  bad('a C1 control', 'Zoé \x9b31m'),
  bad('a next-line control', 'Zoé\x85Lambert'),
  bad('a line separator', 'Zoé\u2028Lambert'),
  bad('a paragraph separator', 'Zoé\u2029Lambert'),
  bad('half a character, the first', 'Zoé \ud83d'),
  bad('half a character, the second', 'Zoé \udc1d'),
  bad('two halves the wrong way round', 'Zoé \udc1d\ud83d'),
];

/** Of no meaning to us, and so to be kept to the letter. */
const CODE: HostileText[] = [
  good('SQL that ends the string', "Robert'); DROP TABLE orders;--"),
  good('SQL that is always true', "x' OR '1'='1' --"),
  good('SQL that unites', "x' UNION SELECT password_hash FROM admins#"),
  good('SQL behind a backslash', "x\\' OR 1=1 --\\"),
  good('wildcards of LIKE', '100%_\\%'),
  good('a placeholder of the driver', 'a ? b :name $1 @x'),
  good('a script', '<script>window.hostile = 1</script>x'),
  good('a script, closed early', '</td></tr></table></script><script>window.hostile=1</script>'),
  good('an image that fails', '<img src=x onerror="window.hostile=1">'),
  good('SVG that loads', '<svg/onload=window.hostile=1>x'),
  good('an attribute, double quotes', '" onmouseover="window.hostile=1" x="'),
  good('an attribute, single quotes', "' autofocus onfocus='window.hostile=1' x='"),
  good('an attribute without quotes', 'x onclick=window.hostile=1'),
  good('htmx that asks', '<b hx-get="/admin/logout" hx-trigger="load">x</b>'),
  good('htmx that posts', '<form hx-post="/admin/logout" hx-trigger="load, every 1s"><input name=x></form>'),
  good('htmx that runs', '<b hx-on:htmx:load="window.hostile=1">x</b>'),
  good('a partial of ours', '<hx-partial hx-target="body" hx-swap="innerHTML">x</hx-partial>'),
  good('a comment left open', '<!-- x'),
  good('a text area closed', '</textarea><script>window.hostile=1</script>'),
  good('a title closed', '</title><script>window.hostile=1</script>'),
  good('entities', '&lt;script&gt; &#60;b&#62; &amp;amp; &notit;'),
  good('UTF-7', '+ADw-script+AD4-window.hostile=1+ADw-/script+AD4-'),
  good('a template, braces', '{{constructor.constructor("window.hostile=1")()}}'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is hostile, and only text
  good('a template, dollar', '${7*7} #{7*7} <%= 7*7 %> {% raw %} [[7*7]]'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is hostile, and only text
  good('a lookup', '${jndi:ldap://127.0.0.1:9/a}'),
  good('a path', '../../../../etc/passwd'),
  good('a command', '$(id) `id` ; id | id && id'),
  good('a CSV formula', '=HYPERLINK("http://127.0.0.1:9/?x="&A1,"x")'),
  good('a CSV formula, plus', "+1+cmd|' /C calc'!A0"),
  good('a CSV formula, at', '@SUM(1+1)*cmd|x'),
  good('a format', '%s %d %n %x %p %%'),
  good('JSON inside', '","status":"terminee","x":"'),
  good('an SSE field', 'data: x id: 999 event: reset retry: 1'),
  notesOnly('SSE frames', 'x\n\nevent: reset\ndata: x\n\nid: zzzz.9'),
  notesOnly('a mail header', 'x\r\nBcc: everybody@exemple.fr\r\n\r\nx', 'x\nBcc: everybody@exemple.fr\n\nx'),
  notesOnly('a line of log', 'x\n{"level":60,"msg":"forged"}'),
  bad('a mail header behind NUL', 'x\0\r\nBcc: y@exemple.fr'),
  bad('colours for a terminal', '\x1b]0;x\x07\x1b[2J'),
];

/** A text, in the fields that it is typed into. */
export interface TypedText {
  name: string;
  fields: Record<string, string>;
  taken: boolean;
}

/** The fields to type a text into, and whether it is taken there; both at once where nothing can hide behind the other. */
export function typedInto({ what, text, name, notes }: HostileText): TypedText[] {
  if (name && notes)
    return [{ name: `${what}, as a name and as notes`, fields: { name: text, notes: text }, taken: true }];
  return [
    { name: `${what}, as a name`, fields: { name: text }, taken: name },
    { name: `${what}, as notes`, fields: { notes: text }, taken: notes },
  ];
}

export const HOSTILE_TEXTS: readonly HostileText[] = [...SCRIPTS, ...UNICODE, ...CODE];
