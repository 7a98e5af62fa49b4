// SPDX-License-Identifier: Apache-2.0
// Pods that get no profile of SELinux or AppArmor, and those that are kept from nodes without AppArmor.
import { expect } from 'chai';
import { affinityPatch, obstacleTo, refusesTypes } from '../../../src/core/binding/obstacle.ts';
import type { ObstacleFacts } from '../../../src/core/binding/obstacle.ts';
import type { AdmittedPod, Json } from '../../../src/core/binding/pod.ts';
import { applyPatch } from '../../../src/core/json-patch.ts';
import { container, pod } from './objects.ts';

const LEVEL = 'pod-security.kubernetes.io/enforce';
const WEB = [container('web', 'nginx')];
const NODES = ['a', 'b', 'c'].map((name) => ({
  name,
  labels: { 'kubernetes.io/hostname': `host-${name}`, zone: name === 'a' ? 'z1' : 'z2' },
}));

function facts(without: readonly string[], labels: Readonly<Record<string, string>> = {}): ObstacleFacts {
  return { labels, nodes: () => NODES, withoutAppArmor: new Set(without) };
}

const requirement = (...hosts: readonly string[]) => ({
  key: 'kubernetes.io/hostname',
  operator: 'NotIn',
  values: hosts.map((host) => `host-${host}`),
});

const terms = (given: AdmittedPod, without: readonly string[]): unknown => {
  const changed = applyPatch(given, affinityPatch(given, facts(without))) as AdmittedPod;
  return changed.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
};

const required = (...nodeSelectorTerms: readonly Json[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

describe('core/binding/obstacle', () => {
  it('is the Pod Security level of the namespace for SELinux types, and for nothing else', () => {
    for (const [level, isRefused] of [
      ['privileged', false],
      ['baseline', true],
      ['restricted', true],
    ] as const) {
      expect(refusesTypes({ [LEVEL]: level }), level).to.equal(isRefused);
      const found = obstacleTo('SelinuxProfile', pod(WEB), facts([], { [LEVEL]: level }));
      expect(found, level).to.equal(isRefused ? 'PodSecurity' : undefined);
      expect(obstacleTo('SeccompProfile', pod(WEB), facts(['a'], { [LEVEL]: level }))).to.equal(undefined);
      expect(obstacleTo('AppArmorProfile', pod(WEB), facts([], { [LEVEL]: level }))).to.equal(undefined);
    }
    expect(refusesTypes(undefined)).to.equal(false);
  });

  it('are nodes without AppArmor where the pod can go nowhere else', () => {
    const found = (spec: Json, without: readonly string[]) =>
      obstacleTo('AppArmorProfile', pod(WEB, spec), facts(without));
    expect(found({}, ['a', 'b'])).to.equal(undefined);
    expect(found({}, ['a', 'b', 'c'])).to.equal('NodesWithoutAppArmor');
    expect(found({ nodeSelector: { zone: 'z1' } }, ['a'])).to.equal('NodesWithoutAppArmor');
    expect(found({ nodeSelector: { zone: 'z2' } }, ['a'])).to.equal(undefined);
    expect(found({ nodeName: 'a' }, ['a'])).to.equal('NodesWithoutAppArmor');
    expect(found({ nodeName: 'b' }, ['a'])).to.equal(undefined);
    const many = Array.from({ length: 300 }, (_, at) => ({ name: `n${String(at)}`, labels: NODES[0]!.labels }));
    const crowd = {
      labels: {},
      nodes: () => [...NODES, ...many],
      withoutAppArmor: new Set(many.map(({ name }) => name)),
    };
    expect(obstacleTo('AppArmorProfile', pod(WEB), crowd)).to.equal('NodesWithoutAppArmor');
  });

  it('are such nodes for a pod that demands too much of its node to be read', () => {
    const zone = { key: 'zone', operator: 'Exists' };
    const demanding = pod(WEB, required(...Array.from({ length: 200 }, () => ({ matchExpressions: [zone] }))));
    expect(obstacleTo('AppArmorProfile', demanding, facts(['a']))).to.equal('NodesWithoutAppArmor');
    expect(affinityPatch(demanding, facts(['a']))).to.deep.equal([]);
    expect(obstacleTo('AppArmorProfile', demanding, facts([]))).to.equal(undefined);
  });

  it('keeps the pod from these nodes where there are others, beside what it demands itself, and once', () => {
    const plain = pod(WEB);
    expect(terms(plain, ['c', 'a'])).to.deep.equal([{ matchExpressions: [requirement('a', 'c')] }]);
    const zone = { key: 'zone', operator: 'Exists' };
    const field = { key: 'metadata.name', operator: 'In', values: ['b'] };
    const demanding = pod(WEB, required({ matchExpressions: [zone] }, { matchFields: [field] }, {}));
    expect(terms(demanding, ['a'])).to.deep.equal([
      { matchExpressions: [zone, requirement('a')] },
      { matchFields: [field], matchExpressions: [requirement('a')] },
      {},
    ]);
    const changed = applyPatch(plain, affinityPatch(plain, facts(['a']))) as AdmittedPod;
    expect(affinityPatch(changed, facts(['a']))).to.deep.equal([]);
    expect(affinityPatch(pod(WEB, { nodeSelector: { zone: 'z2' } }), facts(['a']))).to.deep.equal([]);
    expect(affinityPatch(plain, facts([]))).to.deep.equal([]);
  });
});
