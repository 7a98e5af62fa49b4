// SPDX-License-Identifier: Apache-2.0
// YAML as kubectl reads it: version 1.1, in which `yes` is a boolean and a date is no text. Integers are exact. The library is
// loaded when it is first needed, because most commands that only read JSON should not wait for it.

/** Every document of a text, as plain values; integers that a double cannot hold are bigint. Throws an Error with line and column. */
export async function parseYaml(text: string): Promise<readonly unknown[]> {
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments(text, { version: '1.1', intAsBigInt: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    // The parser shows the place in lines of their own; the first one is a sentence with line and column.
    if (error !== undefined) throw new Error((error.message.split('\n')[0] ?? '').replace(/:$/, ''));
    return narrowed(document.toJS());
  });
}

/** Integers that a number holds exactly, as numbers. */
function narrowed(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(narrowed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, narrowed(member)]));
}

/** The text of one document. What YAML 1.1 would not read as a text is quoted. */
export async function printYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
