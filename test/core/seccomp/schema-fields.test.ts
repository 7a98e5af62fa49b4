// SPDX-License-Identifier: Apache-2.0
// The schema of SeccompProfile is the source of truth: what the API server takes is read, printed, merged, compared and
// stacked. A field or a word that is added to the schema and to nothing else fails here, with its name.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { intersectProfiles } from '../../../src/core/seccomp/intersect.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import { ACTIONS_BY_PERMISSION, ALL_ARCHITECTURES, ALL_FLAGS, ALL_OPERATORS } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOci, renderSpec } from '../../../src/core/seccomp/render.ts';
import { stackProfiles } from '../../../src/core/seccomp/stack.ts';

interface Schema {
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
}

const SCHEMAS = path.join(import.meta.dirname, '../../../schemas');

function schemaOf(file: string): Schema {
  return JSON.parse(readFileSync(path.join(SCHEMAS, file), 'utf8')) as Schema;
}

function property(schema: Schema | undefined, ...names: readonly string[]): Schema {
  const found = names.reduce<Schema | undefined>(
    (at, name) => (name === '[]' ? at?.items : at?.properties?.[name]),
    schema,
  );
  if (found === undefined) throw new Error(`the schema has no ${names.join('.')}`);
  return found;
}

const SPEC = property(schemaOf('crd/seccomp-profile.json'), 'spec');

/** A value for each field, other than any default; a field of the schema that is not here fails the first test. */
const RULE = {
  names: ['ioctl'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet: 13,
  args: [{ index: 1, op: 'SCMP_CMP_MASKED_EQ', value: 255, valueTwo: 7 }],
};
const WHOLE = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  architectures: ['SCMP_ARCH_X86_64'],
  flags: ['SECCOMP_FILTER_FLAG_LOG'],
  listenerPath: '/var/run/security-profiles-operator/agent.sock',
  listenerMetadata: 'metadata',
  baseProfileName: 'base',
  syscalls: [RULE],
};

/** The part of the object that is no part of the filter. */
const OF_THE_OBJECT = ['disabled'];

/** Keys that the schema has only to refuse them with a sentence. */
function fieldsOf(schema: Schema): readonly string[] {
  return Object.keys(schema.properties ?? {}).filter((name) => !REFUSED.includes(name));
}
const REFUSED = ['includes', 'excludes', 'archMap', 'comment', 'name', 'errno', 'defaultErrno', 'minKernel'];

describe('the fields of the schema', () => {
  it('are all in this test, and are read', () => {
    const rule = property(SPEC, 'syscalls', '[]');
    expect([...Object.keys(WHOLE), ...OF_THE_OBJECT]).to.have.members(fieldsOf(SPEC));
    expect(Object.keys(RULE)).to.have.members(fieldsOf(rule));
    expect(Object.keys(RULE.args[0] ?? {})).to.have.members(fieldsOf(property(rule, 'args', '[]')));
    expect(() => parseProfile({ ...WHOLE, disabled: true }, 'x')).to.not.throw();
  });

  it('are printed again, for the API and for runtimes', () => {
    expect(renderSpec(parseProfile(WHOLE, 'x'))).to.deep.equal(WHOLE);
    const { baseProfileName, ...forRuntimes } = WHOLE;
    const printed = renderOci(parseProfile(WHOLE, 'x'));
    expect(Object.keys(printed)).to.have.members(Object.keys(forRuntimes)).and.to.not.include(baseProfileName);
    expect(Object.keys(printed.syscalls?.[0] ?? {})).to.have.members(Object.keys(RULE));
  });

  it('survive a merge and a base', () => {
    const profile = parseProfile(WHOLE, 'x');
    expect(renderSpec(mergeProfiles([profile, profile]))).to.deep.equal(WHOLE);
    const { baseProfileName, ...alone } = WHOLE;
    const own = parseProfile(alone, 'x');
    expect(renderSpec(stackProfiles(own, [{ name: baseProfileName, profile: own }]).profile)).to.deep.equal(alone);
  });

  it('survive an intersection with an equal profile, but for the base that it was to be stacked on', () => {
    const { baseProfileName, ...alone } = WHOLE;
    const profile = parseProfile(alone, baseProfileName);
    expect(renderSpec(intersectProfiles([profile, profile]).profile)).to.deep.equal(alone);
  });

  it('count when one profile is said to cover another', () => {
    const profile = parseProfile(WHOLE, 'x');
    expect(covers(profile, profile)).to.equal(true);
    const others = {
      defaultAction: { defaultAction: 'SCMP_ACT_ALLOW', defaultErrnoRet: undefined },
      defaultErrnoRet: { defaultErrnoRet: 40 },
      architectures: { architectures: ['SCMP_ARCH_X86'] },
      flags: { flags: ['SECCOMP_FILTER_FLAG_TSYNC'] },
      syscalls: { syscalls: [{ ...RULE, action: 'SCMP_ACT_ALLOW', errnoRet: undefined }] },
    };
    for (const [field, change] of Object.entries(others)) {
      expect(covers(profile, parseProfile({ ...WHOLE, ...change }, 'x')), field).to.equal(false);
    }
    for (const field of ['listenerPath', 'listenerMetadata', 'baseProfileName'] as const) {
      const { [field]: gone, ...without } = WHOLE;
      expect(covers(parseProfile(without, 'x'), profile), `${field} ${gone}`).to.equal(false);
    }
  });

  it('have the words that the model knows', () => {
    expect(ACTIONS_BY_PERMISSION).to.have.members(schemaOf('defs/seccomp-action.json').enum ?? []);
    expect(ALL_ARCHITECTURES).to.have.members(schemaOf('defs/seccomp-architecture.json').enum ?? []);
    expect(ALL_FLAGS).to.have.members(schemaOf('defs/seccomp-flag.json').enum ?? []);
    expect(ALL_OPERATORS).to.have.members(property(SPEC, 'syscalls', '[]', 'args', '[]', 'op').enum ?? []);
  });
});
