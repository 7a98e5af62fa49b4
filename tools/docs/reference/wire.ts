// SPDX-License-Identifier: Apache-2.0
// The page about the messages between our processes and the compiled programs, from the schemas of the wire.
import type { Field, FieldShape, Message, Protocol } from '../../gen/wire-read.ts';
import { code, printedPage, table } from './table.ts';

function shapeText(shape: FieldShape): string {
  switch (shape.kind) {
    case 'string':
      return `text of at most ${String(shape.maxLength)} bytes`;
    case 'choice':
      return `one of ${shape.values.map(code).join(', ')}`;
    case 'uint64':
      return 'integer of 64 bits, as text';
    case 'integer':
      return `integer, ${String(shape.minimum)} to ${String(shape.maximum)}`;
    case 'boolean':
      return 'boolean';
    case 'integers':
      return `at most ${String(shape.maxItems)} integers, ${String(shape.minimum)} to ${String(shape.maximum)}`;
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function fieldRow({ name, description, shape }: Field): readonly string[] {
  return [code(name), shapeText(shape), description];
}

function messages(title: string, list: readonly Message[]): readonly string[] {
  if (list.length === 0) return [];
  return [
    `### ${title}`,
    ...list.flatMap(({ name, description, fields }) => [
      `**${code(name)}**: ${description}`,
      table(['field', 'form', 'meaning'], fields.map(fieldRow)),
    ]),
  ];
}

/** The page by its path. */
export function wirePage(protocols: readonly Protocol[]): ReadonlyMap<string, string> {
  const page = printedPage('schemas/wire', [
    '# Messages of the compiled programs',
    'JSON objects, one a line: commands go down on file descriptor 3, events come up on 4. Every field is there in every message, and both sides refuse what they do not know. The first event of a program holds the hash of its schema, so that a program of another version is refused.',
    ...protocols.flatMap((protocol) => [
      `## ${protocol.name}`,
      protocol.description,
      ...messages('Events of the program', protocol.events),
      ...messages('Commands to it', protocol.commands),
    ]),
  ]);
  return new Map([['docs/reference/wire.md', page]]);
}
