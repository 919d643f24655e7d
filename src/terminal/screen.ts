import { createColors } from 'picocolors';

/** Where a terminal run writes, and what that is. */
export interface Screen {
  /** The result: what may be piped. */
  readonly out: Stream;
  /** Progress and what went wrong. */
  readonly err: Stream;
  /** The folder in which the command was typed. */
  readonly folder: string;
}

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

export type Colours = ReturnType<typeof createColors>;

/** What the command line and, without a word there, the variables NO_COLOR and FORCE_COLOR say, else whether it is a terminal. */
export function chooseColours(
  stream: Stream,
  flag: boolean | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): Colours {
  if (flag !== undefined) return createColors(flag);
  if (variables.NO_COLOR) return createColors(false);
  if (variables.FORCE_COLOR) return createColors(variables.FORCE_COLOR !== '0');
  return createColors(stream.isTTY === true && variables.TERM !== 'dumb');
}

/** Of a stream that is no terminal, and of one that is very wide. */
const USUAL_COLUMNS = 100;

export function columnsOf({ columns }: Stream): number {
  return columns === undefined || columns === 0 ? USUAL_COLUMNS : Math.max(40, columns);
}
