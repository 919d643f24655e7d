import type { Source } from './explain.ts';
import type { OptionName, OptionValues } from './schema.ts';

/**
 * Where a secret of the job would go to an address, or through a pod, that no input names: whoever may write to the
 * repository, or label a Service, could collect it. One sentence each. What stands in the config file is no secret of the
 * job, and with a recording nothing is sent.
 */
export function checkSecretTargets(
  values: OptionValues,
  sourceOf: (name: OptionName) => Source | undefined,
): readonly string[] {
  if (values.recording !== undefined) return [];
  const sent = (['prometheus-token', 'prometheus-headers'] as const).filter((name) => sourceOf(name) === 'input');
  const carried = withCredentials(values).filter((name) => sourceOf(name) === 'input');
  return [
    ...(sent.length > 0 ? checkAddress(sent, sourceOf('prometheus-url')) : []),
    ...(carried.length > 0 ? checkPod(carried, values, sourceOf) : []),
    ...checkNamedPod(values),
  ];
}

/** The options whose values are sent along with a query. */
function withCredentials(values: OptionValues): readonly OptionName[] {
  const url = values['prometheus-url'] === undefined ? undefined : new URL(values['prometheus-url']);
  return [
    ...(values['prometheus-token'] === undefined ? [] : (['prometheus-token'] as const)),
    ...(Object.keys(values['prometheus-headers']).length === 0 ? [] : (['prometheus-headers'] as const)),
    ...(url && (url.username !== '' || url.password !== '') ? (['prometheus-url'] as const) : []),
  ];
}

function checkAddress(sent: readonly OptionName[], source: Source | undefined): readonly string[] {
  if (source === 'input') return [];
  const where = source === undefined ? 'is not set' : `is set in ${source.file}`;
  const orMove = sent.includes('prometheus-headers')
    ? ', or move headers that are not secret into the config file'
    : '';
  return [
    `${nameOptions(sent)} sent only to a prometheus-url that is also an input. prometheus-url ${where}: set it as an input${orMove}.`,
  ];
}

function checkPod(
  carried: readonly OptionName[],
  values: OptionValues,
  sourceOf: (name: OptionName) => Source | undefined,
): readonly string[] {
  if (values['query-pod'] === undefined || !mayExec(values)) return [];
  return (['query-pod', 'context'] as const).flatMap((name) => {
    const source = sourceOf(name);
    if (source === undefined || source === 'input') return [];
    return [
      `${nameOptions(carried)} sent only through a pod and a context that are also inputs. ${name} is set in ${source.file}: set it as an input.`,
    ];
  });
}

function checkNamedPod(values: OptionValues): readonly string[] {
  const carried = withCredentials(values);
  if (values['prometheus-access'] !== 'exec' || values['query-pod'] !== undefined || carried.length === 0) return [];
  return [
    `Option prometheus-access is exec, so the pod that runs the queries would see the secrets in ${carried.join(' and ')}: name a pod that may see them in the option query-pod.`,
  ];
}

function mayExec(values: OptionValues): boolean {
  return values['prometheus-access'] === 'auto' || values['prometheus-access'] === 'exec';
}

function nameOptions(names: readonly OptionName[]): string {
  return names.length === 1
    ? `Option ${names[0]} is an input, so it is`
    : `The options ${names.join(' and ')} are inputs, so they are`;
}
