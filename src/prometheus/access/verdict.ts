import { parseJson } from '../../text/json-scan.ts';
import type { Redact } from '../../text/redact.ts';
import { beginningOf, type Envelope, type ReadRow, readAnswer, redactionOf, warningsOf } from '../answer.ts';
import { excerpt, QueryFailure } from './failure.ts';
import type { HttpAnswer } from './transport.ts';

/**
 * How Prometheus, Thanos, Mimir and VictoriaMetrics say that a query needs too many samples, series, bytes or time.
 */
const TOO_LARGE =
  /too many (samples|series|points|data)|load too many|exceed|limit (of|:|is)|larger than max|too large|-search\.max|not enough memory|timed out|timeout|deadline|err-mimir-max/i;

/** How Cortex and Mimir say that a query spans more time than a tenant may ask for. */
const TOO_LONG = /time range exceeds the limit|err-mimir-max-(?:total-)?query-length/i;

/**
 * The rows of an answer, or a `QueryFailure` that says what came back and, where a setting mends it, which. Whatever
 * Prometheus says enters the run here, and leaves the secrets of the request behind.
 */
export function judgeAnswer<Row>(
  answer: HttpAnswer,
  readRow: ReadRow<Row>,
  redact: Redact,
): { rows: Row[]; warnings: string[] } {
  if (answer.status >= 200 && answer.status < 300) {
    const { envelope, rows } = readAnswer(answer.body, readRow, redact);
    if (envelope.status === 'success') return { rows, warnings: warningsOf(envelope) };
    if (envelope.status === undefined)
      throw new QueryFailure('unsteady', 'the answer is JSON, but not from a Prometheus API');
    throw failureOf(answer, errorText(envelope));
  }
  const location = answer.location === undefined ? undefined : withoutQuery(redact(answer.location));
  throw failureOf(answer, bodyText(answer.body, redact), location);
}

/** The `data` of an answer that has no rows, or a `QueryFailure`. */
export function readData(answer: HttpAnswer, redact: Redact): unknown {
  if (answer.status !== 200) throw failureOf(answer, bodyText(answer.body, redact));
  try {
    return redactionOf(answer.body, redact)((parseJson(answer.body) as { readonly data?: unknown } | null)?.data);
  } catch (cause) {
    throw new QueryFailure('refused', 'the answer is not JSON', { cause });
  }
}

function failureOf({ status, retryAfterSeconds }: HttpAnswer, text: string, location?: string): QueryFailure {
  const said = text === '' ? '' : `: ${text}`;
  if (status >= 300 && status < 400) {
    const where = location ? ` to ${location}` : '';
    return new QueryFailure(
      'refused',
      `${status}, a redirect${where}: a login page, or prometheus-url is not the final address`,
    );
  }
  if (status === 401)
    return new QueryFailure('refused', `401 Unauthorized${said}: set prometheus-token or prometheus-headers`);
  if (status === 403) {
    return new QueryFailure(
      'refused',
      `403 Forbidden${said}: these credentials may not query; check prometheus-token or prometheus-headers`,
    );
  }
  if (status === 404) {
    return new QueryFailure(
      'refused',
      `404 Not Found${said}: there is no Prometheus API at that address; check the path in prometheus-url`,
    );
  }
  if (status === 413 || status === 414 || status === 431) return new QueryFailure('too large', `${status}${said}`);
  const busy = { fewerAtATime: status === 429, waitSeconds: retryAfterSeconds };
  if (status === 429) return new QueryFailure('unsteady', `429 Too Many Requests${said}`, { busy });
  if (status === 504) return new QueryFailure('timed out', `504 Gateway Timeout${said}`);
  if (TOO_LONG.test(text)) return new QueryFailure('too long', `${status}${said}`);
  if (TOO_LARGE.test(text) || (status === 422 && text === '')) return new QueryFailure('too large', `${status}${said}`);
  if (status === 503) return new QueryFailure('unsteady', `503 Service Unavailable${said}`, { busy });
  if (status >= 500) return new QueryFailure('unsteady', `${status}${said}`);
  return new QueryFailure('refused', `${status}${said}`);
}

function bodyText(body: string, redact: Redact): string {
  const beginning = beginningOf(body, redact);
  if (beginning.trimStart().startsWith('<')) return '';
  try {
    return errorText(readAnswer(body, () => undefined, redact).envelope) || excerpt(beginning);
  } catch {
    return excerpt(beginning);
  }
}

/** An address without its query, fragment and credentials. */
function withoutQuery(location: string): string {
  const [path = ''] = location.split(/[?#]/, 1);
  return path.replace(/\/\/[^/@]*@/, '//');
}

function errorText(envelope: Envelope): string {
  const parts = [envelope.errorType, envelope.error].filter(
    (part): part is string => typeof part === 'string' && part !== '',
  );
  return excerpt(parts.join(': '));
}
