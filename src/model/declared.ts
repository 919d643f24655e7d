import type { JvmSizing } from './jvm.ts';
import type { NotLocatedReason } from './location.ts';
import type { Setting, SizedKind } from './workload.ts';

/** One deployment of something: a root of Kustomize, a Helm release, or a file that is applied as it stands. */
export interface Application {
  readonly way: 'kustomize' | 'helm' | 'plain';
  /** A root's folder, `release in namespace (environment)`, or the file's path; unique within a way. */
  readonly name: string;
  /** The file that describes it: the kustomization, what defines the release, or the file itself. */
  readonly path: string;
  /** Another cluster than the one that is looked at, which it is for as far as names tell. */
  readonly cluster?: string;
}

/** What decides a value. Lines count from 1; a `template` of a chart writes the value itself. */
export type DecidedBy =
  | { readonly state: 'line'; readonly path: string; readonly line: number }
  | { readonly state: 'template'; readonly path: string }
  /** Something decides it, and rendering does not show what. */
  | { readonly state: 'not known' }
  /** The value is absent. */
  | { readonly state: 'nothing' };

/** A request or a limit as it is declared. `unknown`: what stands there is no quantity, such as a text to be replaced. */
export interface DeclaredValue {
  readonly setting: Setting;
  readonly decidedBy: DecidedBy;
  /** What stands there in place of a quantity, cut short: text of the repository. */
  readonly written?: string;
}

/** A workload as a repository declares it. `namespace` is missing where neither object nor application gives one. */
export interface DeclaredWorkload {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A container that an application declares. One workload in two applications is declared twice. */
export interface DeclaredContainer {
  readonly application: Application;
  readonly workload: DeclaredWorkload;
  readonly name: string;
  readonly kind: SizedKind;
  readonly limit: DeclaredValue;
  readonly request: DeclaredValue;
  readonly jvm?: JvmSizing;
  /** Without tag and digest. */
  readonly image?: string;
  /** Of its workload, where the manifest says how many. */
  readonly replicas?: number;
}

/** What could not be read, and so may declare more. `path` is empty for the repository as a whole. */
export interface Unread {
  readonly path: string;
  readonly reason: NotLocatedReason;
  readonly why: string;
}

/** What a way of deploying, or a repository, declares, in a fixed order. */
export interface Declared {
  readonly containers: readonly DeclaredContainer[];
  readonly unread: readonly Unread[];
}

/** With the applications that load each file that decides a value. */
export interface DeclaredIn extends Declared {
  readonly loadedBy: ReadonlyMap<string, readonly Application[]>;
}
