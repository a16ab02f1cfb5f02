// The catalogue of policies, read from its TypeScript: schemas and docs follow from the rules, not from a second list.
const fs = require('node:fs');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.join(__dirname, '../..');

function catalogue() {
  const before = require.extensions['.ts'];
  require.extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(fs.readFileSync(filename, 'utf8'), {
      filename,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    module._compile(code, filename);
  };
  try {
    const { RULES } = require(path.join(root, 'src/policy/rules/index.ts'));
    const { PACKS } = require(path.join(root, 'src/policy/packs.ts'));
    const { PARAMS } = require(path.join(root, 'src/policy/params.ts'));
    return { rules: RULES, packs: PACKS, params: PARAMS };
  } finally {
    if (before === undefined) delete require.extensions['.ts'];
    else require.extensions['.ts'] = before;
  }
}

module.exports = { catalogue };
