// SPDX-License-Identifier: Apache-2.0
// Last phase: the shape of each kind as a value, which src/core/validation holds objects against. It is data and not
// code, because code of a validator compiler was fourteen times as long; only rules of several fields are functions,
// translated by cel.ts. A part that kinds share stands once, wherever it occurs word for word.
import { isTransition, toJavaScript } from './cel.ts';
import { isList, printCode } from './code.ts';
import type { Code } from './code.ts';
import { banner, fileStem } from './outputs.ts';
import { constantName } from './print-kinds.ts';
import { isIntOrString } from './schema.ts';
import type { Definition, Resource, ValidationRule, Schema } from './schema.ts';

const FOLDER = 'src/gen/shape';

/** Parts shorter than this are repeated: their name would be as long. */
const SHORTEST_PART = 60;

/** The files with the shapes of all kinds: texts by path. The shape of metadata is that of the given schema. */
export function printShapes(
  resources: readonly Resource[],
  definitions: readonly Definition[],
  metadata: Schema,
): readonly (readonly [path: string, text: string])[] {
  const parts = new Parts(definitions);
  const kinds = resources.map((resource) => printKind(resource, parts, metadata));
  return [
    [`${FOLDER}/shape.ts`, `${banner('tools/gen/print-shapes.ts')}\n${INTERFACES}`],
    ...kinds,
    [`${FOLDER}/parts.ts`, parts.print()],
    [`${FOLDER}/all.ts`, printAll(resources)],
  ];
}

const INTERFACES = `/** A rule of several fields of an object. */
export interface ShapeRule {
  /** The steps from the object to the field that the fault is about; none for the object itself. */
  readonly field?: readonly string[];
  readonly message: string;
  /** Takes a value that fits the shape otherwise. */
  readonly holds: (self: never) => boolean;
}

/** The shape that a value must have. */
export interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string';
  readonly nullable?: true;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  /** In code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** The text of a message in place of the pattern. */
  readonly hint?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Shape;
  /** Whether a list may not repeat an item. */
  readonly unique?: true;
  /** The properties in which the items of a list differ. */
  readonly keys?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  /** Properties without a name here: their shape, true for any; left out where there must be none. */
  readonly others?: Shape | true;
  readonly rules?: readonly ShapeRule[];
}
`;

const NO_CHECK = '// @ts-nocheck The rules take a self that fits the shape, which TypeScript does not know.\n';

function printKind(resource: Resource, parts: Parts, metadata: Schema): readonly [string, string] {
  const { kind } = resource.names;
  const { code, used } = parts.reference(shapeOf(wholeSchema(resource, metadata)));
  const imports = used.length === 0 ? '' : `import { ${used.join(', ')} } from './parts.ts';\n`;
  const text = `${banner(resource.source)}${NO_CHECK}${imports}import type { Shape } from './shape.ts';

/** The shape of a ${kind}. */
export const ${constantName(resource.source)}_SHAPE: Shape = ${printCode(code)};
`;
  return [`${FOLDER}/${fileStem(resource.source)}.ts`, text];
}

function printAll(resources: readonly Resource[]): string {
  const entries = resources.map(({ source, names: { kind } }) => {
    const constant = `${constantName(source)}_SHAPE`;
    return `  ${kind}: async () => (await import('./${fileStem(source)}.ts')).${constant},\n`;
  });
  return `${banner('schemas/crd')}import type { Shape } from './shape.ts';

/** The shapes by kind, loaded when they are asked for. */
export const SHAPES: Readonly<Record<string, () => Promise<Shape>>> = {
${entries.join('')}};
`;
}

/** The shared parts, each found again by what it says. */
class Parts {
  private readonly byText: ReadonlyMap<string, string>;
  private readonly used = new Map<string, Code>();

  constructor(definitions: readonly Definition[]) {
    const texts = definitions.map(
      ({ source, schema }) => [JSON.stringify(shapeOf(schema)), constantName(source)] as const,
    );
    this.byText = new Map(texts.filter(([text]) => text.length >= SHORTEST_PART));
  }

  /** The code with its shared parts named, and their names. */
  reference(code: Code): { readonly code: Code; readonly used: readonly string[] } {
    const used = new Set<string>();
    const named = this.named(code, used);
    return { code: named, used: [...used].sort() };
  }

  /** The file of the parts that were used, inner ones first. */
  print(): string {
    const constants = [...this.used].map(
      ([name, code]) => `\n/** ${name} of schemas/defs. */\nexport const ${name}: Shape = ${printCode(code)};\n`,
    );
    return `${banner('schemas/defs')}${NO_CHECK}import type { Shape } from './shape.ts';\n${constants.join('')}`;
  }

  private named(code: Code, used: Set<string>): Code {
    const name = typeof code === 'string' ? undefined : this.byText.get(JSON.stringify(code));
    if (name === undefined) return this.inside(code, used);
    used.add(name);
    // Its own parts are in the same file and come before it.
    if (!this.used.has(name)) this.used.set(name, this.inside(code, new Set()));
    return name;
  }

  private inside(code: Code, used: Set<string>): Code {
    if (typeof code === 'string') return code;
    if (isList(code)) return code.map((item) => this.named(item, used));
    return Object.fromEntries(Object.entries(code).map(([key, value]) => [key, this.named(value, used)]));
  }
}

function wholeSchema({ names: { group, version, kind }, schema }: Resource, metadata: Schema): Schema {
  return {
    ...schema,
    required: ['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])],
    properties: {
      apiVersion: { type: 'string', enum: [`${group}/${version}`] },
      kind: { type: 'string', enum: [kind] },
      metadata: userMetadata(metadata),
      ...schema.properties,
    },
  };
}

/**
 * The types of the metadata that users write; what is in them is judged in src/core/validation. The rest is the API
 * server's own.
 */
function userMetadata({ properties = {} }: Schema): Schema {
  const written = ['name', 'generateName', 'namespace', 'labels', 'annotations'];
  const kept = Object.entries(properties).filter(([name]) => written.includes(name));
  // Lengths are among what is judged there.
  const plain = kept.map(
    ([name, { maxLength, ...type }]) => [name, maxLength === undefined ? type : { type: 'string' as const }] as const,
  );
  return { type: 'object', properties: Object.fromEntries(plain), 'x-kubernetes-preserve-unknown-fields': true };
}

/** Keywords that a shape has as the schema has them. */
const KEPT = [
  'nullable',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
] as const satisfies readonly (keyof Schema)[];

function shapeOf(node: Schema): Code {
  const { type, items, 'x-spo-hint': hint } = node;
  if (isIntOrString(node))
    return { type: literal('int-or-string'), ...kept(node, ['minimum', 'pattern']), ...optional('hint', hint) };
  const rules = (node['x-kubernetes-validations'] ?? []).filter(({ rule }) => !isTransition(rule));
  return {
    ...optional('type', type),
    ...formatLimits(node.format),
    ...kept(node, KEPT),
    ...optional('hint', hint),
    ...(node['x-kubernetes-list-type'] === 'set' ? { unique: 'true' } : {}),
    ...optional('keys', node['x-kubernetes-list-map-keys']),
    ...(items === undefined ? {} : { items: shapeOf(items) }),
    ...(type === 'object' ? objectShape(node) : {}),
    ...(rules.length === 0 ? {} : { rules: rules.map((rule) => ruleOf(rule, node)) }),
  };
}

function objectShape(node: Schema): Readonly<Record<string, Code>> {
  const properties = Object.entries(node.properties ?? {}).map(([name, inner]) => [name, shapeOf(inner)] as const);
  const isOpen = node['x-kubernetes-preserve-unknown-fields'] === true;
  const others =
    node.additionalProperties === undefined ? (isOpen ? 'true' : undefined) : shapeOf(node.additionalProperties);
  return {
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(others === undefined ? {} : { others }),
  };
}

/** RFC 3339, section 5.6, as the API server reads it. */
const DATE_TIME = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$';

const DATE_TIME_HINT = 'must be a time such as 2026-01-31T12:00:00Z';

/** A format as limits and patterns: JavaScript's numbers are no wider than int64 where they are exact. */
function formatLimits(format: string | undefined): Readonly<Record<string, Code>> {
  if (format === 'int32') return { minimum: literal(-(2 ** 31)), maximum: literal(2 ** 31 - 1) };
  return format === 'date-time' ? { pattern: literal(DATE_TIME), hint: literal(DATE_TIME_HINT) } : {};
}

function ruleOf({ rule, message, fieldPath = '' }: ValidationRule, node: Schema): Code {
  const field = fieldPath.split('.').filter((step) => step !== '');
  return {
    ...(field.length === 0 ? {} : { field: literal(field) }),
    message: literal(message),
    holds: `(self) => ${toJavaScript(rule, node)}`,
  };
}

function kept(node: Schema, keywords: readonly (keyof Schema)[]): Readonly<Record<string, Code>> {
  return Object.fromEntries(keywords.flatMap((keyword) => Object.entries(optional(keyword, node[keyword]))));
}

function optional(key: string, value: unknown): Readonly<Record<string, Code>> {
  return value === undefined ? {} : { [key]: literal(value) };
}

function literal(value: unknown): Code {
  return Array.isArray(value) ? value.map((item: unknown) => literal(item)) : JSON.stringify(value);
}
