// SPDX-License-Identifier: Apache-2.0
// Last phase: TypeScript types. json-schema-to-typescript does the printing; a shared part with a title becomes a file
// of its own that is imported. All properties and arrays are made readonly afterwards, because objects of the API are
// values here.
import { posix } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import type { JSONSchema } from 'json-schema-to-typescript';
import ts from 'typescript';
import { banner, fileStem } from './outputs.ts';
import { DEFINITION } from './resolve.ts';
import { isIntOrString } from './schema.ts';
import type { Definition, Resource, Schema } from './schema.ts';

const FOLDER = 'src/gen/crd';
const OBJECT_META = 'schemas/defs/object-meta.json';

/** The file with the types of a kind: its path in the tree and its text. */
export async function printKindTypes(resource: Resource): Promise<readonly [path: string, text: string]> {
  const { group, version, kind } = resource.names;
  const { required = [], properties = {}, ...rest } = resource.schema;
  const whole: Schema = {
    ...rest,
    title: kind,
    required: ['apiVersion', 'kind', 'metadata', ...required],
    properties: {
      apiVersion: { type: 'string', enum: [`${group}/${version}`], description: 'Group and version of the kind.' },
      kind: { type: 'string', enum: [kind], description: 'Name of the kind.' },
      metadata: {
        title: 'ObjectMeta',
        description: 'Name and other metadata of the object.',
        [DEFINITION]: OBJECT_META,
      },
      ...properties,
    },
  };
  return [`${FOLDER}/${fileStem(resource.source)}.ts`, await printModule(resource.source, kind, whole, `${FOLDER}/`)];
}

/** The file with the type of a shared part: its path in the tree and its text. */
export async function printDefinitionTypes(part: Definition): Promise<readonly [path: string, text: string]> {
  const title = part.schema.title ?? '';
  return [
    `${FOLDER}/defs/${fileStem(part.source)}.ts`,
    await printModule(part.source, title, part.schema, `${FOLDER}/defs/`),
  ];
}

async function printModule(source: string, title: string, schema: Schema, folder: string): Promise<string> {
  const imports = new Map<string, string>();
  const note = (name: string, definition: string): void => {
    const file = posix.relative(folder, `${FOLDER}/defs/${fileStem(definition)}.ts`);
    imports.set(name, file.startsWith('.') ? file : `./${file}`);
  };
  const text = await printType(title, schema, note);
  const lines = [...imports].sort().map(([name, file]) => `import type { ${name} } from '${file}';\n`);
  const head = lines.length === 0 ? '' : `${lines.join('')}\n`;
  return `${banner(source)}\n${head}${makeReadonly(text)}`;
}

type NoteImport = (name: string, definition: string) => void;

async function printType(title: string, schema: Schema, note: NoteImport): Promise<string> {
  if (isIntOrString(schema)) {
    return `/**\n * ${schema.description ?? ''}\n */\nexport type ${title} = ${scalarType(schema)};\n`;
  }
  return compile(typeSchema(schema, note), title, {
    additionalProperties: false,
    bannerComment: '',
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
}

/**
 * The schema as json-schema-to-typescript should see it: imports in place of shared parts, and no limits, which a type
 * cannot say.
 */
function typeSchema(node: Schema, note: NoteImport): JSONSchema {
  const description = node.description === undefined ? {} : { description: node.description };
  const inner = typeOfProperty(note);
  if (node.enum !== undefined) {
    return { ...titled(node), ...description, type: node.type ?? 'string', enum: [...node.enum] as string[] };
  }
  if (node.type === 'array') return { ...description, type: 'array', items: inner(node.items ?? {}) };
  if (node.type !== 'object') return { ...description, type: scalarSchemaType(node) };
  return {
    ...titled(node),
    ...description,
    type: 'object',
    properties: Object.fromEntries(Object.entries(node.properties ?? {}).map(([name, value]) => [name, inner(value)])),
    required: [...(node.required ?? [])],
    additionalProperties: node.additionalProperties === undefined ? preserves(node) : inner(node.additionalProperties),
  };
}

function typeOfProperty(note: NoteImport): (node: Schema) => JSONSchema {
  return (node) => {
    const description = node.description === undefined ? {} : { description: node.description };
    const definition = node[DEFINITION];
    if (definition !== undefined && node.title !== undefined) {
      note(node.title, definition);
      return { ...description, tsType: node.title };
    }
    const hasOwnType = isIntOrString(node) || node['x-spo-ts-type'] !== undefined;
    return hasOwnType ? { ...description, tsType: scalarType(node) } : typeSchema(node, note);
  };
}

function titled(node: Schema): { title?: string } {
  return node.title === undefined ? {} : { title: node.title };
}

function preserves(node: Schema): boolean {
  return node['x-kubernetes-preserve-unknown-fields'] === true;
}

function scalarType(node: Schema): string {
  return node['x-spo-ts-type'] ?? 'number | string';
}

function scalarSchemaType(node: Schema): NonNullable<JSONSchema['type']> {
  const type = node.type ?? 'any';
  return node.nullable === true && type !== 'any' ? [type, 'null'] : type;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * Puts readonly before every property, index signature and array type. Where two begin at one place, the outer one
 * comes first.
 */
function makeReadonly(text: string): string {
  const file = ts.createSourceFile('types.ts', text, ts.ScriptTarget.Latest, true);
  const insertions: Insertion[] = [];
  const visit = (node: ts.Node): void => {
    insertions.push(...readonlyBefore(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return insertions
    .reverse()
    .sort((a, b) => b.at - a.at)
    .reduce((out, { at, text: inserted }) => out.slice(0, at) + inserted + out.slice(at), text);
}

/** A list of lists needs parentheses: readonly is said once for a whole array type otherwise. */
function readonlyBefore(node: ts.Node, file: ts.SourceFile): readonly Insertion[] {
  const at = node.getStart(file);
  if (ts.isPropertySignature(node) || ts.isIndexSignatureDeclaration(node)) return [{ at, text: 'readonly ' }];
  if (!ts.isArrayTypeNode(node)) return [];
  if (!ts.isArrayTypeNode(node.parent)) return [{ at, text: 'readonly ' }];
  return [
    { at: node.end, text: ')' },
    { at, text: '(readonly ' },
  ];
}
