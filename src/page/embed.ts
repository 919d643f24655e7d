const RISKY = /[<>&\u2028\u2029]/g;

/** A value as JSON within a script element: nothing in it can end the element, begin a comment or a line. */
export function embed(value: unknown): string {
  return JSON.stringify(value).replace(RISKY, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Plain text between tags or within a quoted attribute of HTML. */
export function escapeText(text: string): string {
  return text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
