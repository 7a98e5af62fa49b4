// SPDX-License-Identifier: Apache-2.0
// The files that the init container leaves on a node: `744,65535,65535`, the link, our own profiles; again without
// harm, and without following links that another user put there. As it is shipped, and under AddressSanitizer and
// UBSan.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
} from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { OPERATOR_ROOT, OWN_SECCOMP_PROFILE, RECORDER_SECCOMP_PROFILE } from '../../src/core/names.ts';
import { ASIDE_PREFIX } from '../../src/core/status/moved-aside.ts';
import { buildSanitized, nativeProgram } from './fixtures.ts';

/** Tells which directory the node's kubelet uses; native/bpf/src/enabler/non_root_enabler.c. */
const KUBELET_CONFIG_FILE = 'kubelet-config.json';

type Variables = Readonly<Record<string, string>>;

const seccomp = '/var/lib/kubelet/seccomp';
const own = OWN_SECCOMP_PROFILE;

for (const build of ['Release', 'Debug'] as const) {
  describe(`non_root_enabler, ${build}`, function () {
    this.timeout(180_000);
    let folder: string;
    let mount: string;

    before(function () {
      if (process.getuid?.() !== 0) {
        console.log('      not root: nothing can be given to another user here');
        this.skip();
      }
      if (build === 'Debug') buildSanitized();
    });
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'spo-enabler-'));
      mount = path.join(folder, 'host');
      mkdirSync(mount);
      mkdirSync(path.join(folder, 'own/..data'), { recursive: true });
      writeFileSync(path.join(folder, 'own/..data', own), '{"defaultAction":"SCMP_ACT_LOG"}');
      symlinkSync(`..data/${own}`, path.join(folder, 'own', own));
      writeFileSync(path.join(folder, 'own/README'), 'no profile');
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const variables = (): Variables => ({
      HOST_MOUNT: mount,
      OWN_PROFILES: path.join(folder, 'own'),
      KUBELET_DIR: '/var/lib/kubelet',
    });

    function run(more: Variables = {}): { status: number | null; stdout: string; stderr: string } {
      const env = { ...variables(), ...more };
      const { status, stdout, stderr } = spawnSync(nativeProgram('non_root_enabler', build), { env, encoding: 'utf8' });
      return { status, stdout, stderr };
    }

    function prepare(more: Variables = {}): string {
      const { status, stdout, stderr } = run(more);
      expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' });
      return stdout;
    }

    function complaint(more: Variables = {}): string {
      const { status, stderr } = run(more);
      expect(status).to.equal(1);
      expect(stderr).to.match(/^Error: [^\n]+\n$/);
      return stderr;
    }

    const on = (file: string): string => path.join(mount, file);

    function ownership(file: string): string {
      const { mode, uid, gid } = lstatSync(on(file));
      return [(mode & 0o777).toString(8), String(uid), String(gid)].join();
    }

    function strangersFile(file: string): void {
      writeFileSync(file, 'x');
      lchownSync(file, 7, 7);
    }

    it("prepares the directories as users' checks expect", () => {
      const said = prepare();
      expect(ownership(OPERATOR_ROOT)).to.equal('744,65535,65535');
      expect(ownership(seccomp)).to.equal('744,65535,65535');
      expect(ownership('/var/lib')).to.equal('755,0,0');
      expect(readlinkSync(on(`${seccomp}/operator`))).to.equal(OPERATOR_ROOT);
      const config: unknown = JSON.parse(readFileSync(on(`${OPERATOR_ROOT}/${KUBELET_CONFIG_FILE}`), 'utf8'));
      expect(config).to.deep.equal({ kubeletDir: '/var/lib/kubelet' });
      expect(readdirSync(on(OPERATOR_ROOT))).to.deep.equal([KUBELET_CONFIG_FILE]);
      expect(readdirSync(on(seccomp))).to.have.members(['operator', own]);
      expect(ownership(`${seccomp}/${own}`)).to.equal('644,65535,65535');
      expect(readFileSync(on(`${seccomp}/${own}`), 'utf8')).to.equal('{"defaultAction":"SCMP_ACT_LOG"}');
      const line = /^I\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ non_root_enabler\.c:\d+\] non-root-enabler "msg"="(.*)"$/;
      expect(
        said
          .trimEnd()
          .split('\n')
          .map((text) => line.exec(text)?.[1]),
      ).to.deep.equal([
        `directory ${OPERATOR_ROOT} belongs to 65535`,
        `link ${seccomp}/operator leads to ${OPERATOR_ROOT}`,
        `profile ${seccomp}/${own} is in place`,
      ]);
    });

    it('may run again, takes over directories but no file of another user, and brings a changed profile', () => {
      prepare();
      mkdirSync(on(`${OPERATOR_ROOT}/ns/deeper`), { recursive: true });
      strangersFile(on(`${OPERATOR_ROOT}/ns/deeper/a.json`));
      writeFileSync(path.join(folder, 'own/..data', own), '{}');
      for (const place of [OPERATOR_ROOT, seccomp])
        writeFileSync(on(`${place}/.non-root-enabler.new`), 'of a killed run');
      prepare();
      expect(ownership(`${OPERATOR_ROOT}/ns/deeper`)).to.equal('755,65535,65535');
      expect(ownership(`${OPERATOR_ROOT}/ns/deeper/a.json`), 'not ours to delete').to.equal('644,7,7');
      expect(readFileSync(on(`${seccomp}/${own}`), 'utf8')).to.equal('{}');
      expect(readdirSync(on(seccomp))).to.have.members(['operator', own]);
      expect(readdirSync(on(OPERATOR_ROOT))).to.have.members([KUBELET_CONFIG_FILE, 'ns']);
    });

    it('gives away nothing that lies outside: not by a link, not by a second name', () => {
      prepare();
      strangersFile(path.join(folder, 'outside'));
      symlinkSync(path.join(folder, 'outside'), on(`${OPERATOR_ROOT}/link`));
      symlinkSync(folder, on(`${OPERATOR_ROOT}/linked`));
      prepare();
      linkSync(path.join(folder, 'outside'), on(`${OPERATOR_ROOT}/second`));
      prepare();
      expect(lstatSync(path.join(folder, 'outside')).uid).to.equal(7);
      expect(lstatSync(folder).uid).to.equal(0);
    });

    it('writes through no link', () => {
      prepare();
      strangersFile(path.join(folder, 'outside'));
      for (const name of [KUBELET_CONFIG_FILE, '.non-root-enabler.new']) {
        rmSync(on(`${OPERATOR_ROOT}/${name}`), { force: true });
        symlinkSync(path.join(folder, 'outside'), on(`${OPERATOR_ROOT}/${name}`));
      }
      prepare();
      expect(readFileSync(path.join(folder, 'outside'), 'utf8')).to.equal('x');
      expect(lstatSync(on(`${OPERATOR_ROOT}/${KUBELET_CONFIG_FILE}`)).isFile()).to.equal(true);
    });

    it('is not led out of the node by links on the way', () => {
      mkdirSync(on('/data/kubelet'), { recursive: true });
      mkdirSync(on('/var/lib'), { recursive: true });
      symlinkSync('/data/kubelet', on('/var/lib/kubelet'));
      prepare();
      expect(ownership('/data/kubelet/seccomp')).to.equal('744,65535,65535');
      rmSync(on('/var/lib/kubelet'));
      symlinkSync('../../../../../../../../..' + folder, on('/var/lib/kubelet'));
      expect(complaint()).to.contain('cannot be made a directory of user 65535');
      expect(readdirSync(folder)).to.have.members(['host', 'own']);
    });

    const aside = (place: string): readonly string[] =>
      readdirSync(on(place)).filter((name) => name.startsWith(ASIDE_PREFIX));

    /** The lines about what was moved aside, without its new name. */
    const moved = (said: string): readonly string[] =>
      [...said.matchAll(/moved aside: (\S+) was in the way and is \.moved-aside-[0-9-]+ now/g)].map(
        ([, name]) => name!,
      );

    it('moves directories without end aside, does not look at them again, and says what it moved', () => {
      prepare();
      mkdirSync(on(OPERATOR_ROOT + '/d'.repeat(200)), { recursive: true });
      mkdirSync(on(`${OPERATOR_ROOT}/ns`));
      expect(moved(prepare())).to.deep.equal([`${OPERATOR_ROOT}/d`]);
      const [name = ''] = aside(OPERATOR_ROOT);
      expect(ownership(`${OPERATOR_ROOT}/${name}`)).to.equal('700,0,0');
      expect(ownership(`${OPERATOR_ROOT}/ns`)).to.equal('755,65535,65535');
      expect(moved(prepare())).to.deep.equal([]);
      expect(aside(OPERATOR_ROOT)).to.deep.equal([name]);
      expect(ownership(`${OPERATOR_ROOT}/${name}`), 'as it was').to.equal('700,0,0');
    });

    it('moves nothing aside where the node is in trouble, since that may be a good directory', () => {
      prepare();
      mkdirSync(on(`${OPERATOR_ROOT}/ns${'/d'.repeat(20)}`), { recursive: true });
      const words = ['-c', 'ulimit -n 16; exec "$0"', nativeProgram('non_root_enabler', build)];
      const { status, stderr } = spawnSync('sh', words, { env: variables(), encoding: 'utf8' });
      expect([status, stderr]).to.deep.equal([
        1,
        `Error: what is in ${OPERATOR_ROOT} cannot be given to user 65535: Too many open files\n`,
      ]);
      expect(aside(OPERATOR_ROOT)).to.deep.equal([]);
      expect(moved(prepare())).to.deep.equal([]);
      expect(ownership(`${OPERATOR_ROOT}/ns`)).to.equal('755,65535,65535');
    });

    it('heals what somebody who had the daemon left behind, and destroys nothing', () => {
      prepare();
      const left = [
        `${OPERATOR_ROOT}/.non-root-enabler.new`,
        `${OPERATOR_ROOT}/${KUBELET_CONFIG_FILE}`,
        `${seccomp}/${own}`,
        `${seccomp}/operator`,
      ];
      for (const place of left) {
        rmSync(on(place), { force: true });
        mkdirSync(on(`${place}/full`), { recursive: true });
        lchownSync(on(place), 65535, 65535);
      }
      expect(moved(prepare())).to.have.members(left);
      for (const place of [OPERATOR_ROOT, seccomp])
        for (const name of aside(place)) expect(readdirSync(on(`${place}/${name}`))).to.deep.equal(['full']);
      expect([aside(OPERATOR_ROOT).length, aside(seccomp).length]).to.deep.equal([2, 2]);
      expect(readlinkSync(on(`${seccomp}/operator`))).to.equal(OPERATOR_ROOT);
      expect(lstatSync(on(`${seccomp}/${own}`)).isFile()).to.equal(true);
    });

    it('lets the daemon into its directories again, whatever their modes', () => {
      prepare();
      for (const [name, mode] of [
        ['locked', 0o000],
        ['read-only', 0o555],
      ] as const) {
        mkdirSync(on(`${OPERATOR_ROOT}/${name}`));
        chmodSync(on(`${OPERATOR_ROOT}/${name}`), mode);
      }
      prepare();
      expect(ownership(`${OPERATOR_ROOT}/locked`)).to.equal('700,65535,65535');
      expect(ownership(`${OPERATOR_ROOT}/read-only`)).to.equal('755,65535,65535');
    });

    it('says the name of what it moved in characters that steer no terminal', () => {
      prepare();
      const name = 'a\n"\u001b[31m';
      mkdirSync(on(`${OPERATOR_ROOT}/${name}${'/d'.repeat(40)}`), { recursive: true });
      expect(moved(prepare())).to.deep.equal([`${OPERATOR_ROOT}/a???[31m`]);
    });

    it('puts the link right, and replaces an empty directory by it', () => {
      const place = on(`${seccomp}/operator`);
      mkdirSync(on(seccomp), { recursive: true });
      symlinkSync('/elsewhere', place);
      prepare();
      expect(readlinkSync(place)).to.equal(OPERATOR_ROOT);
      rmSync(place);
      mkdirSync(place);
      prepare();
      expect(readlinkSync(place)).to.equal(OPERATOR_ROOT);
    });

    it('refuses to throw away what holds something, and says what to do', () => {
      mkdirSync(on(`${seccomp}/operator/ns`), { recursive: true });
      expect(complaint()).to.contain(
        `${seccomp}/operator is a directory where the link to ${OPERATOR_ROOT} belongs; move its content to ${OPERATOR_ROOT}`,
      );
      expect(readdirSync(on(`${seccomp}/operator`))).to.deep.equal(['ns']);
      rmSync(on(`${seccomp}/operator`), { recursive: true });
      writeFileSync(on(`${seccomp}/operator`), 'x');
      expect(complaint()).to.contain('is neither a link nor a directory');
    });

    it('works in the directory that a file names, where nodes have their own', () => {
      const file = path.join(folder, 'directory');
      writeFileSync(file, '/mnt/resource/kubelet');
      mkdirSync(on('/mnt/resource/kubelet/pods'), { recursive: true });
      prepare({ KUBELET_DIR_FROM_NODE: 'true', KUBELET_DIR_FILE: file });
      expect(readlinkSync(on('/mnt/resource/kubelet/seccomp/operator'))).to.equal(OPERATOR_ROOT);
      const config = readFileSync(on(`${OPERATOR_ROOT}/${KUBELET_CONFIG_FILE}`), 'utf8');
      expect(config).to.equal('{"kubeletDir":"/mnt/resource/kubelet"}');
    });

    it('gives nothing away where a label names a directory that is no kubelet’s', () => {
      const file = path.join(folder, 'directory');
      const told = (directory: string): string => {
        writeFileSync(file, directory);
        return complaint({ KUBELET_DIR_FROM_NODE: 'true', KUBELET_DIR_FILE: file });
      };
      mkdirSync(on('/etc'), { recursive: true });
      expect(told('/etc')).to.contain(
        "/etc, which the node's label names, is no directory of a kubelet: it has no directory",
      );
      expect(told('/nowhere/at/all')).to.contain('No such file');
      mkdirSync(on('/home/bob/pods'), { recursive: true });
      lchownSync(on('/home/bob'), 7, 7);
      expect(told('/home/bob')).to.contain('others than root may write into it');
      mkdirSync(on('/srv/kubelet/pods'), { recursive: true });
      mkdirSync(on('/root/.ssh'), { recursive: true });
      symlinkSync('/root/.ssh', on('/srv/kubelet/seccomp'));
      expect(told('/srv/kubelet')).to.contain('its seccomp is a link');
      chmodSync(on('/srv/kubelet'), 0o777);
      expect(told('/srv/kubelet')).to.contain('others than root');
      expect(ownership('/root/.ssh')).to.equal('755,0,0');
      expect([readdirSync(on('/etc')), readdirSync(on('/home/bob'))]).to.deep.equal([[], ['pods']]);
    });

    it('takes no other directory from that file than an absolute one', () => {
      const file = path.join(folder, 'directory');
      const byNode = { KUBELET_DIR_FROM_NODE: 'true', KUBELET_DIR_FILE: file };
      const long = '/' + 'a'.repeat(5000);
      for (const text of [
        '',
        '/',
        'a',
        '/..',
        '/a/../b',
        '/a/.',
        '/a//b',
        '/a/',
        '/a\n',
        '/a\0b',
        '/a"',
        '/a\\',
        long,
      ]) {
        writeFileSync(file, text);
        expect(complaint(byNode), JSON.stringify(text)).to.contain(file);
      }
      rmSync(file);
      expect(complaint(byNode)).to.contain('No such file');
      writeFileSync(path.join(folder, 'good'), '/good');
      symlinkSync(path.join(folder, 'good'), file);
      expect(complaint(byNode), 'a link').to.contain(file);
      rmSync(file);
      spawnSync('mkfifo', [file]);
      expect(complaint(byNode), 'a pipe').to.contain(file);
      expect(complaint({ KUBELET_DIR_FROM_NODE: 'true' })).to.contain('KUBELET_DIR_FILE');
      expect(complaint({ KUBELET_DIR: '../x' })).to.contain('KUBELET_DIR must be');
      expect(readdirSync(mount)).to.deep.equal([]);
    });

    it('says which of our own profiles cannot be copied', () => {
      expect(complaint({ OWN_PROFILES: '/nowhere' })).to.contain('our own profiles cannot be read from /nowhere');
      const large = path.join(folder, 'own', RECORDER_SECCOMP_PROFILE);
      writeFileSync(large, Buffer.alloc(2 ** 20 + 1));
      expect(complaint()).to.contain(`${RECORDER_SECCOMP_PROFILE} cannot be read: File too large`);
      writeFileSync(large, Buffer.alloc(2 ** 20));
      prepare();
      expect(lstatSync(on(`${seccomp}/${RECORDER_SECCOMP_PROFILE}`)).size).to.equal(2 ** 20);
    });

    it('leaves profiles of the node alone that are no names of ours', () => {
      mkdirSync(on(seccomp), { recursive: true });
      writeFileSync(on(`${seccomp}/audit.json`), 'of the node');
      writeFileSync(path.join(folder, 'own/audit.json'), '{"defaultAction":"SCMP_ACT_ALLOW"}');
      prepare();
      expect(readFileSync(on(`${seccomp}/audit.json`), 'utf8')).to.equal('of the node');
      expect(readdirSync(on(seccomp))).to.have.members([own, 'audit.json', 'operator']);
    });
  });
}
