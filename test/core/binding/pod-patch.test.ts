// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { annotationsFault } from '../../../src/core/binding/annotation-size.ts';
import { podTitle } from '../../../src/core/binding/pod.ts';
import { annotationPatch, fieldPatch, gatePatch } from '../../../src/core/binding/pod-patch.ts';
import { skipWarnings } from '../../../src/core/binding/skip-warnings.ts';
import { container, localhost, pod } from './objects.ts';

describe('core/binding/pod-patch', () => {
  const web = container('web', 'x');
  const given = pod([web, container('root', 'x', { privileged: true })]);

  it('makes a context that is not there, and adds to one that is', () => {
    const value = localhost('a');
    const [first, second] = given.spec?.containers ?? [];
    const changes = [first!, second!].map((one, index) => ({
      place: { list: 'containers' as const, index, container: one },
      member: 'seccompProfile',
      value,
    }));
    expect(fieldPatch(given, changes)).to.deep.equal([
      { op: 'add', path: '/spec/containers/0/securityContext', value: { seccompProfile: value } },
      { op: 'add', path: '/spec/containers/1/securityContext/seccompProfile', value },
    ]);
    expect(fieldPatch(given, [{ place: undefined, member: 'seccompProfile', value }])).to.deep.equal([
      { op: 'add', path: '/spec/securityContext', value: { seccompProfile: value } },
    ]);
  });

  it('makes annotations, sets and removes them, and leaves those that are so already', () => {
    expect(annotationPatch(given, { a: undefined })).to.deep.equal([]);
    expect(annotationPatch(given, { a: '1', b: undefined })).to.deep.equal([
      { op: 'add', path: '/metadata/annotations', value: { a: '1' } },
    ]);
    const annotated = pod([web], {}, { annotations: { 'x/a~': '1', b: '2', c: '3' } });
    expect(annotationPatch(annotated, { 'x/a~': '4', b: undefined, c: '3', d: undefined })).to.deep.equal([
      { op: 'add', path: '/metadata/annotations/x~1a~0', value: '4' },
      { op: 'remove', path: '/metadata/annotations/b' },
    ]);
  });

  it('adds a gate to none and to others', () => {
    expect(gatePatch(given, 'g')).to.deep.equal([{ op: 'add', path: '/spec/schedulingGates', value: [{ name: 'g' }] }]);
    expect(gatePatch(pod([web], { schedulingGates: [{ name: 'x' }] }), 'g')).to.deep.equal([
      { op: 'add', path: '/spec/schedulingGates/-', value: { name: 'g' } },
    ]);
  });
});

describe('core/binding, sentences', () => {
  it('name a pod by what is known of it', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d', uid: 'u' };
    expect(podTitle(pod([]))).to.equal('pod p');
    expect(podTitle(pod([], {}, { name: undefined, generateName: 'web-' }))).to.equal('pod web-…');
    expect(podTitle(pod([], {}, { name: '', ownerReferences: [owner] }))).to.equal('a pod of ReplicaSet web-5d');
    expect(podTitle({})).to.equal('the pod');
  });

  it('say that annotations are too long, in bytes', () => {
    const ofLength = (text: string) => annotationsFault(pod([], {}, { annotations: { n: text } }), 'profile bindings');
    expect(ofLength('x'.repeat(262_143))).to.equal(undefined);
    expect(ofLength('x'.repeat(262_144))).to.contain('pod p would have 262145 bytes of annotations');
    expect(ofLength('é'.repeat(131_072))).to.contain('262145 bytes');
    expect(annotationsFault({}, 'profile bindings')).to.equal(undefined);
  });

  it('say why containers are not bound, for the first of many', () => {
    const skipped = Array.from({ length: 20 }, (_, at) => ({
      container: `c${String(at)}`,
      binding: 'b'.repeat(253),
      reason: 'ProfileNotReady' as const,
    }));
    const warnings = skipWarnings(skipped);
    expect(warnings).to.have.length(9);
    expect(Math.max(...warnings.map(({ length }) => length))).to.be.at.most(256);
    expect(warnings.at(-1)).to.equal('ProfileBindings do not apply to 12 other containers either');
    expect(skipWarnings([])).to.deep.equal([]);
  });
});
