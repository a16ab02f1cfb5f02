// Three projects: unit and property tests beside src/, stories through the built command, and the long runs.
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
const deep = ['<rootDir>/test/deep/**/*.test.ts'];
module.exports = {
  maxWorkers: 2,
  projects: [
    {
      ...base,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [...base.testPathIgnorePatterns, '/test/deep/'],
    },
    ...(process.env.GATEWRIGHT_DEEP ? [{ ...base, displayName: 'deep', testMatch: deep }] : []),
  ],
};
