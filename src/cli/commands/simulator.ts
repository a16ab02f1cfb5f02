// `gatewright simulator`: the embedded workspace on a port, until interrupted.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Simulator } from '../../simulator';
import type { Command } from '../commands';
import { EXIT } from '../exit-codes';
import { failure } from '../failure';
import { projectDirectory } from '../project';

type State = Parameters<Simulator['seed']>[0];

/** The simulator takes any token; this one says what it is. */
const TOKEN = 'simulator-token';

function seedFrom(simulator: Simulator, directory: string, file: string): void {
  // Loaded here: a simulator without a seed has no use for a YAML reader.
  const { parse } = require('yaml') as typeof import('yaml');
  const text = readFileSync(resolve(directory, file), 'utf8');
  try {
    simulator.seed(parse(text, { maxAliasCount: 0 }) as State);
  } catch (error) {
    throw failure('bad-seed', `${file}: ${(error as Error).message.split('\n', 1)[0]}`);
  }
}

export const command: Command = {
  flags: ['port', 'state', 'seed'],
  about:
    'Serves a workspace that behaves as the Databricks REST API documents, on 127.0.0.1 and without an ' +
    'account. Runs until interrupted. What it promises and simplifies stands in src/simulator/README.md.',
  examples: ['gatewright simulator --port 8089 --state .gatewright/simulator/dev.json'],
  async run(args, context) {
    const directory = projectDirectory(args, context);
    const [port, state, seed] = [args.number('port'), args.text('state'), args.text('seed')];
    if (port !== undefined && port > 65_535) throw failure('usage', `${port} is not a port`);
    const simulator = await Simulator.start({
      ...(port === undefined ? {} : { port }),
      ...(state === undefined ? {} : { stateFile: resolve(directory, state) }),
    });
    try {
      if (seed !== undefined) seedFrom(simulator, directory, seed);
      context.stdout.write(
        `Simulated workspace on ${simulator.url}\n\n` +
          `  export DATABRICKS_HOST=${simulator.url}\n  export DATABRICKS_TOKEN=${TOKEN}\n\n` +
          'Interrupt (Ctrl-C) to end it.\n',
      );
      await new Promise<void>((done) => {
        const stop = context.signals.onInterrupt(() => {
          stop();
          done();
        });
      });
    } finally {
      await simulator.close();
    }
    return EXIT.ok;
  },
};
