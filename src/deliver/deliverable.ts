import type { Pull } from '../github/list-pulls.ts';
import type { Recipients } from '../model/owner.ts';
import type { PullRequestInput } from './delivery-input.ts';
import type { Marker } from './marker.ts';
import type { KnownPulls, OwnPull } from './own-pulls.ts';
import type { ChangedFile } from './proposal.ts';
import type { NeedsSince } from './quiet.ts';

/** What the delivery of one branch needs besides what it shall hold. */
export type DeliveryContext = Pick<PullRequestInput, 'base' | 'scope' | 'complete' | 'at' | 'run' | 'options'>;

/** A person's no: by which pull request, and in a sentence. */
export interface Refused {
  readonly pull?: Pull;
  readonly why: string;
}

/** What one branch and its pull request shall hold, whatever it is about. */
export interface Deliverable {
  readonly branch: string;
  readonly title: string;
  /** Names of its changes, as its pull request remembers them: `namespace/kind/name/container`. */
  readonly keys: readonly string[];
  /** The same as a run's results have them. */
  readonly suggestions: readonly string[];
  /** Names what it changes and where: another one is another commit. */
  readonly fingerprint: string;
  /** The text of its commit. */
  readonly message: string;
  readonly recipients: Recipients;
  /** Without what people have refused; only the refusal where nothing is left. */
  sift(pulls: KnownPulls): { readonly kept: Deliverable } | { readonly refused: Refused };
  /** How the needs of an open pull request have gone on that it would follow. */
  follow(open: OwnPull): NeedsSince;
  /** Whether it has something that is worth more than a change in doubt. */
  isUrgent(marker: Marker): boolean;
  /** Whether it is worth a push to an open pull request. */
  isWorthPush(marker: Marker): boolean;
  /** What it makes of the base's files. Throws where that cannot be made. */
  files(): Promise<readonly ChangedFile[]>;
  /** Its description in so many letters; undefined where not even the least fits. */
  fit(files: readonly ChangedFile[], longest: number): string | undefined;
  /** Whether a title may be one that an earlier version wrote, which remembered none. */
  mayBeTitle(title: string): boolean;
  /** What its pull request remembers. */
  remember(): Marker;
}
