/** Gives a text back without the secrets. What holds none comes back as it is. */
export type Redact = (text: string) => string;

const STARS = '***';
/** A shorter one stands in every other word, and is none that guards anything. */
const SHORTEST = 4;
/** An escaped text may stand in another escaped one: JSON in JSON, an address in HTML. */
const LAYERS = 3;

/**
 * Replaces each secret of at least four characters, as it is and in what a server may have made of it: percent-encoded,
 * with JSON or HTML escapes, in base64 and base64url wherever in a longer value it began, and these within each other.
 * Time is linear in the text.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const long = secrets.filter((secret) => secret.length >= SHORTEST);
  const forms = new Set(long.flatMap((secret) => [...layersOf(secret), ...base64Of(secret)]));
  // The longest first: a secret that is part of another must not leave the rest of that.
  const needles = [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
  if (needles.length === 0) return (text) => text;
  return (text) => {
    let layer = hide(text, needles);
    let shown = layer;
    for (let depth = 0; depth < LAYERS; depth++) {
      const inner = decodeEscapes(layer);
      if (inner === layer) break;
      layer = hide(inner, needles);
      if (layer !== inner) shown = layer;
    }
    return shown;
  };
}

function hide(text: string, needles: readonly string[]): string {
  let result = text;
  for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, STARS);
  return result;
}

/** The secret, as a form sends its blanks, and as it would be decoded where it looks like an escape itself. */
function layersOf(secret: string): readonly string[] {
  const layers = [secret];
  for (let depth = 0; depth < LAYERS; depth++) layers.push(decodeEscapes(layers.at(-1) ?? secret));
  return layers.flatMap((layer) => [layer, layer.replaceAll(' ', '+')]);
}

/** What stays the same of the secret's base64 whatever stands before and after it: three bytes make four characters. */
function base64Of(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** What every escape that is looked into begins with. */
export const ANY_ESCAPE = /[\\&%]/;
const ESCAPE =
  /(?:%[0-9a-f]{2})+|\\(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2}|["'\\/bfnrt])|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);/gi;

function decodeEscapes(text: string): string {
  return ANY_ESCAPE.test(text) ? text.replace(ESCAPE, decodeOne) : text;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function decodeOne(written: string): string {
  if (written.startsWith('%')) return Buffer.from(written.replaceAll('%', ''), 'hex').toString('utf8');
  if (written.startsWith('&')) {
    const name = written.slice(1, -1).toLowerCase();
    if (!name.startsWith('#')) return NAMED[name] ?? written;
    return character(name.startsWith('#x') ? `0x${name.slice(2)}` : name.slice(1)) ?? written;
  }
  const body = written.slice(1);
  if (body.length > 1) return character(`0x${body.replace(/[ux{}]/gi, '')}`) ?? written;
  return CONTROLS[body] ?? body;
}

function character(code: string): string | undefined {
  const point = Number(code);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
