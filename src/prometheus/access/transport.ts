import { formatMegabytes } from '../../bytes.ts';
import type { Access } from '../../model/measurement.ts';
import { QueryFailure } from './failure.ts';

/** Parameters of a request to the HTTP API, in order. */
export type Params = readonly (readonly [string, string])[];

/** An answer over HTTP, as it came: it may repeat secrets. `body` may be empty where the way hides it (`wget` on an error). */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Where a 3xx points. */
  readonly location?: string;
  /** What `Retry-After` asks for, where the way shows headers. */
  readonly retryAfterSeconds?: number;
}

/** What an answer may take; `signal` ends the waiting for it. */
export interface AnswerBounds {
  readonly signal?: AbortSignal;
  readonly timeoutSeconds: number;
  /** Of the body, unpacked. */
  readonly mostBytes: number;
  /** What takes no form, where the way would send one. */
  readonly byGet?: boolean;
  /** Takes each row of a successful answer as it comes, where the way can: then `body` is left without these rows. */
  readonly onRow?: (text: string) => void;
}

/**
 * One way to Prometheus. `send` throws `QueryFailure` where no HTTP answer comes back, or one that is beyond the bounds.
 */
export interface Transport {
  readonly access: Access;
  /** `path` is below the base URL: `/api/v1/query`. */
  send(path: string, params: Params, bounds: AnswerBounds): Promise<HttpAnswer>;
}

/** The failure for an answer that is beyond its bound. */
export function answerTooLarge({ mostBytes }: AnswerBounds): QueryFailure {
  return new QueryFailure('too large', `the answer is larger than ${formatMegabytes(mostBytes)}`);
}

/** The parameters as a query string or form body. */
export function encodeParams(params: Params): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString();
}

/** A program takes 128 KiB in one argument, and proxies take less in a URL. */
const LONGEST_URL = 60_000;

/** The URL of a GET request. Throws `QueryFailure` (`too large`) for one that is too long to be passed on. */
export function urlOfQuery(base: string, params: Params): string {
  const url = `${base}?${encodeParams(params)}`;
  if (url.length <= LONGEST_URL) return url;
  throw new QueryFailure('too large', `the query is ${url.length} characters long, too long for a URL`);
}
