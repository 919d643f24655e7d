/**
 * Why a query gave no rows. `too large` and `timed out` may succeed for fewer namespaces, `unsteady` may succeed when
 * sent again, `refused` will not succeed.
 */
export type FailureKind = 'too large' | 'timed out' | 'unsteady' | 'refused';

export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Text from a server on one line, cut to `length` characters. */
export function excerpt(text: string, length = 300): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
