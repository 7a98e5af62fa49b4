// SPDX-License-Identifier: Apache-2.0
// Which profiles a pod uses: every place where Kubernetes lets a pod name one.
import { expect } from 'chai';
import type { SecurityContext } from '../../../src/core/status/workload.ts';
import { localhostProfilesIn } from '../../../src/core/seccomp/pod-uses.ts';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import type { PodUse } from '../../../src/core/status/workload.ts';
import { hasEnded, usesOf } from '../../../src/core/status/workload.ts';

const context = (localhostProfile: string): { securityContext: SecurityContext } => ({
  securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } },
});

const kinds = [{ resource: SECCOMP_PROFILE, namesIn: localhostProfilesIn }];

function profilesOf(pod: PodUse): readonly string[] {
  return usesOf(pod, kinds).map(({ kind, name }) => {
    expect(kind).to.equal('SeccompProfile');
    return name;
  });
}

describe('core/status/workload', () => {
  it('finds the profiles of the pod and of all kinds of containers, each once', () => {
    const pod = {
      metadata: {},
      spec: {
        ...context('operator/ns/pod.json'),
        containers: [context('operator/ns/b.json'), context('operator/ns/a.json'), {}],
        initContainers: [context('operator/ns/init.json')],
        ephemeralContainers: [context('operator/ns/a.json'), { securityContext: {} }],
      },
    };
    expect(profilesOf(pod)).to.deep.equal(['a', 'b', 'init', 'pod'].map((name) => `operator/ns/${name}.json`));
  });

  it('reads the annotations of older clusters', () => {
    const annotations = {
      'seccomp.security.alpha.kubernetes.io/pod': 'localhost/operator/ns/p.json',
      'container.seccomp.security.alpha.kubernetes.io/web': 'localhost/operator/ns/c.json',
      'container.seccomp.security.alpha.kubernetes.io/db': 'runtime/default',
      unrelated: 'localhost/operator/ns/x.json',
    };
    expect(profilesOf({ metadata: { annotations } })).to.deep.equal(['operator/ns/c.json', 'operator/ns/p.json']);
  });

  it('knows a profile in each spelling that the API server takes', () => {
    const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'localhost/./operator/ns//p.json' };
    const spec = { containers: [context('operator//ns/a.json'), context('./operator/ns/./a.json')] };
    expect(profilesOf({ metadata: { annotations }, spec })).to.deep.equal(['operator/ns/a.json', 'operator/ns/p.json']);
  });

  it('leaves out what is not ours', () => {
    const spec = { containers: [context('other/x.json'), context('operator/x.json')] };
    expect(profilesOf({ metadata: {}, spec })).to.deep.equal([]);
  });

  it('counts a pod that has ended for nothing', () => {
    for (const phase of ['Succeeded', 'Failed']) {
      expect(profilesOf({ metadata: {}, spec: context('operator/ns/a.json'), status: { phase } })).to.deep.equal([]);
    }
    expect(hasEnded({ status: { phase: 'Running' } })).to.equal(false);
    expect(hasEnded({})).to.equal(false);
  });

  it('reads 256 of a kind', () => {
    const containers = Array.from({ length: 300 }, (_, at) => context(`operator/ns/p${String(at)}.json`));
    expect(profilesOf({ metadata: {}, spec: { containers } })).to.have.length(256);
  });
});
