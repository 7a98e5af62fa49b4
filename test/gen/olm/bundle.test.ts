// SPDX-License-Identifier: Apache-2.0
// The bundle and the catalog, by the rules of the tools that users run on them, and what OLM makes of them beside what
// `kubectl apply` makes of the manifest.
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { IMAGE } from '../../../src/core/deploy/image.ts';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import { listAt, textAt, valueAt } from '../../../src/core/doctor/reading.ts';
import { OPERATOR } from '../../../src/core/names.ts';
import { VERSION } from '../../../src/core/version.ts';
import { madeByOlm } from './installed.ts';
import { bundleFaults, catalogFaults, documentsOf, imagesOf } from './rules.ts';

const root = path.join(import.meta.dirname, '../../..');
const bundle = path.join(root, 'olm/bundle');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const manifests = readdirSync(path.join(bundle, 'manifests')).map((file) => read(`olm/bundle/manifests/${file}`));
const objects = manifests.flatMap(documentsOf) as readonly Manifest[];
const csv = objects.find(({ kind }) => kind === 'ClusterServiceVersion');
const bundled = objects.filter(({ kind }) => !['ClusterServiceVersion', 'CustomResourceDefinition'].includes(kind));
const applied = documentsOf(read('manifests/operator.yaml')) as readonly Manifest[];
const restricted = documentsOf(read('manifests/namespace-operator.yaml')) as readonly Manifest[];
const beside = documentsOf(read('olm/policies.yaml')) as readonly Manifest[];

/** Everything that accounts may do: account, place, group, resource, name and verb. */
function powers(all: readonly Manifest[]): readonly string[] {
  const roles = new Map(all.map((one) => [`${one.kind} ${one.metadata.namespace ?? ''} ${one.metadata.name}`, one]));
  const bindings = all.filter(({ kind }) => kind.endsWith('RoleBinding'));
  const found = bindings.flatMap((binding) => {
    const place = binding.metadata.namespace ?? '';
    const kind = textAt(binding, 'roleRef', 'kind') ?? '';
    const role = roles.get(`${kind} ${kind === 'Role' ? place : ''} ${textAt(binding, 'roleRef', 'name') ?? ''}`);
    const subjects = listAt(binding, 'subjects').map((subject) => textAt(subject, 'name') ?? '');
    return subjects.flatMap((subject) =>
      listAt(role, 'rules').flatMap((rule) => verbsOf(rule).map((power) => `${subject} in ${place}: ${power}`)),
    );
  });
  return [...new Set(found)].sort();
}

function verbsOf(rule: unknown): readonly string[] {
  const [groups, names] = [listAt(rule, 'apiGroups'), listAt(rule, 'resourceNames')];
  const resources = [...listAt(rule, 'resources'), ...listAt(rule, 'nonResourceURLs')];
  return resources.flatMap((resource) =>
    (groups.length === 0 ? [''] : groups).flatMap((group) =>
      (names.length === 0 ? [''] : names).flatMap((name) =>
        listAt(rule, 'verbs').map((verb) => [group, resource, name, verb].map(String).join('/')),
      ),
    ),
  );
}

describe('the bundle for OLM', () => {
  it('has files that begin with their object: loaders of OLM look at the first document only', () => {
    for (const text of manifests) expect(text).to.match(/^(#.*\n)*apiVersion: /);
  });

  it('has no fault by the rules of operator-sdk', () => {
    expect(bundleFaults(manifests)).to.deep.equal([]);
  });

  it('gives accounts what the manifest gives them, no more and no less', () => {
    expect(powers([...madeByOlm(csv, OPERATOR, []), ...bundled])).to.deep.equal(powers(applied));
  });

  it('gives them less where an OperatorGroup names a namespace', () => {
    expect(powers([...madeByOlm(csv, OPERATOR, ['NS_REPLACE']), ...bundled])).to.deep.equal(powers(restricted));
  });

  it('has no rule about Secrets that OLM would spread over the cluster', () => {
    const rules = ['permissions', 'clusterPermissions'].flatMap((key) =>
      listAt(csv, 'spec', 'install', 'spec', key).flatMap((account) => listAt(account, 'rules')),
    );
    expect(rules.filter((rule) => listAt(rule, 'resources').includes('secrets'))).to.deep.equal([]);
  });

  it("has the manager's Deployment, which is told the namespaces of the group", () => {
    const [ours] = madeByOlm(csv, OPERATOR, ['a', 'b']).filter(({ kind }) => kind === 'Deployment');
    const theirs = applied.find(({ kind }) => kind === 'Deployment');
    const pods = [ours, theirs].map((one) => valueAt(one, 'spec', 'template', 'spec'));
    const [container, original] = pods.map((pod) => listAt(pod, 'containers')[0]);
    expect(listAt(container, 'env').slice(0, -1)).to.deep.equal(listAt(original, 'env'));
    expect(listAt(container, 'env').at(-1)).to.deep.equal({
      name: 'WATCH_NAMESPACE',
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['olm.targetNamespaces']" } },
    });
    const plain = (one: unknown): object => ({ ...(one as object), env: [] });
    expect(plain(container)).to.deep.equal(plain(original));
    expect({ ...(pods[0] as object), containers: [] }).to.deep.equal({ ...(pods[1] as object), containers: [] });
  });

  it('leaves out nothing of the manifest but what OLM cannot make, which lies beside it', () => {
    const there = [...madeByOlm(csv, OPERATOR, []), ...bundled, ...beside].map(({ kind }) => kind);
    const wanted = applied.map(({ kind }) => kind).filter((kind) => kind !== 'CustomResourceDefinition');
    expect(wanted.filter((kind) => !there.includes(kind))).to.deep.equal(['Namespace']);
    expect(new Set(beside.map(({ kind }) => kind))).to.deep.equal(
      new Set(['NetworkPolicy', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']),
    );
  });

  it('describes every field of a spod to the console', () => {
    const owned = listAt(csv, 'spec', 'customresourcedefinitions', 'owned');
    const spod = owned.find((one) => textAt(one, 'kind') === 'SecurityProfilesOperatorDaemon');
    const fields = listAt(spod, 'specDescriptors');
    const of = (name: string) => fields.find((field) => textAt(field, 'path') === name);
    expect(of('enableBpfRecorder')).to.deep.include({ displayName: 'Enable Bpf Recorder' });
    expect(listAt(of('enableSelinux'), 'x-descriptors')).to.deep.equal([
      'urn:alm:descriptor:com.tectonic.ui:booleanSwitch',
    ]);
    expect(fields.every((field) => textAt(field, 'description') !== '')).to.equal(true);
    expect(listAt(spod, 'statusDescriptors').map((field) => textAt(field, 'path'))).to.include('state');
  });

  it('is small, and names its images', () => {
    expect(gzipSync(manifests.join('')).length).to.be.below(100 << 10);
    expect(imagesOf(csv)).to.deep.equal([IMAGE]);
  });

  it('has labels that are its annotations, and leads to its folders', () => {
    const { annotations } = documentsOf(read('olm/bundle/metadata/annotations.yaml'))[0] as {
      readonly annotations: Readonly<Record<string, string>>;
    };
    const labels = [...read('olm/bundle.Dockerfile').matchAll(/^LABEL (\S+)=(\S+)$/gm)].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(labels)).to.deep.equal(annotations);
    const folders = [...read('olm/bundle.Dockerfile').matchAll(/^COPY (\S+) /gm)].map(([, folder]) => folder ?? '');
    for (const folder of folders) expect(readdirSync(path.join(root, 'olm', folder)), folder).not.to.deep.equal([]);
  });
});

describe('the catalog', () => {
  const text = read(`olm/catalog/${OPERATOR}/catalog.yaml`);

  it('has no fault by the rules of opm', () => {
    expect(catalogFaults(text)).to.deep.equal([]);
    expect(text).to.contain(`${OPERATOR}.v${VERSION}`);
  });

  it('has rules that find faults', () => {
    expect(catalogFaults(text.replace('defaultChannel: stable', 'defaultChannel: x'))).to.include('no default channel');
    expect(bundleFaults([read('manifests/operator.yaml')])).to.include('not one ClusterServiceVersion');
  });
});

describe('the objects that users apply', () => {
  it('are moved to OpenShift by the command of the manual', () => {
    const text = read('olm/install-resources.yaml');
    const moved = documentsOf(text.replaceAll('olm', 'openshift-marketplace'));
    const [source] = moved.filter((one) => textAt(one, 'kind') === 'CatalogSource');
    const [subscription] = moved.filter((one) => textAt(one, 'kind') === 'Subscription');
    expect(textAt(source, 'metadata', 'namespace')).to.equal('openshift-marketplace');
    expect(textAt(subscription, 'spec', 'sourceNamespace')).to.equal('openshift-marketplace');
    expect(textAt(subscription, 'spec', 'source')).to.equal(textAt(source, 'metadata', 'name'));
    expect(text.match(/olm/g)).to.have.length(2);
  });

  it('subscribe to the channel and the package of the catalog', () => {
    for (const file of ['operatorhub-io.yaml', 'install-resources.yaml', 'restricted-subscription.yaml']) {
      const subscription = documentsOf(read(`olm/${file}`)).find((one) => textAt(one, 'kind') === 'Subscription');
      expect(valueAt(subscription, 'spec'), file).to.include({ channel: 'stable', name: OPERATOR });
    }
  });
});
