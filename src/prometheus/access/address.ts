import { UserError } from '../../errors.ts';
import { secretsOf } from '../../secrets.ts';
import { createRedactor, type Redact } from '../../text/redact.ts';
import { withoutTrailing } from '../../text/without-trailing.ts';

/** Where Prometheus is, and what to send along. `url` has no credentials and no slash at its end. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Takes what was sent along out of a text from the other side, which may repeat it. */
  readonly redact: Redact;
}

/** The service that a cluster name stands for. */
export interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
  readonly https: boolean;
  /** Path prefix, empty or with a leading slash. */
  readonly prefix: string;
}

/**
 * Reads `prometheus-url`, the token and the headers. Credentials within the URL become a header. Throws `UserError`
 * for what is no http(s) URL.
 */
export function readAddress(
  url: string,
  token: string | undefined,
  headers: Readonly<Record<string, string>>,
): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UserError(
      `prometheus-url is "${url.replace(/^([a-z]+:\/\/)?.*@/i, '$1***@')}", which is not an http or https URL: write it like http://prometheus-k8s.monitoring.svc:9090`,
    );
  }
  const all: Record<string, string> = { ...headers };
  if (parsed.username !== '' || parsed.password !== '') {
    const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
    all.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const bearer = token?.trim() || undefined;
  if (bearer !== undefined) all.Authorization = `Bearer ${bearer}`;
  const path = withoutTrailing(parsed.pathname, '/').replace(/\/(api\/v1(\/query(_range)?)?|graph|query)$/, '');
  return {
    url: `${parsed.protocol}//${parsed.host}${path}`,
    headers: all,
    redact: createRedactor(secretsOf({ prometheusUrl: url, prometheusToken: bearer, prometheusHeaders: headers })),
  };
}

/** The service behind a URL such as `http://prometheus-k8s.monitoring.svc.cluster.local:9090/prefix`, if it is one. */
export function serviceOf(url: string): ServiceAddress | undefined {
  const parsed = new URL(url);
  const match = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.|$)/.exec(parsed.hostname);
  if (!match?.[1] || !match[2]) return undefined;
  const https = parsed.protocol === 'https:';
  return {
    name: match[1],
    namespace: match[2],
    port: parsed.port || (https ? '443' : '80'),
    https,
    prefix: withoutTrailing(parsed.pathname, '/'),
  };
}
