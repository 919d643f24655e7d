/** What a run sends along to others, as the options give it. `prometheusUrl` is a URL, perhaps with a user and a password. */
interface Credentials {
  readonly prometheusUrl?: string;
  readonly prometheusToken?: string;
  readonly prometheusHeaders: Readonly<Record<string, string>>;
  readonly githubToken?: string;
}

/** A tenant's name is no secret, and masked it would be cut out of every line that holds the word. */
const TENANT = /^(x-scope-orgid|thanos-tenant)$/i;

/**
 * What must be masked in the log and taken out of what servers say: tokens, header values and the credentials in the
 * address, and each of them also in the form in which it travels or stands alone.
 */
export function secretsOf({
  prometheusUrl,
  prometheusToken,
  prometheusHeaders,
  githubToken,
}: Credentials): readonly string[] {
  const secrets = new Set<string>(prometheusUrl === undefined ? [] : passwordsOf(new URL(prometheusUrl)));
  for (const token of [prometheusToken, githubToken]) if (token !== undefined) secrets.add(token);
  for (const [name, value] of Object.entries(prometheusHeaders)) {
    if (TENANT.test(name)) continue;
    secrets.add(value);
    const [, scheme = '', credentials] = /^(basic|bearer|token)\s+(\S+)$/i.exec(value) ?? [];
    if (credentials === undefined) continue;
    secrets.add(credentials);
    if (scheme.toLowerCase() === 'basic') for (const part of decodeBasic(credentials)) secrets.add(part);
  }
  return [...secrets];
}

/** Without a password, the name is what some services take for a key. */
function passwordsOf({ username, password }: URL): readonly string[] {
  const secret = password || username;
  if (secret === '') return [];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [secret, decodeURIComponent(secret), Buffer.from(pair).toString('base64')];
}

function decodeBasic(credentials: string): readonly string[] {
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? [] : [pair, pair.slice(colon + 1)].filter((part) => part !== '');
}
