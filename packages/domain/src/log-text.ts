/**
 * A log line as text for people. Invalid UTF-8 becomes U+FFFD; control characters (C0, DEL, C1), NUL included, are
 * escaped as shown, such as `\x1b`, so that what a container writes cannot act on a terminal. TAB stays, and so does
 * CR, which is how programs redraw a line, and so do U+2028 and U+2029: only a line feed ends a line.
 */
export function renderLogText(bytes: Uint8Array): string {
  // `ignoreBOM` keeps a byte order mark in the text instead of swallowing it.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text.replaceAll(/\p{Cc}/gu, (control) => (control === '\t' || control === '\r' ? control : escaped(control)));
}

function escaped(control: string): string {
  return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
