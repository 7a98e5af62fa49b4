// SPDX-License-Identifier: Apache-2.0
// The blocks of a page that do something: commands in `sh` and `console`, and files that commands read. A comment
// before a block, or before the title for the whole page, says where its commands run:
//
//   <!-- run: machine -->     on this machine, as root, in an empty folder
//   <!-- run: cluster -->     on the lab's cluster, in a folder with manifests/
//   <!-- not run: REASON -->  nowhere, and why
//   <!-- file: NAME -->       the block is the content of a file in that folder
import type { Page } from './page.ts';

/** Where commands run. */
export type Place = 'machine' | 'cluster';

/** A command with the output that the page shows; undefined where it shows none, and the status must be 0. */
export interface Step {
  readonly command: string;
  readonly expected: string | undefined;
}

/** A block that does something, in the order of the page. */
export type Block =
  | { readonly type: 'commands'; readonly line: number; readonly place: Place; readonly steps: readonly Step[] }
  | { readonly type: 'file'; readonly line: number; readonly name: string; readonly content: string }
  | { readonly type: 'skipped'; readonly line: number; readonly reason: string };

interface Directive {
  readonly word: 'run' | 'not run' | 'file';
  readonly value: string;
}

const DIRECTIVE = /^<!--\s*(run|not run|file):\s*(.*?)\s*-->\s*$/s;
const COMMANDS: readonly string[] = ['sh', 'console'];

/** Languages of blocks that show something and do nothing. */
const LANGUAGES: readonly string[] = ['text', 'yaml', 'json', 'ts', 'c'];

/** The commands of a block of console, each with the lines below it. */
function consoleSteps(content: string): readonly Step[] {
  const steps: { command: string; expected: string }[] = [];
  let goesOn = false;
  for (const line of content.split('\n').slice(0, -1)) {
    const last = steps.at(-1);
    if (goesOn && last !== undefined) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: '' });
    else if (last !== undefined) last.expected += `${line}\n`;
    goesOn = (goesOn || line.startsWith('$ ')) && line.endsWith('\\');
  }
  return steps;
}

function placeOf(value: string, at: string): Place {
  if (value === 'machine' || value === 'cluster') return value;
  throw new Error(`${at}: commands run on the machine or the cluster, not on '${value}'`);
}

function blockOf(at: string, line: number, info: string, content: string, directive: Directive): Block {
  const { word, value } = directive;
  if (word === 'file') return { type: 'file', line, name: value, content };
  if (word === 'not run') {
    if (value === '') throw new Error(`${at}: a block that is not run says why`);
    return { type: 'skipped', line, reason: value };
  }
  const steps = info === 'console' ? consoleSteps(content) : [{ command: content, expected: undefined }];
  if (steps.length === 0) throw new Error(`${at}: no line of this block begins with "$ "`);
  return { type: 'commands', line, place: placeOf(value, at), steps };
}

/** Indented code, and fences without a language, may be commands that nobody runs. */
function requireLanguage(at: string, info: string): void {
  if ([...COMMANDS, ...LANGUAGES].includes(info)) return;
  throw new Error(`${at}: fence this block, and name its language: ${[...COMMANDS, ...LANGUAGES].join(', ')}`);
}

/**
 * The blocks of a page.
 *
 * @throws Error that names the block with commands of which nothing says where they run, or one that may have some
 */
export function blocksOf(page: Page): readonly Block[] {
  const blocks: Block[] = [];
  let ofPage: Directive | undefined;
  let next: Directive | undefined;
  let isBeforeTitle = true;
  for (const { type, content, info, map } of page.tokens) {
    const line = (map?.[0] ?? 0) + 1;
    const at = `${page.file}:${String(line)}`;
    const [, word, value = ''] = type === 'html_block' ? (DIRECTIVE.exec(content) ?? []) : [];
    if (word !== undefined) {
      const directive = { word: word as Directive['word'], value };
      if (isBeforeTitle) ofPage = directive;
      else next = directive;
      continue;
    }
    if (type === 'code_block' || (type === 'fence' && next?.word !== 'file')) requireLanguage(at, info);
    if (type === 'fence' && (COMMANDS.includes(info) || next?.word === 'file')) {
      const directive = next ?? ofPage;
      if (directive === undefined) throw new Error(`${at}: no comment says where these commands run, or why not`);
      blocks.push(blockOf(at, line, info, content, directive));
    }
    isBeforeTitle &&= type !== 'heading_open';
    next = undefined;
  }
  return blocks;
}
