export interface KubectlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It was ended because it wrote more than the run may: `stdout` is empty. */
  readonly tooLarge?: boolean;
}

/** Runs kubectl with the run's kubeconfig and context, never through a shell. A non-zero exit is a result, not an error. */
export interface Kubectl {
  run(
    args: readonly string[],
    options?: {
      readonly stdin?: string;
      readonly timeoutSeconds?: number;
      readonly mostBytes?: number;
      /** Ends the program early, as a signal would. */
      readonly signal?: AbortSignal;
    },
  ): Promise<KubectlResult>;
}
