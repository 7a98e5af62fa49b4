// SPDX-License-Identifier: Apache-2.0
// Prints literals of TypeScript: on one line where they fit, else a line for each member, so that a change of a
// schema is a small difference in what is generated.

/** A piece of code as it is, a list, or an object. */
export type Code = string | readonly Code[] | { readonly [key: string]: Code };

const WIDTH = 120;

/** Whether code is a list. */
export function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function flat(code: Code): string {
  if (typeof code === 'string') return code;
  if (isList(code)) return `[${code.map(flat).join(', ')}]`;
  const members = Object.entries(code).map(([name, value]) => `${key(name)}: ${flat(value)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** The text of a literal that begins behind `before` characters of a line that is indented by so many spaces. */
export function printCode(code: Code, indent = 0, before = 0): string {
  const line = flat(code);
  if (typeof code === 'string' || indent + before + line.length < WIDTH) return line;
  const space = ' '.repeat(indent + 2);
  const [open, close] = isList(code) ? ['[', ']'] : ['{', '}'];
  const members = isList(code)
    ? code.map((item) => printCode(item, indent + 2))
    : Object.entries(code).map(([name, value]) => `${key(name)}: ${printCode(value, indent + 2, name.length + 2)}`);
  return `${open}\n${members.map((member) => `${space}${member},\n`).join('')}${' '.repeat(indent)}${close}`;
}
