// SPDX-License-Identifier: Apache-2.0
// The CRDs in a real API server: it takes them without reservations, takes the good objects of test/golden/crd and the
// manual's examples with strict field validation, and refuses the bad ones for the same fields as our validators.
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  KINDS,
  PROFILE_RECORDING,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
} from '../../src/gen/kinds.ts';
import type { Kind } from '../../src/gen/kinds.ts';
import { CASES, ROOT, stemOf } from '../gen/cases.ts';
import type { Case } from '../gen/cases.ts';
import { keptExamples } from '../gen/manual-examples.ts';
import { connect } from './api-server.ts';
import type { Answer, ApiServer } from './api-server.ts';

const SPOD = 'spod';
const NAMESPACE = `crds-${process.pid}`;

interface ApiObject {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

interface ConditionsOnly {
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

const objectOf = ({ text }: Answer): ApiObject => JSON.parse(text) as ApiObject;

function collection({ group, version, plural }: Kind, namespace = NAMESPACE): string {
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
}

function named(kind: Kind, name: string): string {
  return `${collection(kind)}/${name}`;
}

function profile(name: string, spec: object): object {
  const { group, version, kind } = SECCOMP_PROFILE;
  return { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec };
}

/**
 * The fields that the API server complains of, each once. It has words without a field beside them, which only point
 * back at those.
 */
function refusedFields(answer: Answer): readonly string[] {
  const { message = '', details } = JSON.parse(answer.text) as Status;
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = '']) => field);
  const causes = (details?.causes ?? []).map(({ field = '' }) => field).filter((field) => field !== '<nil>');
  return inOrder([...unknown, ...causes]);
}

const inOrder = (fields: readonly string[]): readonly string[] => [...new Set(fields)].sort();

/** The field of a fault as the API server writes it, which puts any key of a map behind a dot. */
const fieldOf = (fault: string): string => fault.slice(0, fault.indexOf(': ')).replaceAll(/\["([^"]+)"\]/g, '.$1');

const STATUS_PREFIX = 'status';

describe('the CRDs in a real API server', () => {
  let api: ApiServer;
  let isConnected = false;
  const namespaces = [NAMESPACE, 'my-namespace', 'nginx-deploy'];
  let made: readonly string[] = [];

  before(async function () {
    // The programs of the control plane are built first where they are not there yet: minutes, once on a machine.
    this.timeout(1_800_000);
    api = await connect();
    isConnected = true;
    for (const kind of KINDS) await install(kind);
    const answers = await Promise.all(
      namespaces.map((name) => api.request('POST', '/api/v1/namespaces', { metadata: { name } })),
    );
    made = namespaces.filter((_, index) => answers[index]?.status === 201);
  });

  after(async () => {
    if (!isConnected) return;
    for (const kind of KINDS) await api.request('DELETE', collection(kind));
    await Promise.all(made.map(removeNamespace));
    api.close();
  });

  async function install(kind: Kind): Promise<void> {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind.plural}.${kind.group}`;
    const crd = await readFile(join(ROOT, `crds/${stemOf(kind)}.yaml`), 'utf8');
    const query = '?fieldManager=crds-test&force=true&fieldValidation=Strict';
    const answer = await api.request('PATCH', path + query, crd, { 'content-type': 'application/apply-patch+yaml' });
    expect(answer.status, answer.text).to.be.oneOf([200, 201]);
    for (let tries = 0; tries < 1200; tries += 1) {
      const { status } = await api.request('GET', collection(kind, 'default'));
      if (status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${kind.plural} are not served after two minutes`);
  }

  /** Without a controller manager nobody else takes the finalizer of a namespace away. */
  async function removeNamespace(name: string): Promise<void> {
    const path = `/api/v1/namespaces/${name}`;
    await api.request('DELETE', path);
    const { status, text } = await api.request('GET', path);
    if (status === 404) return;
    const namespace = JSON.parse(text) as object;
    await api.request('PUT', `${path}/finalize`, { ...namespace, spec: { finalizers: [] } });
  }

  const create = (kind: Kind, object: object, query = ''): Promise<Answer> =>
    api.request('POST', `${collection(kind)}?fieldValidation=Strict${query}`, object);

  for (const kind of KINDS) {
    it(`establish ${kind.plural} and find their schema structural`, async () => {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind.plural}.${kind.group}`;
      const { status } = objectOf(await api.request('GET', path)) as { status: ConditionsOnly };
      const conditions = status.conditions.map((one) => `${one.type}=${one.status}`);
      expect(conditions).to.have.members(['NamesAccepted=True', 'Established=True']);
    });
  }

  for (const example of CASES.filter(({ faults }) => faults.length === 0)) {
    it(`take a ${example.kind.kind}: ${example.because}`, async () => {
      const { kind, object, defaults } = example;
      if (kind === SECURITY_PROFILES_OPERATOR_DAEMON) await api.request('DELETE', named(kind, SPOD));
      const created = await create(kind, object);
      expect(created.status, created.text).to.equal(201);
      const stored = objectOf(created);
      const { spec, status } = object as unknown as ApiObject;
      if (spec !== undefined) expect(stored.spec).to.deep.equal({ ...stored.spec, ...spec, ...defaults });
      if (status === undefined) return;
      const path = `${named(kind, stored.metadata.name)}/status?fieldValidation=Strict`;
      const updated = await api.request('PUT', path, { ...stored, status });
      expect(updated.status, updated.text).to.equal(200);
      expect(objectOf(updated).status).to.deep.equal(status);
    });
  }

  for (const example of CASES.filter(({ faults }) => faults.length > 0)) {
    it(`refuse a ${example.kind.kind}: ${example.because}`, async () => {
      const answer = await refusal(example);
      expect(answer.status, answer.text).to.be.oneOf([400, 422]);
      const ofTheWhole = example.faults.filter((fault) => fieldOf(fault) === '');
      const ofFields = example.faults.filter((fault) => fieldOf(fault) !== '');
      expect(refusedFields(answer)).to.deep.equal(inOrder(ofFields.map(fieldOf)));
      for (const fault of ofTheWhole) expect(answer.text).to.include(fault.slice(': '.length));
    });
  }

  /** A faulty status is refused only where a status can be written: at an object that exists. */
  async function refusal({ kind, object, faults }: Case): Promise<Answer> {
    if (!faults.every((fault) => fieldOf(fault).startsWith(STATUS_PREFIX))) return create(kind, object, '&dryRun=All');
    const { status, ...rest } = object;
    const stored = objectOf(await create(kind, rest));
    const path = `${named(kind, stored.metadata.name)}/status?fieldValidation=Strict`;
    return api.request('PUT', path, { ...stored, status });
  }

  it('take every YAML document of the manual through kubectl, but for the star without quotes', async function () {
    this.timeout(300_000);
    const documents = (await keptExamples()).filter(
      ({ file }) => file.endsWith('.yaml') && !file.includes('spod-patch'),
    );
    for (const { file, text } of documents) {
      const own = parse(text.replace('image: *', 'image: "*"'), { version: '1.1' }) as ApiObject;
      const namespace = own.metadata.namespace ?? NAMESPACE;
      const answer = await api.kubectl(
        ['create', '--namespace', namespace, '--validate=strict', '--dry-run=server', '-f', '-'],
        text,
      );
      const isStar = text.includes('image: *');
      expect(answer.status, `${file}: ${answer.text}`).to.equal(isStar ? 1 : 0);
      expect(answer.text).to.include(isStar ? 'error converting YAML to JSON' : 'created');
    }
  });

  it('take every patch of spod in the manual but for /my-proc, and warn of the misspelt field', async function () {
    this.timeout(300_000);
    const patches = (await keptExamples()).filter(({ file }) => file.includes('spod-patch'));
    const spod = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfilesOperatorDaemon' };
    await api.request('DELETE', named(SECURITY_PROFILES_OPERATOR_DAEMON, SPOD));
    const made201 = await api.kubectl(
      ['create', '-n', NAMESPACE, '-f', '-'],
      JSON.stringify({ ...spod, metadata: { name: 'spod' } }),
    );
    expect(made201.status, made201.text).to.equal(0);
    for (const { file, text } of patches) {
      const answer = await api.kubectl(['-n', NAMESPACE, 'patch', 'spod', 'spod', '--type=merge', '-p', text]);
      const isRefused = text.includes('/my-proc');
      expect(answer.status, `${file}: ${answer.text}`).to.equal(isRefused ? 1 : 0);
      if (isRefused) expect(answer.text, file).to.include('spec.hostProcVolumePath: Invalid value: "/my-proc"');
      expect(answer.text.includes('unknown field "spec.apparmorenabled"'), file).to.equal(
        text.includes('apparmorenabled'),
      );
    }
  });

  it('keep all 63 bits of an integer and all 64 of a string, and refuse the 64th bit of an integer', async () => {
    const written = (value: string): string =>
      JSON.stringify(
        profile('bits', {
          defaultAction: 'SCMP_ACT_ERRNO',
          syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op: 'SCMP_CMP_EQ', value: 0 }] }],
        }),
      ).replace('"value":0', `"value":${value}`);
    const path = `${collection(SECCOMP_PROFILE)}?dryRun=All`;
    for (const value of ['9223372036854775807', '9007199254740993', '"18446744073709551615"', '"0xffffffffffffffff"']) {
      const answer = await api.request('POST', path, written(value));
      expect(answer.status, answer.text).to.equal(201);
      expect(answer.text).to.include(`"value":${value}`);
    }
    const answer = await api.request('POST', path, written('18446744073709551615'));
    expect(answer.status, answer.text).to.equal(422);
    expect(refusedFields(answer)).to.deep.equal(['spec.syscalls[0].args[0].value']);
  });

  it("refuse conditions of Docker's files of a client that asks for no validation, which has unknown fields dropped", async () => {
    const rule = { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] }, unknown: 1 };
    const pasted = profile('pasted', { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [rule] });
    const path = `${collection(SECCOMP_PROFILE)}?fieldValidation=Ignore`;
    const answer = await api.request('POST', path, pasted);
    expect(answer.status, answer.text).to.equal(422);
    expect(refusedFields(answer)).to.deep.equal(['spec.syscalls[0].includes']);
    expect(answer.text).to.include('nothing in a cluster resolves it: spoc convert -t seccomp does');
  });

  it('refuse another kind for a recording and another node for a node status', async () => {
    const recording = CASES.find(({ kind, faults }) => kind === PROFILE_RECORDING && faults.length === 0)!;
    const merge = { 'content-type': 'application/merge-patch+json' };
    const name = (recording.object as unknown as ApiObject).metadata.name;
    const kind = await api.request(
      'PATCH',
      named(PROFILE_RECORDING, name),
      { spec: { kind: 'AppArmorProfile' } },
      merge,
    );
    expect(kind.text).to.include('the kind of a recording cannot be changed, make another recording');
    const status = CASES.find(({ kind: of, faults }) => of === SECURITY_PROFILE_NODE_STATUS && faults.length === 0)!;
    const other = (status.object as unknown as ApiObject).metadata.name;
    const node = await api.request('PATCH', named(SECURITY_PROFILE_NODE_STATUS, other), { nodeName: 'other' }, merge);
    expect(node.text).to.include('nodeName cannot be changed, the status of another node is another object');
  });

  it('take 5,000 rules of together 1 MB, in no more time than ten times as many rules deserve', async function () {
    this.timeout(300_000);
    const names = Array.from({ length: 7 }, (_, index) => `system_call_number_${index}`);
    const args = [{ index: 0, op: 'SCMP_CMP_EQ', value: '18446744073709551615', valueTwo: 0 }];
    const take = async (name: string, count: number): Promise<number> => {
      const syscalls = Array.from({ length: count }, () => ({ names, action: 'SCMP_ACT_ERRNO', errnoRet: 1, args }));
      const body = JSON.stringify(profile(name, { defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
      if (count === 5_000) expect(body.length).to.be.greaterThan(1024 * 1024);
      const started = performance.now();
      const answer = await api.request('POST', `${collection(SECCOMP_PROFILE)}?fieldValidation=Strict`, body);
      expect(answer.status, answer.text.slice(0, 2000)).to.equal(201);
      return performance.now() - started;
    };
    await take('warm-up', 500);
    const small = await take('small', 500);
    // A rule that looks at pairs would take a hundred times as long. Somebody else may have the processors for a while.
    const tries: number[] = [];
    while (tries.length < 5 && !tries.some((ms) => ms < 40 * small))
      tries.push(await take(`large-${String(tries.length)}`, 5_000));
    expect(Math.min(...tries)).to.be.lessThan(40 * small);
  });

  it('show a profile as the manual shows it, and find its path by the jsonpath of the manual', async () => {
    await create(SECCOMP_PROFILE, profile('shown', { defaultAction: 'SCMP_ACT_LOG' }));
    const path = 'operator/my-namespace/profile1.json';
    const status = { status: 'Installed', localhostProfile: path, 'seccompProfile.localhostProfile': path };
    const merge = { 'content-type': 'application/merge-patch+json' };
    await api.request('PATCH', `${named(SECCOMP_PROFILE, 'shown')}/status`, { status }, merge);
    const plain = await api.kubectl(['-n', NAMESPACE, 'get', 'sp', 'shown']);
    expect(plain.text).to.match(/^NAME +STATUS +AGE\nshown +Installed +\d+s\n$/);
    const wide = await api.kubectl(['-n', NAMESPACE, 'get', 'seccompprofile', 'shown', '--output', 'wide']);
    expect(wide.text).to.match(
      /^NAME +STATUS +AGE +SECCOMPPROFILE\.LOCALHOSTPROFILE\nshown +Installed +\d+s +operator\/my-namespace\/profile1\.json\n$/,
    );
    const found = await api.kubectl([
      '-n',
      NAMESPACE,
      'get',
      'seccompprofile',
      'shown',
      '--output=jsonpath={.status.seccompProfile\\.localhostProfile}',
    ]);
    expect(found.text).to.equal(path);
  });

  it('explain every field in a sentence', async () => {
    for (const { plural } of KINDS) {
      const answer = await api.kubectl(['explain', plural, '--recursive']);
      expect(answer.status, answer.text).to.equal(0);
    }
    const answer = await api.kubectl(['explain', 'sp.spec.syscalls.args.value']);
    expect(answer.text.replaceAll(/\s+/g, ' ')).to.include(
      'The number that the argument is compared with, or the mask of SCMP_CMP_MASKED_EQ',
    );
  });
});
