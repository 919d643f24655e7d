import type { RenderedText } from './rendered.ts';

/** What came of rendering something. `over`: it took more than a child, or the run as a whole, may. */
export type Rendering =
  | {
      readonly state: 'rendered';
      readonly documents: readonly RenderedText[];
      /** Files with patches that were left out, because what they patch comes from elsewhere. */
      readonly without?: readonly string[];
    }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'over'; readonly why: string };

/** Characters of all documents together. */
export function lengthOf(documents: readonly RenderedText[]): number {
  return documents.reduce((sum, { length }) => sum + length, 0);
}
