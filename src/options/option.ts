import { z } from 'zod';

/** What the documents and the reader know of an option beside its type. */
export interface OptionNotes {
  readonly group: string;
  readonly description: string;
  /** What it accepts, in words. */
  readonly accepts: string;
  /** Masked in the log; never shown in an error. */
  readonly secret: boolean;
  /** `input` and `file` options exist only there. */
  readonly place: 'both' | 'input' | 'file';
  /** Whether it only concerns what a run does on GitHub: a terminal has no flag for it. */
  readonly github: boolean;
}

type Given = Partial<Pick<OptionNotes, 'secret' | 'place' | 'github'>>;

/** An option: its group in the documents, what it does, its type, and where it may be given. */
export function option<Type extends z.ZodType>(
  group: string,
  description: string,
  type: Type,
  given: Given = {},
): Type {
  const accepts = String(innermost(type).meta()?.accepts ?? '');
  const notes: OptionNotes = { group, description, accepts, secret: false, place: 'both', github: false, ...given };
  return type.meta({ ...notes });
}

/** The type below `optional` and defaults. */
export function innermost(type: z.core.$ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault) {
    return innermost(type.unwrap());
  }
  return type as z.ZodType;
}
