import { execFile } from 'node:child_process';
import { inject } from 'vitest';

/** What one needs to know of the testbed that is up; the same as the file of `up.mjs --facts`. */
export interface Facts {
  /** The time to inspect: the end of the history. */
  at: string;
  /** A time before pigo-api's JVM metrics came. */
  atBeforeJvm: string;
  /** Of the identity with the documented smallest role. */
  kubeconfig: string;
  /** Of the identity with the documented rights for the whole cluster. */
  clusterKubeconfig: string;
  adminKubeconfig: string;
  /** Answers in pods only. */
  prometheusUrl: string;
  /** The same Prometheus, for this machine. */
  directPrometheusUrl: string;
  /** Those that the identity may inspect. */
  namespaces: string[];
  /** More of them, whose pods are sized other than their containers' templates say. */
  sizedNamespaces: string[];
  /** The folder that a user's repository would hold. */
  manifests: string;
  kubectl: string;
  /** Of the programs that the install script built. */
  binDirectory: string;
  /** Everything that the testbed wrote. */
  directory: string;
  pods: number;
  series: number;
  samples: number;
  /** How long each step of bringing it up took. */
  seconds: Record<string, number>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    facts: Facts;
  }
}

/** The facts of the testbed that these tests run against. */
export const facts: Facts = inject('facts');

/** How a program ended, and what it said. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs kubectl as the inspecting identity, or as the one of another kubeconfig. */
export function kubectl(args: string[], kubeconfig: string = facts.kubeconfig): Promise<Ended> {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return new Promise((resolve) => {
    execFile(facts.kubectl, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}
