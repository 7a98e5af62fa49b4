// SPDX-License-Identifier: Apache-2.0
// Conversations with programs that misbehave: each ends in one clear sentence, and none hangs.
import { expect } from 'chai';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { converse } from '../../src/io/native/conversation.ts';
import type { Conversation } from '../../src/io/native/conversation.ts';
import { startProgram } from './started-program.ts';

interface Said {
  readonly type: string;
  readonly text?: string;
}

describe('converse()', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'converse-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function talk(script: string, signal = new AbortController().signal): Conversation<Said, string> {
    const program = path.join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    return talkWith(program, signal);
  }

  function talkWith(program: string, signal = new AbortController().signal): Conversation<Said, string> {
    const language = {
      protocol: 'ours',
      parse: (line: string) => JSON.parse(line) as Said,
      print: (command: string) => `${command}\n`,
      isLast: ({ type }: Said) => type === 'last',
    };
    return converse(language, startProgram(program, { argv: [], env: process.env, cwd: '/' }, signal));
  }

  async function endOf({ events }: Conversation<Said, string>): Promise<{ types: string[]; error: unknown }> {
    const types: string[] = [];
    try {
      for await (const { type } of events) types.push(type);
    } catch (error) {
      return { types, error };
    }
    return { types, error: undefined };
  }

  async function faultOf(conversation: Conversation<Said, string>): Promise<string> {
    const { error } = await endOf(conversation);
    return error instanceof Error ? error.message : String(error);
  }

  const hello = `echo '{"type":"hello","protocol":"ours"}' >&4`;

  it('says that a program is missing, with the cause', async () => {
    const { error } = await endOf(talkWith('/nowhere/program'));
    expect(error).to.be.an('error').with.property('message', 'start /nowhere/program: spawn /nowhere/program ENOENT');
    expect(error).to.have.nested.property('cause.code', 'ENOENT');
  });

  it('says that a program speaks another protocol, and tells it nothing', async () => {
    const told = path.join(folder, 'told');
    const theirs = `trap '' TERM; echo '{"type":"hello","protocol":"theirs"}' >&4; cat <&3 >${told}.part; mv ${told}.part ${told}`;
    const conversation = talk(theirs);
    conversation.send('secret');
    expect(await faultOf(conversation)).to.equal(
      `${folder}/program speaks protocol theirs and we speak ours: run npm run build:native`,
    );
    while (!existsSync(told)) await sleep(10);
    expect(readFileSync(told, 'utf8')).to.equal('');
  });

  it('says how a program ended that had not finished', async () => {
    expect(await faultOf(talk(`${hello}; exit 3`))).to.equal(
      `${folder}/program ended with status 3 before it had finished`,
    );
    expect(await faultOf(talk(`${hello}; kill -KILL $$`))).to.equal(
      `${folder}/program was ended by SIGKILL before it had finished`,
    );
    expect(await faultOf(talk('exit 0'))).to.equal(`${folder}/program ended with status 0 before it had finished`);
  });

  it('holds commands back until hello, and keeps their order', async () => {
    const echo = `read a <&3; read b <&3; echo "{\\"type\\":\\"$a\\"}" >&4; echo "{\\"type\\":\\"$b\\"}" >&4; echo '{"type":"last"}' >&4`;
    const conversation = talk(`sleep 0.05; ${hello}; ${echo}`);
    conversation.send('first');
    conversation.send('second');
    expect(await endOf(conversation)).to.deep.equal({ types: ['first', 'second', 'last'], error: undefined });
  });

  it('gives whole lines, however they are cut', async () => {
    const cut = `printf '{"type":' >&4; sleep 0.05; printf '"one"}\\n{"type":"la' >&4; sleep 0.05; printf 'st"}\\n' >&4`;
    expect((await endOf(talk(`${hello}; ${cut}`))).types).to.deep.equal(['one', 'last']);
  });

  it('throws what the parser throws, and ends a program that talks nonsense', async () => {
    const ended = path.join(folder, 'ended');
    const script = `trap 'touch ${ended}; exit' TERM; ${hello}; echo nonsense >&4; while :; do sleep 0.02; done`;
    expect(await faultOf(talk(script))).to.match(/JSON/);
    while (!existsSync(ended)) await sleep(10);
  });

  it('ends the program when it is aborted, with the reason of the signal', async () => {
    const stop = new AbortController();
    const conversation = talk(`${hello}; exec sleep 60`, stop.signal);
    const reason = new Error('enough');
    setTimeout(() => {
      stop.abort(reason);
    }, 50);
    expect((await endOf(conversation)).error).to.equal(reason);
    expect(() => talk('exit 0', stop.signal)).to.throw('enough');
  });

  it('closes the way down when nobody follows the events any more', async () => {
    const conversation = talk(`${hello}; echo '{"type":"one"}' >&4; cat <&3; exit 0`);
    for await (const { type } of conversation.events) {
      expect(type).to.equal('one');
      break;
    }
    conversation.send('into the void');
  });
});
