// SPDX-License-Identifier: Apache-2.0
// The chart as text: what its schema takes and refuses, and that every value is described once and used.
import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { VERSION } from '../../src/core/version.ts';
import { ROOT } from './cases.ts';

const CHART = path.join(ROOT, 'deploy/helm');

function file(...names: readonly string[]): string {
  return readFileSync(path.join(CHART, ...names), 'utf8');
}

describe('the Helm chart', () => {
  const ajv = new Ajv2020({ strict: false });
  const validate = ajv.compile(JSON.parse(file('values.schema.json')) as object);
  const values = parse(file('values.yaml')) as Record<string, unknown>;

  it('has values that fit their schema, none of them null', () => {
    expect(validate(values), JSON.stringify(validate.errors)).to.equal(true);
    expect(JSON.stringify(values)).to.not.contain('null');
  });

  it('can be a part of another chart, which adds values of its own', () => {
    expect(validate({ ...values, global: { registry: 'x' }, enabled: true })).to.equal(true);
  });

  const wrong: readonly object[] = [
    { spod: { enableSelinx: true } },
    { spod: { verbosity: 'much' } },
    { spod: { hostProcVolumePath: '/etc' } },
    { spod: { webhookOptions: [{ failurePolicy: 'Ignore' }] } },
    { image: { digest: 'latest' } },
    { imageTag: 'v1' },
    { restrictToNamespaces: ['Team'] },
    { kubeletDir: 'var/lib/kubelet' },
    { replicaCount: 0 },
  ];
  for (const change of wrong) {
    it(`refuses ${JSON.stringify(change)}`, () => expect(validate({ ...values, ...change })).to.equal(false));
  }

  it('takes options of the spod as users patch them', () => {
    const spod = {
      enableLogEnricher: true,
      tolerations: [{ operator: 'Exists' }],
      daemonResourceRequirements: { limits: { memory: '256Mi', cpu: 1 } },
      webhookOptions: [{ name: 'binding.spo.io', namespaceSelector: { matchLabels: { a: 'b' } } }],
    };
    expect(validate({ ...values, spod }), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('has the version of everything else, as text', () => {
    expect(parse(file('Chart.yaml'))).to.include({ version: VERSION, appVersion: VERSION });
    expect(file('Chart.yaml')).to.contain(`appVersion: '${VERSION}'`);
  });

  it('uses every value, and tells of it in the README', () => {
    const templates = readdirSync(path.join(CHART, 'templates')).filter((name) => name !== 'tests');
    const used = templates.map((name) => file('templates', name)).join('');
    for (const [name, value] of Object.entries(values)) {
      const isGroup = ['image', 'crds'].includes(name);
      for (const field of isGroup ? Object.keys(value as object).map((inner) => `${name}.${inner}`) : [name]) {
        expect(used, field).to.contain(`.Values.${field}`);
        expect(file('README.md'), field).to.contain(`| \`${field}\` |`);
      }
    }
  });

  it('keeps the definitions of the kinds when it is uninstalled', () => {
    for (const name of readdirSync(path.join(CHART, 'files/crds'))) {
      const crd = parse(file('files/crds', name)) as { readonly metadata: object };
      expect(crd.metadata, name).to.deep.include({ annotations: { 'helm.sh/resource-policy': 'keep' } });
      const { metadata, ...rest } = parse(readFileSync(path.join(ROOT, 'crds', name), 'utf8')) as typeof crd;
      expect(crd).to.deep.include(rest);
      expect(metadata).to.not.have.property('annotations');
    }
  });
});
