// SPDX-License-Identifier: Apache-2.0
// Type-aware lint: a forgotten await in an operator is a lost write, so no-floating-promises is an error here.
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** One way to write what the language allows in several; the files of src/gen are printed and follow their printer. */
const dialect = [
  { selector: 'PrivateIdentifier', message: 'Private members are `private readonly name`, not `#name`.' },
  {
    selector: ':matches(ImportSpecifier[importKind="type"], ExportSpecifier[exportKind="type"])',
    message: 'Types have an `import type` (or `export type`) line of their own.',
  },
];

const literal =
  '[init.type=/^(Literal|TemplateLiteral|ArrayExpression|ObjectExpression|UnaryExpression|BinaryExpression|TSAsExpression|TSSatisfiesExpression)$/]';
const filled = '[init.type="NewExpression"][init.callee.name=/^(Set|Map)$/][init.arguments.length>0]';
const constantsOf = (parent) =>
  `${parent} > VariableDeclaration[kind="const"] > VariableDeclarator[id.name=/[a-z]/]:matches(${literal}, ${filled}):not([init.elements.length=0])`;

/** What is computed at the start, and what is filled later, is no constant. */
const constants = ['Program', 'Program > ExportNamedDeclaration'].map((parent) => ({
  selector: constantsOf(parent),
  message: 'A constant of a module is written in SCREAMING_CASE.',
}));

export default defineConfig(
  {
    ignores: ['src/gen/', 'dist/', 'build/', 'coverage/', 'native/', 'node_modules/', 'tools/docs/assets/'],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      'no-restricted-syntax': ['error', ...dialect],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**', 'tools/**', 'bench/**'],
    rules: { 'no-restricted-syntax': ['error', ...dialect, ...constants] },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
);
