import { describe, expect, it } from 'vitest';
import { QueryFailure } from '../../../src/prometheus/access/failure.ts';
import { judgeAnswer } from '../../../src/prometheus/access/verdict.ts';

function failureOf(status: number, body: string, location?: string): QueryFailure {
  try {
    judgeAnswer(
      { status, body, location },
      () => undefined,
      (text) => text,
    );
  } catch (thrown) {
    if (thrown instanceof QueryFailure) return thrown;
    throw thrown;
  }
  throw new Error('it was taken for an answer');
}

function errorBody(errorType: string, error: string): string {
  return JSON.stringify({ status: 'error', errorType, error });
}

describe('judgeAnswer', () => {
  it.each([
    [401, '', 'refused', /401 Unauthorized: set prometheus-token/],
    [403, 'RBAC: access denied', 'refused', /403 Forbidden: RBAC: access denied: these credentials/],
    [404, '404 page not found', 'refused', /check the path in prometheus-url/],
    [302, '', 'refused', /302, a redirect to https:\/\/sso\.example\/login: a login page/],
    [400, errorBody('bad_data', 'parse error: unexpected end'), 'refused', /bad_data: parse error/],
    [413, '', 'too large', /413/],
    [422, errorBody('execution', 'query processing would load too many samples into memory'), 'too large', /too many/],
    [422, '', 'too large', /422/],
    [422, errorBody('execution', 'many-to-many matching not allowed'), 'refused', /many-to-many/],
    [503, errorBody('timeout', 'query timed out in expression evaluation'), 'too large', /timed out/],
    [503, '<html>no backend</html>', 'unsteady', /^503 Service Unavailable$/],
    [429, 'slow down', 'unsteady', /429/],
    [504, '', 'timed out', /504/],
    [500, 'oops', 'unsteady', /500: oops/],
    [200, '{"foo":1}', 'unsteady', /not from a Prometheus API/],
    [200, '<html><title>Login</title>', 'unsteady', /HTML/],
    // VictoriaMetrics
    [
      422,
      errorBody('422', 'cannot select more than -search.maxSamplesPerQuery=1000 samples'),
      'too large',
      /more than/,
    ],
    [503, errorBody('503', 'the number of matching timeseries exceeds 300000'), 'too large', /exceeds/],
    // Cortex and Mimir
    [
      400,
      errorBody('bad_data', 'the query time range exceeds the limit (query length: 168h0m0s, limit: 48h0m0s)'),
      'too long',
      /time range/,
    ],
    [
      422,
      errorBody('execution', 'expanding series: limit 5 violated (got 30): exceeded series limit'),
      'too large',
      /5/,
    ],
    // Mimir
    [
      422,
      errorBody('execution', 'the query exceeded the maximum number of series (err-mimir-max-series-per-query)'),
      'too large',
      /series/,
    ],
    [500, errorBody('internal', 'grpc: received message larger than max (5 vs. 4)'), 'too large', /larger than max/],
  ] as const)('%i %s is %s', (status, body, kind, message) => {
    const failure = failureOf(status, body, status === 302 ? 'https://sso.example/login' : undefined);
    expect(failure.message).toMatch(message);
    expect(failure.kind).toBe(kind);
  });
});
