import type { ContainerView, PodContainerView } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { byteLength, count } from '../text/format.ts';
import { describeRow, orderPods } from './describe-row.ts';
import { embed } from './embed.ts';
import type { RowData } from './page-data.ts';
import { encodeSeries } from './series.ts';

/** The rows of a page and the courses of their pods, each already the JSON of one line. */
export interface FittedRows {
  readonly rows: readonly string[];
  /** By the place of its row; empty where none has room. */
  readonly series: readonly string[];
  /** What had no room, in sentences. */
  readonly leftOut: readonly string[];
}

interface Draft {
  readonly view: ContainerView;
  readonly pods: readonly PodContainerView[];
  readonly row: RowData;
}

interface Course {
  readonly row: number;
  readonly rank: number;
  readonly text: string;
}

/** Shown of a container where not all pods have room. */
const FEW_PODS = 3;

/**
 * As much of the rows as fits into so many bytes. The courses of pods are left out first, those of what is green before
 * others and the highest pod of each last; then the pods of what is green, then what is green, from the end.
 */
export function fitRows(context: Context, mostBytes: number): FittedRows {
  const drafts = context.views.map((view): Draft => {
    const pods = orderPods(view);
    return { view, pods, row: describeRow(view, context, pods) };
  });
  const whole = drafts.map(({ row }) => embed(row));
  if (sizeOf(whole) <= mostBytes) return withCourses(drafts, whole, context, mostBytes - sizeOf(whole), []);
  const cut = drafts.map(({ row }) => embed(row.level === 'g' ? { ...row, pods: row.pods?.slice(0, FEW_PODS) } : row));
  const fewer = `Of what is healthy, only ${FEW_PODS} pods a container are listed.`;
  if (sizeOf(cut) <= mostBytes) return withCourses(drafts, cut, context, mostBytes - sizeOf(cut), [fewer]);
  const kept = takeWithin(cut, mostBytes);
  const gone = `There was no room for ${count(cut.length - kept.length, 'row')}, the least urgent ones.`;
  return withCourses(drafts.slice(0, kept.length), kept, context, mostBytes - sizeOf(kept), [fewer, gone]);
}

function withCourses(
  drafts: readonly Draft[],
  rows: readonly string[],
  context: Context,
  room: number,
  leftOut: readonly string[],
): FittedRows {
  const courses = listCourses(drafts, context);
  const frame = 3 * rows.length;
  const texts = courses.map(({ text }) => text);
  const kept = courses.slice(0, takeWithin(texts, room - frame).length);
  const byRow = rows.map((): string[] => []);
  for (const { row, text } of kept) byRow[row]?.push(text);
  const missing = courses.length - kept.length;
  const said = `Charts without room on this page: ${missing} of ${courses.length} pods, those of healthy containers first.`;
  return {
    rows,
    series: kept.length === 0 ? [] : byRow.map((own) => `[${own.join(',')}]`),
    leftOut: missing === 0 ? leftOut : [...leftOut, said],
  };
}

/** The courses of all pods, those that matter most first. */
function listCourses(drafts: readonly Draft[], { input }: Context): Course[] {
  const courses = drafts.flatMap(({ view, pods }, row) =>
    pods.flatMap((pod, place): Course[] => {
      const { measured } = pod.container.observation;
      const window = encodeSeries(measured?.averages ?? [], input.inspection.at);
      const slow = encodeSeries(measured?.slowAverages ?? [], input.inspection.at);
      if (window === undefined && slow === undefined) return [];
      const rank = (view.level === 'green' ? 2 : 0) + (place === 0 ? 0 : 1);
      return [{ row, rank, text: embed([place, window ?? null, slow ?? null]) }];
    }),
  );
  return courses.sort((a, b) => a.rank - b.rank);
}

function takeWithin(texts: readonly string[], most: number): readonly string[] {
  let room = most;
  const end = texts.findIndex((text) => {
    room -= byteLength(text) + 2;
    return room < 0;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + byteLength(text) + 2, 0);
}
