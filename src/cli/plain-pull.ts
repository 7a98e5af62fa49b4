// SPDX-License-Identifier: Apache-2.0
// `spoc pull` as nearly everybody types it, read without commander, which would take a good part of its time. All
// other words are commander's, which knows every option and says what is wrong.
import type { PullRequest } from './pull.ts';

/** A pull of these words; the platform as it was typed, undefined for that of the machine. */
export type PlainPull = Omit<PullRequest, 'platform'> & { readonly platform: string | undefined };

const NAMES = ['pull', 'l'];
const OUTPUT = ['-o', '--output-file'];
const PLATFORM = ['-p', '--platform'];
const KEY = ['-k', '--key'];
const UNSIGNED = ['-s', '--disable-signature-verification'];
const PLAIN_HTTP = '--plain-http';
const CA_FILE = '--ca-file';

/** Options as they are found, one after the other. */
interface Found {
  references: string[];
  outputFile: string | undefined;
  platform: string | undefined;
  caFile: string | undefined;
  keys: string[];
  plainHttp: boolean;
  verify: boolean;
}

/** Notes a switch; false where the word is none. */
function isSwitch(word: string, found: Found): boolean {
  if (UNSIGNED.includes(word)) found.verify = false;
  else if (word === PLAIN_HTTP) found.plainHttp = true;
  else return false;
  return true;
}

/** Notes an option with its value; false where the word is none. */
function isOption(word: string, value: string, found: Found): boolean {
  if (OUTPUT.includes(word)) found.outputFile = value;
  else if (PLATFORM.includes(word)) found.platform = value;
  else if (KEY.includes(word)) found.keys.push(value);
  else if (word === CA_FILE) found.caFile = value;
  else return false;
  return true;
}

/** Undefined where there is a word that is not known here. */
function foundIn(words: readonly string[]): Found | undefined {
  const found: Found = {
    references: [],
    outputFile: undefined,
    platform: undefined,
    caFile: undefined,
    keys: [],
    plainHttp: false,
    verify: true,
  };
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', value = ''] = words.slice(at);
    if (word === '') return undefined;
    if (!word.startsWith('-')) found.references.push(word);
    else if (isSwitch(word, found)) continue;
    else if (value !== '' && isOption(word, value, found)) at += 1;
    else return undefined;
  }
  return found;
}

/** The request of these words; undefined where commander has to read them. */
export function plainPull([name = '', ...rest]: readonly string[]): PlainPull | undefined {
  const found = NAMES.includes(name) ? foundIn(rest) : undefined;
  const [reference, ...others] = found?.references ?? [];
  if (found === undefined || reference === undefined || others.length > 0) return undefined;
  const { outputFile, platform, verify, plainHttp, keys, caFile } = found;
  return {
    reference,
    outputFile,
    platform,
    verify,
    needsRecording: false,
    registry: { plainHttp, ...(caFile === undefined ? {} : { caFile }) },
    signers: keys.length === 0 ? {} : { key: keys },
  };
}
