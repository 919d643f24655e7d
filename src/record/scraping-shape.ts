import { z } from 'zod';
import { isCount, isTime } from '../plausible.ts';

const labels = z.record(z.string(), z.string());
const selector = z.looseObject({
  matchLabels: labels.optional(),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});
const named = { namespace: z.string(), name: z.string() };
const reaches = z.union([z.enum(['own', 'any']), z.array(z.string())]);
const portName = z.union([z.number(), z.string()]);
const time = z.number().refine(isTime, { error: 'not a time' });
const what = z.enum(['services', 'monitors', 'prometheuses', 'targets', 'endpoint']);

/** What a template says of who scrapes its pods. */
export const scrapeMarksShape = z.looseObject({
  labels,
  annotations: labels,
  ports: z.array(
    z.looseObject({
      container: z.string(),
      name: z.string().optional(),
      number: z.number().refine(isCount, { error: 'not a port' }),
    }),
  ),
});

/** The way of the JVM metrics, as far as it is walked. */
export const scrapingShape = z.looseObject({
  at: time,
  operator: z.enum(['there', 'none', 'unknown']),
  servicesOf: z.array(z.string()),
  services: z.array(
    z.looseObject({
      ...named,
      labels,
      selector: labels,
      ports: z.array(z.looseObject({ name: z.string().optional(), port: z.number(), targetPort: portName })),
    }),
  ),
  monitors: z.array(
    z.looseObject({
      ...named,
      kind: z.enum(['ServiceMonitor', 'PodMonitor']),
      changedAt: time.optional(),
      labels,
      reaches,
      selector,
      endpoints: z.array(
        z.looseObject({ port: z.string().optional(), targetPort: portName.optional(), path: z.string() }),
      ),
    }),
  ),
  prometheuses: z.array(
    z.looseObject({
      ...named,
      serviceMonitors: selector.optional(),
      podMonitors: selector.optional(),
      serviceMonitorNamespaces: selector.optional(),
      podMonitorNamespaces: selector.optional(),
    }),
  ),
  namespaces: z.array(z.looseObject({ name: z.string(), labels })),
  collectors: z.array(z.looseObject({ ...named, kind: z.string(), reaches, selector: selector.optional() })),
  targets: z.array(
    z.looseObject({
      namespace: z.string(),
      pod: z.string(),
      container: z.string().optional(),
      up: z.boolean(),
      error: z.string().optional(),
    }),
  ),
  endpoints: z.array(
    z.looseObject({
      namespace: z.string(),
      pod: z.string(),
      port: z.number(),
      path: z.string(),
      answer: z.discriminatedUnion('kind', [
        z.looseObject({ kind: z.literal('metrics'), jvm: z.boolean() }),
        z.looseObject({ kind: z.literal('something else') }),
        z.looseObject({ kind: z.literal('status'), status: z.number() }),
        z.looseObject({ kind: z.literal('no answer'), why: z.string() }),
      ]),
    }),
  ),
  unseen: z.array(z.looseObject({ what, namespace: z.string().optional() })),
});
