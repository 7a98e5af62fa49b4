// SPDX-License-Identifier: Apache-2.0
// SelinuxProfiles as modules in CIL: the shape that the original has, and what is refused or warned of.
import { expect } from 'chai';
import fc from 'fast-check';
import { NotYet, Rejected } from '../../../src/core/errors.ts';
import type { SelinuxSurroundings } from '../../../src/core/selinux/inheritance.ts';
import { renderCil } from '../../../src/core/selinux/render.ts';
import type { RenderedCil } from '../../../src/core/selinux/render.ts';
import type { SelinuxProfileSpec } from '../../../src/gen/crd/selinux-profile.ts';

type Others = Readonly<Record<string, SelinuxProfileSpec>>;
type Around = Partial<Omit<SelinuxSurroundings, 'find'>> & { readonly others?: Others };

function render(spec: SelinuxProfileSpec, { others = {}, limit = {}, ...rest }: Around = {}): RenderedCil {
  const find: SelinuxSurroundings['find'] = (name) => {
    const other = Object.hasOwn(others, name) ? others[name] : undefined;
    return other === undefined ? undefined : { spec: other };
  };
  return renderCil({ metadata: { name: 'web', namespace: 'ns' }, spec }, { limit, find, ...rest });
}

function linesOf(spec: SelinuxProfileSpec, around?: Around): readonly string[] {
  return render(spec, around).cil.split('\n').slice(1, -2);
}

function refusal(spec: SelinuxProfileSpec, around?: Around): string {
  try {
    render(spec, around);
  } catch (error) {
    if (error instanceof Rejected || error instanceof NotYet) return `${error.reason ?? ''}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const PARENT = { kind: 'SelinuxProfile', name: 'parent' } as const;

describe('core/selinux/render', () => {
  it("prints the manual's profile, with the own process by a word that heirs can follow", () => {
    const spec: SelinuxProfileSpec = {
      allow: {
        node_t: { tcp_socket: ['node_bind'] },
        '@self': { tcp_socket: ['listen'] },
        http_cache_port_t: { tcp_socket: ['name_bind'] },
      },
      inherit: [{ kind: 'System', name: 'container' }],
    };
    const profile = { metadata: { name: 'nginx-secure', namespace: 'nginx-deploy' }, spec };
    expect(renderCil(profile, { limit: {}, find: () => undefined })).to.deep.equal({
      block: 'nginx-secure_nginx-deploy',
      cil: [
        '(block nginx-secure_nginx-deploy',
        '(blockinherit container)',
        '(allow process self ( tcp_socket ( listen )))',
        '(allow process http_cache_port_t ( tcp_socket ( name_bind )))',
        '(allow process node_t ( tcp_socket ( node_bind )))',
        ')',
        '',
      ].join('\n'),
      warnings: [],
    });
  });

  it('sorts, says nothing twice and drops classes without permissions', () => {
    const allow = {
      var_log_t: { file: ['write', 'append', 'write'], dir: [], lnk_file: ['read'] },
      'web_ns.process': { process: ['signal'] },
      '@self': { process: ['fork'] },
    };
    expect(linesOf({ allow })).to.deep.equal([
      '(blockinherit container)',
      '(allow process self ( process ( fork signal )))',
      '(allow process var_log_t ( file ( append write )))',
      '(allow process var_log_t ( lnk_file ( read )))',
    ]);
  });

  it('writes capabilities into the class that has them', () => {
    const allow = { '@self': { capability: ['syslog', 'net_admin'], capability2: ['chown'], cap_userns: ['bpf'] } };
    expect(linesOf({ allow })).to.deep.equal([
      '(blockinherit container)',
      '(allow process self ( cap2_userns ( bpf )))',
      '(allow process self ( capability ( chown net_admin )))',
      '(allow process self ( capability2 ( syslog )))',
    ]);
  });

  it('is permissive where the profile is', () => {
    expect(linesOf({ permissive: true })).to.deep.equal(['(blockinherit container)', '(typepermissive process)']);
  });

  it('refuses words that are something else in CIL, each with its field', () => {
    const allow = {
      'etc_t (file (read)))': { file: ['read'] },
      self: { file: ['read'] },
      '1_t': { 'file)': ['read'] },
      etc_t: { file: ['all', 'read', 'not', 're-ad'] },
    };
    expect(refusal({ allow }).split('; ')).to.deep.equal([
      'InvalidSelinuxProfile: profile web: spec.allow["etc_t (file (read)))"]: "etc_t (file (read)))" is no name of a type',
      'spec.allow.self: self is no type',
      "the profile's own processes are @self",
      'spec.allow["1_t"]: "1_t" is no name of a type',
      'spec.allow["1_t"]["file)"]: "file)" is no name of an object class',
      'spec.allow.etc_t.file[0]: all is no permission: name each one that is needed',
      'spec.allow.etc_t.file[2]: not is no permission: name each one that is needed',
      'spec.allow.etc_t.file[3]: "re-ad" is no name of a permission',
    ]);
  });

  it('refuses a profile whose classes have no permission at all', () => {
    expect(refusal({ allow: { etc_t: { file: [] } } })).to.include('spec.allow: no class has a permission');
    expect(refusal({ allow: {} })).to.equal('none');
  });

  describe('inheritance', () => {
    it('has container first, then other policies of the system, none twice', () => {
      const inherit = [{ name: 'log_container' }, { name: 'container' }, { name: 'log_container' }];
      const limit = { allowedSystemProfiles: ['container', 'log_container'] };
      const wanted = ['(blockinherit container)', '(blockinherit log_container)'];
      expect(linesOf({ inherit }, { limit })).to.deep.equal(wanted);
      expect(linesOf({ inherit: [{ name: 'log_container' }] }, { limit })).to.deep.equal(wanted);
    });

    it('leaves container out where a profile brings it', () => {
      const others = { parent: {} };
      const wanted = ['(blockinherit parent_ns)'];
      expect(linesOf({ inherit: [PARENT, { name: 'container' }] }, { others })).to.deep.equal(wanted);
      const limit = { allowedSystemProfiles: ['log_container'] };
      const inherit = [PARENT, { name: 'log_container' }, PARENT];
      expect(linesOf({ inherit }, { others, limit })).to.deep.equal(['(blockinherit log_container)', ...wanted]);
    });

    it('refuses two profiles, a circle, a long chain and what is not allowed', () => {
      const other = { kind: 'SelinuxProfile', name: 'other' } as const;
      expect(refusal({ inherit: [PARENT, other] }, { others: { parent: {}, other: {} } })).to.include(
        'parent and other',
      );
      expect(refusal({ inherit: [PARENT] }, { others: { parent: { inherit: [PARENT, other] } } })).to.include(
        '(web -> parent)',
      );
      const circle = { parent: { inherit: [other] }, other: { inherit: [{ ...PARENT, name: 'web' }] } };
      expect(refusal({ inherit: [PARENT] }, { others: circle })).to.include('web -> parent -> other -> web');
      const chain = Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          `p${String(at)}`,
          { inherit: [{ ...PARENT, name: `p${String(at + 1)}` }] },
        ]),
      );
      expect(refusal({ inherit: [{ ...PARENT, name: 'p0' }] }, { others: chain })).to.include('more than 15 profiles');
      expect(refusal({ inherit: [{ name: 'net_container' }] })).to.equal(
        'InvalidSelinuxProfile: spec.inherit: the system policy net_container is not among those that the spod object ' +
          'allows (container)',
      );
    });

    it('waits for a profile that is missing or disabled', () => {
      const waits = 'BaseProfileNotFound: waits for the SelinuxProfile parent of web, which';
      expect(refusal({ inherit: [PARENT] })).to.equal(`${waits} does not exist`);
      expect(refusal({ inherit: [PARENT] }, { others: { parent: { disabled: true } } })).to.equal(
        `${waits} is disabled`,
      );
    });

    it('tells of an ancestor that is permissive', () => {
      const others = { parent: { inherit: [{ ...PARENT, name: 'old' }] }, old: { permissive: true } };
      const { warnings } = render({ inherit: [PARENT] }, { others });
      expect(warnings).to.deep.equal([
        'spec.inherit: old is permissive, and so is this profile with it: nothing is refused',
      ]);
      expect(render({ inherit: [PARENT], permissive: true }, { others }).warnings).to.deep.equal([]);
    });
  });

  describe('limits', () => {
    it('warns of what a recorded workload may need, and refuses what ends the protection of the node', () => {
      const { warnings } = render({ allow: { '@self': { capability: ['net_admin'] } } });
      expect(warnings).to.deep.equal(['spec.allow["@self"].capability: the class capability is a risk for the node']);
      expect(refusal({ allow: { security_t: { security: ['load_policy'] } } })).to.equal(
        'ProfileNotAllowed: profile web: spec.allow.security_t.security: the permission load_policy ends the protection ' +
          'of the node and is refused, unless the spod object has it in selinuxOptions.allowedPermissions',
      );
      expect(refusal({ allow: { shadow_t: { file: ['read'] } } })).to.include('the type shadow_t');
    });

    it('lets the cluster deny before it allows, and allow before our own lists', () => {
      const allow = { shadow_t: { file: ['read'] }, '@self': { capability: ['chown'] } };
      const limit = { allowedTypes: ['shadow_t'], allowedClasses: ['capability'] };
      expect(render({ allow }, { limit }).warnings).to.deep.equal([]);
      expect(refusal({ allow }, { limit: { ...limit, deniedTypes: ['shadow_t'] } })).to.equal(
        'ProfileNotAllowed: profile web: spec.allow.shadow_t: the cluster denies profiles the type shadow_t',
      );
      expect(refusal({ allow }, { limit: { ...limit, deniedClasses: ['file'] } })).to.include('the class file');
      expect(refusal({ allow }, { limit: { ...limit, deniedPermissions: ['chown'] } })).to.include(
        'the permission chown',
      );
    });

    it('sees types through a leading dot, in profiles and in lists', () => {
      const read = { file: ['read'] };
      expect(refusal({ allow: { '.shadow_t': read } })).to.include('the type shadow_t ends the protection');
      expect(render({ allow: { '.kernel_t': read } }).warnings).to.deep.equal([
        'spec.allow[".kernel_t"]: the type kernel_t is a risk for the node',
      ]);
      for (const [type, denied] of [
        ['.secret_t', 'secret_t'],
        ['secret_t', '.secret_t'],
      ] as const) {
        const limit = { deniedTypes: [denied] };
        expect(refusal({ allow: { [type]: read } }, { limit })).to.include('denies profiles the type secret_t');
      }
      const limit = { allowedTypes: ['.shadow_t'] };
      expect(refusal({ allow: { shadow_t: read } }, { limit })).to.equal('none');
    });

    it('refuses a name whose block is a policy of the system', () => {
      const profile = { metadata: { name: 'net', namespace: 'container' }, spec: {} };
      expect(() => renderCil(profile, { limit: {}, find: () => undefined })).to.throw(
        Rejected,
        /metadata.name.*net_container/,
      );
    });
  });

  it('prints words, or refuses them: no other line comes of any map', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('etc_t', 'file', 'read', '@self', 'a.process', '.b', ')', '\n'));
    const allow = fc.dictionary(text, fc.dictionary(text, fc.array(text, { maxLength: 3 }), { maxKeys: 3 }), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(allow, (map) => {
        if (refusal({ allow: map }) !== 'none') return;
        for (const line of linesOf({ allow: map })) {
          expect(line).to.match(/^\(blockinherit container\)$|^\(allow process [\w.-]+ \( \w+ \( \w+( \w+)* \)\)\)$/);
        }
      }),
    );
  });
});
