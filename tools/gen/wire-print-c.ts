// SPDX-License-Identifier: Apache-2.0
// Prints the C side of a protocol: a structure per message, an emitter per event, the tables that
// native/bpf/src/program/wire_parse.c reads commands with. C never spells a key by hand.
import type { Field, Message, Protocol } from './wire-read.ts';

/** The C header of a protocol: its path in the tree and its text. */
export function printWireHeader(protocol: Protocol): readonly [path: string, text: string] {
  const { source, version, events, commands } = protocol;
  const name = protocol.name.replaceAll('-', '_');
  const prefix = name.toUpperCase();
  const parts = [
    `/* Generated from ${source} by npm run gen. Do not edit. */`,
    `/* SPDX-License-Identifier: Apache-2.0 */`,
    `/* ${protocol.description} */`,
    `#pragma once\n\n#include <stddef.h>\n\n#include "program/wire.h"\n`,
    `#define ${prefix}_PROTOCOL "${version}"\n`,
    ...choicesOf(protocol).map((choice) => printChoice(name, choice)),
    ...commands.map((message) => printStruct(name, message)),
    printCommandUnion(name, commands),
    ...events.map((message) => printEmitter(name, message)),
    ...commands.map((message) => printCommandEmitter(name, message)),
    ...commands.map((message) => printFieldTable(name, message)),
    printParser(name, commands),
    printEcho(name, commands),
    printSamples(name, events),
    printSelfTest(name),
  ];
  return [`native/bpf/gen/${name}_wire.h`, parts.filter((part) => part !== '').join('\n')];
}

interface Choice {
  readonly name: string;
  readonly values: readonly string[];
}

function choicesOf({ events, commands }: Protocol): readonly Choice[] {
  const found = new Map<string, Choice>();
  for (const { shape } of [...events, ...commands].flatMap(({ fields }) => fields))
    if (shape.kind === 'choice') found.set(shape.name, shape);
  return [...found.values()];
}

function printChoice(name: string, choice: Choice): string {
  const type = `${name}_${snake(choice.name)}`;
  const members = choice.values.map((value) => `\t${upper(type)}_${value.toUpperCase()},\n`);
  const words = choice.values.map((value) => `\t"${value}",\n`);
  return `enum ${type} {\n${members.join('')}};\n
static const char *const ${type}_words[] __attribute__((unused)) = {\n${words.join('')}\tNULL,\n};\n`;
}

function printStruct(name: string, { name: message, description, fields }: Message): string {
  if (fields.length === 0) return `/* ${description} The message ${message} has no fields. */\n`;
  const members = fields.map((field) => `${printMember(name, field)} /* ${field.description} */\n`);
  return `/* ${description} */\nstruct ${name}_${snake(message)} {\n${members.join('')}};\n`;
}

function printMember(name: string, { name: field, shape }: Field): string {
  const member = snake(field);
  switch (shape.kind) {
    case 'string':
      return `\tchar ${member}[${shape.maxLength + 1}];`;
    case 'choice':
      return `\tenum ${name}_${snake(shape.name)} ${member};`;
    case 'uint64':
      return `\tuint64_t ${member};`;
    case 'integer':
      return `\tint64_t ${member};`;
    case 'boolean':
      return `\tbool ${member};`;
    case 'integers':
      return `\tsize_t ${member}_count;\n\tint64_t ${member}[${shape.maxItems}];`;
  }
}

function printCommandUnion(name: string, commands: readonly Message[]): string {
  const types = commands.map((message) => `\t${upper(name)}_${upper(message.name)},\n`);
  const members = commands
    .filter(({ fields }) => fields.length > 0)
    .map(({ name: message }) => `\t\tstruct ${name}_${snake(message)} ${snake(message)};\n`);
  return `enum ${name}_command_type {\n${types.join('')}};\n
struct ${name}_command {
\tenum ${name}_command_type type;
\tunion {\n${members.join('')}\t};\n};\n`;
}

function printEmitter(name: string, { name: message, description, fields }: Message): string {
  const parameters = fields.map((field) => `,\n\t\t${parameterOf(name, field)}`);
  const puts = fields.map((field) => `\t${putOf(name, field, snake(field.name), `${snake(field.name)}_count`)}\n`);
  return `/* ${description} */
static inline void ${name}_emit_${snake(message)}(struct wire_writer *out${parameters.join('')})
{
\twire_begin(out, "${message}");
${puts.join('')}\twire_end(out);
}\n`;
}

function parameterOf(name: string, { name: field, shape }: Field): string {
  const parameter = snake(field);
  switch (shape.kind) {
    case 'string':
      return `const char *${parameter}`;
    case 'choice':
      return `enum ${name}_${snake(shape.name)} ${parameter}`;
    case 'uint64':
      return `uint64_t ${parameter}`;
    case 'integer':
      return `int64_t ${parameter}`;
    case 'boolean':
      return `bool ${parameter}`;
    case 'integers':
      return `const int64_t *${parameter}, size_t ${parameter}_count`;
  }
}

function putOf(name: string, { name: key, shape }: Field, value: string, count: string): string {
  switch (shape.kind) {
    case 'string':
      return `wire_put_string(out, "${key}", ${value});`;
    case 'choice':
      return `wire_put_string(out, "${key}", ${name}_${snake(shape.name)}_words[${value}]);`;
    case 'uint64':
      return `wire_put_uint64(out, "${key}", ${value});`;
    case 'integer':
      return `wire_put_integer(out, "${key}", ${value});`;
    case 'boolean':
      return `wire_put_boolean(out, "${key}", ${value});`;
    case 'integers':
      return `wire_put_integers(out, "${key}", ${value}, ${count});`;
  }
}

function printCommandEmitter(name: string, { name: message, fields }: Message): string {
  if (fields.length === 0) return '';
  const puts = fields.map((field) => {
    const member = `message->${snake(field.name)}`;
    return `\t${putOf(name, field, member, `${member}_count`)}\n`;
  });
  return `static inline void ${name}_echo_${snake(message)}(struct wire_writer *out,
\t\tconst struct ${name}_${snake(message)} *message)
{
\twire_begin(out, "${message}");
${puts.join('')}\twire_end(out);
}\n`;
}

function printFieldTable(name: string, { name: message, fields }: Message): string {
  if (fields.length === 0) return '';
  const struct = `struct ${name}_${snake(message)}`;
  const rows = fields.map((field) => `\t{ ${rowOf(name, struct, field).join(', ')} },\n`);
  return `static const struct wire_field ${name}_${snake(message)}_fields[] = {\n${rows.join('')}};\n`;
}

function rowOf(name: string, struct: string, { name: key, shape }: Field): readonly string[] {
  const member = snake(key);
  const common = [
    `.key = "${key}"`,
    `.kind = WIRE_${shape.kind.toUpperCase()}`,
    `.offset = offsetof(${struct}, ${member})`,
  ];
  switch (shape.kind) {
    case 'string':
      return [...common, `.capacity = ${shape.maxLength}`];
    case 'choice':
      return [...common, `.words = ${name}_${snake(shape.name)}_words`];
    case 'uint64':
    case 'boolean':
      return common;
    case 'integer':
      return [...common, ...bounds(shape)];
    case 'integers':
      return [
        ...common,
        `.count_offset = offsetof(${struct}, ${member}_count)`,
        `.capacity = ${shape.maxItems}`,
        ...bounds(shape),
      ];
  }
}

function bounds({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }): readonly string[] {
  return [`.minimum = ${minimum}LL`, `.maximum = ${maximum}LL`];
}

function printParser(name: string, commands: readonly Message[]): string {
  const rows = commands.map(({ name: message, fields }) => {
    if (fields.length === 0) return `\t{ .name = "${message}" },\n`;
    const member = snake(message);
    return `\t{ .name = "${message}", .fields = ${name}_${snake(message)}_fields, .field_count = ${fields.length},
\t  .offset = offsetof(struct ${name}_command, ${member}), .size = sizeof(struct ${name}_${snake(message)}) },\n`;
  });
  return `static const struct wire_message ${name}_commands[] = {\n${rows.join('')}};\n
/* Reads a line without its end. Returns false and says why in the fault, when the line is no command. */
static inline bool ${name}_parse_command(const char *line, size_t length, struct ${name}_command *command,
\t\tstruct wire_fault *fault)
{
\tint type = wire_parse(line, length, ${name}_commands, ${commands.length}, command, fault);

\tif (type < 0)
\t\treturn false;
\tcommand->type = (enum ${name}_command_type)type;
\treturn true;
}\n`;
}

function printEcho(name: string, commands: readonly Message[]): string {
  const cases = commands.map(({ name: message, fields }) => {
    const body =
      fields.length === 0
        ? `\t\twire_begin(out, "${message}");\n\t\twire_end(out);\n`
        : `\t\t${name}_echo_${snake(message)}(out, &command->${snake(message)});\n`;
    return `\tcase ${upper(name)}_${upper(message)}:\n${body}\t\tbreak;\n`;
  });
  return `/* Writes a command back, for the self-test and the fuzzer. */
static inline void ${name}_echo_command(struct wire_writer *out, const struct ${name}_command *command)
{
\tswitch (command->type) {
${cases.join('')}\t}
}\n`;
}

function printSamples(name: string, events: readonly Message[]): string {
  const calls = events.map(
    ({ name: message, fields }) =>
      `\t${name}_emit_${snake(message)}(out${fields.map((field) => `, ${sampleOf(name, field)}`).join('')});\n`,
  );
  return `/* Writes one of each event, with the values that are the hardest to carry. */
static inline void ${name}_emit_samples(struct wire_writer *out)
{
${calls.join('')}}\n`;
}

function printSelfTest(name: string): string {
  return `/* Writes one of each event, then every command that comes in, as it was understood: for a test that needs no kernel. */
static inline void ${name}_test_self(struct wire_lines *in, struct wire_writer *out)
{
\tstatic struct ${name}_command command;
\tstruct wire_fault fault;
\tconst char *line;
\tsize_t length;

\t${name}_emit_samples(out);
\tdo {
\t\twhile (wire_next_line(in, &line, &length) == WIRE_LINE) {
\t\t\tif (${name}_parse_command(line, length, &command, &fault))
\t\t\t\t${name}_echo_command(out, &command);
\t\t\telse
\t\t\t\t${name}_emit_failed(out, fault.text);
\t\t}
\t} while (wire_fill(in) != WIRE_CLOSED);
}\n`;
}

function sampleOf(name: string, { shape }: Field): string {
  switch (shape.kind) {
    case 'string':
      return `"\\x01\\"\\\\\\x7f\\xc3\\xa9\\xff"`;
    case 'choice':
      return `${upper(name)}_${upper(shape.name)}_${shape.values.at(-1)?.toUpperCase() ?? ''}`;
    case 'uint64':
      return 'UINT64_MAX';
    case 'integer':
      return `${shape.maximum}LL`;
    case 'boolean':
      return 'true';
    case 'integers':
      return `(const int64_t[]){ ${shape.minimum}LL, ${shape.maximum}LL }, 2`;
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function upper(name: string): string {
  return snake(name).toUpperCase();
}
