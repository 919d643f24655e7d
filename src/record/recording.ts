import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { formatMegabytes, MIB } from '../bytes.ts';
import { messageOf, UserError } from '../errors.ts';
import type { Observation } from '../model/observation.ts';
import { isCount, isTime } from '../plausible.ts';
import { parseJson } from '../text/json-scan.ts';
import { keepPlausible } from './keep-plausible.ts';
import { scrapeMarksShape, scrapingShape } from './scraping-shape.ts';

const FORMAT = 1;
/** Twice the longest that an option takes. */
const LONGEST_WINDOW = 180 * 86_400;

/** The parts of the file. */
const layout = z.looseObject({
  head: z.looseObject({ cluster: z.looseObject({}) }),
  workloads: z.array(z.unknown()),
  measurements: z.array(z.unknown()),
  histories: z.array(z.unknown()).optional(),
  /** As earlier versions named the histories. */
  peakHistories: z.array(z.unknown()).optional(),
});

const seconds = z.number().positive().max(LONGEST_WINDOW);
const list = z.array(z.looseObject({}));
const text = z.string().optional();

/** Checks what a damaged or foreign file would get wrong first; the rest was written by this program. */
const shape = z.looseObject({
  format: z.literal(FORMAT),
  at: z.number().refine(isTime, { error: 'not a time' }),
  windows: z.object({ window: seconds, slowWindow: seconds, sizingWindow: seconds }),
  cluster: z.looseObject({
    namespaces: z.array(z.string()),
    inspected: z.looseObject({ namespaces: z.array(z.string()), except: z.array(z.string()) }).optional(),
    workloads: z.array(
      z.looseObject({
        ref: z.looseObject({}),
        containers: list,
        ignoreMarks: z.array(z.looseObject({ text: z.string() })).optional(),
        rollout: z.looseObject({ observed: z.boolean(), refused: text, overdue: text }).optional(),
        scrapeMarks: scrapeMarksShape.optional(),
        pods: z.array(
          z.looseObject({
            containers: list,
            trouble: z.looseObject({ reason: z.string(), message: text }).optional(),
          }),
        ),
      }),
    ),
    bounds: list,
    notes: list,
  }),
  access: z.looseObject({ way: z.string(), url: z.string() }),
  queries: z.number().refine(isCount, { error: 'not a count' }),
  availability: z.looseObject({ jvm: z.looseObject({}) }),
  measurements: z.array(
    z.looseObject({ namespace: z.string(), pod: z.string(), container: z.string(), averages: list, starts: list }),
  ),
  histories: z.array(z.looseObject({ dailyPeaks: z.array(z.looseObject({})) })),
  notes: z.array(z.looseObject({ text: z.string() })),
  deliveries: z
    .array(
      z.looseObject({
        workload: z.looseObject({}),
        by: z.enum(['Argo CD', 'Flux']),
        object: z.string(),
        status: z.string(),
        message: text,
      }),
    )
    .optional(),
  scraping: scrapingShape.optional(),
});

/**
 * An observation as the bytes of a recording: JSON with one workload and one container a line, compressed where the
 * path ends in `.gz`. The same observation gives the same bytes.
 */
export function encodeRecording(observation: Observation, path: string): Uint8Array {
  const { cluster, measurements, histories, ...rest } = observation;
  const { workloads, ...clusterRest } = cluster;
  const text = [
    `{"format":${FORMAT},"head":${JSON.stringify({ ...rest, cluster: clusterRest })},`,
    `"workloads":${lines(workloads)},`,
    `"measurements":${lines(measurements)},`,
    `"histories":${lines(histories)}}`,
    '',
  ].join('\n');
  return path.endsWith('.gz') ? gzipSync(text, { level: 9 }) : Buffer.from(text);
}

function lines(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}

/** Of the text, unpacked: ten thousand pods take a third of it. */
export const LARGEST_RECORDING = 256 * MIB;

/**
 * Reads what `encodeRecording` wrote. A file that is none, of another format or too large ends in a `UserError` that
 * names it.
 */
export function decodeRecording(content: Uint8Array, path: string): Observation {
  try {
    const {
      head,
      workloads,
      measurements,
      peakHistories,
      histories = peakHistories,
    } = layout.parse(parseJson(unpack(content)));
    const observation = { ...head, cluster: { ...head.cluster, workloads }, measurements, histories };
    shape.parse(observation);
    return keepPlausible(observation as unknown as Observation);
  } catch (thrown) {
    throw new UserError(
      `"${path}" is not a recording of format ${FORMAT} (${whyNot(thrown)}). Set option recording to a file written by a run with option record.`,
      { cause: thrown },
    );
  }
}

function unpack(content: Uint8Array): string {
  const compressed = content[0] === 0x1f && content[1] === 0x8b;
  const bytes = compressed ? gunzipSync(content, { maxOutputLength: LARGEST_RECORDING }) : content;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const MOST_ISSUES = 3;

function whyNot(thrown: unknown): string {
  if (thrown instanceof RangeError && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE') {
    return `it is larger than ${formatMegabytes(LARGEST_RECORDING)} unpacked`;
  }
  if (!(thrown instanceof z.ZodError)) return messageOf(thrown);
  const { issues } = thrown;
  const more = issues.length > MOST_ISSUES ? ` and ${issues.length - MOST_ISSUES} more` : '';
  return `${z.prettifyError(new z.ZodError(issues.slice(0, MOST_ISSUES))).replace(/\s+/g, ' ')}${more}`;
}
