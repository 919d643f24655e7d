import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { messageOf, UserError } from '../errors.ts';
import type { Observation } from '../model/observation.ts';

const FORMAT = 1;

const list = z.array(z.looseObject({}));

/** Checks what a damaged or foreign file would get wrong first; the rest was written by this program. */
const shape = z.looseObject({
  format: z.literal(FORMAT),
  at: z.number(),
  windows: z.object({ window: z.number(), slowWindow: z.number(), sizingWindow: z.number() }),
  cluster: z.looseObject({
    namespaces: z.array(z.string()),
    inspected: z.looseObject({ namespaces: z.array(z.string()), except: z.array(z.string()) }).optional(),
    workloads: z.array(
      z.looseObject({ ref: z.looseObject({}), containers: list, pods: z.array(z.looseObject({ containers: list })) }),
    ),
    bounds: list,
    notes: list,
  }),
  access: z.looseObject({ way: z.string(), url: z.string() }),
  availability: z.looseObject({ jvm: z.looseObject({}) }),
  measurements: z.array(
    z.looseObject({ namespace: z.string(), pod: z.string(), container: z.string(), averages: list, starts: list }),
  ),
  peakHistories: z.array(z.looseObject({ dailyPeaks: z.array(z.looseObject({})) })),
  notes: z.array(z.looseObject({ text: z.string() })),
});

/**
 * An observation as the bytes of a recording: JSON with one workload and one container a line, compressed where the
 * path ends in `.gz`. The same observation gives the same bytes.
 */
export function encodeRecording(observation: Observation, path: string): Uint8Array {
  const { cluster, measurements, peakHistories, ...rest } = observation;
  const { workloads, ...clusterRest } = cluster;
  const text = [
    `{"format":${FORMAT},"head":${JSON.stringify({ ...rest, cluster: clusterRest })},`,
    `"workloads":${lines(workloads)},`,
    `"measurements":${lines(measurements)},`,
    `"peakHistories":${lines(peakHistories)}}`,
    '',
  ].join('\n');
  return path.endsWith('.gz') ? gzipSync(text, { level: 9 }) : Buffer.from(text);
}

function lines(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}

/**
 * Reads what `encodeRecording` wrote. A file that is none, or of another format, ends in a `UserError` that names it.
 */
export function decodeRecording(content: Uint8Array, path: string): Observation {
  try {
    const compressed = content[0] === 0x1f && content[1] === 0x8b;
    const text = Buffer.from(compressed ? gunzipSync(content) : content).toString('utf8');
    const { head, workloads, measurements, peakHistories } = JSON.parse(text);
    const observation = { ...head, cluster: { ...head.cluster, workloads }, measurements, peakHistories };
    shape.parse(observation);
    return observation as Observation;
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown).replace(/\s+/g, ' ') : messageOf(thrown);
    throw new UserError(
      `"${path}" is not a recording of format ${FORMAT} (${why}). Option recording takes a file that a run with option record wrote.`,
      { cause: thrown },
    );
  }
}
