// SPDX-License-Identifier: Apache-2.0
// Outputs as files and descriptors of a real file system; what a stranger put there is tried by its owner, so it
// needs root.
import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openOutput } from '../../src/io/output-file.ts';

const STRANGER = 12_345;

async function put(file: string, text: string, owner?: { uid: number; gid: number }): Promise<void> {
  await (await openOutput(file, owner)).write(text);
}

const failure = (file: string): Promise<string> => put(file, 'new').then(() => 'none', String);

const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

describe('openOutput()', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'output-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('makes a new file that others may read, for the user behind sudo', async () => {
    await put(at('new'), 'text', { uid: STRANGER, gid: STRANGER });
    expect(fs.readFileSync(at('new'), 'utf8')).to.equal('text');
    expect(modeOf(at('new'))).to.equal('644');
    expect(fs.statSync(at('new')).uid).to.equal(STRANGER);
    expect(fs.readdirSync(folder)).to.deep.equal(['new']);
  });

  it('keeps mode and owner of a file that it replaces', async () => {
    fs.writeFileSync(at('old'), 'old');
    fs.chmodSync(at('old'), 0o600);
    fs.chownSync(at('old'), STRANGER, STRANGER);
    const { ino } = fs.statSync(at('old'));
    await put(at('old'), 'new', { uid: 1, gid: 1 });
    expect(fs.readFileSync(at('old'), 'utf8')).to.equal('new');
    expect(modeOf(at('old'))).to.equal('600');
    expect(fs.statSync(at('old'))).to.include({ uid: STRANGER, gid: STRANGER });
    expect(fs.statSync(at('old')).ino).not.to.equal(ino);
  });

  it('drops setuid bits', async () => {
    fs.writeFileSync(at('old'), 'old');
    fs.chmodSync(at('old'), 0o4755);
    await put(at('old'), 'new');
    expect((fs.statSync(at('old')).mode & 0o7777).toString(8)).to.equal('755');
  });

  it('writes through links, relative ones, in turn, and to what is not there yet', async () => {
    fs.mkdirSync(at('releases'));
    fs.symlinkSync('releases/2', at('current'));
    fs.symlinkSync(at('current'), at('again'));
    await put(at('again'), 'new');
    expect(fs.readFileSync(at('releases/2'), 'utf8')).to.equal('new');
    expect(fs.lstatSync(at('current')).isSymbolicLink() && fs.lstatSync(at('again')).isSymbolicLink()).to.equal(true);
    fs.symlinkSync('circle', at('circle'));
    expect(await failure(at('circle'))).to.match(/circle: its links lead in a circle$/);
  });

  it('keeps the other names of a file', async () => {
    fs.writeFileSync(at('one'), 'a longer text');
    fs.linkSync(at('one'), at('two'));
    await put(at('one'), 'new');
    expect(fs.readFileSync(at('two'), 'utf8')).to.equal('new');
  });

  it('writes a file whose folder takes no new ones', () => {
    fs.writeFileSync(at('mine'), 'a longer text');
    fs.chownSync(at('mine'), STRANGER, STRANGER);
    fs.chmodSync(folder, 0o755);
    const script = `import { openOutput } from '${path.resolve(import.meta.dirname, '../../src/io/output-file.ts')}';
      await (await openOutput('${at('mine')}')).write('new');
      await openOutput('${at('other')}').catch((error) => console.log(error.message));`;
    const words = ['--reuid', String(STRANGER), '--clear-groups', process.execPath, '--input-type=module-typescript'];
    const said = execFileSync('setpriv', [...words, '-e', script], { encoding: 'utf8' });
    expect(said).to.equal(`write ${at('other')}: permission denied\n`);
    expect(fs.readFileSync(at('mine'), 'utf8')).to.equal('new');
  });

  it('refuses folders, disks, sockets and what is not there', async () => {
    expect(await failure(folder)).to.match(/: is a directory$/);
    expect(await failure(at('no/file'))).to.match(/: no such file or directory$/);
    expect(await failure(''), 'an empty variable').to.match(/write '': no such file or directory$/);
    execFileSync('mknod', [at('disk'), 'b', '7', '250']);
    expect(await failure(at('disk'))).to.match(/: is a disk$/);
  });

  describe('in a folder that everybody may write to', () => {
    beforeEach(() => {
      fs.chmodSync(folder, 0o1777);
      fs.writeFileSync(at('precious'), 'old');
    });

    it('follows links of root and the caller, no others', async () => {
      fs.symlinkSync('precious', at('link'));
      await put(at('link'), 'by a link of root');
      expect(fs.readFileSync(at('precious'), 'utf8')).to.equal('by a link of root');
      fs.lchownSync(at('link'), STRANGER, STRANGER);
      expect(await failure(at('link'))).to.match(
        /is a link of user 12345, which is not followed there; name its target/,
      );
      expect(fs.readFileSync(at('precious'), 'utf8')).to.equal('by a link of root');
      await put(at('link'), 'by a link of the caller', { uid: STRANGER, gid: STRANGER });
      expect(fs.readFileSync(at('precious'), 'utf8')).to.equal('by a link of the caller');
    });

    it('takes a file of a stranger over, and leaves other names of a file alone', async () => {
      fs.writeFileSync(at('planted'), 'old');
      fs.chmodSync(at('planted'), 0o666);
      fs.chownSync(at('planted'), STRANGER, STRANGER);
      await put(at('planted'), 'new');
      expect([modeOf(at('planted')), fs.statSync(at('planted')).uid]).to.deep.equal(['644', 0]);
      fs.linkSync(at('precious'), at('name'));
      await put(at('name'), 'new');
      expect(fs.readFileSync(at('precious'), 'utf8')).to.equal('old');
    });

    it('writes to no pipe of a stranger', async () => {
      execFileSync('mkfifo', [at('pipe')]);
      fs.chownSync(at('pipe'), STRANGER, STRANGER);
      expect(await failure(at('pipe'))).to.match(/is a pipe of user 12345/);
    });
  });

  it('writes to a pipe with a reader, and does not wait for one', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(await failure(at('pipe'))).to.match(/: nothing reads from it$/);
    const reader = spawn('cat', [at('pipe')]);
    // The reader waits in open() until a writer comes; its own output is the event that it has read.
    const read = new Promise<number>((resolve) => {
      let bytes = 0;
      reader.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
      reader.once('close', () => resolve(bytes));
    });
    const holder = fs.openSync(at('pipe'), 'w');
    const output = await openOutput(at('pipe'));
    fs.closeSync(holder);
    // More than a pipe holds.
    await output.write('x'.repeat(1_000_000));
    expect(await read).to.equal(1_000_000);
  });

  it('says that a device is full', async () => {
    expect(await failure('/dev/full')).to.equal('Error: write /dev/full: no space left on device');
    expect(await failure('/dev/null')).to.equal('none');
  });
});

describe('openOutput() of descriptors', () => {
  const script = (
    file: string,
  ) => `import { openOutput } from '${path.resolve(import.meta.dirname, '../../src/io/output-file.ts')}';
    await (await openOutput('${file}')).write('text').catch((error) => console.log(error.message));`;

  const words = ['--input-type=module-typescript', '-e'];

  it('writes to those that the caller has opened, also by other names', () => {
    const log = path.join(fs.mkdtempSync(path.join(tmpdir(), 'output-')), 'log');
    for (const [file, redirection] of [
      ['-', '>>'],
      ['/dev/stdout', '>>'],
      ['/dev/../dev/stderr', '2>>'],
      ['/dev/fd/7', '7>>'],
      ['/proc/self/fd/7', '7>>'],
    ] as const) {
      fs.writeFileSync(log, 'before ');
      execFileSync('bash', ['-c', `"$0" "$@" ${redirection} ${log}`, process.execPath, ...words, script(file)]);
      expect(fs.readFileSync(log, 'utf8'), file).to.equal('before text');
    }
    fs.rmSync(path.dirname(log), { recursive: true });
  });

  it('says that one is not open, and that its reader has gone', () => {
    const said = (file: string, shell: string) =>
      execFileSync('bash', ['-c', shell, process.execPath, ...words, script(file)], { encoding: 'utf8' });
    expect(said('/dev/fd/99', '"$0" "$@"')).to.equal('write /dev/fd/99: is not open for that\n');
    // The reader has ended before the writer begins.
    const gone = said('/dev/fd/7', 'exec 7> >(:); wait $!; exec "$0" "$@"');
    expect(gone).to.equal('write /dev/fd/7: nothing reads from it any more\n');
  });
});
