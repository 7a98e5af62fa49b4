// SPDX-License-Identifier: Apache-2.0
// Prints the TypeScript side of a protocol: an interface per message, the two unions, a parser for events and one
// printer for commands.
import { banner } from './outputs.ts';
import type { Field, FieldShape, Message, Protocol } from './wire-read.ts';

/** The TypeScript file of a protocol: its path in the tree and its text. */
export function printWireTypes(protocol: Protocol): readonly [path: string, text: string] {
  const { name, source, version, events, commands } = protocol;
  const Name = name.split('-').map(capital).join('');
  const parts = [
    `${banner(source)}// ${protocol.description}\n`,
    `import { parseLine, printLine, type Rules } from './frame.ts';\n`,
    `/** What the event hello must carry: the first 12 hexadecimal digits of the schema's hash. */`,
    `export const ${name.toUpperCase().replaceAll('-', '_')}_PROTOCOL = '${version}';\n`,
    ...[...events, ...commands].map((message) => printInterface(Name, message)),
    printUnion(`${Name}Event`, `Everything that comes up from the ${name}.`, Name, events),
    printUnion(`${Name}Command`, `Everything that goes down to the ${name}.`, Name, commands),
    printRules('EVENTS', events),
    printRules('COMMANDS', commands),
    printFunctions(name, Name),
  ];
  return [`src/gen/wire/${name}.ts`, parts.join('\n')];
}

/** The file that the protocols share: its path in the tree and its text, from that of tools/gen/wire-frame.ts. */
export function printWireFrame(text: string): readonly [path: string, text: string] {
  const [, ...rest] = text.split('\n');
  return ['src/gen/wire/frame.ts', banner('tools/gen/wire-frame.ts') + rest.join('\n')];
}

function printInterface(Name: string, message: Message): string {
  const fields = message.fields.map(
    (field) => `  /** ${field.description} */\n  readonly ${field.name}: ${typeOf(field.shape)};\n`,
  );
  return `/** ${message.description} */
export interface ${Name}${capital(message.name)} {
  readonly type: '${message.name}';
${fields.join('')}}
`;
}

function printUnion(union: string, description: string, Name: string, messages: readonly Message[]): string {
  const members = messages.map((message) => `\n  | ${Name}${capital(message.name)}`);
  return `/** ${description} */\nexport type ${union} =${members.join('')};\n`;
}

function printRules(constant: string, messages: readonly Message[]): string {
  const lines = messages.map(
    ({ name, fields }) => `  ${name}: {${fields.map(printRule).join('')}${fields.length > 0 ? '\n  ' : ''}},\n`,
  );
  return `const ${constant}: Rules = {\n${lines.join('')}};\n`;
}

function printRule({ name, shape }: Field): string {
  const items = Object.entries<string | number | readonly string[]>(shape)
    .filter(([key]) => key !== 'name')
    .map(([key, value]) => `${key}: ${printValue(value)}`);
  return `\n    ${name}: { ${items.join(', ')} },`;
}

function printValue(value: string | number | readonly string[]): string {
  if (typeof value === 'object') return `[${value.map((item) => `'${item}'`).join(', ')}]`;
  return typeof value === 'number' ? String(value) : `'${value}'`;
}

function printFunctions(name: string, Name: string): string {
  return `/**
 * The event of a line that came up from the ${name}.
 * @throws SyntaxError that names the message and the field, when the line is no event.
 */
export function parse${Name}Event(line: string): ${Name}Event {
  return parseLine('${name}', line, EVENTS) as unknown as ${Name}Event;
}

/**
 * The line, with its end, of a command that goes down to the ${name}.
 * @throws RangeError that names the message and the field, when a value is outside of its bounds.
 */
export function print${Name}Command(command: ${Name}Command): string {
  return printLine('${name}', { ...command }, COMMANDS);
}
`;
}

function typeOf(shape: FieldShape): string {
  switch (shape.kind) {
    case 'string':
      return 'string';
    case 'choice':
      return shape.values.map((value) => `'${value}'`).join(' | ');
    case 'uint64':
      return 'bigint';
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'integers':
      return 'readonly number[]';
  }
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
