/**
 * Why a query gave no rows. `too large` and `timed out` may succeed for fewer namespaces, `too long` for a shorter time,
 * `unsteady` when sent again; `refused` will not succeed.
 */
export type FailureKind = 'too large' | 'too long' | 'timed out' | 'unsteady' | 'refused';

/** What a server that has too much to do asks for. */
export interface Busy {
  /** It answers too many requests already (429), of which fewer at a time may mend it. */
  readonly fewerAtATime: boolean;
  /** Where it says so. */
  readonly waitSeconds?: number;
}

export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  readonly kind: FailureKind;
  readonly busy?: Busy;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions & { readonly busy?: Busy }) {
    super(message, options);
    this.kind = kind;
    if (options?.busy) this.busy = options.busy;
  }
}

/** Text from a server on one line, cut to `length` characters. */
export function excerpt(text: string, length = 300): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
