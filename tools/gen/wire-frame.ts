// SPDX-License-Identifier: Apache-2.0
// How a message becomes a line and a line a message. Linux paths and names are bytes, JSON is text: every byte from
// 0x80 on travels as \u00XX. npm run gen copies this file beside the messages.

/** The type of a field of a message; the numbers are bounds, lengths count bytes. */
export type FieldRule =
  | { readonly kind: 'string'; readonly maxLength: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'uint64' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integers'; readonly minimum: number; readonly maximum: number; readonly maxItems: number };

/** The fields of every message, by the message's type. */
export type Rules = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

/** A message whose fields fit the rules. */
export type Fitting = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * The message of a line.
 * @throws SyntaxError that names the subject, the message and the field, when the line is no message of the rules.
 */
export function parseLine(subject: string, line: string, rules: Rules): Fitting {
  const value = parseObject(subject, line);
  const type = value['type'];
  const fields = typeof type === 'string' && Object.hasOwn(rules, type) ? rules[type] : undefined;
  if (typeof type !== 'string' || fields === undefined)
    throw new SyntaxError(`${subject}: there is no message ${JSON.stringify(type)}`);
  const at = `${subject}: message ${type}`;
  const surplus = Object.keys(value).find((name) => name !== 'type' && !Object.hasOwn(fields, name));
  if (surplus !== undefined) throw new SyntaxError(`${at} has no field ${JSON.stringify(surplus)}`);
  const entries = Object.entries(fields).map(([name, rule]) => [
    name,
    parseField(`${at}: field ${name}`, value[name], rule),
  ]);
  return { type, ...(Object.fromEntries(entries) as Readonly<Record<string, unknown>>) };
}

/**
 * The line of a message, with its end of line.
 * @throws RangeError that names the subject, the message and the field, when a value is outside of its bounds.
 */
export function printLine(subject: string, message: Fitting, rules: Rules): string {
  const at = `${subject}: message ${message.type}`;
  const fields = Object.entries(rules[message.type] ?? {}).map(
    ([name, rule]) => `,${JSON.stringify(name)}:${printField(`${at}: field ${name}`, message[name], rule)}`,
  );
  return `{"type":${JSON.stringify(message.type)}${fields.join('')}}\n`;
}

function parseObject(subject: string, line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new SyntaxError(`${subject}: the line ${JSON.stringify(line.slice(0, 200))} is no JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError(`${subject}: a message must be an object, not ${JSON.stringify(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

function parseField(at: string, value: unknown, rule: FieldRule): unknown {
  const fault = faultOf(rule.kind === 'uint64' && typeof value === 'string' ? parseUint64(value) : value, rule);
  if (fault !== undefined) throw new SyntaxError(`${at} must be ${fault}, not ${show(value)}`);
  if (rule.kind === 'uint64') return parseUint64(String(value));
  return rule.kind === 'string' ? textOfBytes(at, String(value)) : value;
}

function printField(at: string, value: unknown, rule: FieldRule): string {
  const bytes = rule.kind === 'string' && typeof value === 'string' ? bytesOfText(value) : value;
  const fault = faultOf(bytes, rule);
  if (fault !== undefined) throw new RangeError(`${at} must be ${fault}, not ${show(value)}`);
  if (typeof bytes === 'bigint') return `"${bytes.toString()}"`;
  const text = JSON.stringify(bytes);
  return text.replace(/[\u007f-\u00ff]/g, (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`);
}

/** The fault of a value, as the end of a sentence. Strings are looked at as bytes, a character each. */
function faultOf(value: unknown, rule: FieldRule): string | undefined {
  switch (rule.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'choice':
      return typeof value === 'string' && rule.values.includes(value) ? undefined : `one of ${rule.values.join(', ')}`;
    case 'uint64':
      return typeof value === 'bigint' && value >= 0n && value <= 0xffff_ffff_ffff_ffffn
        ? undefined
        : 'a decimal below 2^64';
    case 'integer':
      return isWithin(value, rule) ? undefined : `a whole number from ${rule.minimum} to ${rule.maximum}`;
    case 'integers': {
      const fits = Array.isArray(value) && value.length <= rule.maxItems && value.every((item) => isWithin(item, rule));
      return fits ? undefined : `at most ${rule.maxItems} whole numbers from ${rule.minimum} to ${rule.maximum}`;
    }
    case 'string': {
      const fits = typeof value === 'string' && value.length <= rule.maxLength && !value.includes('\0');
      return fits ? undefined : `a text of at most ${rule.maxLength} bytes, none of them 0`;
    }
  }
}

function isWithin(
  value: unknown,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum;
}

function parseUint64(text: string): bigint | undefined {
  return /^(0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : undefined;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200);
}

/**
 * UTF-8, a character a byte. A lone surrogate from U+DC80 to U+DCFF is the byte in its low half: so do bytes travel
 * that are no UTF-8.
 */
export function bytesOfText(text: string): string {
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += character;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes += String.fromCharCode(code & 0xff);
    else for (const byte of new TextEncoder().encode(character)) bytes += String.fromCharCode(byte);
  }
  return bytes;
}

/**
 * The inverse of bytesOfText.
 * @throws SyntaxError when a character is no byte.
 */
export function textOfBytes(at: string, text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text;
  const bytes = Uint8Array.from(text, (character) => {
    if (character.length !== 1 || character.charCodeAt(0) > 0xff)
      throw new SyntaxError(`${at} must be bytes, a character each, not ${JSON.stringify(text.slice(0, 200))}`);
    return character.charCodeAt(0);
  });
  return decode(bytes) ?? decodeBroken(bytes);
}

/** Text of bytes that are not all UTF-8. */
function decodeBroken(bytes: Uint8Array): string {
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const first = bytes[index] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const character = decode(bytes.subarray(index, index + length));
    text += character ?? String.fromCharCode(0xdc00 | first);
    index += character === undefined ? 1 : length;
  }
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
