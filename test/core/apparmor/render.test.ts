// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { Rejected } from '../../../src/core/errors.ts';
import { renderProfile } from '../../../src/core/apparmor/render.ts';
import type { RenderOptions } from '../../../src/core/apparmor/render.ts';
import type { AppArmorAbstract, AppArmorProfileSpec } from '../../../src/gen/crd/app-armor-profile.ts';

const FULL: AppArmorAbstract = {
  executable: { allowedExecutables: ['/usr/bin/{a,b}', '/bin/sh'], allowedLibraries: ['/lib/**.so*'] },
  filesystem: {
    readOnlyPaths: ['@{PROC}/@{pid}/limits', '/etc//hosts', '/bin/sh', '/etc/hosts'],
    writeOnlyPaths: ['/dev/stdout', '/etc/hosts'],
    readWritePaths: ['/tmp/**'],
  },
  network: { allowRaw: false, allowedProtocols: { allowTcp: true, allowUdp: true } },
  capability: { allowedCapabilities: ['NET_RAW', 'chown', 'net_raw'] },
};

const FULL_TEXT = `# Written by the Security Profiles Operator.
abi <abi/3.0>,
include <tunables/global>

profile "web" flags=(attach_disconnected,mediate_deleted) {
  include <abstractions/base>

  capability chown,
  capability net_raw,

  network inet dgram,
  network inet stream,
  network inet6 dgram,
  network inet6 stream,

  signal (receive) peer={crun,podman,runc},

  "/bin/sh" rix,
  "/dev/stdout" wlk,
  "/etc/hosts" rwlk,
  "/lib/**.so*" rm,
  "/tmp/**" rwlk,
  "/usr/bin/{a,b}" rix,
  "@{PROC}/@{pid}/limits" r,

  audit deny "@{PROC}/*" wlk,
  audit deny "@{PROC}/sys/[^k]**" wlk,
  audit deny "@{PROC}/{kcore,kmem,mem,sysrq-trigger}" rwlk,
  audit deny "@{sys}/firmware/efi/efivars/**" rwlk,
}
`;

function lines(abstract: AppArmorAbstract, options?: RenderOptions): readonly string[] {
  const { text } = renderProfile('web', { abstract }, options);
  return text.split('\n').map((line) => line.trim());
}

function refusal(spec: AppArmorProfileSpec): string {
  try {
    renderProfile('web', spec);
  } catch (cause) {
    if (cause instanceof Rejected && cause.reason === 'InvalidAppArmorProfile') return cause.message;
    throw cause;
  }
  throw new Error('was not refused');
}

describe('renderProfile() of the abstract form', () => {
  it('writes one canonical text', () => {
    expect(renderProfile('web', { abstract: FULL })).to.deep.equal({ text: FULL_TEXT, addedLines: 0, warnings: [] });
  });

  it('refuses nothing by rules in complain mode', () => {
    const { text } = renderProfile('web', { abstract: FULL, complainMode: true });
    expect(text).to.contain('flags=(attach_disconnected,complain,mediate_deleted)').and.not.contain('deny');
  });

  it('does not let a pattern for reading take away what a narrower one may write', () => {
    const text = lines({ filesystem: { readOnlyPaths: ['/**'], readWritePaths: ['/tmp/*'] } }).join('\n');
    expect(text)
      .to.match(/"\/\*\*" r,/)
      .and.match(/"\/tmp\/\*" rwlk,/);
    expect(text.split('\n').filter((line) => line.startsWith('deny'))).to.deep.equal([]);
  });

  it('leaves out a fixed refusal that would make a listed path void, and says so', () => {
    const abstract = { filesystem: { readWritePaths: ['/proc/sys/net/core/somaxconn', '/**'] } };
    const { text, warnings } = renderProfile('web', { abstract });
    expect(text).to.contain('sysrq-trigger').and.not.contain('/sys/[^k]**');
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^\/proc\/sys\/net\/core\/somaxconn is allowed/);
  });

  it('tells what raw sockets bring, and writes them as one rule', () => {
    const { text, warnings } = renderProfile('web', { abstract: { network: { allowRaw: true } } });
    expect(text).to.contain('  network raw,\n');
    expect(warnings.join()).to.match(/allowRaw .* netlink/);
  });

  it('leaves out a capability that the kernel lacks, as another one would be allowed instead', () => {
    const abstract = { capability: { allowedCapabilities: ['bpf', 'chown'] } };
    const { text, warnings } = renderProfile('web', { abstract }, { capabilities: new Set(['chown', 'sys_admin']) });
    expect(text).to.contain('capability chown,').and.not.contain('bpf');
    expect(warnings.join()).to.match(/no capability bpf.*sys_admin/);
  });

  it('writes what means something in AppArmor so that it does not end a word or begin a rule', () => {
    const paths = ['/a b', '/c,d', '/e#f', '/back\\\\', '/x\\{y\\}', '/new\\nline', '/q\\042', '/[a\\-c^]'];
    const written = lines({ filesystem: { readOnlyPaths: paths } }).filter((line) => line.endsWith(' r,'));
    expect(written).to.deep.equal([
      '"/[-ac^]" r,',
      '"/a b" r,',
      '"/back\\134" r,',
      '"/c,d" r,',
      '"/e#f" r,',
      '"/new\\nline" r,',
      '"/q\\042" r,',
      '"/x\\{y\\}" r,',
    ]);
  });

  it('gives up on patterns that take too long to compare, and refuses what they might mean', () => {
    const tails = Array.from({ length: 20 }, (_, at) => '?'.repeat(18 + at));
    const hard = [
      ...tails.map((tail) => `/proc/*a${tail}`),
      `/proc/*a${'?'.repeat(2000)}`,
      `/proc/${'[a-b]'.repeat(800)}`,
    ];
    const { text, warnings } = renderProfile('web', { abstract: { filesystem: { readWritePaths: hard } } });
    expect(text.match(/audit deny/g)).to.have.length(4);
    expect(warnings).to.deep.equal(['patterns of paths are too complicated: what they allow may be refused']);
  });

  it('names the profile and its executables by the path of a program for one machine', () => {
    expect(renderProfile('web', { abstract: {} }, { program: '/usr/bin/web' }).text).to.contain(
      'profile "/usr/bin/web" flags=',
    );
  });

  it('tells every fault with its field', () => {
    const paths = [
      '/a/../b',
      'x',
      '/a{b}',
      '/[',
      '/a\\b',
      '@{NO}/x',
      '@{multiarch}/x',
      '/a}',
      '/[]',
      '/[z-a]',
      '/x\\',
      '/\\351',
    ];
    const message = refusal({
      abstract: {
        filesystem: { readOnlyPaths: paths },
        capability: { allowedCapabilities: ['CAP_CHOWN', 'nett_raw'] },
      },
    });
    for (const at of paths.keys()) expect(message).to.contain(`readOnlyPaths[${String(at)}]: `);
    expect(message).to.contain('allowedCapabilities[1]: is no capability of Linux: nett_raw (perhaps net_raw)');
    expect(message).to.not.contain('allowedCapabilities[0]');
  });
});

const MANUAL = `#include <tunables/global>

profile web flags=(attach_disconnected) {
  #include <abstractions/base>

  file,

  # Deny all file writes.
  deny /** w,
}`;

describe('renderProfile() of a raw policy', () => {
  const fit = (policy: string, complainMode = false) => renderProfile('web', { policy, complainMode });

  it('adds the version of the language and the last line break', () => {
    expect(fit(MANUAL)).to.deep.equal({ text: `abi <abi/3.0>,\n${MANUAL}\n`, addedLines: 1, warnings: [] });
    const withAbi = 'abi <abi/4.0>,\nprofile web { } # end\n';
    expect(fit(withAbi)).to.deep.equal({ text: withAbi, addedLines: 0, warnings: [] });
  });

  it('sets complain mode for the profile, its children and its hats, and keeps other flags', () => {
    const good =
      'profile web flags=(attach_disconnected, enforce) {\n profile c { }\n ^h (enforce) { }\n deny /x w,\n}\n';
    const { text, warnings } = fit(good, true);
    expect(text).to.equal(
      'abi <abi/3.0>,\nprofile web flags=(attach_disconnected, complain) {\n profile c flags=(complain) { }\n' +
        ' ^h (complain) { }\n deny /x w,\n}\n',
    );
    expect(warnings).to.deep.equal(['rules with deny refuse in complain mode, too']);
  });

  it('warns where a profile refuses nothing, and where those within it are in another mode', () => {
    const { warnings } = fit('profile web flags=(complain) { profile c { } }');
    expect(warnings).to.have.length(2);
    expect(warnings[1]).to.contain('web//c (enforce)');
  });

  const REFUSED: readonly (readonly [policy: string, place: string, reason: RegExp])[] = [
    ['profile x { }', 'line 1, column 9', /named x, but must be named as the object: web/],
    ['profile web { }\nprofile b { }', 'line 2, column 9', /second profile, b/],
    ['profile :n:web { }', 'line 1, column 9', /namespace/],
    [':n://web { }', 'line 1, column 1', /namespace/],
    ['profile web /usr/bin/* { }', 'line 1, column 9', /programs of the node itself/],
    ['profile web "/usr/bin/*" { }', 'line 1, column 9', /programs of the node itself/],
    ['profile web @{HOME}/x { }', 'line 1, column 9', /programs of the node itself/],
    ['profile web {', 'line 1, column 13', /not closed/],
    ['profile web { } }', 'line 1, column 17', /closes nothing/],
    ['profile web {\n  "/x r,\n}', 'line 2, column 3', /quotation mark/],
    ['profile web {\n  include "abstractions/base"\n}', 'line 2, column 3', /include <abstractions\/base>/],
    ['profile web {\n#include abstractions/base\n}', 'line 2, column 1', /include <abstractions\/base>/],
    ['include <../secret>\nprofile web { }', 'line 1, column 1', /leaves the folder/],
    ['include "/proc/self/environ"\nprofile web { }', 'line 1, column 1', /of no file that every node has/],
    // Behind these words the parser takes braces and # for characters, up to the comma.
    ...['umount #, ', 'change_profile #, ', '/x px -> #, ', 'mount options=ro /a -> #, ', '/x r,', 'file/x,# r,'].map(
      (rule): (typeof REFUSED)[number] => [
        `profile web {\n${rule}include "/proc/self/environ"\n}`,
        `line 2, column ${String(rule.length + 1)}`,
        /of no file that every node has/,
      ],
    ),
    ['profile web {\n#include/proc/self/environ\n}', 'line 2, column 1', /of no file that every node has/],
    ['profile web { umount {, }\nprofile b /usr/bin/b { umount }, }', 'line 2, column 9', /second profile, b/],
    ['include <\\056\\056/secret>\nprofile web { }', 'line 1, column 1', /holds a backslash/],
    ['include "/etc/apparmor.d/\\056./secret"\nprofile web { }', 'line 1, column 1', /holds a backslash/],
    ...[
      ...['abi "/host/revision",', 'abi /host/revision,', 'abi/host/revision,', 'abi"/host/revision",', 'abi(/x),'],
      ...['abi <../host/revision>,', 'abi <abi/../../host>,', 'abi </host>,', 'abi <"/host">,', 'abi <\\056./host>,'],
      ...['abi<abi/3.0>,', 'abi #/host\n<abi/3.0>,', 'abi < /host>,', 'abi,x,'],
    ].flatMap((abi): typeof REFUSED => [
      [`${abi}\nprofile web { }`, 'line 1, column 1', /written as: abi <abi\/3\.0>,/],
      [`profile web {\n if defined $X {\n  ${abi}\n } }`, 'line 3, column 3', /written as: abi <abi\/3\.0>,/],
    ]),
    ['profile web { '.concat('{ '.repeat(20_000)), 'line 1, column 77', /more than 32 braces deep/],
    ['profile web { '.concat('^a { '.repeat(16_000)), 'line 1, column 173', /more than 32 braces deep/],
    [`profile web { ^${'a'.repeat(1020)} { } }`, 'line 1, column 16', /full name has more than 1024 characters/],
    [`profile web { ${'^a { } '.repeat(1000)} }`, 'line 1, column 7009', /more than 1000 profiles/],
    ['profile web { profile c { } hat c { } }', 'line 1, column 33', /two profiles of the name web\/\/c/],
    ['profile web { profile @{X} { } }', 'line 1, column 23', /variables stay as they are/],
    ['profile web {\n  /x!y r,\n}', 'line 2, column 5', /"!" cannot stand here/],
    ['# nothing', 'line 1, column 1', /holds no profile/],
    ['profile web { signal set=(hup }', 'line 1, column 26', /bracket is not closed/],
  ];

  for (const [policy, place, reason] of REFUSED) {
    it(`refuses ${JSON.stringify(policy).slice(0, 100)} with its place`, () => {
      expect(refusal({ policy })).to.match(reason).and.contain(`spec.policy: ${place}: `);
    });
  }

  it('counts the profiles for programs, of which the kernel has room for a few', () => {
    const rules = (count: number): string =>
      Array.from({ length: count }, (_, at) => `/bin/${at} Px -> t${at},\n/sbin/${at} Px -> t${at},\n`).join('');
    expect(fit(`profile web {\n${rules(12)}}`).warnings).to.deep.equal([]);
    expect(() => fit(`profile web {\n${rules(13)}}`)).to.throw(/line 26, column 1: names more than 12 profiles/);
  });

  it('tells of refusals that a silent one keeps from the log', () => {
    const warnings = (rules: string): readonly string[] => fit(`profile web {\n${rules}\n}`).warnings;
    const said = 'refusals of /etc/shadow are not logged: a deny without audit refuses them, too, and wins';
    expect(warnings('file,\naudit deny /etc/shadow r,\ndeny /etc/** rw,')).to.deep.equal([said]);
    expect(warnings('audit deny /etc/shadow rw,\ndeny w "/etc/shadow",')).to.deep.equal([said]);
    expect(warnings('audit deny /etc/shadow r,\ndeny /etc/shadow w,')).to.deep.equal([]);
    expect(warnings('audit deny /etc/** r,\ndeny /etc/shadow r,')).to.deep.equal([]);
    expect(warnings('audit deny /etc/shadow r,\ndeny capability chown,')).to.deep.equal([]);
  });

  it('counts a hundred faults and no more', () => {
    expect(refusal({ policy: 'profile web { }\n'.concat('/a { }\n'.repeat(900)) })).to.match(/; and 80 more$/);
  });

  it('takes a variable of very many values', () => {
    const policy = `@{X}=${'a '.repeat(300_000)}\nprofile web { }\n`;
    expect(fit(policy).text).to.equal(`abi <abi/3.0>,\n${policy}`);
  });
});
