const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    parser: { syntax: 'typescript', tsx: false, decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

/** Three kinds of test: pure ones, those on real services, and those that drive a browser. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.tsx$': ['@swc/jest', { ...swc, jsc: { ...swc.jsc, parser: { ...swc.jsc.parser, tsx: true } } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
};

export default {
  testTimeout: 60_000,
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'pure',
      testMatch: ['<rootDir>/{apps,geodata,tariffs}/**/*.spec.ts', '<rootDir>/test/tidy.spec.ts'],
      testPathIgnorePatterns: ['\\.db\\.spec\\.ts$'],
    },
    {
      ...base,
      displayName: 'services',
      testMatch: ['<rootDir>/{apps,geodata}/**/*.db.spec.ts', '<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: ['tidy\\.spec\\.ts$', '/test/web/', '/test/bench/'],
    },
    { ...base, displayName: 'browser', testMatch: ['<rootDir>/test/web/**/*.spec.ts'] },
  ],
};
