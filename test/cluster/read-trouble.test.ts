import { describe, expect, it } from 'vitest';
import type { ApiPod, ContainerStatus } from '../../src/cluster/api-types.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { pod } from './objects.ts';

function troubleOf(status: NonNullable<ApiPod['status']>) {
  return mapPod(pod('a', 'web', { status: { phase: 'Pending', ...status } }))?.pod.trouble;
}

const app = (state: ContainerStatus['state'], lastState: ContainerStatus['lastState'] = {}): ContainerStatus => ({
  name: 'app',
  ...(state && { state }),
  lastState,
});

describe('a pod tells why it does not run', () => {
  it('not at all where nothing is wrong', () => {
    const running = { running: { startedAt: '2026-11-01T00:00:00Z' } };
    expect(mapPod(pod('a', 'web'))?.pod).not.toHaveProperty('trouble');
    expect(
      troubleOf({ containerStatuses: [app(running, { terminated: { reason: 'OOMKilled', exitCode: 137 } })] }),
    ).toBe(undefined);
    expect(troubleOf({ containerStatuses: [app({ waiting: { reason: 'ContainerCreating' } })] })).toBe(undefined);
    expect(troubleOf({ initContainerStatuses: [app({ terminated: { reason: 'Completed', exitCode: 0 } })] })).toBe(
      undefined,
    );
  });

  it('where no node takes it', () => {
    const message = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    expect(troubleOf({ conditions })).toEqual({ reason: 'Unschedulable', message });
  });

  it('where its image cannot be had, with a message that is cut', () => {
    const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling\nimage ${'x'.repeat(5_000)}` };
    const trouble = troubleOf({ containerStatuses: [app({ waiting })] });
    expect(trouble?.reason).toBe('ImagePullBackOff');
    expect(trouble?.message).toMatch(/^Back-off pulling image x+…$/);
    expect(trouble?.message).toHaveLength(300);
  });

  it('where it ends again and again: by what ended it, not by how long the kubelet waits now', () => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' };
    const crashed = (reason: string, exitCode: number) =>
      troubleOf({ containerStatuses: [app({ waiting }, { terminated: { reason, exitCode } })] });
    expect(crashed('Error', 3)).toEqual({ reason: 'CrashLoopBackOff', message: 'Error, exit code 3' });
    expect(crashed('OOMKilled', 137)).toEqual({ reason: 'OOMKilled', message: 'OOMKilled, exit code 137' });
    expect(troubleOf({ containerStatuses: [app({ waiting })] })).toEqual({ reason: 'CrashLoopBackOff' });
  });

  it('where an init container, or a container that ended just now, holds it up', () => {
    expect(troubleOf({ initContainerStatuses: [app({ waiting: { reason: 'ErrImagePull', message: 'no' } })] })).toEqual(
      {
        reason: 'ErrImagePull',
        message: 'no',
      },
    );
    expect(troubleOf({ containerStatuses: [app({ terminated: { exitCode: 1 } })] })).toEqual({
      reason: 'Error',
      message: 'exit code 1',
    });
  });
});
