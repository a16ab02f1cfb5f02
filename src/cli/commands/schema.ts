// `gatewright schema`: the published schemas, as they lie in the package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
import { failure } from '../failure';
import { nearest } from '../nearest';

const SUFFIX = '.schema.json';

export const command: Command = {
  operands: ['[name]'],
  flags: [],
  about: 'Without a name, lists the schemas that this version publishes.',
  examples: ['gatewright schema gatewright > gatewright.schema.json'],
  async run(args, { home, stdout }) {
    const directory = join(home, 'schemas');
    const names = readdirSync(directory)
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort();
    const [name] = args.operands;
    if (name === undefined) {
      stdout.write(names.map((known) => `${known}\n`).join(''));
      return EXIT.ok;
    }
    if (!names.includes(name)) {
      const meant = nearest(name, names);
      throw failure('usage', `there is no schema "${name}"`, {
        help: meant === undefined ? `one of ${names.join(', ')}` : `did you mean "${meant}"?`,
      });
    }
    stdout.write(readFileSync(join(directory, `${name}${SUFFIX}`), 'utf8'));
    return EXIT.ok;
  },
};
