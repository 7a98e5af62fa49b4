// SPDX-License-Identifier: Apache-2.0
// The changes of `lab deploy` to the manifests of the tree, and the parts that stay.
import { expect } from 'chai';
import { IMAGE, fullImageName } from '../../../src/core/deploy/image.ts';
import { localize } from '../../../tools/lab/manifest.ts';

const names = { image: 'registry/local:tag', kubelet: '/other/kubelet' };

describe('localize()', () => {
  it('makes one List of all objects, and leaves empty documents out', () => {
    const text = `---\nkind: A\nimage: ${IMAGE}\n---\n---\nkind: B\n`;
    const items = [{ kind: 'A', image: names.image }, { kind: 'B' }];
    expect(localize(text, names)).to.deep.equal({ apiVersion: 'v1', kind: 'List', items });
  });

  it('replaces the image wherever it stands, with or without its registry, and no other', () => {
    const text = `a: [{image: ${IMAGE}}, {image: '${fullImageName(IMAGE)}'}, {image: other:1}]\nb: {value: ${IMAGE}}\n`;
    const a = [{ image: names.image }, { image: names.image }, { image: 'other:1' }];
    expect(localize(text, names))
      .to.have.property('items')
      .that.deep.equals([{ a, b: { value: names.image } }]);
  });

  it('gives KUBELET_DIR the directory of the node', () => {
    const text = `image: ${IMAGE}\nenv: [{name: KUBELET_DIR, value: /var/lib/kubelet}, {name: KUBELET_DIR, valueFrom: {}}]\n`;
    const env = [
      { name: 'KUBELET_DIR', value: names.kubelet },
      { name: 'KUBELET_DIR', valueFrom: {} },
    ];
    expect(localize(text, names))
      .to.have.property('items')
      .that.deep.equals([{ image: names.image, env }]);
  });

  it('gives the manager the options of the spod', () => {
    const deployment = (name: string, env?: readonly object[]): string => {
      const containers = [{ image: IMAGE, ...(env === undefined ? {} : { env }) }];
      return JSON.stringify({ kind: 'Deployment', metadata: { name }, spec: { template: { spec: { containers } } } });
    };
    const text = [deployment('security-profiles-operator', [{ name: 'A', value: 'b' }]), deployment('other')];
    const list = localize(text.join('\n---\n'), { ...names, spod: '{"enableSelinux":true}' });
    const options = { name: 'SPOD_OPTIONS', value: '{"enableSelinux":true}' };
    expect(list)
      .to.have.nested.property('items[0].spec.template.spec.containers[0].env')
      .that.deep.equals([{ name: 'A', value: 'b' }, options]);
    expect(list).to.not.have.nested.property('items[1].spec.template.spec.containers[0].env');
  });

  it('refuses a manifest that runs another image, and text that is no YAML', () => {
    expect(() => localize('image: other:1\n', names)).to.throw(`the manifest does not run the image ${IMAGE}`);
    expect(() => localize('a: [\n', names)).to.throw('the manifest is no YAML');
  });
});
