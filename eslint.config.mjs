import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

/** What no formatter and no compiler sees. Rules of the tree (imports, sizes, SQL, clock) stand in test/tidy.spec.ts. */

const named = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));
const node = named([
  ...['process', 'console', 'Buffer', 'URL', 'fetch', 'performance', 'AbortController', 'AbortSignal'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
]);

/** A constructor may take more: the container calls it, and no reader has to know the order. */
const tooMany = 'params.length>4';
const fewParameters = [
  `FunctionDeclaration[${tooMany}]`,
  `ArrowFunctionExpression[${tooMany}]`,
  `:not(MethodDefinition[kind="constructor"]) > FunctionExpression[${tooMany}]`,
].map((selector) => ({ selector, message: 'More than four parameters: name them in an object.' }));

export default defineConfig(
  globalIgnores(['dist/', '.data/', 'coverage/', 'apps/web/dist/']),
  {
    rules: {
      'max-depth': ['error', 3],
      'max-params': ['warn', 8],
      'no-restricted-syntax': ['warn', ...fewParameters],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-cond-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: 'none' }],
      'no-dupe-keys': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-self-assign': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: node },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'apps/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // The rules that need types, which is what costs: only those that find what the compiler lets pass.
      '@typescript-eslint/no-floating-promises': 'error',
      // A handler of an event may be async: nobody awaits it, and the query client shows what it throws.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A class that is only named in a constructor is still needed when the program runs: Nest injects by it.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  // These speak to the person at the terminal.
  {
    files: ['apps/launch/**', 'apps/api/src/cli/**', 'apps/api/src/cli.ts', 'test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['test/**', '**/*.spec.ts'], rules: { 'max-depth': 'off' } },
);
