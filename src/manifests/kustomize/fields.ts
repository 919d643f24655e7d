import { z } from 'zod';
import type { Json } from '../documents.ts';

/*
 * The fields of a kustomization that are rendered, by the spelling that kustomize documents: it decodes keys without regard
 * to case, so any other spelling would be a way around this list. What would run code or a chart is not among them.
 */

const text = z.string().nullish();
/** As YAML 1.1 has it, which kustomize still reads. */
const TRUTHS: Readonly<Record<string, boolean>> = { yes: true, on: true, y: true, no: false, off: false, n: false };
const truth = z
  .union([
    z.boolean(),
    z
      .string()
      .refine((text) => Object.hasOwn(TRUTHS, text.toLowerCase()))
      .transform((text) => TRUTHS[text.toLowerCase()] === true),
  ])
  .nullish();
const truths = z.record(z.string(), truth).nullish();
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const words = z.record(z.string(), plain).nullish();
const texts = z.array(z.string()).nullish();

function listOf(shape: z.ZodRawShape) {
  return z.array(z.strictObject(shape)).nullish();
}

const kind = { group: text, version: text, kind: text };
const id = { ...kind, name: text, namespace: text };
const selector = { ...id, apiVersion: text, annotationSelector: text, labelSelector: text };
const aSelector = z.strictObject(selector).nullish();
const fieldOptions = z
  .strictObject({ delimiter: text, index: z.number().nullish(), encoding: text, create: truth })
  .nullish();
const generatorOptions = {
  labels: words,
  annotations: words,
  disableNameSuffixHash: truth,
  immutable: truth,
};
const patch = { path: text, patch: text, target: aSelector, options: truths };
const generator = {
  name: text,
  namespace: text,
  behavior: text,
  literals: texts,
  files: texts,
  envs: texts,
  env: text,
  options: z.strictObject(generatorOptions).nullish(),
};
const image = { name: text, newName: text, newTag: plain.optional(), digest: text, tagSuffix: text };
const fieldSpecs = listOf({ ...kind, path: text, create: truth });

const kustomization = z.strictObject({
  apiVersion: text,
  kind: text,
  metadata: z.strictObject({ name: text, namespace: text, labels: words, annotations: words }).nullish(),
  openapi: z.strictObject({ path: text, version: text }).nullish(),
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: words,
  commonAnnotations: words,
  labels: listOf({ pairs: words, includeSelectors: truth, includeTemplates: truth, fields: fieldSpecs }),
  resources: texts,
  bases: texts,
  components: texts,
  crds: texts,
  configurations: texts,
  transformers: texts,
  patches: listOf(patch),
  patchesJson6902: listOf(patch),
  patchesStrategicMerge: texts,
  images: listOf(image),
  imageTags: listOf(image),
  replicas: listOf({ name: text, count: z.number() }),
  replacements: listOf({
    path: text,
    source: z.strictObject({ ...id, apiVersion: text, fieldPath: text, options: fieldOptions }).nullish(),
    sourceValue: text,
    targets: listOf({
      select: aSelector,
      reject: z.array(z.strictObject(selector)).nullish(),
      fieldPaths: texts,
      options: fieldOptions,
    }),
  }),
  vars: listOf({
    name: text,
    objref: z.strictObject({ ...id, apiVersion: text }).nullish(),
    fieldref: z.strictObject({ fieldPath: text, fieldpath: text }).nullish(),
  }),
  configMapGenerator: listOf(generator),
  secretGenerator: listOf({ ...generator, type: text }),
  generatorOptions: z.strictObject(generatorOptions).nullish(),
  sortOptions: z
    .strictObject({
      order: text,
      legacySortOptions: z.strictObject({ orderFirst: texts, orderLast: texts }).nullish(),
    })
    .nullish(),
  buildMetadata: texts,
});

const named = z.strictObject({ name: z.string() });

/** The transformers that are rendered, by kind: none of their fields names a file to load. */
const TRANSFORMERS: Readonly<Record<string, z.ZodRawShape>> = {
  LabelTransformer: { labels: words, fieldSpecs },
  AnnotationsTransformer: { annotations: words, fieldSpecs },
  NamespaceTransformer: {
    metadata: z.strictObject({ name: z.string(), namespace: text }),
    fieldSpecs,
    unsetOnly: truth,
    setRoleBindingSubjects: text,
  },
  PrefixTransformer: { prefix: text, fieldSpecs },
  SuffixTransformer: { suffix: text, fieldSpecs },
  PrefixSuffixTransformer: { prefix: text, suffix: text, fieldSpecs },
  ReplicaCountTransformer: { replica: z.strictObject({ name: text, count: z.number() }), fieldSpecs },
  ImageTagTransformer: { imageTag: z.strictObject(image), fieldSpecs },
  PatchStrategicMergeTransformer: { patches: text },
  PatchTransformer: { patch: text, target: aSelector, options: truths },
};

type Fields = { readonly [key: string]: Json };

/** A kustomization's fields as they are written anew, or why it is not rendered, in words that follow its path. */
export function readFields(value: Json): { readonly value: Fields } | { readonly why: string } {
  return explain(kustomization.safeParse(value));
}

/** The configuration of a transformer as it is written anew, or why it is not rendered. */
export function readTransformer(value: Json): { readonly value: Fields } | { readonly why: string } {
  const { kind: name, apiVersion } = (value ?? {}) as { readonly kind?: unknown; readonly apiVersion?: unknown };
  const shape = typeof name === 'string' && Object.hasOwn(TRANSFORMERS, name) ? TRANSFORMERS[name] : undefined;
  if (shape === undefined || apiVersion !== 'builtin') return { why: 'holds a transformer that is not rendered' };
  return explain(z.strictObject({ apiVersion: text, kind: text, metadata: named, ...shape }).safeParse(value));
}

function explain(result: z.ZodSafeParseResult<unknown>): { readonly value: Fields } | { readonly why: string } {
  if (result.success) return { value: result.data as Fields };
  const [issue] = result.error.issues;
  if (issue === undefined) return { why: 'is not what kustomize reads' };
  const place = issue.path.filter((step) => typeof step === 'string').join('.');
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return { why: `has the field ${place === '' ? key : `${place}.${key}`}, which this action does not know` };
  }
  return { why: `has a value of an unexpected type at ${place || 'its top'}` };
}
