// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeText, readInput, readTrusted } from '../../src/io/input-file.ts';

const TEXT = '{"comment":"Größe 😀"}';

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('decodeText()', () => {
  it('reads UTF-8 and UTF-16 in both orders, with a byte order mark and without', () => {
    for (const mark of ['', '\ufeff']) {
      const text = mark + TEXT;
      for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), utf16be(text)]) {
        expect(decodeText(bytes)).to.equal(TEXT);
      }
    }
    expect(decodeText(Buffer.alloc(0))).to.equal('');
  });

  it('refuses bytes that are no text, instead of names with replacement characters', () => {
    expect(() => decodeText(Buffer.from([0x61, 0xff, 0x62]))).to.throw('is no text in UTF-8');
    expect(() => decodeText(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))).to.throw('is no text in UTF-16LE');
  });
});

describe('readInput()', () => {
  const failure = async (...args: Parameters<typeof readInput>): Promise<string> =>
    readInput(...args).then(
      () => 'is read',
      (error: unknown) => String(error),
    );

  it('names the file as its user does, whatever is read in its place', async () => {
    expect(await failure('/proc/self/fd', 'web.yaml')).to.equal('Error: read web.yaml: is a directory');
    expect(await failure('')).to.equal("Error: read '': no such file or directory");
  });

  it('gives up on what has no end', async () => {
    expect(await failure('/dev/zero', 'zero', 2 ** 20)).to.equal('Error: read zero: is longer than 1 MiB');
  });
});

describe('readTrusted(), as root', () => {
  const STRANGER = 12345;
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trusted-'));
    file = path.join(folder, 'profile.json');
    writeFileSync(file, TEXT);
    chmodSync(file, 0o644);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const failure = async (caller?: { uid: number; gid: number }): Promise<string> =>
    readTrusted(file, caller).then(
      () => 'is read',
      (error: unknown) => String(error),
    );

  it('reads files of root and of the user behind sudo', async () => {
    expect(await readTrusted(file, undefined)).to.equal(TEXT);
    chownSync(file, STRANGER, STRANGER);
    chmodSync(file, 0o664);
    expect(await readTrusted(file, { uid: STRANGER, gid: STRANGER })).to.equal(TEXT);
  });

  it('refuses files that another user has, or may change', async () => {
    chownSync(file, STRANGER, STRANGER);
    expect(await failure()).to.match(/read .*profile\.json: belongs to user 12345, and root would run under it/);
    expect(await failure({ uid: 7, gid: 7 })).to.match(/belongs to user 12345/);
    chownSync(file, 0, STRANGER);
    expect(await failure(), 'a group that may only read').to.equal('is read');
    for (const mode of [0o664, 0o646]) {
      chmodSync(file, mode);
      expect(await failure(), mode.toString(8)).to.match(/can be changed by other users/);
    }
  });
});
