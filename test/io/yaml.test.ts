// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { errorText } from '../../src/core/errors.ts';
import { parseYaml, printYaml } from '../../src/io/yaml.ts';

describe('yaml', () => {
  it('reads as kubectl does: yes is a boolean, octal is octal', async () => {
    expect(await parseYaml('a: yes\nb: 010\nc: "yes"\n')).to.deep.equal([{ a: true, b: 8, c: 'yes' }]);
  });

  it('reads dates and times as the texts that kubectl sends, and octal integers in both spellings', async () => {
    const read = await parseYaml('day: 2026-11-30\nat: 12:30:45\nmode: 0o17\nflags: 0X1F\nlow: -0b101\n');
    expect(read).to.deep.equal([{ day: '2026-11-30', at: '12:30:45', mode: 15, flags: 31, low: -5 }]);
  });

  it('quotes texts that YAML 1.1 would not read as texts', async () => {
    const value = { a: 'yes', b: '2026-01-01', c: 'on', d: '0x1f', e: '1_000', f: 'null' };
    expect(await parseYaml(await printYaml(value))).to.deep.equal([value]);
  });

  it('keeps 64-bit integers', async () => {
    expect(await parseYaml('v: 18446744073709551615\nw: 7\n')).to.deep.equal([{ v: 18446744073709551615n, w: 7 }]);
  });

  it('reads integers of more than 40 digits as kubectl does, as the nearest double', async () => {
    const digits = `1${'0'.repeat(39)}`;
    expect(await parseYaml(`v: ${digits}\nw: ${digits}0\n`)).to.deep.equal([{ v: 10n ** 39n, w: 1e40 }]);
  });

  it('says line and column of an error', async () => {
    const fault = await parseYaml('a: [1,\nb: 2').catch(errorText);
    expect(fault).to.match(/^[^\n]+ at line 2, column \d+$/);
  });

  it('says of a text that is nested too deeply that it is', async () => {
    const text = `a: ${'['.repeat(100_000)}`;
    expect(await parseYaml(text).catch(String)).to.match(/^Error: it is nested too deeply at line 1, column \d+$/);
  });

  it('refuses a bare star, as kubectl does: it is an alias', async () => {
    expect(await parseYaml('image: *\n').catch(String)).to.match(/Error/);
  });
});
