// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { textWithoutSecrets, withoutSecrets } from '../../../src/core/dump/leave-out.ts';

const TOKEN = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
const KEY = `-----BEGIN EC PRIVATE KEY-----\nPLANTED\n-----END EC PRIVATE KEY-----`;

describe('what leaves a cluster with a dump', () => {
  for (const [what, text] of [
    ['a token', `got ${TOKEN.replace('aaa', 'PLANTED')} from`],
    ['a header', 'authorization: Bearer PLANTED-abcdef'],
    ['a key', KEY],
    ['a key of which the end is missing', '-----BEGIN PRIVATE KEY-----\\nPLANTED'],
    ['a password in an address', 'pull https://me:PLANTED@registry/x'],
    ['a variable in a log', 'start DB_PASSWORD=PLANTED now'],
    ['a member in a log of JSON', '{"apiKey": "PLANTED", "a": 1}'],
    ['a token by name', 'token=PLANTED&x=1'],
    ['a password of several words', 'DB_PASSWORD="PLANTED and, PLANTED \\" PLANTED" now'],
    ['one in single quotes', "password: 'a PLANTED'"],
    ['a member of JSON within JSON', String.raw`{"msg":"got {\"token\": \"a PLANTED, b\"}"}`],
  ] as const) {
    it(`is without ${what}`, () => {
      const left = textWithoutSecrets(text);
      expect(left).to.contain('(left out)').and.not.contain('PLANTED');
    });
  }

  it('takes time in proportion to a text, whatever a tenant has written', () => {
    for (const unit of ['a-', 'a.', 'eyJaaaaaaaa-', 'token ', 'token="', '://', '://a:', 'basic ', '\\']) {
      const text = unit.repeat(262_144 / unit.length);
      expect(textWithoutSecrets(text).length, unit).to.be.above(0);
    }
  });

  it('keeps what tells of the trouble', () => {
    for (const text of [
      'https://registry.example:5000/a@sha256:abc',
      'secret "webhook-server-cert" is missing',
      'container.seccomp/localhost: cannot find profile operator/ns/token.json',
    ]) {
      expect(textWithoutSecrets(text)).to.equal(text);
    }
  });

  it('leaves out what tools have noted of an object, and words behind options of secrets', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': 'PLANTED',
      'objectset.rio.cattle.io/applied': 'PLANTED',
      'kapp.k14s.io/original': 'PLANTED',
      kept: 'a',
    };
    const args = ['--token', 'PLANTED', '--name', 'a', '-v', 'token', '--password=PLANTED'];
    expect(withoutSecrets({ annotations, args })).to.deep.equal({
      annotations: { kept: 'a' },
      args: ['--token', '(left out)', '--name', 'a', '-v', 'token', '--password=(left out)'],
    });
  });

  it('takes values of environments out of pods at any depth', () => {
    const pod = {
      metadata: { name: 'p', managedFields: [{ PLANTED: 1 }] },
      spec: {
        containers: [
          {
            name: 'c',
            env: [
              { name: 'A', value: 'PLANTED' },
              { name: 'B', valueFrom: { fieldRef: {} } },
            ],
          },
        ],
        automountServiceAccountToken: false,
      },
      data: { a: 'PLANTED' },
      list: [{ password: 'PLANTED', n: null }],
    };
    expect(withoutSecrets(pod)).to.deep.equal({
      metadata: { name: 'p' },
      spec: {
        containers: [
          {
            name: 'c',
            env: [
              { name: 'A', value: '(left out)' },
              { name: 'B', valueFrom: { fieldRef: {} } },
            ],
          },
        ],
        automountServiceAccountToken: false,
      },
      data: '(left out)',
      list: [{ password: '(left out)', n: null }],
    });
    expect(withoutSecrets({ env: 'PLANTED' })).to.deep.equal({ env: '(left out)' });
  });
});
