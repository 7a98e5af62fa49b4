// SPDX-License-Identifier: Apache-2.0
// Rules of x-kubernetes-validations as JavaScript, so that a profile on disk is judged by the very rules that the API
// server applies. Only the part of the Common Expression Language that our rules make use of; anything else is refused
// when the code is generated. Fields are looked up in the schema: a misspelt one, or an optional one that is read
// without has(), would fail in the cluster only.
import { child } from './schema.ts';
import type { Schema } from './schema.ts';

/** A rule is not of the part of CEL that can be translated, or names a field that does not exist. */
export class RuleError extends Error {
  constructor(rule: string, fault: string) {
    super(`the rule ${rule}: ${fault}`);
    this.name = 'RuleError';
  }
}

/** Whether a rule compares with the former object. Such a rule says nothing about a single one. */
export function isTransition(rule: string): boolean {
  return tokenize(rule).includes('oldSelf');
}

/**
 * A rule as a JavaScript expression over the variable self, which holds a value that fits the schema.
 * @throws RuleError
 */
export function toJavaScript(rule: string, schema: Schema): string {
  const parser = new Parser(rule, schema);
  return parser.parse();
}

const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*')|([0-9]+)|([A-Za-z_][A-Za-z0-9_]*)|(\|\||&&|==|!=|<=|>=|[-+*/%<>!?:()[\].,]))/y;

function tokenize(rule: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < rule.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(rule);
    if (match === null) throw new RuleError(rule, `cannot be read from ${JSON.stringify(rule.slice(from))} on`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** A term: its JavaScript, and the field that it reads, if it is one. */
interface Term {
  readonly code: string;
  readonly field?: { readonly path: string; readonly schema: Schema };
}

const RELATIONS: Readonly<Record<string, string>> = {
  '==': '===',
  '!=': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** A recursive descent over the tokens of one rule. */
class Parser {
  private readonly rule: string;
  private readonly schema: Schema;
  private readonly tokens: readonly string[];
  private next = 0;
  /** Paths that the rule asks for with has(). */
  private readonly guarded = new Set<string>();
  /** Optional paths that the rule reads. */
  private readonly read = new Set<string>();

  constructor(rule: string, schema: Schema) {
    this.rule = rule;
    this.schema = schema;
    this.tokens = tokenize(rule);
  }

  parse(): string {
    const { code } = this.choice();
    if (this.next < this.tokens.length) throw this.fault(`unexpected ${this.peek()}`);
    for (const path of this.read) {
      if (!this.guarded.has(path)) throw this.fault(`${path} is optional and read without has()`);
    }
    return code;
  }

  private choice(): Term {
    const test = this.chain('||', () => this.chain('&&', () => this.relation()));
    if (!this.take('?')) return test;
    const yes = this.choice();
    this.expect(':');
    return { code: `(${test.code} ? ${yes.code} : ${this.choice().code})` };
  }

  private chain(operator: string, inner: () => Term): Term {
    let left = inner();
    while (this.take(operator)) left = { code: `(${left.code} ${operator} ${inner().code})` };
    return left;
  }

  private relation(): Term {
    const left = this.unary();
    if (this.take('in')) return { code: `${this.unary().code}.includes(${left.code})` };
    const relation = RELATIONS[this.peek()];
    if (relation === undefined) return left;
    this.next += 1;
    return { code: `(${left.code} ${relation} ${this.unary().code})` };
  }

  private unary(): Term {
    return this.take('!') ? { code: `!${this.unary().code}` } : this.member();
  }

  private member(): Term {
    let term = this.primary();
    while (this.take('.')) term = this.field(term, this.word());
    return term;
  }

  private field({ code, field }: Term, name: string): Term {
    if (field === undefined) throw this.fault(`.${name} is read of something that is no object`);
    const path = child(field.path, name);
    const schema = name === 'metadata' && field.path === 'self' ? METADATA : field.schema.properties?.[name];
    if (schema === undefined) throw this.fault(`${path} is no field of the schema`);
    if (schema !== METADATA && field.schema.required?.includes(name) !== true) this.read.add(path);
    return { code: `${code}.${name}`, field: { path, schema } };
  }

  private primary(): Term {
    const token = this.word();
    if (/^['0-9]/.test(token)) return { code: token };
    if (token === 'true' || token === 'false') return { code: token };
    if (token === 'self') return { code: 'self', field: { path: 'self', schema: this.schema } };
    if (token === '[') return { code: `[${this.list(']')}]` };
    if (token === 'has') return this.has();
    if (token === 'size') return this.size();
    if (token !== '(') throw this.fault(`${token} is not in the part of CEL that the generator translates`);
    const inner = this.choice();
    this.expect(')');
    return inner;
  }

  private has(): Term {
    this.expect('(');
    const { code, field } = this.member();
    this.expect(')');
    if (field === undefined) throw this.fault('has() needs a field');
    this.guarded.add(field.path);
    return { code: `(${code} !== undefined)` };
  }

  /** Spreading counts the items of a list, and the code points of a string as CEL does. */
  private size(): Term {
    this.expect('(');
    const { code, field } = this.member();
    this.expect(')');
    if (field?.schema.type !== 'array' && field?.schema.type !== 'string')
      throw this.fault('size() needs a list or a string');
    return { code: `[...${code}].length` };
  }

  private list(end: string): string {
    const items: string[] = [];
    while (!this.take(end)) {
      if (items.length > 0) this.expect(',');
      items.push(this.choice().code);
    }
    return items.join(', ');
  }

  private peek(): string {
    return this.tokens[this.next] ?? 'the end';
  }

  private word(): string {
    const token = this.tokens[this.next];
    if (token === undefined) throw this.fault('something is missing at the end');
    this.next += 1;
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw this.fault(`expected ${token}, found ${this.peek()}`);
  }

  private fault(fault: string): RuleError {
    return new RuleError(this.rule, fault);
  }
}

/** Of metadata a rule may read the name only, at the root of an object. */
const METADATA: Schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
