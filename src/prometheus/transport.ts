import type { Access } from '../model/measurement.ts';

/** Parameters of a request to the HTTP API, in order. */
export type Params = readonly (readonly [string, string])[];

/** An answer over HTTP. `body` may be empty where the way hides it (`wget` on an error). */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Where a 3xx points, without its query. */
  readonly location?: string;
}

/** One way to Prometheus. `send` throws `QueryFailure` where no HTTP answer comes back. */
export interface Transport {
  readonly access: Access;
  /** `path` is below the base URL: `/api/v1/query`. */
  send(path: string, params: Params, timeoutSeconds: number): Promise<HttpAnswer>;
}

/** The parameters as a query string or form body. */
export function encodeParams(params: Params): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString();
}
