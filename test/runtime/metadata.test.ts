// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { metadataPatch, textMark } from '../../src/runtime/metadata.ts';
import type { OwnMetadata } from '../../src/runtime/metadata.ts';
import type { ObjectMeta } from '../../src/runtime/object.ts';
import { widget } from '../fakes/operator.ts';

function patch(live: Partial<ObjectMeta>, wanted: OwnMetadata) {
  const made = widget('a');
  return metadataPatch({ ...made, metadata: { ...made.metadata, resourceVersion: '7', ...live } }, wanted)?.metadata;
}

describe('metadataPatch()', () => {
  it('changes our finalizers only, on condition of the version that it was computed from', () => {
    expect(patch({ finalizers: ['other'] }, { finalizers: { ours: true } })).to.deep.equal({
      resourceVersion: '7',
      finalizers: ['other', 'ours'],
    });
    const held = { finalizers: ['other', 'ours'] };
    expect(patch(held, { finalizers: { ours: false } })).to.deep.equal({
      resourceVersion: '7',
      finalizers: ['other'],
    });
    expect(patch({ finalizers: ['ours'] }, { finalizers: { ours: false } })?.finalizers).to.deep.equal([]);
  });

  it('sets and removes labels and annotations, and names no others', () => {
    const live = { labels: { theirs: 'x' }, annotations: { old: 'x', kept: 'y' } };
    const wanted = { labels: { ours: 'a' }, annotations: { old: undefined, kept: 'y', never: undefined } };
    expect(patch(live, wanted)).to.deep.equal({
      resourceVersion: '7',
      labels: { ours: 'a' },
      annotations: { old: null },
    });
  });

  it('is nothing where all stands, beside what others have put there', () => {
    const live = { labels: { ours: 'a', theirs: 'x' }, annotations: { other: 'y' }, finalizers: ['ours', 'theirs'] };
    const wanted = { labels: { ours: 'a' }, annotations: { old: undefined }, finalizers: { ours: true, gone: false } };
    expect(patch(live, wanted)).to.equal(undefined);
    expect(patch({}, {})).to.equal(undefined);
  });

  it('leaves an annotation alone of which the store has the hash', () => {
    const text = 'x'.repeat(1000);
    const annotations = { long: textMark(text), short: textMark('y') };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', annotations } };
    expect(annotations).to.include({ short: 'y' });
    expect(metadataPatch(object, { annotations: { long: text, short: 'y' } })).to.equal(undefined);
    expect(metadataPatch(object, { annotations: { long: annotations.long } })).to.equal(undefined);
    const changed = metadataPatch(object, { annotations: { long: `${text}x` } });
    expect(changed?.metadata.annotations).to.deep.equal({ long: `${text}x` });
    expect(metadataPatch(object, { annotations: { long: undefined } })?.metadata.annotations).to.deep.equal({
      long: null,
    });
  });
});
