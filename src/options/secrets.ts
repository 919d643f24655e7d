import type { Options } from './schema.ts';

/** A tenant's name is no secret, and masked it would be cut out of every line that holds the word. */
const TENANT = /^(x-scope-orgid|thanos-tenant)$/i;

/**
 * What must be masked in the log: tokens, header values and a password in the address, and each of them also in the
 * form in which it travels or stands alone.
 */
export function secretsOf(
  options: Pick<Options, 'prometheusUrl' | 'prometheusToken' | 'prometheusHeaders' | 'githubToken'>,
): readonly string[] {
  const { prometheusUrl, prometheusToken, prometheusHeaders, githubToken } = options;
  const secrets = new Set<string>(prometheusUrl === undefined ? [] : passwordsOf(new URL(prometheusUrl)));
  for (const token of [prometheusToken, githubToken]) if (token !== undefined) secrets.add(token);
  for (const [name, value] of Object.entries(prometheusHeaders)) {
    if (TENANT.test(name)) continue;
    secrets.add(value);
    const [, credentials] = /^(?:basic|bearer|token)\s+(\S+)$/i.exec(value) ?? [];
    if (credentials !== undefined) secrets.add(credentials);
  }
  return [...secrets];
}

function passwordsOf({ username, password }: URL): readonly string[] {
  if (password === '') return [];
  const [user, plain] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [password, plain, Buffer.from(`${user}:${plain}`).toString('base64')];
}
