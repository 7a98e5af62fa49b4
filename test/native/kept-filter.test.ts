// SPDX-License-Identifier: Apache-2.0
// Kept filters: used, without a difference to be seen, where they can be trusted; made anew where anything about them
// is not as it should be.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const NAME = 'security-profiles-operator-filters';

describe('a filter that was kept', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'kept-'));
  const home = path.join(folder, 'home');
  const kept = path.join(home, '.cache', NAME);
  const profile = path.join(folder, 'profile.json');

  beforeEach(() => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    chownSync(home, 1234, 1234);
    chmodSync(folder, 0o755);
    writeFileSync(profile, JSON.stringify(errnoFor('mkdri')));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Getpriority is refused; another name is known to no architecture and warned of. */
  function errnoFor(other: string) {
    const refused = { names: ['getpriority', other], action: 'SCMP_ACT_ERRNO', errnoRet: 1 };
    return { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [refused] };
  }

  /** Runs as a user of its own. Without Node.js, a run that needs it cannot succeed. */
  function run(options: { node?: boolean; words?: readonly string[]; env?: Record<string, string> } = {}) {
    const { node = true, words = ['run', '-p', profile, 'nice'], env = {} } = options;
    const become = 'exec setpriv --reuid 1234 --regid 1234 --clear-groups "$0" "$@"';
    const script = node ? become : `mkdir -p "$EMPTY" && mount --bind "$EMPTY" "$NODE_FOLDER" && ${become}`;
    const command = ['--mount', 'sh', '-c', script, spoc, ...words];
    const world = {
      PATH: process.env['PATH'],
      HOME: home,
      EMPTY: path.join(folder, 'empty'),
      NODE_FOLDER: path.dirname(process.execPath),
      ...env,
    };
    const { status, stderr, stdout } = spawnSync('unshare', command, { encoding: 'utf8', env: world });
    return { status, stdout, lines: stderr.split('\n').map((line) => line.replace(/^\S+ \S+ |\d+$/g, '')) };
  }

  function entry(): string {
    const [name = ''] = readdirSync(kept);
    return path.join(kept, name);
  }

  it('is neither used nor made by root for a profile that another user may have written', () => {
    const asRoot = () => spawnSync(spoc, ['run', '-p', profile, 'true'], { encoding: 'utf8' });
    expect(asRoot().status).to.equal(0);
    chownSync(profile, 1234, 1234);
    const { status, stderr } = asRoot();
    expect(status).to.equal(1);
    expect(stderr).to.match(/profile\.json: belongs to user 1234, and root would run under it/);
    expect(stderr).not.to.contain('Running command');
    rmSync(profile);
  });

  it('says and does the same without Node.js', () => {
    const first = run();
    expect(first.lines.join('\n')).to.match(/Warning: no such system call, left out: mkdri/);
    expect(run({ node: false })).to.deep.equal(first);
    expect(statSync(entry()).mode & 0o777).to.equal(0o600);
    expect(statSync(kept).mode & 0o777).to.equal(0o700);
  });

  it('is not used when the profile has changed', () => {
    run();
    writeFileSync(profile, JSON.stringify({ ...errnoFor('mkdri'), defaultAction: 'SCMP_ACT_LOG' }));
    expect(run({ node: false }).status).not.to.equal(0);
  });

  const harm: Readonly<Record<string, (file: string) => void>> = {
    'its folder may be written by others': () => chmodSync(kept, 0o777),
    "its folder is another user's": () => chownSync(kept, 0, 0),
    'its folder is a link': () => {
      renameSync(kept, path.join(folder, 'moved'));
      symlinkSync(path.join(folder, 'moved'), kept);
    },
    'the folder above may be written by others': () => chmodSync(path.dirname(kept), 0o777),
    'it may be written by others': (file) => chmodSync(file, 0o622),
    "it is another user's": (file) => chownSync(file, 0, 0),
    'it is a link': (file) => {
      renameSync(file, path.join(folder, 'entry'));
      symlinkSync(path.join(folder, 'entry'), file);
    },
    'a byte of it has changed': (file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    'it is cut off': (file) => writeFileSync(file, readFileSync(file).subarray(0, 200)),
    'it is empty': (file) => writeFileSync(file, ''),
  };

  for (const [circumstance, make] of Object.entries(harm)) {
    it(`is not used where ${circumstance}, and the command runs all the same`, () => {
      rmSync(path.join(folder, 'moved'), { recursive: true, force: true });
      run();
      make(entry());
      const without = run({ node: false });
      expect(without.status).not.to.equal(0);
      expect(without.lines.join('\n')).to.match(/not set up/);
      expect(run().lines).to.include('Load seccomp profile');
    });
  }

  it('is made anew where a broken one was', () => {
    run();
    writeFileSync(entry(), 'broken');
    run();
    expect(run({ node: false }).lines).to.include('Load seccomp profile');
  });

  it('is kept where XDG_CACHE_HOME says, and by root in a folder of root alone', () => {
    const cache = path.join(home, 'elsewhere');
    run({ env: { XDG_CACHE_HOME: cache } });
    expect(existsSync(path.join(cache, NAME))).to.equal(true);
    spawnSync(spoc, ['run', '-p', profile, 'true'], { env: { HOME: home, XDG_CACHE_HOME: path.join(home, 'third') } });
    expect(existsSync(path.join(home, 'third'))).to.equal(false);
    expect(statSync(path.join('/var/cache', NAME)).uid).to.equal(0);
  });

  it('is not kept of a profile under which the command does not start', () => {
    writeFileSync(
      profile,
      JSON.stringify({
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['execve'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, op: 'SCMP_CMP_GE', value: 0 }] }],
      }),
    );
    expect(run().status).to.equal(1);
    expect(existsSync(kept) ? readdirSync(kept) : []).to.deep.equal([]);
  });
});
