// SPDX-License-Identifier: Apache-2.0
// The lines of the log, beside those of the manual.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { LogOptions, LogTarget } from '../../src/io/log.ts';
import { createLog } from '../../src/io/log.ts';

const time = new Date('2021-11-11T15:13:16.942Z');

function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: createLog({ stream, pid: 1, now: () => time, ...options }) };
}

describe('createLog()', () => {
  it('writes lines as klog does, with the place that called it', () => {
    const { lines, log } = logged();
    log.info('Set logging verbosity to 1');
    expect(lines.join('')).to.match(
      /^I1111 15:13:16\.942000 {7}1 log\.test\.ts:\d+\] {2}"msg"="Set logging verbosity to 1"\n$/,
    );
  });

  it('names the component, and puts two blanks before the values', () => {
    const { lines, log } = logged();
    log.named('log-enricher').info('audit', { container: 'redis', pid: 1847839, executable: '/usr/"x"' });
    expect(lines[0]?.replace(/\S+\]/, ']')).to.equal(
      'I1111 15:13:16.942000       1 ] log-enricher "msg"="audit"  "container"="redis" "pid"=1847839 "executable"="/usr/\\"x\\""\n',
    );
  });

  it('writes an error with its causes, on a line of severity E', () => {
    const { lines, log } = logged();
    log.error('pass failed', { error: new Error('write a.json', { cause: new Error('no space left') }) });
    expect(lines[0]).to.match(/^E.*"msg"="pass failed" {2}"error"="write a\.json: no space left"\n$/);
  });

  it('writes debug lines only with verbosity 1', () => {
    const quiet = logged();
    const talkative = logged({ verbosity: 1 });
    quiet.log.debug('x');
    talkative.log.debug('x');
    expect([quiet.lines.length, talkative.lines.length]).to.deep.equal([0, 1]);
  });

  it('writes JSON when asked to, a line per entry', () => {
    const { lines, log } = logged({ json: true });
    log.named('setup').warn('two\nlines', { n: 18446744073709551615n });
    const text = lines.join('');
    expect(text.endsWith('\n')).to.equal(true);
    expect(text).to.include('"n":18446744073709551615');
    expect(JSON.parse(text)).to.include({
      level: 'warn',
      logger: 'setup',
      msg: 'two\nlines',
      time: time.toISOString(),
    });
  });

  it('counts the lines that a broken stream did not take, and says so when it takes one again', () => {
    let isBroken = false;
    const lines: string[] = [];
    const stream: LogTarget = {
      write(line, done) {
        if (!isBroken) lines.push(line);
        done(isBroken ? new Error('EPIPE') : null);
      },
      on: () => undefined,
    };
    const broken = createLog({ stream, pid: 1, now: () => time });
    broken.info('one');
    isBroken = true;
    broken.info('two');
    broken.info('three');
    isBroken = false;
    broken.info('four');
    expect(lines.map((line) => /"msg"="[^"]*".*/.exec(line)?.[0])).to.deep.equal([
      '"msg"="one"',
      '"msg"="four"',
      '"msg"="log lines were lost: nobody read them"  "lines"=2',
    ]);
  });

  it('does not end its process when the reader of its lines goes away', async function () {
    this.timeout(120_000);
    const log = new URL('../../src/io/log.ts', import.meta.url).href;
    const program = `
      const { createLog } = await import(${JSON.stringify(log)});
      const log = createLog({ stream: process.stdout });
      let left = Infinity;
      const timer = setInterval(() => {
        log.info('still here');
        if ((left -= 1) === 0) clearInterval(timer);
      }, 1);
      process.stdin.once('data', () => {
        left = 20;
        process.stdin.destroy();
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
    const said: string[] = [];
    createInterface(child.stderr).on('line', (line) => said.push(line));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write('gone\n');
    await once(child, 'close');
    expect({ status: child.exitCode, said }).to.deep.equal({ status: 0, said: [] });
  });
});
