import { messageOf } from '../../errors.ts';
import type { Address } from './address.ts';
import { excerpt, QueryFailure } from './failure.ts';
import { readRetryAfter } from './retry-after.ts';
import { createRowSplitter } from './split-rows.ts';
import {
  type AnswerBounds,
  answerTooLarge,
  encodeParams,
  type HttpAnswer,
  type Params,
  type Transport,
} from './transport.ts';

/** The runner itself reaches the URL. Sends a form by POST; by GET where POST is not allowed (405). */
export function openDirect(address: Address, fetchUrl: typeof fetch): Transport {
  let method: 'POST' | 'GET' = 'POST';
  return {
    access: { way: 'direct', url: address.url },
    async send(path, params, bounds) {
      if (bounds.byGet) return request(address, fetchUrl, 'GET', path, params, bounds);
      const answer = await request(address, fetchUrl, method, path, params, bounds);
      if (method === 'GET' || answer.status !== 405) return answer;
      method = 'GET';
      return request(address, fetchUrl, method, path, params, bounds);
    },
  };
}

async function request(
  address: Address,
  fetchUrl: typeof fetch,
  method: 'POST' | 'GET',
  path: string,
  params: Params,
  bounds: AnswerBounds,
): Promise<HttpAnswer> {
  const form = encodeParams(params);
  const headers = { Accept: 'application/json', ...address.headers };
  const timeout = AbortSignal.timeout(bounds.timeoutSeconds * 1000);
  const signal = bounds.signal ? AbortSignal.any([timeout, bounds.signal]) : timeout;
  const init: RequestInit = { redirect: 'manual', signal };
  try {
    const response =
      method === 'GET'
        ? await fetchUrl(`${address.url}${path}?${form}`, { ...init, headers })
        : await fetchUrl(`${address.url}${path}`, {
            ...init,
            method,
            headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
            body: form,
          });
    const location = response.headers.get('location');
    const wait = readRetryAfter(response.headers.get('retry-after'), response.headers.get('date'), Date.now());
    return {
      status: response.status,
      body: await readBody(response, bounds),
      ...(location === null ? {} : { location }),
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
    };
  } catch (cause) {
    throw cause instanceof QueryFailure ? cause : networkFailure(cause, address, bounds.timeoutSeconds);
  }
}

/** The body as it is unpacked, for as long as it is within its bound, without the rows that somebody takes. */
async function readBody(response: Response, bounds: AnswerBounds): Promise<string> {
  const decoder = new TextDecoder();
  const keep = response.ok && bounds.onRow ? createRowSplitter(bounds.onRow) : (text: string) => text;
  const pieces: string[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > bounds.mostBytes) throw answerTooLarge(bounds);
    pieces.push(keep(decoder.decode(chunk, { stream: true })));
  }
  pieces.push(keep(decoder.decode()));
  return pieces.join('');
}

function networkFailure(cause: unknown, address: Address, timeoutSeconds: number): QueryFailure {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return new QueryFailure('timed out', `no answer within ${timeoutSeconds} s`, { cause });
  }
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const text = excerpt(address.redact(messageOf(inner) || 'the connection failed'));
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  if (/invalid/i.test(text) && /header/i.test(text)) {
    return new QueryFailure(
      'refused',
      'prometheus-token or prometheus-headers contains characters that are not allowed in a header',
    );
  }
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
  const help = certificate ? ' (set NODE_EXTRA_CA_CERTS to the file of its certificate authority)' : '';
  return new QueryFailure('unsteady', `${text || code}${help}`, { cause });
}
