import type { Kubectl } from '../../kubectl/kubectl.ts';
import { type Address, serviceOf } from './address.ts';
import { excerpt, QueryFailure } from './failure.ts';
import { answerTooLarge, type HttpAnswer, type Transport, urlOfQuery } from './transport.ts';

/** What `Error from server (Reason)` of kubectl stands for, where the server behind the proxy may have said it. */
const STATUS: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  NotFound: 404,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
};

/**
 * Through the API server's service proxy, which passes no headers on. Throws `QueryFailure` (`refused`) where the
 * address has headers or is no service of the cluster.
 */
export function openServiceProxy(address: Address, kubectl: Kubectl): Transport {
  if (Object.keys(address.headers).length > 0) {
    throw new QueryFailure('refused', 'skipped, because it cannot send the token or the headers');
  }
  const service = serviceOf(address.url);
  if (!service) {
    throw new QueryFailure(
      'refused',
      'skipped, because prometheus-url is not a service name like http://prometheus-k8s.monitoring.svc:9090',
    );
  }
  const name = `${service.https ? 'https:' : ''}${service.name}:${service.port}`;
  const base = `/api/v1/namespaces/${service.namespace}/services/${name}/proxy${service.prefix}`;
  return {
    access: { way: 'service-proxy', url: address.url, through: `${service.namespace}/${service.name}` },
    async send(path, params, bounds) {
      const args = ['get', '--raw', urlOfQuery(`${base}${path}`, params)];
      const { timeoutSeconds, mostBytes, signal } = bounds;
      const result = await kubectl.run(args, { timeoutSeconds: timeoutSeconds + 5, mostBytes, signal });
      if (result.tooLarge) throw answerTooLarge(bounds);
      if (result.exitCode === 0) return { status: 200, body: result.stdout };
      return readRefusal(address.redact(result.stderr), service.namespace);
    },
  };
}

function readRefusal(stderr: string, namespace: string): HttpAnswer {
  const text = excerpt(stderr);
  if (/services\/proxy|services? "[^"]{1,253}" is forbidden/.test(text) && /forbidden/i.test(text)) {
    throw new QueryFailure('refused', `${text} (needs the verb get on services/proxy in the namespace ${namespace})`);
  }
  if (/services? "[^"]{1,253}" not found/.test(text)) throw new QueryFailure('refused', text);
  if (/no endpoints available/.test(text)) throw new QueryFailure('unsteady', text);
  if (/timed? ?out|deadline exceeded|was ended after/i.test(text)) throw new QueryFailure('timed out', text);
  const status = STATUS[/Error from server \((\w+)\)/.exec(text)?.[1] ?? ''];
  if (status === undefined) throw new QueryFailure('unsteady', text || 'kubectl failed without output');
  return { status, body: status === 422 ? '' : text };
}
